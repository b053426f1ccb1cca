"""Words of verdicts and of sentences: identical, one replicate, singular and plural, scenarios as subjects."""

from dataclasses import replace
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from qipan.experiments.command_line import main
from qipan.experiments.findings.arms import styles
from qipan.experiments.findings.attribution import TOTAL, total_sentence
from qipan.experiments.findings.finding import effects, named, regions_words, size
from qipan.experiments.findings.terminal import overview_table
from qipan.experiments.report.answer import answer
from qipan.experiments.results.read import load_result
from qipan.experiments.statistics.estimates import estimated
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NO_VALUE, NOT_DISTINGUISHABLE, verdict
from qipan.experiments.words.labels import verdict_label
from tests.experiments.figures.figures_sample import comparison as make
from tests.experiments.figures.figures_sample import several


@pytest.mark.parametrize(
    ("low", "high", "sure", "said"),
    [
        (0.0, 0.0, True, IDENTICAL),
        (0.0, 0.0, False, IDENTICAL),
        (-np.inf, np.inf, True, NO_INTERVAL),
        (-1.0, 1.0, True, NOT_DISTINGUISHABLE),
        (1.0, 2.0, False, NOT_DISTINGUISHABLE),
        (1.0, 2.0, True, "better"),
        (-2.0, -1.0, True, "worse"),
        (3.0, 3.0, True, "better"),
        (0.0, 1.0, True, NOT_DISTINGUISHABLE),
        (np.nan, np.nan, True, NO_VALUE),
    ],
)
def test_a_verdict_tells_equal_unjudged_and_unclear_apart(low, high, sure, said):
    assert verdict(low, high, "higher is better", sure) == said


def test_equal_columns_are_identical_and_one_replicate_has_no_interval():
    values = np.stack([np.zeros(6), np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]), np.full(6, 2.0)], axis=1)
    ways = ["higher is better"] * 3
    assert estimated(values, ways)["verdict"].tolist() == [IDENTICAL, NOT_DISTINGUISHABLE, "better"]
    assert estimated(values[:1], ways)["verdict"].tolist() == [NO_INTERVAL] * 3


@pytest.mark.parametrize(
    ("gain", "lose", "rest", "said"),
    [
        (0, 0, [NOT_DISTINGUISHABLE] * 31, ("gain", "lose", "31 are not distinguishable")),
        (1, 2, [NOT_DISTINGUISHABLE], ("gains", "lose", "1 is not distinguishable")),
        (2, 1, [IDENTICAL] * 3, ("gain", "loses", "3 are identical")),
        (
            1,
            1,
            [IDENTICAL, NOT_DISTINGUISHABLE, NOT_DISTINGUISHABLE],
            ("gains", "loses", "2 are not distinguishable and 1 is identical"),
        ),
        (0, 0, [NO_INTERVAL] * 9, ("gain", "lose", "9 have one replicate and no interval")),
        (4, 5, [], ("gain", "lose", "0 are not distinguishable")),
    ],
)
def test_regions_have_the_verbs_of_their_number(gain, lose, rest, said):
    words = regions_words(gain, lose, rest, "en")
    assert (words["gains"], words["loses"], words["rest"]) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Without venture capital", "the scenario without venture capital"),
        ("No coordinator", "no coordinator"),
        ("Key-area plans", "key-area plans"),
        ("All regions revise every year", 'the scenario "All regions revise every year"'),
        ("GDP targets", "GDP targets"),
    ],
)
def test_a_title_can_be_the_subject_of_a_sentence(title, said):
    assert named(SimpleNamespace(title=title, title_zh="", name="x"), "en") == said


def test_measures_of_which_the_same_is_said_stand_in_one_clause() -> None:
    """Two unclear, one absent: one clause each; labels in a list have no comma."""
    sample = make()
    table = sample.table("differences").copy()
    names = ["output_discounted", "welfare_with_terminal", "idle_share"]
    mine = table["arm"].eq(sample.asked.name)
    table.loc[mine & table["measure"].isin(names[:2]), "verdict"] = NOT_DISTINGUISHABLE
    table.loc[mine & table["measure"].eq("idle_share"), "verdict"] = NO_VALUE
    found = replace(sample, tables={**sample.tables, "differences": table})
    said = effects(found, found.asked, names, "en")
    assert said == (
        "full national design shows no distinguishable change in output over the run and welfare with a terminal "
        "value and has no figure for idle capacity (2035)"
    )


