"""Named reductions: the few places where a number depends on a whole row of sectors or column of regions.

Every sum runs in a fixed order, so a replicate's result is the same bytes alone and in a block of 128. Matrix products
of linear algebra libraries do not promise that and are not used.
"""

import numpy as np

from qipan.model.axes import Array, Element
from qipan.model.element import exp, floor

WORD = 2.0**32
"""Discrete choices are taken on the grid of the draws' 32-bit words."""


def total_over_sectors(values: Array, keepdims: bool = False) -> Array:
    """Sum over the last axis, (..., sector) -> (...) or (..., 1).

    >>> total_over_sectors(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [3.0, 7.0]
    """
    total = np.array(values[..., 0])
    for sector in range(1, values.shape[-1]):
        total += values[..., sector]
    return total[..., None] if keepdims else total


def total_over_regions(values: Array, keepdims: bool = False) -> Array:
    """Sum over the axis before the last, (..., region, sector) -> (..., sector) or (..., 1, sector).

    The second half of the regions is added to the first, and so on until one row is left: an order that depends on the
    number of regions alone.

    >>> total_over_regions(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [4.0, 6.0]
    """
    count = values.shape[-2]
    half = (count + 1) // 2
    total = np.array(values[..., :half, :])
    total[..., : count - half, :] += values[..., half:, :]
    while half > 1:
        count, half = half, (half + 1) // 2
        total[..., : count - half, :] += total[..., half:count, :]
    return np.array(total[..., :1, :] if keepdims else total[..., 0, :])


def mean_over_sectors(values: Array, keepdims: bool = False) -> Array:
    """Mean over the last axis, (..., sector) -> (...) or (..., 1)."""
    return np.asarray(total_over_sectors(values, keepdims) / values.shape[-1])


def mean_over_regions(values: Array, keepdims: bool = False) -> Array:
    """Mean over the axis before the last, (..., region, sector) -> (..., sector) or (..., 1, sector)."""
    return np.asarray(total_over_regions(values, keepdims) / values.shape[-2])


def largest_over_sectors(values: Array, keepdims: bool = False) -> Array:
    """Largest value over the last axis, (..., sector) -> (...) or (..., 1)."""
    largest = np.array(values[..., 0])
    for sector in range(1, values.shape[-1]):
        np.maximum(largest, values[..., sector], out=largest)
    return largest[..., None] if keepdims else largest


def softmax_over_sectors(utility: Array, mask: Array) -> Array:
    """Shares in proportion to mask * exp(utility); rows sum to one, a row whose mask is all zero is zero.

    Args:
        utility: (..., sector); only differences inside the mask matter.
        mask: 1 where the sector takes part, 0 where not; same shape or broadcast to it.

    >>> softmax_over_sectors(np.array([0.0, 0.0, 9.0]), np.array([1.0, 1.0, 0.0])).tolist()
    [0.5, 0.5, 0.0]
    """
    masked = np.where(mask > 0.0, utility, -1e300)
    weight = mask * exp(masked - largest_over_sectors(masked, keepdims=True))
    total = total_over_sectors(weight, keepdims=True)
    return np.asarray(weight / np.where(total > 0.0, total, 1.0))


def grid_key(values: Element) -> Element:
    """The whole number floor(U 2^32 + 1/2) that stands for a utility wherever something discrete is decided.

    A rounding error of the last bit almost never moves it, so choices agree between machines and executors. It is kept
    as float64: exact for |U| < 2^20, and where |U| is larger the float itself is coarser than the grid.
    """
    return floor(values * WORD + 0.5)


def ranks_over_sectors(values: Array) -> Array:
    """Place of each sector in its row, 0 = best; ties go to the lower sector id. By grid key, as float64.

    >>> ranks_over_sectors(np.array([2.0, 5.0, 5.0])).tolist()
    [2.0, 0.0, 1.0]
    """
    key = np.ascontiguousarray(np.moveaxis(grid_key(values), -1, 0))
    place = np.zeros(key.shape)
    for sector in range(1, len(key)):
        beaten = key[:sector] >= key[sector]
        place[sector] += beaten.sum(axis=0)
        place[:sector] += ~beaten
    return np.ascontiguousarray(np.moveaxis(place, 0, -1))


def top_choice(utility: Array, breadth: Array | float, outside_option: Array | float | None = None) -> Array:
    """1 for the `breadth` best sectors of a row, (..., sector); ties go to the lower sector id.

    Args:
        utility: (..., sector).
        breadth: How many to choose, (...) or a number.
        outside_option: Sectors whose key lies below this utility's key are left out; None leaves none out.

    >>> top_choice(np.array([2.0, 5.0, 5.0]), 1.0).tolist()
    [0.0, 1.0, 0.0]
    """
    chosen = ranks_over_sectors(utility) < np.asarray(breadth)[..., None]
    if outside_option is not None:
        chosen &= grid_key(utility) >= grid_key(np.asarray(outside_option, dtype=np.float64))[..., None]
    return chosen.astype(np.float64)


def mean_over_neighbours(values: Array, weights: Array) -> Array:
    """What the neighbours of each region have on average, (..., region, sector) -> same shape.

    out[..., r, :] = sum over s of weights[r, s] * values[..., s, :], in the order of s, zero weights skipped.

    Args:
        values: (..., region, sector).
        weights: Row r holds the weights of r's neighbours and sums to one, or to zero, (region, region).
    """
    by_region = np.ascontiguousarray(np.moveaxis(values, -2, 0))
    total = np.zeros(by_region.shape)
    product = np.empty(by_region.shape[1:])
    for region, neighbour in np.argwhere(weights != 0.0).tolist():
        total[region] += np.multiply(by_region[neighbour], weights[region, neighbour], out=product)
    return np.ascontiguousarray(np.moveaxis(total, 0, -2))
