"""The tables of the page of an attribution: main measures only, intervals in one cell, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.levers import SHOWN
from qipan.experiments.findings.attribution import key_factor, key_label, lever_label, phrase
from qipan.experiments.report.grids import Cell, Grid, figure_cell
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.words.labels import shown_unit, verdict_label
from qipan.experiments.words.numbers import fixed, number, percent, places_for, span

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

ESTIMATE = ("mean", "interval", "boot", "median", "spread", "verdict")
COLUMNS = {
    "shares": ("measure", "lever", "mean", "interval", "share_of_total", "boot", "median", "spread", "verdict"),
    "ranking": ("lever", "welfare", "best", "worst", "above"),
    "effects": ("measure", "lever", "comparison", *ESTIMATE),
    "costs": ("measure", "lever", "cost", "effect", "cost_per_unit", "interval"),
    "interactions": ("measure", "lever", "other", "mean", "interval", "verdict"),
    "targets": ("measure", "lever", *ESTIMATE),
}
NUMBERS = (
    "mean",
    "share_of_total",
    "median",
    "cost",
    "effect",
    "cost_per_unit",
    "best",
    "worst",
    "welfare",
)
ENDS = {"interval": ("low", "high"), "boot": ("boot_low", "boot_high"), "spread": ("q05", "q95")}


def page_grids(study: Study, language: str) -> list[Grid]:
    """Tables of the page, main measures only; all others are in the tables of the folder."""
    grids = []
    for name, columns in COLUMNS.items():
        if name in study.tables:
            table = study.tables[name]
            if "measure" in table and name != "targets":
                table = table[table["measure"].isin(SHOWN)]
            heads = tuple((phrase(f"head.{column}", language), column in NUMBERS) for column in columns)
            rows = tuple(tuple(_cell(row, column, language) for column in columns) for row in table.to_dict("records"))
            grids.append(Grid(name, phrase(f"caption.{name}", language), heads, rows))
    return grids


def _cell(row: dict[str, Any], column: str, language: str) -> Cell:
    """One cell as it is printed, with the number it is sorted by."""
    money, _ = shown_unit("bn yuan", language)
    factor = key_factor(str(row["measure"]), language) if "measure" in row else money
    if column == "cost":
        factor = money
    elif column == "cost_per_unit" or (column == "interval" and "cost_per_unit" in row):
        factor = money / factor
    if column in ENDS:
        low, high = (factor * float(row[end]) for end in ENDS[column])
        return Cell(span(low, high, language))
    if column == "share_of_total":
        return figure_cell(float(row[column]), percent(float(row[column]), signed=True))
    if column in ("best", "worst"):
        return figure_cell(float(row[column]), f"{row[column]:.0f}")
    if column == "mean" and "low" in row:
        mean, half = factor * float(row["mean"]), factor * float(row["high"] - row["low"]) / 2
        text = fixed(mean, places_for(half), signed=True) if half > 0 else number(mean)
        return figure_cell(mean, text, row.get("verdict") not in (None, *UNTOLD))
    if column in NUMBERS:
        return figure_cell(factor * float(row[column]))
    return Cell(_words(str(row[column]), column, language))


def _words(text: str, column: str, language: str) -> str:
    """A name of the tables as it is printed."""
    if column == "measure":
        return key_label(text, language)
    if column in ("lever", "other"):
        return lever_label(text, language)
    if column == "above":
        between = "、" if language == "zh" else ", "
        return between.join(lever_label(name, language) for name in text.split(", ") if name)
    if column == "verdict":
        return verdict_label(text, language)
    return phrase(text, language) if column == "comparison" else text
