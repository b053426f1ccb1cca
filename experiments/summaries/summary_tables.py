"""Tables of a comparison made from summaries: the same columns as those made from rows, quantiles from counts in bins.

What a mean, a share or a count is made of is the same as with rows; quantiles are off by less than 1/256 of their size
(`qipan.experiments.statistics.bins`); intervals of the mean are t intervals, since resampling needs rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.summaries.comparison import LEVELS
from qipan.experiments.summaries.rows import fan_regions
from qipan.experiments.summaries.single import EXPECT_RETURN, NATION, WHOLE, frame
from qipan.experiments.summaries.summary import Summary
from qipan.experiments.summaries.summary_paired import (
    differences_table,
    ranking_table,
    regions_table,
    votes_table,
)
from qipan.model.axes import STAGES
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    import pandas as pd


def tables_of(summary: Summary, names: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Every table of a comparison that does not list replicates.

    Args:
        summary: Of all blocks.
        names: Short names of the arms that were run.
    """
    return {
        "summary": summary_table(summary, names),
        "differences": differences_table(summary, names),
        "targets": targets_table(summary, names),
        "regions": regions_table(summary, names),
        "money": money_table(summary, names),
        "fans": fans_table(summary, names),
        "ranking": ranking_table(summary, names),
        "votes": votes_table(summary, names),
    }


def described(summary: Summary, group: str) -> list[tuple[Any, ...]]:
    """Mean, 5, 25, 50, 75 and 95% quantiles and number of each column of a group."""
    moments, levels = summary.moments[group], summary.quantiles(group, LEVELS)
    return [
        (float(moments.centre[column]), *map(float, levels[:, column]), int(moments.count[column]))
        for column in range(len(moments.count))
    ]


def summary_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `summary`: mean and quantiles of every measure in every year."""
    rows = []
    for place, arm in enumerate(names):
        for (name, year), found in zip(summary.names, described(summary, f"value/{place}"), strict=True):
            mean, q05, q25, median, q75, q95, number = found
            rows.append((arm, name, year, mean, median, q05, q25, q75, q95, number))
    return frame("summary", rows)


def fans_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `fans`: output by year of the nation and of the regions with a target."""
    world, years = summary.setting.world, summary.setting.years
    regions = (NATION, *(world.region_codes[place] for place in fan_regions(world)))
    rows = []
    for place, arm in enumerate(names):
        found = described(summary, f"fan/{place}")
        for column, region in enumerate(regions):
            for number, year in enumerate(years):
                rows.append((arm, region, int(year), *found[number * len(regions) + column][:6]))
    return frame("fans", rows)


def money_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `money`: what each mechanism put into each stage over the run and what came back, billion yuan."""
    rows: list[tuple[Any, ...]] = []
    kinds, stages = len(MECHANISMS), len(STAGES)
    for place, arm in enumerate(names):
        found = described(summary, f"money/{place}")
        whole, offered, returned, lost = (
            found[kinds * stages + kinds * number : kinds * stages + kinds * (number + 1)] for number in range(4)
        )
        for number, mechanism in enumerate(MECHANISMS):
            mean, back = whole[number][0], returned[number][0]
            rate = back / mean - 1.0 if mechanism in EXPECT_RETURN and mean > 0 else np.nan
            rows.append(
                (
                    arm,
                    mechanism,
                    WHOLE,
                    mean,
                    whole[number][1],
                    whole[number][5],
                    offered[number][0],
                    back,
                    lost[number][0],
                    rate,
                )
            )
            for at, stage in enumerate(STAGES):
                one = found[number * stages + at]
                rows.append((arm, mechanism, stage, one[0], one[1], one[5], *(np.nan,) * 4))
    return frame("money", rows)


def targets_table(summary: Summary, names: Sequence[str]) -> pd.DataFrame:
    """Table `targets`: share of futures that meet each simulated target, what was obtained, what is missing."""
    from qipan.experiments.statistics.paired import wilson_interval
    from qipan.experiments.summaries.paired import simulated_targets

    rows = []
    targets = simulated_targets(summary.setting.years, summary.setting.world)
    for place, arm in enumerate(names) if targets else ():
        obtained, missing = described(summary, f"obtained/{place}"), described(summary, f"shortfall/{place}")
        (reached,) = summary.quantiles(f"reached/{place}", (0.5,)) + (summary.setting.years[0] - 1.0)
        for column, target in enumerate(targets):
            number = obtained[column][6]
            met = wilson_interval(float(summary.counts[f"met/{place}"][column]) / (2.0 * max(number, 1)), number)
            _, low, _, middle, _, high, _ = obtained[column]
            rows.append(
                (
                    arm,
                    target.identifier,
                    target.region,
                    target.indicator,
                    target.year,
                    target.value,
                    target.unit,
                    float(met.estimate),
                    float(met.low),
                    float(met.high),
                    low,
                    middle,
                    high,
                    *missing[column][:6],
                    float(reached[column]),
                    number,
                    summary.setting.markets[place].scope if target.broad else 1.0,
                    *(
                        float(summary.counts[f"{kind}/{place}"][column]) / (2.0 * max(number, 1))
                        for kind in ("narrow", "wide")
                    ),
                )
            )
    return frame("targets", rows)
