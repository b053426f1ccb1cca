"""Running a plan: every missing part is computed, here or by worker processes, and stored as it arrives.

The numbers of a part depend on its content key alone, so neither the number of workers nor the order in which they
finish can change a result. A replicate whose run raises is recorded and left out; the rest of its block goes on.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from experiments.partial import Part, join_parts, make_part
from experiments.plan import Plan, Task, model_hash
from experiments.scores import make_scores
from experiments.store import PartStore, content_key, pack, store_error
from model.errors import UserError

if TYPE_CHECKING:
    from model.history import History
    from model.scenario import Scenario

Advance = Callable[[int], None]
FAILURES = "failures"
REDUCTIONS: dict[str, Callable[[History], Part]] = {"all": make_part, "scores": make_scores}
"""What can be kept of a block of replicates, by the name a plan gives."""


@dataclass(frozen=True)
class Failure:
    """A replicate whose run raised: `identifier` is what `qipan replay` takes."""

    identifier: str
    scenario: str
    arm: int
    replicate: int
    message: str
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What a task came to: the bytes of its part, the replicates that failed, the seconds it took."""

    task: Task
    content: bytes
    failures: tuple[Failure, ...]
    seconds: float


@dataclass
class Execution:
    """What running a plan came to. `interrupted` says that Ctrl-C stopped it; `started` is in seconds since 1970."""

    started: float = field(default_factory=time.time)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict)
    computed: int = 0
    reused: int = 0
    interrupted: bool = False


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


def run_task(scenario: Scenario, task: Task) -> Outcome:
    """Run one arm over one block of replicates and reduce it to a part."""
    started = time.perf_counter()
    pieces, failures = _attempt(scenario, task, range(task.start, task.stop))
    part = join_parts(pieces) if pieces else {}
    if failures:
        text = json.dumps([asdict(failure) for failure in failures], sort_keys=True)
        part[FAILURES] = np.frombuffer(text.encode(), dtype=np.uint8)
    return Outcome(task, pack(part), tuple(failures), time.perf_counter() - started)


def failures_of(part: Part) -> list[Failure]:
    """The failures recorded in a part, oldest replicate first."""
    if FAILURES not in part:
        return []
    return [Failure(**record) for record in json.loads(part[FAILURES].tobytes())]


def _attempt(scenario: Scenario, task: Task, replicates: range) -> tuple[list[Part], list[Failure]]:
    """Run replicates together; when that raises, halve them until the ones that fail are found."""
    from model import run

    try:
        return [REDUCTIONS[task.keep](run(scenario, replicates=replicates))], []
    except (UserError, MemoryError):
        raise
    except Exception as error:
        if len(replicates) == 1:
            return [], [_failure(scenario, task, replicates.start, error)]
    middle = replicates.start + len(replicates) // 2
    first, first_failures = _attempt(scenario, task, range(replicates.start, middle))
    second, second_failures = _attempt(scenario, task, range(middle, replicates.stop))
    return first + second, first_failures + second_failures


def _failure(scenario: Scenario, task: Task, replicate: int, error: Exception) -> Failure:
    message = " ".join(f"{type(error).__name__}: {error}".split())
    trace = "".join(traceback.format_exception(error))
    return Failure(failure_identifier(scenario, replicate), scenario.name, task.arm, replicate, message, trace)


_ARMS: tuple[Scenario, ...] = ()


def _prepare_worker(arms: tuple[Scenario, ...]) -> None:
    """Set up a worker process: Ctrl-C is the parent's to handle, and a worker never outlives its parent."""
    global _ARMS
    _ARMS = arms
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait as wait_for

    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(task: Task) -> Outcome:
    return run_task(_ARMS[task.arm], task)


def execute(plan: Plan, store: PartStore, *, workers: int, strict: bool, advance: Advance) -> Execution:
    """Compute and store every part of the plan that is not there yet.

    Args:
        plan: What to run.
        store: Where parts go; those already there are used.
        workers: Processes; 1 runs everything in this one.
        strict: Stop at the first replicate that fails.
        advance: Called with the number of replicates that became ready.

    Raises:
        StrictStopError: under strict.
        StoreError: a part cannot be written, or a worker process was killed.
    """
    execution = Execution()
    missing: list[Task] = []
    for task in plan.tasks():
        part = store.find(task.key)
        if part is None:
            missing.append(task)
            continue
        execution.reused += 1
        _note(failures_of(part), execution, strict)
        advance(task.stop - task.start)
    workers = min(workers, len(missing))
    outcomes = _outcomes_by_workers(plan, missing, workers) if workers > 1 else _outcomes_here(plan, missing)
    try:
        for outcome in outcomes:
            _keep(outcome, store, execution, strict)
            advance(outcome.task.stop - outcome.task.start)
    except KeyboardInterrupt:
        execution.interrupted = True
    finally:
        outcomes.close()
    execution.failures.sort(key=lambda failure: (failure.replicate, failure.arm))
    return execution


def _keep(outcome: Outcome, store: PartStore, execution: Execution, strict: bool) -> None:
    store.write(outcome.task.key, outcome.content)
    execution.computed += 1
    arm = outcome.task.arm
    execution.seconds[arm] = execution.seconds.get(arm, 0.0) + outcome.seconds
    _note(outcome.failures, execution, strict)


def _note(failures: Sequence[Failure], execution: Execution, strict: bool) -> None:
    execution.failures.extend(failures)
    if strict and failures:
        raise StrictStopError(failures[0])


def _outcomes_here(plan: Plan, tasks: list[Task]) -> Generator[Outcome, None, None]:
    for task in tasks:
        yield run_task(plan.arms[task.arm], task)


def _outcomes_by_workers(plan: Plan, tasks: list[Task], workers: int) -> Generator[Outcome, None, None]:
    """Run tasks in worker processes, never more than two a worker under way; yield outcomes as they come."""
    import multiprocessing

    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare_worker, (plan.arms,))
    waiting = iter(tasks)
    pending: set[Future[Outcome]] = set()
    try:
        while True:
            for task in _take(waiting, 2 * workers - len(pending)):
                pending.add(pool.submit(_work, task))
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=id):
                yield future.result()
    except BrokenProcessPool as error:
        hint = "what is stored is kept; run the same command again, with fewer --workers if memory ran out"
        raise store_error(plan.folder, "a worker process was killed", hint) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(tasks: Iterator[Task], count: int) -> list[Task]:
    return [task for _, task in zip(range(count), tasks, strict=False)]
