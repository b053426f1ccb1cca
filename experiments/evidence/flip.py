"""The nearest change of assumptions at which a verdict reverses: looked for on the emulator, measured by exact runs.

Distances are in prior standard deviations: the root of the summed squares of (value less value in use) over the
standard deviation of each assumption's prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.designs.sweep_points import Axis, Point, unit_points
from qipan.experiments.evidence.emulator import Emulator
from qipan.experiments.evidence.surface import standard_errors
from qipan.experiments.evidence.varied import point_at, prior_sd
from qipan.experiments.statistics.paired import Array, normal_quantile

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT = 2**13
"""Places of the prior among which reversals are looked for."""
STARTS = 12
"""Nearest of them from which the way back is shortened."""
STEPS = (0.0, 0.5, 0.75, 0.9, 0.97, 1.03, 1.1, 1.25, 1.5)
"""Exact runs stand at these multiples of the change found, as far as the ranges reach."""
ALONG = 201
"""Places looked at along one axis."""


@dataclass(frozen=True, eq=False)
class Reversal:
    """A place where the verdict reverses by the emulator: in the unit cube, (D,), and how far it lies."""

    place: Array
    distance: float


def sds_of(axes: Sequence[Axis]) -> Array:
    """Prior standard deviation of each axis as a part of its range, (D,)."""
    return np.array([prior_sd(axis) / (axis.high - axis.low) for axis in axes])


def nearest_reversal(emulator: Emulator, start: Array, sds: Array) -> Reversal | None:
    """The nearest place at which the mean effect has the other sign; None where no place of the ranges has it.

    Args:
        emulator: Of the effect.
        start: The values in use, in the unit cube, (D,).
        sds: As `sds_of` gives them.
    """
    sign = 1.0 if float(emulator.mean(start[None])[0]) >= 0.0 else -1.0
    places = np.vstack([unit_points("sobol", LOOKED_AT, len(start), 1), corners(len(start))])
    other = places[sign * emulator.mean(places) < 0.0]
    if not len(other):
        return None
    far = np.sqrt((((other - start) / sds) ** 2).sum(axis=1))
    best: Reversal | None = None
    for place in other[np.argsort(far)[:STARTS]]:
        found = _shortened(emulator, start, sds, _crossing(emulator, start, place, sign))
        if best is None or found.distance < best.distance:
            best = found
    return best


def corners(dimensions: int) -> Array:
    """Corners of the unit cube, all of them up to ten dimensions: a reversal may lie only there."""
    if dimensions > 10:
        return np.zeros((0, dimensions))
    return np.array(np.meshgrid(*[[0.0, 1.0]] * dimensions)).reshape(dimensions, -1).T


def _crossing(emulator: Emulator, start: Array, place: Array, sign: float) -> Array:
    """The place between two at which the mean effect is zero, by halving."""
    near, far = 0.0, 1.0
    for _ in range(40):
        middle = 0.5 * (near + far)
        at = float(emulator.mean((start + middle * (place - start))[None])[0])
        near, far = (middle, far) if sign * at >= 0.0 else (near, middle)
    return np.asarray(start + far * (place - start))


def _shortened(emulator: Emulator, start: Array, sds: Array, place: Array) -> Reversal:
    """The nearest place of a zero effect around one that is there."""
    from scipy.optimize import minimize

    def distance(at: Array) -> float:
        return float((((at - start) / sds) ** 2).sum())

    found = minimize(
        distance,
        place,
        jac=lambda at: 2.0 * (at - start) / sds**2,
        bounds=[(0.0, 1.0)] * len(start),
        constraints=[{"type": "eq", "fun": lambda at: float(emulator.mean(at[None])[0]) / emulator.scale}],
        method="SLSQP",
        options={"maxiter": 100, "ftol": 1e-9},
    )
    sound = abs(float(emulator.mean(found.x[None])[0])) < 1e-3 * emulator.scale
    at = np.clip(found.x, 0.0, 1.0) if sound and distance(found.x) < distance(place) else place
    return Reversal(np.asarray(at), float(np.sqrt(distance(np.asarray(at)))))


def alone_table(emulator: Emulator, axes: Sequence[Axis], start: Array) -> pd.DataFrame:
    """Table `alone`: the value nearest to the one in use at which each assumption by itself reverses the mean effect.

    value and distance are NaN where none does.
    """
    import pandas as pd

    sign = 1.0 if float(emulator.mean(start[None])[0]) >= 0.0 else -1.0
    rows = []
    for place, (axis, sd) in enumerate(zip(axes, sds_of(axes), strict=True)):
        along = np.repeat(start[None], ALONG, axis=0)
        along[:, place] = np.linspace(0.0, 1.0, ALONG)
        turned = along[sign * emulator.mean(along) < 0.0]
        value = distance = float("nan")
        if len(turned):
            near = turned[np.argmin(np.abs(turned[:, place] - start[place]))]
            at = _crossing(emulator, start, near, sign)[place]
            value, distance = axis.low + at * (axis.high - axis.low), abs(at - start[place]) / sd
        rows.append((axis.key, axis.low + start[place] * (axis.high - axis.low), value, distance))
    return pd.DataFrame(rows, columns=["parameter", "used", "value", "distance"])


def ray(axes: Sequence[Axis], start: Array, found: Reversal) -> tuple[list[Point], Array]:
    """Where exact runs stand: points on the way to a reversal and beyond, and their multiples of the change."""
    change = found.place - start
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(change > 0.0, (1.0 - start) / change, np.where(change < 0.0, -start / change, np.inf))
    steps = sorted({min(step, float(room.min())) for step in STEPS})
    return [point_at(axes, start + step * change) for step in steps], np.array(steps)


def exact_table(steps: Array, effects: Array, distance: float) -> pd.DataFrame:
    """Table `exact`: the effect by exact runs at each step of the way, with its 95% interval (luck)."""
    import pandas as pd

    mean, half = effects.mean(axis=1), normal_quantile() * standard_errors(effects)
    return pd.DataFrame(
        {"step": steps, "distance": steps * distance, "mean": mean, "low": mean - half, "high": mean + half}
    )


def measured_reversal(table: pd.DataFrame) -> tuple[float, float, float]:
    """Step at which the mean effect of exact runs is zero, and those at which the ends of its interval are.

    NaN for the step where the exact runs do not reverse on the way; an end that is not reached is that of the way.
    """
    steps = table["step"].to_numpy()
    sign = 1.0 if table["mean"].iloc[0] >= 0.0 else -1.0
    first, last = float(steps[0]), float(steps[-1])
    middle = zero_of(steps, sign * table["mean"].to_numpy())
    ends = [zero_of(steps, sign * table[end].to_numpy()) for end in ("low", "high")]
    early, late = min(ends, key=_order), max(ends, key=_order)
    return middle, first if np.isnan(early) else early, last if np.isnan(late) else late


def _order(value: float) -> float:
    return np.inf if np.isnan(value) else value


def zero_of(steps: Array, values: Array) -> float:
    """Where values that begin above zero first reach it, by monotone cubics between steps; NaN where they do not.

    Example:
        >>> zero_of(np.array([0.0, 2.0]), np.array([1.0, -1.0]))
        1.0
    """
    from scipy.interpolate import PchipInterpolator
    from scipy.optimize import brentq

    below = np.flatnonzero(values <= 0.0)
    if not len(below):
        return float("nan")
    if below[0] == 0:
        return float(steps[0])
    curve = PchipInterpolator(steps, values)
    return float(brentq(curve, steps[below[0] - 1], steps[below[0]]))
