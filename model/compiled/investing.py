"""Phases 5 to 7 for one region of a block of lanes, compiled: offers, projects, knowledge. Called by `year`."""

from typing import Any

from model.compiled.kernels import beside_sectors, linked_presence, mean_over_neighbours, total_over_sectors
from model.compiled.primitives import called, inlined
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


@called
def prepare(b: int, old: Any, given: Any, s: Any, lanes: int, w: Any) -> None:
    """What is national before any region acts: costs, the business cycle, the common part of luck."""
    sectors = w.cycle.size // lanes
    total_over_sectors(old.utilisation[b], lanes, w.one)
    for lane in range(lanes):
        w.one[lane] = business_cycle(w.one[lane] / sectors, s.venture_cyclicality)
    beside_sectors(w.one, lanes, w.cycle)
    normals(given.common[b], w.place, w.far, w.common)
    cumulative, reference, broken = old.cumulative[b], given.reference[b], old.breakthrough[b]
    for c in range(w.cycle.size):
        w.cost[RESEARCH, c], w.cost[PILOT, c] = s.research_cost, s.pilot_cost
        w.cost[INDUSTRIAL, c] = unit_cost(s.industrial_cost, cumulative[c], reference[c], s.learning)
        flag = broken[c]
        w.boost[c] = s.breakthrough_boost if flag > 0.0 else 1.0


