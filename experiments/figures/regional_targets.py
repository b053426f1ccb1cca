"""Output over time of the regions that stated an output target, with the targets marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.output import fan, middle, rows_of
from qipan.experiments.figures.panels import grid, key, name_values, name_years, panel_title, year_axis
from qipan.experiments.figures.sheet import DARK, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.figures.targets import place
from qipan.experiments.findings.arms import ArmStyle, arm_title, styles
from qipan.experiments.findings.finding import joined_notes, named
from qipan.experiments.findings.reading import has, principal
from qipan.experiments.words.labels import enumerated, listed, region_label, say, shown_unit
from qipan.experiments.words.numbers import number, percent

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison


@figure("regional_targets", 45)
def draw(comparison: Comparison, sheet: Sheet, chosen: Sequence[str] = ()) -> Plate | None:
    """Draw output over time of each region with an output target, or of those chosen: fans of baseline and policy
    asked about, the target.

    Of other policies the medians are drawn.
    """
    fans = comparison.tables.get("fans")
    codes = list(chosen)
    if not codes and fans is not None and has(comparison, "targets"):
        codes = _codes(comparison, fans)
    if fans is None or not codes:
        return None
    language, shown = sheet.language, _shown(comparison)
    columns = min(len(codes), sheet.columns(3, 1))
    height = 1.8 if len(codes) > columns else 2.5
    drawing, panels = grid(sheet, len(codes), columns, height, share=False, arms=shown)
    for axes, code in zip(panels, codes, strict=True):
        one_region(axes, comparison, code, sheet)
        panel_title(axes, region_label(comparison.world, code, language), None, sheet, columns)
    name_years(panels, columns, language)
    name_values(panels, say("output_axis_region", language), sheet, columns, height)
    key(drawing, comparison, sheet, shown)
    title = _regional_finding(comparison, codes, language)
    if chosen:
        names = [region_label(comparison.world, code, language) for code in codes]
        title = say("regions_title", language, regions=listed(names, language), arm=named(comparison.asked, language))
    names = enumerated([arm_title(arm, language) for arm in shown], language)
    note = say("outline_note", language, baseline=named(shown[0], language))
    if len(shown) > 2:
        note = joined_notes([note, say("outline_bands", language, arm=named(comparison.asked, language))], language)
    return Plate(sheet.finish(drawing, title, note), title, say("targets_output_alt", language, arms=names))


def one_region(axes: Any, comparison: Comparison, code: str, sheet: Sheet) -> None:
    """Draw the fans of two arms and the targets of one region."""
    fans, looks = comparison.table("fans"), styles(comparison)
    here, (baseline, *policies) = fans[fans["region"] == code], _shown(comparison)
    for arm in policies:
        draw_arm = fan if arm.name == comparison.asked.name else middle
        draw_arm(axes, rows_of(here, arm.name), looks[arm.name])
    outline(axes, rows_of(here, baseline.name), looks[baseline.name])
    marks(axes, comparison, code, sheet)
    plain_axes(axes)
    year_axis(axes, comparison.years)
    thousands(axes.yaxis, shown_unit("bn yuan/year", sheet.language)[0])
    axes.set_ylim(bottom=0)


def _shown(comparison: Comparison) -> list[ArmResult]:
    """The baseline, and the policies as far as figures show them; the baseline twice where it is alone."""
    asked = comparison.asked
    policies = [arm for arm in principal(comparison) if arm.role == "policy" or arm.name == asked.name]
    return [comparison.arm(comparison.baseline), *policies]


def outline(axes: Any, rows: pd.DataFrame, look: ArmStyle) -> None:
    """Draw the median of an arm, and the edges of its 90% band as thin dotted lines."""
    middle(axes, rows, look)
    for edge in ("q05", "q95"):
        years = rows["year"].to_numpy(dtype=float)
        axes.plot(
            years,
            rows[edge],
            color=look.colour,
            linewidth=0.9,
            linestyle=(0, (2, 2)),
            marker="_" if len(rows) == 1 else "",
        )


def _codes(comparison: Comparison, fans: pd.DataFrame) -> list[str]:
    """Regions that have both a fan and an output target, in the order of the targets."""
    table = comparison.table("targets")
    wanted = dict.fromkeys(table.loc[table["indicator"] == "output", "region"])
    return [code for code in wanted if code in set(fans["region"])]


def _output_targets(comparison: Comparison, code: str) -> pd.DataFrame:
    table = comparison.table("targets")
    table = table[table["arm"] == comparison.asked.name]
    return table[(table["region"] == code) & (table["indicator"] == "output")]


def marks(axes: Any, comparison: Comparison, code: str, sheet: Sheet) -> None:
    """Mark a region's output targets where the model's output would meet them: the value over the scope."""
    for _, row in _output_targets(comparison, code).iterrows():
        factor, _ = shown_unit("bn yuan/year", sheet.language)
        scope, value = float(row["scope"]), number(factor * float(row["value"]), 2)
        axes.plot(
            [row["year"]],
            [row["value"] / scope],
            marker="*",
            markersize=10,
            color=DARK,
            linestyle="none",
            clip_on=False,
            markeredgecolor=PAPER,
            zorder=5,
        )
        axes.annotate(
            say(
                "target_mark" if scope == 1.0 else "target_mark_scope", sheet.language, value=value, scope=f"{scope:g}"
            ),
            (row["year"], row["value"] / scope),
            xytext=(-5, 4),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=sheet.size.type - 1,
            zorder=5,
        )


def _regional_finding(comparison: Comparison, codes: list[str], language: str) -> str:
    arm, parts = comparison.asked, []
    for code in codes:
        for _, row in _output_targets(comparison, code).iterrows():
            parts.append(
                say(
                    "targets_output_part",
                    language,
                    region=place(comparison, row, language),
                    year=row["year"],
                    probability=percent(float(row["probability"]), places=0),
                )
            )
    joined = ("；" if language == "zh" else "; ").join(parts)
    return say("targets_output_title", language, arm=named(arm, language), parts=joined)
