"""What a block starts from: its nature and the state before the first year, the same under every coordinator.

The arms of an experiment differ in what the coordinator does, so arms that are run over the same replicates one after
the other start from the same ground. That of the last block is kept, and nobody writes into it.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from qipan.model.axes import PILOT, RESEARCH, SECTOR, Array
from qipan.model.draws import Draws
from qipan.model.executor import Executor
from qipan.model.nation import national_effort
from qipan.model.nature import Nature, draw_nature
from qipan.model.payoffs import Payoff
from qipan.model.scenario import Scenario
from qipan.model.start import initial_state
from qipan.model.state import State
from qipan.model.world import World


@dataclass(frozen=True, eq=False)
class Ground:
    """What no coordinator changes.

    Attributes:
        nature: The uncertain world.
        first: The state at the end of the year before the first.
        effort: Effort towards a breakthrough of 2022, mean over sectors, (n, 1).
        efficient: Regions per sector in the best layout on the true values, (n, sector).
    """

    nature: Nature
    first: State
    effort: Array
    efficient: Array


_last: list[tuple[tuple[Any, ...], Array, Ground]] = []
"""What decides the ground of the last block, its replicates, and the ground; empty before the first."""


def ground_of(scenario: Scenario, world: World, draws: Draws, executor: Executor, payoff: Payoff) -> Ground:
    """The ground of a block: the last one where it is the same, else a new one."""
    decides = (
        world,
        scenario.world,
        draws.seed,
        type(draws),
        type(executor.solvers),
        type(payoff),
    )
    for kept, replicates, ground in tuple(_last):
        if kept == decides and np.array_equal(replicates, draws.replicates):
            return ground
    _last.clear()  # before the next one takes its room
    ground = _new_ground(scenario, world, draws, executor, payoff)
    _last[:] = [(decides, draws.replicates, ground)]
    return ground


def _new_ground(scenario: Scenario, world: World, draws: Draws, executor: Executor, payoff: Payoff) -> Ground:
    """Draw the nature of a block and set up its state."""
    technology = scenario.world.technology
    nature = draw_nature(world, scenario.world.uncertainty, payoff, scenario.world.market.value_level, draws)
    first = initial_state(scenario, world, nature, payoff)
    research = first.in_progress[:, RESEARCH] / technology.research_years
    pilots = first.in_progress[:, PILOT] / technology.pilot_years
    effort = national_effort(research, pilots, technology.pilot_effort, technology.parallel_discount)
    for stock in fields(first):
        getattr(first, stock.name).flags.writeable = False
    slots = int(world.breadth.sum())
    efficient = executor.solvers.efficient_counts(nature.worth, slots, world.size.size, payoff)
    return Ground(nature, first, effort.mean(axis=SECTOR, keepdims=True), efficient)
