"""Settings that put other payoff forms on the scale of the market form: what a base earns, and the noise around it."""

from __future__ import annotations

import numpy as np

from pages.economy.markets import drawn_values, entered
from qipan import load_scenario

FORMS = ("shared_prize", "race", "affine", "cournot")
NOISE = ("temperature", "split_temperature", "switching_cost")
"""Settings of behaviour in units of utility: log points in the market form, bn yuan a year in the others."""


def scaled(form: str, worlds: int = 200) -> dict[str, float]:
    """Settings of `world.behaviour` for a form, at the counts of free entry in the market form on drawn markets.

    Args:
        form: One of `FORMS`.
        worlds: Markets drawn.

    Returns:
        Values by name: the slope of the form, where it has one, such that a base earns on average what it earns in the
        market form; the noise times what a base earns; the option of staying out.
    """
    behaviour = load_scenario("baseline").world.behaviour
    count, value = entered(worlds).astype(float), drawn_values(worlds)
    fixed, bases = behaviour.entry_cost, count.sum()
    market = float((count * (value / (count + behaviour.efficient_bases) - fixed)).sum() / bases)
    lost = (1.0 - behaviour.race_success) ** count
    earns, settings = {
        "shared_prize": (float(value.sum() / bases), {"outside_option": fixed}),
        "race": (float((value * (1.0 - lost) - fixed * count).sum() / bases), {"outside_option": 0.0}),
        "affine": (market, {"congestion": _affine(count, value, market), "outside_option": fixed}),
        "cournot": (market, {"demand_slope": _cournot(count, value, market + fixed), "outside_option": 0.0}),
    }[form]
    return settings | {name: getattr(behaviour, name) * earns for name in NOISE}


def _affine(count: np.ndarray, value: np.ndarray, earned: float) -> float:
    """The slope c at which the mean over bases of V - c n is what is earned."""
    return float(((count * value).sum() - earned * count.sum()) / (count * count).sum())


def _cournot(count: np.ndarray, value: np.ndarray, earned: float) -> float:
    """The slope b at which the mean over bases of V^2 / (b (n + 1)^2) is what is earned before the fixed cost."""
    return float((count * value**2 / (count + 1.0) ** 2).sum() / count.sum() / earned)
