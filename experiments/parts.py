"""The parts of a plan: computed where they are missing, with a progress bar, and what is said when there are none."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

from experiments.plan import SUMMARY, Plan
from experiments.progress import progress
from experiments.running import Execution, execute
from experiments.store import PartStore

PARTS = "parts"
INTERRUPTED = 130
TABLES_NEED = ("pandas", "scipy.special", "pyarrow.parquet", "pyarrow.csv", "model.measures", "rich.console",
               "rich.table")  # fmt: skip
PAGES_NEED = ("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
              "matplotlib.backends.backend_pdf", "fontTools.subset", "jinja2",
              "experiments.report.attribution")  # fmt: skip
"""What tables, and figures and pages, are made, written and printed with."""


@dataclass(frozen=True)
class Manner:
    """How to go about it: nothing in here changes a number."""

    workers: int
    language: str
    no_report: bool
    strict: bool
    quiet: bool


def run_parts(plan: Plan, store: PartStore, manner: Manner) -> Execution:
    """Compute and store the parts of a plan that are missing, with a progress bar; raises StrictStopError.

    Meanwhile this process imports what comes afterwards, but not beside a summary, whose memory is to stay low.
    """
    if manner.workers != 1 and plan.keep != SUMMARY:
        threading.Thread(target=_import_ahead, args=[TABLES_NEED + PAGES_NEED * (not manner.no_report)]).start()
    with progress(plan.name, plan.replicates * len(plan.arms), quiet=manner.quiet) as advance:
        return execute(plan, store, workers=manner.workers, strict=manner.strict, advance=advance)


def _import_ahead(names: tuple[str, ...]) -> None:
    """Import what comes afterwards while other processes compute; who needs one that is under way waits for it."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in names:
        with suppress(ImportError, RuntimeError):  # told by whoever needs it; or the process is ending
            import_module(name)


def say_nothing(plan: Plan, execution: Execution) -> int:
    """Say that there is no replicate to show: all failed, or the interruption came before the first block."""
    if execution.interrupted:
        print(
            f"interrupted before the first block was complete; the same command goes on in {plan.folder}",
            file=sys.stderr,
        )
        return INTERRUPTED
    first = execution.failures[0]
    print(
        f"no replicate succeeded; the first failure: {first.message}; qipan replay {first.identifier}", file=sys.stderr
    )
    return 1
