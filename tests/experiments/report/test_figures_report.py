"""The report: one file, no network, images inside, headings in order, text escaped, numbers those of the tables."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qipan.experiments.findings.horizons import horizon_sentences
from qipan.experiments.findings.ranks import rank_sentences
from qipan.experiments.findings.settings import not_modelled
from qipan.experiments.report import write_report
from qipan.experiments.report.answer import answer, likelihood
from qipan.experiments.report.assumptions import assumptions_grid, provenance
from qipan.experiments.report.grids import comparison_grid, regions_grid, small_probability
from qipan.experiments.report.ranks import horizons_grid, importance_grid, ranking_grid
from qipan.experiments.summaries.comparison import Comparison
from qipan.experiments.words.labels import LANGUAGES
from qipan.experiments.words.warned import warning
from qipan.model.parameters import Policy, Run, WorldChoice, parameters
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world
from tests.experiments.figures.figures_sample import ARMS, Truth, comparison
from tests.experiments.report.ranks_sample import page, ranked_comparison
from tests.once import Once


@pytest.fixture(scope="module")
def sample() -> Comparison:
    return ranked_comparison()


@pytest.fixture(scope="module")
def pages(once: Once) -> dict[str, str]:
    """The report in each language."""
    return {language: page(once, language).read_text(encoding="utf-8") for language in LANGUAGES}


class Reader(HTMLParser):
    """Collect what the checks need: headings, images, addresses, identifiers, references to them, unclosed tags."""

    VOID = ("meta", "img", "source", "br", "link", "input")

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.levels: list[int] = []
        self.images: list[dict[str, str]] = []
        self.addresses: list[str] = []
        self.identifiers: list[str] = []
        self.references: list[str] = []
        self.open: list[str] = []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        given = {name: value or "" for name, value in attrs}
        self.language = given.get("lang", self.language)
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "img":
            self.images.append(given)
        self.addresses += [given[name] for name in ("src", "srcset", "href", "action") if name in given]
        self.identifiers += [given["id"]] if "id" in given else []
        self.references += given.get("aria-labelledby", "").split()
        self.references += [given["href"][1:]] if given.get("href", "").startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in order."""
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(pages: dict[str, str], language: str) -> None:
    page = Reader(pages[language])
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    assert "default-src 'none'" in pages[language]
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest", pages[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_can_be_read_aloud(pages: dict[str, str], language: str) -> None:
    page = Reader(pages[language])
    assert page.open == []
    assert page.levels[0] == 1 and page.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    assert len(page.images) == 9
    assert all(len(image["alt"]) > 40 for image in page.images)
    assert len(set(page.identifiers)) == len(page.identifiers)
    assert set(page.references) <= set(page.identifiers)
    assert page.language == {"en": "en", "zh": "zh-CN"}[language]


def test_text_from_scenarios_is_escaped(pages: dict[str, str]) -> None:
    """The sample's question is: Does a national design help <regions>?"""
    assert "help &lt;regions&gt;?" in pages["en"]
    assert "<regions>" not in pages["en"]


def test_a_chinese_page_has_title_and_question_of_a_shipped_scenario_in_chinese(
    sample: Comparison, tmp_path: Path
) -> None:
    shipped = load_scenario("national-design")
    arms = tuple(
        dataclasses.replace(arm, scenario=shipped, title=shipped.title, title_zh=shipped.title_zh)
        if arm.name == shipped.name
        else arm
        for arm in sample.arms
    )
    text = write_report(dataclasses.replace(sample, arms=arms), tmp_path, "zh", drawn={}).read_text(encoding="utf-8")
    assert shipped.question_zh in text and shipped.title_zh in text
    assert shipped.question not in text and shipped.title not in text


def test_hostile_names_do_no_harm(sample: Comparison, tmp_path: Path) -> None:
    arms = tuple(dataclasses.replace(arm, title="<script>alert(1)</script>") for arm in sample.arms)
    text = write_report(
        dataclasses.replace(sample, arms=arms, warnings=(warning("warning_own", text="<b>lost</b> pairing"),)),
        tmp_path,
        drawn={},
    ).read_text(encoding="utf-8")
    assert "<script>alert" not in text and "<b>lost" not in text
    assert "&lt;b&gt;lost&lt;/b&gt; pairing" in text


def test_same_comparison_same_page(sample: Comparison, tmp_path: Path) -> None:
    one, two = (write_report(sample, tmp_path / name, drawn={}).read_bytes() for name in "ab")
    assert one == two


