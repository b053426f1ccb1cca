"""Each policy, with its references, on the replicates that it has by itself, whatever stands beside it.

In the comparison of all arms a replicate that failed in one arm is left out of all, and all have as many replicates as
the policy that needs most. That is right for ranks, which are about the whole family. The rows of a policy are taken
from the comparison of the baseline and this policy alone, made of the same stored parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qipan.experiments.designs.precision import with_replicates
from qipan.experiments.results.assemble import assemble
from qipan.experiments.results.manifest import arm_facts
from qipan.experiments.runs.failures import lost_to
from qipan.experiments.runs.gather import gather
from qipan.experiments.summaries.family import POLICY
from qipan.experiments.words.warned import stored, warning

if TYPE_CHECKING:
    from qipan.experiments.runs.execute import Execution
    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.runs.plan import RunPlan
    from qipan.experiments.store.parts import PartStore
    from qipan.experiments.summaries.comparison import ArmResult, Comparison
    from qipan.model.world import World


@dataclass(frozen=True, eq=False)
class Own:
    """A policy by itself: the comparison that its rows come from, and the replicates behind them."""

    comparison: Comparison
    replicates: tuple[int, frozenset[int]]


def own_replicates(
    plan: RunPlan, store: PartStore, gathered: Gathered, world: World, execution: Execution, enough: Mapping[int, int]
) -> dict[str, Own]:
    """The policies that do not stand on the replicates of all arms, each by itself.

    Args:
        plan: Of all arms.
        store: Its parts.
        gathered: What they hold.
        world: Of all arms.
        execution: What running came to.
        enough: Replicates planned for each policy by its place, where fewer than those of the plan.
    """
    found: dict[str, Own] = {}
    of_all = {failure.replicate for failure in gathered.failures}
    finished = len(gathered.replicates) + len(of_all)  # fewer than planned after an interruption
    for policy in [] if plan.family is None else plan.family.policies:
        count, lost = enough.get(policy.run, plan.replicates), lost_to(plan, gathered.failures, policy.name)
        if count != plan.replicates or lost != of_all:
            alone = with_replicates(plan, min(count, finished)).alone(policy.name)
            comparison = assemble(alone, gather(alone, store), world, execution)
            found[policy.name] = Own(comparison, (count, frozenset(number for number in lost if number < count)))
    return found


def with_own_replicates(whole: Comparison, own: Mapping[str, Own], reason: str) -> Comparison:
    """A comparison in which some policies, and their references, stand on replicates of their own.

    Args:
        whole: Of all arms; the baseline and the ranks of the family stay as they are there.
        own: Those policies.
        reason: Key of the phrase that tells why, and on how many replicates each policy stands.
    """
    import pandas as pd

    if not own:
        return whole
    found = {arm.name: own[arm.policy].comparison if arm.policy in own else whole for arm in whole.arms}
    arms = tuple(_own_arm(arm, found[arm.name].arm(arm.name), whole, own) for arm in whole.arms)
    tables = dict(whole.tables)
    tables["arms"] = tables["arms"].assign(same_as=[arm.same_as for arm in arms])
    for name in tables.keys() - {"arms", "ranking"}:
        rows = [found[arm.name].tables[name].loc[lambda table, arm=arm: table["arm"] == arm.name] for arm in arms]
        tables[name] = pd.concat([some for some in rows if len(some)] or [tables[name]], ignore_index=True)
    counts = ", ".join(f"{arm.name} {arm.replicates:,}" for arm in arms if arm.role == POLICY)
    warnings = (*whole.warnings, warning(reason, arms=counts))
    manifest = {**whole.manifest, "arms": arm_facts(arms), "warnings": [stored(told) for told in warnings]}
    return replace(whole, arms=arms, tables=tables, warnings=warnings, manifest=manifest)


def _own_arm(arm: ArmResult, alone: ArmResult, whole: Comparison, own: Mapping[str, Own]) -> ArmResult:
    """An arm with its own numbers and its place in the family; the same as another where both have equal replicates."""
    behind = [
        own[one.policy].replicates if one.policy in own else None for one in (arm, whole.arm(arm.same_as or arm.name))
    ]
    return replace(
        arm, arrays=alone.arrays, replicates=alone.replicates, same_as=arm.same_as if behind[0] == behind[1] else ""
    )
