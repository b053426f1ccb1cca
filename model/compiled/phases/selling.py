"""Phases 8 to 10 for one block of lanes, compiled: markets, repayment, the record. Called by `year`."""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import add, clear, copied, total_over_sectors
from qipan.model.compiled.arithmetic.primitives import logarithm
from qipan.model.compiled.compiling import called, entry, inlined
from qipan.model.compiled.forms import perceived
from qipan.model.compiled.phases.investing import (
    BANK,
    COMPLETED,
    DRAWN,
    INDUSTRIAL,
    RESEARCH,
    STARTED,
    SUCCEEDED,
    UNUSED,
    WAITING,
)
from qipan.model.compiled.rules import (
    cleared_price,
    early_demand,
    effective_producers,
    failed_share,
    grown_demand,
    log_productivity,
    market_alone,
    market_ceiling,
    on_the_books,
    reach,
    repaid,
    share_of,
    sharing,
    small_burden,
    supplied,
    utilisation,
    worn,
)


@called
def supply(b: int, fit: Any, old: Any, s: Any, w: Any, flows: Any) -> None:
    """What each region could sell, into flows.sold, and the nation."""
    nation, minimum = flows.supply[b], logarithm(s.minimum_scale)
    clear(nation)
    for c in range(nation.size):
        w.rate[c] = logarithm(w.nation[c] / s.regions)
    for r in range(fit.shape[1]):
        know, capacity, out = fit[b, r], old.capacity[b, r], flows.sold[b, r]
        for c in range(nation.size):
            w.near[c] = logarithm(capacity[c])
        for c in range(nation.size):
            skill = log_productivity(know[c], 0.3)
            out[c] = supplied(capacity[c], w.near[c], w.rate[c], skill, s.agglomeration)
        add(out, nation)
        if (s.minimum_scale > 0.0) & (s.scale_operating > 0.0):
            for c in range(nation.size):
                w.small[r, c] = out[c] * small_burden(w.near[c], minimum, s.scale_operating)


@called
def meet(b: int, old: Any, given: Any, s: Any, w: Any, flows: Any) -> None:
    """8. Demand grows, markets clear."""
    clear(w.near)
    if s.pilot_demand > 0.0:
        for r in range(given.pilots.shape[1]):
            add(given.pilots[b, r], w.near)
    value, broken, foreign, demand = given.value[b], old.breakthrough[b], old.foreign[b], old.demand[b]
    used, price, offered, first = old.utilisation[b], old.price[b], flows.supply[b], given.producers[b]
    for c in range(demand.size):
        ceiling = market_ceiling(value[c], s.ceiling_before, broken[c], foreign[c], s.foreign_loss)
        makers = effective_producers(w.nation[c], w.squares[c])
        ceiling = ceiling * reach(makers, first[c], s.efficient_bases)
        spontaneous = early_demand(s.spontaneous_demand, s.pilot_demand, w.near[c])
        demand[c] = grown_demand(demand[c], ceiling, spontaneous, s.imitative_demand)
        used[c] = utilisation(demand[c], offered[c])
        price[c] = cleared_price(used[c], s.price_elasticity)


@inlined
def operate(b: int, r: int, used: Any, s: Any, lanes: int, w: Any, flows: Any) -> None:
    """What small bases cost more to operate."""
    if (s.minimum_scale > 0.0) & (s.scale_operating > 0.0):
        cost = max(1.0 - s.social_surplus, 0.0)
        for c in range(used.size):
            w.near[c] = cost * w.small[r, c] * used[c]
        total_over_sectors(w.near, lanes, flows.small_cost[b, r])
    else:
        clear(flows.small_cost[b, r])


