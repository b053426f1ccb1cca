"""The same year in JAX: a replicate as a pure function of its draws, `vmap` over replicates, `scan` over years, `jit`.

Written for comparison from the description of the model, not from its code, as a JAX user would write it: its own text
of every rule, its own start and, unless draws are given, `jax.random`. It covers the arm without a coordinator and the
default forms, in float64.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.jax_money import repay, sell, start_projects
from bench.jax_world import FEW, Draws, Settings, State, Tables, Truth, best, start

jax.config.update("jax_enable_x64", True)

RECORDED = ("output", "layout", "money", "returned", "lost", "payoff")
"""What a large run records, as in the other subjects."""
PAIRS = 186_000
"""Pairs of a region and a sector carried out at once: 1,000 replicates of 31 provinces and 6 sectors."""


def drawn_nature(regions: int, sectors: int, key: jax.Array) -> Draws:
    """The draws of the uncertain world of one replicate, on `jax.random`."""
    normal, uniform = jax.random.split(key)
    nation, fit = jnp.split(jax.random.normal(normal, (2 + regions, sectors)), [2])
    return {
        "value": nation[0],
        "hype": nation[1],
        "understanding": jax.random.uniform(uniform, (regions,)),
        "fit": fit,
    }


def drawn_year(regions: int, sectors: int, key: jax.Array) -> Draws:
    """The draws of one year of one replicate, on `jax.random`: a call for each distribution, which compiles sooner."""
    normal, uniform, gumbel = jax.random.split(key, 3)
    private, own, common = jnp.split(jax.random.normal(normal, (2 * regions + 1, sectors)), [regions, 2 * regions])
    chances = jax.random.uniform(uniform, (2 * (regions + sectors),))
    ends = (regions, 2 * regions, 2 * regions + sectors)
    names = ("adoption", "revision", "home", "abroad")
    pairs = {"private": private, "own": own, "common": common[0]}
    chance = dict(zip(names, jnp.split(chances, ends), strict=True))
    return pairs | chance | {"choice": jax.random.gumbel(gumbel, (regions, sectors))}


def adopt(p: Settings, state: State, draws: Draws) -> tuple[State, jax.Array]:
    """Regions issue documents (Bass); also gives those that do so this year, (region,)."""
    odds = p.behaviour.spontaneous_adoption + p.behaviour.imitative_adoption * jnp.mean(state.adopted, dtype=float)
    newly = ~state.adopted & (draws["adoption"] < jnp.clip(odds, 0.0, 1.0))
    return state._replace(adopted=state.adopted | newly), newly


def believe(p: Settings, truth: Truth, state: State, draws: Draws) -> State:
    """Gaussian updating on a private signal, then a mix with the mean belief."""
    noise = p.uncertainty.private_error / p.governance.expertise**0.5
    unseen = 1.0 - jnp.clip(state.demand / jnp.exp(truth.worth), 0.0, 1.0)
    heard = truth.worth + unseen * (truth.hype + truth.bias) + noise * draws["private"]
    weight = state.variance / (state.variance + noise**2 + p.uncertainty.common_error**2)
    belief = state.belief + weight * (heard - state.belief)
    pooled = 0.3 * p.behaviour.pooling
    belief = (1.0 - pooled) * belief + pooled * belief.mean(axis=0)
    return state._replace(belief=belief, variance=(1.0 - weight) * state.variance)


def utility(p: Settings, w: Tables, state: State) -> jax.Array:
    """Perceived payoff against last year's rivals, peers, quick results, habit, risk, (region, sector)."""
    b, layout = p.behaviour, state.layout
    rivals = layout.sum(axis=0) - layout + 1.0
    payoff = state.belief + b.fit_weight * state.log_fit - jnp.log(rivals + b.efficient_bases)
    seen = (w.tiers @ (w.tiers.T @ layout) - layout) / jnp.maximum(w.tiers @ w.tiers.sum(axis=0) - 1.0, 1.0)[:, None]
    risk = 0.5 * b.risk_aversion * state.variance / w.readiness
    return payoff + b.imitation * seen + b.tournament * w.quick - b.switching_cost * (1.0 - layout) - risk


def choose(p: Settings, w: Tables, state: State, draws: Draws, newly: jax.Array) -> State:
    """Those that revise take the best sectors of a noisy utility, to their breadth, and split their money by logit."""
    b = p.behaviour
    value = utility(p, w, state)
    noisy = value + b.temperature * draws["choice"]
    waiting = jnp.maximum(b.outside_option, jnp.where(b.entry_cost > 0.0, jnp.log(b.entry_cost), -jnp.inf))
    chosen = best(noisy, w.breadth) & (noisy >= waiting)
    exponent = jnp.where(chosen, value / (2.0 * b.split_temperature), -jnp.inf)
    weight = jnp.where(chosen, jnp.exp(exponent - jnp.max(exponent, axis=-1, keepdims=True)), 0.0)
    total = weight.sum(axis=-1, keepdims=True)
    portfolio = jnp.where(total > 0.0, weight / jnp.maximum(total, FEW), state.portfolio)
    revises = (newly | (state.adopted & (draws["revision"] < b.revise)))[:, None]
    layout = jnp.where(revises, chosen.astype(jnp.float64), state.layout)
    return state._replace(layout=layout, portfolio=jnp.where(revises, portfolio, state.portfolio))


