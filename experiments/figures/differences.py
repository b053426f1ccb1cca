"""Paired differences from the baseline: a forest plot, one panel per headline measure, a zero line in each.

Every policy stands above its references; with several policies a line parts them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, FAINT, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import ArmStyle, arm_title, role_title, styles
from qipan.experiments.findings.finding import effects, joined_notes, named, opening, sentence
from qipan.experiments.findings.reading import HEADLINE, OUTPUT, clear, gap, has, others, present, principal, when
from qipan.experiments.summaries.comparison import TOTAL
from qipan.experiments.words.labels import say, shown_measure

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

MOST_WHOLE = 3
"""Policies that are drawn with all their references."""


@figure("differences", 30)
def draw(comparison: Comparison, sheet: Sheet, measures: Sequence[str] = HEADLINE) -> Plate | None:
    """Draw mean and 95% interval of every arm's paired difference on some measures, policy by policy."""
    measures = shown_measures(comparison, measures)
    if not measures:
        return None
    columns = min(len(measures), sheet.columns(3, 1))
    arms = shown_arms(comparison, sheet)
    lines = [1 + title.count("\n") for title in _titles(comparison, arms, sheet)]
    height = 0.55 + max(sum(0.1 + 0.12 * count for count in lines), len(lines) * (0.03 + 0.12 * max(lines)))
    drawing, panels = grid(sheet, len(measures), columns, height, share=False)
    for index, (axes, name) in enumerate(zip(panels, measures, strict=True)):
        forest(axes, comparison, arms, name, sheet, index % columns == 0, columns)
    language, baseline = sheet.language, named(comparison.arm(comparison.baseline), sheet.language)
    title = finding(comparison, measures, language)
    left = (
        ""
        if len(arms) == len(others(comparison))
        else say(
            "forest_left", language, shown=sum(arm.role == "policy" for arm in arms), count=len(comparison.policies)
        )
    )
    note = joined_notes([say("forest_axis", language, baseline=baseline), say("forest_note", language), left], language)
    words = say(
        "forest_alt",
        language,
        baseline=baseline,
        effects=opening(effects(comparison, comparison.asked, measures, language)),
    )
    return Plate(sheet.finish(drawing, title, note), title, words)


def shown_measures(comparison: Comparison, measures: Sequence[str]) -> list[str]:
    """Return those of some measures that the result has differences of."""
    return present(comparison, measures, "differences") if has(comparison, "differences") else []


def shown_arms(comparison: Comparison, sheet: Sheet) -> list[ArmResult]:
    """Return the arms drawn, each policy followed by its references; of many policies each with its placebo alone."""
    shown = principal(comparison)
    whole = len(comparison.policies) <= (1 if sheet.narrow else MOST_WHOLE)
    policies = {arm.name for arm in shown}
    return [
        arm
        for arm in others(comparison)
        if arm.policy in policies or arm.name in policies
        if whole or arm.role in ("policy", "placebo")
    ]


def finding(comparison: Comparison, measures: list[str], language: str) -> str:
    """Say what the arm in question does to duplication, and to welfare or output."""
    wanted = [name for name in ("investment_duplication", "welfare", *OUTPUT) if name in measures][:2]
    return sentence([effects(comparison, comparison.asked, wanted or measures[:1], language)], language)


def forest(
    axes: Any, comparison: Comparison, arms: Sequence[ArmResult], name: str, sheet: Sheet, labelled: bool, columns: int
) -> None:
    """Draw one measure: an arm a line, first arm on top."""
    looks = styles(comparison)
    for index, arm in enumerate(arms):
        row = gap(comparison, arm.name, name)
        if row is not None and math.isfinite(float(row["mean"])):
            intervals(axes, [(row, len(arms) - 1 - index)], looks[arm.name])
        else:
            axes.axhspan(len(arms) - 1.4 - index, len(arms) - 0.6 - index, facecolor="none", hatch="////", linewidth=0)
        if index and arm.role == "policy" and 1 < len(comparison.policies) < len(arms):
            axes.axhline(len(arms) - 0.5 - index, color=FAINT, linewidth=0.7, zorder=0)
    axes.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    axes.set_ylim(-0.6, len(arms) - 0.4)
    axes.set_yticks(range(len(arms)), _titles(comparison, arms, sheet)[::-1] if labelled else [""] * len(arms))
    if labelled and len(comparison.policies) > 1:
        for label, arm in zip(axes.get_yticklabels(), reversed(arms), strict=True):
            label.set_fontweight("bold" if arm.role == "policy" else "normal")
    width = (sheet.size.width - 1.8 * sheet.scale) / columns - 0.1
    axes.set_title(
        sheet.wrap(_heading(comparison, name, sheet.language), sheet.size.type, width=width),
        fontweight="bold",
        fontsize=sheet.size.type - 0.5,
        linespacing=1.4 if sheet.language == "zh" else 1.2,
    )
    plain_axes(axes, "x")
    number_axis(axes, shown_measure(name, sheet.language)[0])


def _heading(comparison: Comparison, name: str, language: str) -> str:
    (_, label), year = shown_measure(name, language), when(comparison, name)
    return label if year == TOTAL else say("measure_at", language, measure=label, year=year)


def number_axis(axes: Any, factor: float = 1.0) -> None:
    """Few numbers below, far enough apart to be read; zero alone where nothing else is drawn."""
    axes.margins(x=0.08)
    low, high = axes.get_xlim()
    if high - low < 1e-12:  # nothing but noughts and rounding
        axes.set_xlim(-1.0, 1.0)
        axes.set_xticks([0.0])
    else:
        axes.locator_params(axis="x", nbins=4)
    thousands(axes.xaxis, factor)


def _titles(comparison: Comparison, arms: Sequence[ArmResult], sheet: Sheet) -> list[str]:
    """Names of the arms, wrapped to the margin at the left; below its policy a reference needs its role alone."""
    several = len(comparison.policies) > 1
    return [
        sheet.wrap(
            role_title(arm, sheet.language) if several else arm_title(arm, sheet.language),
            sheet.size.type - 0.5,
            several and arm.role == "policy",
            width=1.75 * sheet.scale,
        )
        for arm in arms
    ]


def intervals(axes: Any, rows: Sequence[tuple[Any, float]], look: ArmStyle) -> None:
    """Draw means with their intervals at the given heights; hollow where the interval covers zero.

    All of one look are drawn at once: a line each for the bars and for their ends, broken between one and the next.
    """
    bars = [(value, height) for row, height in rows for value in (row["low"], row["high"], math.nan)]
    ends = [
        (row[end], height + side) for row, height in rows for end in ("low", "high") for side in (-0.14, 0.14, math.nan)
    ]
    for points, width in ((bars, 1.6), (ends, 1.2)):
        axes.plot(*zip(*points, strict=True), color=look.colour, linewidth=width, zorder=2)
    for sure in (True, False):
        means = [(row["mean"], height) for row, height in rows if clear(row) == sure]
        if means:
            axes.plot(
                *zip(*means, strict=True),
                marker=look.marker,
                markersize=5.5,
                color=look.colour,
                zorder=3,
                markerfacecolor=look.colour if sure else PAPER,
                markeredgecolor=look.colour,
                linestyle="none",
                gid="filled" if sure else "hollow",
            )
