"""The same tasks sent to a Dask cluster that is there already: `--scheduler tcp://host:port`.

A worker whose code, data or packages differ from this process's gets no work, so that results never mix; there at the
start, it is an error. When a worker dies, its tasks go to the others. Needs the optional dependency `qipan[cluster]`,
which is imported only when it is asked for.

Dask's protocol runs code of whoever reaches the scheduler, on its workers and here. Certificates (`tls://host:port`)
come from Dask's own configuration, `distributed.comm.tls`.
"""

from __future__ import annotations

import logging
import re
import socket
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from qipan.experiments.runs.block import Outcome, run_tasks
from qipan.experiments.runs.cluster_workers import (
    LOOK_SECONDS,
    SAME,
    Crew,
    Facts,
    facts_of,
    refuse_other,
    without_qipan,
    wrong,
)
from qipan.experiments.runs.plan import Batch, RunPlan
from qipan.experiments.store.parts import store_error
from qipan.model.errors import UserError

if TYPE_CHECKING:
    from distributed import Client

    from qipan.model.scenario import Scenario

SECONDS = 10
SECONDS_ALONE = 60.0
"""How long it is waited for a worker where there is none any more."""
MOST_LOSSES = 3
"""Times that all who could do a task may die before it is given up."""
EXAMPLE = "such as tcp://127.0.0.1:8786"
TLS = "set distributed.comm.tls.ca-file, client.cert and client.key"


class Cluster(int):
    """A number of workers that are on a cluster, with the address of its scheduler."""

    address: str

    @classmethod
    def at(cls, address: str) -> Cluster:
        """Ask a scheduler how many threads its workers have.

        Raises:
            UserError: Dask is not installed, nobody answers at the address, there is no worker, or one without qipan,
                which could not even read what it is sent.
        """
        with connected(address) as client:
            found = cls(sum(client.nthreads().values()))
            for worker, fault in without_qipan(client).items():
                raise wrong(f"the worker at {worker} {fault}", SAME)
        if not found:
            raise wrong(f"the scheduler at {address} has no workers", f"start one: dask worker {address}")
        found.address = address
        return found


def connected(address: str) -> Client:
    """A client of the scheduler at an address.

    Raises:
        UserError: it is no address, Dask is not installed, or nobody answers.
    """
    _reachable(address)
    try:
        import distributed
    except ImportError:
        raise wrong("Dask is not installed", "pip install 'qipan[cluster]'") from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is told in one sentence
    try:
        with warnings.catch_warnings():  # versions are compared here, and told in one sentence
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
            security = distributed.Security()  # as Dask's configuration says
            if address.startswith("tls:") and not security.get_tls_config_for_role("client").get("ca_file"):
                raise wrong(f"{address} needs certificates, and Dask's configuration names none", TLS)
            return distributed.Client(address, timeout=SECONDS, set_as_default=False, security=security)
    except (OSError, ValueError, TypeError) as error:
        told = " ".join(str(error).split())[:120]
        raise wrong(f"no Dask scheduler answers at {address}: {told}", EXAMPLE) from error


def _reachable(address: str) -> None:
    """Refuse what is no address, and one at which nobody listens, before Dask waits for it."""
    found = re.fullmatch(r"(?:tcp|tls)://(\[[0-9a-fA-F:]+\]|[\w.-]{1,253}):(\d{1,5})", address, re.ASCII)
    if found is None or not 0 < int(found[2]) < 65536:
        raise wrong(f"{address[:80]!r} is not the address of a scheduler", EXAMPLE)
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=SECONDS).close()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise wrong(f"nobody listens at {address}: {reason}", "start one: dask scheduler") from error


def outcomes_by_cluster(
    plan: RunPlan, batches: list[Batch], cluster: Cluster, stop: Callable[[], bool]
) -> Generator[Outcome, None, None]:
    """Send batches of tasks to the cluster, at most four a thread under way; yield outcomes as they come.

    Once `stop` is true, nothing more is sent.

    Raises:
        UserError: a worker that is there at the start differs from this process.
        StoreError: workers died over the same block, or all or the scheduler went away.
    """
    if not batches:
        return
    with connected(cluster.address) as client:
        from distributed import CancelledError

        crew = Crew(client, facts_of(plan))
        try:
            crew.begin()
            yield from _Work(plan, crew, deque(batches)).outcomes(stop)
        except (CancelledError, OSError) as error:
            hint = "what is stored is kept; run the same command again where there is one"
            raise store_error(plan.folder, "the scheduler of the cluster has gone", hint) from error


