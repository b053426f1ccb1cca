"""The same tasks sent to a Dask cluster that is there already: `--scheduler tcp://host:port`.

A worker whose code, data or packages differ from this process's refuses, so that results never mix. When a worker dies,
its tasks go to the others. Needs the optional dependency `qipan[cluster]`, which is imported only when it is asked for.
"""

from __future__ import annotations

import re
import socket
import warnings
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from experiments.block import Outcome, run_task
from experiments.executing import Name
from experiments.plan import Plan, Task, model_hash
from experiments.store import store_error
from model.errors import Problem, UserError

if TYPE_CHECKING:
    from distributed import Client

    from model.scenario import Scenario

OPTION = "--scheduler"
SECONDS = 10
SAME = "install the same versions of qipan and its packages everywhere"
EXAMPLE = "such as tcp://127.0.0.1:8786"


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
            for worker, spec in client.run(find_spec, __package__).items():
                if spec is None:
                    raise _wrong(f"the worker at {worker} does not have qipan", SAME)
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
        with warnings.catch_warnings():  # versions are compared here, and told in one sentence
            warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
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
    """Send tasks to the cluster, at most four a thread under way; yield outcomes as they come.

    Raises:
        UserError: a worker differs from this process, or does not have qipan.
        StoreError: workers died over the same block.
    """
    if not tasks:
        return
    with connected(cluster.address) as client:
        from distributed import as_completed

        waiting, facts = iter(tasks), facts_of(plan)
        first = [_sent(client, plan, task, facts) for task in islice(waiting, 4 * cluster)]
        coming = as_completed(first, loop=client.loop)
        for future in coming:
            yield _outcome(future, plan)
            coming.update([_sent(client, plan, task, facts) for task in islice(waiting, 1)])


def _outcome(future: Any, plan: Plan) -> Outcome:
    """What a task came to; what went wrong with a worker, in one sentence."""
    from distributed import KilledWorker

    try:
        outcome: Outcome = future.result()
    except KilledWorker as error:
        hint = "what is stored is kept; run the same command again with more memory a worker"
        raise store_error(plan.folder, "several workers died over the same block", hint) from error
    except (UserError, MemoryError):
        raise
    except Exception as error:  # what a run raises is recorded there; this is a worker that cannot read the task
        told = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        raise _wrong(f"a worker cannot do the work: {told}", SAME) from error
    return outcome


def _sent(client: Client, plan: Plan, task: Task, facts: Facts) -> Any:
    """Send a task with all it needs: what a worker alone holds would be lost with it."""
    return client.submit(run_elsewhere, task.among(plan.arms), task, facts, key=f"qipan-{task.key}", pure=False)


@dataclass(frozen=True)
class Facts:
    """What must be the same in every process that works on an experiment.

    Args:
        model: Hash of the code.
        data: SHA-256 of each data file.
        versions: Packages that numbers depend on, with their versions.
    """

    model: str
    data: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]


def facts_of(plan: Plan) -> Facts:
    """The facts of this process."""
    return Facts(model_hash(), plan.data_files, versions_for(plan.executor))


@cache
def versions_for(executor: Name) -> tuple[tuple[str, str], ...]:
    """Versions of what numbers depend on: Python, the machine, NumPy, SciPy, and Numba where it does the work."""
    from experiments.manifest import versions

    names = ("python", "machine", "numpy", "scipy", *(("numba",) if executor == "compiled" else ()))
    return tuple((name, versions()[name]) for name in names)


def run_elsewhere(scenarios: tuple[Scenario, ...], task: Task, facts: Facts) -> Outcome:
    """Run a task on a worker of a cluster.

    Raises:
        UserError: the worker has other code, other data or other packages than the process that sent the task.
    """
    from model.world import load_world

    who = _worker()
    if model_hash() != facts.model:
        raise _wrong(f"{who} has another version of qipan's code", SAME)
    pairs = zip(versions_for(task.executor), facts.versions, strict=True)
    other = [f"{name} {there} (here {here})" for (name, there), (_, here) in pairs if there != here]
    if other:
        raise _wrong(f"{who} has {', '.join(other)}", SAME)
    files = set(load_world(scenarios[0].world).files.items()) ^ set(facts.data)
    if files:
        names = ", ".join(sorted({name for name, _ in files})[:5])
        raise _wrong(f"{who} has other data files ({names})", "install the same ones everywhere")
    return run_task(scenarios, task)


def _worker() -> str:
    """What a worker calls itself in a message."""
    from distributed import get_worker

    try:
        return f"the worker at {get_worker().address}"
    except ValueError:
        return "a worker"