@inlined
def expect(b: int, r: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """What an industrial project looked like last year, into w.rate."""
    used, price, fit, success = old.utilisation[b], old.price[b], old.log_fit[b, r], table.success[INDUSTRIAL]
    for c in range(w.rate.size):
        skill = productivity(fit[c], 0.5)
        w.rate[c] = return_rate(success, s.margin, s.capital_productivity, used[c], price[c], skill, s.depreciation)


@inlined
def fund(b: int, r: int, old: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """5. Offers of the six mechanisms into w.offered."""
    row, portfolio, used = b if given.research_support.shape[0] > 1 else 0, given.portfolio[b, r], old.utilisation[b]
    for_research, for_funds = given.research_support[row, r], given.guidance_support[row, r]
    research, funds, firms = table.research_pool[r], table.guidance_pool[r], table.firm_pool[r]
    venture, donated, ecosystem, cycle = table.venture_pool[r], table.donation_pool[r], old.ecosystem[b, r], w.cycle
    a, g = table.shares[GOVERNMENT, INDUSTRIAL], table.shares[GUIDANCE, INDUSTRIAL]
    e, v = table.shares[ENTERPRISE, INDUSTRIAL], table.shares[VENTURE, INDUSTRIAL]
    for c in range(w.cycle.size):
        share, rate = portfolio[c], w.rate[c]
        government, guidance = pooled(research, share, for_research[c]), pooled(funds, share, for_funds[c])
        reach = echelon(s.enterprise_echelon, ecosystem[c])
        own = enterprise_money(firms, share, appetite(rate, s.enterprise_hurdle, s.hurdle_width), reach)
        enterprise = private_money(own, s.guidance_draw * guidance, s.integration)
        adventure = venture_money(s.integration, venture, cycle[c], share)
        equity = government * a + guidance * g + enterprise * e + adventure * v
        willing = banks_appetite(rate, s.loan_rate, s.hurdle_width, used[c])
        w.offered[GOVERNMENT, c], w.offered[GUIDANCE, c], w.offered[ENTERPRISE, c] = government, guidance, enterprise
        w.offered[VENTURE, c], w.offered[DONATION, c] = adventure, donated * share
        w.offered[BANK, c] = credit(s.leverage, equity, willing)


@inlined
def propose(b: int, r: int, old: Any, given: Any, table: Any, lanes: int, w: Any) -> None:
    """The research queue is this year's ideas."""
    fit, portfolio, waiting, ideas = (
        old.log_fit[b, r],
        given.portfolio[b, r],
        old.waiting[b, RESEARCH, r],
        table.ideas[r],
    )
    for c in range(w.rate.size):
        w.rate[c] = own_weight(fit[c], table.demand_root[c])
    total_over_sectors(w.rate, lanes, w.one)
    beside_sectors(w.one, lanes, w.near)
    for c in range(w.rate.size):
        waiting[c] = proposed(ideas, share_of(w.rate[c], w.near[c]), portfolio[c])


@inlined
def start(b: int, r: int, stage: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """Money meets the projects of a stage; sums over regions grow."""
    sh, pb = table.shares, table.public
    s0, s1, s2, s3, s4, s5 = sh[0, stage], sh[1, stage], sh[2, stage], sh[3, stage], sh[4, stage], sh[5, stage]
    p0, p1 = pb[0, stage], pb[1, stage]
    balance, waiting, cost = old.balance[b, stage, r], old.waiting[b, stage, r], w.cost[stage]
    started, used, spent, sums, o = w.started[stage], w.used[stage], w.spent[stage], w.by_stage[stage], w.offered
    for c in range(cost.size):
        offer = o[0, c] * s0 + o[1, c] * s1 + o[2, c] * s2 + o[3, c] * s3 + o[4, c] * s4 + o[5, c] * s5
        money = offer + balance[c]
        started[c] = starts(waiting[c], s.execution * money, cost[c])
        spent[c] = started[c] * cost[c]
        used[c] = used_share(spent[c], money)
    for c in range(cost.size):
        unused = unused_money(o[0, c] * p0 + o[1, c] * p1, balance[c], used[c])
        sums[0, c] += spent[c]
        sums[1, c] += (waiting[c] - started[c]) * cost[c]
        sums[2, c] += balance[c] * used[c]
        sums[3, c] += unused
        balance[c] = s.carry_over * unused
        sums[4, c] += balance[c]
    for mechanism in range(6):
        if sh[mechanism, stage] > 0.0:
            offered, money_of = o[mechanism], w.money[mechanism, stage]
            for c in range(cost.size):
                money_of[c] += offered[c] * used[c]


@inlined
def luck(b: int, r: int, old: Any, given: Any, s: Any, w: Any) -> None:
    """What moves the odds of a region's projects, into w.luck and w.odds."""
    row = b if given.pilot_support.shape[0] > 1 else 0
    pilots, support, fit, queue = (
        given.pilots[b, r],
        given.pilot_support[row, r],
        old.log_fit[b, r],
        old.waiting[b, PILOT, r],
    )
    normals(given.result[b, r], w.place, w.far, w.luck)
    for c in range(w.luck.size):
        w.luck[c] = shock(w.common[c], w.luck[c], s.result_correlation, s.result_spread)
    for c in range(w.luck.size):
        w.near[c] = pilot_boost(pilots[c], s.pilot_success, support[c], queue[c] * s.pilot_cost)
        w.know[c] = productivity(fit[c], 0.2)


@inlined
def mature(b: int, r: int, stage: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """Cohorts of a stage complete, as far as luck, know-how, a breakthrough and a zone let them; queues move on."""
    base, lag, reach = table.success[stage], table.lag[stage], s.talent_echelon if stage == RESEARCH else 0.0
    ecosystem, progress, waiting = old.ecosystem[b, r], old.in_progress[b, stage, r], old.waiting[b, stage, r]
    share, completed, succeeded, sums = w.share[stage], w.completed[stage], w.succeeded[stage], w.by_stage[stage]
    started = w.started[stage]
    for c in range(share.size):
        odds = base * echelon(reach, ecosystem[c])
        share[c] = success_share(odds, w.boost[c], w.near[c], w.know[c], w.luck[c])
        completed[c] = progress[c] / lag
        succeeded[c] = completed[c] * share[c]
    for c in range(share.size):
        sums[5, c] += completed[c]
        sums[6, c] += succeeded[c]
        progress[c] = under_way(progress[c], started[c], completed[c])
    arrivals, capacity, cost = w.succeeded[stage - 1 if stage > 0 else 0], old.capacity[b, r], w.cost[INDUSTRIAL]
    comes, grows = 0.0 if stage == RESEARCH else 1.0, s.expansion_rate if stage == INDUSTRIAL else 0.0
    for c in range(share.size):
        new = comes * arrivals[c] + expansion(grows, capacity[c], cost[c], s.capital_productivity)
        waiting[c] = aged_queue(waiting[c], started[c], s.queue_ageing, new)


@inlined
def build(b: int, r: int, old: Any, s: Any, w: Any) -> None:
    """Capacity wears out and is built."""
    capacity, succeeded = old.capacity[b, r], w.succeeded[INDUSTRIAL]
    for c in range(w.built.size):
        built = new_capacity(succeeded[c], s.industrial_cost, s.capital_productivity)
        w.built[c] += built
        capacity[c] = worn(capacity[c], s.depreciation, built)
        w.nation[c] += capacity[c]


@inlined
def spread(b: int, r: int, old: Any, new_fit: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """7. Know-how spreads and grows with the ecosystem; research adds to the effort towards a breakthrough."""
    mean_over_neighbours(old.log_fit[b], table.starts[r], table.starts[r + 1], table.others, table.weights, w.near)
    linked_presence(given.layout[b, r], table.links, lanes, w.rate)
    fit, ecosystem, weight, completed = old.log_fit[b, r], old.ecosystem[b, r], table.near[r], w.completed[RESEARCH]
    own, nation, reference = table.own_ecosystem[r], table.national_ecosystem[r], table.reference_ecosystem[r]
    out = new_fit[b, r]
    for c in range(out.size):
        growth = ecosystem_growth(s.ecosystem_rate, own, nation, reference, s.chain_clusters * w.rate[c])
        ecosystem[c] = ecosystem[c] + growth
        out[c] = caught_up(fit[c], w.near[c], weight, s.spillover) + growth
    for c in range(out.size):
        w.effort[c] += one_effort(completed[c], s.parallel_discount)


@called
def discover(b: int, old: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """Breakthroughs may happen, at home or abroad; capacity ever built grows."""
    beside_sectors(given.effort[b], lanes, w.rate)
    home, abroad, broken, foreign = given.home[b], given.abroad[b], old.breakthrough[b], old.foreign[b]
    cumulative = old.cumulative[b]
    for c in range(w.effort.size):
        odds = breakthrough_probability(s.breakthrough_rate, table.readiness[c], w.effort[c], w.rate[c])
        broken[c] = max(broken[c], happens(home[c], odds))
        foreign[c] = max(foreign[c], happens(abroad[c], s.foreign_hazard))
        cumulative[c] = cumulative[c] + w.built[c]
