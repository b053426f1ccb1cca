"""Phases 5 to 7 for one replicate, compiled: offers, projects, knowledge. Called by `year.rest_of_year`."""

from typing import Any

from model.compiled.kernels import (
    linked_presence,
    mean_over_neighbours,
    over_sectors,
    total,
    total_over_regions,
    total_over_sectors,
)
from model.compiled.primitives import inlined
from model.compiled.rules import (
    aged_queue,
    appetite,
    banks_appetite,
    breakthrough_probability,
    business_cycle,
    caught_up,
    credit,
    echelon,
    ecosystem_growth,
    enterprise_money,
    expansion,
    happens,
    new_capacity,
    one_effort,
    own_weight,
    pilot_boost,
    pooled,
    private_money,
    productivity,
    proposed,
    return_rate,
    share_of,
    shock,
    starts,
    success_share,
    under_way,
    unit_cost,
    unused_money,
    used_share,
    venture_money,
    worn,
)
from model.compiled.words import normals

RESEARCH, PILOT, INDUSTRIAL = 0, 1, 2
GOVERNMENT, GUIDANCE, ENTERPRISE, VENTURE, BANK, DONATION = 0, 1, 2, 3, 4, 5


@inlined
def fund(i: int, old: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """5. Offers of the six mechanisms into w.offered."""
    sectors, row = old.demand.shape[1], i if given.research_support.shape[0] > 1 else 0
    offered, used, price = w.offered, w.rows[0], w.rows[1]
    over_sectors(old.utilisation[i], sectors, used)
    over_sectors(old.price[i], sectors, price)
    use = 0.0
    for k in range(sectors):
        use += old.utilisation[i, k]
    cycle = business_cycle(use / sectors, s.venture_cyclicality)
    for c in range(used.size):
        share = given.portfolio[i, c]
        offered[GOVERNMENT, c] = pooled(table.research_pool[c], share, given.research_support[row, c])
        offered[GUIDANCE, c] = pooled(table.guidance_pool[c], share, given.guidance_support[row, c])
        offered[VENTURE, c] = venture_money(s.integration, table.venture_pool[c], cycle, share)
        offered[DONATION, c] = table.donation_pool[c] * share
    _private(i, old, given, table, s, w)


@inlined
def _private(i: int, old: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """Offers that look at the return of an industrial project: firms and banks."""
    offered, used, price, rate = w.offered, w.rows[0], w.rows[1], w.rows[2]
    success = table.success[INDUSTRIAL]
    for c in range(used.size):
        know_how = productivity(old.log_fit[i, c], 0.5)
        rate[c] = return_rate(
            success, s.margin, s.capital_productivity, used[c], price[c], know_how, s.depreciation
        )  # fmt: skip
    for c in range(used.size):
        willing = appetite(rate[c], s.enterprise_hurdle, s.hurdle_width)
        reach = echelon(s.enterprise_echelon, old.ecosystem[i, c])
        own = enterprise_money(table.firm_pool[c], given.portfolio[i, c], willing, reach)
        offered[ENTERPRISE, c] = private_money(own, s.guidance_draw * offered[GUIDANCE, c], s.integration)
    shares = table.shares
    for c in range(used.size):
        equity = offered[GOVERNMENT, c] * shares[GOVERNMENT, INDUSTRIAL]
        equity += offered[GUIDANCE, c] * shares[GUIDANCE, INDUSTRIAL]
        equity += offered[ENTERPRISE, c] * shares[ENTERPRISE, INDUSTRIAL]
        equity += offered[VENTURE, c] * shares[VENTURE, INDUSTRIAL]
        offered[BANK, c] = credit(s.leverage, equity, banks_appetite(rate[c], s.loan_rate, s.hurdle_width, used[c]))


@inlined
def propose(i: int, old: Any, given: Any, table: Any, s: Any, w: Any, waiting: Any) -> None:
    """Costs of projects by stage and sector; the research queue is this year's ideas."""
    sectors, weight, whole = old.demand.shape[1], w.rows[0], w.rows[1]
    for k in range(sectors):
        w.cost[RESEARCH, k], w.cost[PILOT, k] = s.research_cost, s.pilot_cost
        w.cost[INDUSTRIAL, k] = unit_cost(s.industrial_cost, old.cumulative[i, k], given.reference[i, k], s.learning)
    for c in range(weight.size):
        weight[c] = own_weight(old.log_fit[i, c], table.demand_root[c])
    total_over_sectors(weight, sectors, whole)
    for c in range(weight.size):
        own = share_of(weight[c], whole[c])
        waiting[RESEARCH, c] = proposed(table.ideas[c], own, given.portfolio[i, c])
        waiting[PILOT, c], waiting[INDUSTRIAL, c] = old.waiting[i, PILOT, c], old.waiting[i, INDUSTRIAL, c]


@inlined
def start(i: int, stage: int, old: Any, new: Any, table: Any, s: Any, w: Any, waiting: Any, flows: Any) -> None:
    """Money meets the projects of a stage."""
    sectors = old.demand.shape[1]
    offer, public, cost, unused = w.rows[0], w.rows[1], w.rows[2], w.rows[3]
    offer[:] = 0.0
    public[:] = 0.0
    for mechanism in range(w.offered.shape[0]):
        if table.shares[mechanism, stage] > 0.0:
            for c in range(offer.size):
                offer[c] += w.offered[mechanism, c] * table.shares[mechanism, stage]
                public[c] += w.offered[mechanism, c] * table.public[mechanism, stage]
    over_sectors(w.cost[stage], sectors, cost)
    for c in range(offer.size):
        money = offer[c] + old.balance[i, stage, c]
        w.started[stage, c] = starts(waiting[stage, c], s.execution * money, cost[c])
        w.spent[stage, c] = w.started[stage, c] * cost[c]
        w.used[stage, c] = used_share(w.spent[stage, c], money)
    for c in range(offer.size):
        unused[c] = unused_money(public[c], old.balance[i, stage, c], w.used[stage, c])
        new.balance[i, stage, c] = s.carry_over * unused[c]
    flows.lapsed[i] += total(unused) - total(new.balance[i, stage])
    flows.public_balance[i] += total(new.balance[i, stage])
    _pay(i, stage, old, table, w)


@inlined
def _pay(i: int, stage: int, old: Any, table: Any, w: Any) -> None:
    """Money used by mechanism and sector in a stage: offers pro rata, balances to the public ones."""
    sectors, part, work = old.demand.shape[1], w.rows[0], w.rows[1]
    for c in range(part.size):
        part[c] = old.balance[i, stage, c] * w.used[stage, c]
    total_over_regions(part, sectors, work, w.sums[0])
    for mechanism in range(w.offered.shape[0]):
        share, source = table.shares[mechanism, stage], table.source[mechanism, stage]
        w.sums[1, :] = 0.0
        if share > 0.0:
            for c in range(part.size):
                part[c] = w.offered[mechanism, c] * w.used[stage, c]
            total_over_regions(part, sectors, work, w.sums[1])
        for k in range(sectors):
            w.money[mechanism, stage, k] = share * w.sums[1, k] + w.sums[0, k] * source


@inlined
def mature(i: int, old: Any, given: Any, table: Any, s: Any, w: Any, waiting: Any) -> None:
    """Cohorts complete; luck, know-how, a breakthrough and a zone decide how much of them succeeds."""
    sectors, row = old.demand.shape[1], i if given.pilot_support.shape[0] > 1 else 0
    common, luck, know, zone = w.rows[0], w.rows[1], w.rows[2], w.rows[3]
    normals(given.common[i], w.sums[0])
    over_sectors(w.sums[0], sectors, common)
    normals(given.result[i], luck)
    for c in range(luck.size):
        luck[c] = shock(common[c], luck[c], s.result_correlation, s.result_spread)
    for c in range(luck.size):
        know[c] = productivity(old.log_fit[i, c], 0.2)
        need = waiting[PILOT, c] * s.pilot_cost
        zone[c] = pilot_boost(given.pilots[i, c], s.pilot_success, given.pilot_support[row, c], need)
    for k in range(sectors):
        w.sums[1, k] = s.breakthrough_boost if old.breakthrough[i, k] > 0.0 else 1.0
    over_sectors(w.sums[1], sectors, common)
    for stage in range(3):
        for c in range(luck.size):
            talent = echelon(s.talent_echelon, old.ecosystem[i, c]) if stage == RESEARCH else 1.0
            base = table.success[stage] * talent
            w.share[stage, c] = success_share(base, common[c], zone[c], know[c], luck[c])
            w.completed[stage, c] = old.in_progress[i, stage, c] / table.lag[stage]
            w.succeeded[stage, c] = w.completed[stage, c] * w.share[stage, c]


@inlined
def move(i: int, old: Any, new: Any, s: Any, w: Any, waiting: Any, flows: Any) -> None:
    """Queues, projects under way and capacity at the end of the year."""
    sectors, built, cost, lost = old.demand.shape[1], w.rows[0], w.rows[1], w.rows[2]
    over_sectors(w.cost[INDUSTRIAL], sectors, cost)
    for stage in range(3):
        over_sectors(w.cost[stage], sectors, built)
        for c in range(built.size):
            lost[c] = (waiting[stage, c] - w.started[stage, c]) * built[c]
        flows.waiting[i, stage] = total(lost)
    for stage in range(3):
        for c in range(built.size):
            arrivals = 0.0 if stage == RESEARCH else w.succeeded[stage - 1, c]
            if stage == INDUSTRIAL:
                arrivals += expansion(s.expansion_rate, old.capacity[i, c], cost[c], s.capital_productivity)
            begun = w.started[stage, c]
            new.waiting[i, stage, c] = aged_queue(waiting[stage, c], begun, s.queue_ageing, arrivals)
            new.in_progress[i, stage, c] = under_way(old.in_progress[i, stage, c], begun, w.completed[stage, c])
    for c in range(built.size):
        built[c] = new_capacity(w.succeeded[INDUSTRIAL, c], s.industrial_cost, s.capital_productivity)
        new.capacity[i, c] = worn(old.capacity[i, c], s.depreciation, built[c])
    total_over_regions(built, sectors, w.rows[1], w.sums[0])
    for k in range(sectors):
        new.cumulative[i, k] = old.cumulative[i, k] + w.sums[0, k]


@inlined
def spread(i: int, old: Any, new: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """7. Know-how spreads and grows with the ecosystem; breakthroughs may happen."""
    sectors, near, linked, effort = old.demand.shape[1], w.rows[0], w.rows[1], w.rows[2]
    mean_over_neighbours(old.log_fit[i], table.starts, table.others, table.weights, sectors, near)
    linked_presence(given.layout[i], table.links, sectors, linked)
    for c in range(near.size):
        growth = ecosystem_growth(
            s.ecosystem_rate, table.own_ecosystem[c], table.national_ecosystem[c], table.reference_ecosystem[c],
            s.chain_clusters * linked[c],
        )  # fmt: skip
        new.ecosystem[i, c] = old.ecosystem[i, c] + growth
        new.log_fit[i, c] = caught_up(old.log_fit[i, c], near[c], table.near[c], s.spillover) + growth
    for c in range(effort.size):
        effort[c] = one_effort(w.completed[RESEARCH, c], s.parallel_discount)
    total_over_regions(effort, sectors, w.rows[1], w.sums[0])
    for k in range(sectors):
        odds = breakthrough_probability(s.breakthrough_rate, table.readiness[k], w.sums[0, k], given.effort[i, 0])
        home, abroad = happens(given.home[i, k], odds), happens(given.abroad[i, k], s.foreign_hazard)
        new.breakthrough[i, k] = max(old.breakthrough[i, k], home)
        new.foreign[i, k] = max(old.foreign[i, k], abroad)
