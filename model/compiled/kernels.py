"""Compiled twins of the named kernels of `kernels.py`.

A row holds the sectors of one region, and of each sector all lanes: sector k of lane l stands at k * lanes + l.
"""

from typing import Any

import numpy as np

from model.compiled.compiling import called, entry, inlined
from model.compiled.primitives import exponential
from model.kernels import WORD


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


@entry
def mean_over_lists(values: Any, starts: Any, others: Any, weights: Any, out: Any) -> None:
    """Weighted sums over neighbours, (region, sector, replicate): those of region r are others[starts[r]:starts[r + 1]].

    Two neighbours at a time: the sum is read and written half as often.
    """
    for r in range(out.shape[0]):
        first, last = starts[r], starts[r + 1]
        for k in range(out.shape[1]):
            total = out[r, k]
            clear(total)
            for place in range(first, last - 1, 2):
                here, there = values[others[place], k], values[others[place + 1], k]
                one, other = weights[place], weights[place + 1]
                for n in range(total.size):
                    total[n] = total[n] + here[n] * one + there[n] * other
            if (last - first) % 2 > 0:
                there, other = values[others[last - 1], k], weights[last - 1]
                for n in range(total.size):
                    total[n] += there[n] * other
