"""Phase 8: demand, supply, price."""

from typing import NamedTuple

from model.axes import Element
from model.element import log
from model.kernels import total_over_regions
from model.lift import cell
from model.moment import Moment
from model.nation import cleared_price, early_demand, grown_demand, market_ceiling, supplied, utilisation
from model.region import log_productivity


@cell("rkn rkn kn -> rkn kn")
def supply(
    capacity: Element, log_fit: Element, mean: Element, *, agglomeration: float, minimum_scale: float
) -> tuple[Element, Element]:
    """What a region could sell, and the nation; `mean` is the log of a region's capacity on average."""
    know_how = log_productivity(log_fit, 0.3)
    one = supplied(capacity, log(capacity), mean, know_how, agglomeration, log(minimum_scale))
    return one, one


class Cleared(NamedTuple):
    """A sector's market at the end of the year."""

    demand: Element
    used: Element
    price: Element


@cell("kn kn kn kn kn kn -> kn kn kn")
def cleared(
    demand: Element, value: Element, breakthrough: Element, foreign: Element, zones: Element, offered: Element, *,
    ceiling_before: float, foreign_loss: float, spontaneous_demand: float, imitative_demand: float,
    pilot_demand: float, price_elasticity: float,
) -> Cleared:  # fmt: skip
    """Demand grows along a diffusion curve; supply beyond it stands idle and depresses price."""
    ceiling = market_ceiling(value, ceiling_before, breakthrough, foreign, foreign_loss)
    spontaneous = early_demand(spontaneous_demand, pilot_demand, zones)
    after = grown_demand(demand, ceiling, spontaneous, imitative_demand)
    used = utilisation(after, offered)
    return Cleared(after, used, cleared_price(used, price_elasticity))


@cell("rkn kn kn -> rkn rkn")
def sold(supply: Element, used: Element, price: Element) -> tuple[Element, Element]:
    """Everybody sells the same share of supply, at one price: quantity, and output in money."""
    return supply * used, supply * used * price


def clear(now: Moment) -> None:
    """8. Demand grows along a diffusion curve; supply beyond it stands idle and depresses price."""
    case, state, flows = now.case, now.state, now.flows
    mean = log(now.cohort.installed / float(case.world.size.size))
    offered, flows["supply"] = now.run(supply, state.capacity, state.log_fit, mean)
    zones = total_over_regions(state.pilots) if case.coordination.pilot_demand > 0.0 else flows["supply"]
    national = (state.demand, case.nature_value, state.breakthrough, state.foreign, zones, flows["supply"])
    state.demand, state.utilisation, state.price = now.run(cleared, *national)
    flows["sold"], flows["output"] = now.run(sold, offered, state.utilisation, state.price)
