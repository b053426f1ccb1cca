"""What separates the points where an arm helps from those where it hurts: rank correlations, and a shallow tree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.multiplicity import holm
from qipan.experiments.statistics.paired import Array, normal_quantile

if TYPE_CHECKING:
    import pandas as pd

DEPTH = 2
SMALLEST_LEAF = 0.08
FOLDS = 5
Labels = NDArray[np.str_]


def rank_of(values: Array) -> Array:
    """Ranks from 1, ties shared: (10, 20, 20) gives (1, 2.5, 2.5)."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[place])


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's: Pearson's of the ranks; 0 where either does not vary."""
    a, b = rank_of(one) - (len(one) + 1) / 2.0, rank_of(other) - (len(other) + 1) / 2.0
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 0 else 0.0


def drivers_table(points: pd.DataFrame, differences: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Table `drivers`: rank correlation of each parameter with the difference each arm makes, strongest first.

    low, high: 95% by Fisher's transformation with variance 1.06 / (n - 3), missing where the ranks agree in full;
    p_adjusted: Holm over the parameters; a p is never below that of the n! orders of the points.
    """
    import pandas as pd

    numeric = points.drop(columns="point").select_dtypes(["number", "bool"]).astype(float)
    frames = []
    for (arm, measure), rows in differences[differences["measure"].isin(measures)].groupby(["arm", "measure"]):
        means = rows.sort_values("point")["mean"].to_numpy(dtype=float)
        good = np.isfinite(means)
        if good.sum() < 5:
            continue
        table = _correlations(numeric.to_numpy()[good], means[good])
        table.insert(0, "parameter", list(numeric.columns))
        table.insert(0, "measure", measure)
        table.insert(0, "arm", arm)
        frames.append(table.sort_values("correlation", key=abs, ascending=False, kind="stable"))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _correlations(inputs: Array, means: Array) -> pd.DataFrame:
    import pandas as pd
    from scipy.special import ndtr

    found = np.array([rank_correlation(column, means) for column in inputs.T])
    error = np.sqrt(1.06 / (len(means) - 3))
    centre = np.arctanh(np.clip(found, -0.999999, 0.999999))
    half = normal_quantile() * error
    half = np.where(np.abs(found) > 1.0 - 1e-9, np.nan, half)
    chances = np.maximum(2.0 * ndtr(-np.abs(centre) / error), 2.0 / math.factorial(min(len(means), 20)))
    return pd.DataFrame(
        {
            "correlation": found,
            "low": np.tanh(centre - half),
            "high": np.tanh(centre + half),
            "p_adjusted": holm(chances),
            "points": len(means),
        }
    )


@dataclass(frozen=True)
class Node:
    """A branch (parameter, threshold, two nodes) or a leaf (parameter -1), with the commonest outcome of its points."""

    outcome: str
    counts: dict[str, int]
    parameter: int = -1
    threshold: float = 0.0
    below: Node | None = None
    above: Node | None = None


def grown(inputs: Array, labels: Labels, depth: int = DEPTH, smallest: int = 5) -> Node:
    """A tree of outcomes: at each node the cut that lowers Gini impurity most, both sides with enough points."""
    names, counts = np.unique(labels, return_counts=True)
    leaf = Node(str(names[counts.argmax()]), dict(zip(map(str, names), map(int, counts), strict=True)))
    cut = best_cut(inputs, labels, smallest) if depth and len(names) > 1 else None
    if cut is None:
        return leaf
    parameter, threshold = cut
    low = inputs[:, parameter] < threshold
    return Node(
        leaf.outcome,
        leaf.counts,
        parameter,
        threshold,
        grown(inputs[low], labels[low], depth - 1, smallest),
        grown(inputs[~low], labels[~low], depth - 1, smallest),
    )


def best_cut(inputs: Array, labels: Labels, smallest: int) -> tuple[int, float] | None:
    """Parameter and threshold of the best cut, or None when no cut lowers impurity."""
    best, found = impurity(labels) * len(labels) - 1e-9, None
    for parameter in range(inputs.shape[1]):
        order = np.argsort(inputs[:, parameter], kind="stable")
        sorted_values, sorted_labels = inputs[order, parameter], labels[order]
        for place in range(smallest, len(labels) - smallest + 1):
            if sorted_values[place - 1] < sorted_values[place]:
                left, right = sorted_labels[:place], sorted_labels[place:]
                score = impurity(left) * len(left) + impurity(right) * len(right)
                if score < best - 1e-12:
                    best, found = score, (parameter, float(sorted_values[place - 1] + sorted_values[place]) / 2.0)
    return found


def impurity(labels: Labels) -> float:
    """Gini impurity, 1 - sum of squared shares: 0 when all are alike."""
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float(1.0 - (shares * shares).sum())


def guessed(node: Node, row: Array) -> str:
    """What a tree says of one point."""
    while node.parameter >= 0:
        assert node.below is not None and node.above is not None, "a branch has two nodes"
        node = node.below if row[node.parameter] < node.threshold else node.above
    return node.outcome


def tree_table(points: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Table `separates`: one row a leaf: condition, points, shares of each outcome; and how good the tree is.

    right: share of points guessed right by trees grown without them (five folds); right_by_majority: by always naming
    the commonest outcome. A tree that is no better separates nothing.
    """
    import pandas as pd

    numeric = points.drop(columns="point").select_dtypes(["number", "bool"]).astype(float)
    inputs, smallest = numeric.to_numpy(), max(3, int(SMALLEST_LEAF * len(labels)))
    fold, right = np.arange(len(labels)) % FOLDS, 0
    for number in range(FOLDS):
        seen = fold != number
        if seen.any() and not seen.all():
            tree = grown(inputs[seen], labels[seen], DEPTH, smallest)
            right += sum(guessed(tree, row) == label for row, label in zip(inputs[~seen], labels[~seen], strict=True))
    majority = max(np.unique(labels, return_counts=True)[1]) / len(labels)
    rows = [
        (
            condition or "all points",
            sum(node.counts.values()),
            node.outcome,
            *_shares(node),
            right / len(labels),
            majority,
        )
        for condition, node in leaves(grown(inputs, labels, DEPTH, smallest), list(numeric.columns))
    ]
    head = [
        "condition",
        "points",
        "outcome",
        "helps",
        "not_distinguishable",
        "hurts",
        "identical",
        "right",
        "right_by_majority",
    ]
    return pd.DataFrame(rows, columns=head)


def _shares(node: Node) -> tuple[float, ...]:
    whole = sum(node.counts.values())
    return tuple(node.counts.get(name, 0) / whole for name in ("helps", "not distinguishable", "hurts", "identical"))


def leaves(node: Node, names: list[str], condition: str = "") -> list[tuple[str, Any]]:
    """Every leaf with the conditions that lead to it, in words."""
    if node.parameter < 0:
        return [(condition, node)]
    assert node.below is not None and node.above is not None, "a branch has two nodes"
    lead = f"{condition} and " if condition else ""
    name = names[node.parameter]
    return [
        *leaves(node.below, names, f"{lead}{name} < {node.threshold:.4g}"),
        *leaves(node.above, names, f"{lead}{name} >= {node.threshold:.4g}"),
    ]
