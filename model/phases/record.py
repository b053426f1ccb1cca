"""Phase 10: what the history keeps of the year."""

from typing import Any

import numpy as np

from model.axes import Array, Element
from model.element import weighted
from model.funding.mechanisms import PUBLIC
from model.kernels import total_over_regions, total_over_sectors
from model.lift import cell
from model.moment import Moment


@cell("Mrkn M -> rn Mn")
def offered(offers: Any, public: Any) -> tuple[Element, Any]:
    """Public money offered in a region, and what each mechanism offered."""
    return weighted(offers, public), offers


@cell("rkn rkn -> n")
def earned(layout: Element, each: Element) -> Element:
    """What layouts earn."""
    return layout * each


def record(now: Moment) -> None:
    """10. What the history keeps of the year."""
    state, begun = now.state, now.begun
    public_money, by_mechanism = now.run(offered, now.offers, PUBLIC)
    now.flows |= {
        name: getattr(state, name)
        for name in (
            "layout",
            "portfolio",
            "capacity",
            "adopted",
            "demand",
            "utilisation",
            "price",
            "breakthrough",
            "foreign",
            "planner_count",
        )
    }
    now.flows |= {
        "investment": begun.investment,
        "on_list": state.key_areas,
        "payoff": layout_payoff(now),
        "public_money": public_money,
        "offered": by_mechanism,
        "lapsed": begun.lapsed,
        "public_balance": begun.kept,
        "starts": total_over_sectors(begun.spent),
        "successes": total_over_sectors(now.cohort.good * now.cost),
    }
    now.flows |= levies(now)


def layout_payoff(now: Moment) -> Array:
    """What the present layouts truly earn in the nation, (n,), payoff units."""
    state, nature = now.state, now.case.nature
    each = now.case.payoff.realised_by(now.run, nature.worth, nature.log_fit, total_over_regions(state.layout))
    result: Array = now.run(earned, state.layout, each)
    return result


def levies(now: Moment) -> dict[str, Array]:
    """What the year's mandate takes and spends, (n,), bn yuan: the same in every replicate."""
    mandate, one = now.mandate, np.ones(now.state.demand.shape[0])
    pool = float(now.public_pools.sum())
    own = now.case.coordination.ecosystem_share * mandate.retained * pool
    return {
        "pools": (1.0 - mandate.cut) * pool * one,
        "levy": mandate.levy * pool * one,
        "administration": mandate.administration * pool * one,
        "burned": mandate.burned * pool * one,
        "ecosystem_money": (own + now.support.ecosystem) * one,
    }
