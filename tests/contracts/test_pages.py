"""The pages made from the code are not stale: the protocol and the table of nouns; assumptions stand where they say."""

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from pages import nouns, odd, validation
from qipan.model.measures import MEASURES
from qipan.model.scenario import list_scenarios

ROOT = Path(__file__).resolve().parents[2]
ASSUMPTIONS = odd.assumption_rows()


def test_the_protocol_is_not_stale():
    text = (ROOT / odd.PAGE).read_text(encoding="utf-8")
    assert text == odd.page(text), "write it again: python -m pages.odd"


def test_every_table_of_the_protocol_is_on_its_page():
    text = (ROOT / odd.PAGE).read_text(encoding="utf-8")
    assert {match["name"] for match in odd.BLOCK.finditer(text)} == set(odd.tables())


def test_assumptions_are_numbered_without_gaps():
    assert [row["number"] for row in ASSUMPTIONS] == [f"A{n}" for n in range(1, len(ASSUMPTIONS) + 1)]


@pytest.mark.parametrize("row", ASSUMPTIONS, ids=lambda row: row["number"])
def test_an_assumption_stands_where_it_says_and_is_cited_there(row):
    module, _, name = row["where"].rpartition(".")
    thing = getattr(import_module(module), name)
    assert row["grade"] in ("measured", "literature", "assumed", "choice")
    assert re.search(rf"\b{row['number']}\b", thing.__doc__), f"{row['where']} does not cite {row['number']}"


def test_every_cited_assumption_exists():
    known = {row["number"] for row in ASSUMPTIONS}
    for path in (ROOT / "model").rglob("*.py"):
        cited = set(re.findall(r"\(assumptions? (A\d+(?:, A\d+)*)\)", path.read_text(encoding="utf-8")))
        assert {number for group in cited for number in group.split(", ")} <= known, path


def test_every_noun_has_a_scenario_and_a_measure():
    names = set(list_scenarios())
    for row in nouns.nouns():
        assert {row.scenario, row.baseline} <= names
        assert row.measure in MEASURES
        assert row.scenario != row.baseline and row.noun and row.noun_zh


def test_the_page_of_nouns_lists_the_table():
    text = (ROOT / nouns.PAGE).read_text(encoding="utf-8")
    listed = [line.split(" | ")[:4] for line in text.splitlines() if line.startswith("| ") and "`" in line]
    rows = nouns.nouns()
    assert len(listed) == len(rows)
    for cells, row in zip(listed, rows, strict=True):
        assert [cells[0].strip("| "), cells[1], cells[2]] == [row.noun, f"`{row.scenario}`", f"`{row.baseline}`"]
        assert cells[3].startswith(MEASURES[row.measure].label)


def test_nouns_are_run_and_told(tmp_path):
    """Three replicates of one pair: the numbers go into the page with their words."""
    row = nouns.nouns()[0]
    ours, theirs = (nouns.sample(name, (row.measure,), 3)[row.measure] for name in (row.scenario, row.baseline))
    interval = nouns.mean_interval(ours - theirs)
    text = nouns.page([(row, float(theirs.mean()), interval)], 3)
    assert nouns.in_words(interval) in text and f"{interval.estimate:+.3g}" in text
    assert nouns.in_words(nouns.mean_interval(ours * 0.0 + [1.0, 1.1, 0.9])) == "higher"
    assert nouns.in_words(nouns.mean_interval(ours * 0.0 + [-1.0, 1.0, 0.0])) == nouns.NO_EFFECT


def test_documents_counted_by_hand():
    """Of their own: Shanxi and Henan in 2021, Shanghai 2022, Jiangxi, Zhejiang, Beijing and Jiangsu 2023; seven in 2024
    (Guangdong, Hubei, Anhui, Chongqing, Liaoning, Shandong, Tianjin); Sichuan 2025.
    """
    assert [validation.found_by("document", year) for year in (2021, 2022, 2023, 2024, 2025)] == [2, 3, 7, 14, 15]
    assert len(validation.first_of("mention")) == 21


def test_pairs_ranked_right_by_hand():
    """Scores 3 and 1 did, 2 and 1 did not: of the four pairs two are right, one is wrong, one is tied. With ties up to
    1, only 3 against 1 is apart.
    """
    score, did = np.array([3.0, 1.0, 2.0, 1.0]), np.array([True, True, False, False])
    assert validation.ranked_right(score, did) == 0.625
    assert validation.ranked_right(score, did, tie=1.0) == 0.625
    assert validation.ranked_right(score, did, tie=2.0) == 0.5


def test_verdicts_by_hand():
    values = np.arange(101.0)  # 5% to 95% is 5 to 95
    said = [validation.verdict(observed, values) for observed in (4.0, 5.0, 95.0, 96.0)]
    assert said == ["model too high", "in the range", "in the range", "model too low"]


def test_every_fact_stands_on_the_page_of_validation_with_its_counterpart():
    text = (ROOT / validation.PAGE).read_text(encoding="utf-8")
    found, world = validation.simulated(3)
    for fact in validation.facts():
        assert f"| {fact.meaning} | {fact.year} | {fact.value:g}" in text, f"python -m pages.validation: {fact.fact}"
        known = fact.counterpart in found or "." in fact.counterpart or not fact.counterpart
        assert known, f"{fact.fact}: {fact.counterpart} is no quantity of the page"
    assert "no counterpart" in validation.page(found, world)
