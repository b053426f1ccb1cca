"""Figures of a sweep: curves over one parameter, a heat map over two, sorted points and drivers over many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.figures.drawing import Plate
from experiments.figures.panels import grid
from experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes, thousands
from experiments.labels import KINDS, SPARE, ArmStyle, measure_label
from experiments.statistics import NOT_DISTINGUISHABLE
from experiments.sweep_file import WELFARE
from experiments.sweep_words import driver_sentences, parameter_label, phrase, volume_sentences

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studying import Study

LOOKS = (KINDS["design"], KINDS["random"], KINDS["information"], *SPARE)
OUTCOME = {"better": "#0072B2", "worse": "#D55E00", NOT_DISTINGUISHABLE: MUTED}
MOST_DRIVERS = 12


def curves(study: Study, baseline: str, parameter: str, sheet: Sheet) -> Plate:
    """Difference of each arm over one parameter, one panel a measure, with 95% bands and a zero line."""
    rows = study.tables["differences"].merge(study.tables["points"], on="point")
    measures = list(rows["measure"].unique())[:6]
    columns = min(len(measures), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(measures), columns, 1.6, share=False)
    for axes, measure in zip(panels, measures, strict=True):
        for look, (arm, part) in zip(LOOKS, rows[rows["measure"] == measure].groupby("arm", sort=False), strict=False):
            _curve(axes, part.sort_values(parameter), parameter, look, str(arm))
        axes.axhline(0, color=DARK, linewidth=0.8, zorder=1)
        _titled(axes, measure_label(measure, sheet.language), sheet, columns)
        axes.set_xlabel(parameter_label(parameter, sheet.language))
        thousands(axes.yaxis)
    if rows["arm"].nunique() > 1:
        panels[0].legend(frameon=False)
    return _plate(drawing, study, baseline, measures[0], sheet, "curve_note")


def _curve(axes: Any, part: pd.DataFrame, parameter: str, look: ArmStyle, arm: str) -> None:
    """One arm: line, band, and a marker at each point that is hollow when not distinguishable."""
    axes.fill_between(part[parameter], part["low"], part["high"], color=look.colour, alpha=0.2, linewidth=0)
    axes.plot(part[parameter], part["mean"], color=look.colour, linewidth=1.4, label=arm)
    for across, mean, verdict in zip(part[parameter], part["mean"], part["verdict"], strict=True):
        clear = verdict != NOT_DISTINGUISHABLE
        axes.plot([across], [mean], marker=look.marker, color=look.colour, markersize=4.5, linestyle="none",
                  markerfacecolor=look.colour if clear else PAPER, gid="filled" if clear else "hollow")  # fmt: skip


def heat(study: Study, baseline: str, parameters: tuple[str, str], sheet: Sheet) -> Plate:
    """Difference of the last arm over two parameters; a ring marks cells that are not distinguishable."""
    rows = study.tables["differences"].merge(study.tables["points"], on="point")
    rows = rows[rows["arm"] == rows["arm"].iloc[-1]]
    measures = list(rows["measure"].unique())[:4]
    columns = min(len(measures), sheet.columns(2, 1))
    drawing, panels = grid(sheet, len(measures), columns, 2.6, share=False)
    for axes, measure in zip(panels, measures, strict=True):
        part = rows[rows["measure"] == measure]
        image = _cells(axes, part, parameters, sheet)
        bar = drawing.colorbar(image, ax=axes, fraction=0.05, pad=0.02)
        bar.outline.set_visible(False)
        thousands(bar.ax.yaxis)
        _titled(axes, measure_label(measure, sheet.language), sheet, columns)
    return _plate(drawing, study, baseline, measures[0], sheet, "heat_note")


def _cells(axes: Any, part: pd.DataFrame, parameters: tuple[str, str], sheet: Sheet) -> Any:
    across, down = parameters
    wide = part.pivot(index=down, columns=across, values="mean")
    unclear = part.pivot(index=down, columns=across, values="verdict") == NOT_DISTINGUISHABLE
    limit = float(np.nanmax(np.abs(wide.to_numpy()))) or 1.0
    image = axes.pcolormesh(np.ma.masked_invalid(wide.to_numpy()), cmap="PuOr", vmin=-limit, vmax=limit,
                            edgecolors=PAPER, linewidth=0.6)  # fmt: skip
    for row, column in np.argwhere(unclear.to_numpy()):
        axes.plot([column + 0.5], [row + 0.5], marker="o", markerfacecolor="none", markeredgecolor=DARK, markersize=5)
    axes.set_xticks(np.arange(len(wide.columns)) + 0.5, [_short(value) for value in wide.columns])
    axes.set_yticks(np.arange(len(wide.index)) + 0.5, [_short(value) for value in wide.index])
    axes.set_xlabel(parameter_label(across, sheet.language))
    axes.set_ylabel(parameter_label(down, sheet.language))
    return image


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, int | float) else str(value)


def sorted_points(study: Study, baseline: str, sheet: Sheet) -> Plate:
    """Difference of the last arm in welfare at every point with its interval, sorted; one panel a terminal value."""
    table = study.tables["differences"]
    table = table[table["arm"] == table["arm"].iloc[-1]]
    measures = [name for name in WELFARE if name in set(table["measure"])] or list(table["measure"].unique()[:3])
    columns = min(len(measures), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(measures), columns, 2.4, share=False)
    for axes, measure in zip(panels, measures, strict=True):
        part = table[table["measure"] == measure].sort_values("mean").reset_index(drop=True)
        for verdict, colour in OUTCOME.items():
            chosen = part[part["verdict"] == verdict]
            axes.vlines(chosen.index, chosen["low"], chosen["high"], color=colour, linewidth=1.0)
            axes.plot(chosen.index, chosen["mean"], linestyle="none", marker="o", markersize=2.6, color=colour,
                      markerfacecolor=PAPER if verdict == NOT_DISTINGUISHABLE else colour)  # fmt: skip
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.set_xlabel(phrase("point", sheet.language))
        _titled(axes, measure_label(measure, sheet.language), sheet, columns)
        thousands(axes.yaxis)
    return _plate(drawing, study, baseline, measures[-1], sheet, "curve_note")


def drivers(study: Study, baseline: str, sheet: Sheet) -> Plate:
    """The parameters that go most with what the last arm does to welfare: rank correlations with intervals."""
    table = study.tables["drivers"]
    table = table[table["arm"] == table["arm"].iloc[-1]]
    name = WELFARE[-1] if WELFARE[-1] in set(table["measure"]) else table["measure"].iloc[0]
    top = table[table["measure"] == name].head(MOST_DRIVERS).reset_index(drop=True)
    drawing, (axes,) = grid(sheet, 1, 1, 0.4 + 0.2 * len(top), share=False)
    for row in top.itertuples():
        clear, height = row.p_adjusted <= 0.05, len(top) - 1 - row.Index
        axes.plot([row.low, row.high], [height, height], color="#0072B2", linewidth=1.6)
        axes.plot([row.correlation], [height], marker="o", color="#0072B2", linestyle="none", markersize=5,
                  markerfacecolor="#0072B2" if clear else PAPER)  # fmt: skip
    axes.axvline(0, color=DARK, linewidth=0.8)
    axes.set_yticks(range(len(top)), [parameter_label(key, sheet.language) for key in top["parameter"]][::-1])
    plain_axes(axes, "x")
    said = driver_sentences(study, sheet.language)
    return _plate(drawing, study, baseline, str(name), sheet, "drivers_note", said[0] if said else "")


def _titled(axes: Any, text: str, sheet: Sheet, columns: int) -> None:
    width = (sheet.size.width - 1.0) / columns - 0.2
    axes.set_title(sheet.wrap(text, sheet.size.type, width=width), fontweight="bold", fontsize=sheet.size.type - 0.5)
    plain_axes(axes, "y")


def _plate(
    drawing: Any, study: Study, baseline: str, measure: str, sheet: Sheet, note: str, finding: str = ""
) -> Plate:
    """Title: the finding; or what the sweep says on its last welfare measure; or what is shown."""
    said = volume_sentences(study, sheet.language, measure if measure in WELFARE else WELFARE[-1])
    shown = phrase(
        "difference", sheet.language, baseline=baseline, measure=measure_label(measure, sheet.language, False)
    )
    title = finding or (said[-1] if said else shown)
    return Plate(sheet.finish(drawing, title, f"{shown}. {phrase(note, sheet.language)}"), title, shown)
