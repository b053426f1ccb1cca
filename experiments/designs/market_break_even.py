"""Simulated points for the break-even of coordination in a market with a fixed cost: theory scenarios, the engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.designs.break_even import ErrorPoint
from qipan.experiments.statistics.paired import mean_interval
from qipan.model.theory.entry import MarketEntry, entry_break_even

MARKET = MarketEntry(200, 8, 10)
"""The market of the scenarios with a tenth of its bases and half of its costs: a twentieth of its welfare."""
UNIT = 20.0
COMMON_ERRORS = (0.0, 0.3)
REPLICATES = 1024


def planner_errors(common_error: float) -> tuple[float, ...]:
    """Where to look: below, on and above the break-even."""
    return (0.0, 0.4, 0.8, round(entry_break_even(MARKET, common_error), 6), 1.5)


def difference_expected(common_error: float, planner_error: float) -> float:
    """Planner less regions by the closed form."""
    return MARKET.planner_welfare(planner_error) - MARKET.regions_welfare(common_error)


def welfare(name: str, replicates: int, key: str, value: float) -> NDArray[np.float64]:
    """True value of the layouts of a scenario with one setting, (replicate,), in units of the smaller market."""
    from qipan import load_scenario, run

    history = run(load_scenario(name, {key: value}), replicates=range(replicates), fields=["payoff"])
    return np.asarray(history["payoff"][:, -1] / UNIT)


def points(replicates: int = REPLICATES) -> list[ErrorPoint]:
    """Every simulated point: both common errors, several errors of the planner."""
    found = []
    for common in COMMON_ERRORS:
        alone = welfare("theory/market-break-even", replicates, "world.uncertainty.common_error", common)
        for error in planner_errors(common):
            key = "policy.coordination.planner_error"
            planned = welfare("theory/market-break-even-planner", replicates, key, error)
            interval = mean_interval(planned - alone)
            numbers = (float(interval.estimate), float(interval.low), float(interval.high))
            found.append(ErrorPoint("flat", common, error, *numbers, difference_expected(common, error)))
    return found