def test_the_answer_has_few_sentences_with_the_numbers_of_the_tables(sample: Comparison) -> None:
    sentences = answer(sample, "en")
    row = sample.difference("national-design", "output_discounted")
    assert len(sentences) == 4
    assert all((sentence.endswith(".") and sentence[0].isupper()) or sentence[0].isdigit() for sentence in sentences)
    assert f"{100 * row['mean'] / row['baseline_mean']:.1f}%" in sentences[1]
    assert "virtually certain" in sentences[1]
    regions = sample.table("regions")
    mine = regions[(regions["arm"] == "national-design") & (regions["p_adjusted"] <= 0.05)]
    assert f"{int((mine['gain'] > 0).sum())} of 31 regions gain output" in sentences[2]
    assert "hangs on ecosystem rate and value level; it moves most with ecosystem rate and value level." in sentences[3]
    assert len(answer(sample, "zh")) == 4
    assert len(answer(comparison(), "en")) == 3


def test_the_answer_tells_welfare_in_its_own_unit_and_where_its_sign_hangs_on_the_year(sample: Comparison) -> None:
    row = sample.difference("national-design", "welfare")
    said = answer(sample, "en")[1]
    assert (
        f"raises welfare by {row['mean']:.0f} bn yuan" in said or f"raises welfare by {row['mean']:.1f} bn yuan" in said
    )
    assert "The sign of what full national design does to welfare hangs on the year counted to" in said
    assert "hangs on the year" not in answer(comparison(), "en")[1]


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "virtually certain"),
        (0.95, "very likely"),
        (0.7, "likely"),
        (0.5, "about as likely as not"),
        (0.2, "unlikely"),
        (0.05, "very unlikely"),
    ],
)
def test_words_of_likelihood(probability: float, word: str) -> None:
    """The IPCC's scale (2010): 99, 90, 66, 33 and 10 per cent."""
    assert likelihood(probability, "en") == word


def test_the_table_prints_the_rows_of_differences(sample: Comparison) -> None:
    grid = comparison_grid(sample, "en")
    rows = [[cell.text for cell in row] for row in grid.rows]
    row = sample.difference("burn", "output_discounted")
    mine = next(r for r in rows if r[0].startswith("Output over the run") and r[2] == "Levy spent on nothing")
    assert mine[5] == f"\N{MINUS SIGN}{abs(100 * row['mean'] / row['baseline_mean']):.1f}%"
    assert mine[8] == "worse"
    handed_back = next(r for r in rows if r[0].startswith("Output over the run") and r[2] == "Levy handed back")
    assert handed_back[8] == "not distinguishable"
    assert all(len(row) == len(grid.heads) for row in grid.rows)


def test_regions_are_all_listed(sample: Comparison) -> None:
    grid = regions_grid(sample, sample.arm("national-design"), "zh")
    assert grid is not None
    assert len(grid.rows) == 31
    assert grid.rows[0][0].text == "北京"
    assert all(len(row) == len(grid.heads) for row in grid.rows)
    assert [head for head, _ in grid.heads[-4:]] == ["社会福利（亿元）", "95%区间", "结论", "净转移支付（亿元）"]
    assert [row[-1].text for row in grid.rows[:2]] == ["+15.0", "+14.0"]


def test_the_answer_counts_who_gains_and_loses_welfare(sample: Comparison) -> None:
    """The verdicts of the sample on welfare are those on output."""
    mine = sample.table("regions").query("arm == 'national-design'")["verdict"].tolist()
    told = answer(sample, "en")[2]
    assert f". In welfare {mine.count('better')} gain and {mine.count('worse')} lose" in told


def test_a_p_value_is_never_printed_as_zero() -> None:
    assert [small_probability(p) for p in (0.0, 0.00009, 0.0123, 0.5)] == ["<0.0001", "<0.0001", "0.012", "0.50"]


def test_assumptions_list_every_parameter_changed_ones_first(sample: Comparison) -> None:
    grid = assumptions_grid(sample, "en")
    every = [
        p.path
        for prefix, part in (("world.", WorldChoice), ("policy.", Policy), ("run.", Run))
        for p in parameters(part, prefix)
    ]
    listed = [row[0].text for row in grid.rows]
    assert sorted(listed) == sorted(every)
    changed = [row[0].text for row in grid.rows if row[2].strong]
    assert listed[: len(changed)] == changed
    assert "policy.coordination.arm" in changed and "run.replicates" in changed
    arm = next(row for row in grid.rows if row[0].text == "policy.coordination.arm")
    assert arm[2].text.startswith("none") and "Full national design: design" in arm[2].text


def test_provenance_leaves_out_times() -> None:
    pairs = dict(provenance({"seed": 3, "versions": {"qipan": "1"}, "times": {"started": "now"}}))
    assert pairs == {"seed": "3", "versions.qipan": "1"}


def test_a_comparison_of_two_arms_with_empty_tables_still_makes_a_page(tmp_path: Path) -> None:
    lever = Truth("x", "One lever", "单项", {"arm": "design", "key_areas": True}, 0.01, 0.0)
    sample = comparison(arms=(ARMS[0], lever))
    tables = {
        name: table if name in ("summary", "differences") else table.iloc[:0] for name, table in sample.tables.items()
    }
    text = write_report(dataclasses.replace(sample, tables=tables), tmp_path).read_text(encoding="utf-8")
    assert "One lever" in text and "This result has no such table." in text
    assert Reader(text).open == []


