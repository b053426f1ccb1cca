"""`qipan sweep` from a file to its tables: points, arms at every point on the same draws, and what follows."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.console.language import said, spoken
from qipan.experiments.console.progress import step
from qipan.experiments.designs import sweep_tables as tables
from qipan.experiments.designs.assumptions import idle
from qipan.experiments.designs.at_points import at_point, gather_each, paired, placed
from qipan.experiments.designs.sweep_file import TEXTS, Sweep, line_of, load_sweep
from qipan.experiments.designs.sweep_points import Point, axes_of, points_of
from qipan.experiments.results.own_data import say_idle, say_own
from qipan.experiments.results.study import Study, conduct_study
from qipan.experiments.runs.estimate import Estimate, estimate, refuse_oversized
from qipan.experiments.runs.executor import chosen, named
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.stage import Manner
from qipan.experiments.statistics.drivers import drivers_table, tree_table
from qipan.experiments.store.folder import place_for
from qipan.experiments.store.ownership import staged
from qipan.experiments.store.requests import request_of
from qipan.experiments.words.labels import say
from qipan.experiments.words.warned import warned, warning
from qipan.model.ensemble import run
from qipan.model.errors import Problem, ScenarioError, UserError
from qipan.model.measures import compute
from qipan.model.scenario import load_scenario
from qipan.model.scenario.consistency import payoff_readers
from qipan.model.scenario.merging import PYTHON
from qipan.model.scenario.table import parameter_table
from qipan.model.world import load_world

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.executor import Choice
    from qipan.model.notices.notice import Notice
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

BLOCK = 32
"""Replicates in a block of a sweep: every point has its first 32 before any has its next."""
MOST_TRIED = 20
"""Parameters of sampled points that are tried one by one, to say which move nothing."""
TRIED_REPLICATES = 2
BEHAVIOUR = "world.behaviour."
PAYOFF = f"{BEHAVIOUR}payoff"
TRIED = 1000
"""Scenarios that are made, at the first points, before the size of the whole is known."""


def sweep(file: str, *, folder: str | None, dry_run: bool, manner: Manner, executor: Choice = "auto") -> int:
    """Run a sweep; returns the exit status.

    Raises:
        UserError: the file, a point or the folder is not as it must be, or the work is too large.
    """
    asked, path, arms, unread = read_sweep(file)
    points, passed = points_of(asked)
    called = f"sweep-{path.stem}"
    return run_points(asked, points, arms, called, folder, dry_run, manner, executor, passed=passed, unread=unread)


def run_points(
    asked: Sweep,
    points: list[Point],
    arms: list[Scenario],
    called: str,
    folder: str | None,
    dry_run: bool,
    manner: Manner,
    executor: Choice = "auto",
    *,
    passed: int = 0,
    unread: Sequence[str] = (),
    facts: Mapping[str, Any] = {},
    warnings: Sequence[Notice] = (),
) -> int:
    """Run arms at points, analyse and show them as a sweep; returns the exit status.

    Args:
        asked: What is kept and told of it.
        points: By key; all arms stand at each.
        arms: The first is the baseline.
        called: Default name of the result.
        folder: Of the result, None for the default.
        dry_run: Whether only to say what it takes.
        manner: How it is run and shown.
        executor: Who carries out the years.
        passed: Points that were passed over.
        unread: Keys that no arm reads.
        facts: What the manifest tells beside.
        warnings: What a reader must see.

    Raises:
        UserError: a point or the folder is not as it must be, or the work is too large.
    """
    request = request_of(
        "sweep",
        {arm.name: arm for arm in arms},
        load_world(arms[0].world).files,
        sweep=asked.model_dump(exclude=set(TEXTS)),
        **named(executor),
        **({"over": facts["over"]} if "over" in facts else {}),
    )
    place = place_for(
        folder,
        called,
        request,
        force=manner.force,
        files=len(points) * len(arms) + 150,
        quiet=manner.quiet,
    )
    tried = points[: max(1, TRIED // len(arms))]
    plan, cells = planned(asked, tried, arms, place)
    world, runs = load_world(arms[0].world), -(-len(plan.arms) * len(points) // len(tried))
    plan = replace(
        plan,
        executor=chosen(executor, arms[0], world, runs, asked.replicates),
        arguments={**plan.arguments, **named(executor)},
    )
    cost = _cost(asked, runs, arms[0], world, plan, manner)
    if dry_run:
        say_idle(plan.arms, spoken(), quiet=manner.quiet)
        for told in () if manner.quiet else _left_out(unread, arms):
            print(warned(told, spoken()), file=sys.stderr)
        lines = [f"points      {len(points)} ({passed} passed over)", *cost.lines(), f"result      {place}"]
        print("\n".join(map(said, lines)))
        return 0
    refuse_oversized(cost, place)
    if len(points) > len(tried):
        whole, cells = planned(asked, points, arms, place)
        plan = replace(whole, executor=plan.executor, arguments=plan.arguments)
    still = tried_still(asked, points[0], arms)
    say_own(world, spoken(), quiet=manner.quiet, arms=plan.arms)
    told = (*warnings, *_left_out(unread, arms))

    def analysed(gathered: Gathered) -> Study:
        found = analyse(asked, points, passed, cells, plan, gathered, still, told)
        return replace(found, facts={**found.facts, **facts})

    return conduct_study(
        plan,
        request,
        world,
        manner,
        analysed,
        lambda study: show(study, asked, plan, world, manner),
        gather_each,
    )


def read_sweep(file: str) -> tuple[Sweep, Path, list[Scenario], tuple[str, ...]]:
    """Read a file of a sweep and its arms, without running anything.

    Returns:
        The sweep without what no arm reads, its file, its arms, and the keys that no arm reads.

    Raises:
        ScenarioError: Every problem of the file, or of its arms.
    """
    asked, path = load_sweep(file)
    arms, problems = [], []
    for name in asked.arms:
        try:
            arms.append(_loaded(name, asked, path))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    unread = tuple(unread_by_all(asked, arms))
    asked = asked.model_copy(update={"leave_out": [*asked.leave_out, *unread]})
    _refuse_unread(asked, arms, path)
    return asked, path, arms, unread


def checked_lines(name: str) -> Iterator[str]:
    """Lines that say an experiment, its arms and its points are good; raises ScenarioError with every problem."""
    asked, _, arms, unread = read_sweep(name)
    points, passed = points_of(asked)
    yield f"{name}: good; {len(arms)} arms at {len(points):,} points ({passed:,} passed over)"
    if unread:
        yield f"  {say('check_unread', spoken(), keys=', '.join(unread))}"


def _loaded(name: str, asked: Sweep, path: Path) -> Scenario:
    """An arm with the settings of the file, which errors name.

    Raises:
        ScenarioError: The scenario, or a setting, cannot be used.
    """
    try:
        return load_scenario(name, _shared(asked))
    except ScenarioError as error:
        raise ScenarioError(
            replace(each, where=line_of(path, each.key, "set")) if each.where == PYTHON else each
            for each in error.problems
        ) from None


def _refuse_unread(asked: Sweep, arms: list[Scenario], path: Path) -> None:
    """Refuse a parameter that no arm reads.

    Raises:
        UserError: There is one; each is named with its line.
    """
    unread = [key for key in asked.parameters if all(idle(arm, key) for arm in arms)]
    if unread:
        hint = "leave it out, or add an arm that has a coordinator"
        raise UserError(
            Problem(line_of(path, key), key, "moves nothing: no arm has a coordinator", hint) for key in unread
        )


def unread_by_all(asked: Sweep, arms: list[Scenario]) -> list[str]:
    """Keys of the prior that no arm reads, since its payoff form has no such thing, in the order of the table."""
    if asked.prior != "all":
        return []
    forms = {arm.world.behaviour.payoff for arm in arms} | set(map(str, asked.parameters.get(PAYOFF, ())))
    keys = {f"{BEHAVIOUR}{name}" for name, readers in payoff_readers().items() if forms.isdisjoint(readers)}
    known = parameter_table()
    return [key for key in known if key in keys - {*asked.leave_out, *asked.parameters} and known[key].plausible]


def _left_out(unread: Sequence[str], arms: list[Scenario]) -> tuple[Notice, ...]:
    """What is said of keys of the prior that no arm reads."""
    forms = ", ".join(dict.fromkeys(arm.world.behaviour.payoff for arm in arms))
    return (warning("warning_unread", keys=", ".join(unread), payoff=forms),) if unread else ()


def _silent(asked: Sweep, arm: Scenario, point: Point, key: str) -> bool:
    """Whether a key of the prior is not read by an arm: its payoff form has no such thing, others' have."""
    name, payoff = key.removeprefix(BEHAVIOUR), str(point.get(PAYOFF, arm.world.behaviour.payoff))
    return key not in asked.parameters and payoff not in payoff_readers().get(name, [payoff])


