"""Axis names and positions, so that no rule counts axes by hand.

Every array is float64 with its axes in one order, those that do not apply left out:
(replicate, year, stage or mechanism, region, sector). Region and sector are therefore always the last two.

In memory the replicates lie side by side, (stage or mechanism, region, sector, replicate): both executors then work on
long rows, and arrays of a year never change their order on the way from one to the other. Results of many years lie as
their axes say.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Element: TypeAlias = Any
"""What an element rule takes and gives: an array, or inside a compiled loop one number."""

REPLICATE = 0
LAYER = -3
"""Stage or mechanism."""
REGION = -2
SECTOR = -1

STAGES = ("research", "pilot", "industrial")
RESEARCH, PILOT, INDUSTRIAL = range(3)

MECHANISMS = (
    "government_research",
    "guidance_fund",
    "enterprise",
    "venture_capital",
    "bank_credit",
    "social_donation",
)
GOVERNMENT_RESEARCH, GUIDANCE_FUND, ENTERPRISE, VENTURE_CAPITAL, BANK_CREDIT, SOCIAL_DONATION = range(6)

BLOCK = 128
"""Replicates worked on at once. Statistics over replicates are combined block by block, in order."""
MOST_TOGETHER = 8 * BLOCK
MOST_PAIRS = 2**18
"""Replicates, and replicates times regions times sectors, that compiled code runs in one go."""


def room(*shape: int) -> Array:
    """Room for an array of this shape, (replicate, ...), its replicates side by side in memory."""
    return np.empty((*shape[1:], shape[0])).transpose(len(shape) - 1, *range(len(shape) - 1))


def side_by_side(values: Array) -> Array:
    """The same array, (replicate, ...), its replicates side by side in memory."""
    if values.strides[0] == values.itemsize or not any(values.strides):
        return values
    out = room(*values.shape)
    out[...] = values
    return out


def layered(layers: Sequence[Array], place: int = 1) -> Array:
    """Arrays (replicate, ...) as layers of one along the axis at `place`: a stage or a mechanism each."""
    shape = np.broadcast_shapes(*(layer.shape for layer in layers))
    out = room(*shape[:place], len(layers), *shape[place:])
    for number, layer in enumerate(layers):
        out[(slice(None),) * place + (number,)] = layer
    return out


def check_shape(name: str, array: Array, shape: tuple[int, ...]) -> None:
    """Refuse an array of the wrong shape.

    Raises:
        ValueError: The shape is not the one asked for.
    """
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")


def by_region(values: Array) -> Array:
    """(..., region) -> (..., region, 1), to meet (..., region, sector)."""
    return values[..., None]


def by_sector(values: Array) -> Array:
    """(..., sector) -> (..., 1, sector), to meet (..., region, sector)."""
    return values[..., None, :]
