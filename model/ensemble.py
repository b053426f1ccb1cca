"""run(): many replicates of a scenario at once, replicate first, in blocks."""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from qipan.model.axes import Array
from qipan.model.behaviour.outlook import Decision, Outlook
from qipan.model.behaviour.revision import Turn
from qipan.model.case import Case, build_case
from qipan.model.coordination.arms import Coordinator
from qipan.model.errors import Problem, ScenarioError
from qipan.model.executor import Choice, Executor, executor_named, settled
from qipan.model.extend.answers import placing
from qipan.model.fields import FIELDS, ONCE
from qipan.model.history import History
from qipan.model.scenario import Scenario, load_scenario
from qipan.model.scenario.consistency import check_sizes
from qipan.model.state import Start, State
from qipan.model.step import advance
from qipan.model.world import World, load_world
from qipan.model.world.record import sound_world

Progress = Callable[[int, int], None]
"""Called with replicate-years done and to do."""


def run(
    scenario: Scenario | str | Path,
    *,
    replicates: int | Iterable[int] | None = None,
    world: World | None = None,
    start: Start | None = None,
    fields: Iterable[str] | None = None,
    closing: Iterable[str] = (),
    keep_end: bool = False,
    progress: Progress | None = None,
    executor: Choice = "numpy",
) -> History:
    """Simulate replicates of a scenario.

    Replicate k is the same whether it runs alone or among 100,000: every draw has an address.

    Args:
        scenario: What to run: a scenario, or the name or path of one.
        replicates: How many, or the numbers of those wanted; by default those of `start`, else 0 to run.replicates - 1.
        world: The exogenous world; by default the one that the scenario chooses.
        start: Where to go on from, `History.end` of a run or `PolicyModel.here`, with the same years, seed and world.
            What came before is not recorded again.
        fields: What to record; by default every field.
        closing: What to record in the year told alone, that of `told_row`, into `History.closing`.
        keep_end: Keep the state after the last year, to go on from: `History.end`.
        progress: Told how far the work has come.
        executor: "numpy", the reference; "compiled", many times faster, the same choices and counts, other numbers to
            1e-12 (needs Numba); "auto", compiled where the work is large enough to pay, or compiled code is loaded.

    Returns:
        The history, axes (replicate, year, ...).

    Raises:
        UserError: The scenario cannot be loaded, or does not fit the world or the start.

    Example:
        >>> from qipan import run
        >>> run("baseline", replicates=2)["output"].shape
        (2, 38, 31, 6)
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    numbers = _numbers(scenario, replicates, start)
    world = load_world(scenario.world) if world is None else fitting(scenario, world)
    years = np.arange(scenario.run.first_year, scenario.run.last_year + 1)
    if start is not None:
        start.check(scenario, world, numbers)
        years = years[years > start.year]
    names = tuple(FIELDS | ONCE) if fields is None else tuple(fields)
    arrays, last = _empty(names, world, numbers.size, years.size), _empty(tuple(closing), world, numbers.size, 1)
    size = numbers.size * years.size * world.data_fit.size
    carrier = executor_named(settled(executor, size, loaded="qipan.model.compiled.executor" in sys.modules))
    size, ends = carrier.block(world.data_fit.size), list[State]()
    told = told_row(scenario, years)
    for first in range(0, numbers.size, size):
        block = slice(first, min(first + size, numbers.size))
        carrier = carrier.anew()
        case = block_case(scenario, world, numbers[block], carrier)
        begun = None if start is None else Start(start.year, start.state.rows(block), numbers[block], "", "")
        for row, (flows, stocks) in enumerate(simulated(case, begun)):
            state = stocks
            for name in FIELDS.keys() & arrays.keys():
                carrier.record(flows, name, arrays[name], first, row)
            for name in last if row == told else ():
                carrier.record(flows, name, last[name], first, 0)
            if progress is not None:
                progress(first * years.size + (row + 1) * (block.stop - first), numbers.size * years.size)
        for name in ONCE.keys() & arrays.keys():
            arrays[name][block] = once(case)[name]
        if keep_end:
            ends.append(State(**{each.name: np.array(getattr(state, each.name)) for each in dataclasses.fields(State)}))
        carrier.done()
    end = Start.of(scenario, world, int(years[-1]), ends, numbers) if ends else None
    return History(scenario, world, years, numbers, arrays, carrier.name, carrier.left, last, end)


def told_row(scenario: Scenario, years: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> int:
    """The place among the years of a history of that in which measures of a year are told: the programme's last, since
    afterwards nobody coordinates in any arm; the last of all where it is not among them.
    """
    found = np.flatnonzero(years == scenario.run.programme_end)
    return int(found[0]) if found.size else years.size - 1


def _numbers(
    scenario: Scenario, wanted: int | Iterable[int] | None, start: Start | None
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Numbers of the replicates."""
    if wanted is None:
        return np.arange(scenario.run.replicates, dtype=np.int64) if start is None else start.replicates
    if isinstance(wanted, int | np.integer):
        wanted = range(int(scenario.replace(**{"run.replicates": int(wanted)}).run.replicates))
    return np.array(list(wanted), dtype=np.int64)


