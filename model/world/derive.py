"""What is worked out from statistics: size, fit, breadth, tiers, neighbours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.draws import Draws, Stream

FIT_WEIGHT, FIT_LIMIT, HALF = 0.4, 1.5, 0.5
EARLY_SHARE = 4.0 / 31.0


def shares(values: Array) -> Array:
    """Each value over the sum of all; equal shares when the sum is zero."""
    total = float(values.sum())
    return values / total if total > 0.0 else np.full(values.shape, 1.0 / values.size)


def region_size(rd: Array, revenue: Array, patents: Array) -> Array:
    """Mean of the national shares of R&D, high-tech revenue and invention patents in force, (R,); sums to 1."""
    return (shares(rd) + shares(revenue) + shares(patents)) / 3.0


def region_fit(size: Array, science: Array, revenue: Array, frontier: Array) -> Array:
    """Part of the log fit that statistics explain, (R, K).

    A frontier sector suits a region with much basic and applied research for its size, any other sector one with much
    high-tech revenue for its size: 0.4 clip(ln(share / size), -1.5, 1.5). No statistics (share or size zero): 0.
    """
    by_kind = [_log_ratio(shares(science), size), _log_ratio(shares(revenue), size)]
    return FIT_WEIGHT * np.where(frontier > 0.0, by_kind[0][:, None], by_kind[1][:, None])


def capability_fit(counts: Array, size: Array) -> Array:
    """Part of the log fit that counts of a sector explain, (R, K).

    0.4 x mean over indicators of ln((count + 1/2) / (expected + 1/2)), the logarithm clipped to +-1.5; expected is the
    sector's national count times the region's size. Half a unit on both sides: where less than one is to be expected,
    having none says next to nothing (with the half on the count alone, the smallest regions would suit every sector
    best).

    Args:
        counts: Of each indicator, in its own unit, (indicator, R, K).
        size: Share of the nation, (R,).
    """
    expected = counts.sum(axis=1, keepdims=True) * size[None, :, None]
    ratio = np.log((counts + HALF) / (expected + HALF))
    return FIT_WEIGHT * np.asarray(np.clip(ratio, -FIT_LIMIT, FIT_LIMIT).mean(axis=0))


def _log_ratio(share: Array, size: Array) -> Array:
    known = (share > 0.0) & (size > 0.0)
    ratio = np.where(known, share, 1.0) / np.where(known, size, 1.0)
    return np.asarray(np.clip(np.log(ratio), -FIT_LIMIT, FIT_LIMIT))


def same_tier(rd: Array) -> Array:
    """Weights of the other regions of the same R&D tercile, largest third first, (R, R); rows sum to 1 or 0."""
    order = np.argsort(-rd, kind="stable")
    tier = np.empty(rd.size, dtype=np.int64)
    tier[order] = np.arange(rd.size) * 3 // rd.size
    return row_shares((tier[:, None] == tier[None, :]).astype(np.float64))


def row_shares(weights: Array) -> Array:
    """Weights without the diagonal, each row over its sum; a row of zeros stays zero."""
    free = weights.copy()
    np.fill_diagonal(free, 0.0)
    total = free.sum(axis=1, keepdims=True)
    return np.asarray(free / np.where(total > 0.0, total, 1.0))


def linked(codes: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Array:
    """Symmetric links between named things as row shares; pairs that name another thing are left out."""
    place = {code: position for position, code in enumerate(codes)}
    weights = np.zeros((len(codes), len(codes)))
    for a, b in pairs:
        if a in place and b in place:
            weights[place[a], place[b]] = weights[place[b], place[a]] = 1.0
    return row_shares(weights)


def drawn_adopters(region_ids: NDArray[np.int64], size: Array, known: Array, wanted: int) -> Array:
    """Adopters at the start where only some are known: the known ones, the rest drawn by size, (R,).

    The draws are addressed by region id with seed 0, so they are part of the world and the same in every replicate
    (key u^(1/size), largest first: sampling without replacement in proportion to size).
    """
    draws = Draws(seed=0, replicates=np.zeros(1, np.int64), region_ids=region_ids, sector_ids=np.ones(1, np.int64))
    uniform = draws.uniform(Stream.ADOPTERS, over="r")[0]
    key = np.where(known > 0.0, -1e300, np.log(uniform) / np.maximum(size, 1e-12))
    adopted = known.copy()
    more = max(0, wanted - int(known.sum()))
    adopted[np.argsort(-key, kind="stable")[:more]] = 1.0
    return adopted
