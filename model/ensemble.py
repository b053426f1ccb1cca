"""run(): many replicates of a scenario at once, replicate first, in blocks."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from model.axes import Array
from model.case import Case, build_case
from model.executor import Choice, Executor, executor_named, settled
from model.fields import FIELDS, ONCE
from model.history import History
from model.outlook import Decision, Outlook
from model.revision import Turn
from model.scenario import Scenario
from model.step import advance
from model.world import World, load_world

Progress = Callable[[int, int], None]
"""Called with replicate-years done and to do."""


def run(
    scenario: Scenario,
    *,
    replicates: Iterable[int] | None = None,
    fields: Iterable[str] | None = None,
    closing: Iterable[str] = (),
    progress: Progress | None = None,
    executor: Choice = "numpy",
) -> History:
    """Simulate replicates of a scenario.

    Replicate k is the same whether it runs alone or among 100,000: every draw has an address.

    Args:
        scenario: What to run.
        replicates: Numbers of the replicates; by default 0 to run.replicates - 1.
        fields: What to record; by default every field.
        closing: What to record in the last year alone, into `History.closing`.
        progress: Told how far the work has come.
        executor: "numpy", the reference; "compiled", many times faster, the same choices and counts, other numbers to
            1e-12 (needs Numba); "auto", compiled where the work is large enough to pay.

    Returns:
        The history, axes (replicate, year, ...).

    Example:
        >>> from model import load_scenario, run
        >>> run(load_scenario("baseline"), replicates=range(2))["output"].shape
        (2, 13, 31, 6)
    """
    numbers = np.array(list(range(scenario.run.replicates) if replicates is None else replicates), dtype=np.int64)
    world = load_world(scenario.world)
    years = np.arange(scenario.run.first_year, scenario.run.last_year + 1)
    names = tuple(FIELDS | ONCE) if fields is None else tuple(fields)
    arrays, last = _empty(names, world, numbers.size, years.size), _empty(tuple(closing), world, numbers.size, 1)
    carrier = executor_named(settled(executor, numbers.size * years.size * world.data_fit.size))
    size = carrier.block(world.data_fit.size)
    for start in range(0, numbers.size, size):
        block = slice(start, min(start + size, numbers.size))
        carrier = carrier.anew()
        case = block_case(scenario, world, numbers[block], carrier)
        for row, flows in enumerate(simulate(case)):
            for name in FIELDS.keys() & arrays.keys():
                arrays[name][block, row] = flows[name]
            for name in last if row == years.size - 1 else ():
                last[name][block, 0] = flows[name]
            if progress is not None:
                progress(start * years.size + (row + 1) * (block.stop - start), numbers.size * years.size)
        for name in ONCE.keys() & arrays.keys():
            arrays[name][block] = once(case)[name]
        carrier.done()
    return History(scenario, world, years, numbers, arrays, carrier.name, carrier.left, last)


def block_case(
    scenario: Scenario,
    world: World,
    replicates: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    executor: Executor | None = None,
) -> Case:
    """The case of one block of replicates; NumPy carries it out unless another executor is given."""
    executor = executor or Executor()
    draws = executor.draws(scenario.run.seed, replicates, world.region_ids, world.sector_ids)
    return build_case(scenario, world, draws, executor)


def simulate(case: Case) -> Iterator[dict[str, Array]]:
    """Run a block and yield the flows of each year, the vectorised rule answering for all regions.

    Flows are to be read before the next year begins.
    """

    def answer(outlook: Outlook, turn: Turn) -> Decision:
        return case.rule.decide(outlook)

    state = case.first.renewed()
    run_settings = case.scenario.run
    for year in range(run_settings.first_year, run_settings.last_year + 1):
        now = advance(case, state, year, answer)
        state = now.state
        yield now.flows


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
