"""What stands in the tables: paired differences with simultaneous intervals, and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.paired import CONFIDENCE, mean_interval

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """A paired difference over replicates.

    Args:
        mean, half: Mean and half of its interval, which holds for all rows of the table together.
        median: Median of the differences.
        above: Share of replicates in which it is above zero.
        n: Replicates.
    """

    mean: float
    half: float
    median: float
    above: float
    n: int

    @property
    def sign(self) -> str:
        """The sign, or "?" where the interval covers zero."""
        if abs(self.mean) <= self.half:
            return "?"
        return "+" if self.mean > 0.0 else "-"


def differences(pairs: Sequence[tuple[Array, Array]]) -> list[Difference]:
    """Differences with intervals that all hold together at 95% (Bonferroni over the rows)."""
    confidence = 1.0 - (1.0 - CONFIDENCE) / max(len(pairs), 1)
    return [_difference(arm[: other.size] - other[: arm.size], confidence) for arm, other in pairs]


def _difference(values: Array, confidence: float) -> Difference:
    interval = mean_interval(values, confidence)
    half = float(interval.high - interval.estimate) if values.any() else 0.0
    return Difference(float(values.mean()), half, float(np.median(values)), float((values > 0.0).mean()), values.size)


def inseparable(samples: Sequence[Array], error: float = 1.0 - CONFIDENCE) -> list[bool]:
    """Which of several paired samples are not shown to be below the best mean.

    Each is set against the best in a one-sided t test at `error` over the number of the others; the best always stays.

    Args:
        samples: (replicate,) each, on the same draws.
        error: Chance that any that is as good as the best is left out.
    """
    best = int(np.argmax([values.mean() for values in samples]))
    confidence = 1.0 - 2.0 * error / max(len(samples) - 1, 1)
    stays = []
    for values in samples:
        gap = mean_interval(samples[best] - values, confidence)
        stays.append(bool(gap.low <= 0.0))
    return stays


def amount(value: float) -> str:
    """A signed amount to whole billions: +117, -8, 0."""
    return f"{value:+.0f}" if abs(value) >= 0.5 else "0"


def spread(difference: Difference) -> str:
    """Mean and half of the interval: +117 ± 34."""
    if difference.half == 0.0 and difference.mean == 0.0:
        return "the same in every replicate"
    return f"{amount(difference.mean)} ± {difference.half:.0f}"
