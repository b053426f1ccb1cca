"""Regions per sector in the best layout on an estimate, compiled: the same search as `efficient_counts`."""

from typing import Any

import numpy as np

from model.axes import SECTOR, Array
from model.compiled.kernels import grid_key
from model.compiled.primitives import entry
from model.payoffs import Payoff


def efficient_counts(worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
    """Whole numbers, (n, sector). What each base would add comes from the payoff form, any form."""
    most = min(slots, regions)
    added = payoff.marginal(worth[:, :, None], np.arange(1.0, most + 1.0))
    count = np.zeros_like(worth)
    bases = min(slots, regions * worth.shape[SECTOR])
    _fill(
        np.ascontiguousarray(np.broadcast_to(added, (*worth.shape, most))),
        bases,
        payoff.behaviour.outside_option,
        count,
    )
    return count


@entry
def _fill(added: Any, bases: int, outside_option: float, count: Any) -> None:
    """One base at a time where it adds most, until it adds less than waiting."""
    n, sectors, most = added.shape
    for i in range(n):
        for _ in range(bases):
            best, best_key = 0, -np.inf
            for k in range(sectors):
                here = int(count[i, k])
                value = added[i, k, here] if here < most else -1e300
                key = grid_key(value if value > -1e9 else -1e9)
                if key > best_key:
                    best, best_key = k, key
            here = int(count[i, best])
            if here >= most or added[i, best, here] < outside_option:
                break
            count[i, best] += 1.0
