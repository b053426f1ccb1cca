"""The comparison made of what was gathered: every table, the means figures need, the warnings a reader must see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.comparison import ArmResult, Comparison
from experiments.gathering import Gathered
from experiments.manifest import make_manifest, with_times
from experiments.paired_tables import differences_table, regions_table, targets_table, votes_table
from experiments.plan import Plan
from experiments.ranking import ranking_table
from experiments.references import realised_table
from experiments.running import Execution
from experiments.summary_tables import tables_of
from experiments.tables import (
    MOST_LISTED,
    fans_table,
    layouts_table,
    measures_table,
    money_table,
    names_of,
    summary_table,
    totals_table,
)

if TYPE_CHECKING:
    import pandas as pd

    from model.world import World


APPROXIMATE = (
    "Only a summary is kept: quantiles are off by less than 0.4% of their size, intervals of means are t intervals "
    "without resampling, votes by output weigh regions by the mean of each block. --keep replicates keeps every one."
)


def assemble(plan: Plan, gathered: Gathered, world: World, execution: Execution) -> Comparison:
    """Make the comparison of a plan from its stored parts (at least one replicate)."""
    run = plan.arms[0].run
    years = tuple(range(run.first_year, run.last_year + 1))
    arms = _arms(plan, gathered, execution)
    warnings = _warnings(plan, gathered)
    return Comparison(
        name=plan.name, baseline=plan.names[0], arms=arms, years=years, world=world,
        tables=_tables(plan, gathered, world, years), warnings=warnings,
        manifest=with_times(
            make_manifest(plan, gathered, arms, world, warnings), execution.started,
            {arm.name: arm.seconds for arm in arms},
        ),
    )  # fmt: skip


def _tables(plan: Plan, gathered: Gathered, world: World, years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    if gathered.summary is not None:
        return _listed(plan, gathered, world, years) | tables_of(gathered.summary, plan.names, plan.arms)
    names, parts = plan.names, gathered.parts
    value_added = [arm.world.market.value_added_share for arm in plan.arms]
    return {
        **_listed(plan, gathered, world, years),
        "summary": summary_table(names, parts, years),
        "differences": differences_table(names, parts, years),
        "targets": targets_table(names, parts, years, world, value_added),
        "regions": regions_table(names, parts, world),
        "money": money_table(names, parts),
        "fans": fans_table(names, parts, years, world),
        "ranking": ranking_table(names, parts, years[-1]),
        "realised": realised_table(plan.arms, names, parts),
        "votes": votes_table(names, parts, world),
    }


def _listed(plan: Plan, gathered: Gathered, world: World, years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    """Tables with a row for each replicate, as far as rows are kept, and those made of sums."""
    from experiments.comparison import empty_tables

    names, parts = plan.names, gathered.parts
    listed = {"layouts": layouts_table(names, parts, gathered.counts, years, world)}
    if "replicates" not in parts[0]:
        return listed | {name: empty_tables()[name] for name in ("measures", "totals")}
    return listed | {"measures": measures_table(names, parts, years), "totals": totals_table(names, parts)}


def _arms(plan: Plan, gathered: Gathered, execution: Execution) -> tuple[ArmResult, ...]:
    arms = []
    for place, (name, scenario) in enumerate(zip(plan.names, plan.arms, strict=True)):
        part, count = gathered.parts[place], gathered.counts[place]
        means = {field: np.asarray(part[f"sum:{field}"] / count) for field in names_of(part, "sum") if field != "count"}
        seconds = execution.seconds.get(place, 0.0)
        used = len(gathered.replicates)
        arms.append(ArmResult(name, scenario.title, scenario.title_zh, scenario, used, seconds, means))
    return tuple(arms)


def _warnings(plan: Plan, gathered: Gathered) -> tuple[str, ...]:
    warnings = []
    used, failed = len(gathered.replicates), len({failure.replicate for failure in gathered.failures})
    if failed:
        first = gathered.failures[0]
        warnings.append(
            f"{failed} of {used + failed} replicates failed in at least one arm and are left out of all: {used} used. "
            f"The first: {first.scenario}, replicate {first.replicate}: {first.message}. "
            f"See it again with: qipan replay {first.identifier}"
        )
    if used + failed < gathered.planned:
        warnings.append(f"Unfinished: {used + failed:,} of {gathered.planned:,} replicates; the same command goes on.")
    listed = min(MOST_LISTED, len(gathered.parts[0].get("replicates", ())))
    if used > listed:
        warnings.append(
            f"Tables measures and totals list the first {listed:,} replicates; all other tables use all {used:,}."
        )
    if gathered.summary is not None:
        warnings.append(APPROXIMATE)
    return tuple(warnings)
