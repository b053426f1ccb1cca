"""Where tasks are run: on threads, in processes of their own, or on a Dask cluster. Outcomes come as they are ready.

Compiled code lets other threads run while it works, so threads of this process serve it about as well as processes
would: on two cores, 1.4 to 1.9 times the speed of one. NumPy's many short calls do not: two threads take as long as
one, so it takes processes. They are started anew (`spawn`), never copied from this one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from types import ModuleType
from typing import Any

from qipan.experiments.runs.block import Outcome, run_tasks
from qipan.experiments.runs.cluster import Cluster, outcomes_by_cluster
from qipan.experiments.runs.plan import Batch, RunPlan, Task
from qipan.experiments.store.parts import store_error

Outcomes = Iterator[Outcome]
LOOK_SECONDS = 0.2
"""How often it is asked whether to stop."""
TURN_SECONDS = 0.0002
"""How long a thread may keep Python to itself while another waits: at the usual 5 ms two take 1.1 times as long."""
PARENT_SECONDS = 0.5
"""How often a worker process looks whether its parent is there."""


def outcomes(plan: RunPlan, tasks: list[Task], workers: int, stop: Callable[[], bool] = lambda: False) -> Outcomes:
    """Run tasks of a plan.

    Args:
        plan: What they belong to.
        tasks: Those to run, in the order of the plan.
        workers: Threads or processes; a `Cluster` runs them elsewhere.
        stop: Asked from time to time; once true, nothing new begins, and what is under way comes.

    Raises:
        StoreError: a worker process was killed.
    """
    from qipan.model.world import load_world

    batches = list(plan.batches(tasks, load_world(plan.arms[0].world).data_fit.size if plan.executor != "numpy" else 1))
    if isinstance(workers, Cluster):
        return outcomes_by_cluster(plan, batches, workers, stop)
    return _by_pool(plan, batches, min(workers, len(batches)), stop)


def _by_pool(plan: RunPlan, batches: list[Batch], workers: int, stop: Callable[[], bool]) -> Outcomes:
    """Run batches of tasks, never more than two a worker under way."""
    if not batches:
        return
    waiting, pending = iter(batches), set[Future[list[Outcome]]]()
    processes = workers > 1 and plan.executor == "numpy"
    pool = _processes(workers) if processes else ThreadPoolExecutor(workers, "qipan")
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, TURN_SECONDS))  # compiled calls are short: who comes back must not wait for longer
    try:
        while True:
            if stop():
                waiting, pending = iter(()), {future for future in pending if not future.cancel()}
            for batch in islice(waiting, 2 * workers - len(pending)):
                with _apart() if processes else _as_it_is():
                    pending.add(pool.submit(run_tasks, batch[0].among(plan.arms), batch))
            if not pending:
                return
            done, pending = wait(pending, LOOK_SECONDS, FIRST_COMPLETED)
            for future in done:
                yield from future.result()
    except BrokenProcessPool as error:
        hint = "what is stored is kept; run the same command again, with fewer --workers if memory ran out"
        raise store_error(plan.folder, "a worker process was killed", hint) from error
    finally:
        pool.shutdown(cancel_futures=True)
        sys.setswitchinterval(usual)


def _processes(workers: int) -> Executor:
    """Worker processes; that which tidies up after them says nothing should the second Ctrl-C end us before."""
    given = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (given, "ignore:resource_tracker")))
    try:
        return ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker)
    finally:
        os.environ.pop("PYTHONWARNINGS") if given is None else os.environ.update(PYTHONWARNINGS=given)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _apart() -> Iterator[None]:
    """A process started within hears no Ctrl-C, which is its parent's, and does not run the user's script again."""
    main, masked = sys.modules["__main__"], hasattr(signal, "pthread_sigmask")
    before: Any = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masked else None
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if masked:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent of this process, and end when the parent has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _end_with_parent)
        signal.setitimer(signal.ITIMER_REAL, PARENT_SECONDS, PARENT_SECONDS)


def _end_with_parent(number: int, frame: object) -> None:
    parent = parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)
