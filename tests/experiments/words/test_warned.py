"""Warnings are keys with values: every one is told in both languages, stored as it is, and read back."""

from __future__ import annotations

import ast
import json
import re
import string
from dataclasses import replace
from pathlib import Path

import pytest

from qipan.experiments.report import write_report
from qipan.experiments.results.own_data import own_warnings
from qipan.experiments.words.phrases import TEXT
from qipan.experiments.words.statements import stated
from qipan.experiments.words.warned import from_stored, stored, warned, warning
from qipan.model.errors import Problem
from qipan.model.notices.notice import Notice, both, model_phrases, notice
from qipan.model.scenario import load_scenario
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world, shipped_folder
from tests.experiments.figures.figures_sample import comparison

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = shipped_folder().parent / "scenarios"
KEYS = [*model_phrases(), *(key for key in TEXT if key.startswith("warning_"))]
NAMES = {
    "GDP",
    "CN",
    "HA",
    "csv",
    "md",
    "json",
    "keep",
    "replicates",
    "t",
    "measures",
    "totals",
    "arm",
    "none",
    "null",
    "failures",
}
"""What a Chinese sentence may hold of Latin letters: names of files, keys, options and codes."""


def blanks(key: str, place: int) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(TEXT[key][place]) if name]


def sample(key: str) -> Notice:
    """A warning with numbers in its blanks."""
    return warning(key, **{name: f"{number}7" for number, name in enumerate({*blanks(key, 0), *blanks(key, 1)})})


def latin(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]+", text)) - NAMES


@pytest.mark.parametrize("key", KEYS)
def test_every_warning_is_told_in_both_languages(key: str) -> None:
    """The Chinese sentence holds no English word and no value that the English one does not have."""
    told = sample(key)
    english, chinese = warned(told, "en"), warned(told, "zh")
    assert english == str(told) and (set(blanks(key, 1)) <= set(blanks(key, 0)) - {"s"} or key == "both")
    assert not latin(chinese), chinese
    assert key in ("both", "placed") or re.search(r"[\u4e00-\u9fff]", chinese)


def test_no_page_in_chinese_holds_an_english_warning(tmp_path: Path) -> None:
    """A page with every warning there is, each with values: every Chinese sentence stands in it, no English one."""
    found = [sample(key) for key in KEYS if key not in ("both", "placed")]
    page = write_report(replace(comparison(), warnings=tuple(found)), tmp_path, "zh", drawn={}).read_text("utf-8")
    plain = page.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert not [each.text for each in found if each.text in plain]
    assert not [each for each in found if warned(each, "zh") not in plain]


@pytest.mark.parametrize("key", KEYS)
def test_a_stored_warning_is_readable_and_read_back(key: str) -> None:
    told = warning("warning_own", text=(sample(key), "own words"))
    entry = json.loads(json.dumps(stored(told)))
    assert entry["text"] == f"Own data: {sample(key)}; own words" and entry["values"]["text"][0]["key"] == key
    assert from_stored(entry) == told


@pytest.mark.parametrize(
    "entry",
    [
        "text",
        {},
        {"key": "no_such", "values": {}},
        {"key": "warning_own", "values": {}},
        {"key": "warning_own", "values": {"text": None}},
        {"key": "warning_own", "values": {"text": {"key": ["a"], "values": {}}}},
        {"key": "warning_own", "values": ["text"]},
    ],
)
def test_what_is_no_warning_is_refused(entry: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_stored(entry)  # type: ignore[arg-type]


def test_a_warning_says_its_parts_in_the_same_language() -> None:
    far = notice("own_far", few=(both("Henan", "河南"), "x"))
    told = Problem("regions.csv:12", "gdp", far, "national.csv").notice()
    assert str(told) == "regions.csv:12: gdp: far from the shipped value: Henan; x; national.csv"
    assert warned(told, "zh") == "regions.csv:12: gdp：与发布值相差很大：河南；x；national.csv"


def test_every_warning_is_used_and_none_is_missing() -> None:
    """Keys that the code names are those of the table."""
    named = {
        node.value
        for folder in ("model", "experiments")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    pairs = {f"warning_{reason}_each" for reason in ("precision", "failed")}
    assert set(KEYS) - named - pairs == set()


def test_everything_that_ships_states_in_chinese_what_a_page_prints() -> None:
    """What scenarios leave out, and the meaning and source of every parameter: none stays English."""
    told = {text for path in sorted(SCENARIOS.glob("*.yaml")) for text in load_scenario(path).not_modelled}
    rows = parameter_table().values()
    told |= {row.source for row in rows if not row.source.startswith(("data/", "docs/"))}
    told |= {row.meaning for row in rows if not row.zh}
    assert len(told) > 50 and not [text for text in sorted(told) if stated(text, "zh") == text]


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
