"""Failures are data: which replicate of which scenario raised, with what message, and how to see it again."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.runs.plan import SUMMARY, RunPlan, Task
from qipan.experiments.store.ownership import FAILURES_FILE, SCENARIOS, add_files
from qipan.experiments.store.parts import as_numbers, content_key, from_numbers, json_bytes
from qipan.experiments.store.versions import model_hash
from qipan.experiments.summaries.rows import Part
from qipan.model.extend.plugins import place_in_plugin

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

FAILURES = "failures"


@dataclass(frozen=True)
class Failure:
    """A replicate whose run raised: `identifier` is what `qipan replay` takes."""

    identifier: str
    scenario: str
    arm: int
    replicate: int
    message: str
    trace: str
    executor: str = "numpy"


class StrictStopError(Exception):
    """Raised under --strict by the first replicate that fails."""

    def __init__(self, failure: Failure) -> None:
        """Keep the failure."""
        self.failure = failure
        super().__init__(f"{failure.scenario}, replicate {failure.replicate}: {failure.message}")


def failure_identifier(scenario: Scenario, replicate: int) -> str:
    """Twelve hexadecimal digits that name one replicate of one scenario under this code."""
    one = scenario.replace(**{"run.replicates": 1})
    return content_key({"scenario": one.digest(), "replicate": replicate, "model": model_hash()})[:12]


def failure_of(scenario: Scenario, task: Task, replicate: int, error: Exception) -> Failure:
    """The record of an error that a replicate raised."""
    place = place_in_plugin(error)
    where = "" if place is None else f" ({Path(place[0]).name}:{place[1]})"  # the folder is no part of the result
    message = storable(" ".join(f"{type(error).__name__}: {error}{where}".split()))
    trace = storable("".join(traceback.format_exception(error)))
    identifier = failure_identifier(scenario, replicate)
    return Failure(identifier, scenario.name, task.arm, replicate, message, trace, task.executor)


def storable(text: str) -> str:
    """Text that can be stored whatever a rule put into its message: half characters are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def packed(failures: Sequence[Failure]) -> NDArray[np.uint8]:
    """Failures as an array that a part can hold."""
    return as_numbers([asdict(failure) for failure in failures])


def failures_of(part: Part) -> list[Failure]:
    """The failures recorded in a part, oldest replicate first."""
    if FAILURES not in part:
        return []
    return [Failure(**record) for record in from_numbers(part[FAILURES])]


def records(plan: RunPlan, failures: Sequence[Failure]) -> list[dict[str, Any]]:
    """Failures as a result's list of them shows them."""
    return [{**asdict(failure), "arm_name": plan.names[failure.arm]} for failure in failures]


def failed_by_arm(plan: RunPlan, failures: Sequence[Failure]) -> dict[str, int]:
    """How many replicates failed in each arm where any did, in the order of the plan."""
    counts = Counter(failure.arm for failure in failures)
    return {plan.names[arm]: counts[arm] for arm in sorted(counts)}


def lost_to(plan: RunPlan, failures: Sequence[Failure], policy: str) -> set[int]:
    """The replicates that a policy's rows are without: those that failed in it, in its references or in the baseline.

    With summaries, and without a family, those that failed anywhere.
    """
    own = {failure.arm for failure in failures}
    if plan.family is not None and plan.keep != SUMMARY:
        own = {0, *(member.run for member in plan.family.of(policy).values())}
    return {failure.replicate for failure in failures if failure.arm in own}


def store_failures(plan: RunPlan, failures: Sequence[Failure]) -> None:
    """Write the list of failures and the scenarios they are of, so that each can be replayed whatever comes after."""
    contents = {
        f"{SCENARIOS}/{plan.names[arm]}.yaml": plan.arms[arm].to_yaml().encode()
        for arm in sorted({failure.arm for failure in failures})
    }
    add_files(plan.folder, {**contents, FAILURES_FILE: json_bytes(records(plan, failures))})
