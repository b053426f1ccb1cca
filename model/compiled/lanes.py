"""Lanes: replicates side by side, so that one instruction works on several of them.

Plain arrays are (n, ..., sector). In lanes they are (block, ..., sector * lane): a row holds all sectors of a region,
and of each sector some thirty replicates. The last block is filled up with copies of the last replicate, which are
dropped on the way back. No number depends on how many lanes there are.
"""

from typing import Any

import numpy as np

from qipan.model.axes import Array
from qipan.model.compiled.compiling import entry
from qipan.model.compiled.memory import opened

LANES = 32
"""Most replicates in a block: a row of six sectors then takes 1.5 kB; some twenty rows fit the first-level cache."""


@entry
def _laid(plain: Any, out: Any) -> None:
    """(n, places) into (block, places, lane)."""
    blocks, places, lanes = out.shape
    for b in range(blocks):
        block = out[b]
        for lane in range(lanes):
            row = plain[min(b * lanes + lane, plain.shape[0] - 1)]
            for p in range(places):
                block[p, lane] = row[p]


@entry
def _recorded(laid: Any, count: int, start: int, year: int, out: Any) -> None:
    """(block, places, lane) into (replicate, year, places), `count` replicates from `start` on."""
    blocks, places, lanes = laid.shape
    for b in range(blocks):
        block = laid[b]
        for lane in range(min(lanes, count - b * lanes)):
            row = out[start + b * lanes + lane, year]
            for p in range(places):
                row[p] = block[p, lane]


@entry
def add_up(laid: Any, weights: Any, out: Any) -> None:
    """Sum over regions with weights, (block, region, sector * lane) -> (block, sector * lane)."""
    for b in range(laid.shape[0]):
        for c in range(laid.shape[2]):
            out[b, c] = 0.0
        for r in range(laid.shape[1]):
            for c in range(laid.shape[2]):
                out[b, c] += laid[b, r, c] * weights[r]


class Lanes:
    """How many replicates there are, and how they lie in lanes.

    Args:
        count: Replicates, 1 or more.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.blocks = -(-count // LANES)
        self.width = -(-count // self.blocks)
        self.rooms = opened()

    def lay(self, name: str, plain: Array) -> Array:
        """(n, ..., sector) in lanes, (block, ..., sector * lane), in the room of this name."""
        out = self.empty(name, *plain.shape[1:])
        if plain.strides[0] == 0:  # the same in every replicate
            out.reshape(self.blocks, -1, self.width)[...] = plain[0].reshape(1, -1, 1)
            return out
        rows = np.ascontiguousarray(plain).reshape(self.count, -1)
        _laid(rows, out.reshape(self.blocks, rows.shape[1], self.width))
        return out

    def plain(self, laid: Array, *shape: int) -> Array:
        """(block, ..., lane) as (n, *shape)."""
        out = np.empty((self.count, 1, laid.size // (self.blocks * self.width)))
        self.record(laid, out, 0, 0)
        return out.reshape(self.count, *shape)

    def record(self, laid: Array, out: Array, start: int, year: int) -> None:
        """Write (block, ..., lane) into row `year` of (replicate, year, ...), from replicate `start` on."""
        places = laid.reshape(self.blocks, -1, self.width)
        _recorded(places, self.count, start, year, out.reshape(*out.shape[:2], -1))

    def empty(self, name: str, *shape: int) -> Array:
        """Room for (n, *shape); the last number of `shape` and the lanes share an axis."""
        return self.rooms.take(name, self.blocks, *shape[:-1], shape[-1] * self.width)

    def besides(self, name: str, *others: Array) -> Array:
        """Room for an array like the others, none of which is written over."""
        return self.rooms.besides(name, *others)

    def beside(self, row: Array) -> Array:
        """What is the same in every replicate, (sector,), once for each lane, (sector * lane,)."""
        return np.repeat(np.asarray(row, dtype=np.float64), self.width)

    def numbers(self, replicates: Any) -> Any:
        """Numbers of the replicates, (block, lane)."""
        places = np.minimum(np.arange(self.blocks * self.width), self.count - 1)
        return np.asarray(replicates)[places].astype(np.uint64).reshape(self.blocks, self.width)
