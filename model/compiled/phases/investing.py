"""Phases 5 to 7 for one region of a block of lanes, compiled: offers, projects, knowledge. Called by `year`.

A rule whose factors are partly the same for all regions is called twice: for those factors once a block of lanes, and
for each region with ones in their places, which the compiler drops.
"""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import (
    beside_sectors,
    clear,
    copied,
    linked_presence,
    mean_over_neighbours,
    total_over_sectors,
)
from qipan.model.compiled.arithmetic.words import normals
from qipan.model.compiled.compiling import inlined
from qipan.model.compiled.rules import (
    aged_queue,
    appetite,
    banks_appetite,
    caught_up,
    credit,
    echelon,
    ecosystem_growth,
    enterprise_money,
    expansion,
    joint_effort,
    net_growth,
    new_capacity,
    one_effort,
    overhead,
    pilot_boost,
    pooled,
    private_money,
    productive,
    proposed,
    return_rate,
    root_effort,
    scale_penalty,
    share_of,
    shock,
    sited,
    skill,
    split_of_firms,
    starts,
    success_share,
    under_way,
    unused_money,
    used_money,
    used_share,
    venture_money,
    worn,
)
from qipan.model.nation import ROOT

RESEARCH, PILOT, INDUSTRIAL = 0, 1, 2
GOVERNMENT, GUIDANCE, ENTERPRISE, VENTURE, BANK, DONATION = 0, 1, 2, 3, 4, 5
STARTED, WAITING, DRAWN, UNUSED, COMPLETED, SUCCEEDED = 0, 1, 2, 3, 4, 5


