"""Paired differences from the baseline: a forest plot, one panel per headline measure, a zero line in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.figures.drawing import Plate, figure
from experiments.figures.finding import effects, named, opening, sentence
from experiments.figures.panels import grid
from experiments.figures.reading import HEADLINE, OUTPUT, clear, gap, has, others, present
from experiments.figures.sheet import DARK, PAPER, Sheet, plain_axes, thousands
from experiments.labels import ArmStyle, arm_title, measure_label, say, styles

if TYPE_CHECKING:
    from experiments.comparison import Comparison


@figure("differences", 30)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw mean and 95% interval of every arm's paired difference on the headline measures."""
    measures = present(comparison, HEADLINE, "differences") if has(comparison, "differences") else []
    if not measures:
        return None
    columns = min(len(measures), sheet.columns(3, 1))
    height = 0.55 + sum(0.1 + 0.12 * (1 + title.count("\n")) for title in _titles(comparison, sheet))
    drawing, panels = grid(sheet, len(measures), columns, height, share=False)
    for index, (axes, name) in enumerate(zip(panels, measures, strict=True)):
        forest(axes, comparison, name, sheet, index % columns == 0, columns)
    language, baseline = sheet.language, named(comparison.arm(comparison.baseline), sheet.language)
    title = finding(comparison, measures, language)
    note = say("forest_axis", language, baseline=baseline) + "; " + say("forest_note", language)
    words = say("forest_alt", language, baseline=baseline,
                effects=opening(effects(comparison, comparison.asked, measures, language)))  # fmt: skip
    return Plate(sheet.finish(drawing, title, note.replace("; ", "；") if language == "zh" else note), title, words)


def finding(comparison: Comparison, measures: list[str], language: str) -> str:
    """Say what the arm in question does to duplication, and to welfare or output."""
    wanted = [name for name in ("investment_duplication", "welfare_terminal_0", *OUTPUT) if name in measures][:2]
    return sentence([effects(comparison, comparison.asked, wanted or measures[:1], language)], language)


def forest(axes: Any, comparison: Comparison, name: str, sheet: Sheet, labelled: bool, columns: int) -> None:
    """Draw one measure: an arm a line, first arm on top."""
    looks, arms = styles(comparison), others(comparison)
    for index, arm in enumerate(arms):
        row = gap(comparison, arm.name, name)
        if row is not None and math.isfinite(float(row["mean"])):
            intervals(axes, [(row, len(arms) - 1 - index)], looks[arm.name])
        else:
            axes.axhspan(len(arms) - 1.4 - index, len(arms) - 0.6 - index, facecolor="none", hatch="////", linewidth=0)
    axes.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    axes.set_ylim(-0.6, len(arms) - 0.4)
    axes.set_yticks(range(len(arms)), _titles(comparison, sheet)[::-1] if labelled else [""] * len(arms))
    width = (sheet.size.width - 1.8 * sheet.scale) / columns - 0.1
    axes.set_title(sheet.wrap(measure_label(name, sheet.language), sheet.size.type, width=width), fontweight="bold",
                   fontsize=sheet.size.type - 0.5, linespacing=1.4 if sheet.language == "zh" else 1.2)  # fmt: skip
    plain_axes(axes, "x")
    number_axis(axes)


def number_axis(axes: Any) -> None:
    """Few numbers below, far enough apart to be read; zero alone where nothing else is drawn."""
    axes.margins(x=0.08)
    low, high = axes.get_xlim()
    if high - low < 1e-12:  # nothing but noughts and rounding
        axes.set_xlim(-1.0, 1.0)
        axes.set_xticks([0.0])
    else:
        axes.locator_params(axis="x", nbins=4)
    thousands(axes.xaxis)


def _titles(comparison: Comparison, sheet: Sheet) -> list[str]:
    """Names of the arms, wrapped to the margin at the left."""
    return [
        sheet.wrap(arm_title(arm, sheet.language), sheet.size.type - 0.5, width=1.75 * sheet.scale)
        for arm in others(comparison)
    ]


def intervals(axes: Any, rows: Sequence[tuple[Any, float]], look: ArmStyle) -> None:
    """Draw means with their intervals at the given heights; hollow where the interval covers zero.

    All of one look are drawn at once: a line each for the bars and for their ends, broken between one and the next.
    """
    bars = [(value, height) for row, height in rows for value in (row["low"], row["high"], math.nan)]
    ends = [(row[end], height + side) for row, height in rows for end in ("low", "high")
            for side in (-0.14, 0.14, math.nan)]  # fmt: skip
    for points, width in ((bars, 1.6), (ends, 1.2)):
        axes.plot(*zip(*points, strict=True), color=look.colour, linewidth=width, zorder=2)
    for sure in (True, False):
        means = [(row["mean"], height) for row, height in rows if clear(row) == sure]
        if means:
            axes.plot(*zip(*means, strict=True), marker=look.marker, markersize=5.5, color=look.colour, zorder=3,
                      markerfacecolor=look.colour if sure else PAPER, markeredgecolor=look.colour,
                      linestyle="none", gid="filled" if sure else "hollow")  # fmt: skip
