"""The break-even of coordination in a market with a fixed cost. Reached by `qipan plot theory/market-break-even`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qipan.experiments.designs.break_even import ErrorPoint
from qipan.experiments.designs.market_break_even import COMMON_ERRORS, MARKET, REPLICATES, difference_expected, points
from qipan.experiments.figures.break_even import COLOURS, draw_point, write
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.sheet import MUTED, Sheet, plain_axes
from qipan.experiments.words.labels import Topic
from qipan.model.theory.entry import entry_break_even

LARGEST = 1.6
words = Topic("market_break_even")
DASHES = {COMMON_ERRORS[0]: (4, 2), COMMON_ERRORS[1]: (None, None)}


def draw(found: Sequence[ErrorPoint], sheet: Sheet) -> Plate:
    """Draw both curves, points and break-evens on one pair of axes."""
    drawing = sheet.figure(3.9 if sheet.narrow else 4.3)
    axes = drawing.subplots()
    axes.axhline(0.0, color=MUTED, linewidth=0.8)
    for common in COMMON_ERRORS:
        _curve(axes, common, words("label", sheet.language, common=common))
        axes.plot(entry_break_even(MARKET, common), 0.0, "^", color=COLOURS["flat"], markersize=6, clip_on=False)
    for point in found:
        draw_point(axes, point)
    axes.set(
        xlim=(-0.05, LARGEST + (0.55 if sheet.narrow else 0.4)),
        xlabel=words("x", sheet.language),
        ylabel=words("y", sheet.language),
    )
    plain_axes(axes)
    title = finding(found, sheet.language)
    return Plate(sheet.finish(drawing, title, words("note", sheet.language)), title, _alternative(found))


def _curve(axes: Any, common: float, label: str) -> None:
    errors = np.linspace(0.0, LARGEST, 200)
    heights = [difference_expected(common, error) for error in errors]
    axes.plot(errors, heights, color=COLOURS["flat"], dashes=DASHES[common], linewidth=1.4)
    axes.annotate(label, (LARGEST, heights[-1]), xytext=(4, 0), textcoords="offset points", va="center")


def finding(found: Sequence[ErrorPoint], language: str) -> str:
    """What was found, from the numbers."""
    first, second = (entry_break_even(MARKET, common) for common in COMMON_ERRORS)
    near = sum(point.low <= point.expected <= point.high for point in found)
    return words("title", language, first=first, second=second, common=COMMON_ERRORS[1], near=near, count=len(found))


def _alternative(found: Sequence[ErrorPoint]) -> str:
    rows = (
        f"shared error {point.common_error:g}, planner's error {point.planner_error:.2f}: "
        f"{point.difference:+.1f} (closed form {point.expected:+.1f})"
        for point in found
    )
    return "Planner less regions against the planner's own error. " + "; ".join(rows) + "."


def plot(folder: Path, language: str = "en", replicates: int = REPLICATES) -> str:
    """Simulate the points, write market-break-even.csv, .png, .svg and a narrow .svg, and say what was found."""
    footer = words("footer", language, replicates=replicates)
    return write(folder, "market-break-even", points(replicates), draw, language, footer)


if __name__ == "__main__":
    print(plot(Path("docs") / "figures"))
