"""Planning problems the coordinator solves on its view, for many replicates at once.

These are the fast solvers used inside ensembles. The exact solver of the same assignment stands in `exact.py`.
"""

from collections.abc import Callable

import numpy as np

from qipan.model.axes import SECTOR, Array
from qipan.model.element import log
from qipan.model.kernels import grid_key
from qipan.model.payoffs import Payoff


def efficient_counts(worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
    """Regions per sector that maximise the nation's payoff on an estimate; a base is placed if it adds as much as the
    payoff form asks for (its `threshold`).

    Where what a further base adds falls with their number, one base at a time goes to where it adds most, which is
    exact; where it rises anywhere, as in a dominant cluster gain, the counts are solved for by `best_counts`.

    Args:
        worth: Estimated worth, (n, sector).
        slots: Bases to place: the sum of regions' breadths.
        regions: Most bases a sector can hold.
        payoff: The payoff form reckoned with.

    Returns:
        Whole numbers, (n, sector).
    """
    return counts_of(added_by(worth, slots, regions, payoff), slots, payoff.threshold, placed_one_by_one)


def added_by(worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
    """What the first, second, ... base in a sector adds, (n, sector, bases)."""
    most = min(slots, regions)
    added = payoff.marginal(worth[:, :, None], np.arange(1.0, most + 1.0))
    return np.ascontiguousarray(np.broadcast_to(added, (*worth.shape, most)))


def counts_of(added: Array, slots: int, threshold: float, placed: Callable[[Array, int, float], Array]) -> Array:
    """The best counts, replicates where a further base may add more than the one before solved apart, (n, sector)."""
    slots = min(slots, added.shape[1] * added.shape[2])
    scale = np.abs(added).max(axis=(1, 2), initial=0.0)
    rising = (np.diff(added, axis=2) > 1e-12 * scale[:, None, None]).any(axis=(1, 2))
    if not rising.any():
        return placed(added, slots, threshold)
    count = np.empty(added.shape[:2])
    count[~rising] = placed(added[~rising], slots, threshold)
    count[rising] = best_counts(added[rising], slots, threshold)
    return count


def placed_one_by_one(added: Array, slots: int, threshold: float) -> Array:
    """One base at a time where it adds most, until it adds less than the threshold, (n, sector)."""
    n, sectors, most = added.shape
    count, rows = np.zeros((n, sectors)), np.arange(n)
    further = np.concatenate([added, np.full((n, sectors, 1), -1e300)], axis=2)
    for _ in range(slots):
        now = np.take_along_axis(further, count.astype(np.intp)[:, :, None], axis=2)[:, :, 0]
        best = first_best(now)
        count[rows, best] += (count[rows, best] < most) & (now[rows, best] >= threshold)
    return count


def best_counts(added: Array, slots: int, threshold: float) -> Array:
    """Counts with the largest total above the threshold, whatever the form: by dynamic programming over sectors, where
    totals tie the fewer in the later sector, (n, sector).
    """
    n, sectors, most = added.shape
    total = np.concatenate([np.zeros((n, sectors, 1)), np.cumsum(added - threshold, axis=2)], axis=2)
    reached, chosen = np.zeros((n, slots + 1)), np.zeros((n, sectors, slots + 1), dtype=np.intp)
    for sector in range(sectors):
        before, reached = reached, reached.copy()
        for bases in range(1, min(most, slots) + 1):
            given = before[:, : slots + 1 - bases] + total[:, sector, bases, None]
            better = given > reached[:, bases:]
            reached[:, bases:] = np.where(better, given, reached[:, bases:])
            chosen[:, sector, bases:] = np.where(better, bases, chosen[:, sector, bases:])
    count, rows, left = np.zeros((n, sectors)), np.arange(n), np.full(n, slots)
    for sector in reversed(range(sectors)):
        count[:, sector] = chosen[rows, sector, left]
        left -= chosen[rows, sector, left]
    return count


class Solvers:
    """The planning problems as a coordinator asks for them; an executor may solve the same problems in other code."""

    def efficient_counts(self, worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
        """As `efficient_counts`."""
        return efficient_counts(worth, slots, regions, payoff)

    def assigned_layout(self, value: Array, breadth: Array, ceiling: Array) -> Array:
        """As `assigned_layout`."""
        return assigned_layout(value, breadth, ceiling)

    def spread_pilots(self, value: Array, number: int) -> Array:
        """As `spread_pilots`."""
        return spread_pilots(value, number)


def first_best(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Index of the largest value on the grid of 2^-32, ties to the lower id."""
    grid = np.asarray(grid_key(np.maximum(values, -1e9)))
    return np.asarray(grid.argmax(axis=SECTOR), dtype=np.intp)


def ranking(values: Array) -> Array:
    """Whole numbers by which values are compared; beyond a billion all are alike."""
    return np.asarray(grid_key(np.clip(values, -1e9, 1e9)))


def pair_value(estimate: Array, log_fit: Array, size: Array, fit_weight: float, lobbying: float) -> Array:
    """Value of placing a sector in a region on the coordinator's view, (n, region, sector).

    Estimated worth plus fit, plus what lobbying by size adds. Read as log points, or payoff units in affine games.
    """
    return estimate[:, None, :] + fit_weight * log_fit + lobbying * log(size + 1e-12)[:, None]


def assigned_layout(value: Array, breadth: Array, ceiling: Array) -> Array:
    """Assign sectors to regions: pairs in order of value, while the region has breadth and the sector has room.

    Args:
        value: Value of each pair, (n, region, sector).
        breadth: Most sectors per region, (region,).
        ceiling: Most regions per sector, (n, sector).

    Returns:
        1 where assigned, (n, region, sector).
    """
    n, regions, sectors = value.shape
    order = by_value(value)
    layout = np.zeros((n, regions, sectors))
    room_region, room_sector = np.tile(breadth, (n, 1)).astype(float), ceiling.copy()
    rows = np.arange(n)
    for column in range(regions * sectors):
        region, sector = np.divmod(order[:, column], sectors)
        fits = (room_region[rows, region] > 0.0) & (room_sector[rows, sector] > 0.0)
        layout[rows, region, sector] = fits
        room_region[rows, region] -= fits
        room_sector[rows, sector] -= fits
    return layout


def by_value(value: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Pairs in order of value on the grid of 2^-32, the best first, ties to the lower id, (n, region * sector)."""
    return np.argsort(-ranking(value).reshape(value.shape[0], -1), axis=1, kind="stable")


def spread_pilots(value: Array, number: int) -> Array:
    """Choose pilot zones one by one; each further zone in a sector or a region counts for less (log of its rank).

    Returns:
        1 for a pilot zone, (n, region, sector), `number` of them in each replicate (or all pairs, if fewer).
    """
    n, regions, sectors = value.shape
    pilots = np.zeros_like(value)
    rows = np.arange(n)
    for _ in range(min(number, regions * sectors)):
        in_sector = log(1.0 + pilots.sum(axis=1, keepdims=True))
        in_region = log(1.0 + pilots.sum(axis=2, keepdims=True))
        score = np.where(pilots > 0.0, -1e8, value - in_sector - in_region)
        best = first_best(score.reshape(n, regions * sectors))
        pilots.reshape(n, regions * sectors)[rows, best] = 1.0
    return pilots


def best_sectors(score: Array, number: int) -> Array:
    """1 for the `number` best sectors, (n, sector); ties to the lower id."""
    order = np.argsort(-ranking(score), axis=SECTOR, kind="stable")[:, :number]
    chosen = np.zeros_like(score)
    np.put_along_axis(chosen, order, 1.0, axis=SECTOR)
    return chosen
