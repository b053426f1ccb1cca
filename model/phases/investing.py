"""Phases 5 to 7: offers, projects, knowledge."""

import numpy as np

from qipan.model.axes import INDUSTRIAL, PILOT, RESEARCH, Array, Element, by_region, by_sector
from qipan.model.coordination.mandate import Plan
from qipan.model.draws import Stream
from qipan.model.element import larger, where
from qipan.model.funding.bases import overhead, productive
from qipan.model.funding.means import Means, return_rate, sound_books
from qipan.model.funding.mechanisms import offers, public_rows, split_of_firms
from qipan.model.funding.stages import (
    REFERENCE_SHARE,
    by_stage,
    unused_money,
    used_balance,
    used_by_mechanism,
    used_money,
)
from qipan.model.funding.support import Support, national_support
from qipan.model.kernels import mean_over_sectors, total_over_regions, total_over_sectors
from qipan.model.moment import Moment
from qipan.model.nation import (
    breakthrough_probability,
    happens,
    hazard,
    linked_presence,
    national_effort,
    shared_knowledge,
)
from qipan.model.projects import (
    aged_queue,
    expansion,
    expansion_rate,
    new_capacity,
    pilot_boost,
    proposed,
    scale_penalty,
    shock,
    sited,
    starts,
    success_share,
    under_way,
    unit_cost,
    used_share,
    worn,
)
from qipan.model.region import echelon, ecosystem_growth, net_growth, own_split, served, skill


def fund(now: Moment) -> None:
    """5. Pools are levied, the coordinator directs its part, each mechanism makes its offers."""
    case, state = now.case, now.state
    pools = now.public_pools
    kept = now.mandate.retained * (1.0 - case.coordination.ecosystem_share)
    now.support, now.skill = national_money(now), skill(state.log_fit)
    used = by_sector(state.utilisation)
    means = Means(
        world=case.world,
        funding=case.funding,
        governance=case.governance,
        growth=case.growth(now.year),
        portfolio=state.portfolio,
        research_pool=kept * pools[0],
        guidance_pool=kept * pools[1],
        research_support=now.support.research,
        guidance_support=now.support.guidance,
        productive=_run_bases(now, kept),
        firm_portfolio=_firms_split(now),
        return_rate=_return_rate(now, used),
        used=used,
        sound=_sound_books(now),
        cycle=mean_over_sectors(used, keepdims=True),
        enterprise_echelon=echelon(case.coordination.enterprise_echelon, state.ecosystem),
    )
    now.offered = offers(means)


def _run_bases(now: Moment, kept: float) -> Array:
    """Bases are run on their own public money first, then on the region's other revenue; gives the share of public
    money that is left for projects, (n, region, sector).
    """
    pool, state = by_region(kept * now.public_pools.sum(axis=0)), now.state
    fresh = 1.0 - now.old_wine
    own = fresh * (pool * state.portfolio + now.support.research + now.support.guidance)
    due = now.case.funding.base_cost * state.layout
    paid = overhead(due, own)
    now.flows["overhead"] = total_over_sectors(paid)
    now.flows["general_budget"] = total_over_sectors(due - paid)
    return np.asarray(fresh * productive(own, paid))


def _firms_split(now: Moment) -> Array:
    """How firms split their money, (n, region, sector)."""
    capacity, led = now.state.capacity, now.case.funding.market_led
    return np.asarray(split_of_firms(now.state.portfolio, capacity, total_over_sectors(capacity, keepdims=True), led))


def _sound_books(now: Moment) -> Array:
    """How willing banks are with what went bad in a sector, (n, 1, sector)."""
    state = now.state
    bad = total_over_regions(state.arrears, keepdims=True)
    loans = bad + total_over_regions(state.performing + state.cohort_loans, keepdims=True)
    return np.asarray(sound_books(bad, loans, now.case.funding.bank_caution))


def national_money(now: Moment) -> Support:
    """The coordinator's co-funding of the year."""
    case, state = now.case, now.state
    return national_support(
        levers=case.coordinator.levers,
        mandate=now.mandate,
        plan=Plan(state.key_areas, state.pilots, state.assigned),
        portfolio=state.portfolio,
        size=case.world.size,
        pool=float(now.public_pools.sum()),
        layout_mix=case.research_mix,
    )


