"""Chinese pages count money in 亿元: ten times the number that the English page has in bn yuan; never 十亿元."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

import pandas as pd
import pytest
from rich.console import Console

from qipan.experiments.evidence.figures import draw_flip, draw_screening
from qipan.experiments.evidence.grids import flip_grids, screening_grid
from qipan.experiments.evidence.words import sentences
from qipan.experiments.examine.diff_words import _numbers
from qipan.experiments.examine.region import view
from qipan.experiments.examine.region_words import grids as region_grids
from qipan.experiments.figures import differences, money, output
from qipan.experiments.figures.sheet import SIZES, Sheet
from qipan.experiments.findings.terminal import difference_table, overview_table
from qipan.experiments.report.grids import Grid, comparison_grid, money_grid, regions_grid
from qipan.experiments.report.ranks import horizons_grid, ranking_grid
from qipan.experiments.results.study import Study
from qipan.experiments.studies.attribute import _shares_printed
from qipan.experiments.studies.targets import _value
from qipan.experiments.summaries.comparison import Comparison
from qipan.experiments.words.phrases import TEXT, UNITS_ZH
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world
from tests.experiments.examine.test_region import made
from tests.experiments.report.ranks_sample import page, ranked_comparison
from tests.once import Once

NUMBER = re.compile(r"[−+]?\d[\d,]*\.?\d*")


@pytest.fixture(scope="module")
def sample() -> Comparison:
    return ranked_comparison()


def numbers(text: str) -> list[tuple[float, float]]:
    """Every number of a text with half a unit of its last place."""
    found = [each.replace(",", "").replace("−", "-") for each in NUMBER.findall(text)]
    return [(float(each), 0.5 * 10.0 ** -len(each.partition(".")[2])) for each in found]


def assert_tenfold(english: str, chinese: str) -> int:
    """Each number is ten times the other within the rounding shown; returns how many there were."""
    pairs = list(zip(numbers(english), numbers(chinese), strict=True))
    for (one, half), (other, other_half) in pairs:
        assert abs(10 * one - other) <= 10 * half + other_half + 1e-9, (english, chinese)
    return len(pairs)


def test_nothing_says_ten_hundred_millions(once: Once) -> None:
    assert not [key for key, (_, chinese) in TEXT.items() if "十亿" in chinese]
    assert not [unit for unit in UNITS_ZH.values() if "十亿" in unit]
    text = page(once, "zh").read_text(encoding="utf-8")
    assert "亿元" in text and "十亿" not in text


def money_cells(one: Grid, other: Grid) -> Iterable[tuple[str, str]]:
    """Cells of columns whose Chinese head has the unit, and of the intervals right of them."""
    beside = False
    for place, ((english, _), (chinese, _)) in enumerate(zip(one.heads, other.heads, strict=True)):
        beside = "亿元" in chinese or (beside and chinese == "95%区间")
        assert ("亿元" in chinese) == ("bn yuan" in english)
        if beside:
            yield from ((a[place].text, b[place].text) for a, b in zip(one.rows, other.rows, strict=True))


@pytest.mark.parametrize("table", ["regions", "region"])
def test_columns_of_money_are_ten_times_the_english_ones(sample: Comparison, once: Once, table: str) -> None:
    def grids(language: str) -> list[Grid]:
        if table == "region":
            every = region_grids(view("Shanghai", once("region", made) / "r", 150.0, 2026), language)
            *rest, own = every
            assert {"en": "150 bn yuan", "zh": "1,500亿元"}[language] in own.heads[1][0]
            return rest
        grid = regions_grid(sample, sample.asked, language)
        return [grid] if grid is not None else []

    pairs = [cell for one, other in zip(grids("en"), grids("zh"), strict=True) for cell in money_cells(one, other)]
    assert sum(assert_tenfold(*cell) for cell in pairs) >= 5


@pytest.mark.parametrize("table", [comparison_grid, ranking_grid])
def test_rows_of_money_are_ten_times_the_english_ones(sample: Comparison, table: object) -> None:
    one, other = (table(sample, language) for language in ("en", "zh"))  # type: ignore[operator]
    place = 3 if table is comparison_grid else 2
    rows = [(a, b) for a, b in zip(one.rows, other.rows, strict=True) if "bn yuan" in a[0].text]
    assert rows and all("亿元" in b[0].text for _, b in rows)
    assert sum(assert_tenfold(a[at].text, b[at].text) for a, b in rows for at in (place, place + 1)) >= 5


@pytest.mark.parametrize("table", [money_grid, horizons_grid])
def test_tables_with_the_unit_in_their_caption(sample: Comparison, table: object) -> None:
    one, other = (table(sample, language) for language in ("en", "zh"))  # type: ignore[operator]
    assert "bn yuan" in one.caption and "亿元" in other.caption
    places = range(2, 7) if table is money_grid else range(1, len(one.heads), 2)
    assert (
        sum(assert_tenfold(a[at].text, b[at].text) for a, b in zip(one.rows, other.rows, strict=True) for at in places)
        >= 5
    )


def test_the_terminal_counts_as_the_page_does(sample: Comparison) -> None:
    arm = sample.asked.name
    tables = [difference_table(sample, arm, language) for language in ("en", "zh")]
    one, other = (list(zip(*(each.cells for each in made.columns), strict=True)) for made in tables)
    found = 0
    for english, chinese in zip(one, other, strict=True):
        if "bn yuan" in str(english[0]):
            assert "亿元" in str(chinese[0])
            found += sum(assert_tenfold(str(english[at]), str(chinese[at])) for at in (2, 3, 4))
    assert found >= 3
    screen = Console(file=io.StringIO(), width=200)
    screen.print(overview_table(sample, [arm], "zh"))
    assert "亿元" in screen.file.getvalue() and "十亿" not in screen.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("figure", [output, differences, money])
def test_axes_of_money_are_ten_times_the_english_ones(sample: Comparison, figure: object) -> None:
    sheets = [Sheet(language, SIZES["page"], "") for language in ("en", "zh")]
    english, chinese = (figure.draw(sample, sheet).drawing.axes for sheet in sheets)  # type: ignore[attr-defined]
    found = 0
    for one, other in zip(english, chinese, strict=True):
        if figure is output:
            axes = [(one.yaxis, other.yaxis)]
        else:
            axes = [(one.xaxis, other.xaxis)] if "bn yuan" in one.get_title() + one.get_xlabel() else []
        for its, theirs in axes:
            found += assert_tenfold(*(axis.get_major_formatter()(123.0, 0) for axis in (its, theirs)))
    assert found


def test_the_terminal_of_an_attribution_counts_as_its_heads_say() -> None:
    row = {"lever": "ecosystem", "mean": -24.891, "low": -117.9, "high": 68.1, "verdict": "worse"}
    shares = pd.DataFrame([row | {"measure": name} for name in ("total:welfare", "told:investment_duplication")])
    one, other = (list(_shares_printed(shares, language).columns) for language in ("en", "zh"))
    assert "bn yuan" in str(one[1].header) and "亿元" in str(other[1].header)
    amounts, plain = ([str(next(iter(column[place].cells))) for column in (one, other)] for place in (1, 2))
    assert assert_tenfold(*amounts) == 3
    assert plain[0] == plain[1]


def test_two_results_side_by_side_count_as_their_labels_say() -> None:
    row = {"arm": "cut", "kind": "effect", "measure": "welfare", "year": "total", "a": -51.7, "b": 12.4, "change": 64.1}
    one, other = (list(_numbers(pd.DataFrame([row]), language).columns) for language in ("en", "zh"))
    labels = [str(next(iter(columns[2].cells))) for columns in (one, other)]
    assert "bn yuan" in labels[0] and "亿元" in labels[1] and "10亿元" not in labels[1]
    for place in (4, 5, 6):
        assert assert_tenfold(*(str(next(iter(columns[place].cells))) for columns in (one, other))) == 1


def screened(assumptions: int) -> Study:
    row = {
        "parameter": "world.behaviour.entry_cost",
        "strength": 84.61,
        "mean": -31.4,
        "absolute": 40.2,
        "spread": 9.87,
    }
    facts = {"measure": "welfare", "seed": 1, "year": 2060, "bases": 2, "replicates_used": 8, "title": "Policy"}
    return Study("screening", "s", {"screening": pd.DataFrame([row] * assumptions)}, facts)


def followed() -> Study:
    tables = {
        "exact": [{"distance": 0.0, "mean": 80.12, "low": -80.4, "high": 240.6}],
        "reversal": [{"predicted": float("nan"), "distance": float("nan")}],
        "alone": [
            {"parameter": "world.behaviour.entry_cost", "used": 10.0, "value": float("nan"), "distance": float("nan")}
        ],
        "quality": [{"points": 20, "n": 8, "q2": 0.9, "left_out": 1.0, "coverage": 0.9, "fresh": 40, "shift": 0.8}],
    }
    facts = screened(1).facts | {"replicates": 8}
    return Study("flip", "f", {name: pd.DataFrame(rows) for name, rows in tables.items()}, facts)


@pytest.mark.parametrize("study", [screened(2), followed()], ids=["screening", "flip"])
def test_evidence_is_ten_times_the_english_one(study: Study) -> None:
    grids = [
        screening_grid(study, each) if study.kind == "screening" else flip_grids(study, each)[-1]
        for each in ("en", "zh")
    ]
    first = 1 if study.kind == "flip" else 0
    assert "亿元" in grids[1].caption and "10亿元" not in grids[1].caption
    cells = [[cell.text for row in grid.rows for cell in row[first:]] for grid in grids]
    assert sum(assert_tenfold(*pair) for pair in zip(*cells, strict=True)) >= 3
    draw = draw_screening if study.kind == "screening" else draw_flip
    axes = [draw(study, Sheet(each, SIZES["page"], "")).drawing.axes[0] for each in ("en", "zh")]
    named = [one.xaxis if study.kind == "screening" else one.yaxis for one in axes]
    assert "（亿元）" in named[1].get_label_text()
    assert assert_tenfold(*(axis.get_major_formatter()(123.0, 0) for axis in named)) == 1
    english, chinese = (" ".join(sentences(study, each)) for each in ("en", "zh"))
    told = {"screening": ("84.6 bn yuan", "846亿元"), "flip": ("+80.1 bn yuan", "+801亿元")}[study.kind]
    assert told[0] in english and told[1] in chinese


def test_one_assumption_alone_has_none_after_it() -> None:
    assert sentences(screened(1), "en")[0].endswith("range to the other.")
    assert sentences(screened(1), "zh")[0].endswith("改变846亿元。")


@pytest.mark.parametrize(
    ("target", "printed"),
    [("shanghai-output-2030", "5,000亿元"), ("hubei-scale-2026", "1,000亿元"), ("henan-value-added-share-2025", "15%")],
)
def test_targets_are_counted_as_the_documents_count(target: str, printed: str) -> None:
    (row,) = (each for each in load_world(WorldChoice()).targets if each.identifier == target)
    assert _value(row, "zh") == printed
