"""One region of a comparison in sentences and tables: what it gains or loses, why, how often it meets targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.examine.region import MONEY, OUTPUT, OWN_TARGET, TERMS, WELFARE, RegionView, effect
from qipan.experiments.figures.targets import target_label
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import named, opening, shown
from qipan.experiments.findings.reading import clear
from qipan.experiments.report.grids import Cell, Grid
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NOT_DISTINGUISHABLE
from qipan.experiments.words.labels import (
    Topic,
    enumerated,
    listed,
    region_label,
    sector_label,
    shown_measure,
    shown_unit,
    verdict_label,
)
from qipan.experiments.words.numbers import number, percent, percent_span, span, yuan
from qipan.model.measures.regional import REGION_COSTS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult

say = Topic("region")


def name_of(seen: RegionView, language: str) -> str:
    """What the region is called."""
    return region_label(seen.comparison.world, seen.code, language)


def title(seen: RegionView, language: str) -> str:
    """The title of its page."""
    return say("title", language, region=name_of(seen, language))


def sentences(seen: RegionView, language: str) -> list[str]:
    """For every policy what the region gains or loses, why, and what its placebo does; then the targets."""
    found, comparison = [], seen.comparison
    base = named(comparison.arm(comparison.baseline), language)
    if comparison.policies:
        regions = len(comparison.world.region_codes)
        found.append(say("against", language, baseline=base, n=comparison.arms[0].replicates, regions=regions))
    for arm in comparison.policies:
        found += [_welfare(seen, arm, language), _why(seen, arm, language), _money(seen, arm, language)]
        placebo = comparison.of(arm.name).get("placebo")
        found.append("" if placebo is None else _welfare(seen, placebo, language))
    found += [_own_target(seen, language), say("kept", language)]
    return [text for text in found if text]


def change(row: Any, language: str, sign: float = 1.0) -> tuple[str, str]:
    """A difference and its interval as written; with sign -1 what a cost does to welfare."""
    factor, _ = shown_unit("bn yuan", language)
    mean, low, high = (factor * float(row[key]) for key in ("mean", "low", "high"))
    low, high = (low, high) if sign > 0 else (-high, -low)
    if row["verdict"] == NO_INTERVAL:
        return number(sign * mean, signed=True), say("no_interval", language)
    return number(sign * mean, signed=True), say("interval", language, span=span(low, high, language, signed=True))


def _welfare(seen: RegionView, arm: ArmResult, language: str) -> str:
    row = effect(seen, arm.name, WELFARE)
    if row is None:
        return ""
    key = "gains" if row["verdict"] == "better" else "loses" if row["verdict"] == "worse" else "untold"
    key = "same" if row["verdict"] == IDENTICAL else key
    mean, interval = change(row, language)
    said = {"mean": mean if key == "untold" else mean.lstrip("+\N{MINUS SIGN}"), "interval": interval}
    regions = len(seen.comparison.world.region_codes)
    place = {"rank": int(row["rank"]), "regions": regions}
    return say(key, language, arm=opening(named(arm, language)), region=name_of(seen, language), **said, **place)


def _why(seen: RegionView, arm: ArmResult, language: str) -> str:
    """The terms of welfare that make the difference, largest first, and those that cannot be told."""
    rows = [(name, effect(seen, arm.name, name)) for name in TERMS]
    there = [(name, row) for name, row in rows if row is not None and row["verdict"] != IDENTICAL]
    there.sort(key=lambda pair: -abs(float(pair[1]["mean"])))
    sure = [_term(name, row, language) for name, row in there if clear(row)]
    unsure = [_term(name, row, language) for name, row in there if not clear(row)]
    parts = [say("told", language, terms=enumerated(sure, language))] if sure else [say("none_told", language)]
    if unsure:
        parts.append(say("not_told", language, terms=enumerated(unsure, language)))
    return say("why", language, parts=("；" if language == "zh" else "; ").join(parts)) if there else ""


def _term(name: str, row: Any, language: str) -> str:
    """One term as it moves welfare: a cost that rises counts against it."""
    mean, interval = change(row, language, -1.0 if name in REGION_COSTS else 1.0)
    return say("term", language, term=shown(name, language), mean=mean, interval=interval)


def _money(seen: RegionView, arm: ArmResult, language: str) -> str:
    rows = [effect(seen, arm.name, name) for name in MONEY]
    if any(row is None for row in rows) or all(row["verdict"] == IDENTICAL for row in rows if row is not None):
        return ""
    support, levy, net, used = (change(row, language) for row in rows)
    said = {"support": support[0], "levy": levy[0], "net": net[0], "interval": net[1]}
    return say("money", language, **said, used=used[0], span=used[1])


def _own_target(seen: RegionView, language: str) -> str:
    table = seen.tables.get(OWN_TARGET)
    if table is None:
        return ""
    wanted = {"baseline", "policy", "placebo"}
    rows = {row.arm: row for row in table.itertuples()}
    said = [
        say(
            "share_under",
            language,
            arm=named(arm, language),
            share=percent(rows[arm.name].share),
            interval=percent_span(rows[arm.name].low, rows[arm.name].high, language),
        )
        for arm in seen.comparison.arms
        if arm.role in wanted
    ]
    first = table.iloc[0]
    factor, unit = yuan([float(first["value"])], language)
    kept = int(first["n"])
    few = say("few", language, n=f"{kept:,}") if kept < seen.comparison.arms[0].replicates else ""
    return few + say(
        "own_target",
        language,
        region=name_of(seen, language),
        value=f"{factor * first['value']:,g}",
        unit=unit,
        year=int(first["year"]),
        shares=listed(said, language),
    )


def grids(seen: RegionView, language: str, short: bool = False) -> list[Grid]:
    """The tables of the region, as the page shows them; `short` as the terminal prints them, with the terms of welfare
    of policies and their placebos alone.
    """
    made = []
    if len(seen.tables["effects"]):
        made += [
            _effects(seen, "region-effects", (WELFARE, OUTPUT, *MONEY[:3]), language),
            _effects(seen, "region-terms", TERMS, language, ("policy", "placebo") if short else ()),
        ]
    made.append(_sectors(seen, language))
    if len(seen.tables["targets"]):
        made.append(_targets(seen, language))
    if OWN_TARGET in seen.tables:
        made.append(_own(seen, language))
    return made


def _effects(seen: RegionView, name: str, measures: Sequence[str], language: str, roles: Sequence[str] = ()) -> Grid:
    """A row for each arm, or each of some roles; a column for each measure, and one for the rank in welfare."""
    ranked = measures[0] == WELFARE
    heads = [(say("arm", language), False), *((shown_measure(one, language)[1], True) for one in measures)]
    if ranked:
        heads.insert(2, (say("rank", language, regions=len(seen.comparison.world.region_codes)), True))
    rows = []
    for arm in seen.comparison.arms:
        found = [effect(seen, arm.name, one) for one in measures]
        if found[0] is None or (roles and arm.role not in roles):
            continue
        cells = [_cell(row, language) for row in found]
        if ranked:
            cells.insert(1, Cell(str(int(found[0]["rank"])), float(found[0]["rank"])))
        rows.append((Cell(arm_title(arm, language)), *cells))
    base = named(seen.comparison.arm(seen.comparison.baseline), language)
    caption = say(name.removeprefix("region-"), language, region=name_of(seen, language), baseline=base)
    return Grid(name, caption, tuple(heads), tuple(rows))


def _cell(row: Any, language: str) -> Cell:
    """Difference, interval and verdict, one below the other."""
    if row is None:
        return Cell("")
    factor, _ = shown_unit("bn yuan", language)
    lines = (
        number(factor * row["mean"], signed=True),
        span(factor * row["low"], factor * row["high"], language, signed=True),
    )
    found = str(row["verdict"])
    word = say("cannot", language) if found == NOT_DISTINGUISHABLE else verdict_label(found, language)
    said = "\n".join((*lines, word))
    return Cell(said, float(row["mean"]), clear(row))


def _sectors(seen: RegionView, language: str) -> Grid:
    """A row for each sector and arm: share of futures in it and mean capacity, under the baseline and every policy."""
    comparison, table = seen.comparison, seen.tables["sectors"]
    shown_arms = [arm for arm in comparison.arms if arm.role in ("baseline", "policy")]
    places = {(row.arm, row.sector): row for row in table.itertuples()}
    factor, _ = shown_unit("bn yuan/year", language)
    rows = []
    for code in comparison.world.sector_codes:
        for arm in shown_arms:
            row = places[arm.name, code]
            rows.append(
                (
                    Cell(sector_label(comparison.world, code, language)),
                    Cell(arm_title(arm, language)),
                    Cell(percent(row.share), float(row.share)),
                    Cell(number(factor * row.capacity), float(row.capacity)),
                )
            )
    heads = [
        (say(key, language), key in ("share_of", "capacity_of")) for key in ("sector", "arm", "share_of", "capacity_of")
    ]
    caption = say("sectors", language, region=name_of(seen, language), year=comparison.year_told)
    return Grid("region-sectors", caption, tuple(heads), tuple(rows))


def _share(row: Any, language: str) -> Cell:
    interval = percent_span(float(row["low"]), float(row["high"]), language)
    return Cell(f"{percent(float(row['share']))}\n{interval}", float(row["share"]))


def _targets(seen: RegionView, language: str) -> Grid:
    """A row for each arm, a column for each stated target: the share of futures in which it is met."""
    comparison, table = seen.comparison, seen.tables["targets"]
    asked = table.drop_duplicates("target").to_dict("records")
    heads = [target_label(comparison, row, language).replace("\n", " ") for row in asked]
    caption = say("targets", language, region=name_of(seen, language), scope=f"{table['scope'].max():g}")
    return _shares(seen, "region-targets", caption, heads, [row["target"] for row in asked], table, language)


def _own(seen: RegionView, language: str) -> Grid:
    table = seen.tables[OWN_TARGET].assign(target="")
    first = table.iloc[0]
    factor, unit = yuan([float(first["value"])], language)
    head = say("own_head", language, value=f"{factor * first['value']:,g}", unit=unit, year=int(first["year"]))
    caption = say("own", language, region=name_of(seen, language))
    return _shares(seen, "region-own-target", caption, [head], [""], table, language)


def _shares(
    seen: RegionView,
    name: str,
    caption: str,
    heads: Sequence[str],
    targets: Sequence[str],
    table: pd.DataFrame,
    language: str,
) -> Grid:
    places = {(row["arm"], row["target"]): row for row in table.to_dict("records")}
    rows = [
        (Cell(arm_title(arm, language)), *(_share(places[arm.name, one], language) for one in targets))
        for arm in seen.comparison.arms
    ]
    return Grid(name, caption, ((say("arm", language), False), *((head, True) for head in heads)), tuple(rows))
