"""When to stop adding replicates: looks at 100, 200, 400, ..., with intervals that hold at all looks together.

Looking several times and stopping when the interval is narrow lowers its coverage. The critical value is therefore the
one for which a normal mean stays within its interval at every look at once (Pocock's constant, here for any schedule),
so that coverage holds whichever look one stops at, and for whatever reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.paired import CONFIDENCE, Array, standard_error, t_quantile

FIRST_LOOK = 100


@dataclass(frozen=True, eq=False)
class Look:
    """What one look found; arrays have the shape of the columns.

    Args:
        n: Replicates at this look.
        mean, low, high: Mean difference and the interval that holds over all looks.
        wanted: Half-width asked for.
        enough: Whether every column is as narrow as asked.
        last: Whether no later look is planned.
        narrow: Which columns are.
    """

    n: int
    mean: Array
    low: Array
    high: Array
    wanted: Array
    enough: bool
    last: bool
    narrow: NDArray[np.bool_]

    @property
    def stop(self) -> bool:
        """Whether to stop here."""
        return self.enough or self.last


def schedule(most: int, first: int = FIRST_LOOK) -> tuple[int, ...]:
    """Numbers of replicates at which to look: first, doubled each time, then the most allowed."""
    looks: list[int] = []
    n = min(first, most)
    while n < most:
        looks.append(n)
        n *= 2
    return (*looks, most)


@lru_cache(maxsize=64)
def critical_value(looks: tuple[int, ...], confidence: float = CONFIDENCE, points: int = 61) -> float:
    """Bound c with P(|Z_j| <= c at every look j) = confidence for the standardised mean of a growing normal sample.

    Pocock's constants for equally spaced looks: 2.178 for two, 2.413 for five. Found by bisection; the probability by
    integrating over the Markov chain Z_1, Z_2, ... with Gauss-Legendre nodes.
    """
    low, high = 1.0, 6.0
    for _ in range(40):
        middle = (low + high) / 2.0
        if _stays_inside(middle, looks, points) < confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _stays_inside(bound: float, looks: tuple[int, ...], points: int) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(points)
    places, weights = bound * nodes, bound * weights
    density = np.exp(-places * places / 2.0) / np.sqrt(2.0 * np.pi)
    for before, after in pairwise(looks):
        correlation = np.sqrt(before / after)
        spread = np.sqrt(1.0 - correlation * correlation)
        gap = (places[:, None] - correlation * places[None, :]) / spread
        kernel = np.exp(-gap * gap / 2.0) / (spread * np.sqrt(2.0 * np.pi))
        density = (kernel * (density * weights)[None, :]).sum(axis=1)
    return float((density * weights).sum())


@dataclass(frozen=True)
class StoppingRule:
    """Add replicates until the interval of the difference is narrow enough.

    Args:
        precision: Half-width wanted, as a share of the baseline's mean (.02 is 2%).
        most: Replicates at which to stop in any case.
        first: Replicates at the first look.
        confidence: Coverage of the interval after stopping.
    """

    precision: float
    most: int
    first: int = FIRST_LOOK
    confidence: float = CONFIDENCE

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of replicates at which to look."""
        return schedule(self.most, self.first)

    def look(self, arm: Array, baseline: Array, planned: int | None = None) -> Look:
        """Judge the replicates so far, (replicate, ...), rows paired.

        Args:
            arm: Values of the arm.
            baseline: Values of the baseline.
            planned: Which of ``looks`` this is, where some replicates failed; else their number must be one of them.
        """
        from scipy.special import ndtr

        n = arm.shape[0]
        due = n if planned is None else planned
        if due not in self.looks:
            raise ValueError(f"a look at {due} replicates was not planned; looks are at {self.looks}")
        differences = arm - baseline
        confidence = 2.0 * float(ndtr(critical_value(self.looks, self.confidence))) - 1.0
        half = t_quantile(n - 1.0, confidence) * standard_error(differences)
        wanted = self.precision * np.abs(baseline.mean(axis=0))
        mean = differences.mean(axis=0)
        narrow = np.asarray(half <= wanted)
        return Look(n, mean, mean - half, mean + half, wanted, bool(narrow.all()), due == self.looks[-1], narrow)
