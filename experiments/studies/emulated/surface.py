"""`qipan sensitivity`: an emulator of what a policy does, and what that hangs on; or a screening of assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.console.language import spoken
from qipan.experiments.console.progress import step
from qipan.experiments.designs.at_points import at_point, placed
from qipan.experiments.evidence.emulator import FRESH, require_learning
from qipan.experiments.evidence.indices import indices_table, radial_points, screening_table, variance_table
from qipan.experiments.evidence.surface import ARM, BASE, Surface, axes_table, effects_of, points_table, quality_table
from qipan.experiments.evidence.varied import axes_asked, every_axis, places_of, sampled
from qipan.experiments.results.stored import is_result, load_study
from qipan.experiments.results.study import Study
from qipan.experiments.store.ownership import from_journal, staged
from qipan.experiments.store.requests import same_request
from qipan.experiments.studies.of_arms import StudyAsked, planned_arms, run_arms
from qipan.experiments.words.warned import warned, warning
from qipan.model.errors import Problem, UserError
from qipan.model.measures import MEASURES
from qipan.model.scenario import load_scenario
from qipan.model.scenario.table import closest
from qipan.model.world import load_world

if TYPE_CHECKING:
    from qipan.experiments.designs.sweep_points import Axis, Point
    from qipan.experiments.runs.gather import Gathered
    from qipan.experiments.runs.plan import RunPlan
    from qipan.model.scenario import Scenario

LEAST_REPLICATES = 8
"""Two halves of four: fewer have no variance worth the name."""
LEAST_POINTS = 8
USUAL_POINTS, USUAL_REPLICATES, USUAL_BASES, SCREENED = 160, 128, 6, 64


@dataclass(frozen=True)
class SurfaceAsked:
    """What the command line says of an emulator.

    Args:
        study: Policy, settings, replicates and the manner.
        against: The baseline.
        vary: Axes as given, "KEY" or "KEY=LOW:HIGH"; none for the usual ones.
        measure: What the effect is on.
        points: Points that the emulator is fitted to.
    """

    study: StudyAsked
    against: str = "baseline"
    vary: tuple[str, ...] = ()
    measure: str = "welfare"
    points: int = USUAL_POINTS

    def arms(self) -> tuple[Scenario, Scenario]:
        """Baseline and policy.

        Raises:
            UserError: one cannot be used, both are one, there are too few replicates, or no such measure.
        """
        base = load_scenario(self.against, self.study.given)
        policy = load_scenario(self.study.name, self.study.given)
        problems = []
        if base.name == policy.name:
            problems.append(Problem("command line", "--against", f"{base.name} is set against itself", "name another"))
        if policy.run.replicates < LEAST_REPLICATES:
            told = f"{policy.run.replicates} replicates make no two halves"
            problems.append(Problem("command line", "run.replicates", told, f"give at least {LEAST_REPLICATES}"))
        known = [name for name, item in MEASURES.items() if item.axes[1:] in ((), ("year",))]
        if self.measure not in known:
            near = closest(self.measure, known)
            hint = f"did you mean {near}?" if near else "see qipan list measures"
            problems.append(Problem("command line", "--on", f"no measure {self.measure!r}", hint))
        if problems:
            raise UserError(problems)
        return base, policy


@dataclass(frozen=True, eq=False)
class Planned:
    """The points of a study and the scenarios that they need."""

    base: Scenario
    policy: Scenario
    axes: tuple[Axis, ...]
    points: list[Point]
    scenarios: Mapping[str, Scenario]
    cells: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, arms: tuple[Scenario, Scenario], axes: tuple[Axis, ...], points: list[Point]) -> Planned:
        """Place both arms at all points; raises UserError for a point that is no scenario."""
        scenarios, titles, cells = placed(points, arms)
        roles = dict(zip((arm.name.replace("/", "-") for arm in arms), (BASE, ARM), strict=True))
        called = {(point, roles[name]): titles[place] for (point, name), place in cells.items()}
        return cls(*arms, axes, points, dict(zip(titles, scenarios, strict=True)), called)

    def effects(self, plan: RunPlan, gathered: Gathered, measure: str) -> Any:
        """Policy less baseline at every point, (P, R)."""
        parts = dict(zip(plan.names, gathered.parts, strict=True))
        return effects_of(parts, self.cells, len(self.points), measure)

    def facts(self, asked: SurfaceAsked) -> dict[str, Any]:
        """What the manifest tells, beside what every study does."""
        return {
            "title": self.policy.title,
            "title_zh": self.policy.title_zh,
            "baseline_title": self.base.title,
            "baseline_title_zh": self.base.title_zh,
            "measure": asked.measure,
            "year": self.policy.run.last_year,
            "seed": self.policy.run.seed,
            "arms_run": [self.base.name, self.policy.name],
        }


def surface_plan(asked: SurfaceAsked) -> Planned:
    """What an emulator needs to be run: its points, and fresh ones behind them."""
    require_learning()
    if asked.points < LEAST_POINTS:
        hint = f"give at least {LEAST_POINTS}, better ten for each assumption"
        raise UserError(Problem("command line", "--points", f"{asked.points} points make no surface", hint))
    arms = asked.arms()
    axes = axes_asked(asked.vary, arms)
    points, _ = sampled(axes, asked.points + FRESH, arms[1].run.seed)
    return Planned.of(arms, axes, points)


def surface_of(planned: Planned, plan: RunPlan, gathered: Gathered, measure: str) -> Surface:
    """The surface that was run.

    Raises:
        UserError: too few replicates succeeded at all points.
    """
    effects = planned.effects(plan, gathered, measure)
    if effects.shape[1] < LEAST_REPLICATES:
        told = f"only {effects.shape[1]} replicates succeeded at every point"
        raise UserError(Problem("sensitivity", "replicates", told, "see failures.json; narrow the ranges"))
    return Surface(planned.axes, planned.points, places_of(planned.axes, planned.points), effects, FRESH)


def sensitivity(asked: SurfaceAsked, silent: bool = False) -> int:
    """What the effect of a policy hangs on, by an emulator; returns the exit status.

    Args:
        asked: What is asked for.
        silent: Store the tables and say nothing.

    Raises:
        UserError: something is not as it must be, or the work is too large.
    """
    planned = surface_plan(asked)

    def analyse(plan: RunPlan, gathered: Gathered) -> Study:
        surface = surface_of(planned, plan, gathered, asked.measure)
        tables = surface_tables(surface, planned, asked.measure)
        if surface.quality.good:
            tables |= {"indices": indices_table(surface), "variance": variance_table(surface)}
        return Study("sensitivity", plan.name, tables, planned.facts(asked), lost(gathered))

    say = (lambda study, plan: None) if silent else None
    return conducted("sensitivity", asked, planned, analyse, say)


def stored_surface(asked: SurfaceAsked) -> Study | int:
    """The sensitivity analysis of a request, run first where it is missing; or a status that ends.

    It is in its usual folder, or where another was given for what is built on it, beside that one: FOLDER-emulator.

    Raises:
        UserError: something is not as it must be, or the work is too large.
    """
    folder = asked.study.folder
    asked = replace(
        asked, study=replace(asked.study, folder=None if folder is None else f"{folder.rstrip('/')}-emulator")
    )
    planned = surface_plan(asked)
    plan, request = planned_arms("sensitivity", asked.study, planned.policy, planned.scenarios, **told(asked, planned))
    held = from_journal(plan.folder)
    if held is None or not same_request(held.request, request) or not is_result(str(plan.folder)):
        status = sensitivity(asked, silent=True)
        if status or asked.study.dry_run:
            return status
    return load_study(plan.folder)


def surface_tables(surface: Surface, planned: Planned, measure: str) -> dict[str, Any]:
    """Tables of an emulator: its axes, points and quality, and the effect of every replicate at every point."""
    import pandas as pd

    count, replicates = surface.effects.shape
    runs = {
        "point": np.repeat(np.arange(count), replicates),
        "replicate": np.tile(np.arange(replicates), count),
        "effect": surface.effects.ravel(),
    }
    return {
        "quality": quality_table(surface, measure),
        "axes": axes_table(planned.axes, planned.policy),
        "points": points_table(surface),
        "runs": pd.DataFrame(runs),
    }


def screening(asked: SurfaceAsked, bases: int) -> int:
    """Elementary effects of every assumption, by exact runs; returns the exit status.

    Raises:
        UserError: something is not as it must be, or the work is too large.
    """
    arms = asked.arms()
    axes = axes_asked(asked.vary, arms) if asked.vary else every_axis(arms)
    planned = Planned.of(arms, axes, radial_points(axes, bases, arms[1].run.seed, partial(is_sound, arms[1])))

    def analyse(plan: RunPlan, gathered: Gathered) -> Study:
        effects = planned.effects(plan, gathered, asked.measure)
        tables = {"screening": screening_table(axes, planned.points, effects)}
        facts = {**planned.facts(asked), "bases": bases, "replicates_used": effects.shape[1]}
        return Study("screening", plan.name, tables, facts, lost(gathered))

    return conducted("screening", asked, planned, analyse, bases=bases)


def is_sound(policy: Scenario, point: Point) -> bool:
    """Whether a policy at a point is a scenario."""
    try:
        at_point(policy, point, 0)
    except UserError:
        return False
    return True


def lost(gathered: Gathered) -> tuple[Any, ...]:
    """The warning that replicates failed at some point, where any did."""
    failed = len({failure.replicate for failure in gathered.failures})
    return (warning("warning_replicates_left", count=failed, s="s" * (failed != 1)),) if failed else ()


def conducted(kind: str, asked: SurfaceAsked, planned: Planned, analyse: Any, say: Any = None, **facts: object) -> int:
    """Run, analyse and show a study of a surface; returns the exit status."""
    say = say or partial(show, asked=asked.study, scenario=planned.policy)
    arms = planned.scenarios
    return run_arms(kind, asked.study, planned.policy, arms, analyse, say, **told(asked, planned, **facts))


def told(asked: SurfaceAsked, planned: Planned, **facts: object) -> dict[str, Any]:
    """Marks of the folder's name, arguments of the manifest, and what else decides what comes out."""
    return {
        "marks": marks_of(asked, **facts),
        "arguments": {"against": asked.against, "vary": list(asked.vary), "on": asked.measure, "points": asked.points},
        "measure": asked.measure,
        "axes": [[axis.key, axis.low, axis.high] for axis in planned.axes],
        "points": asked.points,
        **facts,
    }


