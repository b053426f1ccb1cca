"""The tables on the pages of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.evidence.history.patterns import label_of
from qipan.experiments.evidence.indices import EFFECT, SPREAD
from qipan.experiments.evidence.words import in_units, phrase
from qipan.experiments.findings.sweep import parameter_label
from qipan.experiments.report.grids import Cell, Grid, figure_cell
from qipan.experiments.words.numbers import fixed, number, percent, percent_span, span

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

COLUMNS = {
    "indices": "parameter range #used #total total_span #first first_span #spread_total",
    "quality": "#points #q2 #left_out #coverage #shift #unshared",
    "screening": "parameter #strength #mean #absolute #spread",
    "waves": "#wave #points #left left_span #second #least_q2 #least_coverage #used_patterns",
    "patterns": "pattern year #observed #observation #discrepancy held #ruled #least #model model_span #fits",
    "change": "parameter #used #value #moved",
    "alone": "parameter #used #value #distance",
    "exact": "#distance #effect interval",
}
"""Columns of each table; # before those of numbers."""


def heads(name: str, language: str) -> tuple[tuple[str, bool], ...]:
    """Heads of a table's columns, and whether each is of numbers."""
    keys = COLUMNS[name].split()
    return tuple((phrase(f"head.{key.lstrip('#')}", language), key.startswith("#")) for key in keys)


def shares_grid(study: Study, language: str) -> Grid:
    """Shares of the variance, a row for each assumption."""
    axes = study.tables["axes"].set_index("parameter")
    table = study.tables["indices"]
    spread = table[table["outcome"] == SPREAD].set_index("parameter")["total"]
    rows = []
    for row in table[table["outcome"] == EFFECT].to_dict("records"):
        axis, of_spread = axes.loc[row["parameter"]], float(spread.get(row["parameter"], float("nan")))
        rows.append(
            (
                Cell(parameter_label(row["parameter"], language, unit=True)),
                Cell(span(float(axis["least"]), float(axis["most"]), language)),
                figure_cell(float(axis["used"]), f"{axis['used']:g}"),
                _share(row["total"]),
                Cell(percent_span(row["total_low"], row["total_high"], language)),
                _share(row["first"]),
                Cell(percent_span(row["first_low"], row["first_high"], language)),
                _share(of_spread),
            )
        )
    return Grid("indices", phrase("indices_caption", language), heads("indices", language), tuple(rows))


def _share(value: float) -> Cell:
    return figure_cell(value, percent(value, places=0))


def quality_grid(study: Study, language: str) -> Grid:
    """How good the emulator is: one row."""
    row = study.tables["quality"].iloc[0]
    cells = (
        figure_cell(float(row["points"]), f"{int(row['points'])}"),
        figure_cell(float(row["q2"]), fixed(float(row["q2"]), 3)),
        _share(float(row["left_out"])),
        _share(float(row["coverage"])),
        figure_cell(float(row["shift"]), fixed(float(row["shift"]), 1, True)),
        _share(float(row["unshared"])),
    )
    return Grid("quality", phrase("quality_caption", language), heads("quality", language), (cells,))


def screening_grid(study: Study, language: str) -> Grid:
    """Elementary effects, a row for each assumption."""
    factor, unit = in_units(study, language)
    rows = [
        (
            Cell(parameter_label(row["parameter"], language, unit=True)),
            *(_number(row[key], key, factor) for key in ("strength", "mean", "absolute", "spread")),
        )
        for row in study.tables["screening"].to_dict("records")
    ]
    return Grid(
        "screening",
        phrase("screening_caption", language) + bracketed(unit, language),
        heads("screening", language),
        tuple(rows),
    )


def flip_grids(study: Study, language: str) -> list[Grid]:
    """What changes at the reversal, the exact runs on the way, each assumption by itself."""
    found = []
    for name, last, caption in (("change", "moved", "change_caption"), ("alone", "distance", "alone_caption")):
        if name in study.tables:
            rows = [
                (
                    Cell(parameter_label(row["parameter"], language, unit=True)),
                    *(figure_cell(float(row[key]), f"{row[key]:.3g}") for key in ("used", "value", last)),
                )
                for row in study.tables[name].to_dict("records")
            ]
            found.append(Grid(name, phrase(caption, language), heads(name, language), tuple(rows)))
    factor, unit = in_units(study, language)
    exact = [
        (
            figure_cell(float(row["distance"]), fixed(float(row["distance"]), 2)),
            figure_cell(float(row["mean"]), number(factor * float(row["mean"]), signed=True)),
            Cell(span(factor * float(row["low"]), factor * float(row["high"]), language, signed=True)),
        )
        for row in study.tables["exact"].to_dict("records")
    ]
    caption = phrase("exact_caption", language) + bracketed(unit, language)
    found.append(Grid("exact", caption, heads("exact", language), tuple(exact)))
    return found


def calibration_grids(study: Study, language: str) -> list[Grid]:
    """What is left after each wave, and what each fact rules out."""
    waves = [
        (
            figure_cell(float(row["wave"]), str(row["wave"])),
            figure_cell(float(row["points"]), str(row["points"])),
            figure_cell(float(row["left"]), percent(row["left"]), strong=True),
            Cell(percent_span(row["low"], row["high"], language)),
            figure_cell(float(row["second"]), percent(row["second"])),
            figure_cell(float(row["q2"]), fixed(row["q2"], 2)),
            _share(float(row["coverage"])),
            figure_cell(float(row["used"]), str(row["used"])),
        )
        for row in study.tables["waves"].to_dict("records")
    ]
    patterns = [
        (
            Cell(label_of(row["pattern"])),
            Cell(row["year"]),
            *(figure_cell(float(row[key]), f"{row[key]:g}") for key in ("value", "observation_sd", "discrepancy_sd")),
            Cell(phrase("yes" if row["held_out"] else "no", language)),
            _share(float(row["ruled_out"])),
            figure_cell(float(row["least"]), fixed(float(row["least"]), 1)),
            figure_cell(float(row["median"]), f"{row['median']:.3g}"),
            Cell(span(float(row["low"]), float(row["high"]), language)),
            _share(float(row["fits"])),
        )
        for row in study.tables["patterns"].to_dict("records")
    ]
    return [
        Grid("waves", phrase("waves_caption", language), heads("waves", language), tuple(waves)),
        Grid("patterns", phrase("patterns_caption", language), heads("patterns", language), tuple(patterns)),
    ]


def bracketed(unit: str, language: str) -> str:
    """A unit in the brackets of a Chinese caption; nothing for a pure number. English captions name no unit."""
    return f"（{unit}）" if unit and language == "zh" else ""


def _number(value: Any, key: str, factor: float) -> Cell:
    return figure_cell(float(value), number(factor * float(value), signed=key == "mean"))