@inlined
def sell(b: int, r: int, old: Any, table: Any, s: Any, lanes: int, w: Any, flows: Any) -> None:
    """Everybody sells the same share of supply, at one price. 9. Loans fall due; cash, what is paid and what goes bad
    add up over regions.
    """
    used, price, sold, output = old.utilisation[b], old.price[b], flows.sold[b, r], flows.output[b, r]
    cohort, performing, arrears = old.cohort_loans[b, r], old.performing[b, r], old.arrears[b, r]
    lent, share, lag = w.lent[r], w.industrial[r], table.lag[INDUSTRIAL]
    for c in range(lent.size):
        sold[c] = sold[c] * used[c]
        output[c] = sold[c] * price[c]
        cash, before = s.margin * output[c], arrears[c]
        debt = repaid(
            cohort[c],
            performing[c],
            before,
            lent[c],
            1.0 - share[c],
            cash,
            lag,
            s.loan_years,
            s.loan_rate,
            s.default_share,
        )
        w.cash[c] += cash
        w.paid[c] += debt.principal + debt.interest
        w.bad[c] += debt.arrears - before
        cohort[c], performing[c] = debt.cohort_loans, debt.performing
        arrears[c] = on_the_books(debt.arrears, s.write_off)
    operate(b, r, used, s, lanes, w, flows)


@called
def write_off(b: int, old: Any, table: Any, s: Any, lanes: int, w: Any, flows: Any) -> None:
    """Money in completing projects becomes capacity where they succeed and is lost where they fail."""
    for stage in range(3):
        sums = w.by_stage[stage]
        drawn, completed, succeeded = sums[DRAWN], sums[COMPLETED], sums[SUCCEEDED]
        for c in range(w.near.size):
            w.near[c] = failed_share(completed[c], succeeded[c])
        for mechanism in range(w.money.shape[0]):
            share, source = table.shares[mechanism, stage], table.source[mechanism, stage]
            money, at_work = w.money[mechanism, stage], old.at_work[b, mechanism, stage]
            invested = w.invested[mechanism]
            fails, counts = 0.0 if mechanism == BANK else 1.0, 0.0 if (mechanism == BANK) | (stage == RESEARCH) else 1.0
            for c in range(w.near.size):
                money[c] = share * money[c] + drawn[c] * source
                completing = at_work[c] / table.lag[stage]
                lost = fails * (completing * w.near[c])
                w.lost[mechanism, c] += lost
                at_work[c] = at_work[c] - completing + money[c]
                invested[c] += counts * (completing - lost)
            total_over_sectors(money, lanes, flows.money[b, mechanism, stage])
    for mechanism in range(w.money.shape[0]):
        invested, kept = w.invested[mechanism], old.invested[b, mechanism]
        total_over_sectors(w.bad if mechanism == BANK else w.lost[mechanism], lanes, flows.lost[b, mechanism])
        for c in range(w.near.size):
            kept[c] = worn(kept[c], s.depreciation, invested[c])


@called
def hand_back(b: int, old: Any, lanes: int, w: Any, flows: Any) -> None:
    """Profit goes to those who paid for capacity, interest and principal to banks."""
    clear(w.near)
    for mechanism in range(w.invested.shape[0]):
        add(old.invested[b, mechanism], w.near)
    for mechanism in range(w.invested.shape[0]):
        invested = old.invested[b, mechanism]
        for c in range(w.near.size):
            part = share_of(invested[c], w.near[c]) * (w.cash[c] - w.paid[c])
            w.rate[c] = w.paid[c] if mechanism == BANK else part
        total_over_sectors(w.rate, lanes, flows.returned[b, mechanism])


