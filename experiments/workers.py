"""Where tasks are run: in this process, in worker processes, or on a Dask cluster. Outcomes come as they are ready."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import islice

from experiments.ahead import end_server, worker_context
from experiments.block import Outcome, run_tasks
from experiments.cluster import Cluster, outcomes_by_cluster
from experiments.memory import keep_freed_memory
from experiments.plan import Batch, Plan, Task
from experiments.store import store_error

Outcomes = Generator[Outcome, None, None]


def outcomes(plan: Plan, tasks: list[Task], workers: int) -> Outcomes:
    """Run tasks of a plan by so many worker processes; 1 runs them here, a `Cluster` elsewhere."""
    from model.world import load_world

    batches = list(plan.batches(tasks, load_world(plan.arms[0].world).data_fit.size if plan.executor != "numpy" else 1))
    if isinstance(workers, Cluster):
        return outcomes_by_cluster(plan, batches, workers)
    workers = min(workers, len(batches))
    return _by_processes(plan, batches, workers) if workers > 1 else _here(plan, batches)


def rest_of(coming: Outcomes) -> Outcomes:
    """No new work: the outcomes of what worker processes have under way already, which they would finish anyway."""
    with suppress(StopIteration, EndEarlyError):
        yield coming.throw(EndEarlyError())
        yield from coming


class EndEarlyError(Exception):
    """Thrown into outcomes by `rest_of`."""


def _here(plan: Plan, batches: list[Batch]) -> Outcomes:
    for batch in batches:
        yield from run_tasks(batch[0].among(plan.arms), batch)


def _by_processes(plan: Plan, batches: list[Batch], workers: int) -> Outcomes:
    """Run batches of tasks in worker processes; yield outcomes as they come. Ctrl-C, unless it comes again, raises
    KeyboardInterrupt after the outcomes of what is under way.
    """
    work = _Work(plan, batches, workers)
    interrupts, ended = 0, False
    try:
        while True:
            try:
                yield from work.outcomes()
                break
            except (KeyboardInterrupt, EndEarlyError) as error:
                interrupts += isinstance(error, KeyboardInterrupt)
                if interrupts > 1:
                    raise
                work.finish()
        ended = not interrupts
    except BrokenProcessPool as error:
        hint = "what is stored is kept; run the same command again, with fewer --workers if memory ran out"
        raise store_error(plan.folder, "a worker process was killed", hint) from error
    finally:
        if not ended or not _keeping:
            _end()
    if interrupts:
        raise KeyboardInterrupt


class _Work:
    """Batches of tasks on their way: those that wait, those under way, and what has come back."""

    def __init__(self, plan: Plan, batches: list[Batch], workers: int) -> None:
        self.plan, self.waiting, self.most = plan, iter(batches), 2 * workers
        self.pool = _pool_of(workers)
        self.pending: set[Future[list[Outcome]]] = set()
        self.ready: deque[Outcome] = deque()

    def outcomes(self) -> Outcomes:
        """What tasks came to, until all are done; never more than two batches a worker under way."""
        while True:
            while self.ready:
                yield self.ready.popleft()
            for batch in islice(self.waiting, self.most - len(self.pending)):
                self.pending.add(self.pool.submit(run_tasks, batch[0].among(self.plan.arms), batch))
            if not self.pending:
                return
            done, self.pending = wait(self.pending, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=id):
                self.ready.extend(future.result())

    def finish(self) -> None:
        """Begin nothing new."""
        self.waiting = iter(())
        self.pending = {future for future in self.pending if not future.cancel()}


_keeping: list[None] = []
"""One entry for each block of `kept_workers` that is open."""
_pools: dict[int, ProcessPoolExecutor] = {}
"""The pool of worker processes that wait for work, by their number: one at most."""


@contextmanager
def kept_workers() -> Iterator[None]:
    """Plans that are run within share their worker processes, which take a second or two to start."""
    _keeping.append(None)
    try:
        yield
    finally:
        _keeping.pop()
        if not _keeping:
            _end()


def _pool_of(workers: int) -> ProcessPoolExecutor:
    """So many worker processes, or more, if they are there already."""
    if max(_pools, default=0) < workers:
        _dismiss()
        _pools[workers] = ProcessPoolExecutor(workers, worker_context(), _prepare_worker)
    (pool,) = _pools.values()
    return pool


def _end() -> None:
    """End all worker processes, and what they are copies of."""
    if _pools:
        _dismiss()
        end_server()


def _dismiss() -> None:
    """End all worker processes as soon as what is under way is done."""
    while _pools:
        _pools.popitem()[1].shutdown(wait=True, cancel_futures=True)


def _prepare_worker() -> None:
    """Set up a worker process."""
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
