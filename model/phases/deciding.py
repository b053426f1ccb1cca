"""Phases 1 to 4: documents, the coordinator, beliefs, layouts."""

import numpy as np

from qipan.model.axes import Array, Element, by_region, by_sector
from qipan.model.behaviour.outlook import News, Outlook
from qipan.model.behaviour.peers import share_of_peers
from qipan.model.behaviour.revision import Turn
from qipan.model.coordination.mandate import Plan
from qipan.model.coordination.view import View, own_variance, pooled_estimate, shrunk
from qipan.model.draws import Stream
from qipan.model.kernels import mean_over_regions, total_over_regions
from qipan.model.moment import Moment
from qipan.model.nation import adoption_probability, expected_rivals, happens
from qipan.model.region import (
    blended,
    perceived_variance,
    running_mean,
    signal,
    success_of_peers,
    unseen_share,
    updated_belief,
    updated_variance,
)


def adopt(now: Moment) -> None:
    """1. Regions issue a future-industry document; the coordinator may speed it up."""
    case, state, behaviour = now.case, now.state, now.case.behaviour
    now.mandate = case.coordinator.mandate(now.years_of_coordination)
    probability = adoption_probability(
        spontaneous=behaviour.spontaneous_adoption,
        imitative=behaviour.imitative_adoption,
        adopters=state.adopted.mean(axis=-1, keepdims=True),
        boost=now.mandate.adoption_boost,
    )
    drawn = happens(case.draws.uniform(Stream.ADOPTION, year=now.year, over="r"), probability)
    now.flows["newly"] = drawn * (1.0 - state.adopted)
    state.adopted = state.adopted + now.flows["newly"]


def coordinate(now: Moment) -> None:
    """2. The coordinator observes (never the truth), revises its plan in plan years, publishes."""
    state, coordinator, since = now.state, now.case.coordinator, now.years_of_coordination
    draft = Plan(state.drafted_key_areas, state.drafted_pilots, state.drafted_assigned, state.drafted_barred)
    plan = Plan(state.key_areas, state.pilots, state.assigned, state.barred)
    draft, plan = draft.without(now.case.withdrawn), plan.without(now.case.withdrawn)
    now.flows["estimate"] = np.zeros((1, now.case.world.sector_ids.size))
    now.flows["look"] = look = now.case.draws.normal(Stream.PLANNER_SIGNAL, year=now.year, over="k")
    state.planner_noise = running_mean(mean=state.planner_noise, new=look, count=now.years_since_start + 1.0)
    if coordinator.plans(since) or now.mandate.information_weight > 0.0:  # else nobody hears what it thinks
        view = coordinator.observe(_view(now), now.year, now.case.draws)
        draft = coordinator.redrafted(since, view, draft)
        state.planner_count = coordinator.recounted(since, view, state.planner_count)
    plan = coordinator.published(since, draft, plan)
    if coordinator.settings.plan:
        plan = coordinator.prescribed(plan, now.case.prescribed.lists(now.year, state.adopted.shape[0]))
    state.drafted_key_areas, state.drafted_pilots, state.drafted_assigned, state.drafted_barred = draft
    state.key_areas, state.pilots, state.assigned, state.barred = plan


def _view(now: Moment) -> View:
    """What lies before the coordinator this year."""
    case, state, settings = now.case, now.state, now.case.coordination
    own = signal(
        worth=case.nature.worth,
        error=settings.planner_common_share * case.nature.common_error,
        unseen=unseen_share(state.demand, case.nature_value),
        spread=settings.planner_error,
        noise=blended(belief=now.flows["look"], weight=settings.planner_memory, word=state.planner_noise),
    )
    reported = case.executor.total_over_regions(state, "belief", case.world.size)
    estimate = pooled_estimate(reported, own, settings.own_signal)
    variance = own_variance(
        error=settings.planner_error,
        memory=settings.planner_memory,
        looks=now.years_since_start + 1,
        common=settings.planner_common_share * case.uncertainty.common_error,
    )
    reliability = case.coordinator.reliability(case.worth_variance, variance)
    now.flows["estimate"] = shrunk(estimate, reliability)
    return View(
        estimate=now.flows["estimate"],
        log_fit=state.log_fit if case.coordinator.sees_fit else case.world.data_fit[None],
        count=case.executor.total_over_regions(state, "layout"),
        breadth=case.breadth[0],
        size=case.world.size,
        payoff=case.payoff,
        list_length=settings.list_length,
        pilots=settings.pilots,
        fit_weight=case.behaviour.fit_weight,
        lobbying=settings.lobbying,
        solvers=case.executor.solvers,
    )