def test_ranks_are_said_in_words_and_in_the_table(sample: Comparison) -> None:
    """The sample ties information only with nobody, and nobody with the lump sum; all other pairs are told apart."""
    first, _, rate = rank_sentences(sample, "en")
    assert first.startswith("Welfare, best mean first: design with true values, full national design, ")
    assert "Cannot be told apart: information only from no coordinator; no coordinator from levy handed back;" in first
    assert "5%" in rate and "the 7 arms ranked together: design with true values; full national design;" in rate
    grid = ranking_grid(sample, "en")
    assert grid is not None
    row = next(row for row in grid.rows if row[1].text == "No coordinator")
    assert [row[4].text, row[6].text] == ["3–5", "Levy spent on nothing; Random coordinator (placebo)"]


def test_a_tie_of_all_is_an_answer(sample: Comparison) -> None:
    table = sample.table("ranking").assign(better_than="", worse_than="", best=1, worst=7)
    other = dataclasses.replace(sample, tables={**sample.tables, "ranking": table})
    assert rank_sentences(other, "en")[0].endswith("No two of them can be told apart.")


def test_a_sign_that_turns_with_the_year_counted_to_is_said_and_stands_in_the_table(sample: Comparison) -> None:
    """The design is told to be worse to 2035 and better to 2060; no other arm turns."""
    assert horizon_sentences(sample, "en") == [
        "The sign of what full national design does to welfare hangs on the year counted to: lower counted to 2035 "
        "(\N{MINUS SIGN}60), not told from zero counted to 2050 (+20) and higher counted to 2060 (+117) (bn yuan, "
        "against the baseline)."
    ]
    grid = horizons_grid(sample, "en")
    assert grid is not None
    row = next(row for row in grid.rows if row[0].text == "Full national design")
    assert [cell.strong for cell in row[1::2]] == [True, False, True]
    assert row[1].text == "\N{MINUS SIGN}60 (\N{MINUS SIGN}100 to \N{MINUS SIGN}20)"
    table = sample.table("horizons")
    never = table.assign(verdict=table["verdict"].replace("better", "not distinguishable"))
    some = dataclasses.replace(sample, tables={**sample.tables, "horizons": never})
    assert horizon_sentences(some, "en") == [
        "What full national design does to welfare is told from zero only at some of the years counted to: lower "
        "counted to 2035 (\N{MINUS SIGN}60) and not told from zero counted to 2050 (+20) and 2060 (+117) (bn yuan, "
        "against the baseline)."
    ]
    still = dataclasses.replace(sample, tables={**sample.tables, "horizons": table[table["arm"] == "burn"]})
    assert horizon_sentences(still, "zh")[0].startswith("社会福利分别计至2035、2050、2060年：没有情景")
    one = dataclasses.replace(sample, tables={**sample.tables, "horizons": table[table["year"] == 2060]})
    assert horizon_sentences(one, "en") == [] and horizons_grid(one, "en") is None


def test_assumptions_are_listed_by_their_swing_with_the_numbers_of_the_table(sample: Comparison) -> None:
    grid = importance_grid(sample, "en")
    assert grid is not None
    assert [row[1].text for row in grid.rows] == ["ecosystem rate", "value level", "margin"]
    assert grid.rows[1][2].text == "turns at the high end" and grid.rows[1][2].strong
    table = sample.table("importance")
    row = table[(table["parameter"] == "world.market.value_level") & (table["end"] == "high")].iloc[0]
    assert grid.rows[1][7].order == pytest.approx(row["shift"])
    assert grid.rows[1][11].order == pytest.approx(row["difference"])


def test_a_result_without_ranked_assumptions_says_how_to_get_them(tmp_path: Path) -> None:
    text = write_report(comparison(), tmp_path, drawn={}).read_text(encoding="utf-8")
    assert "--assumptions 64" in text
    assert 'id="table-importance"' not in text


def test_no_table_tells_a_citys_fit_and_the_page_says_so() -> None:
    """Spreads of .5 and .25 together: sqrt(.3125) = .56. Provinces have counts in plan-6, and in no other sectors."""
    for name, expected in (("cities-293", "no table tells it"), ("classes-13", "the frontier rule"), ("baseline", "")):
        scenario = load_scenario(name)
        arm = SimpleNamespace(scenario=scenario)
        of: Any = SimpleNamespace(world=load_world(scenario.world), arms=[arm])
        said = [text for text in not_modelled(of, "en") if "coarse_fit_spread" in text]
        assert len(said) == len(not_modelled(of, "zh")) - len(scenario.not_modelled) == bool(expected)
        assert all(expected in text and "0.56 log points instead of 0.5" in text for text in said)
