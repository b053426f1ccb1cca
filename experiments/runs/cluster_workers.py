"""Who may work: workers of a Dask cluster whose code, data and packages are those of this process.

Everyone there at the start must be the same; one who joins later is asked before the first task, and left out where
anything differs. What is asked is sent as plain text and bytes, which a worker with other code can read too.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from qipan.experiments.runs.executor import Name
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.store.versions import model_hash
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from distributed import Client

OPTION = "--scheduler"
SAME = "install the same versions of qipan and its packages everywhere"
SAME_DATA = "install the same ones everywhere"
NO_QIPAN = "does not have qipan"
OTHER_CODE = "has another version of qipan's code"
LOOK_SECONDS = 2.0
"""How often it is asked who is there."""


def wrong(message: str, hint: str) -> UserError:
    """A user's error about the cluster."""
    return UserError(Problem("command line", OPTION, message, hint))


@dataclass(frozen=True)
class Facts:
    """What must be the same in every process that works on an experiment.

    Args:
        model: Hash of the code.
        data: SHA-256 of each data file.
        versions: Packages that numbers depend on, with their versions.
        executor: Who carries out the years.
        world: The choice of a world, pickled: read only where the code is the same.
    """

    model: str
    data: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]
    executor: Name
    world: bytes


def facts_of(plan: RunPlan) -> Facts:
    """The facts of this process."""
    world = pickle.dumps(plan.arms[0].world)
    return Facts(model_hash(), plan.data_files, versions_for(plan.executor), plan.executor, world)


@cache
def versions_for(executor: Name) -> tuple[tuple[str, str], ...]:
    """Versions of what numbers depend on: Python, the machine, NumPy, SciPy, and Numba where it does the work."""
    from qipan.experiments.store.versions import versions

    names = ("python", "machine", "numpy", "scipy", *(("numba",) if executor == "compiled" else ()))
    found = versions()
    names = (*names, *(name for name in found if name.startswith("plug-in ")))
    return tuple((name, found[name]) for name in names)


def fault_of(
    model: str, data: tuple[tuple[str, str], ...], versions: tuple[tuple[str, str], ...], executor: Name, world: bytes
) -> tuple[str, str] | None:
    """What differs in this process from `Facts`, and what to do about it; None where nothing does."""
    from qipan.model.world import load_world

    if model_hash() != model:
        return OTHER_CODE, SAME
    pairs = zip(versions_for(executor), versions, strict=True)
    other = [f"{name} {there} (here {here})" for (name, there), (_, here) in pairs if there != here]
    if other:
        return f"has {', '.join(other)}", SAME
    files = set(load_world(pickle.loads(world)).files.items()) ^ set(data)
    if files:
        return f"has other data files ({', '.join(sorted({name for name, _ in files})[:5])})", SAME_DATA
    return None


def refuse_other(facts: Facts, who: str) -> None:
    """Refuse to work in a process that differs.

    Raises:
        UserError: other code, other data or other packages than those of `facts`.
    """
    fault = fault_of(*astuple(facts))
    if fault is not None:
        raise wrong(f"{who} {fault[0]}", fault[1])


def without_qipan(client: Client, workers: Iterable[str] | None = None) -> dict[str, str]:
    """Workers that could not read what they are asked, and why; those that do not answer are not among them."""
    told = {}
    asked = None if workers is None else list(workers)
    for worker, spec in client.run(find_spec, __name__, workers=asked, on_error="return").items():
        if spec is None or isinstance(spec, ImportError):
            told[worker] = OTHER_CODE if spec is None else NO_QIPAN
    return told


@dataclass
class Crew:
    """The workers that are there and the same as this process.

    Args:
        client: Of their scheduler.
        facts: What must be the same.
        threads: Threads of those who may work, by address.
        left_out: Workers that may not.
    """

    client: Client
    facts: Facts
    threads: dict[str, int] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    looked: float = -LOOK_SECONDS

    def begin(self) -> None:
        """See who is there at the start.

        Raises:
            UserError: one differs.
        """
        for worker, (fault, hint) in self._look().items():
            raise wrong(f"the worker at {worker} {fault}", hint)

    def see(self) -> None:
        """See who has come or gone, unless that was seen just now; say who is left out."""
        if time.monotonic() - self.looked < LOOK_SECONDS:
            return
        for worker, (fault, hint) in self._look().items():
            print(f"the worker at {worker} {fault} and gets no work; {hint}", file=sys.stderr)

    def _look(self) -> dict[str, tuple[str, str]]:
        """Faults of those who have come."""
        self.looked = time.monotonic()
        there = dict(self.client.nthreads())
        come = there.keys() - self.threads.keys() - self.left_out
        faults, answered = self._faults(come) if come else ({}, set())
        self.left_out |= faults.keys()
        known = (self.threads.keys() | answered) - self.left_out
        self.threads = {worker: there[worker] for worker in there if worker in known}
        return faults

    def _faults(self, come: Iterable[str]) -> tuple[dict[str, tuple[str, str]], set[str]]:
        """What differs at whom, and who is the same; one that does not answer is in neither."""
        faults = {worker: (fault, SAME) for worker, fault in without_qipan(self.client, come).items()}
        others = sorted(set(come) - faults.keys())
        answers: Mapping[str, Any] = (
            self.client.run(fault_of, *astuple(self.facts), workers=others, on_error="return") if others else {}
        )
        faults |= {worker: answer for worker, answer in answers.items() if isinstance(answer, tuple)}
        return faults, {worker for worker, answer in answers.items() if answer is None}
