"""Phases 8 to 10 for one replicate, compiled: markets, repayment, the record. Called by `year.rest_of_year`."""

from typing import Any

from model.compiled.forms import perceived
from model.compiled.investing import BANK, INDUSTRIAL, RESEARCH
from model.compiled.kernels import over_sectors, total, total_over_regions
from model.compiled.primitives import exponential, inlined
from model.compiled.rules import (
    cleared_price,
    early_demand,
    failed_share,
    grown_demand,
    market_ceiling,
    productivity,
    repaid,
    share_of,
    supplied,
    utilisation,
    worn,
)


@inlined
def clear(i: int, old: Any, new: Any, given: Any, s: Any, w: Any, flows: Any) -> None:
    """8. Demand grows, markets clear."""
    sectors, nation, supply = old.demand.shape[1], w.rows[0], w.rows[1]
    _demand(i, old, new, given, s, w)
    total_over_regions(new.capacity[i], sectors, w.rows[1], w.sums[0])
    over_sectors(w.sums[0], sectors, nation)
    for c in range(nation.size):
        know_how = productivity(new.log_fit[i, c], 0.3)
        supply[c] = supplied(new.capacity[i, c], nation[c], know_how, s.agglomeration, s.minimum_scale, s.regions)
    total_over_regions(supply, sectors, w.rows[0], flows.supply[i])
    for k in range(sectors):
        new.utilisation[i, k] = utilisation(new.demand[i, k], flows.supply[i, k])
        new.price[i, k] = cleared_price(new.utilisation[i, k], s.price_elasticity)
    over_sectors(new.utilisation[i], sectors, w.rows[0])
    over_sectors(new.price[i], sectors, w.rows[2])
    for c in range(supply.size):
        flows.sold[i, c] = supply[c] * w.rows[0, c]
        flows.output[i, c] = flows.sold[i, c] * w.rows[2, c]


@inlined
def _demand(i: int, old: Any, new: Any, given: Any, s: Any, w: Any) -> None:
    """Demand one year on."""
    sectors = old.demand.shape[1]
    total_over_regions(given.pilots[i], sectors, w.rows[0], w.sums[0])
    for k in range(sectors):
        ceiling = market_ceiling(
            given.value[i, k], s.ceiling_before, new.breakthrough[i, k], new.foreign[i, k], s.foreign_loss
        )
        spontaneous = early_demand(s.spontaneous_demand, s.pilot_demand, w.sums[0, k])
        new.demand[i, k] = grown_demand(old.demand[i, k], ceiling, spontaneous, s.imitative_demand)


@inlined
def repay(i: int, old: Any, new: Any, table: Any, s: Any, w: Any, flows: Any) -> None:
    """9. Loans fall due; sums 2 and 3 take cash and what is paid."""
    sectors, cash, paid, bad = old.demand.shape[1], w.rows[0], w.rows[1], w.rows[2]
    for c in range(cash.size):
        cash[c] = s.margin * flows.output[i, c]
        lent = w.offered[BANK, c] * table.shares[BANK, INDUSTRIAL] * w.used[INDUSTRIAL, c]
        debt = repaid(
            old.cohort_loans[i, c], old.performing[i, c], old.arrears[i, c], lent,
            1.0 - w.share[INDUSTRIAL, c], cash[c], table.lag[INDUSTRIAL], s.loan_years, s.loan_rate, s.default_share,
        )  # fmt: skip
        new.cohort_loans[i, c], new.performing[i, c] = debt.cohort_loans, debt.performing
        new.arrears[i, c] = debt.arrears
        paid[c] = debt.principal + debt.interest
        bad[c] = debt.arrears - old.arrears[i, c]
    total_over_regions(cash, sectors, w.rows[3], w.sums[2])
    total_over_regions(paid, sectors, w.rows[3], w.sums[3])
    flows.lost[i, :] = 0.0
    flows.lost[i, BANK] = total(bad)


