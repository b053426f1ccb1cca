"""`qipan calibrate`: waves of runs at worlds that are left, until published facts rule out little more."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.console.interrupts import keeping
from qipan.experiments.console.language import said
from qipan.experiments.console.progress import step
from qipan.experiments.designs.at_points import placed
from qipan.experiments.evidence.emulator import FRESH, require_learning
from qipan.experiments.evidence.history.matched import patterns_table, waves_table, worlds_table
from qipan.experiments.evidence.history.matching import Matching, Observed
from qipan.experiments.evidence.history.patterns import Patterns, check_codes, load_patterns, observed_of
from qipan.experiments.evidence.surface import axes_table
from qipan.experiments.evidence.varied import axes_asked, places_of, point_at
from qipan.experiments.results.study import Study, facts_of, write_study
from qipan.experiments.runs.estimate import estimate, refuse_oversized
from qipan.experiments.runs.execute import Execution
from qipan.experiments.runs.executor import chosen, named
from qipan.experiments.runs.failures import StrictStopError
from qipan.experiments.runs.gather import Gathered, gather
from qipan.experiments.runs.plan import RunPlan, with_run_settings
from qipan.experiments.runs.stage import INTERRUPTED, run_parts, say_nothing
from qipan.experiments.store.folder import holding, place_for
from qipan.experiments.store.parts import PARTS, PartStore
from qipan.experiments.store.requests import named_by, request_of
from qipan.experiments.studies.emulated.surface import lost, show
from qipan.model.errors import Problem, UserError
from qipan.model.scenario import load_scenario
from qipan.model.world import load_world

if TYPE_CHECKING:
    from qipan.experiments.designs.sweep_points import Axis
    from qipan.experiments.statistics.paired import Array
    from qipan.experiments.studies.of_arms import StudyAsked
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

FEWEST = 8
"""Points of a wave, beside the fresh ones, below which the worlds left are too few to go on."""


def calibrate(name: str, asked: StudyAsked) -> int:
    """Rule out worlds by the patterns of a file; returns the exit status.

    Raises:
        UserError: the file, a setting or the folder is not as it must be, or the work is too large.
    """
    require_learning()
    patterns, path = load_patterns(name)
    scenario = _scenario(patterns, asked)
    world = load_world(scenario.world)
    check_codes(patterns, world, path)
    axes = axes_asked(patterns.vary, (scenario, scenario))
    untouched = axes_asked(patterns.untouched, (scenario, scenario)) if patterns.untouched else ()
    plan, request = _planned(patterns, path, scenario, world, axes, asked)
    manner = asked.manner
    cost = estimate(
        arms=2 * (patterns.points + FRESH),
        replicates=scenario.run.replicates,
        regions=len(world.region_codes),
        sectors=len(world.sector_codes),
        years=scenario.run.last_year - scenario.run.first_year + 1,
        workers=manner.workers,
        executor=plan.executor,
        keep="observed",
        drawn=not manner.no_report,
    )
    if asked.dry_run:
        lines = [*cost.lines(), f"result      {plan.folder}", "waves       2 of them, more where needed"]
        print("\n".join(map(said, lines)))
        return 0
    refuse_oversized(cost, plan.folder)
    going_on = f"the parts stored in {plan.folder} are kept; the same command goes on from there"
    with holding(plan.folder, request, manner.force), keeping(going_on):
        return _waves(patterns, axes, untouched, scenario, world, plan, asked)


def _scenario(patterns: Patterns, asked: StudyAsked) -> Scenario:
    """What is run: the file's scenario to the last year of a pattern, settings of the command line on top."""
    last = max(pattern.year for pattern in patterns.patterns.values())
    count = patterns.replicates if asked.replicates is None else asked.replicates
    settings = with_run_settings((f"run.last_year={last}", *asked.settings), count, asked.seed)
    scenario = load_scenario(patterns.scenario, settings)
    if scenario.run.last_year < last or scenario.run.replicates < FEWEST:
        told = f"needs the years to {last} and {FEWEST} replicates or more"
        raise UserError(Problem("command line", "--set", f"the calibration {told}", "change the setting"))
    return scenario


