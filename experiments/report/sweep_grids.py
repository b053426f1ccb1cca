"""The tables of the page of a sweep, in both languages, each cell with the number it is sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.sweep_file import WELFARE
from qipan.experiments.designs.sweep_tables import HELPS, HURTS, UNCLEAR
from qipan.experiments.findings.sweep import (
    arm_label,
    condition_label,
    criterion_label,
    parameter_label,
    phrase,
    share_text,
)
from qipan.experiments.report.grids import Cell, Grid, figure_cell, small_probability
from qipan.experiments.statistics.paired import IDENTICAL
from qipan.experiments.words.labels import measure_label, shown_measure, verdict_label
from qipan.experiments.words.numbers import number, percent, span

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

MOST_ROWS, MOST_DRIVERS = 200, 8
Head = tuple[str, bool]


def page_grids(study: Study, method: str, language: str) -> list[Grid]:
    """The tables of the page; all rows are in the tables of the folder."""
    makers = {
        "volume": _volume,
        "robustness": _robustness,
        "separates": _separates,
        "drivers": _drivers,
        "differences": _differences,
    }
    grids = []
    for name, make in makers.items():
        if name in study.tables:
            heads, rows = make(study, method, language)
            if rows and len(rows) <= MOST_ROWS:
                grids.append(Grid(name, phrase(f"caption.{name}", language), tuple(heads), tuple(rows)))
    return grids


def _heads(language: str, *keys: str) -> list[Head]:
    """Heads from keys; one that starts with # stands above numbers."""
    return [(phrase(f"head.{key.lstrip('#')}", language), key.startswith("#")) for key in keys]


GridRows = list[tuple[Cell, ...]]


def _outcomes(language: str) -> tuple[tuple[str, ...], list[Head]]:
    """What an arm can do at a point, and the heads of the columns that count it."""
    names = (HELPS, HURTS, UNCLEAR, IDENTICAL)
    words = [phrase(name, language) for name in names]
    return names, [(word[:1].upper() + word[1:], True) for word in words]


def _volume(study: Study, method: str, language: str) -> tuple[list[Head], GridRows]:
    shown_outcomes, outcomes = _outcomes(language)
    rows: GridRows = []
    for (arm, criterion), part in study.tables["volume"].groupby(["arm", "criterion"], sort=False):
        by = {row.outcome: row for row in part.itertuples()}
        shown = [
            Cell(share_text(by[name], method, language), float(by[name].share)) if name in by else Cell("")
            for name in shown_outcomes
        ]
        label = criterion_label(criterion, language)
        rows.append(
            (
                Cell(arm_label(study, arm, language)),
                Cell(label[:1].upper() + label[1:]),
                *shown,
                _count(part["points"].iloc[0]),
            )
        )
    return [*_heads(language, "arm", "criterion"), *outcomes, *_heads(language, "#points")], rows


def _robustness(study: Study, method: str, language: str) -> tuple[list[Head], GridRows]:
    rows: GridRows = []
    for row in study.tables["robustness"].itertuples():
        factor, label = shown_measure(row.measure, language)
        rows.append(
            (
                Cell(label),
                Cell(arm_label(study, row.arm, language)),
                figure_cell(factor * row.max_regret),
                Cell(span(factor * row.max_regret_low, factor * row.max_regret_high, language)),
                figure_cell(factor * row.mean_regret),
                Cell(span(factor * row.mean_regret_low, factor * row.mean_regret_high, language)),
                *(
                    figure_cell(float(value), percent(float(value), places=0))
                    for value in (row.satisficing, row.best, row.proven)
                ),
            )
        )
    return _heads(
        language,
        "measure",
        "arm",
        "#largest",
        "interval",
        "#mean_regret",
        "interval",
        "#satisficing",
        "#best",
        "#proven",
    ), rows


def _separates(study: Study, method: str, language: str) -> tuple[list[Head], GridRows]:
    names, outcomes = _outcomes(language)
    rows: GridRows = []
    for row in study.tables["separates"].itertuples():
        condition = condition_label(row.condition, language)
        shares = [float(getattr(row, name.replace(" ", "_"), 0.0)) for name in names]
        rows.append(
            (
                Cell(arm_label(study, row.arm, language)),
                Cell(condition[:1].upper() + condition[1:]),
                _count(row.points),
                *(figure_cell(share, percent(share, places=0)) for share in shares),
            )
        )
    return [*_heads(language, "arm", "where", "#points"), *outcomes], rows


def _drivers(study: Study, method: str, language: str) -> tuple[list[Head], GridRows]:
    table = study.tables["drivers"]
    table = table[table["measure"] == WELFARE]
    rows: GridRows = []
    for row in table.groupby(["arm", "measure"], sort=False).head(MOST_DRIVERS).itertuples():
        rows.append(
            (
                Cell(arm_label(study, row.arm, language)),
                Cell(measure_label(row.measure, language, unit=False)),
                Cell(parameter_label(row.parameter, language)),
                figure_cell(row.correlation, number(row.correlation, 2, signed=True)),
                Cell(span(row.low, row.high, language, digits=2)),
                figure_cell(row.p_adjusted, small_probability(row.p_adjusted)),
            )
        )
    return _heads(language, "arm", "measure", "parameter", "#correlation", "interval", "#p"), rows


def _differences(study: Study, method: str, language: str) -> tuple[list[Head], GridRows]:
    points = study.tables["points"]
    varied = [key for key in points.columns if key != "point"]
    if len(varied) > 3:
        return [], []
    table = study.tables["differences"]
    table = table[table["measure"] == WELFARE].merge(points, on="point")
    rows: GridRows = []
    for row in table.to_dict("records"):
        factor, label = shown_measure(row["measure"], language)
        rows.append(
            (
                *(_value(row[key]) for key in varied),
                Cell(arm_label(study, row["arm"], language)),
                Cell(label),
                figure_cell(row["mean"], number(factor * row["mean"], signed=True)),
                Cell(span(factor * row["low"], factor * row["high"], language, signed=True)),
                Cell(verdict_label(row["verdict"], language)),
            )
        )
    heads = [(parameter_label(key, language), points[key].dtype.kind in "iuf") for key in varied]
    return [*heads, *_heads(language, "arm", "measure", "#difference", "interval", "verdict")], rows


def _value(value: Any) -> Cell:
    if isinstance(value, str | bool):
        return Cell(str(value).replace("_", " "))
    return Cell(f"{value:.4g}", float(value))


def _count(value: Any) -> Cell:
    return Cell(f"{int(value):,}", float(value))
