"""Running a plan: every missing part is computed by workers and stored as it arrives.

The numbers of a part depend on its content key alone, so neither the number of workers nor the order in which they
finish can change a result. A replicate whose run raises is recorded and left out; the rest of its block goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from qipan.experiments.console.interrupts import noted, pressed
from qipan.experiments.runs.block import Outcome
from qipan.experiments.runs.failures import Failure, StrictStopError, failures_of, store_failures
from qipan.experiments.runs.plan import RunPlan, Task
from qipan.experiments.runs.pool import outcomes
from qipan.experiments.store.parts import PartStore

Advance = Callable[[int], None]


@dataclass
class Execution:
    """What running a plan came to. `interrupted` says that Ctrl-C stopped it; `started` is in seconds since 1970."""

    started: float = field(default_factory=time.time)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict)
    computed: int = 0
    reused: int = 0
    interrupted: bool = False


def execute(
    plan: RunPlan,
    store: PartStore,
    *,
    workers: int,
    strict: bool,
    advance: Advance,
    begun: Callable[[], None] | None = None,
) -> Execution:
    """Compute and store every part of the plan that is not there yet.

    Args:
        plan: What to run.
        store: Where parts go; those already there are used.
        workers: Threads or processes; a `cluster.Cluster` is elsewhere.
        strict: Stop at the first replicate that fails.
        advance: Called with the number of replicates that became ready.
        begun: Called once, when the first block of every arm is stored and others are not.

    Raises:
        StrictStopError: under strict.
        StoreError: a part cannot be written, or a worker process was killed.
    """
    execution = Execution()
    try:
        with noted():
            missing = _reuse(plan, store, execution, strict, advance)
            first = {task.key for task in missing if task.start == 0}
            with closing(outcomes(plan, missing, workers, pressed)) as coming:
                for number, outcome in enumerate(coming, 1):
                    _keep(outcome, store, execution, strict, advance)
                    first.discard(outcome.task.key)
                    if begun is not None and not first and number < len(missing):
                        begun()
                        begun = None
            execution.interrupted = pressed()
    finally:
        if execution.failures:
            execution.failures.sort(key=lambda failure: (failure.replicate, failure.arm))
            store_failures(plan, execution.failures)
    return execution


def _reuse(plan: RunPlan, store: PartStore, execution: Execution, strict: bool, advance: Advance) -> list[Task]:
    """Note the parts that are there; returns the tasks whose parts are not."""
    missing = []
    for task in plan.tasks():
        part = store.find(task.key)
        if part is None:
            missing.append(task)
            continue
        execution.reused += 1
        _note(failures_of(part), execution, strict)
        advance((task.stop - task.start) * task.arms)
    store.tell_refused()
    return missing


def _keep(outcome: Outcome, store: PartStore, execution: Execution, strict: bool, advance: Advance) -> None:
    store.write(outcome.task.key, outcome.content)
    execution.computed += 1
    task = outcome.task
    for arm in range(task.arm, task.arm + task.arms):
        execution.seconds[arm] = execution.seconds.get(arm, 0.0) + outcome.seconds / task.arms
    _note(outcome.failures, execution, strict)
    advance((task.stop - task.start) * task.arms)


def _note(failures: Sequence[Failure], execution: Execution, strict: bool) -> None:
    execution.failures.extend(failures)
    if strict and failures:
        raise StrictStopError(failures[0])
