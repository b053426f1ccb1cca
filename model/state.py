"""The stocks that change from year to year; one field is one stock. Everything else is a flow and lives one year."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario import Scenario
from qipan.model.world import World


@dataclass(eq=False)
class State:
    """Stocks at the end of a year, one array each, replicate first (assumption A13).

    Attributes:
        adopted: 1 where the region has a future-industry document, (n, region).
        belief: Expected log value of a sector, (n, region, sector).
        variance: Variance of that belief, (n, region, sector).
        layout: 1 where the sector is in the region's layout, (n, region, sector).
        past_layout: Mean of the layouts of all years so far (fictitious play), (n, region, sector).
        portfolio: Shares of the region's money by sector, rows sum to one, (n, region, sector).
        log_fit: Log of the region's know-how in the sector, (n, region, sector).
        ecosystem: Log fit that ecosystem money has added, (n, region, sector).
        waiting: Projects that wait for money, (n, stage, region, sector).
        in_progress: Projects under way, (n, stage, region, sector).
        balance: Unused public money kept for the same pair and stage, (n, stage, region, sector), bn yuan.
        capacity: Yearly output capacity before know-how, (n, region, sector), bn yuan a year.
        cumulative: Capacity ever built in the nation, (n, sector), bn yuan a year.
        cohort_loans: Loans on industrial projects not yet complete, (n, region, sector), bn yuan.
        performing: Loans being repaid, (n, region, sector), bn yuan.
        arrears: Non-performing loans, cumulative, (n, region, sector), bn yuan.
        at_work: Money in projects under way, by mechanism, (n, mechanism, stage, sector), bn yuan.
        invested: Money in productive capacity by mechanism, (n, mechanism, sector), bn yuan.
        breakthrough: 1 after the national breakthrough, (n, sector).
        foreign: 1 after foreign competitors broke through, (n, sector).
        demand: Quantity the nation would buy at the base price, (n, sector), bn yuan a year.
        utilisation: Share of capacity in use, (n, sector).
        price: Price relative to the base, (n, sector).
        key_areas: 1 where the sector is on the national list in force, (n, sector).
        pilots: 1 where the pair is a national pilot zone, (n, region, sector).
        assigned: 1 where the regional layout in force assigns the sector, (n, region, sector).
        barred: 1 where the plan in force bars the sector, (n, region, sector).
        planner_count: Regions per sector that look efficient to the coordinator, (n, sector).
        planner_noise: Mean of the coordinator's own errors of all years so far, standardised, (n, sector).
        drafted_key_areas, drafted_pilots, drafted_assigned, drafted_barred: The same in the plan that is not published.
    """

    adopted: Array
    belief: Array
    variance: Array
    layout: Array
    past_layout: Array
    portfolio: Array
    log_fit: Array
    ecosystem: Array
    waiting: Array
    in_progress: Array
    balance: Array
    capacity: Array
    cumulative: Array
    cohort_loans: Array
    performing: Array
    arrears: Array
    at_work: Array
    invested: Array
    breakthrough: Array
    foreign: Array
    demand: Array
    utilisation: Array
    price: Array
    key_areas: Array
    pilots: Array
    assigned: Array
    barred: Array
    planner_count: Array
    planner_noise: Array
    drafted_key_areas: Array
    drafted_pilots: Array
    drafted_assigned: Array
    drafted_barred: Array

    def renewed(self) -> "State":
        """A state whose stocks can be replaced one by one without changing this one; the arrays are the same."""
        return replace(self)

    def rows(self, block: slice) -> "State":
        """Some of the replicates."""
        return State(**{each.name: getattr(self, each.name)[block] for each in fields(self)})

    def copy(self) -> "State":
        """A state that shares no array with this one."""
        return State(**{field.name: getattr(self, field.name).copy() for field in fields(self)})


@dataclass(frozen=True, eq=False)
class Start:
    """Where a run can go on from: the stocks at the end of a year.

    Attributes:
        year: The year that has ended.
        state: The stocks, replicate first.
        replicates: Numbers of the replicates, (n,).
        world: Name of the world, its regions and sectors.
        draws: First year and seed of the run.
    """

    year: int
    state: State
    replicates: NDArray[np.int64]
    world: str
    draws: str

    @staticmethod
    def of(scenario: Scenario, world: World, year: int, states: list[State], replicates: NDArray[np.int64]) -> "Start":
        """The end of a run whose blocks ended in these states."""
        names = [each.name for each in fields(State)]
        joined = State(**{name: np.concatenate([getattr(state, name) for state in states]) for name in names})
        return Start(year, joined, replicates, _named(world), _drawn(scenario))

    def check(self, scenario: Scenario, world: World, replicates: NDArray[np.int64]) -> None:
        """Refuse what cannot go on from here.

        Raises:
            ScenarioError: Another world, seed, first year or other replicates, or no year is left.
        """
        problems = []
        for what, ours, theirs in (("world", _named(world), self.world), ("seed", _drawn(scenario), self.draws)):
            if ours != theirs:
                problems.append(Problem("run", "start", f"it is of another {what}: {theirs}, not {ours}", ""))
        if not np.array_equal(replicates, self.replicates):
            message = f"it holds the replicates {self.replicates[:4].tolist()}..., not {replicates[:4].tolist()}..."
            problems.append(Problem("run", "start", message, "leave `replicates` out"))
        if self.year >= scenario.run.last_year:
            message = f"it is the end of {self.year}, and run.last_year is {scenario.run.last_year}"
            problems.append(Problem("run", "start", message, "give a later one"))
        if problems:
            raise ScenarioError(problems)


def _named(world: World) -> str:
    return f"{world.name} of {len(world.region_codes)} regions and {len(world.sector_codes)} sectors"


def _drawn(scenario: Scenario) -> str:
    return f"first year {scenario.run.first_year}, seed {scenario.run.seed}"
