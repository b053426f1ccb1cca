"""The parts of a plan: computed where they are missing, with a progress bar, and what is said when there are none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from qipan.experiments.console.interrupts import INTERRUPTED
from qipan.experiments.console.language import said
from qipan.experiments.console.progress import progress
from qipan.experiments.runs.cluster import Cluster
from qipan.experiments.runs.execute import Execution, execute
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.store.parts import PartStore
from qipan.model.compiled.cache import ready


@dataclass(frozen=True)
class Manner:
    """How to go about it: nothing in here changes a number."""

    workers: int
    language: str
    no_report: bool
    strict: bool
    quiet: bool
    force: bool = False


def run_parts(plan: RunPlan, store: PartStore, manner: Manner, begun: Callable[[], None] | None = None) -> Execution:
    """Compute and store the parts of a plan that are missing, with a progress bar; raises StrictStopError.

    `begun` is called once, when the first block of every arm is stored and others are not.
    """
    elsewhere = isinstance(manner.workers, Cluster)
    if (
        plan.executor == "compiled"
        and not elsewhere
        and not all(store.path(task.key).exists() for task in plan.tasks())
    ):
        ready(manner.quiet)  # before the workers begin: here Ctrl-C ends it
    with progress(plan.name, plan.replicates * len(plan.arms), quiet=manner.quiet) as advance:
        return execute(plan, store, workers=manner.workers, strict=manner.strict, advance=advance, begun=begun)


def say_nothing(plan: RunPlan, execution: Execution) -> int:
    """Say that there is no replicate to show: all failed, or the interruption came before the first block."""
    if execution.interrupted:
        told = f"interrupted before the first block was complete; the same command goes on in {plan.folder}"
        print(said(told), file=sys.stderr)
        return INTERRUPTED
    first = execution.failures[0]
    told = f"no replicate succeeded; the first failure: {first.message}; qipan replay {first.identifier}"
    print(said(told), file=sys.stderr)
    return 1
