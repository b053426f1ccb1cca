"""Phases 8 to 10: markets, repayment, the record of the year."""

import numpy as np

from qipan.model.axes import BANK_CREDIT, INDUSTRIAL, RESEARCH, Array, by_sector
from qipan.model.element import log
from qipan.model.funding.mechanisms import public_rows
from qipan.model.funding.repayment import equity_kept, failed_money, on_the_books, profit_shares, repaid
from qipan.model.kernels import total_over_regions, total_over_sectors
from qipan.model.moment import Moment
from qipan.model.nation import (
    cleared_price,
    early_demand,
    effective_supply,
    grown_demand,
    market_ceiling,
    producers_of,
    reach,
    small_burden,
    utilisation,
)
from qipan.model.region import log_productivity


def clear(now: Moment) -> None:
    """8. Demand grows along a diffusion curve; supply beyond it stands idle and depresses price."""
    case, state, market, technology = now.case, now.state, now.case.market, now.case.technology
    state.demand = _demand(now)
    supply = effective_supply(
        capacity=state.capacity,
        know_how=log_productivity(state.log_fit, 0.3),
        agglomeration=technology.agglomeration,
        regions=float(case.world.size.size),
    )
    now.flows["supply"] = total_over_regions(supply)
    state.utilisation = utilisation(demand=state.demand, supply=now.flows["supply"])
    state.price = cleared_price(used=state.utilisation, elasticity=market.price_elasticity)
    now.flows["sold"] = supply * by_sector(state.utilisation)
    now.flows["output"] = now.flows["sold"] * by_sector(state.price)
    now.flows["small_cost"] = _small_cost(now)


def _small_cost(now: Moment) -> Array:
    """Extra operating cost of bases below the smallest efficient one, (n, region), bn yuan: society's, no investor sees
    it.
    """
    technology = now.case.technology
    burden = small_burden(log(now.state.capacity), log(technology.minimum_scale), technology.scale_operating)
    cost = max(1.0 - now.case.market.social_surplus, 0.0)
    return np.asarray(cost * total_over_sectors(now.flows["sold"] * burden))


def _demand(now: Moment) -> Array:
    """Demand one year on."""
    case, state, market = now.case, now.state, now.case.market
    ceiling = market_ceiling(
        value=case.nature_value,
        before=market.ceiling_before,
        breakthrough=state.breakthrough,
        foreign=state.foreign,
        foreign_loss=case.technology.foreign_loss,
    )
    ceiling = ceiling * reach(producers_of(state.capacity), case.producers, case.behaviour.efficient_bases)
    spontaneous = early_demand(
        spontaneous=market.spontaneous_demand,
        per_zone=case.coordination.pilot_demand,
        zones=total_over_regions(state.pilots),
    )
    return grown_demand(state.demand, ceiling, spontaneous, market.imitative_demand)


def repay(now: Moment) -> None:
    """9. Loans fall due, profits go to those who paid for capacity, failed projects are written off."""
    case, state, shares = now.case, now.state, now.case.world.mechanism_stages
    lent = now.offered[:, BANK_CREDIT] * shares[BANK_CREDIT, INDUSTRIAL] * now.used[:, INDUSTRIAL]
    cash = case.market.margin * now.flows["output"]
    before = state.arrears
    debt = repaid(
        cohort_loans=state.cohort_loans,
        performing=state.performing,
        arrears=state.arrears,
        lent=lent,
        failed=1.0 - now.success[:, INDUSTRIAL],
        cash=cash,
        lag=case.technology.industrial_years,
        term=case.funding.loan_years,
        rate=case.funding.loan_rate,
        default_share=case.funding.default_share,
    )
    state.cohort_loans, state.performing, state.arrears = debt.cohort_loans, debt.performing, debt.arrears
    paid = total_over_regions(debt.principal + debt.interest)
    _write_off(now, bad=total_over_regions(state.arrears - before))
    state.arrears = on_the_books(state.arrears, case.funding.write_off)
    profit = total_over_regions(cash) - paid
    returned = profit_shares(state.invested) * profit[:, None, :]
    returned[:, BANK_CREDIT] = paid
    now.flows["returned"] = total_over_sectors(returned)


