"""The assignment solved exactly: the yardstick of the fast solver, and what a design with true values uses.

Static problem: choose x_rk in {0, 1} to maximise sum_rk value_rk x_rk, subject to sum_k x_rk <= breadth_r and
sum_r x_rk <= ceiling_k, where as many pairs as possible are placed. It is exact for this objective, not for welfare
over time.

This is a flow of least cost, solved by shortest augmenting paths from prices of places (Ahuja, Magnanti and Orlin 1993,
chapter 9), for all replicates side by side. Regions take what is worth most to them at the prices; then, as long as a
sector has more or fewer than its places, one of them moves along the cheapest chain of changes. A chain steps from
sector to sector, each step by the region that loses least by it, so there are only as many stations as sectors, and one
more: out, where unused slots and empty places go. Values are whole numbers of a grid of 2^-32, so nothing is rounded on
the way and the optimum on the grid is exact. Which of several layouts of equal worth it comes to is settled by the
order of regions and sectors alone, never by what else is solved beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import REGION, SECTOR, Array

Indices = NDArray[np.intp]

GRID = 32
"""Binary digits after the point; fewer where values are so far apart that sums of them would need more than 53."""
MOST_CELLS = 2**21
"""Replicates times regions times pairs of stations that are looked at in one go."""


@dataclass
class Placement:
    """Replicates side by side, while places find their regions.

    Args:
        worth: Whole numbers, what a pair is worth more than nothing at all, (n, sector, region).
        taken: Which pairs are placed, (n, sector, region).
        free: Slots that regions have left, (n, region).
        empty: Places of sectors that stay empty, (n, sector).
        room: Places of sectors, (n, sector).
    """

    worth: Array
    taken: NDArray[np.bool_]
    free: Array
    empty: Array
    room: Array

    def surplus(self) -> Array:
        """What each station has too much (or, below zero, too little), (n, sector + 1); the last is out."""
        inside = self.taken.sum(axis=2) + self.empty - self.room
        return np.concatenate([inside, -inside.sum(axis=1, keepdims=True)], axis=1)

    def steps(self) -> tuple[Array, Indices]:
        """Least cost of a step from one station to another and who takes it, (n, station, station)."""
        n, sectors, regions = self.worth.shape
        leave, enter = np.full((2, n, sectors + 1, regions + 1), np.inf)
        leave[:, :-1, :-1] = np.where(self.taken, self.worth, np.inf)
        leave[:, -1, :-1] = np.where(self.free > 0.0, 0.0, np.inf)
        leave[:, :-1, -1] = np.where(self.empty > 0.0, 0.0, np.inf)
        enter[:, :-1, :-1] = np.where(self.taken | (self.room < 1.0)[:, :, None], np.inf, -self.worth)
        enter[:, :-1, -1] = np.where(self.empty < self.room, 0.0, np.inf)
        leave[:, -1, -1] = enter[:, -1] = 0.0
        cost = leave[:, :, None, :] + enter[:, None, :, :]
        who = cost.argmin(axis=3)
        return np.take_along_axis(cost, who[..., None], axis=3)[..., 0], who

    def move(self, rows: Indices, who: Indices, start: Indices, end: Indices) -> None:
        """In some replicates, one unit each goes from a station to another; `who` is a region, or the empty places."""
        out, nobody = self.worth.shape[1], self.worth.shape[2]
        for station, sign in ((start, -1.0), (end, 1.0)):
            inside, region = station < out, who < nobody
            some = inside & region
            self.taken[rows[some], station[some], who[some]] = sign > 0.0
            some = inside & ~region
            self.empty[rows[some], station[some]] += sign
            some = ~inside & region
            self.free[rows[some], who[some]] += sign

    def among(self, rows: Indices) -> "Placement":
        """A copy with some of the replicates."""
        return Placement(self.worth[rows], self.taken[rows], self.free[rows], self.empty[rows], self.room[rows])


def exact_layout(value: Array, breadth: Array, ceiling: Array) -> Array:
    """The best assignment of each replicate, (n, region, sector), 1 where assigned.

    Args:
        value: Value of each pair, (n, region, sector).
        breadth: Most sectors per region, (region,).
        ceiling: Most regions per sector, (n, sector).
    """
    n, regions, sectors = value.shape
    width = max(1, MOST_CELLS // ((regions + 1) * (sectors + 1) ** 2))
    layout = np.empty(value.shape)
    for start in range(0, n, width):
        rows = slice(start, start + width)
        layout[rows] = _solved(value[rows], np.asarray(breadth, dtype=float), np.floor(ceiling[rows]))
    return layout


def _solved(value: Array, breadth: Array, room: Array) -> Array:
    """Chains in every replicate until no sector has more or fewer than its places."""
    market = _priced(_worth(value), breadth, room)
    layout = np.empty(value.shape)
    rows = np.arange(value.shape[0])
    while rows.size:
        surplus = market.surplus()
        busy = (surplus > 0.0).any(axis=1)
        layout[rows[~busy]] = market.taken[~busy].swapaxes(1, 2)
        if not busy.all():
            rows, market, surplus = rows[busy], market.among(np.flatnonzero(busy)), surplus[busy]
        if rows.size:
            _chain(market, surplus)
    return layout


def _worth(value: Array) -> Array:
    """Whole numbers, (n, sector, region), in the order of the values; one pair more outweighs any change of pairs.

    A chain changes at most two pairs a station, so that twice as many spans of the values are enough for one pair.
    """
    span = value.max(axis=(REGION, SECTOR), keepdims=True) - value.min(axis=(REGION, SECTOR), keepdims=True)
    stations = value.shape[SECTOR] + 1
    _, digits = np.frexp((span + 1.0) * 8.0 * stations * stations)
    scaled = np.ldexp(value, np.minimum(GRID, 53 - digits))
    whole = np.floor(scaled + 0.5)
    whole -= whole.min(axis=(REGION, SECTOR), keepdims=True)
    return np.ascontiguousarray((whole + 2.0 * stations * (whole.max(axis=(1, 2), keepdims=True) + 1.0)).swapaxes(1, 2))


def _priced(worth: Array, breadth: Array, room: Array) -> Placement:
    """The market at prices at which demand is about the places there are: the start of the chains."""
    n, sectors, regions = worth.shape
    price = np.where(room >= 1.0, _common(worth, breadth, room)[:, None], np.inf)
    for _ in range(max(1, regions.bit_length() - 3)):  # more of them change nothing but how many chains are left
        for sector in range(sectors):
            price[:, sector] = _clearing(worth, breadth, room, price, sector)
    gain = worth - price[:, :, None]
    rank = np.argsort(np.argsort(-gain, axis=1, kind="stable"), axis=1, kind="stable")
    taken = (rank < breadth) & (gain > 0.0)
    free = np.broadcast_to(breadth, (n, regions)) - taken.sum(axis=1)
    empty = np.where(price > 0.0, 0.0, np.maximum(room - taken.sum(axis=2), 0.0))
    return Placement(worth, taken, free, empty, room)


def _common(worth: Array, breadth: Array, room: Array) -> Array:
    """One price for all sectors at which regions want about as many places as there are, (n,); zero if they suffice."""
    n, sectors, regions = worth.shape
    wanted = -np.sort(-np.where((room >= 1.0)[:, :, None], worth, 0.0), axis=1)
    wanted = np.where(np.arange(sectors)[:, None] < breadth, wanted, 0.0).reshape(n, -1)
    ranked = np.concatenate([-np.sort(-wanted, axis=1), np.zeros((n, 1))], axis=1)
    total = np.minimum(room, regions).sum(axis=1).astype(np.intp)
    return np.asarray(ranked[np.arange(n), total])


def _clearing(worth: Array, breadth: Array, room: Array, price: Array, sector: int) -> Array:
    """The lowest price of a sector at which no more regions want it than it has places, (n,), others as they are.

    A region wants it up to what it is worth more than the best that would be left out for it, or than an unused slot.
    """
    n, _, regions = worth.shape
    others = np.sort(np.delete(worth - price[:, :, None], sector, axis=1), axis=1)[:, ::-1]
    ranked = np.concatenate([np.maximum(others, 0.0), np.zeros((n, 1, regions))], axis=1)
    place = np.broadcast_to(np.clip(breadth - 1.0, 0.0, ranked.shape[1] - 1.0).astype(np.intp), (n, 1, regions))
    bids = worth[:, sector] - np.take_along_axis(ranked, place, axis=1)[:, 0]
    bids = -np.sort(-np.where(breadth >= 1.0, bids, 0.0), axis=1)
    after = np.minimum(room[:, sector], regions).astype(np.intp)
    least = np.concatenate([np.maximum(bids, 0.0), np.zeros((n, 1))], axis=1)[np.arange(n), after]
    return np.where(room[:, sector] >= 1.0, least, np.inf)


def _chain(market: Placement, surplus: Array) -> None:
    """In every replicate, one unit along the cheapest chain from a station with too much to one with too little."""
    cost, who = market.steps()
    length = np.where(surplus > 0.0, 0.0, np.inf)
    before = np.full(surplus.shape, -1)
    for _ in range(surplus.shape[1] - 1):
        through = length[:, :, None] + cost
        last = through.argmin(axis=1)
        reached = np.take_along_axis(through, last[:, None], axis=1)[:, 0]
        better = reached < length
        if not better.any():
            break
        length, before = np.where(better, reached, length), np.where(better, last, before)
    rows = np.arange(surplus.shape[0])
    end = np.where(surplus < 0.0, length, np.inf).argmin(axis=1)
    while rows.size:
        start = before[rows, end]
        rows, start, end = rows[start >= 0], start[start >= 0], end[start >= 0]
        market.move(rows, who[rows, start, end], start, end)
        end = start
