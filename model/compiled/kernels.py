"""Compiled twins of the named kernels of `kernels.py`, for one replicate whose pairs lie flat, region by region."""

from typing import Any

import numpy as np

from model.compiled.primitives import called, exponential, inlined
from model.kernels import WORD


@inlined
def over_sectors(values: Any, sectors: int, out: Any) -> None:
    """Write a row over sectors beside every region: (sector,) -> (pairs,)."""
    for start in range(0, out.size, sectors):
        for k in range(sectors):
            out[start + k] = values[k]


@called
def total_over_regions(values: Any, sectors: int, work: Any, out: Any) -> None:
    """Sum over regions, (pairs,) -> (sector,): the second half is added to the first until one row is left."""
    count = values.size // sectors
    half = (count + 1) // 2
    size, rest = half * sectors, (count - half) * sectors
    for c in range(rest):
        work[c] = values[c] + values[size + c]
    for c in range(rest, size):
        work[c] = values[c]
    while half > 1:
        count, half = half, (half + 1) // 2
        size = half * sectors
        for c in range((count - half) * sectors):
            work[c] += work[size + c]
    for k in range(sectors):
        out[k] = work[k]


@called
def total(values: Any) -> Any:
    """Sum of a row, in a fixed order."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    for i in range(0, values.size - 3, 4):
        a, b, c, d = a + values[i], b + values[i + 1], c + values[i + 2], d + values[i + 3]
    for i in range(values.size - values.size % 4, values.size):
        a += values[i]
    return (a + c) + (b + d)


@called
def total_over_sectors(values: Any, sectors: int, out: Any) -> None:
    """Sum over sectors written beside each of them, (pairs,) -> (pairs,)."""
    for start in range(0, values.size, sectors):
        row = values[start]
        for k in range(1, sectors):
            row += values[start + k]
        for k in range(sectors):
            out[start + k] = row


@called
def softmax_over_sectors(utility: Any, mask: Any, sectors: int, out: Any) -> None:
    """Shares in proportion to mask * exp(utility) in each region's row."""
    for start in range(0, utility.size, sectors):
        best = -1e300
        for k in range(start, start + sectors):
            best = utility[k] if (mask[k] > 0.0) & (utility[k] > best) else best
        for k in range(start, start + sectors):
            out[k] = best
    for c in range(utility.size):
        out[c] = mask[c] * exponential((utility[c] if mask[c] > 0.0 else -1e300) - out[c])
    for start in range(0, utility.size, sectors):
        row = out[start]
        for k in range(start + 1, start + sectors):
            row += out[k]
        row = row if row > 0.0 else 1.0
        for k in range(start, start + sectors):
            out[k] = out[k] / row


@inlined
def grid_key(value: float) -> Any:
    """The whole number that stands for a utility."""
    return np.floor(value * WORD + 0.5)


@called
def top_choice(utility: Any, breadth: Any, outside_option: float, sectors: int, key: Any, out: Any) -> None:
    """1 for the best sectors of each region's row, at most its breadth, none below the outside option."""
    least = grid_key(outside_option)
    for c in range(utility.size):
        key[c] = grid_key(utility[c])
    for start in range(0, utility.size, sectors):
        for k in range(start, start + sectors):
            place = 0
            for other in range(start, k):
                place += key[other] >= key[k]
            for other in range(k + 1, start + sectors):
                place += key[other] > key[k]
            out[k] = 1.0 if (place < breadth[k]) & (key[k] >= least) else 0.0


@called
def mean_over_neighbours(values: Any, starts: Any, others: Any, weights: Any, sectors: int, out: Any) -> None:
    """Weighted mean over each region's neighbours, whose list is others[starts[r]:starts[r + 1]]."""
    for region in range(starts.size - 1):
        here = region * sectors
        for k in range(sectors):
            out[here + k] = 0.0
        for place in range(starts[region], starts[region + 1]):
            there, weight = others[place] * sectors, weights[place]
            for k in range(sectors):
                out[here + k] += values[there + k] * weight


@called
def mean_over_tier(values: Any, tiers: Any, counted: Any, shares: Any, sectors: int, out: Any) -> None:
    """Share of the other regions of a region's tier whose flag is 1.

    `shares` holds the share that a number of peers makes up, (tier, number); `counted` is work space, (tier, sector).
    """
    counted[:] = 0.0
    for region in range(tiers.size):
        for k in range(sectors):
            counted[tiers[region], k] += values[region * sectors + k]
    for region in range(tiers.size):
        tier, here = tiers[region], region * sectors
        for k in range(sectors):
            out[here + k] = shares[tier, int(counted[tier, k] - values[here + k])]


@called
def linked_presence(layout: Any, links: Any, sectors: int, out: Any) -> None:
    """Weighted share of linked sectors that each region is in."""
    out[:] = 0.0
    for k in range(sectors):
        for other in range(sectors):
            weight = links[k, other]
            if weight > 0.0:
                for start in range(0, layout.size, sectors):
                    out[start + k] += weight * layout[start + other]
