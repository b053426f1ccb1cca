"""The tables of the report as plain text cells, each with the number it is sorted by."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.money import called
from qipan.experiments.figures.targets import target_label
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import named, shown, size
from qipan.experiments.findings.gains import parted
from qipan.experiments.findings.reading import (
    HEADLINE,
    OVER_TIME,
    clear,
    gap,
    has,
    level,
    others,
    present,
    when,
)
from qipan.experiments.report.answer import OWN_WEIGHTS, TERMS, WELFARE, WITHOUT_CHANCE, lacks
from qipan.experiments.words.labels import (
    enumerated,
    measure_label,
    region_label,
    say,
    shown_measure,
    shown_unit,
    verdict_label,
)
from qipan.experiments.words.numbers import MISSING, number, percent, percent_span, span

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison


OTHER_WEIGHTS = (*OWN_WEIGHTS, "welfare_equity")
"""Shown below the headline, which counts a yuan of any region alike."""
OF_POLICIES = ("output_discounted", "welfare", "investment_duplication")
"""Measures of the table with a row for every policy; of the first two the placebo's are shown too."""


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
    for name in present(
        comparison, dict.fromkeys((*HEADLINE[:2], *OTHER_WEIGHTS, *HEADLINE[2:], *OVER_TIME, "output_total"))
    ):
        rows += [_comparison_row(comparison, arm, name, language) for arm in comparison.arms]
    found = tuple(row for row in rows if row)
    columns = heads(
        language,
        "measure",
        "year",
        "arm",
        "#level",
        "spread",
        "#difference",
        "interval",
        "#better",
        "verdict",
        "#pairing",
    )
    return Grid("comparison", say("caption_comparison", language), columns, found)


def _comparison_row(comparison: Comparison, arm: ArmResult, name: str, language: str) -> tuple[Cell, ...]:
    here, change = level(comparison, arm.name, name), gap(comparison, arm.name, name)
    if here is None:
        return ()
    year = when(comparison, name)
    factor, label = shown_measure(name, language)
    first = (
        Cell(label),
        Cell(say("whole_run", language) if year == "total" else year),
        Cell(arm_title(arm, language)),
        figure_cell(factor * float(here["mean"])),
        Cell(span(factor * float(here["q05"]), factor * float(here["q95"]), language)),
    )
    if change is None:
        nothing = Cell(MISSING)
        return (*first, nothing, nothing, nothing, Cell(say("verdict_baseline", language)), nothing)
    written, interval = size(change, name, language, signed=True)
    sure, reduction = clear(change), float(change["variance_reduction"])
    chance = math.nan if str(change["verdict"]) in WITHOUT_CHANCE else float(change["probability_better"])
    return (
        *first,
        Cell(written, float(change["mean"]), sure),
        Cell(interval),
        figure_cell(chance, percent(chance, places=0)),
        Cell(verdict(change, language), strong=sure),
        figure_cell(reduction),
    )


def verdict(row: Any, language: str) -> str:
    """Return the printed verdict of a difference."""
    return verdict_label(str(row["verdict"]), language)


def policies_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return every policy in one row: its differences, its placebo's, who gains; None for one alone."""
    if len(comparison.policies) < 2 or not has(comparison, "differences"):
        return None
    names = present(comparison, OF_POLICIES, "differences")
    rows = []
    for arm in comparison.policies:
        placebo = comparison.of(arm.name).get("placebo")
        cells = [_change(comparison, arm, name, language) for name in names]
        for name in names[:2]:
            missing = Cell(say("none_placebo" if lacks(comparison, arm) else "no_reference", language))
            cells.append(missing if placebo is None else _change(comparison, placebo, name, language))
        rows.append(
            (
                Cell(arm_title(arm, language), strong=arm is comparison.asked),
                *cells,
                _winners(comparison, arm),
            )
        )
    of_placebo = [say("head_placebo", language, measure=shown(name, language)) for name in names[:2]]
    columns = (
        *heads(language, "policy"),
        *((measure_label(name, language, unit=language == "en"), True) for name in names),
        *((text, True) for text in of_placebo),
        *heads(language, "#regions_count"),
    )
    baseline = named(comparison.arm(comparison.baseline), language)
    return Grid("policies", say("caption_policies", language, baseline=baseline), columns, tuple(rows))


