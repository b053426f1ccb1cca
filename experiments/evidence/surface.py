"""The surface of a paired effect: what was run at the points of a study, and the emulator on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.designs.assumptions import value_at
from qipan.experiments.designs.sweep_points import Axis, Point
from qipan.experiments.evidence.emulator import Emulator, Quality, fitted
from qipan.experiments.evidence.varied import places_of
from qipan.experiments.statistics.paired import Array

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.results.study import Study
    from qipan.experiments.summaries.rows import Part
    from qipan.model.scenario import Scenario

BASE, ARM = "base", "arm"


@dataclass(frozen=True, eq=False)
class Surface:
    """Effects at points of the prior.

    Args:
        axes: What is varied.
        points: Values by key; the last `fresh` of them are not seen by the emulator.
        places: The same in the unit cube, (P, D).
        effects: Policy less baseline, (P, R), the same replicates at every point.
        fresh: Points kept for the check.
    """

    axes: tuple[Axis, ...]
    points: Sequence[Point]
    places: Array
    effects: Array
    fresh: int

    @property
    def seen(self) -> int:
        """Points that the emulator is fitted to."""
        return len(self.points) - self.fresh

    @cached_property
    def emulator(self) -> Emulator:
        """Fitted to the means over all replicates."""
        return self._fit(self.effects)

    @cached_property
    def quality(self) -> Quality:
        """Checked on the fresh points: half of the replicates are the emulator's own draws, half are not."""
        half = self.effects.shape[1] // 2
        one, other = self.effects[:, :half], self.effects[:, half:]
        fresh = slice(self.seen, None)
        checked = self._fit(one)
        error = standard_errors(one[fresh])
        return checked.quality(self.places[fresh], one[fresh].mean(axis=1), other[fresh], error)

    def _fit(self, effects: Array) -> Emulator:
        seen = effects[: self.seen]
        return fitted(self.places[: self.seen], seen.mean(axis=1), standard_errors(seen) ** 2)

    @cached_property
    def luck(self) -> Array:
        """Variance of the effect between replicates at each point of the emulator, (N,)."""
        return np.asarray(self.effects[: self.seen].var(axis=1, ddof=1))


def read_back(study: Study) -> Surface:
    """The surface that a stored sensitivity analysis holds."""
    axes = tuple(
        Axis(row["parameter"], float(row["least"]), float(row["most"]), bool(row["whole"]))
        for row in study.tables["axes"].to_dict("records")
    )
    points = study.tables["points"]
    named = [{axis.key: row[axis.key] for axis in axes} for row in points.to_dict("records")]
    effects = study.tables["runs"]["effect"].to_numpy().reshape(len(points), -1)
    return Surface(axes, named, places_of(axes, named), effects, int(points["fresh"].sum()))


def standard_errors(effects: Array) -> Array:
    """Standard error of each row's mean, exactly zero where the row is constant."""
    error = effects.std(axis=1, ddof=1) / np.sqrt(effects.shape[1])
    return np.where((effects == effects[:, :1]).all(axis=1), 0.0, error)


def effects_of(parts: Mapping[str, Part], cells: Mapping[tuple[int, str], str], points: int, measure: str) -> Array:
    """Policy less baseline at every point, (P, R).

    Args:
        parts: Scores by name of the scenario.
        cells: The name of the scenario of each point and of BASE and ARM.
        points: How many there are.
        measure: Of the whole run, or of a year and then told in the programme's last.
    """
    return np.stack(
        [_scores(parts[cells[p, ARM]], measure) - _scores(parts[cells[p, BASE]], measure) for p in range(points)]
    )


def _scores(part: Any, measure: str) -> Array:
    return np.asarray(part[f"total:{measure}"] if f"total:{measure}" in part else part[f"told:{measure}"], np.float64)


def points_table(surface: Surface) -> pd.DataFrame:
    """Table `points`: values by key, mean effect with its standard error, whether it was kept for the check."""
    import pandas as pd

    frame = pd.DataFrame({"point": range(len(surface.points))})
    for axis in surface.axes:
        frame[axis.key] = [point[axis.key] for point in surface.points]
    frame["mean"], frame["error"] = surface.effects.mean(axis=1), standard_errors(surface.effects)
    if surface.quality.good:
        predicted = surface.emulator.predict(surface.places)
        frame["predicted"], frame["low"], frame["high"] = predicted.mean, predicted.low, predicted.high
    frame["fresh"] = frame["point"] >= surface.seen
    return frame


def quality_table(surface: Surface, measure: str) -> pd.DataFrame:
    """Table `quality`: one row on the emulator."""
    import pandas as pd

    found = surface.quality
    row = {
        "measure": measure,
        "q2": found.q2,
        "left_out": found.left_out,
        "coverage": found.coverage,
        "shift": found.shift,
        "unshared": surface.emulator.unshared,
        "points": found.points,
        "fresh": found.fresh,
        "n": surface.effects.shape[1],
    }
    return pd.DataFrame([row])


def axes_table(axes: Sequence[Axis], policy: Scenario) -> pd.DataFrame:
    """Table `axes`: what was varied, its range, and the value in use."""
    import pandas as pd

    rows = [
        {
            "parameter": axis.key,
            "least": axis.low,
            "most": axis.high,
            "whole": axis.whole,
            "used": float(value_at(policy, axis.key)),
        }
        for axis in axes
    ]
    return pd.DataFrame(rows)
