"""The tables of the report as plain text cells, each with the number it is sorted by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.figures.finding import size
from experiments.figures.money import called
from experiments.figures.reading import HEADLINE, OVER_TIME, clear, gap, level, present, when
from experiments.figures.targets import target_label
from experiments.labels import arm_title, measure_label, region_label, say
from experiments.labels_numbers import MISSING, number, percent, percent_span, span

if TYPE_CHECKING:
    from experiments.comparison import ArmResult, Comparison


@dataclass(frozen=True)
class Cell:
    """What a cell prints, and the number it is sorted by (None: by its text)."""

    text: str
    order: float | None = None
    strong: bool = False


@dataclass(frozen=True)
class Grid:
    """One table: an identifier for the page, a caption, heads (text, numeric or not) and rows of cells."""

    identifier: str
    caption: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]


def heads(language: str, *keys: str) -> tuple[tuple[str, bool], ...]:
    """Return column heads from phrase keys; a key that starts with # is a column of numbers."""
    return tuple((say(f"head_{key.lstrip('#')}", language), key.startswith("#")) for key in keys)


def figure_cell(value: float, text: str | None = None, strong: bool = False) -> Cell:
    """Return a cell for a number; NaN is a dash that sorts last."""
    finite = math.isfinite(value)
    return Cell((number(value) if text is None else text) if finite else MISSING, value if finite else None, strong)


def comparison_grid(comparison: Comparison, language: str) -> Grid:
    """Return headline measures by arm: level, difference with interval, chance of being better, verdict."""
    rows = []
    for name in present(comparison, dict.fromkeys((*HEADLINE, *OVER_TIME, "output_total"))):
        rows += [_comparison_row(comparison, arm, name, language) for arm in comparison.arms]
    found = tuple(row for row in rows if row)
    columns = heads(language, "measure", "year", "arm", "#level", "spread", "#difference", "interval", "#better",
                    "verdict", "#pairing")  # fmt: skip
    return Grid("comparison", say("caption_comparison", language), columns, found)


def _comparison_row(comparison: Comparison, arm: ArmResult, name: str, language: str) -> tuple[Cell, ...]:
    here, change = level(comparison, arm.name, name), gap(comparison, arm.name, name)
    if here is None:
        return ()
    year = when(comparison, name)
    first = (Cell(measure_label(name, language)), Cell(say("whole_run", language) if year == "total" else year),
             Cell(arm_title(arm, language)), figure_cell(float(here["mean"])),
             Cell(span(float(here["q05"]), float(here["q95"]), language)))  # fmt: skip
    if change is None:
        nothing = Cell(MISSING)
        return (*first, nothing, nothing, nothing, Cell(say("verdict_baseline", language)), nothing)
    written, interval = size(change, name, language, signed=True)
    sure, factor = clear(change), float(change["variance_reduction"])
    return (*first, Cell(written, float(change["mean"]), sure), Cell(interval),
            figure_cell(float(change["probability_better"]), percent(float(change["probability_better"]), places=0)),
            Cell(verdict(change, language), strong=sure), figure_cell(factor))  # fmt: skip


def verdict(row: Any, language: str) -> str:
    """Return the printed verdict of a difference."""
    return say("verdict_" + str(row["verdict"]).replace(" ", "_"), language)


def regions_grid(comparison: Comparison, arm: ArmResult, language: str) -> Grid | None:
    """Return each region's gain with interval and adjusted p under one arm; None when there is no such table."""
    table = comparison.tables.get("regions")
    if table is None or table.empty:
        return None
    rows = []
    for _, row in table[table["arm"] == arm.name].iterrows():
        rows.append((
            Cell(region_label(comparison.world, str(row["region"]), language)),
            figure_cell(float(row["gain"]), number(float(row["gain"]), signed=True), clear(row)),
            Cell(span(float(row["low"]), float(row["high"]), language, signed=True)),
            figure_cell(float(row["relative"]), percent(float(row["relative"]), signed=True)),
            figure_cell(float(row["probability_gain"]), percent(float(row["probability_gain"]), places=0)),
            figure_cell(float(row["p_adjusted"]), small_probability(float(row["p_adjusted"]))),
            Cell(verdict(row, language), strong=clear(row)),
        ))  # fmt: skip
    columns = heads(language, "region", "#gain", "interval", "#relative", "#gains", "#p_adjusted", "verdict")
    return Grid("regions", say("caption_regions", language, arm=arm_title(arm, language)), columns, tuple(rows))


def small_probability(p: float) -> str:
    """Write a p-value: below one in ten thousand only that it is."""
    return "<0.0001" if p < 1e-4 else number(p, 2)


def votes_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return whether a majority gains, by arm and weight."""
    rows = []
    for arm, row in _by_arm(comparison, "votes"):
        share, majority = float(row["share_mean"]), float(row["probability_majority"])
        rows.append((Cell(arm_title(arm, language)), Cell(say(f"weight_{row['weight']}", language)),
                     figure_cell(share, percent(share, places=0)),
                     Cell(percent_span(float(row["share_q05"]), float(row["share_q95"]), language)),
                     figure_cell(majority, percent(majority, places=0))))  # fmt: skip
    columns = heads(language, "arm", "weight", "#share", "spread", "#majority")
    return Grid("votes", say("caption_votes", language), columns, tuple(rows)) if rows else None


def targets_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return the chance and shortfall of each target by arm."""
    rows = []
    for arm, row in _by_arm(comparison, "targets"):
        rows.append((
            Cell(target_label(comparison, row, language).replace("\n", ", ")), Cell(arm_title(arm, language)),
            figure_cell(float(row["probability"]), percent(float(row["probability"]), places=0)),
            Cell(percent_span(float(row["low"]), float(row["high"]), language)),
            figure_cell(float(row["obtained_median"])),
            Cell(span(float(row["obtained_q05"]), float(row["obtained_q95"]), language)),
            figure_cell(float(row["shortfall_mean"]), percent(float(row["shortfall_mean"]), places=0)),
            figure_cell(float(row["met_year"]), f"{row['met_year']:.0f}"),
        ))  # fmt: skip
    columns = heads(language, "target", "arm", "#met", "interval", "#obtained", "spread", "#shortfall", "#met_year")
    return Grid("targets", say("caption_targets", language), columns, tuple(rows)) if rows else None


def money_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return money by mechanism and arm: used with interval, offered, returned, lost, return."""
    rows = []
    for arm, row in _by_arm(comparison, "money"):
        if row["stage"] == "all":
            numbers = [figure_cell(float(row[key])) for key in ("offered", "returned", "lost")]
            rate = float(row["return_rate"])
            rows.append((Cell(called("mechanism", str(row["mechanism"]), language)), Cell(arm_title(arm, language)),
                         figure_cell(float(row["used"])),
                         Cell(span(float(row["used_q05"]), float(row["used_q95"]), language)), *numbers,
                         figure_cell(rate, percent(rate, signed=True))))  # fmt: skip
    columns = heads(language, "mechanism", "arm", "#used", "spread", "#offered", "#returned", "#lost", "#return")
    return Grid("money", say("caption_money", language), columns, tuple(rows)) if rows else None


def _by_arm(comparison: Comparison, name: str) -> Iterable[tuple[ArmResult, Any]]:
    """Yield (arm, row) of a table in the order of the table, skipping arms that are not shown."""
    table = comparison.tables.get(name)
    arms = {arm.name: arm for arm in comparison.arms}
    for row in [] if table is None else table.to_dict("records"):
        if row["arm"] in arms:
            yield arms[row["arm"]], row
