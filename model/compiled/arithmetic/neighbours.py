"""Neighbours as lists, so that their means cost what the lists are long."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.world import World


class Neighbours(NamedTuple):
    """Lists of neighbours: those of region r are others[starts[r]:starts[r + 1]]."""

    starts: NDArray[np.int64]
    others: NDArray[np.int64]
    weights: Array
    totals: Array


@lru_cache(maxsize=8)
def neighbours_in(world: World) -> Neighbours:
    """The neighbours of a world's regions, and the sum of each region's weights."""
    weights = world.neighbours
    rows, others = np.nonzero(weights)
    starts = np.searchsorted(rows, np.arange(len(weights) + 1)).astype(np.int64)
    return Neighbours(starts, others.astype(np.int64), np.ascontiguousarray(weights[rows, others]), weights.sum(axis=1))
