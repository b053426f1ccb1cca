"""The figures of evidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.evidence.history.patterns import label_of
from qipan.experiments.evidence.indices import EFFECT
from qipan.experiments.evidence.words import in_units, phrase, sentences, title
from qipan.experiments.figures.differences import number_axis
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.sweep import parameter_label
from qipan.experiments.words.labels import measure_label, small

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

BLUE = "#0072B2"
SHOWN = 15
"""Assumptions in a figure; all are in the table."""


def draw_indices(study: Study, sheet: Sheet) -> Plate:
    """Shares of the variance: total (filled) and first (hollow) of each assumption, with intervals."""
    table = study.tables["indices"]
    rows = table[table["outcome"] == EFFECT].head(SHOWN).to_dict("records")
    drawing, axes = _named(rows, sheet)
    for place, row in enumerate(rows):
        height = len(rows) - 1 - place
        for key, at, face in (("total", 0.13, BLUE), ("first", -0.13, PAPER)):
            axes.plot([row[f"{key}_low"], row[f"{key}_high"]], [height + at] * 2, color=BLUE, linewidth=1.4)
            axes.plot([row[key]], [height + at], "o", color=BLUE, markersize=5, markerfacecolor=face)
    axes.axvline(0.0, color=DARK, linewidth=0.8)
    axes.set_xlim(right=max(1.0, axes.get_xlim()[1]))
    axes.set_xlabel(phrase("indices_axis", sheet.language))
    return plate(study, drawing, sheet, phrase("indices_note", sheet.language))


def draw_screening(study: Study, sheet: Sheet) -> Plate:
    """Strength of each assumption, and its mean elementary effect with its sign."""
    rows = study.tables["screening"].head(SHOWN).to_dict("records")
    drawing, axes = _named(rows, sheet)
    for place, row in enumerate(rows):
        height = len(rows) - 1 - place
        axes.plot([0.0, row["strength"]], [height, height], color=BLUE, linewidth=5.0, solid_capstyle="butt", alpha=0.5)
        axes.plot([row["mean"]], [height], "o", color=BLUE, markersize=5)
    axes.axvline(0.0, color=DARK, linewidth=0.8)
    factor, unit = in_units(study, sheet.language)
    number_axis(axes, factor)
    axes.set_xlabel(phrase("screening_axis", sheet.language, unit=unit or "1"))
    return plate(study, drawing, sheet, phrase("screening_note", sheet.language, shown=len(rows)))


def draw_flip(study: Study, sheet: Sheet) -> Plate:
    """The effect by exact runs along the nearest way to a reversal."""
    table, row = study.tables["exact"], study.tables["reversal"].iloc[0]
    drawing, (axes,) = grid(sheet, 1, 1, 2.8, share=False)
    axes.fill_between(table["distance"], table["low"], table["high"], color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(table["distance"], table["mean"], "o-", color=BLUE, markersize=4.5, linewidth=1.4)
    axes.axhline(0.0, color=DARK, linewidth=0.8)
    if row["distance"] == row["distance"]:
        axes.axvline(row["distance"], color=DARK, linewidth=0.8, linestyle="--")
    axes.set_xlabel(phrase("flip_axis_x", sheet.language))
    language, name = sheet.language, study.facts["measure"]
    label = small(measure_label(name, language, unit=False), language)
    factor, unit = in_units(study, language)
    axes.set_ylabel(phrase("flip_axis_y", language, measure=label, unit=unit or "1"))
    plain_axes(axes, "y")
    thousands(axes.yaxis, factor)
    return plate(study, drawing, sheet, phrase("flip_note", language))


def draw_calibration(study: Study, sheet: Sheet) -> Plate:
    """How far each fact lies from what the worlds left have, in standard deviations of observation and discrepancy."""
    rows = study.tables["patterns"].to_dict("records")
    drawing, axes = _named(rows, sheet, [label_of(row["pattern"]) for row in rows])
    for place, row in enumerate(rows):
        height, scale = len(rows) - 1 - place, math.hypot(row["observation_sd"], row["discrepancy_sd"])
        ends = [(row["value"] - row[key]) / scale for key in ("high", "low")]
        axes.plot(ends, [height, height], color=BLUE, linewidth=1.6)
        face = PAPER if row["held_out"] else BLUE
        axes.plot(
            [(row["value"] - row["median"]) / scale], [height], "o", color=BLUE, markersize=5, markerfacecolor=face
        )
    axes.axvline(0.0, color=DARK, linewidth=0.8)
    axes.set_xlabel(sheet.wrap(phrase("patterns_axis", sheet.language), sheet.size.type, width=3.0 * sheet.scale))
    return plate(study, drawing, sheet, phrase("patterns_note", sheet.language))


def _named(rows: list[Any], sheet: Sheet, labels: list[str] | None = None) -> tuple[Any, Any]:
    """One panel with a line for each assumption, the first on top."""
    labels = labels or [parameter_label(row["parameter"], sheet.language) for row in rows]
    wrapped = [sheet.wrap(text, sheet.size.type - 0.5, width=2.2 * sheet.scale) for text in labels]
    lines = max((text.count("\n") + 1 for text in wrapped), default=1)
    drawing, (axes,) = grid(sheet, 1, 1, 0.7 + (0.15 + 0.14 * lines) * len(rows), share=False)
    axes.set_yticks(range(len(rows)), wrapped[::-1])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.tick_params(axis="y", length=0, colors=DARK)
    axes.spines["left"].set_color(MUTED)
    plain_axes(axes, "x")
    return drawing, axes


def plate(study: Study, drawing: Any, sheet: Sheet, note: str) -> Plate:
    """A finished figure under the title of its study, told by its first sentences."""
    said = sentences(study, sheet.language)
    heading = title(study, sheet.language)
    return Plate(sheet.finish(drawing, heading, note), heading, " ".join(said[:2]))
