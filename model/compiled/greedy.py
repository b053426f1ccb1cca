"""The coordinator's planning problems, compiled: the same as in `assignment.py`."""

from typing import Any

import numpy as np

from qipan.model.axes import Array
from qipan.model.compiled.arithmetic.kernels import clear, copied, grid_key
from qipan.model.compiled.compiling import entry, inlined
from qipan.model.coordination.assignment import Solvers, added_by, by_value, counts_of
from qipan.model.element import log
from qipan.model.payoffs import Payoff

LOWEST = -1e9
"""Values below count as this, as in `assignment.first_best`."""


class CompiledSolvers(Solvers):
    """The same problems, compiled."""

    def efficient_counts(self, worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
        """Whole numbers, (n, sector). What each base would add comes from the payoff form, any form."""
        return counts_of(added_by(worth, slots, regions, payoff), slots, payoff.threshold, _placed)

    def assigned_layout(self, value: Array, breadth: Array, ceiling: Array) -> Array:
        """1 where assigned, (n, region, sector)."""
        layout, (_, regions, sectors) = np.zeros(value.shape), value.shape
        room = np.empty(regions), np.empty(sectors)
        _assign(by_value(value), breadth.astype(np.float64), np.ascontiguousarray(ceiling), *room, layout)
        return layout

    def spread_pilots(self, value: Array, number: int) -> Array:
        """1 for a pilot zone, (n, region, sector)."""
        pilots, (_, regions, sectors) = np.zeros(value.shape), value.shape
        most = min(number, regions * sectors)
        room = np.empty((regions, sectors)), np.empty(regions, dtype=np.int64), np.empty(sectors, dtype=np.int64)
        _spread(np.ascontiguousarray(value), most, log(1.0 + np.arange(most + 1.0)), *room, pilots)
        return pilots


def _placed(added: Array, slots: int, threshold: float) -> Array:
    """As `placed_one_by_one`."""
    count = np.zeros(added.shape[:2])
    _fill(added, slots, threshold, np.empty(added.shape[1]), count)
    return count


@inlined
def rank(value: float) -> Any:
    """The whole number by which values are compared."""
    return grid_key(value if value > LOWEST else LOWEST)


@entry
def _fill(added: Any, bases: int, threshold: float, key: Any, count: Any) -> None:
    """One base at a time where it adds most, until it adds less than the threshold. `key` is work space, (sector,)."""
    n, sectors, most = added.shape
    for i in range(n):
        for k in range(sectors):
            key[k] = rank(added[i, k, 0] if most > 0 else -1e300)
        for _ in range(bases):
            best = 0
            for k in range(1, sectors):
                best = k if key[k] > key[best] else best
            here = int(count[i, best])
            if here >= most or added[i, best, here] < threshold:
                break
            count[i, best] += 1.0
            key[best] = rank(added[i, best, here + 1] if here + 1 < most else -1e300)


@entry
def _assign(order: Any, breadth: Any, ceiling: Any, room_region: Any, room_sector: Any, layout: Any) -> None:
    """Pairs in order of value, while the region has breadth and the sector has room."""
    n, sectors = layout.shape[0], layout.shape[2]
    for i in range(n):
        copied(breadth, room_region)
        copied(ceiling[i], room_sector)
        for place in range(order.shape[1]):
            region, sector = order[i, place] // sectors, order[i, place] % sectors
            if (room_region[region] > 0.0) & (room_sector[sector] > 0.0):
                layout[i, region, sector] = 1.0
                room_region[region] -= 1.0
                room_sector[sector] -= 1.0


@inlined
def score(
    i: int, region: int, sector: int, value: Any, discount: Any, in_region: Any, in_sector: Any, pilots: Any
) -> Any:
    """What a further zone is worth there."""
    worth = value[i, region, sector] - discount[in_sector[sector]] - discount[in_region[region]]
    return rank(-1e8 if pilots[i, region, sector] > 0.0 else worth)


@entry
def _spread(value: Any, number: int, discount: Any, key: Any, in_region: Any, in_sector: Any, pilots: Any) -> None:
    """One zone after another; each further one in a sector or a region counts for less. `key` is work space."""
    n, regions, sectors = value.shape
    for i in range(n):
        clear(in_region)
        clear(in_sector)
        for region in range(regions):
            for sector in range(sectors):
                key[region, sector] = score(i, region, sector, value, discount, in_region, in_sector, pilots)
        for _ in range(number):
            best_region, best_sector = 0, 0
            for region in range(regions):
                for sector in range(sectors):
                    if key[region, sector] > key[best_region, best_sector]:
                        best_region, best_sector = region, sector
            pilots[i, best_region, best_sector] = 1.0
            in_region[best_region] += 1
            in_sector[best_sector] += 1
            for sector in range(sectors):
                key[best_region, sector] = score(i, best_region, sector, value, discount, in_region, in_sector, pilots)
            for region in range(regions):
                key[region, best_sector] = score(i, region, best_sector, value, discount, in_region, in_sector, pilots)
