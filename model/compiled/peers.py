"""Same-tier peers and neighbours as lists, so that their means cost what the lists are long."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.axes import Array
from model.world import World


class Tiers(NamedTuple):
    """Groups of regions that look at each other.

    Attributes:
        tier: Group of each region, (region,).
        shares: Share that a number of peers makes up, (group, number): the sum of as many equal weights, one by one.
    """

    tier: NDArray[np.int64]
    shares: Array


def tiers_of(weights: Array) -> Tiers | None:
    """The groups behind a matrix of equal weights within groups, or None where it is not of that kind.

    >>> tiers_of(np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])).tier.tolist()
    [0, 0, 1]
    """
    together = (weights > 0.0) | np.eye(len(weights), dtype=bool)
    first = together.argmax(axis=1)
    heads, tier = np.unique(first, return_inverse=True)
    sizes = np.bincount(tier)
    weight = np.array([weights[head].max(initial=0.0) for head in heads])
    alike = (tier[:, None] == tier[None, :]) & ~np.eye(len(weights), dtype=bool)
    if not np.array_equal(weights, np.where(alike, weight[tier][:, None], 0.0)):
        return None
    shares = np.zeros((heads.size, int(sizes.max()) + 1))
    shares[:, 1:] = np.cumsum(np.repeat(weight[:, None], int(sizes.max()), axis=1), axis=1)
    return Tiers(tier.astype(np.int64), shares)


class Neighbours(NamedTuple):
    """Lists of neighbours: those of region r are others[starts[r]:starts[r + 1]]."""

    starts: NDArray[np.int64]
    others: NDArray[np.int64]
    weights: Array
    totals: Array


@lru_cache(maxsize=8)
def tiers_in(world: World) -> Tiers | None:
    """The tiers of peers of a world."""
    return tiers_of(world.peers)


@lru_cache(maxsize=8)
def neighbours_in(world: World) -> Neighbours:
    """The neighbours of a world's regions, and the sum of each region's weights."""
    weights = world.neighbours
    rows, others = np.nonzero(weights)
    starts = np.searchsorted(rows, np.arange(len(weights) + 1)).astype(np.int64)
    return Neighbours(starts, others.astype(np.int64), np.ascontiguousarray(weights[rows, others]), weights.sum(axis=1))
