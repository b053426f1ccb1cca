"""Shares of the variance of an effect: of each assumption alone and with the others, and of luck.

Replicates make two independent halves. Their noise is independent, so products of one half with the other have the
expectation of the effect itself: the luck of the replicates is not counted as something that assumptions do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qipan.experiments.designs.sweep_points import unit_points
from qipan.experiments.statistics.paired import Array

Halves = Callable[[Array], tuple[Array, Array]]
"""From places of the unit cube, (m, D), to the effect by either half of the replicates, (m,) or (m, B) each."""
COUNT = 2**12
"""Base points of an estimate; D + 2 times as many are looked at."""
SEED = 1


@dataclass(frozen=True, eq=False)
class Shares:
    """Sobol indices, each (D,), or (D, B) of B resamples.

    Args:
        first: Share of the variance that goes with an assumption alone.
        total: Share that goes with it in any company.
        variance: The variance of the effect over the assumptions, () or (B,).
    """

    first: Array
    total: Array
    variance: Array


def shares(halves: Halves, dimensions: int, count: int = COUNT) -> Shares:
    """First and total indices of a function of independent uniform inputs (Saltelli 2010 and Jansen 1999, split).

    Args:
        halves: The function.
        dimensions: Number of inputs D.
        count: Base points, a power of two.
    """
    unit = unit_points("sobol", count, 2 * dimensions, SEED)
    one, other = unit[:, :dimensions], unit[:, dimensions:]
    at_one, at_other = halves(one), halves(other)
    middle = [0.5 * (a.mean(axis=0) + b.mean(axis=0)) for a, b in zip(at_one, at_other, strict=True)]
    variance = _both(at_one, at_one, middle) / 2.0 + _both(at_other, at_other, middle) / 2.0
    first, total = [], []
    for place in range(dimensions):
        mixed = one.copy()
        mixed[:, place] = other[:, place]
        moved = [there - here for there, here in zip(halves(mixed), at_one, strict=True)]
        centred = [values - mean for values, mean in zip(at_other, middle, strict=True)]
        first.append(0.5 * ((centred[0] * moved[1]).mean(axis=0) + (centred[1] * moved[0]).mean(axis=0)))
        total.append(0.5 * (moved[0] * moved[1]).mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Shares(np.array(first) / variance, np.array(total) / variance, variance)


def _both(left: tuple[Array, Array], right: tuple[Array, Array], middle: list[Array]) -> Array:
    """Mean product of the first half with the second, about their means."""
    return np.asarray(((left[0] - middle[0]) * (right[1] - middle[1])).mean(axis=0))
