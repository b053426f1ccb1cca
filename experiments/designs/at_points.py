"""Arms at many points of parameters: scenarios that are the same run once, replicates that all arms of a point have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.designs.assumptions import idle
from qipan.experiments.designs.sweep_points import Point
from qipan.experiments.runs.failures import failures_of
from qipan.experiments.runs.gather import Gathered, left_of, numbers_of
from qipan.experiments.runs.plan import RunPlan, check_pairing
from qipan.experiments.store.parts import PartStore
from qipan.experiments.summaries.rows import Part, join_parts
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

Standing = Mapping[tuple[int, str], int]
"""Which scenario stands for each point and arm."""


Unread = Callable[["Scenario", Point, str], bool]
"""Whether an arm does not read a key at a point."""


def _idle(arm: Scenario, point: Point, key: str) -> bool:
    """Whether a key changes nothing because nobody coordinates."""
    return idle(arm, key)


def placed(
    points: Sequence[Point], arms: Sequence[Scenario], unread: Unread | None = None
) -> tuple[tuple[Scenario, ...], tuple[str, ...], dict[tuple[int, str], int]]:
    """The scenarios of all points, their names, and which of them stands for each point and arm.

    Raises:
        UserError: an arm is named twice, or a point is not a valid scenario; the first one is named.
    """
    names = [arm.name.replace("/", "-") for arm in arms]
    if len(set(names)) < len(names):
        raise UserError(Problem("sweep", "arms", "an arm is named twice", "name each once"))
    scenarios: list[Scenario] = []
    titles: list[str] = []
    places: dict[str, int] = {}
    cells: dict[tuple[int, str], int] = {}
    for number, point in enumerate(points):
        there = [at_point(arm, point, number, unread) for arm in arms]
        check_pairing(tuple(there))
        for name, scenario in zip(names, there, strict=True):
            digest = scenario.digest()
            if digest not in places:
                places[digest] = len(places)
                scenarios.append(scenario)
                titles.append(f"p{number:05d}-{name}")
            cells[number, name] = places[digest]
    return tuple(scenarios), tuple(titles), cells


def at_point(arm: Scenario, point: Point, number: int, unread: Unread | None = None) -> Scenario:
    """An arm at a point; what it does not read is left out, so that it is run once.

    Raises:
        UserError: the point is no valid scenario.
    """
    try:
        return arm.replace(**{key: value for key, value in point.items() if not (unread or _idle)(arm, point, key)})
    except UserError as error:
        said = "; ".join(f"{problem.key}: {problem.message}" for problem in error.problems)
        hint = "narrow the ranges, or reject such points"
        raise UserError(Problem("sweep", "parameters", f"point {number} of {arm.name}: {said}", hint)) from None


def gather_each(plan: RunPlan, store: PartStore) -> Gathered:
    """Join the parts of each arm by itself: a replicate that fails at one point is kept at the others."""
    pieces: list[list[Part]] = [[] for _ in plan.arms]
    failures = []
    left: dict[str, None] = {}
    for task in plan.tasks():
        if store.path(task.key).exists():
            part = store.read(task.key)
            failures += failures_of(part)
            left |= dict.fromkeys(left_of(part))
            if "replicates" in part:
                pieces[task.arm].append(numbers_of(part))
    joined = tuple(join_parts(parts) if parts else {} for parts in pieces)
    replicates = max((part.get("replicates", np.zeros(0, np.int64)) for part in joined), key=len)
    return Gathered(
        joined,
        tuple(len(part.get("replicates", ())) for part in joined),
        replicates,
        tuple(failures),
        plan.replicates,
        tuple(left),
    )


def paired(cells: Standing, gathered: Gathered) -> dict[tuple[int, str], Part]:
    """The part of each point and arm, rows cut to the replicates that all arms of the point have; points with fewer
    than two are left out.
    """
    found: dict[tuple[int, str], Part] = {}
    names = list(dict.fromkeys(name for _, name in cells))
    for point in sorted({point for point, _ in cells}):
        parts = [gathered.parts[cells[point, name]] for name in names]
        if not all(parts):
            continue
        common = parts[0]["replicates"]
        for part in parts[1:]:
            common = np.intersect1d(common, part["replicates"])
        if len(common) >= 2:
            for name, part in zip(names, parts, strict=True):
                rows = np.isin(part["replicates"], common)
                found[point, name] = {key: values[rows] for key, values in part.items() if len(values) == len(rows)}
    return found
