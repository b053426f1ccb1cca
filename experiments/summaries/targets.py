"""Targets as objects: met or not, how far short, when reached, and which parts the gap comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qipan.model.parameters.market import Market
    from qipan.model.world import Target

Array = NDArray[np.float64]
VALUE_ADDED = "value_added"
"""The one flow of `Target.measured_by` that is not gross output."""
OVER = (">", "over", "more than")
ABOUT = 0.9
"""A target of "about" a value counts as met from this share of it on (our reading; "~" in the catalogue)."""


def is_met(obtained: Array, value: float, comparator: str = ">=", about: float = 1.0) -> NDArray[np.bool_]:
    """Whether each obtained value meets the target.

    Args:
        obtained: Values of the target's own indicator, any shape.
        value: What the target asks for.
        comparator: ">" and its words are strict; "<" and "<=" ask for no more; everything else asks for at least.
        about: Share of the value that satisfies a target marked "~"; 1 asks for all of it.
    """
    if comparator in OVER:
        return obtained > value
    if comparator in ("<", "<="):
        return obtained < value if comparator == "<" else obtained <= value
    return obtained >= value * (about if comparator == "~" else 1.0)


def counted(target: Target, market: Market) -> float:
    """What a yuan of the model's output counts for, in the target's own unit and scope."""
    assert target.threshold is not None, "a simulated target has a threshold"
    share = market.value_added_share if target.measured_by == VALUE_ADDED else 1.0
    return share * (market.scope if target.broad else 1.0) * (target.value / target.threshold)


def scopes() -> tuple[float, float]:
    """The narrowest and the widest scope at which hit rates are told beside the one that is set."""
    from qipan.model.scenario.table import parameter_table

    low, high = parameter_table()["world.market.scope"].plausible or (1.0, 1.0)
    return low, high


def at_scope(obtained: Array, target: Target, market: Market, scope: float) -> Array:
    """What would be obtained if broad targets counted `scope` yuan for each yuan of the model's output."""
    return obtained * (scope / market.scope) if target.broad else obtained


def shortfall(obtained: Array, value: float) -> Array:
    """Share of the target missed: max(0, 1 - obtained / value), 0 when met."""
    return np.maximum(0.0, 1.0 - obtained / value)


def first_year(path: Array, years: Array, value: float) -> Array:
    """First year in which the path (replicate, year) reaches the value; NaN where it never does."""
    reached = path >= value
    return np.where(reached.any(axis=1), years[reached.argmax(axis=1)].astype(np.float64), np.nan)


@dataclass(frozen=True, eq=False)
class Gap:
    """Where the gap between missing and meeting a target comes from.

    Args:
        parts: (part,) mean of each part where the target is met less its mean where it is missed; None when one
            of the two never happens. They sum to ``total``.
        total: The same difference of the whole.
        met: Replicates that met the target.
        missed: Replicates that missed it.
    """

    parts: Array | None
    total: float | None
    met: int
    missed: int


def gap_by_part(parts: Array, value: float, comparator: str = ">=") -> Gap:
    """Split the gap of a target over parts that add up to the indicator: sectors of output, mechanisms of money, ...

    Args:
        parts: (replicate, part) in the target's year.
        value: What the target asks for.
        comparator: As in `is_met`.
    """
    met = is_met(parts.sum(axis=1), value, comparator)
    if met.all() or not met.any():
        return Gap(None, None, int(met.sum()), int((~met).sum()))
    apart = parts[met].mean(axis=0) - parts[~met].mean(axis=0)
    return Gap(apart, float(apart.sum()), int(met.sum()), int((~met).sum()))


def variance_shares(parts: Array) -> Array:
    """Share of the indicator's variance that goes with each part: Cov(part, whole) / Var(whole); they sum to 1."""
    whole = parts.sum(axis=1)
    centred = whole - whole.mean()
    variance = float((centred * centred).mean())
    if variance == 0:
        return np.zeros(parts.shape[1])
    return np.asarray(((parts - parts.mean(axis=0)) * centred[:, None]).mean(axis=0) / variance)
