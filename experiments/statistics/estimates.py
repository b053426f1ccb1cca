"""Rows of estimates: a mean with its intervals, quantiles beside it, and a word, for any number of columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.statistics.multiplicity import holm
from qipan.experiments.statistics.paired import (
    Array,
    bootstrap_interval,
    mean_interval,
    p_value,
    probability_positive,
    verdict,
)

if TYPE_CHECKING:
    import pandas as pd

ESTIMATE = (
    "mean",
    "low",
    "high",
    "boot_low",
    "boot_high",
    "median",
    "q05",
    "q95",
    "probability_positive",
    "p",
    "p_adjusted",
    "verdict",
    "n",
)
"""Columns of an estimate: t and bootstrap intervals of the mean (95%), quantiles over replicates, two-sided p of the
paired t test, the same after Holm's correction over the rows of one family, and the verdict after that correction."""
ERROR = 0.05


def estimated(values: Array, directions: Sequence[str], families: Sequence[Any] | None = None) -> pd.DataFrame:
    """Estimate the mean of every column.

    Args:
        values: (replicate, column); paired differences, shares, interactions, ...
        directions: Direction of the measure behind each column.
        families: What each column belongs to; Holm's correction is made within a family. None: each by itself.

    Returns:
        A row for each column, with the columns of `ESTIMATE`.
    """
    import pandas as pd

    interval, resampled = mean_interval(values), bootstrap_interval(values)
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    chances = p_value(values)
    adjusted = corrected(chances, families)
    words = [
        verdict(low_end, high_end, way, sure)
        for low_end, high_end, sure, way in zip(interval.low, interval.high, adjusted <= ERROR, directions, strict=True)
    ]
    columns = (
        interval.estimate,
        interval.low,
        interval.high,
        resampled.low,
        resampled.high,
        median,
        low,
        high,
        probability_positive(values),
        chances,
        adjusted,
        words,
        np.full(values.shape[1], values.shape[0]),
    )
    return pd.DataFrame(dict(zip(ESTIMATE, columns, strict=True)))


def corrected(chances: Array, families: Sequence[Any] | None) -> Array:
    """P-values after Holm's correction within each family."""
    if families is None:
        return chances
    adjusted, names = np.empty_like(chances), list(families)
    for family in dict.fromkeys(names):
        rows = np.array([name == family for name in names])
        adjusted[rows] = holm(chances[rows])
    return adjusted
