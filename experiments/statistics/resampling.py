"""Which replicates a resample holds: counts from addressed draws, so an interval is the same on every run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qipan.model.draws import Draws, Stream

Array = NDArray[np.float64]
AT_ONCE = 100
MOST_KEPT = 2048
"""Replicates up to which the counts of a block of resamples are kept for the next table: 16 MB in all."""


def counts_in_blocks(n: int, resamples: int, seed: int) -> Iterator[Array]:
    """Counts of so many resamples as `resample_counts`, in blocks; tables of as many replicates share them."""
    counted = _kept if n <= MOST_KEPT else _counted
    for start in range(0, resamples, AT_ONCE):
        yield counted(n, start, min(start + AT_ONCE, resamples), seed)


def resample_counts(n: int, resamples: NDArray[np.int64], seed: int) -> Array:
    """How often each replicate is in each of the numbered resamples: (resample, replicate), rows sum to n."""
    draws = Draws(seed, resamples, np.arange(1, n + 1), np.array([1]))
    chosen = np.minimum((draws.uniform(Stream.BOOTSTRAP, over="r") * n).astype(np.int64), n - 1)
    chosen += np.arange(resamples.size)[:, None] * n
    return np.bincount(chosen.ravel(), minlength=resamples.size * n).reshape(resamples.size, n).astype(np.float64)


def _counted(n: int, start: int, stop: int, seed: int) -> Array:
    return resample_counts(n, np.arange(start, stop), seed)


_kept = lru_cache(maxsize=10)(_counted)
