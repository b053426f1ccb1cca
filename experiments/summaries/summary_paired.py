"""Tables made from summaries that set arms against each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.statistics.estimates import ERROR
from qipan.experiments.statistics.moments import Moments
from qipan.experiments.statistics.multiplicity import benjamini_hochberg, holm
from qipan.experiments.statistics.paired import (
    Array,
    p_value_of,
    reduction_of,
    t_quantile,
    verdict,
    wilson_interval,
)
from qipan.experiments.summaries.columns import pairs_of
from qipan.experiments.summaries.paired import AGAINST, BORNE, WEIGHTS, incidence_rows
from qipan.experiments.summaries.ranking import ranked_columns
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.single import TOTAL, frame
from qipan.experiments.summaries.summary import Summary
from qipan.model.world.names import six_digits

if TYPE_CHECKING:
    import pandas as pd


def interval_of(moments: Moments, column: int) -> tuple[float, float, float]:
    """Mean of a column with its t interval at 95%."""
    mean, n = float(moments.centre[column]), float(moments.count[column])
    half = t_quantile(n - 1.0) * float(moments.error[column]) if n > 1 else np.inf
    return mean, mean - half, mean + half


def differences_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `differences`: every measure and year of every arm against the first, paired by replicate."""
    from qipan.model.measures import MEASURES

    rows: list[tuple[Any, ...]] = []
    for place, arm in list(enumerate(names))[1:]:
        (median,) = summary.quantiles(f"difference/{place}", (0.5,))
        for column, (measure, year) in enumerate(summary.names):
            direction = MEASURES[measure].direction
            found = _difference(summary, place, column, direction, float(median[column]))
            rows.append((arm, names[0], measure, year, *found))
    return frame("differences", rows)


def _difference(summary: Summary, place: int, column: int, direction: str, median: float) -> tuple[Any, ...]:
    """The columns of `differences` from `mean` on; the interval of resampling is the t interval."""
    apart, ours, theirs = (summary.moments[f"{kind}/{place}"] for kind in ("difference", "ours", "theirs"))
    n = int(apart.count[column])
    if not n:
        return (*(np.nan,) * 11, 0, verdict(np.nan, np.nan, direction))
    mean, low, high = interval_of(apart, column)
    twice = int(summary.counts[f"difference/{place}"][column])
    better = wilson_interval((2 * n - twice if direction == "lower is better" else twice) / (2.0 * n), n)
    alone, together = ours.variance[column] + theirs.variance[column], apart.variance[column]
    reduction = float(reduction_of(alone, together)) if n > 1 else 1.0
    return (
        mean,
        low,
        high,
        low,
        high,
        median,
        float(theirs.centre[column]),
        float(better.estimate),
        float(better.low),
        float(better.high),
        reduction,
        n,
        verdict(low, high, direction),
    )


def regions_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `regions`: who gains and who loses output and welfare against the first arm, with false-discovery control
    of each; what each receives from the nation.
    """
    world = summary.setting.world
    rows, digits = [], six_digits(world)
    for place, arm in list(enumerate(names))[1:]:
        gain, base = summary.moments[f"gain/{place}"], summary.moments["region/0"].centre
        chances = chances_of(gain)
        adjusted = benjamini_hochberg(chances)
        welfare, transfer = (summary.moments[f"{kind}/{place}"] for kind in ("welfare", "transfer"))
        certain = benjamini_hochberg(chances_of(welfare)) <= ERROR
        for number, code in enumerate(world.region_codes):
            mean, low, high = interval_of(gain, number)
            sure = adjusted[number] <= ERROR
            better = float(summary.counts[f"gain/{place}"][number] / (2.0 * gain.count[number]))
            rows.append(
                (
                    arm,
                    code,
                    world.region_names[number],
                    world.region_names_zh[number],
                    digits[number],
                    mean,
                    low,
                    high,
                    mean / float(base[number]) if base[number] > 0 else np.nan,
                    better,
                    float(chances[number]),
                    float(adjusted[number]),
                    verdict(low, high, "higher is better", bool(sure)),
                    *(found := interval_of(welfare, number)),
                    verdict(*found[1:], "higher is better", bool(certain[number])),
                    float(transfer.centre[number]),
                )
            )
    return frame("regions", rows)


def incidence_table(summary: Summary, names: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Table `incidence`: every measure of one region against the first arm; `measures` in order of their names."""
    rows: list[tuple[Any, ...]] = []
    world, base = summary.setting.world, summary.moments[f"{BORNE}/0"].centre
    regions = len(world.region_codes)
    for place, arm in list(enumerate(names))[1:]:
        for number, name in enumerate(measures):
            columns = slice(number * regions, (number + 1) * regions)
            apart = summary.moments[f"{AGAINST}/{place}"].columns(columns)
            n, mean = int(apart.count[0]), apart.centre
            half = t_quantile(n - 1.0) * apart.error if n > 1 else np.full(regions, np.inf)
            chances = p_value_of(mean, apart.error, n)
            rows += incidence_rows(arm, name, base[columns], (mean, mean - half, mean + half), chances, n, world)
    return frame("incidence", rows)


