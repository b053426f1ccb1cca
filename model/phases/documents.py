"""Phases 1 and 2: documents, and the coordinator."""

from typing import NamedTuple

import numpy as np

from model.axes import Element, side_by_side
from model.coordination.mandate import Plan
from model.coordination.view import View, pooled_estimate, shrunk
from model.draws import Stream
from model.lift import cell
from model.moment import Moment
from model.nation import adoption_probability, happens


class Issued(NamedTuple):
    """Documents issued this year, and those in force: 1 or 0."""

    newly: Element
    adopted: Element


@cell("rn rn n -> rn rn")
def issued(
    adopted: Element, uniform: Element, adopters: Element, *, spontaneous_adoption: float, imitative_adoption: float,
    adoption_boost: float,
) -> Issued:  # fmt: skip
    """Whether a region without a document issues one; `adopters` is the share of regions that have one."""
    odds = adoption_probability(spontaneous_adoption, imitative_adoption, adopters, adoption_boost)
    newly = happens(uniform, odds) * (1.0 - adopted)
    return Issued(newly, adopted + newly)


def adopt(now: Moment) -> None:
    """1. Regions issue a future-industry document; the coordinator may speed it up."""
    case, state = now.case, now.state
    now.mandate = case.coordinator.mandate(now.years_since_start)
    uniform = case.draws.uniform(Stream.ADOPTION, year=now.year, over="r")
    adopters = state.adopted.mean(axis=-1)
    found = now.run(issued, state.adopted, uniform, adopters, adoption_boost=now.mandate.adoption_boost)
    now.flows["newly"], state.adopted = found


def coordinate(now: Moment) -> None:
    """2. The coordinator observes (never the truth), revises its plan in plan years, publishes."""
    state, coordinator, since = now.state, now.case.coordinator, now.years_since_start
    draft = Plan(state.drafted_key_areas, state.drafted_pilots, state.drafted_assigned)
    plan = Plan(state.key_areas, state.pilots, state.assigned)
    now.flows["estimate"] = np.zeros((1, now.case.world.sector_ids.size))
    if coordinator.plans(since) or now.mandate.information_weight > 0.0:  # else nobody hears what it thinks
        view = coordinator.observe(_view(now), now.year, now.case.draws)
        draft = Plan(*map(side_by_side, coordinator.redrafted(since, view, draft)))
        state.planner_count = coordinator.recounted(since, view, state.planner_count)
    plan = coordinator.published(since, draft, plan)
    state.drafted_key_areas, state.drafted_pilots, state.drafted_assigned = draft
    state.key_areas, state.pilots, state.assigned = plan


@cell("rkn rkn r -> kn kn")
def reported(belief: Element, layout: Element, size: Element) -> tuple[Element, Element]:
    """Beliefs as regions report them, weighted by their size, and how many regions are in a sector."""
    return belief * size, layout


def _view(now: Moment) -> View:
    """What lies before the coordinator this year."""
    case, state, settings = now.case, now.state, now.case.coordination
    own = case.nature.worth + settings.planner_error * case.draws.normal(Stream.PLANNER_SIGNAL, year=now.year, over="k")
    belief, count = now.run(reported, state.belief, state.layout, case.world.size)
    estimate = pooled_estimate(belief, own, settings.own_signal)
    now.flows["estimate"] = shrunk(estimate, case.coordinator.reliability(case.worth_variance))
    return View(
        estimate=now.flows["estimate"],
        log_fit=state.log_fit if case.coordinator.sees_fit else case.world.data_fit[None],
        count=count,
        breadth=case.breadth[0],
        size=case.world.size,
        payoff=case.payoff,
        list_length=settings.list_length,
        pilots=settings.pilots,
        fit_weight=case.behaviour.fit_weight,
        lobbying=settings.lobbying,
        solvers=case.executor.solvers,
    )
