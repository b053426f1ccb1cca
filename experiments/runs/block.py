"""One task: an arm over a block of replicates, reduced to a part, with what failed set apart; or all arms together."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.runs.executor import Name, packed_reasons, require
from qipan.experiments.runs.failures import FAILURES, Failure, failure_of, packed
from qipan.experiments.runs.gather import left_of, numbers_of, paired
from qipan.experiments.runs.plan import ROWS_ALONE, SUMMARY, Task
from qipan.experiments.store.parts import pack
from qipan.experiments.summaries.columns import setting_of
from qipan.experiments.summaries.rows import Part, join_parts, make_part
from qipan.experiments.summaries.scores import make_followed, make_observed, make_scores, needed_fields
from qipan.experiments.summaries.summary import summarised
from qipan.model.errors import UserError
from qipan.model.extend.plugins import require_plugins
from qipan.model.world import load_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qipan.model.history import History
    from qipan.model.scenario import Scenario

REDUCTIONS: dict[str, Callable[[History], Part]] = {
    "all": make_part,
    "scores": make_scores,
    "followed": make_followed,
    "observed": make_observed,
    SUMMARY: make_part,
}
"""What can be kept of a block of replicates, by the name a plan gives."""
MOST_HALVINGS = 24
"""Attempts that may fail before what is left of a block is run one by one: where all fail, halving only costs time."""


@dataclass(frozen=True)
class Outcome:
    """What a task came to: the bytes of its part, the replicates that failed, the seconds it took."""

    task: Task
    content: bytes
    failures: tuple[Failure, ...]
    seconds: float


def run_tasks(scenarios: Sequence[Scenario], tasks: Sequence[Task]) -> list[Outcome]:
    """Run tasks of the same arms over blocks that follow each other: in one go, or by themselves where that fails."""
    require_plugins(tasks[0].plugins)
    if len(tasks) == 1:
        return [run_task(scenarios, tasks[0])]
    started = time.perf_counter()
    blocks: list[list[Part]] = [[] for _ in tasks]
    try:
        for scenario in scenarios:
            for parts, part in zip(blocks, computed_together(scenario, tasks), strict=True):
                parts.append(part)
    except (UserError, MemoryError):
        raise
    except Exception:
        return [run_task(scenarios, task) for task in tasks]
    contents = [
        packed_part(scenarios, task, _reduced(scenarios, task, parts))
        for task, parts in zip(tasks, blocks, strict=True)
    ]
    seconds = (time.perf_counter() - started) / len(tasks)
    return [Outcome(task, content, (), seconds) for task, content in zip(tasks, contents, strict=True)]


def run_task(scenarios: Sequence[Scenario], task: Task) -> Outcome:
    """Run the arms of a task (one, or all for a summary) over its replicates and reduce them to a part."""
    started = time.perf_counter()
    parts: list[Part] = []
    failures: list[Failure] = []
    for place, scenario in enumerate(scenarios):
        pieces, failed = _attempt(scenario, replace(task, arm=task.arm + place))
        parts.append(join_parts(pieces) if pieces else {})
        failures += failed
    part = _reduced(scenarios, task, parts)
    if failures:
        part[FAILURES] = packed(failures)
    return Outcome(task, packed_part(scenarios, task, part), tuple(failures), time.perf_counter() - started)


def packed_part(scenarios: Sequence[Scenario], task: Task, part: Part) -> bytes:
    """A part as it is stored, with its key, its arms and its replicates in it."""
    arms = ", ".join(scenario.name for scenario in scenarios)
    return pack(part, task.key, f"{arms}, replicates {task.start:,} to {task.stop - 1:,}")


def _reduced(scenarios: Sequence[Scenario], task: Task, parts: list[Part]) -> Part:
    return _summary(scenarios, task, parts) if task.keep == SUMMARY else parts[0]


def _summary(scenarios: Sequence[Scenario], task: Task, parts: list[Part]) -> Part:
    """The summary of a block over the replicates that every arm has; only words where there are none."""
    left = packed_reasons(tuple(dict.fromkeys(reason for part in parts for reason in left_of(part))))
    if not all(parts):
        return dict(left)
    rows = paired([numbers_of(part) for part in parts])
    if not len(rows[0]["replicates"]):
        return dict(left)
    setting = setting_of(scenarios, load_world(scenarios[0].world))
    return {**summarised(rows, setting, task.start), **left}


def computed(scenario: Scenario, replicates: range, keep: str = "all", executor: Name = "numpy") -> Part:
    """Run replicates and reduce them to a part. Raises as `simulated`."""
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        return _kept(simulated(scenario, replicates, keep, executor), keep)


def computed_together(scenario: Scenario, tasks: Sequence[Task]) -> list[Part]:
    """Run the blocks of several tasks in one go and reduce each by itself. Raises as `simulated`."""
    first, last = tasks[0], tasks[-1]
    places = [slice(task.start - first.start, task.stop - first.start) for task in tasks]
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        history = simulated(scenario, range(first.start, last.stop), first.keep, first.executor)
        if first.keep in ROWS_ALONE:
            part = REDUCTIONS[first.keep](history)
            return [{**{name: part[name][rows] for name in part}, **_left(history)} for rows in places]
        return [_kept(_rows_of(history, rows), first.keep) for rows in places]


def _rows_of(history: History, rows: slice) -> History:
    """Some replicates of a history."""
    arrays = {name: values[rows] for name, values in history.arrays.items()}
    return replace(history, arrays=arrays, replicates=history.replicates[rows])


def simulated(scenario: Scenario, replicates: range, keep: str, executor: Name) -> History:
    """Run replicates, recording what the reduction needs.

    Raises:
        UserError: compiled code is asked for and Numba is not installed.
        ArithmeticError: a division by zero, an overflow, an invalid operation, or a result that is not a number.
        Exception: whatever a rule raised.
    """
    from qipan import run

    require(executor)
    asked = {} if executor == "numpy" else {"executor": executor}
    history = run(
        scenario, replicates=replicates, **asked, **(needed_fields(keep == "followed") if keep in ROWS_ALONE else {})
    )
    for name, values in (*history.arrays.items(), *history.closing.items()):
        if not np.isfinite(values).all():
            raise ArithmeticError(f"{name} holds a value that is not a finite number")
    return history


def _kept(history: History, keep: str) -> Part:
    """What is kept of a history, and what its run left to NumPy."""
    return {**REDUCTIONS[keep](history), **_left(history)}


def _left(history: History) -> Part:
    """What a compiled run left to NumPy, packed; nothing of a run by NumPy."""
    return dict(packed_reasons(history.left)) if getattr(history, "executor", "numpy") == "compiled" else {}


def _attempt(scenario: Scenario, task: Task) -> tuple[list[Part], list[Failure]]:
    """Run replicates together; when that raises, halve them until the ones that fail are found.

    Where many fail, the rest is run one by one.
    """
    pieces: list[Part] = []
    failures: list[Failure] = []
    waiting, failed = [range(task.start, task.stop)], 0
    while waiting:
        replicates = waiting.pop()
        try:
            pieces.append(computed(scenario, replicates, task.keep, task.executor))
        except (UserError, MemoryError):
            raise
        except Exception as error:
            failed += 1
            if len(replicates) == 1:
                failures.append(failure_of(scenario, task, replicates.start, error))
            else:
                waiting += _smaller(replicates, one_by_one=failed > MOST_HALVINGS)
    return pieces, failures


def _smaller(replicates: range, one_by_one: bool) -> list[range]:
    """Replicates cut into halves or into single ones, the last first."""
    width = 1 if one_by_one else len(replicates) // 2
    starts = [replicates.start, replicates.start + width] if not one_by_one else list(replicates)
    stops = [*starts[1:], replicates.stop]
    return [range(start, stop) for start, stop in zip(starts, stops, strict=True)][::-1]
