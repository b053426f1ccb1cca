"""The provinces' own break-even beside the closed form: `python -m pages.economy.break_even [REPLICATES]`.

Left, what the full design does to welfare in the 31 provinces, by the planner's own error; right, the same question in
one market with a fixed cost, where the answer is known exactly. That both cross zero is not implied: provinces hold
their money with or without a planner.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pages.economy.comparisons import Variant
from pages.economy.sampling import sampled
from qipan.experiments.statistics.paired import Interval, mean_interval
from qipan.model.theory.entry import MarketEntry, entry_break_even

ERRORS = (0.0, 0.35, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0)
MARKET = MarketEntry(305.0, 8.0, 10.0)
COMMON = ((0.0, "regions see the value", "-"), (0.5, "regions err together by 0.5", "--"))
STEM = Path("docs") / "figures" / "provinces-break-even"
REPLICATES = 1000
COLOUR = "#0072B2"


def provinces(replicates: int) -> list[Interval]:
    """Welfare of the full design to 2060 less that of no coordinator, by the planner's error, with 95% intervals."""
    key = "policy.coordination.planner_error"
    designs = [Variant("national-design").with_settings({key: f"{error:g}"}) for error in ERRORS]
    base = Variant("baseline")
    found = sampled([(each, replicates) for each in (base, *designs)])
    return [mean_interval(found[each]["welfare_2060"] - found[base]["welfare_2060"]) for each in designs]


def crossing(errors: Sequence[float], heights: Sequence[float]) -> float | None:
    """Where a curve first falls through zero, by a straight line between its points; None: nowhere.

    Example:
        >>> crossing([0.0, 1.0, 2.0], [3.0, 1.0, -1.0])
        1.5
    """
    for place in range(1, len(errors)):
        before, after = heights[place - 1], heights[place]
        if before > 0.0 >= after:
            share = before / (before - after)
            return errors[place - 1] + share * (errors[place] - errors[place - 1])
    return None


def draw(found: Sequence[Interval]) -> Any:
    """Both curves, each with the error at which it crosses zero."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.0, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    means = [float(each.estimate) for each in found]
    halves = [float(each.high - each.estimate) for each in found]
    left.errorbar(ERRORS, means, yerr=halves, color=COLOUR, fmt="o-", markersize=4, capsize=2)
    ours = crossing(ERRORS, means)
    left.set_title(f"31 provinces: zero near {ours:.1f}" if ours else "31 provinces: no crossing", loc="left")
    left.set_ylabel("welfare of the full design\nless no coordinator, bn yuan to 2060")
    errors = np.linspace(0.0, ERRORS[-1], 200)
    for common, label, line in COMMON:
        heights = [MARKET.planner_welfare(float(error)) - MARKET.regions_welfare(common) for error in errors]
        right.plot(errors, heights, line, color=COLOUR, label=label)
    known = " and ".join(f"{entry_break_even(MARKET, common):.2f}" for common, _, _ in COMMON)
    right.set_title(f"Closed form: zero at {known}", loc="left")
    right.set_ylabel("total payoff of a planner\nless that of free entry")
    right.legend(frameon=False)
    for axes in (left, right):
        axes.axhline(0.0, color="#595959", linewidth=0.8)
        axes.set_xlabel("planner's own error, log points")
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def main(arguments: Sequence[str]) -> int:
    """Run what is not stored, write the figure and its numbers; the first argument may be a number of replicates."""
    import matplotlib

    replicates = int(arguments[0]) if arguments else REPLICATES
    found = provinces(replicates)
    with matplotlib.rc_context({"font.size": 8.5, "svg.hashsalt": "qipan", "svg.fonttype": "path"}):
        draw(found).savefig(STEM.with_suffix(".svg"), metadata={"Date": None})
    with STEM.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["planner_error", "welfare", "low", "high", "replicates"])
        for error, each in zip(ERRORS, found, strict=True):
            rows.writerow(
                [error, *(f"{float(value):.6g}" for value in (each.estimate, each.low, each.high)), replicates]
            )
    print(STEM.with_suffix(".svg"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