@pytest.mark.parametrize(
    ("counts", "does"),
    [
        ((1, 0, []), "gains output"),
        ((0, 1, []), "loses output"),
        ((0, 0, [IDENTICAL]), "is identical"),
        ((0, 0, [NO_INTERVAL]), "has one replicate and no interval"),
    ],
)
def test_one_region_is_said_in_the_singular(counts: tuple[int, int, list[str]], does: str) -> None:
    assert regions_words(*counts, "en") == {"does": does}


def test_equal_arms_and_one_replicate_have_no_chance_of_being_better() -> None:
    sample = make()
    alike = "output over the run and duplication of investment (2035) identical"
    for verdict_of, said in ((IDENTICAL, alike), (NO_INTERVAL, "in its one replicate")):
        table = sample.table("differences").assign(verdict=verdict_of)
        found = replace(sample, tables={**sample.tables, "differences": table})
        text = " ".join(answer(found, "en"))
        assert said in text and "paired futures" not in text


def test_an_interval_without_zero_never_seems_to_reach_it() -> None:
    """0.04 with a half-width of 0.2 would be 0.0 at one place."""
    row = pd.Series({"mean": -0.285, "low": -0.53, "high": -0.04, "baseline_mean": 100.0})
    change, interval = size(row, "output_discounted", "en")
    assert change in ("0.28%", "0.29%") and interval == "0.04% to 0.53%"


def test_thirteen_arms_have_thirteen_looks() -> None:
    """Colour, marker and dash together tell any two policies apart, though there are fewer colours than policies."""
    sample = several(12)
    looks = styles(sample)
    policies = [looks[arm.name] for arm in sample.arms if arm.role in ("baseline", "policy")]
    assert len({(look.colour, look.marker, look.dash) for look in policies}) == len(policies) == 13


def test_what_all_levers_do_together_is_said_by_its_verdict() -> None:
    """An interval over zero is no change, equal arms are identical; one beside zero never seems to reach it."""
    outcomes = [
        (-3.0, -8.0, 2.0, NOT_DISTINGUISHABLE),
        (0.0, 0.0, 0.0, IDENTICAL),
        (-1.3, -2.5, -0.04, "worse"),
    ]
    columns = ["measure", "lever", "mean", "low", "high", "verdict"]
    tables = [pd.DataFrame([("total:welfare", TOTAL, *numbers)], columns=columns) for numbers in outcomes]
    unclear, same, worse = (total_sentence(table, "en") for table in tables)
    assert "no distinguishable change in welfare" in unclear and "identical to the last digit" in same
    assert worse.startswith("All levers together change welfare") and "to −0.0)" not in worse and "−0.04)" in worse


def test_a_verdict_is_called_the_same_on_the_terminal_and_on_pages(capsys, tmp_path):
    rest = ("--replicates", "4", "--workers", "1", "--set", "run.last_year=2024", "--assumptions", "0", "--lang", "zh")
    assert main(["compare", "baseline", "burn", *rest, "--out", str(tmp_path / "r")]) == 0
    told = capsys.readouterr().out
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    spoken = {one: verdict_label(one, "zh") for one in load_result(tmp_path / "r").table("differences")["verdict"]}
    assert spoken["identical"] == "完全相同"
    assert spoken["worse"] == "更差"
    assert verdict_label("better", "zh") == "更优"
    for words in (told, page):
        assert "更好" not in words
        assert "无法区分" not in words
        assert "更差" in words


def test_a_long_title_without_spaces_is_folded_on_the_terminal_not_cut() -> None:
    sample = several(3)
    others = [arm.name for arm in sample.arms if arm.name != sample.baseline]
    console = Console(width=90, file=StringIO())
    console.print(overview_table(sample, others, "zh"))
    first_column = "".join(line[1:].split("│")[0].strip() for line in console.file.getvalue().splitlines())
    titles = [(arm.title_zh or arm.title or arm.name) for arm in sample.arms if arm.name in others]
    assert any(len(title) > 8 for title in titles)
    for title in titles:
        assert title.replace(" ", "") in first_column.replace(" ", "")
