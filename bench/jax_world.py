"""What the JAX peer works on: settings, tables, stocks, the uncertain world and the start; all for one replicate."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from qipan.model.funding.stages import REFERENCE_SHARE

RESEARCH, PILOT, INDUSTRIAL = range(3)
BANK = 4
FEW = 1e-100

Draws = dict[str, jax.Array]


@dataclass(frozen=True)
class Settings:
    """A scenario's parameters, constants of the compiled code; `lag` is the duration by stage, years."""

    uncertainty: Any
    technology: Any
    market: Any
    governance: Any
    behaviour: Any
    funding: Any
    coordination: Any
    lag: tuple[float, float, float]

    @staticmethod
    def of(scenario: Any) -> "Settings":
        """The sections of a scenario."""
        world, t = scenario.world, scenario.world.technology
        sections = (world.uncertainty, t, world.market, world.governance, world.behaviour)
        lag = (t.research_years, t.pilot_years, t.industrial_years)
        return Settings(*sections, scenario.policy.funding, scenario.policy.coordination, lag)


class Tables(NamedTuple):
    """The world's tables; `tiers` has a column for each group of peers, `near` the neighbours of a region, padded."""

    size: jax.Array
    rd: jax.Array
    firm_rd: jax.Array
    fiscal_science: jax.Array
    gdp: jax.Array
    breadth: jax.Array
    adopted_at_start: jax.Array
    announced_layout: jax.Array
    data_fit: jax.Array
    fit_coarse: jax.Array
    median_value: jax.Array
    demand_2022: jax.Array
    readiness: jax.Array
    frontier: jax.Array
    links: jax.Array
    stages: jax.Array
    quick: jax.Array
    tiers: jax.Array
    near: jax.Array
    near_weight: jax.Array

    @staticmethod
    def of(world: Any, scenario: Any) -> "Tables":
        """Tables of a world, as JAX takes them."""
        same = {name: getattr(world, name) for name in Tables._fields if hasattr(world, name)}
        late = np.exp(-sum(Settings.of(scenario).lag) / world.readiness / 5.0)
        first = ((world.peers > 0.0) | np.eye(len(world.peers), dtype=bool)).argmax(axis=1)
        near = np.argsort(-world.neighbours, axis=1)[:, : max(1, int((world.neighbours > 0.0).sum(axis=1).max()))]
        made = {
            "stages": world.mechanism_stages,
            "quick": (late - late.mean()) / late.std() if late.std() > 0.0 else 0.0 * late,
            "tiers": (first[:, None] == np.unique(first)).astype(float),
            "near": near,
            "near_weight": np.take_along_axis(world.neighbours, near, axis=1)[..., None],
        }
        return Tables(**{name: jnp.asarray(values) for name, values in (same | made).items()})


class Truth(NamedTuple):
    """What is true in a replicate and does not change; the last three are those before the first year."""

    worth: jax.Array
    hype: jax.Array
    bias: jax.Array
    log_fit: jax.Array
    capacity: jax.Array
    cumulative: jax.Array
    effort: jax.Array


class State(NamedTuple):
    """The stocks: (region, sector), or (stage, region, sector), or (sector,), or (mechanism, stage, sector)."""

    adopted: jax.Array
    belief: jax.Array
    variance: jax.Array
    layout: jax.Array
    portfolio: jax.Array
    log_fit: jax.Array
    ecosystem: jax.Array
    waiting: jax.Array
    progress: jax.Array
    balance: jax.Array
    capacity: jax.Array
    cumulative: jax.Array
    loans: jax.Array
    performing: jax.Array
    arrears: jax.Array
    at_work: jax.Array
    invested: jax.Array
    breakthrough: jax.Array
    foreign: jax.Array
    demand: jax.Array
    utilisation: jax.Array
    price: jax.Array


def know_how(log_fit: jax.Array, exponent: float) -> jax.Array:
    """Fit to a power, capped at a fit of three."""
    return jnp.exp(exponent * jnp.minimum(log_fit, np.log(3.0)))


def own_split(w: Tables, log_fit: jax.Array) -> jax.Array:
    """How money is spread without a document, rows sum to one."""
    weight = jnp.exp(log_fit) * jnp.sqrt(w.demand_2022)
    return weight / weight.sum(axis=-1, keepdims=True)


def best(score: jax.Array, count: jax.Array) -> jax.Array:
    """Whether a sector is among the `count` best of its region, (region, sector).

    A sector is not compared with itself: XLA may compute the two sides apart, and they can differ in the last digit.
    """
    others = ~jnp.eye(score.shape[-1], dtype=bool)
    ahead = (score[:, None, :] > score[:, :, None]) & others
    return ahead.sum(axis=-1) < count[:, None]


