"""Tables of the page that set all arms beside each other: ranks, welfare counted to several years, the assumptions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.assumptions import headline, labels, ranked, value_text
from qipan.experiments.findings.finding import named
from qipan.experiments.findings.horizons import horizon_rows
from qipan.experiments.findings.ranks import SHOWN
from qipan.experiments.findings.reading import clear
from qipan.experiments.report.grids import Cell, Grid, figure_cell, heads
from qipan.experiments.summaries.ranking import UNTIL, open_ranks, ranks_text
from qipan.experiments.words.labels import say, shown_measure, shown_unit
from qipan.experiments.words.numbers import MISSING, between, fixed, number, percent, places_for, span

if TYPE_CHECKING:
    from qipan.experiments.findings.assumptions import Assumption
    from qipan.experiments.summaries.comparison import Comparison


def ranking_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return each arm's mean, the ranks it may hold and the arms it is proven better than; None without ranks."""
    table = comparison.tables.get("ranking")
    if table is None or table.empty or len(comparison.arms) < 2:
        return None
    titles = {arm.name: arm_title(arm, language) for arm in comparison.arms}
    rows = []
    for row in table[table["measure"].isin(SHOWN)].to_dict("records"):
        factor, label = shown_measure(str(row["measure"]), language)
        below = [titles[name] for name in filter(None, str(row["better_than"] or "").split(", "))]
        rows.append(
            (
                Cell(label),
                Cell(titles[str(row["arm"])]),
                figure_cell(factor * float(row["mean"])),
                Cell(span(factor * float(row["low"]), factor * float(row["high"]), language)),
                Cell(ranks_text(row), row["best"] + row["worst"] / 1000),
                figure_cell(float(row["probability_best"]), percent(float(row["probability_best"]), places=0)),
                Cell(("; " if language == "en" else "；").join(below) or MISSING),
            )
        )
    columns = heads(language, "measure", "arm", "#level", "interval", "#ranks", "#first", "above")
    return Grid("ranking", say("caption_ranking", language), columns, tuple(rows))


def horizons_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return what each arm does to welfare counted to each year, with its ranks there; None with one year only."""
    by_arm = horizon_rows(comparison)
    if not by_arm:
        return None
    years = [row["year"] for row in next(iter(by_arm.values()))]
    rows = []
    for arm in [arm for arm in comparison.arms if arm.name in by_arm]:
        cells = [cell for row in by_arm[arm.name] for cell in _counted(comparison, row, language)]
        rows.append((Cell(arm_title(arm, language)), *cells))
    columns = [(say(key, language, year=year), True) for year in years for key in ("head_until", "head_until_ranks")]
    baseline = named(comparison.arm(comparison.baseline), language)
    caption = say("caption_horizons", language, baseline=baseline)
    return Grid("horizons", caption, (*heads(language, "arm"), *columns), tuple(rows))


def _counted(comparison: Comparison, row: Any, language: str) -> tuple[Cell, Cell]:
    """The difference with its interval, in bold where it can be told from zero, and the ranks left open."""
    factor, _ = shown_unit("bn yuan", language)
    mean, low, high = (factor * float(row[key]) for key in ("mean", "low", "high"))
    if not math.isfinite(mean):
        return Cell(MISSING), Cell(MISSING)
    open_there = open_ranks(comparison, str(row["arm"]), UNTIL, str(row["year"]))
    ranks = Cell(open_there or MISSING, float(open_there.partition("–")[0]) if open_there else None)
    if not math.isfinite(low):
        return Cell(number(mean, signed=True), mean), ranks
    places = places_for((high - low) / 2) if high > low else 0
    interval = between(fixed(low, places, True), fixed(high, places, True), language)
    written = fixed(mean, places, True)
    text = f"{written}（{interval}）" if language == "zh" else f"{written} ({interval})"
    return Cell(text, mean, clear(row)), ranks


def importance_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return every assumption on the headline measure, largest swing first; None where they were not ranked."""
    found = ranked(comparison)
    if not found:
        return None
    rows = tuple(_importance_row(number, one, language) for number, one in enumerate(found, 1))
    columns = heads(
        language,
        "#place",
        "parameter",
        "sign",
        "plausible",
        "value",
        "#shift_low",
        "interval",
        "#shift_high",
        "interval",
        "#swing",
        "#at_low",
        "#at_high",
        "grade",
    )
    _, label = shown_measure(headline(comparison), language)
    return Grid("importance", say("caption_importance", language, measure=label), columns, rows)


def _importance_row(number: int, one: Assumption, language: str) -> tuple[Cell, ...]:
    factor, _ = shown_measure(str(next(iter(one.rows.values()))["measure"]), language)
    ends = [one.rows.get(end) for end in ("low", "high")]
    some = next(row for row in ends if row is not None)
    between = "至" if language == "zh" else " to "
    values = between.join(MISSING if row is None else value_text(float(row["value"])) for row in ends)
    shifts = [cell for row in ends for cell in _shift(row, factor, language)]
    half = factor * max((float(row["high"]) - float(row["low"])) / 2 for row in ends if row is not None)
    swing = fixed(factor * one.swing, places_for(half) if half else 0)
    return (
        Cell(str(number), float(number)),
        Cell(labels(language)[one.parameter]),
        Cell(_sign(one, language), strong=one.decides),
        Cell(values),
        Cell(value_text(float(some["used"]))),
        *shifts,
        Cell(swing, one.swing),
        *(_there(row, factor) for row in ends),
        Cell(say(f"grade_{some['grade']}", language)),
    )


def _shift(row: Any, factor: float, language: str) -> tuple[Cell, Cell]:
    """The shift, in bold where it can be told from zero, and its interval."""
    if row is None or not math.isfinite(float(row["shift"])):
        return Cell(MISSING), Cell(MISSING)
    shift, low, high = (factor * float(row[key]) for key in ("shift", "low", "high"))
    places = places_for((high - low) / 2) if high > low else 0
    told = Cell(fixed(shift, places, True), float(row["shift"]), float(row["p_adjusted"]) <= 0.05)
    return told, Cell(between(fixed(low, places, True), fixed(high, places, True), language))


def _there(row: Any, factor: float) -> Cell:
    if row is None:
        return Cell(MISSING)
    half = factor * (float(row["difference_high"]) - float(row["difference_low"])) / 2
    return Cell(
        fixed(factor * float(row["difference"]), places_for(half) if half else 0, True), float(row["difference"])
    )


def _sign(one: Assumption, language: str) -> str:
    words = [
        say(f"sign_{row['sign']}", language, end=say(f"end_{end}", language))
        for end, row in one.rows.items()
        if row["sign"] != "keeps"
    ]
    return ("; " if language == "en" else "；").join(words) or say("sign_keeps", language)
