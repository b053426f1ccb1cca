"""Targets of a scenario: met or not in both readings, how far short, when, what the gap is made of, what decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.designs.sweep_points import Axis, unit_points
from qipan.experiments.results.own_data import say_own
from qipan.experiments.statistics.paired import Array, wilson_interval
from qipan.experiments.statistics.resampling import resample_counts
from qipan.experiments.summaries.scores import obtained
from qipan.experiments.summaries.targets import (
    at_scope,
    first_year,
    gap_by_part,
    is_met,
    scopes,
    shortfall,
    variance_shares,
)
from qipan.model.errors import Problem, UserError
from qipan.model.extend.registry import MECHANISMS
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world
from qipan.model.world.record import OUTSIDE_SCOPE

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.history import History
    from qipan.model.scenario import Scenario
    from qipan.model.world import Target

READINGS = ("corrected", "as_printed")
LEVELS = (
    "world.market.scope",
    "world.market.value_level",
    "world.market.demand_level",
    "world.market.ceiling_before",
    "world.technology.capital_productivity",
    "world.technology.industrial_cost",
    "world.technology.initial_growth",
    "world.technology.initial_research",
    "world.technology.expansion",
    "policy.funding.enterprise_share",
    "policy.funding.government_share",
    "policy.funding.guidance_share",
    "policy.funding.venture_pool",
)
"""Parameters whose values set the level of output and are assumed, not measured; the first is how widely
targets count."""
POINTS, AT_EACH = 32, 32
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def refuse_points(points: int) -> None:
    """Refuse a number of values from which no variance between them follows.

    Raises:
        UserError: There is one only.
    """
    if points == 1:
        hint = f"give at least 2, better {POINTS}, or 0 to leave that out"
        raise UserError(Problem("command line", "--points", "one value has no variance between values", hint))


def study_targets(scenario: Scenario, points: int = POINTS, language: str = "en") -> dict[str, pd.DataFrame]:
    """Tables `catalogue`, `attainment`, `gaps` and `levels` of a scenario's targets.

    Args:
        scenario: With its replicates.
        points: Values of the level parameters to try; 0 leaves table `levels` empty.
        language: In which own data are told of.
    """
    import pandas as pd

    from qipan import run

    refuse_points(points)
    say_own(load_world(scenario.world), language)
    history = run(scenario, fields=["output", "money", "adopted"])
    readings = {name: load_world(scenario.replace(**{"world.targets": name}).world).targets for name in READINGS}
    now = readings[scenario.world.targets]
    return {
        "catalogue": catalogue(now),
        "attainment": pd.concat(
            [attainment(history, targets, name) for name, targets in readings.items()], ignore_index=True
        ),
        "gaps": gaps(history, now),
        "levels": levels(scenario, now, points) if points else pd.DataFrame(),
    }


def catalogue(targets: tuple[Target, ...]) -> pd.DataFrame:
    """Every target with both readings, and why it is not simulated where it is not."""
    import pandas as pd

    columns = (
        "identifier",
        "region",
        "region_name",
        "level",
        "indicator",
        "comparator",
        "value",
        "unit",
        "year",
        "value_as_printed",
        "year_as_printed",
        "simulated",
        "measured_by",
        "threshold",
        "why_not",
        "reading",
        "source",
        "issued",
        "confidence",
    )
    return pd.DataFrame([[getattr(target, name) for name in columns] for target in targets], columns=list(columns))


def within(history: History, targets: tuple[Target, ...]) -> list[Target]:
    """Targets that this run can be held against: simulated, and in one of its years."""
    return [target for target in targets if target.simulated and target.year in history.years]


def attainment(history: History, targets: tuple[Target, ...], reading: str) -> pd.DataFrame:
    """For each target: share of futures that meet it, shortfall, and the year in which its level is first reached."""
    import pandas as pd

    rows, market = [], history.scenario.world.market
    for target in within(history, targets):
        values = obtained(history, target)
        elsewhere = (is_met(at_scope(values, target, market, s), target.value, target.comparator) for s in scopes())
        met = wilson_interval(float(is_met(values, target.value, target.comparator).mean()), len(values))
        short = shortfall(values, target.value)
        when = first_year(_path(history, target), history.years, target.value)
        reached = when[np.isfinite(when)]
        spread = np.quantile(reached, QUANTILES[::2]) if len(reached) else (np.nan,) * 3
        rows.append(
            (
                target.identifier,
                target.region_name,
                target.indicator,
                reading,
                target.year,
                target.value,
                target.unit,
                *(float(end) for end in (met.estimate, met.low, met.high)),
                float(short.mean()),
                *map(float, np.quantile(short, QUANTILES)),
                len(reached) / len(values),
                *map(float, spread),
                len(values),
                market.scope if target.broad else 1.0,
                *(float(each.mean()) for each in elsewhere),
            )
        )
    head = [
        "target",
        "region",
        "indicator",
        "reading",
        "year",
        "value",
        "unit",
        "probability",
        "low",
        "high",
        "shortfall_mean",
        *(f"shortfall_q{round(100 * level):02d}" for level in QUANTILES),
        "ever_reached",
        "met_year_q05",
        "met_year_median",
        "met_year_q95",
        "n",
        "scope",
        "narrow",
        "wide",
    ]
    return pd.DataFrame(rows, columns=head)


def _path(history: History, target: Target) -> Array:
    """The target's indicator in its own unit in every year, (replicate, year)."""
    place = history.world.region_codes.index(target.region)
    flow = np.add.reduce(history["output"][:, :, place], axis=-1)
    year = int(np.flatnonzero(history.years == target.year)[0])
    scale = obtained(history, target) / np.maximum(flow[:, year], 1e-300)
    return np.asarray(flow * scale[:, None])


