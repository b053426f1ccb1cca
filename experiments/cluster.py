"""The same tasks sent to a Dask cluster that is there already: `--scheduler tcp://host:port`.

A worker that has other code or other data than this process refuses, so that results never mix. When a worker dies, its
tasks go to the others. Needs the optional dependency `qipan[cluster]`, which is imported only when it is asked for.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Generator
from itertools import islice
from typing import TYPE_CHECKING, Any

from experiments.block import Outcome, run_task
from experiments.plan import Plan, Task, model_hash
from experiments.store import store_error
from model.errors import Problem, UserError

if TYPE_CHECKING:
    from distributed import Client

    from model.scenario import Scenario

OPTION = "--scheduler"
SECONDS = 10
EXAMPLE = "such as tcp://127.0.0.1:8786"


class Cluster(int):
    """A number of workers that are on a cluster, with the address of its scheduler."""

    address: str

    @classmethod
    def at(cls, address: str) -> Cluster:
        """Ask a scheduler how many threads its workers have.

        Raises:
            UserError: Dask is not installed, nobody answers at the address, or there is no worker.
        """
        with connected(address) as client:
            found = cls(sum(client.nthreads().values()))
        if not found:
            raise _wrong(f"the scheduler at {address} has no workers", f"start one: dask worker {address}")
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
        raise _wrong("Dask is not installed", "pip install 'qipan[cluster]'") from None
    try:
        return distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        told = " ".join(str(error).split())[:120]
        raise _wrong(f"no Dask scheduler answers at {address}: {told}", EXAMPLE) from error


def _reachable(address: str) -> None:
    """Refuse what is no address, and one at which nobody listens, before Dask waits for it."""
    found = re.fullmatch(r"(?:tcp|tls)://(\[[0-9a-fA-F:]+\]|[\w.-]{1,253}):(\d{1,5})", address, re.ASCII)
    if found is None or not 0 < int(found[2]) < 65536:
        raise _wrong(f"{address[:80]!r} is not the address of a scheduler", EXAMPLE)
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=SECONDS).close()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _wrong(f"nobody listens at {address}: {reason}", "start one: dask scheduler") from error


def _wrong(message: str, hint: str) -> UserError:
    return UserError(Problem("command line", OPTION, message, hint))


def outcomes_by_cluster(plan: Plan, tasks: list[Task], cluster: Cluster) -> Generator[Outcome, None, None]:
    """Send tasks to the cluster, at most four a thread under way; yield outcomes as they come."""
    if not tasks:
        return
    with connected(cluster.address) as client:
        from distributed import KilledWorker, as_completed

        waiting = iter(tasks)
        first = [_sent(client, plan, task) for task in islice(waiting, 4 * cluster)]
        coming = as_completed(first, loop=client.loop)
        try:
            for future in coming:
                yield future.result()
                coming.update([_sent(client, plan, task) for task in islice(waiting, 1)])
        except KilledWorker as error:
            hint = "what is stored is kept; run the same command again with more memory a worker"
            raise store_error(plan.folder, "several workers died over the same block", hint) from error


def _sent(client: Client, plan: Plan, task: Task) -> Any:
    """Send a task with all it needs: what a worker alone holds would be lost with it."""
    facts = (model_hash(), plan.data_files)
    return client.submit(run_elsewhere, task.among(plan.arms), task, facts, key=f"qipan-{task.key}", pure=False)


def run_elsewhere(
    scenarios: tuple[Scenario, ...], task: Task, facts: tuple[str, tuple[tuple[str, str], ...]]
) -> Outcome:
    """Run a task on a worker of a cluster.

    Raises:
        UserError: the worker has other code or other data than the process that sent the task.
    """
    from model.world import load_world

    model, data = facts
    if model_hash() != model:
        raise _wrong("a worker has another version of qipan", "install the same one everywhere")
    if tuple(sorted(load_world(scenarios[0].world).files.items())) != tuple(data):
        raise _wrong("a worker has other data files", "install the same ones everywhere")
    return run_task(scenarios, task)
