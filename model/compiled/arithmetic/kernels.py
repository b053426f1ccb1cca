"""Compiled twins of the named kernels of `kernels.py`.

A row holds the sectors of one region, and of each sector all lanes: sector k of lane l stands at k * lanes + l.
"""

from typing import Any

import numpy as np

from qipan.model.compiled.arithmetic.primitives import exponential
from qipan.model.compiled.compiling import called, inlined
from qipan.model.kernels import WORD


@inlined
def clear(row: Any) -> None:
    """Zero."""
    for c in range(row.size):
        row[c] = 0


@inlined
def copied(row: Any, out: Any) -> None:
    """Copy a row."""
    for c in range(out.size):
        out[c] = row[c]


@inlined
def gathered(row: Any, place: Any, wide: int, lanes: int, out: Any) -> None:
    """The lanes `place[:wide]` of a row side by side."""
    for k in range(row.size // lanes):
        for j in range(wide):
            out[k * wide + j] = row[k * lanes + place[j]]


@inlined
def add(row: Any, out: Any) -> None:
    """Add a row to another, element by element."""
    for c in range(out.size):
        out[c] += row[c]


@inlined
def total_over_sectors(row: Any, lanes: int, out: Any) -> None:
    """Sum over sectors, (sector * lane,) -> (lane,)."""
    for lane in range(lanes):
        out[lane] = row[lane]
    for start in range(lanes, row.size, lanes):
        for lane in range(lanes):
            out[lane] += row[start + lane]


@inlined
def beside_sectors(one: Any, lanes: int, out: Any) -> None:
    """Write (lane,) beside every sector, (sector * lane,)."""
    for start in range(0, out.size, lanes):
        for lane in range(lanes):
            out[start + lane] = one[lane]


@inlined
def masked(value: float, mask: float) -> Any:
    """A value that no softmax notices where the mask is zero. Both are read before one is taken: a loop that reads a
    number only under a condition does not become vector instructions.
    """
    return value if mask > 0.0 else -1e300


@called
def softmax_over_sectors(utility: Any, mask: Any, lanes: int, work: Any, out: Any) -> None:
    """Shares in proportion to mask * exp(utility)."""
    for lane in range(lanes):
        work[lane] = -1e300
    for start in range(0, out.size, lanes):
        for lane in range(lanes):
            value, best = masked(utility[start + lane], mask[start + lane]), work[lane]
            work[lane] = value if value > best else best
    for start in range(0, out.size, lanes):
        for lane in range(lanes):
            out[start + lane] = masked(utility[start + lane], mask[start + lane]) - work[lane]
    for c in range(out.size):  # one long loop: a short one would leave much to be done number by number
        out[c] = mask[c] * exponential(out[c])
    total_over_sectors(out, lanes, work)
    for lane in range(lanes):
        whole = work[lane]
        work[lane] = whole if whole > 0.0 else 1.0
    for start in range(0, out.size, lanes):
        shares = out[start : start + lanes]
        for lane in range(lanes):
            shares[lane] = shares[lane] / work[lane]


@inlined
def grid_key(value: float) -> Any:
    """The whole number that stands for a utility."""
    return np.floor(value * WORD + 0.5)


@called
def top_choice(utility: Any, breadth: float, outside_option: float, lanes: int, key: Any, out: Any) -> None:
    """1 for the best sectors, at most `breadth`, none below the outside option; ties go to the lower sector."""
    least = grid_key(outside_option)
    for c in range(utility.size):
        key[c] = grid_key(utility[c])
        out[c] = 0.0
    for start in range(0, utility.size, lanes):
        for other in range(start + lanes, utility.size, lanes):
            for lane in range(lanes):
                first, second = key[start + lane], key[other + lane]
                beaten = 1.0 if first >= second else 0.0
                out[other + lane] += beaten
                out[start + lane] += 1.0 - beaten
    for c in range(utility.size):
        place, mine = out[c], key[c]
        out[c] = 1.0 if (place < breadth) & (mine >= least) else 0.0


@called
def mean_over_neighbours(values: Any, first: int, last: int, others: Any, weights: Any, out: Any) -> None:
    """Weighted mean of the rows `others[first:last]` of values, (region, sector * lane)."""
    clear(out)
    for place in range(first, last - 1, 2):  # two at a time: the sum is read and written half as often
        here, there, one, other = values[others[place]], values[others[place + 1]], weights[place], weights[place + 1]
        for c in range(out.size):
            out[c] = out[c] + here[c] * one + there[c] * other
    if (last - first) % 2 > 0:
        there, other = values[others[last - 1]], weights[last - 1]
        for c in range(out.size):
            out[c] += there[c] * other


@called
def presence(layout: Any, tiers: Any, out: Any) -> None:
    """How many regions of each tier are in a sector, (tier, sector * lane)."""
    for tier in range(out.shape[0]):
        clear(out[tier])
    for region in range(tiers.size):
        add(layout[region], out[tiers[region]])


@called
def linked_presence(layout: Any, links: Any, lanes: int, out: Any) -> None:
    """Weighted share of linked sectors that a region is in."""
    clear(out)
    for k in range(links.shape[0]):
        for other in range(links.shape[0]):
            weight = links[k, other]
            if weight > 0.0:
                for lane in range(lanes):
                    out[k * lanes + lane] += weight * layout[other * lanes + lane]