def tried_still(asked: Sweep, first: Point, arms: list[Scenario]) -> list[str]:
    """Parameters of sampled points that move nothing where each is tried alone: at the first point, at its ends.

    Points of a grid tell that themselves, and so do those of one parameter.
    """
    if asked.method == "grid" or not 1 < len(asked.parameters) <= MOST_TRIED:
        return []
    ends = {axis.key: (axis.value(0.0), axis.value(1.0 - 1e-9)) for axis in axes_of(asked)[: len(asked.parameters)]}
    return [
        key
        for key, values in ends.items()
        if all(_still(asked, arm, {**first, key: values[0]}, {**first, key: values[1]}) for arm in arms)
    ]


def _still(asked: Sweep, arm: Scenario, low: Point, high: Point) -> bool:
    """Whether an arm has the same measures at two points; a point that is no scenario tells nothing."""
    try:
        ends = [at_point(arm, point, 0, partial(_unread, asked)) for point in (low, high)]
    except UserError:
        return False
    if ends[0].digest() == ends[1].digest():
        return True
    one, other = (compute(run(end, replicates=range(TRIED_REPLICATES)), asked.measures) for end in ends)
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in asked.measures)


def _cost(asked: Sweep, runs: int, arm: Scenario, world: World, plan: RunPlan, manner: Manner) -> Estimate:
    return estimate(
        arms=runs,
        replicates=asked.replicates,
        regions=len(world.region_codes),
        sectors=len(world.sector_codes),
        years=arm.run.last_year - arm.run.first_year + 1,
        workers=manner.workers,
        executor=plan.executor,
        keep="scores",
        drawn=not manner.no_report,
    )


