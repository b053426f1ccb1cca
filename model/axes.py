"""Axis names and positions, so that no rule counts axes by hand.

Every array is float64 with its axes in one order, those that do not apply left out:
(replicate, year, stage or mechanism, region, sector). Region and sector are therefore always the last two.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Element: TypeAlias = Any
"""What an element rule takes and gives: an array, or inside a compiled loop one number."""

REPLICATE = 0
REGION = -2
SECTOR = -1

STAGES = ("research", "pilot", "industrial")
RESEARCH, PILOT, INDUSTRIAL = range(3)

BANK_CREDIT = 4
"""Row of the mechanism that lends; which mechanisms there are is said by `registry.MECHANISMS`."""

BLOCK = 128
"""Replicates worked on at once. Statistics over replicates are combined block by block, in order."""
MOST_TOGETHER = 8 * BLOCK
MOST_PAIRS = 2**18
"""Replicates, and replicates times regions times sectors, that compiled code runs in one go."""


def by_region(values: Array) -> Array:
    """(..., region) -> (..., region, 1), to meet (..., region, sector)."""
    return values[..., None]


def by_sector(values: Array) -> Array:
    """(..., sector) -> (..., 1, sector), to meet (..., region, sector)."""
    return values[..., None, :]
