"""Histograms for quantiles whose bins are fixed before any value is seen, so that counts of parts can simply be added.

A bin holds all numbers that agree in sign, power of two and the first eight binary digits behind the leading one: 256
bins for each doubling, from 2^-60 (what is smaller counts as zero) to 2^67. A quantile taken from counts lies in the
bin of the true one, so it is off by less than 1/256 of its size. The idea is that of relative-error sketches (Masson,
Rim and Lee 2019, DDSketch); counts are integers, so neither order nor grouping of what is added matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DIGITS = 8
LOWEST, HIGHEST = -60, 67
RELATIVE_ERROR = 2.0**-DIGITS
"""Width of a bin over its lower end, at most."""
MISSING = 32_767
"""Key of what is not a finite number; it is counted in no bin."""
_SHIFT = 52 - DIGITS
_BEHIND = (1 << _SHIFT) - 1
_FIRST = ((1023 + LOWEST) << DIGITS) - 1
_LARGEST = (HIGHEST - LOWEST) << DIGITS
_MOST_WAITING = 1_000_000
_HALF = 32_768


def keys_of(values: Array) -> NDArray[np.int16]:
    """The bin of every value: 0 around zero, negative for negative numbers; same shape.

    Example:
        >>> keys_of(np.array([0.0, 1.0, -1.0, 1.001, 1.01])).tolist()
        [0, 15361, -15361, 15361, 15363]
    """
    finite = np.isfinite(values)
    known = np.where(finite, values, 0.0)
    return np.where(finite, _keys_of_bits(np.abs(known).view(np.int64), known < 0), MISSING).astype(np.int16)


def _keys_of_bits(bits: NDArray[np.int64], below: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The bin of finite numbers from the bits of their sizes, which are written over, and where they are negative."""
    bits >>= _SHIFT
    bits -= _FIRST
    np.maximum(bits, 0, out=bits)
    np.minimum(bits, _LARGEST, out=bits)
    keys = bits.astype(np.int16)
    return np.negative(keys, out=keys, where=below) if below.any() else keys


def edges(keys: NDArray[np.integer]) -> Array:
    """The end nearer to zero of every bin.

    Example:
        >>> edges(keys_of(np.array([0.0, 1.0, -3.0, 1.001]))).tolist()
        [0.0, 1.0, -3.0, 1.0]
    """
    wide = keys.astype(np.int64)
    size = ((np.abs(wide) + _FIRST) << _SHIFT).view(np.float64)
    return np.where(wide == 0, 0.0, np.copysign(size, wide))


def on_edges(values: Array) -> NDArray[np.bool_]:
    """Whether every finite value of a column is the end of its bin: so are whole numbers up to 512. (column,)."""
    ends = np.where(np.isfinite(values), edges(keys_of(values)), values)
    return np.asarray(((ends == values) | ~np.isfinite(values)).all(axis=0))


def binned(values: Array) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """`keys_of` and `on_edges` of the same values (n, column), in a third of the time where few columns are on edges.

    A value with a digit behind those of its bin is on no edge, so only columns without one are looked at closely.
    """
    if not np.isfinite(values).all():
        return keys_of(values), on_edges(values)
    bits = np.abs(values).view(np.int64)
    exact = np.asarray(np.bitwise_or.reduce(bits, axis=0) & _BEHIND == 0)
    exact[exact] = on_edges(values[:, exact])
    return _keys_of_bits(bits, values < 0), exact


@dataclass
class BinCounts:
    """How many values of each column lie in each bin, for the bins that hold any.

    Attributes:
        codes: Column and bin in one number, ascending: column times 65,536 plus key plus 32,768.
        counts: Values there.
    """

    codes: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _waiting: list[NDArray[np.integer]] = field(default_factory=list)

    def add(self, keys: NDArray[np.int16]) -> None:
        """Count the keys (n, column) of a block."""
        kind = np.uint32 if keys.shape[1] <= 65_536 else np.int64  # half the size is sorted in half the time
        columns = (np.arange(keys.shape[1], dtype=np.int64) << 16) + _HALF
        codes, known = columns.astype(kind)[:, None] + keys.T.astype(kind), keys.T != MISSING  # below zero goes round
        self._waiting.append(codes.ravel() if known.all() else codes[known])
        if sum(len(waiting) for waiting in self._waiting) > _MOST_WAITING:
            self.settle()

    def settle(self) -> None:
        """Bring what was added together with what was there."""
        if not self._waiting:
            return
        codes, counts = np.unique(np.concatenate(self._waiting), return_counts=True)
        self._waiting = []
        every = np.concatenate([self.codes, codes])
        order = np.argsort(every, kind="stable")
        every, amounts = every[order], np.concatenate([self.counts, counts])[order]
        if len(every):
            starts = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]]))
            self.codes, self.counts = every[starts], np.add.reduceat(amounts, starts)

    def quantiles(self, levels: Sequence[float], low: Array, high: Array, exact: NDArray[np.bool_]) -> Array:
        """Quantiles of every column, (level, column); NaN for a column without values.

        As `numpy.quantile`: linear between the two values beside the level's place among the sorted ones. A value
        inside a bin is put where it would be were the values of the bin evenly spread.

        Args:
            levels: Between 0 and 1.
            low: Smallest value of each column.
            high: Largest value of each column.
            exact: Columns whose values are all ends of bins (see `on_edges`).
        """
        self.settle()
        found = np.full((len(levels), len(low)), np.nan)
        ends = np.searchsorted(self.codes, np.arange(len(low) + 1, dtype=np.int64) << 16)
        for column, (start, stop) in enumerate(pairwise(ends)):
            if stop > start:
                keys = (self.codes[start:stop] & 65_535) - _HALF
                values = _values(levels, keys, self.counts[start:stop], bool(exact[column]))
                found[:, column] = np.clip(values, low[column], high[column])
        return found


def _values(levels: Sequence[float], keys: NDArray[np.int64], counts: NDArray[np.int64], exact: bool) -> Array:
    """Quantiles of one column from the bins that hold any of its values."""
    after = np.cumsum(counts)
    place = (after[-1] - 1) * np.asarray(levels)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, after[-1] - 1)
    near, far = edges(keys), edges(keys + np.where(keys < 0, -1, 1))
    low, high = np.minimum(near, far), np.maximum(near, far)
    low, high = np.where(keys == 0, 0.0, low), np.where(keys == 0, 0.0, high)

    def ordered(rank: NDArray[np.int64]) -> Array:
        bin_ = np.searchsorted(after, rank, side="right")
        inside = (rank - (after[bin_] - counts[bin_]) + 0.5) / counts[bin_]
        return np.asarray(near[bin_] if exact else low[bin_] + (high[bin_] - low[bin_]) * inside)

    first = ordered(below)
    return np.asarray(first + (ordered(above) - first) * (place - below))
