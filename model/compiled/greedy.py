"""The coordinator's planning problems and money, compiled: the same as in `assignment.py` and `support.py`."""

from typing import Any

import numpy as np

from model.axes import SECTOR, Array
from model.compiled.kernels import clear, copied, grid_key
from model.compiled.primitives import entry
from model.coordination.assignment import Solvers, by_value
from model.element import log
from model.payoffs import Payoff


class CompiledSolvers(Solvers):
    """The same problems, compiled."""

    def efficient_counts(self, worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
        """Whole numbers, (n, sector). What each base would add comes from the payoff form, any form."""
        most = min(slots, regions)
        added = payoff.marginal(worth[:, :, None], np.arange(1.0, most + 1.0))
        count = np.zeros_like(worth)
        bases = min(slots, regions * worth.shape[SECTOR])
        added = np.ascontiguousarray(np.broadcast_to(added, (*worth.shape, most)))
        _fill(added, bases, payoff.behaviour.outside_option, count)
        return count

    def assigned_layout(self, value: Array, breadth: Array, ceiling: Array) -> Array:
        """1 where assigned, (n, region, sector)."""
        layout = np.zeros(value.shape)
        _, regions, sectors = value.shape
        _assign(
            by_value(value),
            breadth.astype(np.float64),
            np.ascontiguousarray(ceiling),
            np.empty(regions),
            np.empty(sectors),
            layout,
        )
        return layout

    def spread_pilots(self, value: Array, number: int) -> Array:
        """1 for a pilot zone, (n, region, sector)."""
        pilots = np.zeros(value.shape)
        most = min(number, pilots[0].size)
        in_region, in_sector = np.empty(value.shape[1], dtype=np.int64), np.empty(value.shape[2], dtype=np.int64)
        _spread(np.ascontiguousarray(value), most, log(1.0 + np.arange(most + 1.0)), in_region, in_sector, pilots)
        return pilots


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


@entry
def _spread(value: Any, number: int, discount: Any, in_region: Any, in_sector: Any, pilots: Any) -> None:
    """One zone after another; each further one in a sector or a region counts for less."""
    n, regions, sectors = value.shape
    for i in range(n):
        clear(in_region)
        clear(in_sector)
        for _ in range(number):
            best, best_region, best_sector = -np.inf, 0, 0
            for region in range(regions):
                for sector in range(sectors):
                    score = value[i, region, sector] - discount[in_sector[sector]] - discount[in_region[region]]
                    score = -1e8 if pilots[i, region, sector] > 0.0 else score
                    key = grid_key(score if score > -1e9 else -1e9)
                    if key > best:
                        best, best_region, best_sector = key, region, sector
            pilots[i, best_region, best_sector] = 1.0
            in_region[best_region] += 1
            in_sector[best_sector] += 1


@entry
def shared_out(weights: Any, fallback: Any, money: float, mix: Any, research: Any, guidance: Any, out: Any) -> None:
    """As `support.share_out`."""
    n, regions, sectors = out.shape
    for i in range(n):
        total = 0.0
        for r in range(regions):
            for k in range(sectors):
                total += weights[i, r, k]
        for r in range(regions):
            for k in range(sectors):
                share = weights[i, r, k] / total if total > 0.0 else fallback[r, k]
                out[i, r, k] = share * money
                research[i, r, k] += mix[r] * out[i, r, k]
                guidance[i, r, k] += (1.0 - mix[r]) * out[i, r, k]