def gaps(history: History, targets: tuple[Target, ...]) -> pd.DataFrame:
    """Which sectors the gap comes from, and which money goes with it.

    kind sector: the region's output by sector in the target's year, in the target's unit; parts sum to the gap between
    replicates that meet and that miss. variance: share of the indicator's variance that goes with the part.
    kind "mechanism, nation": the nation's money by mechanism up to that year, met less missed, bn yuan; it is not kept
    by region.
    """
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for target in within(history, targets):
        place, year = history.world.region_codes.index(target.region), int(target.year or 0) - int(history.years[0])
        output = history["output"][:, year, place]
        parts = output * (obtained(history, target) / np.maximum(output.sum(axis=1), 1e-300))[:, None]
        met = is_met(parts.sum(axis=1), target.value, target.comparator)
        found, variance = gap_by_part(parts, target.value, target.comparator), variance_shares(parts)
        for k, code in enumerate(history.world.sector_codes):
            gap = np.nan if found.parts is None else float(found.parts[k])
            rows.append((target.identifier, "sector", code, gap, float(variance[k]), found.met, found.missed))
        money = np.add.reduce(history["money"][:, : year + 1], axis=(1, 3))
        for m, name in enumerate(MECHANISMS):
            apart = np.nan if met.all() or not met.any() else float(money[met, m].mean() - money[~met, m].mean())
            rows.append((target.identifier, "mechanism, nation", name, apart, np.nan, found.met, found.missed))
    head = ["target", "kind", "part", "met_less_missed", "variance", "met", "missed"]
    return pd.DataFrame(rows, columns=head)


def levels(scenario: Scenario, targets: tuple[Target, ...], points: int) -> pd.DataFrame:
    """Share of the variance of attainment (met or not) and of what is obtained that is due to the level parameters.

    The parameters of `LEVELS` go over their plausible ranges at points of a Sobol sequence, with 32 replicates at each
    on the same draws (see `share_between`).
    """
    import pandas as pd

    from qipan import run

    table = parameter_table()
    axes = [Axis(key, *map(float, table[key].plausible or (0.0, 0.0))) for key in LEVELS if table[key].plausible]
    values: dict[str, list[Array]] = {}
    chosen: dict[str, Target] = {}
    for place in unit_points("sobol", points, len(axes), scenario.run.seed):
        here = scenario.replace(**{axis.key: axis.value(float(u)) for axis, u in zip(axes, place, strict=True)})
        history = run(here, replicates=range(AT_EACH), fields=["output"])
        for target in within(history, targets):
            chosen[target.identifier] = target
            values.setdefault(target.identifier, []).append(obtained(history, target))
    rows = []
    for name, columns in values.items():
        got = np.stack(columns)
        met = is_met(got, chosen[name].value, chosen[name].comparator) * 1.0
        rows.append(
            (
                name,
                float(met.mean()),
                *share_between(met),
                *share_between(np.log(np.maximum(got, 1e-12))),
                points,
                AT_EACH,
            )
        )
    head = [
        "target",
        "probability_over_levels",
        "met_share",
        "met_low",
        "met_high",
        "output_share",
        "output_low",
        "output_high",
        "points",
        "replicates",
    ]
    return pd.DataFrame(rows, columns=head)


