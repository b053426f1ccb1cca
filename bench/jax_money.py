"""Money, projects and markets of the JAX peer, for one replicate."""

import jax
import jax.numpy as jnp
import numpy as np

from bench.jax_world import (
    BANK,
    FEW,
    INDUSTRIAL,
    PILOT,
    RESEARCH,
    Draws,
    Settings,
    State,
    Tables,
    Truth,
    know_how,
    own_split,
)
from qipan.model.funding.stages import REFERENCE_SHARE

PUBLIC = slice(0, 2)


def offers(p: Settings, w: Tables, state: State, growth: jax.Array) -> jax.Array:
    """What the six mechanisms offer, (mechanism, region, sector)."""
    f, t, g = p.funding, p.technology, p.governance
    kept = growth * (1.0 - p.coordination.ecosystem_share)
    earned = t.industrial_success * p.market.margin * t.capital_productivity * state.utilisation * state.price
    rate = earned * know_how(state.log_fit, 0.5) - t.depreciation
    new = 1.0 - 4.0 * p.coordination.relabelling * p.uncertainty.frontier_share * (1.0 - p.uncertainty.frontier_share)
    research = new * (kept * f.government_share * w.fiscal_science)[:, None] * state.portfolio
    guidance = new * (kept * f.guidance_share * f.guidance_realised / 0.5 * w.gdp)[:, None] * state.portfolio
    own = research + guidance
    left = 1.0 - jnp.minimum(f.base_cost * state.layout / jnp.maximum(own, FEW), 1.0)
    research, guidance = left * research, left * guidance
    reach = 1.0 + p.coordination.enterprise_echelon * state.ecosystem
    plant = state.capacity / state.capacity.sum(axis=-1, keepdims=True)
    split = (1.0 - f.market_led) * state.portfolio + f.market_led * plant
    firms = (2.0 * f.enterprise_share * growth * w.firm_rd)[:, None] * split
    firms = firms * jax.nn.sigmoid((rate - f.enterprise_hurdle) / f.hurdle_width) * reach
    firms = g.integration * jnp.maximum(firms + f.guidance_draw * guidance, 0.0)
    cycle = jnp.clip(state.utilisation.mean() / 0.8, 0.3, 1.5) ** f.venture_cyclicality
    concentrated = w.rd**f.venture_concentration
    pool = g.integration * f.venture_pool * growth * cycle * concentrated / concentrated.sum()
    venture = pool[:, None] * state.portfolio
    equity = jnp.tensordot(w.stages[:BANK, INDUSTRIAL], jnp.stack([research, guidance, firms, venture]), 1)
    willing = jnp.clip((rate - f.loan_rate) / f.hurdle_width, 0.0, 1.0) * jnp.minimum(state.utilisation / 0.7, 1.0)
    bad, owed = state.arrears.sum(axis=0), (state.arrears + state.performing + state.loans).sum(axis=0)
    willing = willing * (1.0 - f.bank_caution * bad / jnp.maximum(owed, FEW))
    loans = f.loan_to_value / (1.0 - f.loan_to_value) * equity * willing
    gifts = (f.donation_share * growth * w.rd)[:, None] * state.portfolio
    return jnp.stack([research, guidance, firms, venture, loans, gifts])


def costs(p: Settings, truth: Truth, state: State) -> jax.Array:
    """Cost of a project after learning, more in a small base, (stage, region, sector), bn yuan."""
    t = p.technology
    built = jnp.maximum(state.cumulative / truth.cumulative, 1.0)
    industrial = t.industrial_cost * built ** np.log2(1.0 - t.learning)
    base = state.capacity + t.industrial_cost * t.capital_productivity
    industrial = industrial * jnp.maximum(t.minimum_scale / base, 1.0) ** (1.0 - t.scale_exponent)
    flat = jnp.ones_like(industrial)
    return jnp.stack([t.research_cost * flat, t.pilot_cost * flat, industrial])