def believe(now: Moment) -> None:
    """3. Regions update on their own signals, on each other, and on the coordinator's word."""
    case, state, settings = now.case, now.state, now.case.uncertainty
    heard = signal(
        worth=by_sector(case.nature.worth),
        error=_errors(now),
        unseen=by_sector(unseen_share(state.demand, case.nature_value)),
        spread=settings.private_error / case.governance.expertise**0.5,
        noise=case.draws.normal(Stream.PRIVATE_SIGNAL, year=now.year),
    )
    weight = case.signal_weight(state.variance)
    belief = updated_belief(belief=state.belief, weight=weight, signal_heard=heard)
    state.variance = updated_variance(variance=state.variance, weight=weight)
    public = by_sector(mean_over_regions(belief))
    belief = blended(belief=belief, weight=0.3 * case.behaviour.pooling, word=public)
    word = by_sector(now.flows["estimate"])
    state.belief = blended(belief=belief, weight=now.mandate.information_weight, word=word)


def _errors(now: Moment) -> Element:
    """Common error plus definition bias, as far as an official definition has replaced the regions' own."""
    case, mandate = now.case, now.mandate
    official = mandate.official_error * case.draws.normal(Stream.OFFICIAL_ERROR, over="k")
    declared = by_sector(case.coordinator.declared_bias(case.uncertainty.definition_gap, case.draws))
    common = case.nature.common_error + mandate.definition * official
    return by_sector(common) + blended(belief=case.nature.definition_bias, weight=mandate.definition, word=declared)


def choose(now: Moment) -> None:
    """4. Regions choose layouts and split their money, in one or more turns; those without a document spread theirs."""
    case, state = now.case, now.state
    news = _public_news(now)
    state.layout, state.portfolio = state.layout.copy(), state.portfolio.copy()
    for turn in case.revision.turns(now.year, state.adopted, now.flows["newly"], case.draws):
        decision = now.ask(_outlook(now, turn, news), turn)
        news.count = turn.counted(news.count, state.layout, decision.layout)
        state.layout = turn.put(state.layout, decision.layout)
        state.portfolio = turn.put(state.portfolio, decision.portfolio)
    state.past_layout = running_mean(mean=state.past_layout, new=state.layout, count=now.years_since_start + 2.0)


def _public_news(now: Moment) -> News:
    """What last year showed, before anybody revises."""
    case, state = now.case, now.state
    count = total_over_regions(state.layout)
    peer_share = share_of_peers(state.layout, case.world)
    earned = case.payoff.earned(by_sector(case.nature.worth), by_sector(state.demand), state.log_fit, by_sector(count))
    return News(
        count=count,
        average=total_over_regions(state.past_layout),
        mean_worth=mean_over_regions(state.belief),
        incumbent=state.layout,
        peer_share=peer_share,
        peer_success=success_of_peers(earned, peer_share),
    )


def _outlook(now: Moment, turn: Turn, news: News) -> Outlook:
    """What the regions of a turn may look at."""
    case, state, take = now.case, now.state, turn.take
    return Outlook(
        belief=take(state.belief),
        variance=perceived_variance(take(state.variance), case.world.readiness),
        log_fit=take(state.log_fit),
        rivals=_rivals(now, turn, news),
        rivals_average=by_sector(news.average) - take(state.past_layout),
        peer_share=take(news.peer_share),
        peer_success=take(news.peer_success),
        key_area=take(case.spread_over_regions(state.key_areas)),
        pilot=take(state.pilots),
        outside=take(1.0 - state.assigned),
        incumbent=take(news.incumbent),
        portfolio=take(state.portfolio),
        breadth=take(by_region(case.breadth)),
        quick=case.quick,
        gumbel=turn.gumbel(case.draws, now.year),
        mandate=now.mandate,
        barred=take(state.barred) if case.coordinator.bars else 0.0,
    )


def _rivals(now: Moment, turn: Turn, news: News) -> Array:
    """Other regions that those of a turn expect in each sector."""
    case = now.case
    return expected_rivals(
        previous=by_sector(news.count) - turn.take(now.state.layout),
        mean_worth=news.mean_worth,
        slots=float(case.world.breadth.sum()),
        breadth=turn.take(by_region(case.breadth)),
        temperature=case.behaviour.temperature,
        foresight=case.behaviour.foresight,
    )
