"""Where tasks are run: in this process, in worker processes, or on a Dask cluster. Outcomes come as they are ready."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TYPE_CHECKING

from experiments.block import Outcome, run_task
from experiments.cluster import Cluster, outcomes_by_cluster
from experiments.plan import Plan, Task
from experiments.store import store_error

if TYPE_CHECKING:
    from model.scenario import Scenario

Outcomes = Generator[Outcome, None, None]


def outcomes(plan: Plan, tasks: list[Task], workers: int) -> Outcomes:
    """Run tasks of a plan by so many worker processes; 1 runs them here, a `Cluster` elsewhere."""
    if isinstance(workers, Cluster):
        return outcomes_by_cluster(plan, tasks, workers)
    workers = min(workers, len(tasks))
    return _by_processes(plan, tasks, workers) if workers > 1 else _here(plan, tasks)


def _here(plan: Plan, tasks: list[Task]) -> Outcomes:
    for task in tasks:
        yield run_task(task.among(plan.arms), task)


def _by_processes(plan: Plan, tasks: list[Task], workers: int) -> Outcomes:
    """Run tasks in worker processes, never more than two a worker under way; yield outcomes as they come."""
    import multiprocessing

    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare_worker, (plan.arms,))
    waiting = iter(tasks)
    pending: set[Future[Outcome]] = set()
    try:
        while True:
            for task in islice(waiting, 2 * workers - len(pending)):
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
    return run_task(task.among(_ARMS), task)