def start_projects(
    p: Settings, w: Tables, truth: Truth, state: State, draws: Draws, since: jax.Array
) -> tuple[State, Draws]:
    """Money meets projects, cohorts mature, know-how spreads, sectors break through; also gives the year's flows."""
    growth = (1.0 + p.market.growth) ** since
    offered, cost = offers(p, w, state, growth), costs(p, truth, state)
    money = REFERENCE_SHARE * p.technology.idea_ratio / p.technology.research_cost * w.stages[0, RESEARCH]
    ideas = (money * growth * w.fiscal_science)[:, None] * jnp.maximum(own_split(w, state.log_fit), state.portfolio)
    waiting = state.waiting.at[RESEARCH].set(ideas)
    offer = jnp.einsum("ms,mrk->srk", w.stages, offered) + state.balance
    started = jnp.minimum(waiting, p.governance.execution * offer / cost)
    used = jnp.minimum(started * cost / jnp.maximum(offer, FEW), 1.0)
    state = state._replace(waiting=waiting)
    share, done = success(p, state, draws), state.progress / jnp.array(p.lag)[:, None, None]
    flows = {"offered": offered, "used": used, "done": done, "good": done * share, "failed": 1.0 - share[INDUSTRIAL]}
    flows["money"] = money_used(w, state, flows)
    unused = (jnp.einsum("ms,mrk->srk", w.stages[PUBLIC], offered[PUBLIC]) + state.balance) * (1.0 - used)
    balance = p.funding.carry_over * unused
    flows["lapsed"] = unused - balance
    state = move_on(p, w, state._replace(balance=balance), flows, started, since)
    return learn(p, w, truth, state, draws, done), flows


def money_used(w: Tables, state: State, flows: Draws) -> jax.Array:
    """Money drawn, (mechanism, stage, sector): offers of the year, and balances put down to the public mechanisms."""
    drawn = w.stages[:, :, None] * jnp.einsum("mrk,srk->msk", flows["offered"], flows["used"])
    public = w.stages[PUBLIC]
    source = public / jnp.maximum(public.sum(axis=0), FEW)
    balance = jnp.sum(state.balance * flows["used"], axis=1)
    return drawn.at[PUBLIC].add(source[:, :, None] * balance)


def success(p: Settings, state: State, draws: Draws) -> jax.Array:
    """Share of completing projects that succeed, (stage, region, sector)."""
    t = p.technology
    spread, common = 0.5 * t.result_spread, t.result_correlation
    luck = common**0.5 * draws["common"] + (1.0 - common) ** 0.5 * draws["own"]
    luck = jnp.exp(spread * luck - 0.5 * spread**2)
    talent = 1.0 + p.coordination.talent_echelon * state.ecosystem
    boost = jnp.where(state.breakthrough, t.breakthrough_boost, 1.0) * know_how(state.log_fit, 0.2)
    base = jnp.stack([t.research_success * talent * boost, t.pilot_success * boost, t.industrial_success * boost])
    return jnp.minimum(jnp.minimum(base, 0.95) * luck, 1.0)


def move_on(p: Settings, w: Tables, state: State, flows: Draws, started: jax.Array, since: jax.Array) -> State:
    """Queues, projects under way and capacity at the end of the year."""
    t, good = p.technology, flows["good"]
    slow = t.initial_growth + t.depreciation
    rate = slow + (t.expansion - slow) * (jnp.minimum(since / t.ramp_years, 1.0) if t.ramp_years else 1.0)
    called = w.size[:, None] * state.portfolio
    sited = state.capacity.sum(axis=0) * called / called.sum(axis=0)
    sited = (1.0 - t.footloose) * state.capacity + t.footloose * sited
    grown = rate * sited / (t.industrial_cost * t.capital_productivity)
    arrivals = jnp.stack([jnp.zeros_like(grown), good[RESEARCH], good[PILOT] + grown])
    built = good[INDUSTRIAL] * t.industrial_cost * t.capital_productivity
    return state._replace(
        waiting=(state.waiting - started) * (1.0 - t.queue_ageing) + arrivals,
        progress=state.progress + started - flows["done"],
        capacity=state.capacity * (1.0 - t.depreciation) + built,
        cumulative=state.cumulative + built.sum(axis=0),
    )


def learn(p: Settings, w: Tables, truth: Truth, state: State, draws: Draws, done: jax.Array) -> State:
    """Know-how comes from neighbours and from ecosystem money; sectors break through, at home or abroad."""
    t, c = p.technology, p.coordination
    pool = c.ecosystem_share * (p.funding.government_share * w.fiscal_science + p.funding.guidance_share * w.gdp)
    grown = c.ecosystem_rate * np.log(2.0) * (1.0 + c.chain_clusters * state.layout @ w.links.T)
    grown = jnp.where(pool[:, None] > 0.0, grown, 0.0)
    gap = jnp.sum(w.near_weight * (state.log_fit[w.near] - state.log_fit[:, None]), axis=1)
    grown = grown - c.ecosystem_decay * state.ecosystem
    both = done[RESEARCH] ** (1.0 - t.pilot_effort) * done[PILOT] ** t.pilot_effort
    effort = jnp.sum(both ** (1.0 - t.parallel_discount), axis=0)
    hazard = t.breakthrough_rate * w.readiness * effort / truth.effort
    return state._replace(
        log_fit=state.log_fit + t.spillover * jnp.maximum(gap, 0.0) + grown,
        ecosystem=state.ecosystem + grown,
        breakthrough=state.breakthrough | (draws["home"] < -jnp.expm1(-hazard)),
        foreign=state.foreign | (draws["abroad"] < -np.expm1(-t.foreign_rate)),
    )


