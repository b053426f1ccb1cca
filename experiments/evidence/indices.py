"""Tables of a sensitivity analysis: Sobol indices by the emulator, luck set apart; screening after Morris."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.designs.sweep_points import Axis, Point, unit_points
from qipan.experiments.evidence.emulator import Emulator, fitted
from qipan.experiments.evidence.sobol import Shares, shares
from qipan.experiments.evidence.surface import Surface
from qipan.experiments.evidence.varied import places_of, point_at
from qipan.experiments.statistics.paired import Array
from qipan.experiments.statistics.resampling import counts_in_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

RESAMPLES = 200
BASE_POINTS = 2**11
EFFECT, SPREAD = "effect", "spread"
"""What indices are of: the mean effect; the logarithm of the variance between replicates."""
SEED = 1
SPARE = 16
"""Bases of a screening that are drawn for each that is wanted, since some are no scenario."""


def indices_table(surface: Surface) -> pd.DataFrame:
    """Table `indices`: first and total share of each assumption with 95% intervals, largest total first.

    The intervals resample replicates inside each half; the emulator's own error is not in them but told by its quality.
    """
    import pandas as pd

    half = surface.effects.shape[1] // 2
    halves = surface.effects[: surface.seen, :half], surface.effects[: surface.seen, half : 2 * half]
    means = tuple(values.mean(axis=1) for values in halves)
    spread = tuple(_log_variance(values) for values in halves)
    resampled = [_resampled(values) for values in halves]
    noise = np.full(surface.seen, 2.0 / max(2 * half - 1, 1))
    frames = [_frame(EFFECT, surface, surface.emulator, means, (resampled[0][0], resampled[1][0]))]
    if all(np.isfinite(values).all() and values.std() > 0.0 for values in spread):
        of_spread = fitted(surface.places[: surface.seen], 0.5 * (spread[0] + spread[1]), noise)
        frames.append(_frame(SPREAD, surface, of_spread, spread, (resampled[0][1], resampled[1][1])))
    return pd.concat(frames, ignore_index=True)


def _frame(
    outcome: str, surface: Surface, emulator: Emulator, found: tuple[Array, ...], resampled: tuple[Array, Array]
) -> pd.DataFrame:
    """The indices of one outcome: as they are, and their spread over resamples."""
    import pandas as pd

    columns = [np.column_stack([values, *again.T]) for values, again in zip(found, resampled, strict=True)]
    known: Shares = shares(_through(emulator, columns), len(surface.axes), BASE_POINTS)
    low, high = (
        {name: np.nanquantile(getattr(known, name)[:, 1:], q, axis=1) for name in ("first", "total")}
        for q in (0.025, 0.975)
    )
    frame = pd.DataFrame(
        {
            "outcome": outcome,
            "parameter": [axis.key for axis in surface.axes],
            "first": known.first[:, 0],
            "first_low": low["first"],
            "first_high": high["first"],
            "total": known.total[:, 0],
            "total_low": low["total"],
            "total_high": high["total"],
            "length": emulator.lengths,
        }
    )
    return frame.sort_values("total", ascending=False, ignore_index=True)


def _through(emulator: Emulator, columns: list[Array]) -> object:
    """Effects of both halves at places, by the linear map of the emulator: (m, 1 + B) each."""

    def halves(places: Array) -> tuple[Array, Array]:
        smoother = emulator.smoother(places)
        return smoother @ columns[0], smoother @ columns[1]

    return halves


def _log_variance(effects: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(effects.var(axis=1, ddof=1)))


def _resampled(effects: Array) -> tuple[Array, Array]:
    """Means and logarithms of variances of resamples of the replicates, (N, B) each."""
    n = effects.shape[1]
    means, logs = [], []
    for counts in counts_in_blocks(n, RESAMPLES, SEED):
        mean = effects @ counts.T / n
        square = effects**2 @ counts.T / n
        means.append(mean)
        logs.append(np.log(np.maximum((square - mean**2) * n / (n - 1), 1e-300)))
    return np.concatenate(means, axis=1), np.concatenate(logs, axis=1)


def variance_table(surface: Surface) -> pd.DataFrame:
    """Table `variance`: what the effect in a single future varies with: the assumptions, or luck.

    The variance of one replicate's effect over prior and replicates is that of its mean over the prior (from two
    halves, so without noise) and the mean of the variance between replicates.
    """
    import pandas as pd

    half = surface.effects.shape[1] // 2
    one, other = (
        values.mean(axis=1)
        for values in (surface.effects[: surface.seen, :half], surface.effects[: surface.seen, half : 2 * half])
    )
    inputs = max(float(np.cov(one, other)[0, 1]), 0.0)
    luck = float(surface.luck.mean())
    whole = inputs + luck
    rows = [("inputs", inputs, inputs / whole if whole else 0.0), ("luck", luck, luck / whole if whole else 0.0)]
    return pd.DataFrame(rows, columns=["part", "variance", "share"])


def radial_points(axes: Sequence[Axis], bases: int, seed: int, sound: Callable[[Point], bool]) -> list[Point]:
    """Points of a screening (Campolongo, Saltelli, Cariboni 2011): bases, each followed by one step along every axis.

    A step goes to the value of another point of the same Sobol sequence, so each base has D + 1 points. A base that is
    not sound is passed over; a step that would not be is not taken.
    """
    found: list[Point] = []
    for row in unit_points("sobol", SPARE * bases, 2 * len(axes), seed):
        here, there = row[: len(axes)], row[len(axes) :]
        base = point_at(axes, here)
        if len(found) == bases * (len(axes) + 1) or not sound(base):
            continue
        found.append(base)
        for place in range(len(axes)):
            moved = here.copy()
            moved[place] = there[place]
            step = point_at(axes, moved)
            found.append(step if sound(step) else base)
    return found


def screening_table(axes: Sequence[Axis], points: Sequence[Point], effects: Array) -> pd.DataFrame:
    """Table `screening`: elementary effects over the whole range of each axis, largest strength first.

    mean: of the elementary effects; absolute: of their sizes, which noise makes too large; spread: their standard
    deviation; strength: root of the mean product of the two halves of the replicates, free of that noise (0 where the
    product is not above zero).

    Args:
        axes: What was varied.
        points: As `radial_points` gives them.
        effects: Policy less baseline at each, (P, R).
    """
    import pandas as pd

    places = places_of(axes, points)
    bases = len(points) // (len(axes) + 1)
    half = effects.shape[1] // 2
    values = np.stack([effects.mean(axis=1), effects[:, :half].mean(axis=1), effects[:, half : 2 * half].mean(axis=1)])
    rows = []
    for place, axis in enumerate(axes):
        start = np.arange(bases) * (len(axes) + 1)
        step = places[start + 1 + place, place] - places[start, place]
        moved = step != 0.0
        change = (values[:, start + 1 + place] - values[:, start])[:, moved] / step[moved]
        whole, one, other = change if moved.any() else np.zeros((3, 1))
        strength = float(np.sqrt(max((one * other).mean(), 0.0)))
        spread = float(whole.std(ddof=1)) if len(whole) > 1 else 0.0
        rows.append((axis.key, float(whole.mean()), float(np.abs(whole).mean()), spread, strength, int(moved.sum())))
    columns = ["parameter", "mean", "absolute", "spread", "strength", "steps"]
    return pd.DataFrame(rows, columns=columns).sort_values("strength", ascending=False, ignore_index=True)
