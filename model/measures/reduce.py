"""Typed reductions over trailing axes, one at a time, so that results do not depend on the block size."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array

READ = 2**21
"""Bytes added at a time: slices of a larger table would come from memory again and again, at twice the time."""

SHORT = 7
"""Longest axis along which NumPy itself adds one number after the other."""


def add_up(values: NDArray[Any], axes: int = 1, keep: bool = False) -> Array:
    """Sum over the last ``axes`` axes; ``keep`` leaves the last one with length one."""
    for _ in range(axes - 1):
        values = _sum_of_last(values)
    total = _sum_of_last(values)
    return total[..., None] if keep else total


def _sum_of_last(values: NDArray[Any]) -> Array:
    """Sum over the last axis: over a short one by adding slices, in the order and with the bytes of NumPy's own sum."""
    if values.dtype != np.float64 or values.ndim < 2 or not 2 <= values.shape[-1] <= SHORT:
        return np.asarray(values.sum(axis=-1))
    total = np.empty(values.shape[:-1])
    width = max(READ // max(values[:1].nbytes, 1), 1)
    for start in range(0, len(values), width):
        piece, into = values[start : start + width], total[start : start + width]
        np.add(piece[..., 0], piece[..., 1], out=into)
        for place in range(2, values.shape[-1]):
            into += piece[..., place]
    return total


def over_regions(table: Array) -> Array:
    """Sum of a table (..., region, sector) over regions: (..., sector)."""
    if table.dtype != np.float64 or table.shape[-1] < 2 or table.shape[-2] < 2:
        return np.asarray(table.sum(axis=-2))
    return np.asarray(np.einsum("...rk->...k", table))


def mean(values: NDArray[Any]) -> Array:
    """Mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def logarithms(values: Array) -> Array:
    """Natural logarithms of numbers that are not negative, 0 where there is nothing, so that 0 ln 0 = 0."""
    return np.asarray(np.log(values, out=np.zeros_like(values), where=values > 0))


def ratio(part: Array | float, whole: Array) -> Array:
    """Part / whole for finite parts, and 0 where whole is 0."""
    if np.count_nonzero(whole) == whole.size:  # the usual case, three times as fast
        return np.asarray(part / whole)
    return np.asarray(part / np.where(whole != 0, whole, np.inf)) + 0.0
