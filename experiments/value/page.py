"""The figure, the tables and the page of a study of value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.figures.differences import number_axis
from qipan.experiments.figures.drawing import DrawnFigure, Plate
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes, thousands
from qipan.experiments.findings.quoted.searched import BOUND, DESIGN, phrase, searched_label
from qipan.experiments.findings.reading import vintage
from qipan.experiments.report.grids import Cell, Grid, figure_cell
from qipan.experiments.report.study import PAGE, Drawing, draw_plates, write_page
from qipan.experiments.results.provenance import in_one_line
from qipan.experiments.value.searched import INFORMATION
from qipan.experiments.value.words import sentences, title, worth_places
from qipan.experiments.value.worth_tables import OPEN
from qipan.experiments.words.labels import shown_unit
from qipan.experiments.words.numbers import MISSING, fixed, number, percent, percent_span, span
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.model.world import World

COLOUR = "#0072B2"
MOST_SHOWN = 10
"""Arms of the searched set in the figure and on the page; all are in the table."""
COLUMNS = {
    "worth": "source #value interval #needed verdict #median #trimmed #top #moved #others #gain #money",
    "best": "policy #gain interval #median #best #share share_interval",
}
"""Columns of each table; # before those of numbers."""


def write_value(study: Study, folder: Path, seed: int, world: World, language: str) -> Path:
    """Draw the figure and write the page, named after the kind; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    drawn = draw_value(study, seed, folder / "figures", world, language)
    grids = [worth_grid(study, language) if study.kind == "worth" else best_grid(study, language)]
    path, footer = folder / f"{study.kind}.html", footer_of(study, seed, world, language)
    said = sentences(study, language)
    return write_page(path, language, title(study, language), footer, said, study.warnings, drawn, grids)


def draw_value(
    study: Study, seed: int, folder: Path, world: World, language: str, drawing: Drawing = PAGE, title: str = ""
) -> Mapping[str, DrawnFigure]:
    """Draw the figure of a study of value into a folder.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    draw = draw_worth if study.kind == "worth" else draw_best
    footer = footer_of(study, seed, world, language)
    plates = {study.kind: lambda sheet: draw(study, sheet)}
    return draw_plates(plates, folder, language, footer, drawing, in_one_line(study.facts), title)


def footer_of(study: Study, seed: int, world: World, language: str) -> str:
    """What stands below the figure and the page."""
    table = study.tables["worth" if study.kind == "worth" else "arms"]
    return phrase(
        "footer",
        language,
        name=study.name,
        arms=len(study.facts["arms_run"]),
        seed=seed,
        n=f"{int(table['n'].iloc[0]):,}",
        world=world.name,
        vintage=vintage(world, language),
    )


def draw_worth(study: Study, sheet: Sheet) -> Plate:
    """Draw what a yuan more of each source is worth, with what is needed."""
    table = study.tables["worth"]
    labels = [MECHANISMS.label(name, sheet.language) for name in table["source"]]
    drawing, axes = _forest(table, labels, "worth", table["verdict"] != OPEN, sheet)
    heights = range(len(table) - 1, -1, -1)
    axes.plot(table["median"], list(heights), linestyle="none", marker="x", color=MUTED, markersize=5)
    axes.axvline(1.0, color=DARK, linewidth=0.8)
    axes.axvline(study.facts["public_funds_cost"], color=DARK, linewidth=0.8, linestyle="--")
    axes.set_xlabel(phrase("worth_axis", sheet.language))
    return _plate(study, drawing, sheet, phrase("worth_note", sheet.language))


def draw_best(study: Study, sheet: Sheet) -> Plate:
    """Draw the gains of the best arms of the set, the design and information, beside the bound."""
    table = shown_arms(study)
    labels = [searched_label(name, sheet.language) for name in table["arm"]]
    drawing, axes = _forest(table, labels, "mean", (table["low"] > 0) | (table["high"] < 0), sheet)
    axes.axvline(0.0, color=DARK, linewidth=0.8)
    bound = study.tables["bound"].set_index("quantity").loc[BOUND, "mean"]
    axes.axvline(float(bound), color=DARK, linewidth=0.8, linestyle="--")
    axes.set_xlabel(phrase("best_axis", sheet.language))
    thousands(axes.xaxis, shown_unit("bn yuan", sheet.language)[0])
    return _plate(study, drawing, sheet, phrase("best_note", sheet.language, shown=MOST_SHOWN))


