"""The coordinator's money: who gets it, and in which stages."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qipan.model.axes import Array
from qipan.model.coordination.levers import Lever
from qipan.model.coordination.mandate import Mandate, Plan
from qipan.model.nation import normalised


class Support(NamedTuple):
    """Co-funding of one year, bn yuan.

    Attributes:
        research: Part that goes by the stages of government research money, (n, region, sector).
        guidance: Part that goes by the stages of guidance funds, (n, region, sector).
        pilot: Pilot-zone money by pair, whatever its stage, (n, region, sector).
        ecosystem: National ecosystem spending, one number.
        directed: What research and guidance sum to, one number.
    """

    research: Array
    guidance: Array
    pilot: Array
    ecosystem: float
    directed: float


class Directed(NamedTuple):
    """Money of one lever.

    Attributes:
        lever: Its name.
        weights: Who gets it, weights over pairs, (n, region, sector).
        money: How much, bn yuan.
        mix: Share that goes by the stages of research money, (region,).
    """

    lever: str
    weights: Array
    money: float
    mix: Array


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


def directed(
    levers: Sequence[Lever], mandate: Mandate, plan: Plan, portfolio: Array, size: Array, pool: float, layout_mix: Array
) -> Iterator[Directed]:
    """Money that levers direct at pairs. Arguments as in `national_support`.

    Each money lever has an equal part. It goes half by the stages of research money and half by those of guidance
    funds, layout money by the region's spatial role.
    """
    for lever in levers:
        weights = lever.recipients(plan, portfolio, size)
        if weights is not None and lever.name in mandate.money:
            mix = layout_mix if lever.name == "regional_layout" else np.full(size.size, 0.5)
            yield Directed(lever.name, weights, mandate.money[lever.name] * pool, mix)


def national_support(
    levers: Sequence[Lever], mandate: Mandate, plan: Plan, portfolio: Array, size: Array, pool: float, layout_mix: Array
) -> Support:
    """Split the levy's money over levers and pairs.

    Args:
        levers: The coordinator's levers.
        mandate: Its powers of the year.
        plan: The lists in force.
        portfolio: Shares of each region's money, (n, region, sector).
        size: National share of each region, sums to one, (region,).
        pool: The nation's public pools of the year, bn yuan.
        layout_mix: Share of layout money by research stages, (region,).

    Conserved: research + guidance + ecosystem sum to the money shares of the mandate times the pool.
    """
    research, guidance, pilot = np.zeros_like(portfolio), np.zeros_like(portfolio), np.zeros_like(portfolio)
    fallback, spent = np.broadcast_to(size[:, None] / portfolio.shape[-1], portfolio.shape[1:]), 0.0
    for part in directed(levers, mandate, plan, portfolio, size, pool, layout_mix):
        money = share_out(part.weights, fallback, part.money, part.mix, research, guidance)
        pilot = money if part.lever == "pilot_zones" else pilot
        spent += part.money
    return Support(research, guidance, pilot, mandate.money.get("ecosystem", 0.0) * pool, spent)