def _write_off(now: Moment, bad: Array) -> None:
    """Money in completing projects becomes capacity where they succeed and is lost where they fail."""
    case, state = now.case, now.state
    completing = state.at_work / case.lag[:, None]
    lost = failed_money(completing, now.completed, now.succeeded)
    lost[:, BANK_CREDIT] = 0.0
    kept = equity_kept(completing - lost)
    state.at_work = state.at_work - completing + now.money
    state.invested = state.invested * (1.0 - case.technology.depreciation) + kept
    by_mechanism = total_over_sectors(lost.sum(axis=2))
    by_mechanism[:, BANK_CREDIT] = total_over_sectors(bad)
    now.flows["lost"] = by_mechanism


def record(now: Moment) -> None:
    """10. What the history keeps of the year."""
    now.flows.update(_stocks(now), **_money(now), **_stages(now), **levies(now, _directed(now)))


def _stocks(now: Moment) -> dict[str, Array]:
    state = now.state
    return {
        "layout": state.layout,
        "portfolio": state.portfolio,
        "capacity": state.capacity,
        "investment": now.spent.sum(axis=1),
        "adopted": state.adopted,
        "arrears": total_over_sectors(state.arrears),
        "demand": state.demand,
        "utilisation": state.utilisation,
        "price": state.price,
        "breakthrough": state.breakthrough,
        "foreign": state.foreign,
        "planner_count": state.planner_count,
        "on_list": state.key_areas,
        "payoff": layout_payoff(now),
    }


def layout_payoff(now: Moment) -> Array:
    """What the present layouts truly earn in the nation, (n,), payoff units."""
    state, nature = now.state, now.case.nature
    count = by_sector(total_over_regions(state.layout))
    each = now.case.payoff.realised(by_sector(nature.worth), nature.log_fit, count)
    return total_over_sectors(total_over_regions(state.layout * each))


def _money(now: Moment) -> dict[str, Array]:
    public = total_over_sectors(now.offered * public_rows()[:, None, None]).sum(axis=1)
    return {
        "public_money": public,
        "money": total_over_sectors(now.money),
        "offered": total_over_sectors(total_over_regions(now.offered)),
        "lapsed": total_over_sectors(total_over_regions(now.lapsed)).sum(axis=1),
        "public_balance": total_over_sectors(total_over_regions(now.state.balance)).sum(axis=1),
    }


def _directed(now: Moment) -> Array:
    """National support for projects, (n, region), bn yuan."""
    return total_over_sectors(now.support.research + now.support.guidance)


def levies(now: Moment, directed: Array) -> dict[str, Array]:
    """What the year's mandate takes and spends, bn yuan: of the nation (n,), of a region (n, region).

    Every region gives the same share of its pools. National ecosystem money lands by size, as what it does for
    know-how (`region.served`).

    Args:
        now: The year.
        directed: National support for projects, (n, region).
    """
    mandate, one, everywhere = now.mandate, np.ones(len(directed)), np.ones_like(directed)
    by_place, pool = now.public_pools.sum(axis=0), float(now.public_pools.sum())
    share, national = now.case.coordination.ecosystem_share, now.support.ecosystem * now.case.world.size
    own, projects = share * mandate.retained * by_place, (1.0 - share) * mandate.retained * by_place
    return {
        "pools": (1.0 - mandate.cut) * pool * one,
        "levy": mandate.levy * pool * one,
        "administration": mandate.administration * pool * one,
        "burned": mandate.burned * pool * one,
        "ordinary": now.old_wine * (projects + directed),
        "ecosystem_money": (own + national) * everywhere,
        "support": directed + national,
        "contributed": mandate.withheld * by_place * everywhere,
    }


def _stages(now: Moment) -> dict[str, Array]:
    return {
        "starts": total_over_sectors(total_over_regions(now.spent)),
        "successes": total_over_sectors(total_over_regions(now.succeeded * now.cost)),
        "completed_research": now.case.technology.research_cost * total_over_sectors(now.completed[:, RESEARCH]),
    }