def welfare_of_layout(p: Settings, truth: Truth, state: State) -> jax.Array:
    """What the layouts would truly earn at maturity, a number."""
    b, count = p.behaviour, jnp.maximum(state.layout.sum(axis=0), 1.0)
    sales = jnp.exp(truth.worth + b.fit_weight * truth.log_fit) / (count + b.efficient_bases)
    return jnp.sum(state.layout * (sales - b.entry_cost))


def year(p: Settings, w: Tables, truth: Truth, state: State, draws: Draws, since: jax.Array) -> tuple[State, Draws]:
    """One year of one replicate: the stocks at its end, and everything worth recording."""
    state, newly = adopt(p, state, draws)
    state = believe(p, truth, state, draws)
    state = choose(p, w, state, draws, newly)
    state, flows = start_projects(p, w, truth, state, draws, since)
    state, market = sell(p, truth, state)
    state, books = repay(p, w, state, flows, market["output"])
    record = state._asdict() | market | books | {"payoff": welfare_of_layout(p, truth, state)}
    record["money"], record["lapsed"] = flows["money"].sum(axis=-1), flows["lapsed"].sum()
    record["arrears"], record["public_balance"] = state.arrears.sum(axis=-1), state.balance.sum()
    return state, record


def replicate(
    p: Settings, fields: tuple[str, ...], draw: Callable[[Any], Draws], w: Tables, nature: Draws, rows: Any
) -> Draws:
    """All years of one replicate, (year, ...) by field.

    Args:
        p: Settings, constants of the compiled code.
        fields: What to record.
        draw: Makes a year's draws of its row.
        w: The world.
        nature: Draws of the uncertain world.
        rows: A key or draws for each year, first axis the year.
    """
    truth, first = start(p, w, nature)

    def body(state: State, step: tuple[jax.Array, Any]) -> tuple[State, Draws]:
        state, record = year(p, w, truth, state, draw(step[1]), step[0])
        return state, {name: record[name] for name in fields}

    years = jnp.arange(len(jax.tree.leaves(rows)[0]), dtype=jnp.float64)
    record: Draws = jax.lax.scan(body, first, (years, rows))[1]
    return record


def on_own_draws(p: Settings, fields: tuple[str, ...], years: int, w: Tables, key: jax.Array) -> Draws:
    """One replicate on `jax.random`, of a key."""
    shape = w.data_fit.shape
    nature = drawn_nature(*shape, jax.random.fold_in(key, 0))
    rows = jax.random.split(jax.random.fold_in(key, 1), years)
    return replicate(p, fields, partial(drawn_year, *shape), w, nature, rows)


def piece_of(world: Any) -> int:
    """Replicates of a world carried out at once."""
    return max(1, PAIRS // int(world.data_fit.size))


def compiled(scenario: Any, world: Any, replicates: int, fields: tuple[str, ...] = RECORDED) -> Callable[..., Any]:
    """A compiled run of so many replicates at once: takes one number for each, gives their fields as NumPy arrays."""
    w, years = Tables.of(world, scenario), scenario.run.last_year - scenario.run.first_year + 1
    one = partial(on_own_draws, Settings.of(scenario), fields, years)
    many = jax.jit(lambda w, numbers: jax.vmap(partial(one, w))(jax.vmap(jax.random.key)(numbers)))
    ready = many.lower(w, jnp.arange(replicates)).compile()

    def run(numbers: np.ndarray) -> dict[str, np.ndarray]:
        return {name: np.asarray(values) for name, values in ready(w, jnp.asarray(numbers)).items()}

    return run


def on_given_draws(
    scenario: Any, world: Any, nature: dict[str, np.ndarray], rows: dict[str, np.ndarray], fields: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """A run on draws made elsewhere, (replicate, year, ...) by field.

    Args:
        scenario: What to run.
        world: Its world.
        nature: Draws of the uncertain world, replicate first.
        rows: Draws of the years, replicate and year first.
        fields: What to record.
    """
    one = partial(replicate, Settings.of(scenario), fields, lambda draws: draws, Tables.of(world, scenario))
    return {name: np.asarray(values) for name, values in jax.jit(jax.vmap(one))(nature, rows).items()}