def _return_rate(now: Moment, used: Array) -> Array:
    """What an industrial project looked like last year, (n, region, sector), 1/year."""
    result: Array = return_rate(
        success=now.case.technology.industrial_success,
        margin=now.case.market.margin,
        productivity=now.case.technology.capital_productivity,
        used=used,
        price=by_sector(now.state.price),
        know_how=now.skill.root,
        depreciation=now.case.technology.depreciation,
    )
    return result


def progress(now: Moment) -> None:
    """6. Each stage starts the lesser of projects waiting and money; cohorts mature, succeed or fail."""
    state, technology = now.state, now.case.technology
    now.cost = _costs(now)
    state.waiting = _proposed(now)
    _start(now)
    _mature(now)
    arrivals = np.zeros_like(state.waiting)
    arrivals[:, PILOT] = now.succeeded[:, RESEARCH]
    arrivals[:, INDUSTRIAL] = now.succeeded[:, PILOT] + _expansion(now)
    now.flows["waiting"] = total_over_sectors(total_over_regions((state.waiting - now.started) * now.cost))
    state.waiting = aged_queue(state.waiting, now.started, technology.queue_ageing, arrivals)
    state.in_progress = under_way(state.in_progress, now.started, now.completed)
    built = new_capacity(now.succeeded[:, INDUSTRIAL], technology.industrial_cost, technology.capital_productivity)
    state.capacity = worn(state.capacity, technology.depreciation, built)
    state.cumulative = state.cumulative + total_over_regions(built)


def _costs(now: Moment) -> Array:
    """Cost of a project by stage, (n, stage, region, sector), bn yuan: of an industrial one more in a small base."""
    technology = now.case.technology
    learned = unit_cost(
        initial=technology.industrial_cost,
        cumulative=now.state.cumulative,
        reference=now.case.first.cumulative,
        learning=technology.learning,
    )
    plant = technology.industrial_cost * technology.capital_productivity
    small = scale_penalty(now.state.capacity, plant, technology.minimum_scale, technology.scale_exponent)
    costs = np.empty_like(now.state.in_progress)
    costs[:, RESEARCH], costs[:, PILOT] = technology.research_cost, technology.pilot_cost
    costs[:, INDUSTRIAL] = by_sector(np.asarray(learned)) * small
    return costs


def _proposed(now: Moment) -> Array:
    """Projects waiting for money: the research queue is this year's ideas."""
    case, state, technology = now.case, now.state, now.case.technology
    own = own_split(now.skill.fit, case.demand_root)
    money = REFERENCE_SHARE * case.world.fiscal_science * case.world.mechanism_stages[0, RESEARCH]
    ideas = technology.idea_ratio * by_region(money) / technology.research_cost * case.growth(now.year)
    waiting = state.waiting.copy()
    waiting[:, RESEARCH] = proposed(ideas, own, state.portfolio)
    return waiting


def _start(now: Moment) -> None:
    """Money meets projects; public money that is not used is kept for the same pair and stage, or lapses."""
    case, state, shares = now.case, now.state, now.case.world.mechanism_stages
    public = by_stage(now.offered, shares * public_rows()[:, None])
    fresh = by_stage(now.offered, shares)
    offer = fresh + state.balance
    now.started = starts(waiting=state.waiting, offer=case.governance.execution * offer, cost=now.cost)
    now.spent = now.started * now.cost
    used = now.used = used_share(spent=now.spent, offer=offer)
    drawn = used_by_mechanism(now.offered, shares, used)
    now.money = drawn + used_balance(state.balance, used, shares * public_rows()[:, None])
    now.flows["public_used"] = total_over_sectors(used_money(public, state.balance, used).sum(axis=1))
    now.flows["private_used"] = total_over_sectors(((fresh - public) * used).sum(axis=1))
    unused = unused_money(public, state.balance, used)
    state.balance = case.funding.carry_over * unused
    now.lapsed = unused - state.balance


