"""The break-even figure of a market with a fixed cost: closed form at the points, finding from the numbers, files."""

import pytest

from qipan.experiments.designs.break_even import ErrorPoint
from qipan.experiments.designs.market_break_even import COMMON_ERRORS, difference_expected, planner_errors
from qipan.experiments.figures import market_break_even
from qipan.experiments.figures.sheet import SIZES, Sheet
from tests.blank import blank_figures

POINTS = [
    ErrorPoint("flat", common, error, 1.0 + expected, expected - 2.0, expected + 3.0, expected)
    for common in COMMON_ERRORS
    for error in planner_errors(common)
    for expected in [difference_expected(common, error)]
]


def test_the_closed_form_at_known_places():
    """(sqrt 200 - sqrt 80)^2 = 27.017787 without any error; zero on each line."""
    assert difference_expected(0.0, 0.0) == pytest.approx(27.017787, abs=5e-7)
    for common in COMMON_ERRORS:
        assert any(abs(difference_expected(common, error)) < 1e-3 for error in planner_errors(common))


@pytest.mark.parametrize(("language", "start"), [("en", "In a market"), ("zh", "在有固定成本")])
def test_the_title_counts_the_points_on_the_curves(language, start):
    title = market_break_even.finding(POINTS, language)
    assert title.startswith(start) and "1.07" in title and "1.33" in title and "10" in title
    off = [*POINTS[1:], ErrorPoint("flat", 0.0, 0.0, 9.0, 8.0, 10.0, 27.0)]
    assert "9 of 10" in market_break_even.finding(off, "en")


def test_simulated_points_are_drawn_and_written(tmp_path, monkeypatch):
    plate = market_break_even.draw(POINTS, Sheet("en", SIZES["column"], "footer"))
    assert len(plate.drawing.axes[0].containers) == plate.alternative.count("closed form") == len(POINTS)
    monkeypatch.setattr(market_break_even, "points", lambda replicates: POINTS)
    with blank_figures(laid_out=True):
        said = market_break_even.plot(tmp_path, "en", 5)
    kinds = (".csv", ".png", ".svg", "-column.svg")
    assert {file.name for file in tmp_path.iterdir()} == {f"market-break-even{kind}" for kind in kinds}
    assert "1.07" in said
