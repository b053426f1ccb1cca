"""`qipan flip`: the nearest change of assumptions at which a verdict reverses, on the emulator and by exact runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.evidence.flip import (
    alone_table,
    exact_table,
    measured_reversal,
    nearest_reversal,
    ray,
    sds_of,
)
from qipan.experiments.evidence.surface import read_back
from qipan.experiments.evidence.varied import point_at, used_place
from qipan.experiments.results.study import Study
from qipan.experiments.studies.emulated.surface import Planned, SurfaceAsked, conducted, lost, stored_surface
from qipan.experiments.words.numbers import percent
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.evidence.flip import Reversal
    from qipan.experiments.evidence.surface import Surface
    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.runs.plan import RunPlan
    from qipan.experiments.statistics.paired import Array


def flip(asked: SurfaceAsked, exact: int) -> int:
    """Find and measure the nearest reversal; returns the exit status.

    Args:
        asked: The emulator.
        exact: Replicates of the exact runs.

    Raises:
        UserError: something is not as it must be, or the emulator is not good enough to build on.
    """
    stored = stored_surface(asked)
    if isinstance(stored, int):
        return stored
    surface = read_back(stored)
    _refuse_bad(stored)
    again = replace(asked, study=replace(asked.study, replicates=exact))
    arms = again.arms()
    start = used_place(surface.axes, arms[1])
    found = nearest_reversal(surface.emulator, start, sds_of(surface.axes))
    points, steps = ([point_at(surface.axes, start)], np.zeros(1)) if found is None else ray(surface.axes, start, found)
    planned = Planned.of(arms, surface.axes, points)

    def analyse(plan: RunPlan, gathered: Gathered) -> Study:
        effects = planned.effects(plan, gathered, asked.measure)
        tables = {"quality": stored.tables["quality"], "axes": stored.tables["axes"]}
        tables |= reversal_tables(surface, start, found, steps, effects)
        facts = {**planned.facts(asked), "replicates_used": effects.shape[1]}
        return Study("flip", plan.name, tables, facts, lost(gathered))

    return conducted("flip", again, planned, analyse, emulator_replicates=surface.effects.shape[1])


def _refuse_bad(stored: Study) -> None:
    """Refuse an emulator on which nothing may be built."""
    row = stored.tables["quality"].iloc[0]
    if "indices" not in stored.tables:
        told = f"only {percent(float(row['coverage']), places=0)} of {int(row['fresh'])} fresh points are covered"
        hint = "give more --points or --replicates, or narrower ranges"
        raise UserError(Problem("flip", "emulator", f"{told}: nothing is built on such an emulator", hint))


def reversal_tables(
    surface: Surface, start: Array, found: Reversal | None, steps: Array, effects: Array
) -> dict[str, pd.DataFrame]:
    """Tables `reversal` (one row), `change` (what moves, as measured), `exact` and `alone`.

    Args:
        surface: The emulator.
        start: The values in use, in the unit cube.
        found: On the emulator; None where nothing reverses.
        steps: Where the exact runs stand, in multiples of the change found.
        effects: Of the exact runs, (S, R).
    """
    import pandas as pd

    distance = float("nan") if found is None else found.distance
    exact = exact_table(steps, effects, 0.0 if found is None else distance)
    middle, low, high = (float("nan"),) * 3 if found is None else measured_reversal(exact)
    reversal = pd.DataFrame(
        [{"predicted": distance, "distance": middle * distance, "low": low * distance, "high": high * distance}]
    )
    tables = {"reversal": reversal, "exact": exact, "alone": alone_table(surface.emulator, surface.axes, start)}
    if found is not None and np.isfinite(middle):
        rows: list[dict[str, Any]] = []
        at = start + middle * (found.place - start)
        for axis, here, there, sd in zip(surface.axes, start, at, sds_of(surface.axes), strict=True):
            wide = axis.high - axis.low
            moved = float((there - here) / sd)
            used, value = axis.low + here * wide, axis.low + there * wide
            rows.append({"parameter": axis.key, "used": used, "value": value, "moved": moved})
        order = np.argsort([-abs(row["moved"]) for row in rows])
        tables["change"] = pd.DataFrame([rows[place] for place in order])
    return tables
