"""Paired statistics: differences between arms run on the same draws, with intervals that say how sure they are.

Arrays are (replicate, ...): one row a replicate, any number of columns behind. Nothing here needs pandas; scipy.special
alone is imported, inside functions. Resampling uses addressed draws, so an interval is the same on every run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.resampling import counts_in_blocks

Array = NDArray[np.float64]
CONFIDENCE = 0.95
RESAMPLES = 1000
NOT_DISTINGUISHABLE = "not distinguishable"
IDENTICAL = "identical"
NO_INTERVAL = "one replicate: no interval"
NO_VALUE = "no value"
UNTOLD = (NOT_DISTINGUISHABLE, IDENTICAL, NO_INTERVAL, NO_VALUE)
"""Verdicts that say no difference: not shown, none to the last digit, and none to be judged."""
_SIGN = {"higher is better": 1.0, "lower is better": -1.0, "neutral": 1.0}


@dataclass(frozen=True, eq=False)
class Interval:
    """An estimate and its interval, one of each for every column."""

    estimate: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class PairedDifference:
    """An arm against the baseline, paired by replicate; every field has the shape of the columns.

    Args:
        mean, low, high: Mean difference (arm minus baseline) with its t interval.
        boot_low, boot_high: Bootstrap interval of the mean, for fat tails; equal to low, high when not asked for.
        median: Median of the differences.
        baseline_mean: Mean of the baseline.
        probability_better: Share of replicates in which the arm is better (neutral: higher), ties count half.
        probability_low, probability_high: Wilson interval of that share.
        variance_reduction: (Var a + Var b) / Var(a - b): replicates saved by pairing; infinite when the difference
            is the same in all replicates, 1 when neither arm varies.
        n: Number of replicates.
    """

    mean: Array
    low: Array
    high: Array
    boot_low: Array
    boot_high: Array
    median: Array
    baseline_mean: Array
    probability_better: Array
    probability_low: Array
    probability_high: Array
    variance_reduction: Array
    n: int


def t_quantile(degrees: float, confidence: float = CONFIDENCE) -> float:
    """Two-sided quantile of Student's t: 2.262157 for 9 degrees of freedom at 95%."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + confidence / 2.0))


def normal_quantile(confidence: float = CONFIDENCE) -> float:
    """Two-sided normal quantile: 1.959964 at 95%."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2.0))


def standard_error(values: Array) -> Array:
    """Standard error of the mean over replicates; with one replicate nothing is known and it is infinite."""
    n = values.shape[0]
    if n < 2:
        return np.full(values.shape[1:], np.inf)
    # a difference that is the same in every replicate must have an error of exactly zero, whatever rounding does
    constant = (values == values[0]).all(axis=0)
    return np.where(constant, 0.0, values.std(axis=0, ddof=1) / np.sqrt(n))


def mean_interval(values: Array, confidence: float = CONFIDENCE) -> Interval:
    """Mean over replicates with its t interval."""
    mean = np.where((values == values[0]).all(axis=0), values[0], values.mean(axis=0))
    if values.shape[0] < 2:
        return Interval(mean, np.full_like(mean, -np.inf), np.full_like(mean, np.inf))
    half = t_quantile(values.shape[0] - 1.0, confidence) * standard_error(values)
    return Interval(mean, mean - half, mean + half)


def bootstrap_interval(
    values: Array, confidence: float = CONFIDENCE, resamples: int = RESAMPLES, seed: int = 1
) -> Interval:
    """Mean over replicates with its percentile bootstrap interval; all columns are resampled together.

    Resample b takes replicate floor(u n) at place i, u the draw of stream BOOTSTRAP addressed by (b, i + 1).
    """
    flat = values.reshape(values.shape[0], -1)
    centre = flat.mean(axis=0)
    apart, n = flat - centre, flat.shape[0]
    means = [counts @ apart / n for counts in counts_in_blocks(n, resamples, seed)]
    tail = (1.0 - confidence) / 2.0
    low, high = centre + np.quantile(np.concatenate(means), [tail, 1.0 - tail], axis=0)
    shape = values.shape[1:]
    return Interval(centre.reshape(shape), low.reshape(shape), high.reshape(shape))


def wilson_interval(share: Array | float, n: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Wilson's interval: 8 of 10 gives .490 to .943 at 95%. With n = 0 it is 0 to 1."""
    share = np.asarray(share, dtype=np.float64)
    if n == 0:
        return Interval(share, np.zeros_like(share), np.ones_like(share))
    z2 = normal_quantile(confidence) ** 2
    centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = np.sqrt(z2 * (share * (1.0 - share) / n + z2 / (4.0 * n * n))) / (1.0 + z2 / n)
    return Interval(share, np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0))


def probability_positive(differences: Array) -> Array:
    """Share of replicates with a positive difference, ties counting half: .5 for an arm against itself."""
    return np.asarray(((differences > 0) + 0.5 * (differences == 0)).mean(axis=0))


