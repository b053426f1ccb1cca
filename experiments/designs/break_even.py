"""Simulated points for the break-even line of coordination: theory scenarios through the engine, paired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.paired import mean_interval
from qipan.model.theory.coordination import AffineGame, break_even_error

GAME = AffineGame((100, 96, 92, 88, 84, 80), congestion=4, regions=31)
"""Model specification, section 8(c)."""
COMMON_ERRORS = (0.0, 2.0)
PRIORS: tuple[Literal["flat", "bayes"], ...] = ("flat", "bayes")
SCENARIOS = {"flat": "theory/break-even-planner", "bayes": "theory/break-even-bayesian"}
REPLICATES = 384


@dataclass(frozen=True)
class ErrorPoint:
    """Planner less regions at one pair of errors, in payoff units of 31 regions, with its 95% interval."""

    prior: Literal["flat", "bayes"]
    common_error: float
    planner_error: float
    difference: float
    low: float
    high: float
    expected: float


def planner_errors(common_error: float) -> tuple[float, ...]:
    """Where to look: below, on and above the break-even of a planner that takes its signal at face value."""
    line = break_even_error(GAME, common_error)
    return (0.0, 3.0, 6.0, line, 10.0, 12.0)


def welfare(name: str, replicates: int, **settings: float) -> NDArray[np.float64]:
    """True value of the layouts of a scenario, (replicate,), in payoff units of 31 regions."""
    from qipan import load_scenario, run

    scenario = load_scenario(name, {key.replace("__", "."): value for key, value in settings.items()})
    history = run(scenario, replicates=range(replicates), fields=["payoff"])
    return np.asarray(history["payoff"][:, -1] * GAME.regions / scenario.world.regions)


def difference_expected(prior: Literal["flat", "bayes"], common_error: float, planner_error: float) -> float:
    """Planner less regions by the closed form."""
    return GAME.planner_welfare(planner_error, prior) - GAME.regions_welfare(common_error)


def points(replicates: int = REPLICATES) -> list[ErrorPoint]:
    """Every simulated point: both priors, both common errors, several errors of the planner."""
    found = []
    for common_error in COMMON_ERRORS:
        alone = welfare("theory/break-even", replicates, world__uncertainty__common_error=common_error)
        for prior in PRIORS:
            for error in planner_errors(common_error):
                planned = welfare(SCENARIOS[prior], replicates, policy__coordination__planner_error=error)
                interval = mean_interval(planned - alone)
                numbers = (float(interval.estimate), float(interval.low), float(interval.high))
                found.append(
                    ErrorPoint(prior, common_error, error, *numbers, difference_expected(prior, common_error, error))
                )
    return found
