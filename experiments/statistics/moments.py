"""Count, mean, spread and range of columns, from blocks combined in order (Chan, Golub and LeVeque 1983)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """What is known of the finite values of some columns.

    Args:
        count: How many, (column,).
        mean: Their mean; 0 where there is none.
        squares: Sum of squared distances from the mean.
        low, high: Smallest and largest; infinity and minus infinity where there is none.
    """

    count: Array
    mean: Array
    squares: Array
    low: Array
    high: Array

    @property
    def variance(self) -> Array:
        """Variance with n - 1; exactly 0 where all values are the same, infinite below two values."""
        spread = self.squares / np.maximum(self.count - 1.0, 1.0)
        return np.where(self.count < 2, np.inf, np.where(self.low == self.high, 0.0, spread))

    @property
    def centre(self) -> Array:
        """The mean, exactly the value where all are the same; NaN where there is none."""
        same = np.where(self.low == self.high, self.low, self.mean)
        return np.where(self.count > 0, same, np.nan)

    @property
    def error(self) -> Array:
        """Standard error of the mean; infinite below two values."""
        return np.asarray(np.sqrt(self.variance / np.maximum(self.count, 1.0)))

    def columns(self, chosen: slice | NDArray[np.int64]) -> Moments:
        """Some of the columns."""
        return Moments(*(getattr(self, item.name)[chosen] for item in fields(self)))


def moments_of(values: Array) -> Moments:
    """Moments of one block, (n, column). Sums go over the rows in order, so the same rows give the same bytes."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduce(values, axis=0)
    if len(values) and np.isfinite(total).all():
        count = np.full(values.shape[1:], float(len(values)))
        mean = total / count
        apart = values - mean
        apart *= apart
        return Moments(count, mean, np.add.reduce(apart, axis=0), values.min(axis=0), values.max(axis=0))
    finite = np.isfinite(values)
    count = finite.sum(axis=0).astype(np.float64)
    mean = np.add.reduce(np.where(finite, values, 0.0), axis=0) / np.maximum(count, 1.0)
    apart = np.where(finite, np.where(finite, values, 0.0) - mean, 0.0)
    low = np.where(finite, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(finite, values, -np.inf).max(axis=0, initial=-np.inf)
    return Moments(count, mean, np.add.reduce(apart * apart, axis=0), low, high)


def joined(first: Moments, second: Moments) -> Moments:
    """Moments of both together.

    Example:
        >>> one, two = moments_of(np.array([[1.0], [2.0]])), moments_of(np.array([[6.0]]))
        >>> both = joined(one, two)
        >>> both.mean.item(), both.squares.item()
        (3.0, 14.0)
    """
    count = first.count + second.count
    whole = np.maximum(count, 1.0)
    apart = second.mean - first.mean
    mean = np.where(first.count > 0, first.mean + apart * (second.count / whole), second.mean)
    squares = first.squares + second.squares + apart * apart * (first.count * second.count / whole)
    return Moments(count, mean, squares, np.minimum(first.low, second.low), np.maximum(first.high, second.high))
