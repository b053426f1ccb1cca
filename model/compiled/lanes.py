"""Lanes: replicates side by side, so that one instruction works on several of them.

Plain arrays are (n, ..., sector). In lanes they are (block, ..., sector * lane): a row holds all sectors of a region,
and of each sector some thirty replicates. The last block is filled up with copies of the last replicate, which are
dropped on the way back. No number depends on how many lanes there are.
"""

import math
from typing import Any

import numpy as np

from model.axes import Array
from model.compiled.primitives import entry

LANES = 32
"""Most replicates in a block: a row of six sectors then takes 1.5 kB; some twenty rows fit the first-level cache."""

PAGE = 512
"""Numbers in a page of 4,096 bytes."""

STEP = 40
"""Numbers, five cache lines, between the beginnings of one array and the next within their pages."""


@entry
def _laid(plain: Any, out: Any) -> None:
    """(n, places) into (block, places, lane)."""
    blocks, places, lanes = out.shape
    for b in range(blocks):
        for lane in range(lanes):
            row = min(b * lanes + lane, plain.shape[0] - 1)
            for p in range(places):
                out[b, p, lane] = plain[row, p]


@entry
def _plain(laid: Any, out: Any) -> None:
    """(block, places, lane) into (n, places)."""
    _, places, lanes = laid.shape
    for row in range(out.shape[0]):
        b, lane = row // lanes, row % lanes
        for p in range(places):
            out[row, p] = laid[b, p, lane]


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
        self._rooms = 0

    def lay(self, plain: Array) -> Array:
        """(n, ..., sector) in lanes, (block, ..., sector * lane)."""
        rows = np.ascontiguousarray(plain).reshape(self.count, -1)
        out = self._room(self.blocks, rows.shape[1], self.width)
        _laid(rows, out)
        return out.reshape(self.blocks, *plain.shape[1:-1], plain.shape[-1] * self.width)

    def plain(self, laid: Array, *shape: int) -> Array:
        """(block, ..., lane) as (n, *shape)."""
        out = np.empty((self.count, laid.size // (self.blocks * self.width)))
        _plain(laid.reshape(self.blocks, -1, self.width), out)
        return out.reshape(self.count, *shape)

    def empty(self, *shape: int) -> Array:
        """Room for (n, *shape); the last number of `shape` and the lanes share an axis."""
        return self._room(self.blocks, *shape[:-1], shape[-1] * self.width)

    def like(self, laid: Array) -> Array:
        """Room for another array of the same shape."""
        return self._room(*laid.shape)

    def _room(self, *shape: int) -> Array:
        """Room that begins at a cache line of its own: arrays whose rows lie a whole number of pages apart would drive
        each other out of the processor's cache.
        """
        self._rooms += 1
        size = math.prod(shape)
        buffer = np.empty(size + 2 * PAGE)
        start = -(buffer.ctypes.data // 8) % PAGE + (self._rooms * STEP) % PAGE
        return buffer[start : start + size].reshape(shape)

    def beside(self, row: Array) -> Array:
        """What is the same in every replicate, (sector,), once for each lane, (sector * lane,)."""
        return np.repeat(np.asarray(row, dtype=np.float64), self.width)

    def numbers(self, replicates: Any) -> Any:
        """Numbers of the replicates, (block, lane)."""
        places = np.minimum(np.arange(self.blocks * self.width), self.count - 1)
        return np.asarray(replicates)[places].astype(np.uint64).reshape(self.blocks, self.width)