def fitting(scenario: Scenario, world: Any) -> World:
    """A world given by hand, if the scenario's lists and breadth fit into it.

    Raises:
        UserError: It is no world, or its tables do not fit each other, or something is longer than it has sectors.
    """
    if not isinstance(world, World):
        hint = "a World, as load_world, World.subset or World.from_frames make it"
        raise ScenarioError(Problem("run", "world", f"{type(world).__name__} is no world", hint))
    regions, sectors = sound_world(world).announced_layout.shape
    check_sizes(scenario, sectors, regions)
    return world


def block_case(
    scenario: Scenario,
    world: World,
    replicates: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    executor: Executor | None = None,
    coordinator: Coordinator | None = None,
) -> Case:
    """The case of one block of replicates; NumPy carries it out unless another executor is given, and the scenario's
    coordinator takes part unless there is another.
    """
    executor = executor or Executor()
    draws = executor.draws(scenario.run.seed, replicates, world.region_ids, world.sector_ids)
    return build_case(scenario, world, draws, executor, coordinator)


def simulate(case: Case) -> Iterator[dict[str, Array]]:
    """Run a block and yield the flows of each year, the vectorised rule answering for all regions.

    Flows are to be read before the next year begins.
    """
    for flows, _ in simulated(case):
        yield flows


def simulated(case: Case, start: Start | None = None) -> Iterator[tuple[dict[str, Array], State]]:
    """Run a block, from a start if there is one, and yield flows and stocks of each year; read them before the next."""

    def answer(outlook: Outlook, turn: Turn) -> Decision:
        return case.rule.decide(outlook)

    state = case.first.renewed() if start is None else start.state.renewed()
    run_settings = case.scenario.run
    for year in range(run_settings.first_year if start is None else start.year + 1, run_settings.last_year + 1):
        with placing(year, case.names):
            now = advance(case, state, year, answer)
        state = now.state
        yield now.flows, state


def once(case: Case) -> dict[str, Array]:
    """What is recorded once per replicate."""
    return {
        "value": case.nature_value,
        "efficient_count": case.efficient,
        "understanding": case.nature.frontier,
    }


def _empty(names: tuple[str, ...], world: World, replicates: int, years: int) -> dict[str, Array]:
    unknown = [name for name in names if name not in FIELDS and name not in ONCE]
    if unknown:
        raise ValueError(f"unknown fields {unknown}; known are {', '.join([*FIELDS, *ONCE])}")
    lead = {name: (replicates, years) if name in FIELDS else (replicates,) for name in names}
    return {name: np.empty((*lead[name], *(FIELDS | ONCE)[name].shape(world))) for name in names}
