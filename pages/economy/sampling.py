"""Runs of the page, each stored under a key of all that decides its numbers: stopped, it goes on where it was."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages.economy import segments
from pages.economy.comparisons import Variant
from pages.validation import YEARS as DOCUMENTED
from qipan.experiments.store.parts import PartStore, content_key, pack
from qipan.experiments.store.versions import model_hash

Array = NDArray[np.float64]
Sample = dict[str, Array]
"""Measures of a run by name, (replicate,) each."""
FOLDER = Path("results") / "economy"
YEARS = (2035, 2050, 2060, 2070)
"""Years to which consequences are counted."""
MEASURES = 1
"""Raised by hand when `kept` keeps something else, so that runs stored before are run anew."""
TERMS = {
    "surplus_discounted": 1.0,
    "spillover_discounted": 1.0,
    "ordinary_discounted": 1.0,
    "small_cost_discounted": -1.0,
    "private_discounted": -1.0,
    "public_burden_discounted": -1.0,
}
"""Measures that add up to welfare, with their signs."""


def key_of(case: Variant, replicates: int) -> str:
    """The name under which a run is stored: its scenario and tables in full, replicates, sources of the model."""
    from qipan import load_scenario, load_world

    segments.add()
    scenario = load_scenario(case.scenario, case.given)
    tables = dict(load_world(scenario.world).files)
    facts = {"scenario": scenario.digest(replicates=replicates), "tables": tables, "measures": MEASURES}
    return content_key({**facts, "model": model_hash()})


def sampled(wanted: Iterable[tuple[Variant, int]], folder: Path = FOLDER) -> dict[Variant, Sample]:
    """The samples of all runs: those that are stored are read, the others are run and stored, on all processors.

    Args:
        wanted: Runs, each with its number of replicates.
        folder: Where they are stored.
    """
    store, counts = PartStore(folder), dict(wanted)
    keys = {case: key_of(case, replicates) for case, replicates in counts.items()}
    missing = {key: (case, counts[case]) for case, key in keys.items() if store.find(key) is None}
    for case, key, values in _run(missing):
        store.write(key, pack(values, key, f"{case.scenario} {dict(case.settings)}"))
    return {
        case: {name: np.asarray(values, dtype=np.float64) for name, values in store.read(key).items()}
        for case, key in keys.items()
    }


def _run(missing: dict[str, tuple[Variant, int]]) -> Iterable[tuple[Variant, str, Sample]]:
    """Run what is missing on all processors, told on stderr with the time that is left."""
    if not missing:
        return
    begun, workers = time.monotonic(), os.cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = {pool.submit(sample, case, count): (case, key) for key, (case, count) in missing.items()}
        for number, task in enumerate(as_completed(tasks), start=1):
            left = (time.monotonic() - begun) / number * (len(tasks) - number)
            print(f"\r{number} of {len(tasks)} runs, about {left / 60:.0f} min left ", end="", file=sys.stderr)
            yield *tasks[task], task.result()
    print(file=sys.stderr)


def sample(case: Variant, replicates: int) -> Sample:
    """Run a case and keep of each replicate what the page shows, (replicate,) each."""
    from qipan import load_scenario, run
    from qipan.model.axes import BLOCK
    from qipan.model.executor import compiled_available

    segments.add()
    scenario = load_scenario(case.scenario, case.given)
    executor: Any = "compiled" if compiled_available() else "numpy"
    parts: dict[str, list[Array]] = {}
    for start in range(0, replicates, BLOCK):
        history = run(scenario, replicates=range(start, min(start + BLOCK, replicates)), executor=executor)
        for name, values in kept(history).items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def kept(history: Any) -> Sample:
    """What is kept of each replicate: welfare by horizon and its terms, output, public money, documents, breadth."""
    from qipan.model.measures import compute

    first, last = int(history.years[0]), int(history.years[-1])
    told = compute(history, ("welfare_until", *TERMS))
    yearly = {
        "welfare": told.pop("welfare_until"),
        "output": history["output"].sum(axis=(2, 3)),
        "documents": history["adopted"].sum(axis=2),
    }
    wanted = {"welfare": YEARS, "output": YEARS, "documents": DOCUMENTED}
    result = {
        f"{name}_{year}": values[:, year - first]
        for name, values in yearly.items()
        for year in wanted[name]
        if first <= year <= last
    }
    result |= {name: sign * told[name] for name, sign in TERMS.items()}
    return {name: np.asarray(values, dtype=np.float64) for name, values in result.items()}


def study(command: str, scenario: str, replicates: int, folder: Path = FOLDER) -> Any:
    """A study of the command line (`worth`, `best`), run where it is not stored; goes on where it was stopped."""
    from qipan import open_result
    from qipan.experiments.command_line import main

    place = folder / f"{command}-{replicates}-{model_hash()[:12]}"
    arguments = [command, scenario, "--replicates", str(replicates), "--no-report", "--out", str(place)]
    if main(arguments) != 0:
        raise SystemExit(f"qipan {' '.join(arguments)} failed")
    return open_result(place)