def marks_of(asked: SurfaceAsked, **facts: object) -> list[str]:
    """What the name of the folder tells beside policy and settings, where it is not as usual."""
    found = [f"against-{asked.against}"] if asked.against != "baseline" else []
    found += [f"on-{asked.measure}"] if asked.measure != "welfare" else []
    found += [f"over-{'-'.join(text.rpartition('.')[2] for text in asked.vary)}"] if asked.vary else []
    found += [f"{asked.points}-points"] if asked.points != USUAL_POINTS and "bases" not in facts else []
    return found + ([f"{facts['bases']}-bases"] if facts.get("bases", USUAL_BASES) != USUAL_BASES else [])


def show(study: Study, plan: RunPlan, asked: StudyAsked, scenario: Scenario) -> None:
    """Print what a study of evidence says; draw the figures and write the page unless told not to."""
    from qipan.experiments.evidence.page import write_evidence
    from qipan.experiments.evidence.words import sentences

    manner = asked.manner
    if not manner.quiet:
        from rich.console import Console

        console = Console()
        console = console if console.is_terminal else Console(width=120)
        lines = [*sentences(study, spoken()), *(warned(text, spoken()) for text in study.warnings)]
        for line in lines:
            console.print(line, markup=False, highlight=False)
    if manner.no_report:
        print(plan.folder)
        return
    with step("drawing the figures", quiet=manner.quiet), staged(plan.folder) as place:
        page = write_evidence(study, place, scenario.run.seed, load_world(scenario.world), manner.language)
    print(plan.folder / page.name)