def variance_reduction(arm: Array, baseline: Array) -> Array:
    """(Var a + Var b) / Var(a - b): 1 for independent arms, 2 at a correlation of one half."""
    if arm.shape[0] < 2:
        return np.ones(arm.shape[1:])
    return reduction_of(standard_error(arm) ** 2 + standard_error(baseline) ** 2, standard_error(arm - baseline) ** 2)


def reduction_of(apart: Array | float, together: Array | float) -> Array:
    """Sum of two variances over the variance of the difference; a difference that never varies gives 1 or infinity."""
    varies, alone = np.greater(together, 0), np.where(np.greater(apart, 0), np.inf, 1.0)
    return np.where(varies, apart / np.where(varies, together, 1.0), alone)


def compare_paired(
    arm: Array, baseline: Array, direction: str = "neutral", confidence: float = CONFIDENCE, bootstrap: bool = False
) -> PairedDifference:
    """Compare an arm with the baseline replicate by replicate. Rows must be the same replicates in the same order.

    Args:
        arm: (replicate, ...) values of one measure.
        baseline: The same of the baseline.
        direction: Direction of the measure; turns the probability of being better round for "lower is better".
        confidence: Of every interval.
        bootstrap: Also resample.
    """
    differences = arm - baseline
    n = differences.shape[0]
    interval = mean_interval(differences, confidence)
    resampled = bootstrap_interval(differences, confidence) if bootstrap and n > 1 else interval
    better = wilson_interval(probability_positive(_SIGN[direction] * differences), n, confidence)
    return PairedDifference(
        interval.estimate,
        interval.low,
        interval.high,
        resampled.low,
        resampled.high,
        np.asarray(np.median(differences, axis=0)),
        np.asarray(baseline.mean(axis=0)),
        better.estimate,
        better.low,
        better.high,
        variance_reduction(arm, baseline),
        n,
    )


def verdict(low: float, high: float, direction: str, sure: bool = True) -> str:
    """The interval of a difference in a word of ``qipan.experiments.summaries.comparison.VERDICTS``.

    Args:
        low: Lower end; infinite where there is one replicate, NaN where the measure has no value.
        high: Upper end; both are zero where the two are equal to the last digit in every replicate.
        direction: Of the measure.
        sure: Whether the difference is still told from zero after correction for many comparisons.
    """
    if np.isnan(low) or np.isnan(high):
        return NO_VALUE
    if low == high == 0.0:
        return IDENTICAL
    if np.isinf(low) and np.isinf(high):
        return NO_INTERVAL
    if not sure or not (low > 0 or high < 0):
        return NOT_DISTINGUISHABLE
    if direction == "neutral":
        return "higher" if low > 0 else "lower"
    return "better" if (low > 0) == (_SIGN[direction] > 0) else "worse"


def p_value(values: Array) -> Array:
    """Two-sided p of the paired t test that the mean is zero: 1 where all are zero, 0 where all are one other value."""
    return p_value_of(mean_interval(values).estimate, standard_error(values), values.shape[0])


def p_value_of(mean: Array, error: Array, n: int) -> Array:
    """Two-sided p of the t test that a mean of n values with this standard error is zero; certain where it is 0."""
    from scipy.special import stdtr

    score = np.abs(mean) / np.where((error > 0) & np.isfinite(error), error, 1.0)
    tested = 2.0 * stdtr(max(n - 1.0, 1.0), -score)
    certain = np.where(mean == 0, 1.0, 0.0)
    return np.where(np.isinf(error), 1.0, np.where(error > 0, tested, certain))


def ratio_interval(numerator: Array, denominator: Array, confidence: float = CONFIDENCE) -> Interval | None:
    """Ratio of two paired means with Fieller's interval; None where the denominator may be zero.

    Args:
        numerator: (replicate,) values.
        denominator: The same replicates of what is divided by.
        confidence: Of the interval.
    """
    if numerator.shape[0] < 3:
        return None
    cross = np.cov(numerator, denominator)
    spread = (cross[0, 0], cross[1, 1], cross[0, 1])
    return ratio_of((numerator.mean(), denominator.mean()), spread, numerator.shape[0], confidence)


def ratio_of(
    means: tuple[float, float], spread: tuple[float, float, float], n: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Ratio of two paired means with Fieller's interval; None where the denominator may be zero.

    Args:
        means: Of the numerator and of the denominator.
        spread: Their variances (n - 1) and their covariance.
        n: Replicates behind them.
        confidence: Of the interval.
    """
    if n < 3:
        return None
    t2 = t_quantile(n - 1.0, confidence) ** 2 / n
    a = means[1] ** 2 - t2 * spread[1]
    b = means[0] * means[1] - t2 * spread[2]
    c = means[0] ** 2 - t2 * spread[0]
    if a <= 0 or spread[1] == 0 == means[1]:
        return None
    root = np.sqrt(max(b * b - a * c, 0.0))
    share = np.asarray(means[0] / means[1])
    return Interval(share, np.asarray((b - root) / a), np.asarray((b + root) / a))
