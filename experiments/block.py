"""One arm over one block of replicates: run, reduced to a part, with what failed set apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.executing import Name, packed_reasons, require
from experiments.failing import FAILURES, Failure, failure_of, packed
from experiments.partial import Part, join_parts, make_part
from experiments.plan import Task
from experiments.scores import make_scores
from experiments.store import pack
from model.errors import UserError

if TYPE_CHECKING:
    from model.history import History
    from model.scenario import Scenario

REDUCTIONS: dict[str, Callable[[History], Part]] = {"all": make_part, "scores": make_scores}
"""What can be kept of a block of replicates, by the name a plan gives."""


@dataclass(frozen=True)
class Outcome:
    """What a task came to: the bytes of its part, the replicates that failed, the seconds it took."""

    task: Task
    content: bytes
    failures: tuple[Failure, ...]
    seconds: float


def run_task(scenario: Scenario, task: Task) -> Outcome:
    """Run one arm over one block of replicates and reduce it to a part."""
    started = time.perf_counter()
    pieces, failures = _attempt(scenario, task, range(task.start, task.stop))
    part = join_parts(pieces) if pieces else {}
    if failures:
        part[FAILURES] = packed(failures)
    return Outcome(task, pack(part), tuple(failures), time.perf_counter() - started)


def computed(scenario: Scenario, replicates: range, keep: str = "all", executor: Name = "numpy") -> Part:
    """Run replicates and reduce them.

    Raises:
        UserError: compiled code is asked for and Numba is not installed.
        ArithmeticError: a division by zero, an overflow, an invalid operation, or a result that is not a number.
        Exception: whatever a rule raised.
    """
    from model import run

    require(executor)
    with np.errstate(divide="raise", over="raise", invalid="raise", under="ignore"):
        history = run(scenario, replicates=replicates, **({} if executor == "numpy" else {"executor": executor}))
        for name, values in history.arrays.items():
            if not np.isfinite(values).all():
                raise ArithmeticError(f"{name} holds a value that is not a finite number")
        left = packed_reasons(history.left) if executor == "compiled" else {}
        return {**REDUCTIONS[keep](history), **left}


def _attempt(scenario: Scenario, task: Task, replicates: range) -> tuple[list[Part], list[Failure]]:
    """Run replicates together; when that raises, halve them until the ones that fail are found."""
    try:
        return [computed(scenario, replicates, task.keep, task.executor)], []
    except (UserError, MemoryError):
        raise
    except Exception as error:
        if len(replicates) == 1:
            return [], [failure_of(scenario, task, replicates.start, error)]
    middle = replicates.start + len(replicates) // 2
    first, first_failures = _attempt(scenario, task, range(replicates.start, middle))
    second, second_failures = _attempt(scenario, task, range(middle, replicates.stop))
    return first + second, first_failures + second_failures