def _planned(
    patterns: Patterns, path: Path, scenario: Scenario, world: World, axes: tuple[Axis, ...], asked: StudyAsked
) -> tuple[RunPlan, dict[str, Any]]:
    """The plan without its arms, which the waves bring, and the request."""
    manner = asked.manner
    told = {"patterns": path.stem, "set": list(asked.settings), **named(asked.executor)}
    executor = chosen(asked.executor, scenario, world, patterns.points, scenario.run.replicates)
    plan = RunPlan("", Path(), (scenario,), ("used",), tuple(sorted(world.files.items())), told, "observed")
    request = request_of(
        "calibration",
        {scenario.name: scenario},
        world.files,
        settings=list(asked.settings),
        patterns=patterns.model_dump(exclude={"title", "title_zh", "question", "question_zh"}),
        axes=[[axis.key, axis.low, axis.high] for axis in axes],
        executor=asked.executor,
    )
    usual = scenario.replace(
        **{"run.replicates": patterns.replicates, "run.seed": load_scenario(patterns.scenario).run.seed}
    )
    called = named_by(f"calibration-{path.stem}", asked.settings, usual, scenario)
    files = 3 * (patterns.points + FRESH) + 100
    place = place_for(asked.folder, called, request, force=manner.force, files=files, quiet=manner.quiet)
    return replace(plan, name=place.absolute().name, folder=place, executor=executor), request


def _waves(
    patterns: Patterns,
    axes: tuple[Axis, ...],
    untouched: tuple[Axis, ...],
    scenario: Scenario,
    world: World,
    plan: RunPlan,
    asked: StudyAsked,
) -> int:
    """Run waves, write the tables, show them; returns the exit status."""
    manner, store = asked.manner, PartStore(plan.folder / PARTS)
    facts = [Observed.of(name, pattern) for name, pattern in patterns.patterns.items()]
    matching, whole, execution = Matching(facts, len(axes)), plan, Execution()
    gathered: Gathered | None = None
    while not matching.done and len(places := matching.next_places(patterns.points + FRESH)) >= FEWEST + FRESH:
        points = [point_at(axes, place) for place in places]
        scenarios, titles, cells = placed(points, [scenario])
        number = len(matching.waves) + 1
        names = tuple(f"w{number}-{title}" for title in titles)
        wave = replace(plan, arms=scenarios, names=names)
        try:
            done = run_parts(wave, store, manner)
        except StrictStopError as stop:
            print(said(f"stopped (--strict): {stop}; qipan replay {stop.failure.identifier}"), file=sys.stderr)
            return 1
        if done.interrupted:
            told = f"interrupted in wave {number}; the same command goes on in {plan.folder}"
            print(said(told), file=sys.stderr)
            return INTERRUPTED
        with step("ruling out", quiet=manner.quiet):
            gathered = gather(wave, store)
            if len(gathered.replicates) < FEWEST:
                return say_nothing(wave, done)
            rows = [cells[place, scenario.name.replace("/", "-")] for place in range(len(points))]
            matching.add(places_of(axes, points), _values(patterns, world, scenario, gathered, rows), FRESH)
        first = number == 1
        whole = replace(
            wave, arms=scenarios if first else whole.arms + scenarios, names=names if first else whole.names + names
        )
        execution.seconds |= {len(execution.seconds) + place: each for place, each in done.seconds.items()}
    if gathered is None:
        raise UserError(Problem("calibrate", "points", "there is no point to run", "give more points"))
    tables = {
        "waves": waves_table(matching),
        "patterns": patterns_table(matching, patterns.patterns),
        "worlds": worlds_table(matching, axes, untouched),
        "axes": axes_table((*axes, *untouched), scenario),
    }
    told = {
        "title": patterns.title,
        "title_zh": patterns.title_zh,
        "question": patterns.question,
        "question_zh": patterns.question_zh,
        "seed": scenario.run.seed,
        "year": scenario.run.last_year,
        "arms_run": [scenario.name],
        "untouched": [axis.key for axis in untouched],
        "replicates_used": len(gathered.replicates),
    }
    study = Study("calibration", plan.name, tables, told, lost(gathered))
    study = replace(study, facts=facts_of(study, whole, world, gathered))
    write_study(study, whole, world, gathered, execution)
    with keeping(f"the tables in {plan.folder} are complete; the same command draws the figures"):
        partial(show, asked=asked, scenario=scenario)(study, whole)
    return 0


def _values(
    patterns: Patterns, world: World, scenario: Scenario, gathered: Gathered, rows: list[int]
) -> dict[str, Array]:
    """What the model has against each pattern at each point, (P, R)."""
    first = scenario.run.first_year
    return {
        name: np.stack([observed_of(gathered.parts[row], pattern, world, first) for row in rows])
        for name, pattern in patterns.patterns.items()
    }