def share_between(values: Array, resamples: int = 400) -> tuple[float, float, float]:
    """Share of variance between points in values (point, replicate), with its 95% bootstrap interval; NaN without any.

    Replicates are the same draws at every point, so rows and columns are crossed: variance of the points' means less
    what the residual puts there, over that of points, of replicates and residual together (two-way analysis of
    variance). Points (0, 0) and (2, 2): all of it. Points (0, 2) and (2, 4): half.
    """
    share = crossed_share(values)
    if not np.isfinite(share):
        return (np.nan, np.nan, np.nan)
    counts = resample_counts(len(values), np.arange(resamples), seed=1).astype(np.int64)
    drawn = [crossed_share(np.repeat(values, count, axis=0)) for count in counts]
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return share, float(low), float(high)


def crossed_share(values: Array) -> float:
    """Share of variance between rows of a crossed table; NaN where nothing varies."""
    points, replicates = values.shape
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    residual = values - rows[:, None] - columns + values.mean()
    noise = float((residual * residual).sum()) / ((points - 1) * (replicates - 1))
    between = max(float(rows.var(ddof=1)) - noise / replicates, 0.0)
    chance = max(float(columns.var(ddof=1)) - noise / points, 0.0)
    whole = between + chance + noise
    return between / whole if whole > 1e-15 else float("nan")


HEADS = ("target", "reading", "value", "met", "interval", "shortfall", "year", "gap", "level")
"""Columns of what is printed."""


def print_targets(tables: dict[str, pd.DataFrame], language: str) -> None:
    """Print attainment in both readings, and what the gap comes from."""
    from rich.console import Console
    from rich.table import Table

    from qipan.experiments.words.labels import say
    from qipan.experiments.words.numbers import number, percent, percent_span

    printed = Table()
    (low, high), rows = scopes(), tables["attainment"]
    for head in HEADS:
        said = say(f"targets.head.{head}", language, low=low, scope=rows["scope"].max(), high=high)
        printed.add_column(said, overflow="fold")
    for row in rows.itertuples():
        printed.add_row(
            row.target,
            say(f"targets.reading.{row.reading}", language),
            _value(row, language),
            " / ".join(percent(share) for share in (row.narrow, row.probability, row.wide)),
            percent_span(row.low, row.high, language),
            percent(row.shortfall_q50),
            number(row.met_year_median, digits=4).replace(",", ""),
            _largest(tables["gaps"], row.target),
            _levels(tables["levels"], row.target),
        )
    for row in tables["catalogue"].itertuples():
        if row.why_not == OUTSIDE_SCOPE:
            printed.add_row(
                row.identifier, "", _value(row, language), say("outside_scope", language), *[""] * (len(HEADS) - 4)
            )
    console = Console()
    console = console if console.is_terminal else Console(width=170)
    console.print(printed)
    console.print(say("targets_scope", language, low=f"{low:g}", high=f"{high:g}"))
    left = tables["catalogue"]
    silent = int((~left["simulated"].astype(bool)).sum())
    console.print(say("targets.silent", language, count=silent, all=len(left)))


def _value(row: Any, language: str) -> str:
    from qipan.experiments.words.labels import shown_unit
    from qipan.experiments.words.numbers import percent

    if language == "zh" and row.unit == "share":
        return percent(row.value)
    factor, unit = shown_unit(row.unit, language)
    return f"{factor * row.value:,g}" + ("" if language == "zh" else " ") + unit


def _largest(table: pd.DataFrame, target: str) -> str:
    """The sector with the largest part of the gap; of the variance where no gap can be formed."""
    rows = table[(table["target"] == target) & (table["kind"] == "sector")]
    if rows.empty:
        return ""
    column = "met_less_missed" if rows["met_less_missed"].notna().all() else "variance"
    return str(rows.loc[rows[column].idxmax(), "part"])


def _levels(table: pd.DataFrame, target: str) -> str:
    from qipan.experiments.words.numbers import percent, percent_span

    rows = table[table["target"] == target] if len(table) else table
    if not len(rows) or not np.isfinite(rows["met_share"].iloc[0]):
        return ""
    row = rows.iloc[0]
    return f"{percent(row['met_share'])} ({percent_span(row['met_low'], row['met_high'], 'en')})"
