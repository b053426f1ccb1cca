"""The points of a sweep: grids, Latin hypercubes and Sobol sequences over parameters, from addressed draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from qipan.experiments.designs.sweep_file import Sweep
from qipan.experiments.statistics.paired import Array
from qipan.model.draws import Draws, Stream
from qipan.model.errors import Problem, ScenarioError
from qipan.model.parameters import Parameter
from qipan.model.scenario.table import parameter_table

Point = Mapping[str, Any]
SPARE = 8
"""How many times the wanted points are drawn at most, so that rejected ones can be passed over."""
MOST_SOBOL = 21_201
MOST_POINTS = 100_000
"""Points of a grid, as of the other methods."""
MOST_DRAWN = 2_000_000
"""Points drawn times parameters."""


@dataclass(frozen=True)
class Axis:
    """One parameter's values: a range (`low`, `high`), or a list.

    `value` maps a place in [0, 1) to a value; whole numbers and lists have equal shares.
    """

    key: str
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    values: tuple[Any, ...] = ()

    def value(self, place: float) -> Any:
        """The value at a place in [0, 1)."""
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return int(self.low) + min(int(place * (self.high - self.low + 1)), int(self.high - self.low))
        return self.low + place * (self.high - self.low)

    def steps(self, count: int) -> list[Any]:
        """Values of a grid: the list, every whole number if they are few, or `count` equal steps."""
        if self.values:
            return list(self.values)
        if self.whole and self.high - self.low < count:
            return list(range(int(self.low), int(self.high) + 1))
        numbers = np.linspace(self.low, self.high, count)
        return [round(number) for number in numbers] if self.whole else [float(number) for number in numbers]


def axes_of(sweep: Sweep) -> list[Axis]:
    """The axes of a sweep: its parameters in the order of the file, then those of the prior."""
    table = parameter_table()
    axes = [axis_of(table[key], values) for key, values in sweep.parameters.items()]
    if sweep.prior == "all":
        left_out = {*sweep.parameters, *sweep.leave_out, *sweep.set}
        axes += [
            axis_of(row, list(row.plausible))
            for key, row in table.items()
            if row.plausible and key not in left_out and not key.startswith("run.")
        ]
    return axes


def axis_of(row: Parameter, values: list[Any]) -> Axis:
    """The axis of a parameter: a range from two numbers that rise, else a list of values."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if len(values) == 2 and numbers and values[0] < values[1]:
        return Axis(row.path, float(values[0]), float(values[1]), row.whole)
    return Axis(row.path, values=tuple(float(v) if numbers and not row.whole else v for v in values))


def points_of(sweep: Sweep) -> tuple[list[Point], int]:
    """The points, and how many were passed over because the file rejects them.

    Raises:
        ScenarioError: there are too many, or so many are rejected that too few are left.
    """
    axes = axes_of(sweep)
    if sweep.method == "grid":
        every = _grid(axes, sweep)
        kept = [point for point in every if not rejected(point, sweep)]
        if not kept:
            raise ScenarioError(Problem("sweep", "reject", f"all {len(every)} points are rejected", ""))
        return kept, len(every) - len(kept)
    spare = SPARE if sweep.reject else 1
    _refuse_many(sweep.points * spare * len(axes), MOST_DRAWN, "points x parameters", "points", "lower points")
    kept, passed = [], 0
    for row in unit_points(sweep.method, sweep.points * spare, len(axes), sweep.seed):
        point = {axis.key: axis.value(float(place)) for axis, place in zip(axes, row, strict=True)}
        if not rejected(point, sweep):
            kept.append(point)
        else:
            passed += 1
        if len(kept) == sweep.points:
            return kept, passed
    raise ScenarioError(Problem("sweep", "reject", f"only {len(kept)} points are left of {sweep.points}", ""))


def _grid(axes: list[Axis], sweep: Sweep) -> list[Point]:
    """Every combination of the axes' values, counted before it is made."""
    values = [axis.steps(sweep.steps) for axis in axes]
    _refuse_many(prod(map(len, values)), MOST_POINTS, "points", "parameters", "lower steps, or sample the ranges")
    return [dict(zip([axis.key for axis in axes], point, strict=True)) for point in product(*values)]


def _refuse_many(count: int, most: int, what: str, key: str, hint: str) -> None:
    if count > most:
        raise ScenarioError(Problem("sweep", key, f"{count:,} {what}, more than {most:,}", hint))


def rejected(point: Point, sweep: Sweep) -> bool:
    """Whether the file rejects a point; a parameter that is not varied has its default, or its value under `set`."""
    if "delay_not_below_period" not in sweep.reject:
        return False
    delay, period = (_value(point, sweep, f"policy.coordination.{name}") for name in ("delay", "period"))
    return bool(delay >= period)


def _value(point: Point, sweep: Sweep, key: str) -> Any:
    return point.get(key, sweep.set.get(key, parameter_table()[key].default))


def unit_points(method: str, count: int, dimensions: int, seed: int) -> Array:
    """Points in the unit cube, (count, dimensions).

    A Sobol sequence (SciPy's, without scrambling) is shifted as a whole by one addressed draw for each dimension
    (Cranley and Patterson 1976), so more points keep the first ones. A Latin hypercube has one point in each of `count`
    equal slices of each axis, at a random place in it.
    """
    draws = Draws(seed, np.arange(max(count, 1)), np.arange(1, dimensions + 1), np.array([1]))
    if method == "sobol":
        return (_sobol(count, dimensions) + draws.uniform(Stream.VALUE, over="r")[:1]) % 1.0
    order = np.argsort(np.argsort(draws.uniform(Stream.VALUE, over="r"), axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray((order + draws.uniform(Stream.COMMON_ERROR, over="r")) / count)


def _sobol(count: int, dimensions: int) -> Array:
    from scipy.stats import qmc

    if dimensions > MOST_SOBOL:
        raise ScenarioError(Problem("sweep", "parameters", f"{dimensions} dimensions", "use latin_hypercube"))
    sequence = qmc.Sobol(dimensions, scramble=False).random_base2(max(1, int(np.ceil(np.log2(max(count, 2))))))
    return np.asarray(sequence[:count], dtype=np.float64)
