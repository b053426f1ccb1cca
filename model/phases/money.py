"""Phase 5: pools, the coordinator's money, offers."""

from typing import NamedTuple

import numpy as np

from model.axes import Element
from model.coordination.mandate import Plan
from model.funding.means import Means, return_rate
from model.funding.mechanisms import offers
from model.funding.support import Support, national_support
from model.kernels import mean_over_sectors
from model.lift import cell
from model.moment import Moment
from model.region import skill


class Prospect(NamedTuple):
    """What know-how brings.

    Attributes:
        return_rate: Return that an industrial project showed last year, 1/year.
        know_how: Fit to the power 0.2, the fit capped at three.
        weight: Weight of a sector in the region's own split of its money, and their sum.
    """

    return_rate: Element
    know_how: Element
    weight: Element
    total: Element


@cell("rkn kn kn k -> rkn rkn rkn rn")
def prospects(
    log_fit: Element, used: Element, price: Element, demand_root: Element, *, industrial_success: float, margin: float,
    capital_productivity: float, depreciation: float,
) -> Prospect:  # fmt: skip
    """What a region's know-how promises at last year's use of capacity and price."""
    known = skill(log_fit)
    rate = return_rate(industrial_success, margin, capital_productivity, used, price, known.root, depreciation)
    weight = known.fit * demand_root
    return Prospect(rate, known.fifth, weight, weight)


def fund(now: Moment) -> None:
    """5. Pools are levied, the coordinator directs its part, each mechanism makes its offers."""
    case, state = now.case, now.state
    pools = now.public_pools
    kept = now.mandate.retained * (1.0 - case.coordination.ecosystem_share)
    now.support = national_money(now)
    now.prospect = now.run(prospects, state.log_fit, state.utilisation, state.price, case.demand_root)
    means = Means(
        world=case.world,
        settings=case.settings,
        growth=case.growth(now.year),
        portfolio=state.portfolio,
        research_pool=kept * pools[0],
        guidance_pool=kept * pools[1],
        research_support=now.support.research,
        guidance_support=now.support.guidance,
        return_rate=now.prospect.return_rate,
        used=state.utilisation,
        cycle=mean_over_sectors(state.utilisation),
        ecosystem=state.ecosystem,
        carry=case.executor.run,
    )
    now.offers = offers(means)


def national_money(now: Moment) -> Support:
    """The coordinator's co-funding of the year."""
    case, state = now.case, now.state
    if not now.mandate.money:
        return Support(case.nothing, case.nothing, case.nothing, 0.0)
    return national_support(
        levers=case.coordinator.levers,
        mandate=now.mandate,
        plan=Plan(state.key_areas, state.pilots, state.assigned),
        portfolio=state.portfolio,
        size=case.world.size,
        pool=float(np.sum(now.public_pools)),
        layout_mix=case.research_mix,
    )