@inlined
def record(b: int, r: int, given: Any, s: Any, lanes: int, w: Any, flows: Any) -> None:
    """10. What is recorded of a region before it sells."""
    investment, public, o, started, cost = (
        flows.investment[b, r],
        flows.public_money[b, r],
        w.offered,
        w.started,
        w.cost,
    )
    for c in range(w.near.size):
        investment[c] = started[0, c] * cost[0, c] + started[1, c] * cost[1, c] + started[2, c] * cost[2, c]
        w.near[c] = o[0, c] + o[1, c]
    total_over_sectors(w.near, lanes, public)
    for mechanism in range(w.offers.shape[0]):
        add(o[mechanism], w.offers[mechanism])
    total_over_sectors(w.public, lanes, flows.public_used[b, r])
    total_over_sectors(w.private, lanes, flows.private_used[b, r])
    total_over_sectors(w.overhead, lanes, flows.overhead[b, r])
    total_over_sectors(w.general, lanes, flows.general_budget[b, r])
    row, ended = b if given.research_support.shape[0] > 1 else 0, w.completed[RESEARCH]
    for_research, for_funds = given.research_support[row, r], given.guidance_support[row, r]
    for c in range(w.near.size):
        w.near[c] = for_research[c] + for_funds[c]
        w.rate[c] = s.research_cost * ended[c]
    total_over_sectors(w.near, lanes, flows.directed[b, r])
    total_over_sectors(w.rate, lanes, flows.completed_research[b, r])


@called
def totals(b: int, s: Any, lanes: int, w: Any, flows: Any) -> None:
    """Totals of the year."""
    scaled = (s.minimum_scale > 0.0) & (s.scale_exponent < 1.0)
    for mechanism in range(w.offers.shape[0]):
        total_over_sectors(w.offers[mechanism], lanes, flows.offered[b, mechanism])
    clear(w.rate)
    clear(w.near)
    for stage in range(3):
        sums = w.by_stage[stage]
        for c in range(w.near.size):
            kept, cost = s.carry_over * sums[UNUSED, c], w.cost[stage, c]
            w.near[c] += sums[UNUSED, c] - kept
            w.rate[c] += kept
            sums[SUCCEEDED, c] = sums[SUCCEEDED, c] * cost
        if scaled & (stage == INDUSTRIAL):
            copied(w.valued, sums[SUCCEEDED])
        total_over_sectors(sums[STARTED], lanes, flows.starts[b, stage])
        total_over_sectors(sums[WAITING], lanes, flows.waiting[b, stage])
        total_over_sectors(sums[SUCCEEDED], lanes, flows.successes[b, stage])
    total_over_sectors(w.near, lanes, flows.lapsed[b])
    total_over_sectors(w.rate, lanes, flows.public_balance[b])


@called
def payoff(b: int, given: Any, form: Any, lanes: int, w: Any, flows: Any) -> None:
    """What the present layouts truly earn in the nation."""
    clear(w.rate)
    clear(w.near)
    for r in range(given.layout.shape[1]):
        layout, alone = given.layout[b, r], given.alone[b, r]
        for c in range(w.rate.size):
            w.rate[c] += layout[c]
            w.near[c] += layout[c] * alone[c]
    if form.number == 0:
        for c in range(w.near.size):
            w.near[c] = w.near[c] / sharing(max(w.rate[c], 1.0), form.bases) - form.cost * w.rate[c]
    else:
        for c in range(w.rate.size):
            w.rate[c] = max(w.rate[c], 1.0)
        _each(b, given, form, w)
    total_over_sectors(w.near, lanes, flows.payoff[b])


@inlined
def _each(b: int, given: Any, form: Any, w: Any) -> None:
    """What the layouts earn in other forms than the market's, region by region."""
    clear(w.near)
    for r in range(given.layout.shape[1]):
        layout = given.layout[b, r]
        perceived(form, given.worth[b], given.true_fit[b, r], w.rate, w.know)
        for c in range(w.know.size):
            w.near[c] += layout[c] * w.know[c]


@entry
def alone(worth: Any, true_fit: Any, form: Any, out: Any) -> None:
    """What a sector would truly be worth to a region alone, in the market form; it stays the same from year to year."""
    for b in range(out.shape[0]):
        for r in range(out.shape[1]):
            for c in range(out.shape[2]):
                out[b, r, c] = market_alone(worth[b, c], true_fit[b, r, c], form.fit_weight)
