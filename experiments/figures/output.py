"""National output over time: one fan per arm, panels with shared axes, the baseline's median in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.panels import grid, name_values, name_years, panel_title, year_axis
from qipan.experiments.figures.sheet import Sheet, plain_axes, thousands
from qipan.experiments.findings.arms import ArmStyle, arm_title, styles
from qipan.experiments.findings.finding import effects, joined_notes, named, sentence, unclear_arms, wins
from qipan.experiments.findings.reading import OUTPUT, note_of, present, principal
from qipan.experiments.words.labels import enumerated, say, shown_unit
from qipan.experiments.words.numbers import number

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison


@figure("output", 10)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw the nation's output as a quantile fan per arm."""
    fans = comparison.tables.get("fans")
    if fans is None or (nation := fans[fans["region"] == "nation"]).empty:
        return None
    language, arms, looks = sheet.language, principal(comparison), styles(comparison)
    columns = min(len(arms), sheet.columns({4: 2, 7: 4, 8: 4}.get(len(arms), 3), 2))
    height = 1.75 if len(arms) > columns else 2.5
    drawing, panels = grid(sheet, len(arms), columns, height)
    factor, _ = shown_unit("bn yuan/year", language)
    for axes, arm in zip(panels, arms, strict=True):
        fan(axes, rows_of(nation, arm.name), looks[arm.name])
        middle(axes, rows_of(nation, comparison.baseline), looks[comparison.baseline])
        other = _placebo(comparison, arm)
        if other is not None:
            middle(axes, rows_of(nation, other.name), looks[other.name])
        panel_title(axes, arm_title(arm, language), looks[arm.name], sheet, columns)
        plain_axes(axes)
        year_axis(axes, comparison.years)
        thousands(axes.yaxis, factor)
    panels[0].set_ylim(bottom=0)
    name_years(panels, columns, language)
    name_values(panels, say("output_axis", language), sheet, columns, height)
    note = say("fan_note", language, baseline=named(comparison.arm(comparison.baseline), language))
    if any(_placebo(comparison, arm) for arm in arms):
        note = joined_notes([note, say("fan_note_placebo", language)], language)
    note, title = joined_notes([note, note_of(comparison, language)], language), finding(comparison, language)
    return Plate(sheet.finish(drawing, title, note), title, _alternative(comparison, nation, language))


def _placebo(comparison: Comparison, arm: ArmResult) -> ArmResult | None:
    """The placebo whose median stands in a policy's panel: where it has no panel of its own."""
    return comparison.of(arm.name).get("placebo") if len(comparison.policies) > 1 else None


def finding(comparison: Comparison, language: str) -> str:
    """Say what the arm in question does to output, in how many futures, and which arms do nothing visible."""
    name = next(iter(present(comparison, OUTPUT, "differences")), OUTPUT[0])
    arm = comparison.asked
    parts = [effects(comparison, arm, [name], language), wins(comparison, arm, name, language)]
    return sentence([*parts, unclear_arms(comparison, name, language, but=arm.name)], language)


def rows_of(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Return an arm's rows in order of year."""
    return table[table["arm"] == arm].sort_values("year")


def fan(axes: Any, rows: pd.DataFrame, look: ArmStyle) -> None:
    """Draw 90% and 50% bands and the median of one arm; upright bars where there is one year only."""
    years = rows["year"].to_numpy(dtype=float)
    if len(years) == 1:
        axes.vlines(years, rows["q05"], rows["q95"], color=look.colour, linewidth=1.2)
        axes.vlines(years, rows["q25"], rows["q75"], color=look.colour, linewidth=4.0, alpha=0.6)
    axes.fill_between(years, rows["q05"], rows["q95"], color=look.colour, alpha=0.18, linewidth=0)
    axes.fill_between(years, rows["q25"], rows["q75"], color=look.colour, alpha=0.38, linewidth=0)
    middle(axes, rows, look)


def middle(axes: Any, rows: pd.DataFrame, look: ArmStyle) -> None:
    """Draw the median of one arm in its line style; a marker where there is one year only."""
    axes.plot(
        rows["year"].to_numpy(dtype=float),
        rows["median"],
        color=look.colour,
        linewidth=look.width,
        dashes=look.dash or (None, None),
        marker=look.marker if len(rows) == 1 else "",
        markersize=5,
    )


def _alternative(comparison: Comparison, nation: pd.DataFrame, language: str) -> str:
    year = comparison.years[-1]
    levels, (factor, _) = [], shown_unit("bn yuan/year", language)
    for arm in principal(comparison):
        row = rows_of(nation, arm.name).iloc[-1]
        levels.append(f"{arm_title(arm, language)} {number(factor * float(row['median']))}")
    return say("output_alt", language, year=year, levels=enumerated(levels, language))


def arms_to_show(comparison: Comparison) -> list[ArmResult]:
    """Return the baseline and the arm in question, for figures with room for two."""
    return [comparison.arm(comparison.baseline), comparison.asked]