class _Work:
    """Batches of tasks on their way: those that wait, and those sent, with the workers that may do them."""

    def __init__(self, plan: RunPlan, crew: Crew, waiting: deque[Batch]) -> None:
        self.plan, self.crew, self.waiting = plan, crew, waiting
        self.sent: dict[Any, tuple[Batch, frozenset[str]]] = {}
        self.losses: dict[str, int] = {}
        self.seen = time.monotonic()

    def outcomes(self, stop: Callable[[], bool]) -> Generator[Outcome, None, None]:
        """What tasks came to, until all are done, or all that are under way where it is to stop."""
        while self.sent or (self.waiting and not stop()):
            self.crew.see()
            self.call_back()
            if not stop():
                self.send()
            for future in self.ready():
                yield from _outcomes(future, self.plan)

    def send(self) -> None:
        """Send batches with all they need: what a worker alone holds would be lost with it."""
        workers = frozenset(self.crew.threads)
        while self.waiting and len(self.sent) < 4 * sum(self.crew.threads.values()):
            batch = self.waiting.popleft()
            key = f"qipan-{batch[0].key}-{len(batch)}-{self.losses.get(batch[0].key, 0)}"
            future = self.crew.client.submit(
                run_elsewhere,
                batch[0].among(self.plan.arms),
                batch,
                self.crew.facts,
                key=key,
                pure=False,
                workers=sorted(workers),
            )
            self.sent[future] = batch, workers

    def call_back(self) -> None:
        """Take back what only workers that have gone were to do, block by block, which asks for less memory.

        Raises:
            StoreError: that happened again and again.
        """
        lost = [future for future, (_, workers) in self.sent.items() if not workers & self.crew.threads.keys()]
        for future in lost:
            batch, _ = self.sent.pop(future)
            future.cancel()
            for task in reversed(batch):
                self.losses[task.key] = self.losses.get(task.key, 0) + 1
                if self.losses[task.key] > MOST_LOSSES:
                    raise _died(self.plan)
                self.waiting.appendleft((task,))

    def ready(self) -> list[Any]:
        """What is done, within the time after which one looks again.

        Raises:
            StoreError: there has been no worker for a minute.
        """
        from distributed import wait

        if self.crew.threads:
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > SECONDS_ALONE:
            hint = "what is stored is kept; start workers and run the same command again"
            raise store_error(self.plan.folder, "all workers of the cluster have gone", hint)
        if not self.sent:
            time.sleep(LOOK_SECONDS / 4.0)
            return []
        try:
            with self.crew.client.as_current():
                done = wait(list(self.sent), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            return []
        for future in done:
            del self.sent[future]
        return list(done)


def _outcomes(future: Any, plan: RunPlan) -> list[Outcome]:
    """What a batch came to; what went wrong with a worker, in one sentence."""
    from distributed import CancelledError, KilledWorker

    try:
        found: list[Outcome] = future.result()
    except KilledWorker as error:
        raise _died(plan) from error
    except (UserError, MemoryError, CancelledError):
        raise
    except Exception as error:  # what a run raises is recorded there; this is a worker that cannot read the task
        told = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        raise wrong(f"a worker cannot do the work: {told}", SAME) from error
    return found


def _died(plan: RunPlan) -> UserError:
    hint = "what is stored is kept; run the same command again with more memory a worker"
    return store_error(plan.folder, "several workers died over the same block", hint)


def run_elsewhere(scenarios: tuple[Scenario, ...], batch: Batch, facts: Facts) -> list[Outcome]:
    """Run a batch of tasks on a worker of a cluster.

    Raises:
        UserError: the worker has other code, other data or other packages than the process that sent the batch.
    """
    refuse_other(facts, _worker())
    return run_tasks(scenarios, batch)


def _worker() -> str:
    """What a worker calls itself in a message."""
    from distributed import get_worker

    try:
        return f"the worker at {get_worker().address}"
    except ValueError:
        return "a worker"
