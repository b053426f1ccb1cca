"""The pages made from the code are not stale: the protocol and the table of nouns; assumptions stand where they say."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from pages import nouns, odd
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
