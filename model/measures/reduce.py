"""Typed reductions over trailing axes, one at a time, so that results do not depend on the block size."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.axes import Array


def add_up(values: NDArray[Any], axes: int = 1, keep: bool = False) -> Array:
    """Sum over the last ``axes`` axes; ``keep`` leaves the last one with length one."""
    for _ in range(axes - 1):
        values = np.asarray(values.sum(axis=-1))
    return np.asarray(values.sum(axis=-1, keepdims=keep))


def over_regions(table: Array) -> Array:
    """Sum of a table (..., region, sector) over regions: (..., sector)."""
    return np.asarray(table.sum(axis=-2))


def mean(values: NDArray[Any]) -> Array:
    """Mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def ratio(part: Array | float, whole: Array) -> Array:
    """Part / whole, and 0 where whole is 0."""
    full = whole != 0
    return np.where(full, part / np.where(full, whole, 1.0), 0.0)
