"""Regions that choose one sector each: Nash counts, planner's counts, noisy choice. Model section 8 (a), (b), (e).

A game is a payoff table (sector, N): entry [k, j] is what each of j + 1 regions in sector k gets. Regions are alike.
"""

import numpy as np

from qipan.model.axes import Array


def shared_prize(values: Array, regions: int) -> Array:
    """Payoff table of a prize split evenly: v_k / n."""
    return np.asarray(values[:, None] / np.arange(1.0, regions + 1.0))


def affine(values: Array, regions: int, congestion: float, agglomeration: float = 0.0) -> Array:
    """Payoff table linear in the count: v_k - c n + a n."""
    return np.asarray(values[:, None] + (agglomeration - congestion) * np.arange(1.0, regions + 1.0))


def _fill(gains: Array, regions: int) -> Array:
    """Counts when regions enter one by one where the next gain is largest; ties go to the lower sector."""
    counts = np.zeros(gains.shape[0], dtype=np.int64)
    for _ in range(regions):
        following = gains[np.arange(gains.shape[0]), np.minimum(counts, gains.shape[1] - 1)]
        counts[int(np.argmax(following))] += 1
    return counts.astype(np.float64)


def nash_counts(payoffs: Array, regions: int) -> Array:
    """Counts of a pure Nash equilibrium, for payoffs that fall with the count.

    It maximises Rosenthal's (1973) potential, which one-by-one entry at the highest payoff does when payoffs fall.
    Values (10, 4, 3) shared by three regions: (2, 1, 0).
    """
    return _fill(payoffs, regions)


def planner_counts(payoffs: Array, regions: int) -> Array:
    """Counts that maximise total payoff sum_k n_k payoff_k(n_k), for totals concave in the count."""
    totals = payoffs * np.arange(1.0, payoffs.shape[1] + 1.0)
    return _fill(np.diff(totals, axis=1, prepend=0.0), regions)


def welfare_of(payoffs: Array, counts: Array) -> float:
    """Total payoff sum_k n_k payoff_k(n_k)."""
    return float((counts * _at(payoffs, counts)).sum())


def potential_of(payoffs: Array, counts: Array) -> float:
    """Rosenthal's potential sum_k sum_{j <= n_k} payoff_k(j): a region's gain from moving equals the potential's."""
    return float(_potentials(payoffs)[np.arange(counts.size), counts.astype(np.int64)].sum())


def is_equilibrium(payoffs: Array, counts: Array) -> bool:
    """Whether no region gains by moving alone."""
    stay = np.where(counts > 0, _at(payoffs, counts), np.inf)
    move = _at(payoffs, np.minimum(counts + 1.0, payoffs.shape[1]))
    best = np.array([np.delete(move, k).max() for k in range(counts.size)])
    return bool((stay >= best - 1e-12).all())


def equilibria(payoffs: Array, regions: int) -> list[tuple[int, ...]]:
    """Every pure equilibrium by enumeration of all counts: small games only."""
    found = (np.array(counts, dtype=np.float64) for counts in _compositions(regions, payoffs.shape[0]))
    return [tuple(int(n) for n in counts) for counts in found if is_equilibrium(payoffs, counts)]


def _compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in _compositions(total - first, parts - 1)]


def _at(payoffs: Array, counts: Array) -> Array:
    """Payoff at each sector's count; at count 0 that of count 1."""
    place = np.maximum(counts.astype(np.int64), 1) - 1
    return np.asarray(payoffs[np.arange(payoffs.shape[0]), place])


def _potentials(payoffs: Array) -> Array:
    """(sector, N + 1) sums of the first n payoffs, n from 0."""
    return np.concatenate([np.zeros((payoffs.shape[0], 1)), np.cumsum(payoffs, axis=1)], axis=1)


def quantal_response(values: Array, regions: int, congestion: float, precision: float) -> Array:
    """Symmetric quantal-response equilibrium of the affine game: s_k ~ exp(lambda (v_k - c ((N - 1) s_k + 1))).

    McKelvey and Palfrey (1995). ln s_k + beta s_k = lambda v_k + m with beta = lambda c (N - 1); m by bisection, each
    s_k by Newton's method on its logarithm. At lambda 0 all shares are 1/K.

    Args:
        values: (sector,) values v_k.
        regions: N.
        congestion: c >= 0.
        precision: lambda >= 0, one over the noise.
    """
    beta = precision * congestion * (regions - 1.0)
    low, high = -precision * float(values.max()) - 50.0, beta - precision * float(values.min()) + 50.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if _shares_at(precision * values + middle, beta).sum() < 1.0:
            low = middle
        else:
            high = middle
    return _shares_at(precision * values + (low + high) / 2.0, beta)


def _shares_at(level: Array, beta: float) -> Array:
    """Solve ln s + beta s = level for s, by Newton's method from below on y = ln s."""
    y = np.minimum(level, np.log(np.maximum(level, 1.0) / max(beta, 1e-12)) if beta > 0 else level)
    for _ in range(60):
        weight = beta * np.exp(y)
        y = y - (y + weight - level) / (1.0 + weight)
    return np.exp(y)


def count_distribution(payoffs: Array, regions: int, precision: float) -> Array:
    """Stationary distribution of each sector's count under one-at-a-time logit revision, exactly: (sector, N + 1).

    The Gibbs measure P(n) ~ N! / prod n_k! exp(lambda potential(n)) (Blume 1993), summed by convolution over sectors.
    Each reviser sees the others' present counts plus itself.
    """
    logs = precision * _potentials(payoffs)[:, : regions + 1] - _log_factorials(regions)
    sectors = logs.shape[0]
    result = np.zeros((sectors, regions + 1))
    for k in range(sectors):
        others = np.full(regions + 1, -np.inf)
        others[0] = 0.0
        for j in range(sectors):
            if j != k:
                others = _log_convolution(others, logs[j])
        joint = logs[k] + others[::-1]
        weight = np.exp(joint - joint.max())
        result[k] = weight / weight.sum()
    return result


def mean_counts(payoffs: Array, regions: int, precision: float) -> Array:
    """Stationary mean counts under one-at-a-time logit revision."""
    return np.asarray((count_distribution(payoffs, regions, precision) * np.arange(regions + 1.0)).sum(axis=1))


def mean_welfare(payoffs: Array, regions: int, precision: float) -> float:
    """Stationary mean of total payoff under one-at-a-time logit revision."""
    totals = payoffs[:, :regions] * np.arange(1.0, regions + 1.0)
    return float((count_distribution(payoffs, regions, precision)[:, 1:] * totals).sum())


def _log_factorials(most: int) -> Array:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1.0, most + 1.0)))])


def _log_convolution(one: Array, other: Array) -> Array:
    """ln sum_i exp(one_i + other_{n-i}) for n up to the length; entries of minus infinity stand for zero."""
    result = np.empty_like(one)
    for n in range(one.size):
        terms = one[: n + 1] + other[n::-1]
        top = terms.max()
        result[n] = top if np.isneginf(top) else top + np.log(np.exp(terms - top).sum())
    return result
