"""The coordinator's money: who gets it, and in which stages."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from model.axes import Array
from model.coordination.levers import Lever
from model.coordination.mandate import Mandate, Plan
from model.nation import normalised


class Support(NamedTuple):
    """Co-funding of one year, bn yuan.

    Attributes:
        research: Part that goes by the stages of government research money, (n, region, sector).
        guidance: Part that goes by the stages of guidance funds, (n, region, sector).
        pilot: Pilot-zone money by pair, whatever its stage, (n, region, sector).
        ecosystem: National ecosystem spending, one number.
    """

    research: Array
    guidance: Array
    pilot: Array
    ecosystem: float


ShareOut = Callable[[Array, Array, float, Array, Array, Array], Array]


def share_out(weights: Array, fallback: Array, money: float, mix: Array, research: Array, guidance: Array) -> Array:
    """One lever's money by pair, in proportion to weights, added to the two ways it goes by.

    Args:
        weights: Weights over pairs, (n, region, sector).
        fallback: Weights where all of those are zero, they sum to one, (region, sector).
        money: The lever's money, bn yuan.
        mix: Share that goes by the stages of research money, (region,).
        research: Sum of what goes by those stages, grows in place, (n, region, sector), bn yuan.
        guidance: The same by the stages of guidance funds.

    Returns:
        The lever's money by pair, (n, region, sector), bn yuan.
    """
    shares = normalised(weights, fallback)
    shares *= money
    research += mix[:, None] * shares
    guidance += (1.0 - mix[:, None]) * shares
    return shares


def national_support(
    levers: Sequence[Lever], mandate: Mandate, plan: Plan, portfolio: Array, size: Array, pool: float,
    layout_mix: Array, share_out: ShareOut = share_out,
) -> Support:  # fmt: skip
    """Split the levy's money over levers and pairs.

    Each money lever has an equal part. It goes half by the stages of research money and half by those of guidance
    funds,
    layout money by the region's spatial role.

    Args:
        levers: The coordinator's levers.
        mandate: Its powers of the year.
        plan: The lists in force.
        portfolio: Shares of each region's money, (n, region, sector).
        size: National share of each region, sums to one, (region,).
        pool: The nation's public pools of the year, bn yuan.
        layout_mix: Share of layout money by research stages, (region,).
        share_out: Shares one lever's money out: `share_out`, or the same in other code.

    Conserved: research + guidance + ecosystem sum to the money shares of the mandate times the pool.
    """
    research, guidance, pilot = np.zeros_like(portfolio), np.zeros_like(portfolio), np.zeros_like(portfolio)
    fallback = np.broadcast_to(size[:, None] / portfolio.shape[-1], portfolio.shape[1:])
    for lever in levers:
        weights = lever.recipients(plan, portfolio, size)
        if weights is None or lever.name not in mandate.money:
            continue
        mix = layout_mix if lever.name == "regional_layout" else np.full(size.size, 0.5)
        money = share_out(weights, fallback, mandate.money[lever.name] * pool, mix, research, guidance)
        pilot = money if lever.name == "pilot_zones" else pilot
    return Support(research, guidance, pilot, mandate.money.get("ecosystem", 0.0) * pool)
