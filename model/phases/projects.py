"""Phase 6: the pipeline. Projects start, mature, succeed or fail; money and projects wait for each other."""

from typing import Any, NamedTuple

import numpy as np

from model.axes import INDUSTRIAL, RESEARCH, Array, Element, layered
from model.draws import Stream
from model.element import scaled, weighted, where
from model.funding.mechanisms import PUBLIC
from model.funding.stages import unused_money
from model.kernels import total_over_sectors
from model.lift import cell
from model.moment import Moment
from model.projects import (
    aged_queue,
    expansion,
    expansion_rate,
    new_capacity,
    pilot_boost,
    proposed,
    shock,
    starts,
    success_share,
    under_way,
    unit_cost,
    used_share,
    worn,
)
from model.region import echelon, share_of


@cell("rkn rkn rn Srkn r -> Srkn")
def queued(portfolio: Element, weight: Element, total: Element, waiting: Any, ideas: Element) -> tuple[Any, ...]:
    """Projects waiting for money: the research queue is this year's ideas, by own weights or by the portfolio."""
    return proposed(ideas, share_of(weight, total), portfolio), waiting[1], waiting[2]


class Started(NamedTuple):
    """What money and projects made of each other.

    Attributes:
        started: Projects started.
        used: Share of each offer that was used.
        balance: Unused public money that is kept, bn yuan.
        investment: Money spent on projects, over stages.
        spent: The same, over regions.
        idle: Cost of projects that waited in vain, over regions.
        drawn: Balances of former years used, over regions.
        lapsed: Public money handed back, over all.
        kept: Balances, over all.
        taken: Offers used by mechanism, before stage shares, over regions.
    """

    started: Element
    used: Element
    balance: Element
    investment: Element
    spent: Element
    idle: Element
    drawn: Element
    lapsed: Element
    kept: Element
    taken: Any


@cell("Mrkn srkn srkn skn Ms Ms -> srkn srkn srkn rkn skn skn skn n n Mskn")
def started(
    offers: Any, waiting: Element, balance: Element, cost: Element, shares: Any, public: Any, *, execution: float,
    carry_over: float,
) -> Started:  # fmt: skip
    """A stage starts the lesser of projects waiting and money; all sources are used pro rata, public money that is not
    used is kept for the same pair and stage, or lapses.
    """
    offer = weighted(offers, shares) + balance
    begun = starts(waiting, execution * offer, cost)
    spent = begun * cost
    used = used_share(spent, offer)
    unused = unused_money(weighted(offers, public), balance, used)
    kept = carry_over * unused
    idle = (waiting - begun) * cost
    return Started(
        begun, used, kept, spent, spent, idle, balance * used, unused - kept, kept, scaled(offers, shares, used)
    )  # fmt: skip


class Matured(NamedTuple):
    """Cohorts at the end of the year.

    Attributes:
        researched: Research projects completed.
        in_progress, waiting: Stocks by stage.
        failed: Share of industrial projects that failed.
        capacity: Yearly output capacity, bn yuan a year; `installed` over regions.
        ended, good: Projects completed and succeeded, over regions.
        built: New capacity, over regions.
    """

    researched: Element
    in_progress: Any
    waiting: Any
    failed: Element
    capacity: Element
    ended: Any
    good: Any
    built: Element
    installed: Element