def shown_arms(study: Study) -> Any:
    """The best arms of the set, and the design and information wherever they stand."""
    table = study.tables["arms"]
    return table[(table.index < MOST_SHOWN) | table["arm"].isin((DESIGN, INFORMATION))].reset_index(drop=True)


def _forest(table: Any, labels: list[str], column: str, sure: Any, sheet: Sheet) -> tuple[Any, Any]:
    """Means with their intervals, one a line, the first on top; hollow where nothing can be told."""
    wrapped = [sheet.wrap(text, sheet.size.type - 0.5, width=2.2 * sheet.scale) for text in labels]
    lines = max((text.count("\n") + 1 for text in wrapped), default=1)
    drawing, (axes,) = grid(sheet, 1, 1, 0.7 + (0.12 + 0.14 * lines) * len(table), share=False)
    for place, (row, certain) in enumerate(zip(table.to_dict("records"), sure, strict=True)):
        height = len(table) - 1 - place
        if np.isfinite(row["low"]) and np.isfinite(row["high"]):
            axes.plot([row["low"], row["high"]], [height, height], color=COLOUR, linewidth=1.6)
            face = COLOUR if certain else PAPER
            axes.plot([row[column]], [height], "o", color=COLOUR, markersize=5.5, markerfacecolor=face)
    axes.set_yticks(range(len(table)), wrapped[::-1])
    axes.set_ylim(-0.6, len(table) - 0.4)
    plain_axes(axes, "x")
    number_axis(axes)
    return drawing, axes


def _plate(study: Study, drawing: Any, sheet: Sheet, note: str) -> Plate:
    said = sentences(study, sheet.language)
    heading = title(study, sheet.language)
    return Plate(sheet.finish(drawing, heading, note), heading, " ".join(said[:2]))


def worth_grid(study: Study, language: str) -> Grid:
    """The table of the page: a row for each source."""
    rows, (factor, _) = [], shown_unit("bn yuan", language)
    for row in study.tables["worth"].to_dict("records"):
        told = math.isfinite(row["low"])
        places = worth_places(row) if told else 2

        def cell(key: str, row: Any = row, places: int = places, told: bool = told) -> Cell:
            known = told and math.isfinite(row[key])
            return Cell(fixed(row[key], places) if known else MISSING, row[key] if known else None)

        strong = row["verdict"] != OPEN
        rows.append(
            (
                Cell(MECHANISMS.label(row["source"], language)),
                Cell(cell("worth").text, cell("worth").order, strong),
                Cell(span(row["low"], row["high"], language, places=places) if told else MISSING),
                Cell(f"{row['needed']:g}", row["needed"]),
                Cell(phrase(row["verdict"], language) if told else MISSING),
                cell("median"),
                cell("trimmed"),
                figure_cell(row["top_tenth"], percent(row["top_tenth"], places=0)),
                figure_cell(row["changed"], percent(row["changed"], places=0)),
                cell("worth_unchanged"),
                figure_cell(factor * row["gain"]),
                figure_cell(factor * row["cost"]),
            )
        )
    return Grid("worth", phrase("worth_caption", language), _heads("worth", language), tuple(rows))


def best_grid(study: Study, language: str) -> Grid:
    """The table of the page: the best arms, the design and information."""
    rows, (factor, _) = [], shown_unit("bn yuan", language)
    for row in shown_arms(study).to_dict("records"):
        share = (
            (
                Cell(percent(row["share"]), row["share"]),
                Cell(percent_span(row["share_low"], row["share_high"], language)),
            )
            if math.isfinite(row["share"])
            else (Cell(MISSING), Cell(MISSING))
        )
        rows.append(
            (
                Cell(searched_label(row["arm"], language)),
                Cell(number(factor * row["mean"], signed=True), row["mean"], row["low"] > 0 or row["high"] < 0),
                Cell(span(factor * row["low"], factor * row["high"], language, signed=True)),
                figure_cell(factor * row["median"]),
                figure_cell(row["probability_best"], percent(row["probability_best"], places=0)),
                *share,
            )
        )
    return Grid("best", phrase("best_caption", language), _heads("best", language), tuple(rows))


def _heads(kind: str, language: str) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (phrase(f"head.{kind}.{key.lstrip('#')}", language), key.startswith("#")) for key in COLUMNS[kind].split()
    )
