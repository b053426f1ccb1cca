"""Stored parts put together: per arm, the replicates that every arm has, in order."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.runs.executor import reasons_of
from qipan.experiments.runs.failures import FAILURES, Failure, failures_of
from qipan.experiments.runs.plan import SUMMARY, RunPlan
from qipan.experiments.store.parts import PartStore, store_error
from qipan.experiments.summaries.columns import setting_of
from qipan.experiments.summaries.rows import LEFT, Part
from qipan.experiments.summaries.spool import Spool
from qipan.experiments.summaries.summary import MOST_ROWS, Summary, rows_of
from qipan.model.measures.regional import welfare_weighted
from qipan.model.world import load_world
from qipan.model.world.reading.weights import RegionWeights


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the parts of a plan hold.

    Args:
        parts: One joined part for each arm, in the order of the plan; rows are the common replicates.
        counts: Replicates behind the sums of each arm.
        replicates: (n,) the replicates that succeeded in every arm.
        failures: Every recorded failure, by replicate.
        planned: Replicates that were asked for.
        summary: What the blocks come to where no rows are kept; `parts` then hold the first rows alone, and all sums.
        left: What compiled runs left to NumPy, with the reasons, each once.
    """

    parts: tuple[Part, ...]
    counts: tuple[int, ...]
    replicates: NDArray[np.int64]
    failures: tuple[Failure, ...]
    planned: int
    left: tuple[str, ...] = ()
    summary: Summary | None = None


def gather(plan: RunPlan, store: PartStore) -> Gathered:
    """Join the parts of the blocks that are complete in every arm; the first incomplete block ends the reading."""
    if plan.keep == SUMMARY:
        return _gather_summaries(plan, store)
    spools = [Spool(plan.replicates, store.folder) for _ in plan.arms]
    failures: list[Failure] = []
    left: dict[str, None] = {}
    for block in _complete_blocks(plan, store, len(plan.arms)):
        failures.extend(replace(one, arm=arm) for arm, part in enumerate(block) for one in failures_of(part))
        left |= dict.fromkeys(reason for part in block for reason in left_of(part))
        if all("replicates" in part for part in block):
            for spool, part in zip(spools, paired(block), strict=True):
                spool.add(weighted(part, plan.weights))
    joined = tuple(spool.finish() for spool in spools)
    counts = tuple(int(part["sum:count"]) if part else 0 for part in joined)
    replicates = joined[0].get("replicates", np.zeros(0, dtype=np.int64))
    failures.sort(key=lambda failure: (failure.replicate, failure.arm))
    return Gathered(joined, counts, replicates, tuple(failures), plan.replicates, tuple(left))


def weighted(part: Part, weights: RegionWeights | None) -> Part:
    """A part with welfare by a reader's own weights of regions, where there are any."""
    if weights is None:
        return part
    found = welfare_weighted(part["region:welfare_by_region"], np.asarray(weights.values))
    return {**part, f"total:{welfare_weighted.__name__}": found}


def _gather_summaries(plan: RunPlan, store: PartStore) -> Gathered:
    """Put the summaries of the blocks together, in order, up to the first that is missing."""
    summary = Summary(setting_of(plan.arms, load_world(plan.arms[0].world)), len(plan.arms))
    spools = [Spool(min(plan.replicates, MOST_ROWS + plan.block), store.folder) for _ in plan.arms]
    failures: list[Failure] = []
    left: dict[str, None] = {}
    numbers = [np.zeros(0, dtype=np.int64)]
    for (part,) in _complete_blocks(plan, store, 1):
        failures.extend(failures_of(part))
        left |= dict.fromkeys(left_of(part))
        if "replicates" in part:
            try:
                summary.add(part)
            except (ValueError, KeyError, zlib.error) as error:
                again = "remove it and run again: it is computed anew"
                raise store_error(store.folder, f"a stored summary contradicts itself: {error}", again) from error
            numbers.append(part["replicates"])
            for spool, rows in zip(spools, rows_of(part, len(plan.arms)), strict=True):
                if rows:
                    spool.add(rows)
    parts = tuple({**spool.finish(), **summary.sums_of(arm)} for arm, spool in enumerate(spools))
    counts = tuple(int(part["sum:count"]) if part else 0 for part in parts)
    failures.sort(key=lambda failure: (failure.replicate, failure.arm))
    return Gathered(parts, counts, np.concatenate(numbers), tuple(failures), plan.replicates, tuple(left), summary)


def left_of(part: Part) -> tuple[str, ...]:
    """What a part's run left to NumPy."""
    return reasons_of(part[LEFT]) if LEFT in part else ()


def numbers_of(part: Part) -> Part:
    """A part without what is told in words: its failures, and what its run left to NumPy."""
    return {name: values for name, values in part.items() if name not in (FAILURES, LEFT)}


def _complete_blocks(plan: RunPlan, store: PartStore, parts: int) -> Iterator[list[Part]]:
    """The parts of each block, so many of each, up to the first that is missing."""
    current: list[Part] = []
    for task in plan.tasks():
        if not store.path(task.key).exists():
            return
        current.append(store.read(task.key))
        if len(current) == parts:
            yield current
            current = []


def paired(block: list[Part]) -> list[Part]:
    """Keep, in every arm, the replicates that no arm lost. Sums stay over each arm's own replicates."""
    numbers = [part["replicates"] for part in block]
    alike = all(np.array_equal(some, numbers[0]) for some in numbers)
    common = numbers[0] if alike else reduce(np.intersect1d, numbers)
    return [_only(part, None if alike else np.isin(part["replicates"], common)) for part in block]


def _only(part: Part, rows: NDArray[np.bool_] | None) -> Part:
    """Some rows of a part, or all; its sums stay, with the number of rows behind them."""
    kept: Part = {"sum:count": np.array(len(part["replicates"]))}
    for name, values in numbers_of(part).items():
        kept[name] = values if rows is None or name.startswith("sum:") else values[rows]
    return kept