def _mature(now: Moment) -> None:
    """A cohort completes at the rate 1 / duration; luck, know-how, a breakthrough and a zone decide how much
    succeeds.
    """
    case, state, technology = now.case, now.state, now.case.technology
    luck = shock(
        common=by_sector(case.draws.normal(Stream.RESULT_COMMON, year=now.year, over="k")),
        own=case.draws.normal(Stream.RESULT_OWN, year=now.year),
        correlation=technology.result_correlation,
        spread=0.5 * technology.result_spread,
    )
    share = success_share(
        base=_base_success(now),
        boost=by_sector(where(state.breakthrough > 0.0, technology.breakthrough_boost, 1.0))[:, None],
        pilot_boost=_zone_boost(now),
        know_how=now.skill.fifth[:, None],
        luck=luck[:, None],
    )
    now.completed = state.in_progress / case.lag[:, None, None]
    now.succeeded = now.completed * share
    now.success = share


def _zone_boost(now: Moment) -> Element:
    """What a zone adds to the odds of pilots, and of no other stage, (n, stage, region, sector)."""
    state, gain = now.state, now.mandate.pilot_success
    if gain == 0.0:
        return 1.0
    boost = np.ones_like(state.in_progress)
    need = state.waiting[:, PILOT] * now.case.technology.pilot_cost
    boost[:, PILOT] = pilot_boost(zone=state.pilots, gain=gain, support=now.support.pilot, need=need)
    return boost


def _base_success(now: Moment) -> Array:
    """Success probability by stage, (n, stage, region, sector): a talent echelon helps research."""
    base = np.broadcast_to(now.case.success[:, None, None], now.state.in_progress.shape).copy()
    base[:, RESEARCH] = base[:, RESEARCH] * echelon(now.case.coordination.talent_echelon, now.state.ecosystem)
    return base


def _expansion(now: Moment) -> Element:
    """Projects proposed to expand proven lines."""
    technology, capacity = now.case.technology, now.state.capacity
    invited = now.state.portfolio * by_region(now.case.world.size)
    base = sited(
        capacity=capacity,
        nation=total_over_regions(capacity, keepdims=True),
        invited=invited,
        everywhere=total_over_regions(invited, keepdims=True),
        footloose=technology.footloose,
    )
    rate = expansion_rate(
        year=now.years_since_start,
        start=technology.initial_growth + technology.depreciation,
        full=technology.expansion,
        ramp=technology.ramp_years,
    )
    return expansion(
        rate=rate,
        capacity=base,
        unit=technology.industrial_cost,
        productivity=technology.capital_productivity,
    )


def spread(now: Moment) -> None:
    """7. Know-how spreads to neighbours and grows with the ecosystem; breakthroughs may happen, at home or abroad."""
    case, state, technology = now.case, now.state, now.case.technology
    pools = now.public_pools.sum(axis=0)
    share = case.coordination.ecosystem_share
    growth = ecosystem_growth(
        rate=case.coordination.ecosystem_rate,
        own=by_region(now.mandate.retained * share * pools),
        national=by_region(now.support.ecosystem * served(case.world.size, case.coordination.nonrival)),
        reference=by_region(share * pools),
        cluster=case.coordination.chain_clusters * linked_presence(layout=state.layout, links=case.world.links),
    )
    growth = net_growth(growth=growth, added=state.ecosystem, decay=case.coordination.ecosystem_decay)
    state.ecosystem = state.ecosystem + growth
    shared = shared_knowledge(log_fit=state.log_fit, neighbours=case.world.neighbours, speed=technology.spillover)
    state.log_fit = shared + growth
    effort = national_effort(
        research=now.completed[:, RESEARCH],
        pilots=now.completed[:, PILOT],
        weight=technology.pilot_effort,
        discount=technology.parallel_discount,
    )
    probability = breakthrough_probability(
        rate=technology.breakthrough_rate, readiness=case.world.readiness, effort=effort, reference=case.effort
    )
    home = case.draws.uniform(Stream.BREAKTHROUGH, year=now.year, over="k")
    abroad = case.draws.uniform(Stream.FOREIGN, year=now.year, over="k")
    state.breakthrough = larger(state.breakthrough, happens(uniform=home, probability=probability))
    state.foreign = larger(state.foreign, happens(uniform=abroad, probability=hazard(technology.foreign_rate)))
