"""Many comparisons at once: adjusted p-values, and rankings in which "not distinguishable" is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qipan.experiments.statistics.paired import Array, mean_interval, p_value


@dataclass(frozen=True)
class Rank:
    """Where one arm stands among several.

    Args:
        name: The arm.
        mean, low, high: Its mean with the t interval.
        best, worst: The ranks it may hold: 1 + arms proven better, and arms - arms proven worse.
        probability_best: Share of replicates in which no other arm is better, ties shared.
        better_than, worse_than: Arms proven worse and better at the stated error over all pairs together.
    """

    name: str
    mean: float
    low: float
    high: float
    best: int
    worst: int
    probability_best: float
    better_than: tuple[str, ...]
    worse_than: tuple[str, ...]


def benjamini_hochberg(p_values: Array) -> Array:
    """Adjusted p-values: rejecting those at or below q keeps the expected share of false findings at or below q.

    (.01, .02, .03, .5) becomes (.04, .04, .04, .5).
    """
    count = p_values.size
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def holm(p_values: Array) -> Array:
    """Adjusted p-values: rejecting those at or below a keeps the chance of any false finding at or below a.

    (.01, .04, .03) becomes (.03, .06, .06).
    """
    count = p_values.size
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * (count - np.arange(count))
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return adjusted


def rank_arms(values: Array, names: Sequence[str], higher_is_better: bool = True, error: float = 0.05) -> list[Rank]:
    """Rank arms by their means; an arm is above another only when the paired difference survives Holm's correction.

    Args:
        values: (replicate, arm), rows paired.
        names: The arms, in the order of the columns.
        higher_is_better: Direction of the measure.
        error: Chance of any false statement "better" among all pairs.

    Returns:
        One Rank for each arm, best mean first.
    """
    signed = values if higher_is_better else -values
    proven = _proven_better(signed, error)
    top = signed == signed.max(axis=1, keepdims=True)
    first = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    interval = mean_interval(values)
    ranks = [
        Rank(
            name,
            float(interval.estimate[i]),
            float(interval.low[i]),
            float(interval.high[i]),
            1 + int(proven[:, i].sum()),
            len(names) - int(proven[i].sum()),
            float(first[i]),
            _chosen(names, proven[i]),
            _chosen(names, proven[:, i]),
        )
        for i, name in enumerate(names)
    ]
    order = np.argsort(-signed.mean(axis=0), kind="stable")
    return [ranks[i] for i in order]


def _chosen(names: Sequence[str], mask: np.ndarray) -> tuple[str, ...]:
    return tuple(name for name, sure in zip(names, mask, strict=True) if sure)


def _proven_better(signed: Array, error: float) -> np.ndarray:
    """(arm, arm) whether the row's arm is better than the column's, Holm-corrected over all pairs."""
    arms = signed.shape[1]
    pairs = list(combinations(range(arms), 2))
    proven = np.zeros((arms, arms), dtype=bool)
    if not pairs:
        return proven
    differences = np.stack([signed[:, i] - signed[:, j] for i, j in pairs], axis=1)
    found = holm(p_value(differences)) <= error
    for (i, j), sure, mean in zip(pairs, found, differences.mean(axis=0), strict=True):
        if sure:
            proven[(i, j) if mean > 0 else (j, i)] = True
    return proven