def _shared(asked: Sweep) -> dict[str, Any]:
    return {**asked.set, "run.replicates": asked.replicates, "run.seed": asked.seed}


def planned(
    asked: Sweep, points: list[Point], arms: list[Scenario], place: Path
) -> tuple[RunPlan, dict[tuple[int, str], int]]:
    """The plan, and which of its arms stands for each point and arm: scenarios that are the same are run once.

    Raises:
        UserError: a point is not a valid scenario; the first one is named.
    """
    scenarios, titles, cells = placed(points, arms, partial(_unread, asked))
    world = load_world(arms[0].world)
    plan = RunPlan(
        place.absolute().name,
        place,
        scenarios,
        titles,
        tuple(sorted(world.files.items())),
        {"sweep": asked.model_dump()},
        keep="scores",
        block=min(BLOCK, asked.replicates),
    )
    return plan, cells


def _unread(asked: Sweep, arm: Scenario, point: Point, key: str) -> bool:
    """Whether an arm does not read a key: nobody coordinates, or of the prior, its payoff form has no such thing."""
    return idle(arm, key) or _silent(asked, arm, point, key)


def analyse(
    asked: Sweep,
    points: list[Point],
    passed: int,
    cells: Mapping[tuple[int, str], int],
    plan: RunPlan,
    gathered: Gathered,
    still: list[str],
    notes: tuple[Notice, ...] = (),
) -> Study:
    """Make every table of the sweep.

    Raises:
        UserError: no point has two replicates in all arms.
    """
    parts = paired(cells, gathered)
    if not parts:
        raise UserError(Problem("sweep", "replicates", "no point has two replicates in all arms", "see failures.json"))
    names = list(dict.fromkeys(name for _, name in cells))
    found = {"points": tables.points_table(points), "runs": tables.runs_table(parts, asked.measures)}
    done = found["points"][found["points"]["point"].isin({point for point, _ in parts})]
    if len(names) > 1:
        found["differences"] = tables.differences_table(parts, names, asked.measures)
        found["robustness"] = tables.robustness_table(parts, names, asked.measures)
        if tables.WELFARE in asked.measures:
            found["best_points"] = tables.best_table(parts, names, done, asked.method == "grid")
        found["volume"] = tables.volume_table(found["differences"], asked.method)
        found["drivers"] = drivers_table(done, found["differences"], asked.measures)
        found["separates"] = _separates(done, found["differences"])
    warnings = notes + _warnings(len(points), len({point for point, _ in parts}), gathered)
    called = {name: [plan.arms[cells[0, name]].title, plan.arms[cells[0, name]].title_zh] for name in names}
    facts = {
        "title": asked.title,
        "title_zh": asked.title_zh,
        "method": asked.method,
        "passed_over": passed,
        "arm_titles": called,
        "still": tables.still_parameters(points, parts, asked.measures),
        "still_where_tried": still,
    }
    return Study("sweep", plan.name, {name: table for name, table in found.items() if len(table)}, facts, warnings)


def _separates(points: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    """The tree of every arm, for what it does to welfare."""
    import pandas as pd

    frames = []
    for arm, words in tables.outcomes(differences).items():
        if len(words) >= 10:
            table = tree_table(points, words.to_numpy(dtype=str))
            table.insert(0, "arm", arm)
            frames.append(table)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _warnings(points: int, used: int, gathered: Gathered) -> tuple[Notice, ...]:
    warnings = []
    if gathered.failures:
        count = len(gathered.failures)
        warnings.append(warning("warning_runs_failed", count=count, s="s" * (count != 1)))
    if used < points:
        warnings.append(warning("warning_points_left", count=points - used, points=points))
    return tuple(warnings)


def show(study: Study, asked: Sweep, plan: RunPlan, world: World, manner: Manner) -> None:
    """Print what the sweep says; draw the figures and write the page unless told not to."""
    from qipan.experiments.findings.sweep import print_sweep

    if not manner.quiet:
        print_sweep(study, spoken())
    if manner.no_report:
        print(plan.folder)
        return
    from qipan.experiments.report.sweep import write_sweep

    with step("drawing the figures", quiet=manner.quiet), staged(plan.folder) as place:
        page = write_sweep(study, asked, place, world, manner.language)
    print(plan.folder / page.name)
