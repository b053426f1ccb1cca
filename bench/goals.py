"""`make bench-goals`: what users wait for and what the engine costs, beside its goals, in about five minutes.

Everything takes turns in one run, for a machine's speed moves from minute to minute: read ratios and medians, and the
range beside them. Nothing else should be running.
"""

import os
import platform
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from bench.__main__ import child, together
from qipan import load_scenario, load_world, run
from qipan.experiments.runs.block import computed

TURNS = 5
DESIGN = "national-design"
NEAR, FAR = 2035, 2060
GOALS = {
    "design, compiled, 1,024 replicates, ns a cell": (75.0, "at most"),
    "no coordinator, compiled, 1,024 replicates, ns a cell": (75.0, "at most"),
    "compiled, two processes / Mesa": (800.0, "at least"),
    f"100 replicates of the design to {NEAR}, ms": (15.0, "at most"),
    f"1,000 replicates with measures to {NEAR}, two threads, s": (0.25, "at most"),
    "2,843 regions / 31 regions, per cell": (1.2, "at most"),
    f"make run to {NEAR}, first table, s": (3.0, "at most"),
    f"make run to {NEAR}, whole, s": (8.0, "at most"),
    f"100 replicates of the design to {FAR}, ms": (45.0, "at most"),
    f"1,000 replicates with measures to {FAR}, two threads, s": (0.75, "at most"),
    f"make run to {FAR}, first table, s": (3.0, "at most"),
    f"make run to {FAR}, whole, s": (15.0, "at most"),
}


def seconds_of(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long some work takes."""
    begun = clock()
    work()
    return clock() - begun


def cell_cost(name: str, replicates: int, **settings: object) -> float:
    """Nanoseconds of one processor a region-sector-year."""
    scenario = load_scenario(name).replace(**settings)
    cells = (
        replicates * (scenario.run.last_year - scenario.run.first_year + 1) * load_world(scenario.world).data_fit.size
    )
    work = lambda: run(scenario, replicates=replicates, executor="compiled", fields=("output", "layout"))  # noqa: E731
    return 1e9 * seconds_of(work, time.process_time) / cells


def few(**settings: object) -> float:
    """Milliseconds of 100 replicates of the design."""
    scenario = load_scenario(DESIGN).replace(**{"run.replicates": 100, **settings})
    return 1e3 * seconds_of(lambda: run(scenario, executor="compiled"))


def with_measures(**settings: object) -> float:
    """Seconds of 1,000 replicates of the design and all that is kept of them, in two threads."""
    scenario, blocks = load_scenario(DESIGN).replace(**settings), [range(500), range(500, 1_000)]
    with ThreadPoolExecutor(2) as pool:
        return seconds_of(lambda: list(pool.map(lambda block: computed(scenario, block, "all", "compiled"), blocks)))


def make_run(settings: Mapping[str, object]) -> tuple[float, float]:
    """Seconds until the table is on the screen, and until everything is done."""
    with tempfile.TemporaryDirectory() as folder:
        words = (
            "compare",
            "baseline",
            DESIGN,
            "--replicates",
            "1000",
            "--out",
            str(Path(folder) / "result"),
            *(word for key, value in settings.items() for word in ("--set", f"{key}={value}")),
        )
        begun, first = time.perf_counter(), float("nan")
        command = [sys.executable, "-u", "-m", "qipan", *words]
        ours, theirs = pty.openpty()  # the table of the first block is shown on a terminal alone
        with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL):
            os.close(theirs)
            with suppress(OSError):  # what a terminal says once nobody writes to it any more
                while text := os.read(ours, 65_536):
                    if text.strip() and first != first:
                        first = time.perf_counter() - begun
        os.close(ours)
        return first, time.perf_counter() - begun


def turn(number: int) -> tuple[float, ...]:
    """Every goal once, in the order of `GOALS`."""
    mesa = child("mesa", "provinces", 1, number)
    near, far = {"run.last_year": NEAR}, {"run.last_year": FAR}
    many = {"world.data": "synthetic", "world.regions": 2843, "world.sector_count": 6, "run.last_year": 2027}
    return (
        cell_cost(DESIGN, 1_024),
        cell_cost("baseline", 1_024),
        together("provinces", 2_000) * mesa["seconds"] / mesa["cells"],
        few(**near),
        with_measures(**near),
        cell_cost("baseline", 32, **many) / cell_cost("baseline", 32, **{"run.last_year": 2027}),
        *make_run(near),
        few(**far),
        with_measures(**far),
        *make_run(far),
    )


def main() -> None:
    """Print the goals beside what was obtained."""
    print(f"{_processor()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}; medians of {TURNS} turns")
    turn(0)  # what is done once in a process belongs to nobody
    found = [turn(number) for number in range(1, TURNS + 1)]
    for (name, (goal, way)), values in zip(GOALS.items(), zip(*found, strict=True), strict=True):
        middle = statistics.median(values)
        met = middle <= goal if way == "at most" else middle >= goal
        print(
            f"{name:56s} {way} {goal:6g}   obtained {middle:8.3g} ({min(values):.3g} to {max(values):.3g})   "
            f"{'met' if met else 'not met'}",
            flush=True,
        )


def _processor() -> str:
    """The processor's name, where the system tells it."""
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
