"""What is varied: named assumptions and levers with the ranges that are plausible for them, as places of the unit cube.

The prior of a number is uniform over its range, so its standard deviation is the range over the square root of 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.designs.assumptions import assumed, idle, value_at
from qipan.experiments.designs.sweep_file import NOT_SWEPT
from qipan.experiments.designs.sweep_points import Axis, Point, axis_of, unit_points
from qipan.experiments.statistics.paired import Array
from qipan.model.errors import Problem, UserError
from qipan.model.scenario.table import allowed_text, key_hint, parameter_table, setting_path

if TYPE_CHECKING:
    from qipan.model.parameters import Parameter
    from qipan.model.scenario import Scenario

USUAL = (
    "world.market.social_surplus",
    "world.market.value_level",
    "world.market.discount",
    "world.technology.breakthrough_rate",
    "policy.coordination.relabelling",
    "policy.coordination.ecosystem_decay",
    "policy.coordination.ecosystem_rate",
)
"""What is varied unless something is named: the strongest of `qipan sensitivity --screen` on welfare of the full design
(6 bases, seed 1), without two levers, the share spent on the ecosystem and a plan's delay: with the share as well the
surface is so steep in one corner that an emulator on 96 points covered 85% of fresh points.
"""
OPTION = "--vary"
MOST = 20
"""Most axes of an emulator."""


def axes_asked(given: Sequence[str], arms: Sequence[Scenario]) -> tuple[Axis, ...]:
    """The axes named on the command line, or the usual ones that the arms read.

    Args:
        given: "KEY", "KEY=LOW:HIGH" or the last name of a key where that is enough.
        arms: The baseline and the policy.

    Raises:
        UserError: every problem: an unknown key, a range outside of what is allowed, an axis that moves nothing, ...
    """
    problems: list[Problem] = []
    axes = [_asked(text, arms, problems) for text in given or [key for key in USUAL if _read(key, arms)]]
    found = [axis for axis in axes if axis is not None]
    twice = sorted({axis.key for axis in found if sum(axis.key == other.key for other in found) > 1})
    problems += [Problem("command line", OPTION, f"{key} is named twice", "name each once") for key in twice]
    if len(axes) > MOST:
        hint = f"name at most {MOST}; qipan sensitivity --screen tells which matter"
        problems.append(Problem("command line", OPTION, f"{len(axes)} are named", hint))
    if not axes:
        hint = f"name some with {OPTION} KEY=LOW:HIGH"
        problems.append(Problem("command line", OPTION, "the scenarios read none of the usual assumptions", hint))
    if problems:
        raise UserError(problems)
    return tuple(found)


def every_axis(arms: Sequence[Scenario]) -> tuple[Axis, ...]:
    """Every assumption that has a plausible range and that an arm reads, with the coordinator's settings."""
    rows = [row for row, _ in assumed(arms[0], arms[-1])]
    return tuple(axis_of(row, list(row.plausible or ())) for row in rows if _read(row.path, arms))


def _read(key: str, arms: Sequence[Scenario]) -> bool:
    return not all(idle(arm, key) for arm in arms)


def _asked(text: str, arms: Sequence[Scenario], problems: list[Problem]) -> Axis | None:
    """One axis; what is wrong with it is noted."""
    name, _, span = text.partition("=")
    try:
        key = setting_path(name.strip(), OPTION)
    except UserError as error:
        problems += error.problems
        return None
    row = parameter_table().get(key)
    if row is None:
        problems.append(Problem("command line", key, "unknown key", key_hint(tuple(key.split(".")))))
        return None
    ends = _unfit(row, arms) or _ends(row, span)
    if not isinstance(ends, Problem):
        problem = _outside(row, ends, arms)
        if problem is None:
            return axis_of(row, list(ends))
        ends = problem
    problems.append(ends)
    return None


def _unfit(row: Parameter, arms: Sequence[Scenario]) -> Problem | None:
    """Why a parameter cannot be an axis, and what to do; None where it can."""
    number = isinstance(row.default, int | float) and not isinstance(row.default, bool)
    if not number or row.path in NOT_SWEPT or row.path.startswith("run."):
        said = "cannot be varied: it is no number, or arms could not be paired"
        return Problem("command line", row.path, said, "see qipan list parameters")
    if not _read(row.path, arms):
        said = "moves nothing: neither scenario has a coordinator"
        return Problem("command line", row.path, said, "leave it out, or name a policy that has one")
    return None


def _ends(row: Parameter, span: str) -> tuple[Any, Any] | Problem:
    """Lowest and highest value: as given, else the plausible ones."""
    if not span:
        if row.plausible is None:
            return Problem(
                "command line", row.path, "has no plausible range", f"give one: {OPTION} {row.path}=LOW:HIGH"
            )
        return row.plausible
    low, _, high = span.partition(":")
    try:
        ends = (float(low), float(high))
    except ValueError:
        return Problem("command line", row.path, f"{span!r} is no range", "two numbers, LOW:HIGH")
    least, most = row.allowed or (-np.inf, np.inf)
    if not least <= ends[0] < ends[1] <= most or (row.whole and any(end != int(end) for end in ends)):
        return Problem("command line", row.path, f"{span} is no range of it", f"allowed {allowed_text(row)}")
    return (int(ends[0]), int(ends[1])) if row.whole else ends


def _outside(row: Parameter, ends: tuple[Any, Any], arms: Sequence[Scenario]) -> Problem | None:
    """What to say where the value in use lies outside of the range; None where it lies inside."""
    used = value_at(arms[-1], row.path)
    if isinstance(used, int | float) and ends[0] <= used <= ends[1]:
        return None
    said = f"{used} is used, outside of {ends[0]:g} to {ends[1]:g}"
    return Problem("command line", row.path, said, f"give a range: {OPTION} {row.path}=LOW:HIGH")


def sampled(axes: Sequence[Axis], count: int, seed: int) -> tuple[list[Point], Array]:
    """Points of a shifted Sobol sequence, by key, and their places in the unit cube, (count, D)."""
    rows = unit_points("sobol", count, len(axes), seed)
    points: list[Point] = [
        {axis.key: axis.value(float(at)) for axis, at in zip(axes, row, strict=True)} for row in rows
    ]
    return points, places_of(axes, points)


def places_of(axes: Sequence[Axis], points: Sequence[Point]) -> Array:
    """Places of values in the unit cube, (m, D): 0 at the low end of a range, 1 at the high end."""
    return np.array([[(point[axis.key] - axis.low) / (axis.high - axis.low) for axis in axes] for point in points])


def point_at(axes: Sequence[Axis], place: Array) -> Point:
    """The values at a place of the unit cube; of whole numbers the nearest."""
    values = [axis.low + float(at) * (axis.high - axis.low) for axis, at in zip(axes, place, strict=True)]
    return {axis.key: round(value) if axis.whole else value for axis, value in zip(axes, values, strict=True)}


def used_place(axes: Sequence[Axis], scenario: Scenario) -> Array:
    """Where the values in use lie in the unit cube, (D,)."""
    return places_of(axes, [{axis.key: value_at(scenario, axis.key) for axis in axes}])[0]


def prior_sd(axis: Axis) -> float:
    """Standard deviation of the uniform prior over an axis, in its own unit."""
    wide = axis.high - axis.low
    return float(np.sqrt(((wide + 1.0) ** 2 - 1.0) / 12.0) if axis.whole else wide / np.sqrt(12.0))
