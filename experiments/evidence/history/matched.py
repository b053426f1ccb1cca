"""Tables of a calibration: its waves, what each pattern ruled out, and worlds that are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.designs.sweep_points import Axis
from qipan.experiments.evidence.history.matching import CUT, Mask, Matching, largest, share_left
from qipan.experiments.evidence.varied import point_at, sampled

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.evidence.history.patterns import Pattern
    from qipan.experiments.statistics.paired import Array

SEED = 11
WORLDS = 100
"""Worlds that are kept of those left, the first of the sequence."""


def waves_table(matching: Matching) -> pd.DataFrame:
    """Table `waves`: the share of the prior left after each, with its interval, and how good the emulators were.

    second: the same share by the second largest implausibility; used: patterns whose emulator could rule out.
    """
    import pandas as pd

    rows = []
    for number, wave in enumerate(matching.waves, 1):
        quality = [wave.quality[name] for name in matching.ruling(wave)]
        left = share_left(wave.left)
        q2, coverage = (min((getattr(each, key) for each in quality), default=np.nan) for key in ("q2", "coverage"))
        rows.append((number, wave.points, *left, float(wave.second.mean()), q2, coverage, len(quality)))
    columns = ["wave", "points", "left", "low", "high", "second", "q2", "coverage", "used"]
    return pd.DataFrame(rows, columns=columns)


def patterns_table(matching: Matching, patterns: Mapping[str, Pattern]) -> pd.DataFrame:
    """Table `patterns`: each fact, what the worlds left have, the share of the prior it rules out by itself, and its
    least implausibility anywhere in the prior (3 or more: nothing in the prior fits it).

    low, median, high: predicted means over the worlds left (over all where none is), 5% to 95%. fits: share of those
    worlds that it does not rule out. emulated: whether its emulator was good enough in the last wave.
    """
    import pandas as pd

    wave, rows = matching.waves[-1], []
    left = matching.candidates[matching.left] if matching.left.any() else matching.candidates
    for fact in matching.facts:
        pattern, good = patterns[fact.name], wave.quality[fact.name].good
        first = next((each for each in matching.waves if each.quality[fact.name].good), None)
        whole = inside = np.full(1, np.nan)
        low = median = high = np.nan
        if first is not None:
            whole = matching.implausible(first, matching.candidates, [fact.name])[0]
        if good:
            inside = matching.implausible(wave, left, [fact.name])[0]
            low, median, high = np.quantile(wave.emulators[fact.name].mean(left), [0.05, 0.5, 0.95])
        rows.append(
            {
                "pattern": fact.name,
                "measure": pattern.measure,
                "year": str(pattern.year),
                "value": pattern.value,
                "observation_sd": pattern.observation_sd,
                "discrepancy_sd": pattern.discrepancy_sd,
                "held_out": pattern.held_out,
                "emulated": good,
                "ruled_out": share_of(whole >= CUT, whole),
                "least": float(whole.min()),
                "low": low,
                "median": median,
                "high": high,
                "fits": share_of(inside < CUT, inside),
                "q2": wave.quality[fact.name].q2,
                "coverage": wave.quality[fact.name].coverage,
                "source": pattern.source,
            }
        )
    return pd.DataFrame(rows)


def share_of(mask: Mask, values: Array) -> float:
    """Share of places where something holds; NaN where there are no values."""
    return float(mask.mean()) if np.isfinite(values).all() else float("nan")


def worlds_table(matching: Matching, axes: Sequence[Axis], untouched: Sequence[Axis] = ()) -> pd.DataFrame:
    """Table `worlds`: values of up to 100 worlds that are left, and the largest implausibility of each.

    Assumptions that are untouched by any fact have values of their priors.
    """
    import pandas as pd

    wave = matching.waves[-1]
    places = matching.candidates[matching.left][:WORLDS]
    frame = pd.DataFrame({"world": np.arange(len(places))})
    points = [point_at(axes, place) for place in places]
    for axis in axes:
        frame[axis.key] = [point[axis.key] for point in points]
    drawn = sampled(untouched, len(places), SEED)[0] if untouched and len(places) else []
    for axis in untouched:
        frame[axis.key] = [point[axis.key] for point in drawn]
    worst = largest(matching.implausible(wave, places, matching.ruling(wave))) if len(places) else np.zeros(0)
    frame["implausibility"] = np.broadcast_to(worst, (len(places),))
    return frame
