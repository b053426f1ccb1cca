"""Phase 7: know-how spreads; breakthroughs happen, at home or abroad."""

from typing import NamedTuple

from model.axes import Element
from model.draws import Stream
from model.element import larger
from model.lift import cell
from model.moment import Moment
from model.nation import (
    ROOT,
    breakthrough_probability,
    caught_up,
    happens,
    hazard,
    linked_presence,
    one_effort,
    root_effort,
)
from model.region import ecosystem_growth


class Known(NamedTuple):
    """Know-how at the end of the year, and what ecosystem money has added to it so far."""

    log_fit: Element
    ecosystem: Element


@cell("rkn rkn rkn rkn r r r r -> rkn rkn")
def learnt(
    log_fit: Element, heard: Element, ecosystem: Element, linked: Element, near: Element, own: Element,
    national: Element, reference: Element, *, spillover: float, ecosystem_rate: float, chain_clusters: float,
) -> Known:  # fmt: skip
    """Know-how spreads from neighbours and grows with the ecosystem; `near` is the sum of a region's weights."""
    growth = ecosystem_growth(ecosystem_rate, own, national, reference, chain_clusters * linked)
    return Known(caught_up(log_fit, heard, near, spillover) + growth, ecosystem + growth)


@cell("rkn -> kn")
def effort_by_root(completed: Element) -> Element:
    """What completed research adds to the parallel effort at a discount of one half."""
    return root_effort(completed)


@cell("rkn -> kn")
def effort_by_power(completed: Element, *, parallel_discount: float) -> Element:
    """What completed research adds to the parallel effort at any other discount."""
    return one_effort(completed, parallel_discount)


class Discovered(NamedTuple):
    """1 after the breakthrough, at home and abroad."""

    breakthrough: Element
    foreign: Element


@cell("kn kn kn kn kn n k -> kn kn")
def discovered(
    breakthrough: Element, foreign: Element, home: Element, abroad: Element, effort: Element, reference: Element,
    readiness: Element, *, breakthrough_rate: float, foreign_hazard: float,
) -> Discovered:  # fmt: skip
    """Whether somebody broke through by the end of the year."""
    odds = breakthrough_probability(breakthrough_rate, readiness, effort, reference)
    return Discovered(larger(breakthrough, happens(home, odds)), larger(foreign, happens(abroad, foreign_hazard)))


def spread(now: Moment) -> None:
    """7. Know-how spreads to neighbours and grows with the ecosystem; breakthroughs may happen, at home or abroad."""
    case, state, technology, coordination = now.case, now.state, now.case.technology, now.case.coordination
    world, year, executor = case.world, now.year, case.executor
    pools, share = now.public_pools.sum(axis=0), coordination.ecosystem_share
    national = now.support.ecosystem * (world.size * (1.0 + 3.0 * coordination.nonrival))
    state.log_fit, state.ecosystem = now.run(
        learnt,
        state.log_fit,
        executor.mean_over_neighbours(state.log_fit, world) if technology.spillover > 0.0 else state.log_fit,
        state.ecosystem,
        linked_presence(state.layout, world.links) if coordination.chain_clusters > 0.0 else state.layout,
        world.neighbours.sum(axis=1),
        now.mandate.retained * share * pools,
        national,
        share * pools,
    )
    effort = effort_by_root if technology.parallel_discount == ROOT else effort_by_power
    state.breakthrough, state.foreign = now.run(
        discovered,
        state.breakthrough,
        state.foreign,
        case.draws.uniform(Stream.BREAKTHROUGH, year=year, over="k"),
        case.draws.uniform(Stream.FOREIGN, year=year, over="k"),
        now.run(effort, now.cohort.researched),
        case.effort[:, 0],
        world.readiness,
        foreign_hazard=hazard(technology.foreign_rate),
    )
