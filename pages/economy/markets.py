"""Counts of bases on drawn markets of the shipped world: by free entry, and by the planner at the true values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@lru_cache(maxsize=1)
def _markets(worlds: int) -> tuple[Any, NDArray[np.float64], int, int]:
    """The payoff form, worth by market and sector, places in all, and regions."""
    from qipan import load_scenario
    from qipan.model.ensemble import block_case
    from qipan.model.executor import executor_named
    from qipan.model.world import load_world

    scenario = load_scenario("baseline")
    world = load_world(scenario.world)
    case = block_case(scenario, world, np.arange(worlds), executor_named("numpy"))
    return case.payoff, case.nature.worth, int(world.breadth.sum()), int(world.size.size)


@lru_cache(maxsize=1)
def entered(worlds: int) -> Counts:
    """Bases by sector when regions of average fit enter one by one wherever one more earns most: (market, sector)."""
    payoff, worth, places, regions = _markets(worlds)
    count = np.zeros(worth.shape)
    rows = np.arange(worlds)
    for _ in range(places):
        earned = np.where(count < regions, payoff.realised(worth, 0.0, count + 1.0), -np.inf)
        best = earned.argmax(axis=1)
        count[rows, best] += earned[rows, best] >= payoff.threshold
    return count.astype(np.int64)


@lru_cache(maxsize=1)
def placed(worlds: int) -> Counts:
    """Bases by sector as the planner places them at the true values: (market, sector)."""
    from qipan.model.coordination.assignment import efficient_counts

    payoff, worth, places, regions = _markets(worlds)
    return np.asarray(efficient_counts(worth, places, regions, payoff), dtype=np.int64)


def improvable(worlds: int) -> int:
    """In how many markets a base added, dropped or moved raises the planner's total."""
    payoff, worth, places, regions = _markets(worlds)
    count = placed(worlds).astype(float)
    gain = payoff.marginal(worth, count + 1.0)
    loss = np.where(count > 0.0, payoff.marginal(worth, np.maximum(count, 1.0)), np.inf)
    gain = np.where(count < regions, gain, -np.inf)
    room = count.sum(axis=1, keepdims=True) < places
    slack = 1e-9 * np.exp(worth).max(axis=1)
    adds = (np.where(room, gain, -np.inf).max(axis=1) > slack) | (loss.min(axis=1) < -slack)
    moves = (gain[:, :, None] - loss[:, None, :]).max(axis=(1, 2)) > slack
    return int((adds | moves).sum())