@inlined
def hand_back(i: int, new: Any, w: Any, flows: Any) -> None:
    """Profit goes to those who paid for capacity, interest and principal to banks."""
    flows.returned[i, :] = 0.0
    for k in range(new.demand.shape[1]):
        whole = 0.0
        for mechanism in range(w.offered.shape[0]):
            whole += new.invested[i, mechanism, k]
        for mechanism in range(w.offered.shape[0]):
            part = share_of(new.invested[i, mechanism, k], whole) * (w.sums[2, k] - w.sums[3, k])
            flows.returned[i, mechanism] += w.sums[3, k] if mechanism == BANK else part


@inlined
def write_off(i: int, old: Any, new: Any, table: Any, s: Any, w: Any, flows: Any) -> None:
    """Money in completing projects becomes capacity where they succeed and is lost where they fail."""
    sectors, mechanisms = old.demand.shape[1], w.offered.shape[0]
    new.invested[i] = 0.0
    for stage in range(3):
        total_over_regions(w.completed[stage], sectors, w.rows[0], w.sums[0])
        total_over_regions(w.succeeded[stage], sectors, w.rows[0], w.sums[1])
        for k in range(sectors):
            w.sums[0, k] = failed_share(w.sums[0, k], w.sums[1, k])
        for mechanism in range(mechanisms):
            for k in range(sectors):
                completing = old.at_work[i, mechanism, stage, k] / table.lag[stage]
                lost = completing * w.sums[0, k] if mechanism != BANK else 0.0
                flows.lost[i, mechanism] += lost
                kept = old.at_work[i, mechanism, stage, k] - completing
                new.at_work[i, mechanism, stage, k] = kept + w.money[mechanism, stage, k]
                if (stage != RESEARCH) & (mechanism != BANK):
                    new.invested[i, mechanism, k] += completing - lost
    for mechanism in range(mechanisms):
        for k in range(sectors):
            before = old.invested[i, mechanism, k]
            new.invested[i, mechanism, k] = worn(before, s.depreciation, new.invested[i, mechanism, k])


@inlined
def record(i: int, old: Any, new: Any, given: Any, table: Any, w: Any, flows: Any) -> None:
    """10. Totals of the year."""
    sectors, part = old.demand.shape[1], w.rows[0]
    for c in range(part.size):
        flows.investment[i, c] = w.spent[0, c] + w.spent[1, c] + w.spent[2, c]
    for mechanism in range(w.offered.shape[0]):
        flows.offered[i, mechanism] = total(w.offered[mechanism])
    for region in range(flows.arrears.shape[1]):
        flows.arrears[i, region], flows.public_money[i, region] = 0.0, 0.0
        for c in range(region * sectors, (region + 1) * sectors):
            flows.arrears[i, region] += new.arrears[i, c]
            flows.public_money[i, region] += w.offered[0, c] + w.offered[1, c]
    for stage in range(3):
        flows.starts[i, stage] = total(w.spent[stage])
        over_sectors(w.cost[stage], sectors, part)
        for c in range(part.size):
            part[c] = w.succeeded[stage, c] * part[c]
        flows.successes[i, stage] = total(part)
        for mechanism in range(w.offered.shape[0]):
            flows.money[i, mechanism, stage] = 0.0
            for k in range(sectors):
                flows.money[i, mechanism, stage] += w.money[mechanism, stage, k]


@inlined
def payoff(i: int, given: Any, form: Any, w: Any, flows: Any) -> None:
    """What the present layouts truly earn in the nation."""
    sectors, count, worth, earned = given.worth.shape[1], w.rows[0], w.rows[1], w.rows[2]
    total_over_regions(given.layout[i], sectors, w.rows[1], w.sums[0])
    for k in range(sectors):
        w.sums[0, k] = max(w.sums[0, k], 1.0)
    over_sectors(w.sums[0], sectors, count)
    over_sectors(given.worth[i], sectors, worth)
    perceived(form, worth, given.true_fit[i], count, earned)
    if form.number == 0:
        for c in range(earned.size):
            earned[c] = exponential(earned[c])
    for c in range(earned.size):
        earned[c] = given.layout[i, c] * earned[c]
    flows.payoff[i] = total(earned)