def chances_of(moments: Moments) -> Array:
    """Two-sided p of the paired t test of each column; all columns have the same count."""
    return p_value_of(moments.centre, moments.error, int(moments.count[0]))


def votes_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `votes`: would a majority of regions vote for the arm? Weights by output are the mean of each block."""
    rows = []
    for place, arm in list(enumerate(names))[1:]:
        group = f"votes/{place}"
        moments, (low, high) = summary.moments[group], summary.quantiles(group, (0.05, 0.95))
        for column, weight in enumerate(WEIGHTS):
            n = int(moments.count[column])
            if n == int(moments.count[0]):
                won = wilson_interval(float(summary.counts[group][column]) / (2.0 * n), n)
                rows.append(
                    (
                        arm,
                        weight,
                        float(moments.centre[column]),
                        float(low[column]),
                        float(high[column]),
                        *map(float, (won.estimate, won.low, won.high)),
                    )
                )
    return frame("votes", rows)


def ranking_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `ranking`: for each measure the arms, best mean first, and the ranks each may hold, as `ranking`."""
    rows: list[tuple[Any, ...]] = []
    columns = {key: place for place, key in enumerate(summary.names)}
    part: Part = {f"{TOTAL if year == TOTAL else 'year'}:{name}": np.empty(0) for name, year in summary.names}
    for key, (measure, year, _) in ranked_columns(part, summary.setting.years, summary.setting.told).items():
        if f"first/{key}" not in summary.moments:
            continue
        column = columns[measure, year]
        values = [summary.moments[f"value/{arm}"].columns(slice(column, column + 1)) for arm in range(len(names))]
        n = int(values[0].count[0])
        if n >= 2 and all(value.count[0] == summary.moments["region/0"].count[0] for value in values):
            rows += [(measure, year, *row) for row in _ranked(summary, key, measure, names, values)]
    return frame("ranking", rows)


def _ranked(
    summary: Summary, key: str, measure: str, names: Sequence[str], values: Sequence[Moments]
) -> list[tuple[Any, ...]]:
    """Rows of one measure from `arm` on, best mean first."""
    from qipan.model.measures import MEASURES

    sign = 1.0 if MEASURES[measure].direction == "higher is better" else -1.0
    proven = _proven(summary, key, len(names), sign)
    first = summary.moments[f"first/{key}"].mean
    rows = []
    for place in np.argsort([-sign * float(value.centre[0]) for value in values], kind="stable"):
        better, worse = (
            [name for name, sure in zip(names, line, strict=True) if sure] for line in (proven[place], proven[:, place])
        )
        rows.append(
            (
                names[place],
                *interval_of(values[place], 0),
                1 + len(worse),
                len(names) - len(better),
                float(first[place]),
                ", ".join(better),
                ", ".join(worse),
                ", ".join(names),
            )
        )
    return rows


def _proven(summary: Summary, key: str, arms: int, sign: float) -> np.ndarray:
    """(arm, arm) whether the row's arm is better than the column's, Holm-corrected over all pairs."""
    proven = np.zeros((arms, arms), dtype=bool)
    if arms > 1:
        apart = summary.moments[f"pair/{key}"]
        sure = holm(chances_of(apart)) <= ERROR
        for (one, other), certain, mean in zip(pairs_of(arms), sure, sign * apart.centre, strict=True):
            if certain:
                proven[(one, other) if mean > 0 else (other, one)] = True
    return proven
