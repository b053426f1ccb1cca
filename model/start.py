"""The state at the end of 2022: a pipeline in steady growth, so that no warm-up years are needed."""

import numpy as np

from qipan.model.axes import BANK_CREDIT, INDUSTRIAL, PILOT, STAGES, Array, by_region, by_sector
from qipan.model.element import exp, larger, sqrt
from qipan.model.extend.registry import MECHANISMS
from qipan.model.funding.stages import REFERENCE_SHARE
from qipan.model.kernels import top_choice, total_over_regions
from qipan.model.nature import Nature
from qipan.model.parameters import Technology
from qipan.model.payoffs import Payoff
from qipan.model.region import TINY, own_split, skill
from qipan.model.scenario import Scenario
from qipan.model.state import State
from qipan.model.world import World

UNTOUCHED_PAIRS = (
    "ecosystem",
    "cohort_loans",
    "performing",
    "arrears",
    "pilots",
    "assigned",
    "barred",
    "drafted_pilots",
    "drafted_assigned",
    "drafted_barred",
)
UNTOUCHED_SECTORS = ("breakthrough", "foreign", "key_areas", "planner_count", "planner_noise", "drafted_key_areas")


def initial_state(scenario: Scenario, world: World, nature: Nature, payoff: Payoff) -> State:
    """Stocks before the first year.

    Demand is that of 2022 and meets capacity at a use of 0.8; capacity is spread by size times fit. Projects under way
    are
    what sustains the growth of the years before; queues hold one year of arrivals. Beliefs are the prior. Early
    adopters
    hold the layouts they announced.
    """
    n, technology, market = nature.worth.shape[0], scenario.world.technology, scenario.world.market
    demand = np.tile(world.demand_2022 * market.demand_level, (n, 1))
    own = own_split(skill(nature.log_fit).fit, sqrt(world.demand_2022))
    capacity = initial_capacity(demand, world.size, nature.log_fit)
    in_progress, waiting = pipeline(technology, world, own, capacity)
    layout, portfolio = initial_layout(world, own)
    return State(
        adopted=np.tile(world.adopted_at_start, (n, 1)),
        belief=np.tile(payoff.worth(world.median_value * market.value_level), (n, world.size.size, 1)),
        variance=filled(scenario.world.uncertainty.value_spread**2, own.shape),
        layout=layout,
        past_layout=layout.copy(),
        portfolio=portfolio,
        log_fit=nature.log_fit.copy(),
        waiting=waiting,
        in_progress=in_progress,
        capacity=capacity,
        cumulative=2.0 * total_over_regions(capacity),
        at_work=money_at_work(technology, world, in_progress),
        invested=money_invested(technology, world, capacity),
        demand=demand,
        utilisation=np.full(demand.shape, 0.8),
        price=np.full(demand.shape, 0.8**market.price_elasticity),
        **untouched(own.shape),
    )


def untouched(shape: tuple[int, ...]) -> dict[str, Array]:
    """The stocks that are zero before the first year.

    Args:
        shape: (n, region, sector).
    """
    pairs = {name: filled(0.0, shape) for name in UNTOUCHED_PAIRS}
    sectors = {name: filled(0.0, (shape[0], shape[2])) for name in UNTOUCHED_SECTORS}
    return pairs | sectors | {"balance": filled(0.0, (shape[0], len(STAGES), *shape[1:]))}


def filled(value: float, shape: tuple[int, ...]) -> Array:
    """One number everywhere, kept once: nobody writes into a stock."""
    return np.broadcast_to(np.float64(value), shape)


def initial_capacity(demand: Array, size: Array, log_fit: Array) -> Array:
    """Capacity at a use of 0.8, spread over regions by size times fit, (n, region, sector), bn yuan a year."""
    weight = by_region(size) * exp(log_fit)
    share = weight / larger(by_sector(total_over_regions(weight)), TINY)
    return by_sector(demand / 0.8) * share


def pipeline(technology: Technology, world: World, own: Array, capacity: Array) -> tuple[Array, Array]:
    """Projects under way and waiting, (n, stage, region, sector), consistent with growth before the first year
    (assumption A28). Research is what the reference share paid for (assumption A40).
    """
    t, growth = technology, technology.initial_growth
    money = REFERENCE_SHARE * by_region(world.fiscal_science) * world.mechanism_stages[0, 0]
    begun = t.initial_research * money * own / t.research_cost
    research = begun * t.research_years / (1.0 + growth * t.research_years)
    sustained = (growth + t.depreciation) * capacity * (1.0 + growth * t.industrial_years)
    built = sustained / (t.industrial_success * t.industrial_cost * t.capital_productivity)
    industrial = built * t.industrial_years / (1.0 + growth * t.industrial_years)
    supplied = t.research_success * research / t.research_years
    needed = built * (1.0 + growth * t.pilot_years) / larger(t.pilot_success, 1e-6)
    tried = sqrt(supplied * needed)
    pilot = tried * t.pilot_years / (1.0 + growth * t.pilot_years)
    proven = larger(t.pilot_success * pilot / t.pilot_years, built)
    in_progress = np.stack([research, pilot, industrial], axis=1)
    return in_progress, np.stack([begun * t.idea_ratio, supplied, proven], axis=1)


def initial_layout(world: World, own: Array) -> tuple[Array, Array]:
    """Layouts and splits before the first year, (n, region, sector).

    An early adopter is in the sectors it announced (the ones it suits best, where its breadth is smaller) and splits
    its money over them by its own weights; the others spread theirs over all sectors.
    """
    announced = np.tile(world.announced_layout * by_region(world.adopted_at_start), (own.shape[0], 1, 1))
    layout = announced * top_choice(own + announced, world.breadth.astype(float))
    inside = own * layout
    total = inside.sum(axis=-1, keepdims=True)
    portfolio = np.where(total > 0.0, inside / larger(total, TINY), own)
    return layout, portfolio


def money_at_work(technology: Technology, world: World, in_progress: Array) -> Array:
    """Money in projects under way by mechanism, (n, mechanism, stage, sector), split by stage shares."""
    cost = np.array([technology.research_cost, technology.pilot_cost, technology.industrial_cost])
    money = total_over_regions(in_progress) * cost[:, None]
    return np.asarray(money[:, None] * stage_sources(world)[:, :, None])


def money_invested(technology: Technology, world: World, capacity: Array) -> Array:
    """Equity in productive capacity by mechanism, (n, mechanism, sector): the pilot and the project behind it.

    Loans have no claim on profit.
    """
    sources = stage_sources(world)
    source = sources[:, INDUSTRIAL] * technology.industrial_cost + sources[:, PILOT] * technology.pilot_cost
    source[BANK_CREDIT] = 0.0
    money = total_over_regions(capacity) / technology.capital_productivity
    return np.asarray(money[:, None, :] * (source / larger(source.sum(), TINY))[:, None])


def stage_sources(world: World) -> Array:
    """Which mechanisms paid for a stage before the first year, (mechanism, stage): in proportion to stage shares."""
    shares = world.mechanism_stages
    assert shares.shape == (len(MECHANISMS), len(STAGES))
    return np.asarray(shares / larger(shares.sum(axis=0), TINY))
