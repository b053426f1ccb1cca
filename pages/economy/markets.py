"""Counts of bases on drawn markets of the shipped world: by free entry, and by the planner at the true values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qipan import load_scenario, load_world
from qipan.model.case import Case
from qipan.model.ensemble import block_case
from qipan.model.payoffs import Payoff

Counts = NDArray[np.int64]


@lru_cache(maxsize=1)
def _markets(worlds: int) -> Case:
    """The shipped world, drawn so many times."""
    scenario = load_scenario("baseline")
    return block_case(scenario, load_world(scenario.world), np.arange(worlds))


class Private:
    """A market in which what a base gets is taken for what it adds: a planner's counts are then those of free entry."""

    threshold = 0.0

    def __init__(self, form: Payoff) -> None:
        self.form = form

    def marginal(self, worth: Any, count: Any) -> Any:
        """What one of `count` regions of average fit gets."""
        return self.form.realised(worth, 0.0, count)


def drawn_values(worlds: int) -> NDArray[np.float64]:
    """Value of each sector at maturity, bn yuan a year: (market, sector)."""
    return np.asarray(np.exp(_markets(worlds).nature.worth), dtype=np.float64)


def entered(worlds: int) -> Counts:
    """Bases by sector when regions of average fit enter one by one wherever one more earns most: (market, sector)."""
    case = _markets(worlds)
    slots, form = int(case.world.breadth.sum()), cast(Any, Private(case.payoff))
    found = case.executor.solvers.efficient_counts(case.nature.worth, slots, case.world.size.size, form)
    return np.asarray(found, dtype=np.int64)


def placed(worlds: int) -> Counts:
    """Bases by sector as the planner places them at the true values: (market, sector)."""
    return np.asarray(_markets(worlds).efficient, dtype=np.int64)


def improvable(worlds: int) -> int:
    """In how many markets a base added, dropped or moved raises the planner's total."""
    case = _markets(worlds)
    payoff, worth = case.payoff, case.nature.worth
    places, regions = int(case.world.breadth.sum()), case.world.size.size
    count = placed(worlds).astype(float)
    gain = payoff.marginal(worth, count + 1.0)
    loss = np.where(count > 0.0, payoff.marginal(worth, np.maximum(count, 1.0)), np.inf)
    gain = np.where(count < regions, gain, -np.inf)
    room = count.sum(axis=1, keepdims=True) < places
    slack = 1e-9 * np.exp(worth).max(axis=1)
    adds = (np.where(room, gain, -np.inf).max(axis=1) > slack) | (loss.min(axis=1) < -slack)
    moves = (gain[:, :, None] - loss[:, None, :]).max(axis=(1, 2)) > slack
    return int((adds | moves).sum())
