"""The comparison made of what was gathered: every table, the means figures need, the warnings a reader must see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.results.manifest import make_manifest, with_times
from qipan.experiments.results.own_data import idle_warnings, own_warnings
from qipan.experiments.runs.execute import Execution
from qipan.experiments.runs.failures import failed_by_arm, lost_to
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.summaries.comparison import ArmResult, Comparison
from qipan.experiments.summaries.family import POLICY, Family, has_list, is_design, plain_family
from qipan.experiments.summaries.paired import (
    differences_table,
    incidence_table,
    regions_table,
    targets_table,
    votes_table,
)
from qipan.experiments.summaries.ranking import horizons_table, ranking_table
from qipan.experiments.summaries.single import (
    MOST_LISTED,
    fans_table,
    frame,
    layouts_table,
    measures_table,
    money_table,
    names_of,
    paths_table,
    summary_table,
    totals_table,
)
from qipan.experiments.summaries.summary_paired import incidence_table as summary_incidence
from qipan.experiments.summaries.summary_tables import tables_of
from qipan.experiments.words.warned import warning

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.notices.notice import Notice
    from qipan.model.world import World


NO_PLACEBO = "has no list, so no placebo"


def assemble(plan: RunPlan, gathered: Gathered, world: World, execution: Execution) -> Comparison:
    """Make the comparison of a plan from its stored parts (at least one replicate)."""
    run = plan.arms[0].run
    years = tuple(range(run.first_year, run.last_year + 1))
    family = plan.family or plain_family(plan.arms, plan.names)
    arms = _arms(plan, family, gathered, execution)
    warnings = _warnings(plan, family, gathered, world)
    return Comparison(
        name=plan.name,
        baseline=plan.names[0],
        arms=arms,
        years=years,
        world=world,
        tables=_tables(plan, family, gathered, world, years),
        warnings=warnings,
        headline=family.headline,
        manifest=with_times(
            make_manifest(plan, gathered, arms, family.headline, world, warnings),
            execution.started,
            {arm.name: arm.seconds for arm in arms if not arm.same_as},
        ),
    )


def _tables(
    plan: RunPlan, family: Family, gathered: Gathered, world: World, years: tuple[int, ...]
) -> dict[str, pd.DataFrame]:
    names, parts = plan.names, gathered.parts
    found = {"arms": arms_table(family), **_listed(plan, gathered, world, years)}
    if gathered.summary is not None:
        found |= tables_of(gathered.summary, names)
        found["incidence"] = summary_incidence(gathered.summary, names, names_of(parts[0], "region"))
        return under_every_name(_with_horizons(found, years), family)
    markets = [arm.world.market for arm in plan.arms]
    found |= {
        "summary": summary_table(names, parts, years),
        "differences": differences_table(names, parts, years),
        "targets": targets_table(names, parts, years, world, markets),
        "regions": regions_table(names, parts, world),
        "incidence": incidence_table(names, parts, world),
        "money": money_table(names, parts),
        "fans": fans_table(names, parts, years, world),
        "ranking": ranking_table(names, parts, years, plan.arms[0].run.programme_end),
        "votes": votes_table(names, parts, world),
    }
    return under_every_name(_with_horizons(found, years), family)


def _with_horizons(tables: dict[str, pd.DataFrame], years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    return tables | {"horizons": horizons_table(tables["differences"], years)}


OF_ALL = ("arms", "ranking")
"""Tables that already hold every arm under its name, or the family as a whole."""


def under_every_name(tables: dict[str, pd.DataFrame], family: Family) -> dict[str, pd.DataFrame]:
    """The tables of what was run with the rows of each arm, in the order of the family, under every name it has."""
    import pandas as pd

    ran = [member.name for member in family.runs]
    if [member.name for member in family.members] == ran:
        return tables
    found = dict(tables)
    for name in tables.keys() - OF_ALL:
        rows = dict(list(tables[name].groupby("arm", sort=False)))
        pieces = [rows[ran[member.run]].assign(arm=member.name) for member in family.members if ran[member.run] in rows]
        found[name] = pd.concat(pieces, ignore_index=True) if pieces else tables[name]
    return found


def arms_table(family: Family) -> pd.DataFrame:
    """Table `arms`: who is who."""
    ran = [member.name for member in family.runs]
    rows: list[tuple[Any, ...]] = []
    for one in family.members:
        same = "" if ran[one.run] == one.name else ran[one.run]
        lacks = one.role == POLICY and is_design(one.scenario) and not has_list(one.scenario)
        rows.append(
            (
                one.name,
                one.role,
                one.policy,
                same,
                one.scenario.title,
                one.scenario.title_zh,
                NO_PLACEBO if lacks else "",
            )
        )
    return frame("arms", rows)


def _listed(plan: RunPlan, gathered: Gathered, world: World, years: tuple[int, ...]) -> dict[str, pd.DataFrame]:
    """Tables with a row for each replicate, as far as rows are kept, and those made of sums."""
    from qipan.experiments.summaries.comparison import empty_tables

    names, parts = plan.names, gathered.parts
    listed = {"layouts": layouts_table(names, parts, gathered.counts, years, world)}
    if "replicates" not in parts[0]:
        return listed | {name: empty_tables()[name] for name in ("measures", "totals", "paths")}
    return listed | {
        "measures": measures_table(names, parts, years),
        "totals": totals_table(names, parts),
        "paths": paths_table(names, parts, years, world),
    }


def _arms(plan: RunPlan, family: Family, gathered: Gathered, execution: Execution) -> tuple[ArmResult, ...]:
    means: list[dict[str, Any]] = []
    for part, count in zip(gathered.parts, gathered.counts, strict=True):
        means.append(
            {field: np.asarray(part[f"sum:{field}"] / count) for field in names_of(part, "sum") if field != "count"}
        )
    used = len(gathered.replicates)
    return tuple(
        ArmResult(
            one.name,
            *family.title(one),
            one.scenario,
            used,
            execution.seconds.get(one.run, 0.0),
            means[one.run],
            one.role,
            one.policy,
            "" if plan.names[one.run] == one.name else plan.names[one.run],
        )
        for one in family.members
    )


def _warnings(plan: RunPlan, family: Family, gathered: Gathered, world: World) -> tuple[Notice, ...]:
    warnings = []
    used, failed = len(gathered.replicates), len({failure.replicate for failure in gathered.failures})
    if failed:
        first, by_arm = gathered.failures[0], failed_by_arm(plan, gathered.failures)
        several = any(len(lost_to(plan, gathered.failures, one.name)) < failed for one in family.policies)
        key = "warning_failed_some" if several else "warning_failed"
        warnings.append(
            warning(
                key,
                failed=failed,
                all=used + failed,
                used=used,
                arms=", ".join(f"{name} {count:,}" for name, count in by_arm.items()),
                scenario=first.scenario,
                replicate=first.replicate,
                message=first.message,
                command=f"qipan replay {first.identifier}",
            )
        )
    if used + failed < gathered.planned:
        warnings.append(warning("warning_unfinished", used=f"{used + failed:,}", planned=f"{gathered.planned:,}"))
    listed = min(MOST_LISTED, len(gathered.parts[0].get("replicates", ())))
    if used > listed:
        warnings.append(warning("warning_listed", listed=f"{listed:,}", used=f"{used:,}"))
    if gathered.summary is not None:
        warnings.append(warning("warning_approximate"))
        if failed and len(family.policies) > 1:
            warnings.append(warning("warning_failed_summary"))
    return (*own_warnings(world), *idle_warnings(plan.arms), *warnings)
