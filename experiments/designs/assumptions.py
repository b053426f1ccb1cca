"""How much each assumption matters: what is run for it. Every parameter with a range, at both its ends, one at a time.

All trials use the draws of the comparison, so a shift of the difference between two arms is measured replicate by
replicate against the same replicates at the values used. An arm that a parameter cannot touch (most of a coordinator's
settings where there is none) is not run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.summaries.family import Family
from qipan.model.errors import UserError
from qipan.model.parameters import Parameter, Policy, WorldChoice, parameters

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

FOLDER = "assumptions"
"""Sub-folder of a result that holds the parts of the trials."""
UNFINISHED = "warning_trials_unfinished"
"""Key of the warning that trials are missing."""
COORDINATION = "policy.coordination."
ALONE = (
    "chain_clusters",
    "enterprise_echelon",
    "talent_echelon",
    "ecosystem_rate",
    "ecosystem_decay",
    "ecosystem_share",
    "relabelling",
)
"""Settings of a coordinator that act where there is none: what the regions' own ecosystem money does, and old wine."""
End = Literal["low", "high"]


@dataclass(frozen=True)
class Trial:
    """One parameter at one end of its range.

    Args:
        parameter: The row of the parameter table.
        used: The value in the comparison.
        end: Which end.
        value: The value there.
        arms: Places of baseline and design among the plan's arms; None: the arm of the comparison, unchanged.
    """

    parameter: Parameter
    used: float
    end: End
    value: float
    arms: tuple[int | None, int | None]


@dataclass(frozen=True, eq=False)
class Trials:
    """All trials of a comparison.

    Args:
        plan: What is run for them; None when there is nothing to run.
        trials: Low and high end of each parameter, in the order of the table.
        design: Place of the arm that is set against the baseline, among the comparison's arms.
        refused: Paths of ends that are no valid scenario.
    """

    plan: RunPlan | None
    trials: tuple[Trial, ...]
    design: int
    refused: tuple[str, ...] = ()


def replicates_for(asked: int, family: Family, count: int) -> int:
    """Replicates of each trial: what is asked for, never more than the comparison has; none without a policy.

    Args:
        asked: 0 to rank nothing.
        family: Of the comparison; the assumptions are those of its headline policy.
        count: Replicates of the comparison.
    """
    return 0 if family.member(family.headline).run == 0 else min(asked, count)


def assumed(baseline: Scenario, design: Scenario) -> Iterator[tuple[Parameter, float]]:
    """Every parameter that is an assumption (a plausible range, and no choice of the question), with the value used.

    A parameter in which the two arms differ is what is compared, not an assumption; a coordinator's settings cannot be
    that where the baseline has no coordinator.
    """
    alone = baseline.policy.coordination.arm == "none"
    for prefix, section in (("world", WorldChoice), ("policy", Policy)):
        for row in parameters(section, f"{prefix}."):
            if row.plausible is None or row.grade == "choice":
                continue
            used = value_at(design, row.path)
            if used == value_at(baseline, row.path) or (alone and row.path.startswith(COORDINATION)):
                yield row, used


def idle(scenario: Scenario, path: str) -> bool:
    """Whether a parameter is a coordinator's and changes nothing because the scenario has no coordinator."""
    settings = scenario.policy.coordination
    nobody = settings.arm == "none" and not settings.information
    return nobody and path.startswith(COORDINATION) and path.removeprefix(COORDINATION) not in ALONE


def value_at(scenario: Any, path: str) -> Any:
    """The value of a scenario at a dotted path."""
    for part in path.split("."):
        scenario = getattr(scenario, part)
    return scenario


def trials_of(plan: RunPlan, design: int, replicates: int) -> Trials:
    """The trials of a comparison's plan, and the plan of what they run; scenarios that are the same are run once."""
    pair, names = (plan.arms[0], plan.arms[design]), (plan.names[0], plan.names[design])
    trials, made, refused = _tried(pair, names, replicates)
    return Trials(_plan(plan, made), trials, design, refused)


@lru_cache(maxsize=2)  # asked for before the work begins, to tell what it takes, and when it is done
def _tried(
    pair: tuple[Scenario, Scenario], names: tuple[str, str], replicates: int
) -> tuple[tuple[Trial, ...], Mapping[str, Scenario], tuple[str, ...]]:
    """The trials of two arms, the scenarios they need by name, and values that were refused."""
    pair = (pair[0].replace(**{"run.replicates": replicates}), pair[1].replace(**{"run.replicates": replicates}))
    found: dict[str, int | None] = dict.fromkeys(arm.digest() for arm in pair)
    made: dict[str, Scenario] = {}
    trials, refused = [], []
    for row, used in assumed(*pair):
        for end, value in ends_of(row):
            try:
                arms = [arm if idle(arm, row.path) else arm.replace(**{row.path: value}) for arm in pair]
            except UserError:
                refused.append(f"{row.path}={value:g}")
                continue
            digests = [arm.digest() for arm in arms]
            for name, arm, digest in zip(names, arms, digests, strict=True):
                if digest not in found:
                    found[digest] = len(made)
                    made[f"{name}-{row.path}-{end}"] = arm
            trials.append(Trial(row, float(used), end, float(value), (found[digests[0]], found[digests[1]])))
    return tuple(trials), made, tuple(refused)


def ends_of(row: Parameter) -> tuple[tuple[End, Any], tuple[End, Any]]:
    """Low and high end of a parameter's plausible range, whole where the parameter is.

    Raises:
        ValueError: it has none.
    """
    if row.plausible is None:
        raise ValueError(f"{row.path} has no plausible range")
    low, high = (type(row.default)(value) for value in row.plausible)
    return ("low", low), ("high", high)


def _plan(plan: RunPlan, made: Mapping[str, Scenario]) -> RunPlan | None:
    if not made:
        return None
    folder, arms = Path(plan.folder) / FOLDER, tuple(made.values())
    return replace(plan, name=FOLDER, folder=folder, arms=arms, names=tuple(made), keep="followed", family=None)