@inlined
def expect(b: int, r: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """What know-how brings: the return an industrial project showed last year into w.rate, odds of success into
    w.know; into w.own, weights of the sectors of a region's own.
    """
    fit = old.log_fit[b, r]
    for c in range(w.rate.size):
        known = skill(fit[c])
        w.rate[c] = return_rate(1.0, 1.0, 1.0, w.gross[c], 1.0, known.root, s.depreciation)
        w.know[c] = w.boost[c] * known.fifth
        w.own[c] = known.fit * table.demand_root[c]


@inlined
def run_bases(b: int, r: int, given: Any, table: Any, s: Any, w: Any) -> None:
    """The share of public money that is left for projects into w.productive; what bases cost into w.overhead and
    w.general.
    """
    row, portfolio, layout = b if given.research_support.shape[0] > 1 else 0, given.portfolio[b, r], given.layout[b, r]
    for_research, for_funds = given.research_support[row, r], given.guidance_support[row, r]
    pool, fresh = table.research_pool[r] + table.guidance_pool[r], 1.0 - s.old_wine
    for c in range(w.productive.size):
        own, due = fresh * (pool * portfolio[c] + for_research[c] + for_funds[c]), s.base_cost * layout[c]
        paid = overhead(due, own)
        w.overhead[c], w.general[c] = paid, due - paid
        w.productive[c] = fresh * productive(own, paid)


@inlined
def ask_firms(b: int, r: int, old: Any, given: Any, s: Any, lanes: int, w: Any) -> None:
    """How firms split their money into w.firms."""
    portfolio, capacity = given.portfolio[b, r], old.capacity[b, r]
    total_over_sectors(capacity, lanes, w.one)
    beside_sectors(w.one, lanes, w.near)
    for c in range(w.firms.size):
        w.firms[c] = split_of_firms(portfolio[c], capacity[c], w.near[c], s.market_led)


@inlined
def fund(b: int, r: int, old: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """5. Offers of the six mechanisms into w.offered."""
    row, portfolio, used = b if given.research_support.shape[0] > 1 else 0, given.portfolio[b, r], old.utilisation[b]
    for_research, for_funds = given.research_support[row, r], given.guidance_support[row, r]
    research, funds, firms = table.research_pool[r], table.guidance_pool[r], table.firm_pool[r]
    venture, donated, cycle = table.venture_pool[r], table.donation_pool[r], w.cycle
    ecosystem = old.ecosystem[b, r] if s.enterprise_echelon > 0.0 else w.nothing
    led = w.firms if s.market_led > 0.0 else portfolio
    a, g = table.shares[GOVERNMENT, INDUSTRIAL], table.shares[GUIDANCE, INDUSTRIAL]
    e, v = table.shares[ENTERPRISE, INDUSTRIAL], table.shares[VENTURE, INDUSTRIAL]
    for c in range(w.cycle.size):
        w.near[c] = appetite(w.rate[c], s.enterprise_hurdle, s.hurdle_width)
    for c in range(w.cycle.size):
        share, rate = portfolio[c], w.rate[c]
        left = w.productive[c]
        government, guidance = pooled(research, share, for_research[c], left), pooled(funds, share, for_funds[c], left)
        reach = echelon(s.enterprise_echelon, ecosystem[c])
        own = enterprise_money(firms, led[c], w.near[c], reach)
        enterprise = private_money(own, s.guidance_draw * guidance, s.integration)
        adventure = venture_money(s.integration, venture, cycle[c], share)
        equity = government * a + guidance * g + enterprise * e + adventure * v
        willing = banks_appetite(rate, s.loan_rate, s.hurdle_width, used[c], w.sound[c])
        w.offered[GOVERNMENT, c], w.offered[GUIDANCE, c], w.offered[ENTERPRISE, c] = government, guidance, enterprise
        w.offered[VENTURE, c], w.offered[DONATION, c] = adventure, donated * share
        w.offered[BANK, c] = credit(s.leverage, equity, willing)


@inlined
def propose(b: int, r: int, old: Any, given: Any, table: Any, lanes: int, w: Any) -> None:
    """The research queue is this year's ideas."""
    portfolio, waiting, ideas = given.portfolio[b, r], old.waiting[b, RESEARCH, r], table.ideas[r]
    total_over_sectors(w.own, lanes, w.one)
    for lane in range(lanes):
        w.one[lane] = share_of(1.0, w.one[lane])
    beside_sectors(w.one, lanes, w.near)
    for c in range(w.own.size):
        waiting[c] = proposed(ideas, w.own[c] * w.near[c], portfolio[c])


@inlined
def price(b: int, r: int, old: Any, s: Any, w: Any) -> None:
    """What an industrial project costs in a region: more in a small base."""
    capacity, cost, bought = old.capacity[b, r], w.cost[INDUSTRIAL], w.bought[INDUSTRIAL]
    plant = s.industrial_cost * s.capital_productivity
    for c in range(w.learned.size):
        cost[c] = w.learned[c] * scale_penalty(capacity[c], plant, s.minimum_scale, s.scale_exponent)
        bought[c] = 1.0 / cost[c]


@inlined
def value(w: Any) -> None:
    """What a region's industrial projects that succeeded had cost."""
    for c in range(w.valued.size):
        w.valued[c] += w.arrived[c] * w.cost[INDUSTRIAL, c]


@inlined
def start(b: int, r: int, stage: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """Money meets the projects of a stage; sums over regions grow."""
    sh, p0, p1 = table.shares, table.public[0, stage], table.public[1, stage]
    s0, s1, s2, s3, s4, s5 = sh[0, stage], sh[1, stage], sh[2, stage], sh[3, stage], sh[4, stage], sh[5, stage]
    balance, waiting, cost, bought = old.balance[b, stage, r], old.waiting[b, stage, r], w.cost[stage], w.bought[stage]
    started, used, sums, o = w.started[stage], w.used[stage], w.by_stage[stage], w.offered
    for c in range(cost.size):
        offer = o[0, c] * s0 + o[1, c] * s1 + o[2, c] * s2 + o[3, c] * s3 + o[4, c] * s4 + o[5, c] * s5
        kept, queue = balance[c], waiting[c]
        money = offer + kept
        begun = starts(queue, s.execution * money * bought[c], 1.0)
        spent = begun * cost[c]
        part = used_share(spent, money)
        public = o[0, c] * p0 + o[1, c] * p1
        unused = unused_money(public, kept, part)
        w.public[c] += used_money(public, kept, part)
        w.private[c] += (offer - public) * part
        started[c], used[c], balance[c] = begun, part, s.carry_over * unused
        sums[STARTED, c] += spent
        sums[WAITING, c] += (queue - begun) * cost[c]
        sums[DRAWN, c] += kept * part
        sums[UNUSED, c] += unused
    for mechanism in range(6):
        if sh[mechanism, stage] > 0.0:
            offered, money_of = o[mechanism], w.money[mechanism, stage]
            for c in range(cost.size):
                money_of[c] += offered[c] * used[c]


@inlined
def luck(b: int, r: int, old: Any, given: Any, s: Any, w: Any) -> None:
    """What moves the odds of a region's projects: luck into w.luck, the odds of its pilots in zones into
    w.zoned.
    """
    normals(given.result[b, r], w.place, w.far, w.luck)
    for c in range(w.luck.size):
        w.luck[c] = shock(w.common[c], w.luck[c], s.result_correlation, s.result_spread)
    if s.pilot_success > 0.0:
        row = b if given.pilot_support.shape[0] > 1 else 0
        pilots, support, queue = given.pilots[b, r], given.pilot_support[row, r], old.waiting[b, PILOT, r]
        for c in range(w.luck.size):
            w.zoned[c] = w.know[c] * pilot_boost(pilots[c], s.pilot_success, support[c], queue[c] * s.pilot_cost)


@inlined
def mature(b: int, r: int, stage: int, old: Any, table: Any, s: Any, w: Any) -> None:
    """Cohorts of a stage complete, as far as luck, know-how, a breakthrough and a zone let them; queues move on. What
    succeeded in the stage before is in w.arrived, what succeeds takes its place.
    """
    base, lag, reach = table.success[stage], table.lag[stage], s.talent_echelon if stage == RESEARCH else 0.0
    ecosystem, progress, waiting = (
        old.ecosystem[b, r] if reach > 0.0 else w.nothing,
        old.in_progress[b, stage, r],
        old.waiting[b, stage, r],
    )
    know = w.zoned if stage == PILOT and s.pilot_success > 0.0 else w.know
    completed, sums, started = w.completed[stage], w.by_stage[stage], w.started[stage]
    for c in range(completed.size):
        chance = success_share(base * echelon(reach, ecosystem[c]), know[c], 1.0, 1.0, w.luck[c])
        ends, begun, comes = progress[c] / lag, started[c], w.arrived[c]
        good = ends * chance
        w.share[c], completed[c], w.arrived[c] = chance, ends, good
        sums[COMPLETED, c] += ends
        sums[SUCCEEDED, c] += good
        progress[c] = under_way(progress[c], begun, ends)
        waiting[c] = aged_queue(waiting[c], begun, s.queue_ageing, comes)


@inlined
def build(b: int, r: int, old: Any, given: Any, table: Any, s: Any, w: Any) -> None:
    """Proven lines are to be expanded, beside old plant or where money invites; capacity wears out and is built."""
    capacity, waiting, rate = old.capacity[b, r], old.waiting[b, INDUSTRIAL, r], s.expansion_rate
    if s.footloose > 0.0:
        portfolio, size = given.portfolio[b, r], table.size[r]
        for c in range(w.built.size):
            base = sited(capacity[c], w.plant[c], portfolio[c] * size, w.invited[c], s.footloose)
            waiting[c] += expansion(rate, base, s.industrial_cost, s.capital_productivity)
        rate = 0.0
    for c in range(w.built.size):
        before, built = capacity[c], new_capacity(w.arrived[c], s.industrial_cost, s.capital_productivity)
        waiting[c] += expansion(rate, before, s.industrial_cost, s.capital_productivity)
        w.built[c] += built
        capacity[c] = worn(before, s.depreciation, built)
        w.nation[c] += capacity[c]
        w.squares[c] += capacity[c] * capacity[c]


@inlined
def spread(b: int, r: int, old: Any, new_fit: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """7. Know-how spreads and grows with the ecosystem; research and pilots add to the effort towards a
    breakthrough.
    """
    fit, out, weight, completed = old.log_fit[b, r], new_fit[b, r], table.near[r], w.completed[RESEARCH]
    if s.spillover > 0.0:
        mean_over_neighbours(old.log_fit[b], table.starts[r], table.starts[r + 1], table.others, table.weights, w.near)
        for c in range(out.size):
            out[c] = caught_up(fit[c], w.near[c], weight, s.spillover)
    else:
        copied(fit, out)
    if s.ecosystem_rate * table.reference_ecosystem[r] > 0.0 or s.ecosystem_decay > 0.0:
        _grow(b, r, old, out, given, table, s, lanes, w)
    if s.pilot_effort > 0.0:
        for c in range(out.size):
            completed[c] = joint_effort(completed[c], w.completed[PILOT, c], s.pilot_effort)
    if s.parallel_discount == ROOT:
        for c in range(out.size):
            w.effort[c] += root_effort(completed[c])
    else:
        for c in range(out.size):
            w.effort[c] += one_effort(completed[c], s.parallel_discount)


@inlined
def _grow(b: int, r: int, old: Any, out: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """The ecosystem grows or decays, and know-how with it."""
    clear(w.near)
    if s.chain_clusters > 0.0:
        linked_presence(given.layout[b, r], table.links, lanes, w.near)
    ecosystem, own, nation = old.ecosystem[b, r], table.own_ecosystem[r], table.national_ecosystem[r]
    for c in range(out.size):
        cluster = s.chain_clusters * w.near[c]
        growth = ecosystem_growth(s.ecosystem_rate, own, nation, table.reference_ecosystem[r], cluster)
        growth = net_growth(growth, ecosystem[c], s.ecosystem_decay)
        ecosystem[c] += growth
        out[c] += growth