def _change(comparison: Comparison, arm: ArmResult, name: str, language: str) -> Cell:
    row = gap(comparison, arm.name, name)
    if row is None:
        return Cell(MISSING)
    written, interval = size(row, name, language, signed=True)
    text = f"{written}（{interval}）" if language == "zh" else f"{written} ({interval})"
    return Cell(text, float(row["mean"]), clear(row))


def _winners(comparison: Comparison, arm: ArmResult) -> Cell:
    table = comparison.tables.get("regions")
    if table is None or table.empty:
        return Cell(MISSING)
    gain, lose, _ = parted(table[table["arm"] == arm.name].set_index("region"))
    return Cell(f"{len(gain)} / {len(lose)}", float(len(gain) - len(lose)))


def terms_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return what the change in welfare is made of, by arm; None without its terms."""
    names = (*TERMS, WELFARE)
    if not has(comparison, "differences") or len(present(comparison, names, "differences")) < len(names):
        return None
    rows, (factor, _) = [], shown_measure(WELFARE, language)
    for arm in others(comparison):
        found = [gap(comparison, arm.name, name) for name in names]
        rows.append(
            (
                Cell(arm_title(arm, language)),
                *(
                    figure_cell(float(row["mean"]), number(factor * float(row["mean"]), signed=True), clear(row))
                    for row in found
                    if row is not None
                ),
            )
        )
    columns = (*heads(language, "arm"), *((shown_measure(name, language)[1], True) for name in names))
    return Grid(
        "terms",
        say("caption_terms", language, baseline=named(comparison.arm(comparison.baseline), language)),
        columns,
        tuple(rows),
    )


def regions_grid(comparison: Comparison, arm: ArmResult, language: str) -> Grid | None:
    """Return what each region gains in output and welfare, with intervals, and receives; None without such a table."""
    table = comparison.tables.get("regions")
    if table is None or table.empty:
        return None
    rows, (factor, _) = [], shown_unit("bn yuan", language)
    for _, row in table[table["arm"] == arm.name].iterrows():
        rows.append(
            (
                Cell(region_label(comparison.world, str(row["region"]), language)),
                figure_cell(float(row["gain"]), number(factor * float(row["gain"]), signed=True), clear(row)),
                Cell(span(factor * float(row["low"]), factor * float(row["high"]), language, signed=True)),
                figure_cell(float(row["relative"]), percent(float(row["relative"]), signed=True)),
                figure_cell(float(row["probability_gain"]), percent(float(row["probability_gain"]), places=0)),
                figure_cell(float(row["p_adjusted"]), small_probability(float(row["p_adjusted"]))),
                Cell(verdict(row, language), strong=clear(row)),
                *_welfare_cells(row, language),
            )
        )
    columns = heads(language, "region", "#gain", "interval", "#relative", "#gains", "#p_adjusted", "verdict")
    columns += heads(language, "#region_welfare", "interval", "verdict", "#transfer")
    place = comparison.policies.index(arm) if arm in comparison.policies else 0
    name = f"regions-{place + 1}" if len(comparison.policies) > 1 else "regions"
    return Grid(name, say("caption_regions", language, arm=named(arm, language)), columns, tuple(rows))


def _welfare_cells(row: Any, language: str) -> tuple[Cell, ...]:
    """A region's gain in welfare, its interval and verdict, and the net transfer it receives."""
    factor, _ = shown_unit("bn yuan", language)
    sure = row["welfare_verdict"] in ("better", "worse")
    return (
        figure_cell(float(row["welfare"]), number(factor * float(row["welfare"]), signed=True), sure),
        Cell(span(factor * float(row["welfare_low"]), factor * float(row["welfare_high"]), language, signed=True)),
        Cell(verdict_label(str(row["welfare_verdict"]), language), strong=sure),
        figure_cell(float(row["net_transfer"]), number(factor * float(row["net_transfer"]), signed=True)),
    )