def start(p: Settings, w: Tables, draws: Draws) -> tuple[Truth, State]:
    """What is true, and a pipeline in steady growth; early adopters hold what they announced."""
    worth = jnp.log(w.median_value * p.market.value_level) + p.uncertainty.value_spread * draws["value"]
    frontier = draws["understanding"] < p.uncertainty.frontier_share
    gap = jnp.where(frontier[:, None] == (w.frontier > 0.0), 1.0, -1.0) * p.uncertainty.definition_gap
    spread = jnp.hypot(p.uncertainty.fit_spread, p.uncertainty.coarse_fit_spread * w.fit_coarse)
    raw = jnp.exp(w.data_fit + spread * draws["fit"])
    log_fit = jnp.log(raw / raw.mean(axis=0))
    weight = w.size[:, None] * jnp.exp(log_fit)
    demand = w.demand_2022 * p.market.demand_level
    capacity = demand / 0.8 * weight / weight.sum(axis=0)
    progress, waiting = pipeline(p, w, own_split(w, log_fit), capacity)
    state = stocks(p, w, log_fit, capacity, demand, progress, waiting)
    research, pilots = progress[RESEARCH] / p.lag[RESEARCH], progress[PILOT] / p.lag[PILOT]
    weight = p.technology.pilot_effort
    effort = (research ** (1.0 - weight) * pilots**weight) ** (1.0 - p.technology.parallel_discount)
    return Truth(
        worth=worth,
        hype=p.uncertainty.common_error * draws["hype"],
        bias=gap,
        log_fit=log_fit,
        capacity=capacity,
        cumulative=state.cumulative,
        effort=effort.sum(axis=0).mean(),
    ), state


def pipeline(p: Settings, w: Tables, own: jax.Array, capacity: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Projects under way and waiting before the first year, (stage, region, sector) each."""
    t = p.technology
    growing = 1.0 + t.initial_growth * jnp.array(p.lag)
    money = REFERENCE_SHARE * w.stages[0, RESEARCH] * w.fiscal_science
    begun = t.initial_research * money[:, None] * own / t.research_cost
    research = begun * t.research_years / growing[RESEARCH]
    built = (t.initial_growth + t.depreciation) * capacity * growing[INDUSTRIAL]
    built = built / (t.industrial_success * t.industrial_cost * t.capital_productivity)
    supplied = t.research_success * research / t.research_years
    needed = built * growing[PILOT] / max(t.pilot_success, 1e-6)
    pilot = jnp.sqrt(supplied * needed) * t.pilot_years / growing[PILOT]
    industrial = built * t.industrial_years / growing[INDUSTRIAL]
    proven = jnp.maximum(t.pilot_success * pilot / t.pilot_years, built)
    return jnp.stack([research, pilot, industrial]), jnp.stack([begun * t.idea_ratio, supplied, proven])


def stocks(
    p: Settings,
    w: Tables,
    log_fit: jax.Array,
    capacity: jax.Array,
    demand: jax.Array,
    progress: jax.Array,
    waiting: jax.Array,
) -> State:
    """The state at the end of the year before the first."""
    pairs, sectors = jnp.zeros_like(capacity), jnp.zeros(demand.shape, bool)
    layout, portfolio = layouts(w, own_split(w, log_fit))
    at_work, invested = books(p, w, progress, capacity)
    return State(
        adopted=w.adopted_at_start > 0.0,
        belief=pairs + jnp.log(w.median_value * p.market.value_level),
        variance=pairs + p.uncertainty.value_spread**2,
        layout=layout,
        portfolio=portfolio,
        log_fit=log_fit,
        ecosystem=pairs,
        waiting=waiting,
        progress=progress,
        balance=jnp.zeros_like(progress),
        capacity=capacity,
        cumulative=2.0 * capacity.sum(axis=0),
        loans=pairs,
        performing=pairs,
        arrears=pairs,
        at_work=at_work,
        invested=invested,
        breakthrough=sectors,
        foreign=sectors,
        demand=demand,
        utilisation=jnp.full(demand.shape, 0.8),
        price=jnp.full(demand.shape, 0.8**p.market.price_elasticity),
    )


def layouts(w: Tables, own: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Early adopters are in the sectors they announced, the best of them where those are too many."""
    announced = w.announced_layout * w.adopted_at_start[:, None]
    layout = jnp.where(best(own + announced, w.breadth), announced, 0.0)
    inside = own * layout
    total = inside.sum(axis=-1, keepdims=True)
    return layout, jnp.where(total > 0.0, inside / jnp.maximum(total, FEW), own)


def books(p: Settings, w: Tables, progress: jax.Array, capacity: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Money in projects, (mechanism, stage, sector), and in capacity, (mechanism, sector), by mechanism."""
    cost = jnp.array([p.technology.research_cost, p.technology.pilot_cost, p.technology.industrial_cost])
    part = w.stages / w.stages.sum(axis=0)
    at_work = part[:, :, None] * (progress.sum(axis=1) * cost[:, None])
    equity = (part[:, PILOT] * cost[PILOT] + part[:, INDUSTRIAL] * cost[INDUSTRIAL]).at[BANK].set(0.0)
    capital = capacity.sum(axis=0) / p.technology.capital_productivity
    return at_work, (equity / equity.sum())[:, None] * capital
