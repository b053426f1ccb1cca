"""Stored parts put together: per arm, the replicates that every arm has, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.executing import LEFT, reasons_of
from experiments.failing import FAILURES, Failure, failures_of
from experiments.partial import Part
from experiments.plan import Plan
from experiments.spool import Spool
from experiments.store import PartStore


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the parts of a plan hold.

    Args:
        parts: One joined part for each arm, in the order of the plan; rows are the common replicates.
        counts: Replicates behind the sums of each arm.
        replicates: (n,) the replicates that succeeded in every arm.
        failures: Every recorded failure, by replicate.
        planned: Replicates that were asked for.
        left: What compiled runs left to NumPy, with the reasons, each once.
    """

    parts: tuple[Part, ...]
    counts: tuple[int, ...]
    replicates: NDArray[np.int64]
    failures: tuple[Failure, ...]
    planned: int
    left: tuple[str, ...] = ()


def gather(plan: Plan, store: PartStore) -> Gathered:
    """Join the parts of the blocks that are complete in every arm; the first incomplete block ends the reading."""
    spools = [Spool(plan.replicates, store.folder) for _ in plan.arms]
    failures: list[Failure] = []
    left: dict[str, None] = {}
    for block in _complete_blocks(plan, store):
        failures.extend(failure for part in block for failure in failures_of(part))
        left |= dict.fromkeys(reason for part in block for reason in left_of(part))
        if all("replicates" in part for part in block):
            for spool, part in zip(spools, _paired(block), strict=True):
                spool.add(part)
    joined = tuple(spool.finish() for spool in spools)
    counts = tuple(int(part["sum:count"]) if part else 0 for part in joined)
    replicates = joined[0].get("replicates", np.zeros(0, dtype=np.int64))
    failures.sort(key=lambda failure: (failure.replicate, failure.arm))
    return Gathered(joined, counts, replicates, tuple(failures), plan.replicates, tuple(left))


def left_of(part: Part) -> tuple[str, ...]:
    """What a part's run left to NumPy."""
    return reasons_of(part[LEFT]) if LEFT in part else ()


def numbers_of(part: Part) -> Part:
    """A part without what is told in words: its failures, and what its run left to NumPy."""
    return {name: values for name, values in part.items() if name not in (FAILURES, LEFT)}


def _complete_blocks(plan: Plan, store: PartStore) -> Iterator[list[Part]]:
    current: list[Part] = []
    for task in plan.tasks():
        if not store.path(task.key).exists():
            return
        current.append(store.read(task.key))
        if len(current) == len(plan.arms):
            yield current
            current = []


def _paired(block: list[Part]) -> list[Part]:
    """Keep, in every arm, the replicates that no arm lost. Sums stay over each arm's own replicates."""
    common = block[0]["replicates"]
    for part in block[1:]:
        common = np.intersect1d(common, part["replicates"])
    paired = []
    for part in block:
        rows = np.isin(part["replicates"], common)
        kept: Part = {"sum:count": np.array(len(part["replicates"]))}
        for name, values in numbers_of(part).items():
            kept[name] = values if name.startswith("sum:") or rows.all() else values[rows]
        paired.append(kept)
    return paired
