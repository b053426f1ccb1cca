"""Sweeps over many parameters: points in order of the difference, parameters by rank correlation, regret by arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.designs.sweep_file import WELFARE
from qipan.experiments.figures.differences import number_axis
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.figures.sweeps import plate, titled
from qipan.experiments.findings.sweep import arm_label, driver_sentences, parameter_label, phrase, small_measure
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.words.labels import listed, measure_label, shown_measure

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.results.study import Study

OUTCOME = {"better": "#0072B2", "worse": "#D55E00", **dict.fromkeys(UNTOLD, MUTED)}
BLUE = OUTCOME["better"]
MOST_DRIVERS = 12


def welfare_in(table: pd.DataFrame) -> list[str]:
    """Welfare, where a table has it; else its first three measures."""
    known = [str(name) for name in table["measure"].unique()]
    return [WELFARE] if WELFARE in known else known[:3]


def sorted_points(study: Study, baseline: str, arm: str, sheet: Sheet) -> Plate:
    """What an arm does to welfare at every point with its interval, sorted; one panel a measure."""
    table = study.tables["differences"]
    table = table[table["arm"] == arm]
    measures = welfare_in(table)
    columns = min(len(measures), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(measures), columns, 2.4, share=False)
    for axes, measure in zip(panels, measures, strict=True):
        part = table[table["measure"] == measure].sort_values("mean").reset_index(drop=True)
        for verdict, colour in OUTCOME.items():
            chosen = part[part["verdict"] == verdict]
            axes.vlines(chosen.index, chosen["low"], chosen["high"], color=colour, linewidth=1.0)
            axes.plot(
                chosen.index,
                chosen["mean"],
                linestyle="none",
                marker="o",
                markersize=2.6,
                color=colour,
                markerfacecolor=PAPER if verdict in UNTOLD else colour,
            )
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.set_xticks([])
        axes.set_xlabel(phrase("point", sheet.language))
        factor, label = shown_measure(measure, sheet.language)
        titled(axes, label, sheet, columns)
        thousands(axes.yaxis, factor)
    return plate(drawing, study, baseline, [arm], sheet, "points_note")


def drivers(study: Study, baseline: str, arm: str, sheet: Sheet) -> Plate:
    """The parameters that go most with what an arm does to welfare: rank correlations with intervals."""
    table = study.tables["drivers"]
    table = table[table["arm"] == arm]
    name = welfare_in(table)[-1]
    top = table[table["measure"] == name].head(MOST_DRIVERS).reset_index(drop=True)
    drawing, (axes,) = grid(sheet, 1, 1, 0.6 + 0.2 * len(top), share=False)
    for row in top.itertuples():
        clear, height = row.p_adjusted <= 0.05, len(top) - 1 - row.Index
        if np.isfinite(row.low):
            axes.plot([row.low, row.high], [height, height], color=BLUE, linewidth=1.6)
        axes.plot(
            [row.correlation],
            [height],
            marker="o",
            color=BLUE,
            linestyle="none",
            markersize=5,
            markerfacecolor=BLUE if clear else PAPER,
            gid="filled" if clear else "hollow",
        )
    axes.axvline(0, color=DARK, linewidth=0.8)
    axes.set_xlim(-1.05, 1.05)
    labels = [parameter_label(key, sheet.language) for key in top["parameter"]]
    axes.set_yticks(range(len(top)), [sheet.wrap(text, sheet.size.type - 0.5, width=1.5) for text in labels][::-1])
    axes.set_xlabel(phrase("correlation", sheet.language))
    titled(axes, measure_label(name, sheet.language, unit=False), sheet, 1)
    plain_axes(axes, "x")
    thousands(axes.xaxis)
    said = driver_sentences(study, sheet.language, arm)
    return plate(drawing, study, baseline, [arm], sheet, "drivers_note", finding=said[0] if said else "")


def regret(study: Study, baseline: str, sheet: Sheet) -> Plate:
    """Largest regret of each arm over the points with its interval, and mean regret; one panel a measure."""
    table = study.tables["robustness"]
    measures = welfare_in(table)
    arms = [str(name) for name in table["arm"].unique()]
    columns = min(len(measures), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(measures), columns, 0.9 + 0.34 * len(arms), share=False)
    labels = [
        sheet.wrap(arm_label(study, name, sheet.language), sheet.size.type - 0.5, width=1.9 * sheet.scale)
        for name in arms
    ]
    for index, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        rows = table[table["measure"] == measure].set_index("arm")
        for place, name in enumerate(arms):
            row, at = rows.loc[name], len(arms) - 1 - place
            axes.plot([row["max_regret_low"], row["max_regret_high"]], [at, at], color=BLUE, linewidth=1.6)
            axes.plot([row["max_regret"]], [at], marker="o", color=BLUE, markersize=5, linestyle="none")
            axes.plot(
                [row["mean_regret"]],
                [at],
                marker="s",
                color=BLUE,
                markersize=4.5,
                linestyle="none",
                markerfacecolor=PAPER,
            )
        axes.set_ylim(-0.6, len(arms) - 0.4)
        axes.set_yticks(range(len(arms)), labels[::-1] if index % columns == 0 else [""] * len(arms))
        factor, label = shown_measure(measure, sheet.language)
        titled(axes, label, sheet, columns)
        axes.set_xlabel(phrase("regret_axis", sheet.language))
        axes.grid(False)
        plain_axes(axes, "x")
        number_axis(axes, factor)
    return plate(drawing, study, baseline, arms, sheet, "regret_note", finding=regret_finding(study, sheet.language))


def regret_finding(study: Study, language: str) -> str:
    """Which arm has the smallest largest regret, where it is one arm by every measure that is drawn."""
    table = study.tables["robustness"]
    measures = welfare_in(table)
    best = {
        str(rows.loc[rows["max_regret"].idxmin(), "arm"])
        for _, rows in table[table["measure"].isin(measures)].groupby("measure")
    }
    told = {"measures": listed([small_measure(name, language) for name in measures], language)}
    if len(best) > 1:
        return phrase("regret_open", language, **told)
    return phrase("regret_title", language, arm=arm_label(study, best.pop(), language), **told)