@cell("Srkn Srkn Srkn rkn rkn rkn rkn rkn rkn kn kn kn -> rkn Srkn Srkn rkn rkn Skn Skn kn kn")
def matured(
    in_progress: Any, waiting: Any, started: Any, know_how: Element, own_luck: Element, ecosystem: Element,
    capacity: Element, zone: Element, support: Element, common_luck: Element, breakthrough: Element, cost: Element,
    *, research_success: float, pilot_success: float, industrial_success: float, research_years: float,
    pilot_years: float, industrial_years: float, result_correlation: float, result_spread: float,
    breakthrough_boost: float, talent_echelon: float, zone_gain: float, pilot_cost: float, queue_ageing: float,
    industrial_cost: float, capital_productivity: float, depreciation: float, expansion_rate: float,
) -> Matured:  # fmt: skip
    """Cohorts complete at the rate 1 / duration; luck, know-how, a breakthrough and a zone decide how much succeeds.
    What succeeds waits for the next stage, or is built; proven lines ask to be expanded.
    """
    luck = shock(common_luck, own_luck, result_correlation, 0.5 * result_spread)
    boost = where(breakthrough > 0.0, breakthrough_boost, 1.0)
    zoned = pilot_boost(zone, zone_gain, support, waiting[1] * pilot_cost)
    able = research_success * echelon(talent_echelon, ecosystem)
    research = in_progress[0] / research_years
    pilot = in_progress[1] / pilot_years
    industrial = in_progress[2] / industrial_years
    proven = research * success_share(able, boost, zoned, know_how, luck)
    tried = pilot * success_share(pilot_success, boost, zoned, know_how, luck)
    share = success_share(industrial_success, boost, zoned, know_how, luck)
    built = industrial * share
    more = expansion(expansion_rate, capacity, cost, capital_productivity)
    added = new_capacity(built, industrial_cost, capital_productivity)
    installed = worn(capacity, depreciation, added)
    return Matured(
        researched=research,
        in_progress=(
            under_way(in_progress[0], started[0], research),
            under_way(in_progress[1], started[1], pilot),
            under_way(in_progress[2], started[2], industrial),
        ),
        waiting=(
            aged_queue(waiting[0], started[0], queue_ageing, 0.0),
            aged_queue(waiting[1], started[1], queue_ageing, proven),
            aged_queue(waiting[2], started[2], queue_ageing, tried + more),
        ),
        failed=1.0 - share,
        capacity=installed,
        ended=(research, pilot, industrial),
        good=(proven, tried, built),
        built=added,
        installed=installed,
    )


def progress(now: Moment) -> None:
    """6. Each stage starts the lesser of projects waiting and money; cohorts mature, succeed or fail."""
    case, state, shares = now.case, now.state, now.case.world.mechanism_stages
    now.cost = _costs(now)
    own = now.prospect
    waiting = now.run(queued, state.portfolio, own.weight, own.total, state.waiting, _ideas(now))
    public = shares * PUBLIC[:, None]
    begun = now.run(started, now.offers, waiting, state.balance, now.cost, shares, public)
    cohort = now.run(
        matured,
        state.in_progress,
        waiting,
        begun.started,
        own.know_how,
        case.draws.normal(Stream.RESULT_OWN, year=now.year),
        state.ecosystem,
        state.capacity,
        state.pilots,
        now.support.pilot,
        case.draws.normal(Stream.RESULT_COMMON, year=now.year, over="k"),
        state.breakthrough,
        now.cost[:, INDUSTRIAL],
        pilot_success=case.technology.pilot_success,
        zone_gain=now.mandate.pilot_success,
        expansion_rate=_expansion_rate(now),
    )
    now.begun, now.cohort = begun, cohort
    now.flows["waiting"] = total_over_sectors(begun.idle)
    state.balance, state.waiting, state.in_progress = begun.balance, cohort.waiting, cohort.in_progress
    state.capacity, state.cumulative = cohort.capacity, state.cumulative + cohort.built


def _costs(now: Moment) -> Array:
    """Cost of a project by stage, (n, stage, sector), bn yuan."""
    technology = now.case.technology
    industrial = unit_cost(
        initial=technology.industrial_cost,
        cumulative=now.state.cumulative,
        reference=now.case.first.cumulative,
        learning=technology.learning,
    )
    same = np.ones_like(industrial)
    return layered([technology.research_cost * same, technology.pilot_cost * same, industrial])


def _ideas(now: Moment) -> Array:
    """Research projects proposed by a region, (region,)."""
    case, settings = now.case, now.case.settings
    money = settings["government_share"] * case.world.fiscal_science * case.world.mechanism_stages[0, RESEARCH]
    return np.asarray(settings["idea_ratio"] * money / settings["research_cost"] * case.growth(now.year))


def _expansion_rate(now: Moment) -> float:
    """Share of capacity that proven lines ask for this year."""
    technology = now.case.technology
    start = technology.initial_growth + technology.depreciation
    return expansion_rate(now.years_since_start, start, technology.expansion, technology.ramp_years)