def small_probability(p: float) -> str:
    """Write a p-value: below one in ten thousand only that it is."""
    return "<0.0001" if p < 1e-4 else number(p, 2)


def votes_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return whether a majority gains, by arm and weight."""
    rows = []
    for arm, row in _by_arm(comparison, "votes"):
        share, majority = float(row["share_mean"]), float(row["probability_majority"])
        rows.append(
            (
                Cell(arm_title(arm, language)),
                Cell(say(f"weight_{row['weight']}", language)),
                figure_cell(share, percent(share, places=0)),
                Cell(percent_span(float(row["share_q05"]), float(row["share_q95"]), language)),
                figure_cell(majority, percent(majority, places=0)),
            )
        )
    columns = heads(language, "arm", "weight", "#share", "spread", "#majority")
    return Grid("votes", say("caption_votes", language), columns, tuple(rows)) if rows else None


def targets_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return the chance and shortfall of each target by arm."""
    rows = []
    for arm, row in _by_arm(comparison, "targets"):
        factor, _ = shown_unit(str(row["unit"]), language)
        rows.append(
            (
                Cell(target_label(comparison, row, language).replace("\n", ", ")),
                Cell(arm_title(arm, language)),
                figure_cell(float(row["probability"]), percent(float(row["probability"]), places=0)),
                Cell(percent_span(float(row["low"]), float(row["high"]), language)),
                Cell(_at_scopes(row)),
                figure_cell(factor * float(row["obtained_median"])),
                Cell(span(factor * float(row["obtained_q05"]), factor * float(row["obtained_q95"]), language)),
                figure_cell(float(row["shortfall_mean"]), percent(float(row["shortfall_mean"]), places=0)),
                figure_cell(float(row["met_year"]), f"{row['met_year']:.0f}"),
            )
        )
    columns = heads(
        language, "target", "arm", "#met", "interval", "scopes", "#obtained", "spread", "#shortfall", "#met_year"
    )
    caption = say("caption_targets", language)
    outside = [
        f"{target.region_name_zh if language == 'zh' else target.region_name} {target.year}"
        for target in comparison.world.targets
        if target.outside
    ]
    if outside:
        caption += say("caption_targets_outside", language, names=enumerated(outside, language))
    return Grid("targets", caption, columns, tuple(rows)) if rows else None


def _at_scopes(row: Any) -> str:
    """The hit rate at the narrowest scope, the one that is set, the widest; empty in results without scopes."""
    if not math.isfinite(float(row["narrow"])):
        return ""
    return " / ".join(percent(float(row[name]), places=0) for name in ("narrow", "probability", "wide"))


def money_grid(comparison: Comparison, language: str) -> Grid | None:
    """Return money by mechanism and arm: used with interval, offered, returned, lost, return."""
    rows, (factor, _) = [], shown_unit("bn yuan", language)
    for arm, row in _by_arm(comparison, "money"):
        if row["stage"] == "all":
            numbers = [figure_cell(factor * float(row[key])) for key in ("offered", "returned", "lost")]
            rate = float(row["return_rate"])
            rows.append(
                (
                    Cell(called("mechanism", str(row["mechanism"]), language)),
                    Cell(arm_title(arm, language)),
                    figure_cell(factor * float(row["used"])),
                    Cell(span(factor * float(row["used_q05"]), factor * float(row["used_q95"]), language)),
                    *numbers,
                    figure_cell(1.0 + rate),
                )
            )
    columns = heads(language, "mechanism", "arm", "#used", "spread", "#offered", "#returned", "#lost", "#return")
    return Grid("money", say("caption_money", language), columns, tuple(rows)) if rows else None


def _by_arm(comparison: Comparison, name: str) -> Iterable[tuple[ArmResult, Any]]:
    """Yield (arm, row) of a table in the order of the table, skipping arms that are not shown."""
    table = comparison.tables.get(name)
    arms = {arm.name: arm for arm in comparison.arms}
    for row in [] if table is None else table.to_dict("records"):
        if row["arm"] in arms:
            yield arms[row["arm"]], row
