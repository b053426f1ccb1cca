"""`make bench`: one table of speeds, measured in one run, each subject in processes of its own.

A rate is the median over alternating repetitions. Seconds are of one processor, from a loaded scenario to recorded
results, so that other work on the machine matters little; JAX is held to one core. Two processes go by the clock.
Goals are ratios of subjects that take turns, for a machine's speed moves from minute to minute.
"""

import argparse
import importlib.util
import json
import math
import platform
import statistics
import subprocess
import sys
import time
from typing import Any

GOALS = {
    "compiled, 2 processes / Mesa": "at least    800",
    "compiled / floor, one core, ns per cell": "at most      3",
    "NumPy / Mesa": "at least     40",
}
TURNS = 7
LABELS = {
    "mesa": "idiomatic Mesa (independent)",
    "view": "our Mesa view",
    "numpy": "NumPy path",
    "compiled": "compiled path",
    "jax": "JAX (independent)",
    "floor": "floor: drawing alone, compiled",
}
PLAN = {
    ("provinces", 1): ("mesa", "view", "numpy", "compiled", "floor"),
    ("provinces", 100): ("numpy", "compiled", "jax", "floor"),
    ("provinces", 1_000): ("compiled", "jax", "floor"),
    ("provinces", 10_000): ("compiled", "jax", "floor"),
    ("cities", 1): ("mesa", "numpy", "compiled", "floor"),
    ("cities", 100): ("compiled", "jax", "floor"),
    ("counties", 1): ("numpy", "compiled", "floor"),
    ("counties", 100): ("compiled", "jax", "floor"),
}
"""Which subjects run on which world with how many replicates; the rest would take too long."""


def installed(subject: str) -> bool:
    """Whether a subject can be measured here; only JAX need not be installed."""
    return subject != "jax" or importlib.util.find_spec("jax") is not None


def child(subject: str, world: str, replicates: int, repetition: int) -> dict[str, Any]:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", "bench.measure", subject, world, str(replicates), str(repetition)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def together(world: str, replicates: int) -> float:
    """Region-sector-years a second of two processes at once, each with these replicates of its own."""
    command = [sys.executable, "-m", "bench.measure", "compiled", world, str(replicates)]
    processes = [subprocess.Popen([*command, str(r)], stdout=subprocess.PIPE, text=True) for r in (1, 2)]
    results = [json.loads(process.communicate()[0].splitlines()[-1]) for process in processes]
    return sum(result["cells"] / result["wall"] for result in results)


def measured(repetitions: int, worlds: list[str], most: int) -> list[dict[str, Any]]:
    """Rows of the table; repetitions alternate over the subjects."""
    rows = []
    for (world, replicates), subjects in PLAN.items():
        if world not in worlds or replicates > most:
            continue
        found: dict[str, list[dict[str, Any]]] = {subject: [] for subject in subjects if installed(subject)}
        for repetition in range(repetitions):
            for subject in found:
                found[subject].append(child(subject, world, replicates, repetition))
        for subject, results in found.items():
            seconds = statistics.median(result["seconds"] for result in results)
            rows.append(results[0] | {"seconds": seconds, "rate": results[0]["cells"] / seconds, "subject": subject})
            show(rows[-1])
    return rows


def show(row: dict[str, Any]) -> None:
    """One line of the table."""
    cell = 1e9 * row["seconds"] / row["cells"]
    print(
        f"{LABELS[row['subject']]:32s} {row['world']:10s} {row['replicates']:7,d} {row['rate'] / 1e6:10.3f} "
        f"{cell:10.1f} {row['first']:8.2f} {row['start']:8.2f} {row['memory'] / 1024:8.0f}  {row['note']}",
        flush=True,
    )


def turn(repetition: int) -> dict[str, float]:
    """What the goals are about, on the provinces, each subject once after the other."""

    def rate(subject: str, replicates: int) -> float:
        result = child(subject, "provinces", replicates, repetition)
        return float(result["cells"] / result["seconds"])

    mesa, numpy, both = rate("mesa", 1), rate("numpy", 100), together("provinces", 2_000)
    obtained = both / mesa, rate("floor", 2_000) / rate("compiled", 2_000), numpy / mesa
    return dict(zip(GOALS, obtained, strict=True)) | {"both": both}


def compare(turns: int) -> None:
    """Goals beside what was obtained: the median over turns, and the range."""
    found = [turn(repetition) for repetition in range(turns)]
    both = statistics.median(one["both"] for one in found)
    print(f"\ncompiled, 2 processes: {both / 1e6:.2f} million region-sector-years a second; medians of {turns} turns")
    for name, goal in GOALS.items():
        ratios = sorted(one[name] for one in found)
        print(
            f"{name:42s} goal {goal:15s}   obtained {statistics.median(ratios):7.1f}   "
            f"({ratios[0]:.1f} to {ratios[-1]:.1f})",
            flush=True,
        )


HEAD = ("subject", "world", "replicates", "million cells/s", "ns a cell", "x Mesa", "x floor", "first call, s", "MB")


def as_markdown(rows: list[dict[str, Any]]) -> None:
    """The same rows with ratios, as the README and docs/scale.md show them.

    Mesa's rate is that of the same world, or of the first that has one; the floor is that of the same world and number
    of replicates.
    """
    mesa = {row["world"]: row["rate"] for row in reversed(rows) if row["subject"] == "mesa"}
    floor = {(row["world"], row["replicates"]): row["rate"] for row in rows if row["subject"] == "floor"}
    print("", "| " + " | ".join(HEAD) + " |", "| --- " * len(HEAD) + "|", sep="\n")
    for row in rows:
        rate, first_mesa = row["rate"], next(iter(mesa.values()), math.nan)
        cells = (
            LABELS[row["subject"]],
            row["world"],
            f"{row['replicates']:,}",
            f"{rate / 1e6:.3g}",
            f"{1e9 / rate:,.0f}",
            f"{rate / mesa.get(row['world'], first_mesa):.3g}",
            f"{floor[row['world'], row['replicates']] / rate:.3g}",
            f"{row['first']:.1f}",
            f"{row['memory'] / 1024:,.0f}",
        )
        print("| " + " | ".join(cells) + " |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--most", type=int, default=10_000, help="leave out rows of more replicates")
    parser.add_argument("--turns", type=int, default=TURNS, help="of the subjects whose ratios are goals; 0: none")
    parser.add_argument("--worlds", nargs="*", default=["provinces", "cities", "counties"])
    options = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    )
    if not installed("jax"):
        print(f"JAX is not installed: its rows are left out ({sys.executable} -m pip install 'jax>=0.4.30')")
    head = ("subject", "world", "repl.", "M cells/s", "ns/cell", "first s", "start s", "MB")
    widths = (-32, -10, 7, 10, 10, 8, 8, 8)
    print("a cell is one region, sector and year; medians of", options.repetitions, "alternating repetitions\n")
    print(
        " ".join(
            text.ljust(-width) if width < 0 else text.rjust(width) for text, width in zip(head, widths, strict=True)
        )
    )
    rows = measured(options.repetitions, options.worlds, options.most)
    as_markdown(rows)
    if options.turns > 0:
        compare(options.turns)


if __name__ == "__main__":
    main()
