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

from experiments.block import Outcome, run_tasks
from experiments.cluster import Cluster, outcomes_by_cluster
from experiments.memory import keep_freed_memory
from experiments.plan import Plan, Task
from experiments.store import store_error

if TYPE_CHECKING:
    from model.scenario import Scenario

Outcomes = Generator[Outcome, None, None]


def outcomes(plan: Plan, tasks: list[Task], workers: int) -> Outcomes:
    """Run tasks of a plan by so many worker processes; 1 runs them here, a `Cluster` elsewhere."""
    if isinstance(workers, Cluster):
        return outcomes_by_cluster(plan, tasks, workers)
    from model.world import load_world

    batches = list(plan.batches(tasks, load_world(plan.arms[0].world).data_fit.size if plan.executor != "numpy" else 1))
    workers = min(workers, len(batches))
    return _by_processes(plan, batches, workers) if workers > 1 else _here(plan, batches)


def _here(plan: Plan, batches: list[tuple[Task, ...]]) -> Outcomes:
    for batch in batches:
        yield from run_tasks(batch[0].among(plan.arms), batch)


def _by_processes(plan: Plan, batches: list[tuple[Task, ...]], workers: int) -> Outcomes:
    """Run batches of tasks in worker processes, never more than two a worker under way; yield outcomes as they come."""
    import multiprocessing

    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare_worker, (plan.arms,))
    waiting = iter(batches)
    pending: set[Future[list[Outcome]]] = set()
    try:
        while True:
            for batch in islice(waiting, 2 * workers - len(pending)):
                pending.add(pool.submit(_work, batch))
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=id):
                yield from future.result()
    except BrokenProcessPool as error:
        hint = "what is stored is kept; run the same command again, with fewer --workers if memory ran out"
        raise store_error(plan.folder, "a worker process was killed", hint) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_ARMS: tuple[Scenario, ...] = ()


def _prepare_worker(arms: tuple[Scenario, ...]) -> None:
    """Set up a worker process."""
    global _ARMS
    _ARMS = arms
    keep_freed_memory()
    end_with_parent()


def end_with_parent() -> None:
    """Leave Ctrl-C to the parent of this process, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait as wait_for

    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(batch: tuple[Task, ...]) -> list[Outcome]:
    return run_tasks(batch[0].among(_ARMS), batch)
