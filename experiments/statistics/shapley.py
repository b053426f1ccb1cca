"""Which lever did it: effects, interactions and Shapley shares over all combinations of levers.

A design with L levers has 2^L combinations. Combination number c has lever i switched on when bit i of c is 1 (c = 0:
no lever, c = 2^L - 1: all). Values are (replicate, 2^L, ...), every row on one set of draws; results keep the replicate
axis, so that ``qipan.experiments.statistics.paired.mean_interval`` puts an interval on each.
"""

from __future__ import annotations

from math import factorial

import numpy as np

from qipan.experiments.statistics.paired import Array


def combinations_of(levers: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The levers that are on in each combination, in the order of the value axis."""
    return tuple(
        tuple(lever for i, lever in enumerate(levers) if number >> i & 1) for number in range(2 ** len(levers))
    )


def half_fraction(count: int) -> tuple[int, ...]:
    """The half of all combinations that contains the full one: those with an even number of levers off.

    A fraction 2^(L-1) of resolution L (Box and Hunter 1961): with five levers main effects are free of interactions of
    two and three levers, and interactions of two are free of each other. Two levers: none and both.
    """
    return tuple(number for number in range(2**count) if (count - number.bit_count()) % 2 == 0)


def fraction_effects(values: Array, numbers: tuple[int, ...], count: int) -> Array:
    """Main effect of each lever from a balanced fraction: mean with the lever less mean without it. (n, L, ...).

    Equal to the Shapley share where no interaction involves three levers or more.

    Args:
        values: (replicate, run, ...), runs in the order of `numbers`.
        numbers: Combination number of each run.
        count: Levers L.
    """
    codes = np.array(numbers)
    means = [
        values[:, codes >> i & 1 == 1].mean(axis=1) - values[:, codes >> i & 1 == 0].mean(axis=1) for i in range(count)
    ]
    return np.stack(means, axis=1)


def lever_count(values: Array) -> int:
    """Number of levers L behind a value axis of length 2^L; refuses other lengths with ValueError."""
    length = values.shape[1]
    count = int(length).bit_length() - 1
    if 2**count != length:
        raise ValueError(f"{length} combinations are not a full factorial; 2, 4, 8, 16, 32, ... are")
    return count


def steps_of(values: Array, lever: int) -> tuple[Array, np.ndarray]:
    """What switching one lever on adds to each combination without it.

    Returns:
        (replicate, 2^(L-1), ...) the steps, and (2^(L-1),) how many other levers are on in each.
    """
    without = np.array([number for number in range(values.shape[1]) if not number >> lever & 1])
    others = np.array([int(number).bit_count() for number in without])
    return values[:, without | 1 << lever] - values[:, without], others


def shapley_shares(values: Array) -> Array:
    """Shapley share of each lever: its step averaged over all orders in which levers can be switched on.

    Shares sum to (all levers) - (no lever) in every replicate. A lever that never changes anything gets zero. Source:
    Shapley (1953). Two levers with values 0, 1, 2, 5: shares 2 and 3.

    Args:
        values: (replicate, 2^L, ...).

    Returns:
        (replicate, L, ...).
    """
    count = lever_count(values)
    shares = []
    for lever in range(count):
        steps, others = steps_of(values, lever)
        weight = np.array([factorial(k) * factorial(count - 1 - k) / factorial(count) for k in range(count)])[others]
        shares.append(_weighted(steps, weight))
    return np.stack(shares, axis=1)


def main_effects(values: Array) -> Array:
    """Main effect of each lever: its step averaged over all settings of the others. (replicate, L, ...)."""
    means = [steps_of(values, lever)[0].mean(axis=1) for lever in range(lever_count(values))]
    return np.stack(means, axis=1)


def first_effects(values: Array) -> Array:
    """Effect of each lever alone: its step from no lever at all. (replicate, L, ...)."""
    return np.stack([values[:, 1 << lever] - values[:, 0] for lever in range(lever_count(values))], axis=1)


def last_effects(values: Array) -> Array:
    """Effect of each lever beside all the others: what is lost without it. (replicate, L, ...)."""
    full = values.shape[1] - 1
    return np.stack([values[:, full] - values[:, full ^ 1 << lever] for lever in range(lever_count(values))], axis=1)


def interactions(values: Array) -> Array:
    """Interaction of each pair of levers: how much one's step grows when the other is on, averaged over the rest.

    Two levers with values 0, 1, 2, 5: 5 - 1 - 2 + 0 = 2. Symmetric; the diagonal is 0. (replicate, L, L, ...).
    """
    count = lever_count(values)
    result = np.zeros((values.shape[0], count, count, *values.shape[2:]))
    for one in range(count):
        for other in range(one):
            neither = np.array([c for c in range(values.shape[1]) if not (c >> one & 1 or c >> other & 1)])
            both = values[:, neither | 1 << one | 1 << other] + values[:, neither]
            pair = (both - values[:, neither | 1 << one] - values[:, neither | 1 << other]).mean(axis=1)
            result[:, one, other] = result[:, other, one] = pair
    return result


def _weighted(steps: Array, weight: Array) -> Array:
    """Weighted sum over the combination axis, in order."""
    return np.asarray((steps * weight.reshape(1, -1, *[1] * (steps.ndim - 2))).sum(axis=1))