def effective(capacity: jax.Array) -> jax.Array:
    """Effective number of producing regions, (sector,)."""
    return 1.0 / jnp.sum((capacity / capacity.sum(axis=0)) ** 2, axis=0)


def sell(p: Settings, truth: Truth, state: State) -> tuple[State, Draws]:
    """Demand grows towards its ceiling, markets clear; also gives what is sold and the output, (region, sector)."""
    t, m = p.technology, p.market
    ceiling = jnp.exp(truth.worth) * jnp.where(state.breakthrough, 1.0, m.ceiling_before)
    ceiling = ceiling * jnp.where(state.foreign & ~state.breakthrough, 1.0 - t.foreign_loss, 1.0)
    now, then, bases = effective(state.capacity), effective(truth.capacity), p.behaviour.efficient_bases
    ceiling = ceiling * (now / (now + bases)) * ((then + bases) / then)
    speed = jnp.minimum(m.spontaneous_demand + m.imitative_demand * state.demand / ceiling, 1.0)
    demand = state.demand + speed * jnp.maximum(ceiling - state.demand, 0.0)
    share = jnp.maximum(state.capacity / state.capacity.mean(axis=0), 1e-6)
    supply = state.capacity * know_how(state.log_fit, 0.3) * share**t.agglomeration
    utilisation = jnp.minimum(demand / supply.sum(axis=0), 1.0)
    price = jnp.maximum(utilisation, 1e-12) ** m.price_elasticity
    sold = supply * utilisation
    return state._replace(demand=demand, utilisation=utilisation, price=price), {"sold": sold, "output": sold * price}


def repay(p: Settings, w: Tables, state: State, flows: Draws, output: jax.Array) -> tuple[State, Draws]:
    """Loans fall due, profit goes to those who paid for capacity; gives what is returned and lost by mechanism."""
    f, lag = p.funding, p.lag[INDUSTRIAL]
    cash, failed = p.market.margin * output, flows["failed"]
    lent = w.stages[BANK, INDUSTRIAL] * flows["offered"][BANK] * flows["used"][INDUSTRIAL]
    due = state.loans / lag
    stock = state.performing + due * (1.0 - failed)
    interest, principal = f.loan_rate * stock, stock / f.loan_years
    paid = jnp.minimum(jnp.maximum(cash, 0.0), interest + principal)
    back = paid - jnp.minimum(paid, interest)
    bad = jnp.minimum(f.default_share * (interest + principal - paid), stock - back)
    gone = due * failed + bad
    arrears = (state.arrears + gone) * (1.0 - f.write_off)
    state = state._replace(loans=state.loans - due + lent, performing=stock - back - bad, arrears=arrears)
    state, lost = write_off(p, state, flows)
    part = state.invested / jnp.maximum(state.invested.sum(axis=0), FEW)
    returned = part @ (cash - paid).sum(axis=0)
    return state, {"returned": returned.at[BANK].set(paid.sum()), "lost": lost.at[BANK].set(gone.sum())}


def write_off(p: Settings, state: State, flows: Draws) -> tuple[State, jax.Array]:
    """Money in completing projects turns into claims on profit or is lost; gives the loss by mechanism."""
    equity = jnp.ones(len(state.invested)).at[BANK].set(0.0)
    due = state.at_work / jnp.array(p.lag)[:, None]
    done, good = flows["done"].sum(axis=1), flows["good"].sum(axis=1)
    lost = due * (equity[:, None, None] * (done - good) / jnp.maximum(done, FEW))
    kept = equity[:, None] * (due - lost)[:, PILOT:].sum(axis=1)
    invested = state.invested * (1.0 - p.technology.depreciation) + kept
    return state._replace(at_work=state.at_work - due + flows["money"], invested=invested), lost.sum(axis=(1, 2))
