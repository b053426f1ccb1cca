"""Same-tier peers: groups of regions that look at each other with equal weight.

A matrix of weights costs the square of the number of regions, groups cost their number; the shares are the same bytes.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.kernels import mean_over_neighbours
from qipan.model.world import World


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


@lru_cache(maxsize=8)
def tiers_in(world: World) -> Tiers | None:
    """The tiers of peers of a world."""
    return tiers_of(world.peers)


def share_of_peers(layout: Array, world: World) -> Array:
    """Share of a region's peers that are in a sector, (n, region, sector), in [0, 1].

    Args:
        layout: 1 where a region is in a sector, 0 where not, (n, region, sector).
        world: Its peers; where they are not groups of equal weight, the mean over the matrix is taken.
    """
    tiers = tiers_in(world)
    if tiers is None:
        return mean_over_neighbours(layout, world.peers)
    groups = range(len(tiers.shares))
    counted = np.stack([layout[:, tiers.tier == group].sum(axis=1) for group in groups], axis=1)
    others = (counted[:, tiers.tier] - layout).astype(np.intp)
    return np.asarray(tiers.shares[tiers.tier[None, :, None], others])
