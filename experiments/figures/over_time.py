"""Duplication and waste over time: one panel per measure, all arms, each index beside its value under chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.output import arms_to_show, middle
from qipan.experiments.figures.panels import grid, key, name_years, year_axis
from qipan.experiments.figures.sheet import DARK, MUTED, Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import ArmStyle, styles
from qipan.experiments.findings.finding import effects, joined_notes, named, sentence, shown
from qipan.experiments.findings.reading import OVER_TIME, note_of, path, present, principal
from qipan.experiments.words.labels import enumerated, measure, say, shown_measure

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison


@figure("over_time", 20)
def draw(comparison: Comparison, sheet: Sheet, measures: Sequence[str] = OVER_TIME) -> Plate | None:
    """Draw medians by year, the middle half of two arms, and at the right 90% of replicates of every arm."""
    measures = [name for name in present(comparison, measures) if name not in comparison.summed_up]
    if not measures:
        return None
    columns = min(len(measures), sheet.columns(2, 1))
    drawing, panels = grid(sheet, len(measures), columns, 2.0, share=False, arms=principal(comparison))
    for axes, name in zip(panels, measures, strict=True):
        lines(axes, comparison, name, sheet)
        label = shown_measure(name, sheet.language)[1]
        title = sheet.wrap(label, sheet.size.type, True, sheet.size.width / columns - 0.6)
        axes.set_title(title, fontweight="bold")
    name_years(panels, columns, sheet.language)
    key(drawing, comparison, sheet, principal(comparison))
    language, year = sheet.language, comparison.years[-1]
    title = finding(comparison, measures, language)
    words = say(
        "time_alt", language, measures=enumerated([shown(name, language) for name in measures], language), year=year
    )
    baseline, arm = (named(arm, language) for arm in arms_to_show(comparison))
    note = say("time_note", language, year=year, baseline=baseline, arm=arm)
    note = joined_notes([note, note_of(comparison, language)], language)
    return Plate(sheet.finish(drawing, title, note), title, words)


def finding(comparison: Comparison, measures: list[str], language: str) -> str:
    """Say what the arm in question does to the first index and to the first measure of waste."""
    waste = [name for name in measures if name in ("excess_entry", "idle_share")]
    wanted = dict.fromkeys([measures[0], *waste[:1]])
    return sentence([effects(comparison, comparison.asked, list(wanted), language)], language)


def lines(axes: Any, comparison: Comparison, name: str, sheet: Sheet) -> None:
    """Draw one measure: lines of every arm, bands of two, whiskers at the end."""
    looks, years = styles(comparison), comparison.years
    banded = {arm.name for arm in arms_to_show(comparison)}
    step = max(1, years[-1] - years[0]) * 0.03  # of the axis, for each arm's whisker beside it
    arms = principal(comparison)
    for index, arm in enumerate(arms):
        rows = path(comparison, arm.name, name)
        if not rows.empty:
            one_arm(axes, rows, looks[arm.name], arm.name in banded, years[-1] + step * (index + 1))
    chance(axes, comparison, name, sheet)
    plain_axes(axes)
    year_axis(axes, years)
    axes.set_xlim(right=years[-1] + step * (len(arms) + 1))
    axes.axvline(years[-1], color=MUTED, linewidth=0.4)
    thousands(axes.yaxis, shown_measure(name, sheet.language)[0])


def one_arm(axes: Any, rows: pd.DataFrame, look: ArmStyle, band: bool, end: float) -> None:
    """Draw one arm's median, its middle half where wanted, and 90% of its last year at `end`."""
    years, last = rows["year"].to_numpy(dtype=float), rows.iloc[-1]
    if band:
        axes.fill_between(years, rows["q25"], rows["q75"], color=look.colour, alpha=0.2, linewidth=0)
    middle(axes, rows, look)
    axes.plot([end, end], [last["q05"], last["q95"]], color=look.colour, linewidth=1.0)
    axes.plot([end], [last["median"]], marker=look.marker, color=look.colour, markersize=4, linestyle="none")


def chance(axes: Any, comparison: Comparison, name: str, sheet: Sheet) -> None:
    """Draw the baseline's median of the measure's null as a thin dotted line with its name."""
    declared = measure(name)
    null = "" if declared is None else declared.null
    if not present(comparison, [null]):
        return
    rows = path(comparison, comparison.baseline, null)
    years = rows["year"].to_numpy(dtype=float)
    axes.plot(
        years, rows["median"], color=DARK, linewidth=0.9, linestyle=(0, (1, 2)), marker="_" if len(rows) == 1 else ""
    )
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.1 * (high - low), high)
    at = 2 * len(rows) // 3 if len(rows) > 4 else 0
    side = "right" if len(rows) == 1 else "left"
    axes.annotate(
        say("by_chance", sheet.language),
        (years[at], float(rows["median"].iloc[at])),
        xytext=(3, -3),
        textcoords="offset points",
        va="top",
        ha=side,
        fontsize=sheet.size.type - 1,
        color=DARK,
    )
