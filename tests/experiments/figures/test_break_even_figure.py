"""The break-even figure: closed form at the points, findings from the numbers, files in both languages' words."""

import pytest

from qipan.experiments.designs.break_even import COMMON_ERRORS, GAME, ErrorPoint, difference_expected, planner_errors
from qipan.experiments.figures import break_even
from qipan.experiments.figures.sheet import SIZES, Sheet
from tests.blank import blank_figures

POINTS = [
    ErrorPoint(prior, common, error, 1.0 + expected, expected - 2.0, expected + 3.0, expected)
    for prior in ("flat", "bayes")
    for common in COMMON_ERRORS
    for error in planner_errors(common)
    for expected in [difference_expected(prior, common, error)]
]


def test_the_closed_form_at_known_places():
    """17.5 without any error; zero on the line; 2135.583333 - 2144.333333 at errors of 10 and 2."""
    assert difference_expected("flat", 0.0, 0.0) == pytest.approx(17.5)
    assert difference_expected("flat", 2.0, 10.0) == pytest.approx(-8.75)
    for common in COMMON_ERRORS:
        assert any(abs(difference_expected("flat", common, error)) < 1e-9 for error in planner_errors(common))
    assert GAME.variance == pytest.approx(56.0)


@pytest.mark.parametrize(("language", "start"), [("en", "A planner"), ("zh", "规划者")])
def test_the_title_counts_the_points_on_the_curves(language, start):
    title = break_even.finding(POINTS, language)
    assert title.startswith(start) and "7.48" in title and "8.49" in title and "24" in title
    off = [*POINTS[1:], ErrorPoint("flat", 0.0, 0.0, 9.0, 8.0, 10.0, 17.5)]
    assert "23" in break_even.finding(off, language)


@pytest.mark.parametrize("size", ["page", "column"])
def test_the_figure_has_all_points_and_curves(size):
    plate = break_even.draw(POINTS, Sheet("en", SIZES[size], "footer"))
    axes = plate.drawing.axes[0]
    assert len(axes.containers) == len(POINTS)
    assert len(axes.texts) == 4
    assert plate.alternative.count("closed form") == len(POINTS)


def test_simulated_points_are_written(tmp_path, monkeypatch):
    monkeypatch.setattr(break_even, "points", lambda replicates: POINTS)
    with blank_figures(laid_out=True):
        said = break_even.plot(tmp_path, "en", 5)
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"break-even.csv", "break-even.png", "break-even.svg", "break-even-column.svg"}
    assert "7.48" in said
    assert (tmp_path / "break-even.csv").read_text(encoding="utf-8").count("\n") == len(POINTS) + 1
