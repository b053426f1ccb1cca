"""Warnings in Chinese: every phrase in full, every sentence on own data, and what no phrase knows as it is."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from qipan.experiments.results.own_data import own_warnings
from qipan.experiments.words.labels import say
from qipan.experiments.words.phrases import TEXT
from qipan.experiments.words.warned import PREFIXES, warned
from qipan.model.scenario import load_scenario
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world, shipped_folder

LATIN = set(string.ascii_letters)
SCENARIOS = shipped_folder().parent / "scenarios"
KEYS = [key for key in TEXT if key.startswith(PREFIXES)]


@pytest.mark.parametrize("key", KEYS)
def test_a_warning_is_found_again_with_what_its_blanks_hold(key: str) -> None:
    blanks = [name for _, name, _, _ in string.Formatter().parse(TEXT[key][0]) if name]
    values = {name: f"{place}7" for place, name in enumerate(blanks)}
    assert warned(say(key, "en", **values), "zh") == say(key, "zh", **values)
    assert warned(say(key, "en", **values), "en") == say(key, "en", **values)


def test_everything_that_ships_states_in_chinese_what_a_page_prints() -> None:
    """What scenarios leave out, and the meaning and source of every parameter: none stays English."""
    stated = {text for path in sorted(SCENARIOS.glob("*.yaml")) for text in load_scenario(path).not_modelled}
    rows = parameter_table().values()
    stated |= {row.source for row in rows if not row.source.startswith(("data/", "docs/"))}
    stated |= {row.meaning for row in rows if not row.zh}
    assert len(stated) > 50 and not [text for text in sorted(stated) if warned(text, "zh") == text]


def test_what_no_phrase_knows_stays_as_it_is() -> None:
    assert warned("a file of the user; another", "zh") == "a file of the user；another"
    assert warned("Own data: lorem ipsum", "zh") == "自有数据：lorem ipsum"


def test_everything_said_of_own_data_is_said_in_chinese(tmp_path: Path) -> None:
    """A table in 100 million yuan, one with an absurd cell, one of fewer regions, a file of a strange name."""
    shipped = (shipped_folder() / "regions.csv").read_text(encoding="utf-8")
    head, *rows = shipped.splitlines()
    place = head.split(",").index("gdp")
    scaled = [
        ",".join(f"{float(cell) * 10:g}" if i == place else cell for i, cell in enumerate(row.split(",")))
        for row in rows
    ]
    (tmp_path / "strange.csv").write_text("a\n1\n")
    said = []
    for lines in (scaled, [*rows[:5], scaled[5], *rows[6:]], rows[:3]):
        (tmp_path / "regions.csv").write_text("\n".join([head, *lines]), encoding="utf-8")
        said += own_warnings(load_world(load_scenario("baseline", set={"world.data": str(tmp_path)}).world))
    told = [warned(text, "zh") for text in dict.fromkeys(said)]
    assert len(told) > 10 and all(text.startswith("自有数据：") for text in told)
    assert any("北京" in text for text in told) and not any("Beijing" in text for text in told)
    english = ("shipped", "times", "regions sum", "left out", "usual", "over GDP", "a head", "more", "may be", "is not")
    assert not [text for text in told if any(word in text for word in english)]
