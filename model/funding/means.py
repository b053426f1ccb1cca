"""What funding mechanisms look at when they make their offers of a year."""

from dataclasses import dataclass, field

from qipan.model.axes import Array, Element
from qipan.model.element import clip, exp, larger, log, logistic
from qipan.model.parameters import Funding, Governance
from qipan.model.region import TINY
from qipan.model.world import World


@dataclass(frozen=True, eq=False)
class Means:
    """The situation of one year. Money in bn yuan.

    Attributes:
        world: Exogenous tables.
        funding, governance: Settings.
        growth: Growth of budgets since the first year, factor.
        portfolio: Shares of each region's money, (n, region, sector).
        research_pool, guidance_pool: Public money a region keeps after levy and ecosystem, (region,).
        research_support, guidance_support: Co-funding by the coordinator, (n, region, sector).
        productive: Share of public money that is left for projects, (n, region, sector).
        firm_portfolio: Shares of each region's firms' money, (n, region, sector).
        return_rate: Expected real return of an industrial project, (n, region, sector), 1/year.
        used: Share of national capacity in use last year, (n, 1, sector).
        sound: How willing banks are with the bad loans on their books, (n, 1, sector), in [0, 1].
        cycle: Mean use of capacity over sectors last year, (n, 1, 1).
        enterprise_echelon: Factor on firms' own money, (n, region, sector).
        offered: Offers made so far this year, by mechanism name.
    """

    world: World
    funding: Funding
    governance: Governance
    growth: float
    portfolio: Array
    research_pool: Array
    guidance_pool: Array
    research_support: Array
    guidance_support: Array
    productive: Array
    firm_portfolio: Array
    return_rate: Array
    used: Array
    sound: Array
    cycle: Array
    enterprise_echelon: Array
    offered: dict[str, Array] = field(default_factory=dict)


def return_rate(
    success: float,
    margin: float,
    productivity: float,
    used: Element,
    price: Element,
    know_how: Element,
    depreciation: float,
) -> Element:
    """Expected real return of an industrial project at last year's use of capacity and price, 1/year."""
    return success * margin * productivity * used * price * know_how - depreciation


def appetite(rate: Array, hurdle: float, width: float) -> Array:
    """Share of investors whose hurdle a return clears: logistic((rate - hurdle) / width), in (0, 1)
    (assumption A21).
    """
    return logistic((rate - hurdle) / width)


def banks_appetite(rate: Array, loan_rate: float, width: float, used: Array, sound: Array) -> Array:
    """Very averse to risk: nothing below the loan rate, less where capacity stood idle last year or loans are bad."""
    return clip((rate - loan_rate) / width, 0.0, 1.0) * clip(used / 0.7, 0.0, 1.0) * sound


def sound_books(bad: Element, loans: Element, caution: float) -> Element:
    """How willing banks are with bad loans on their books in a sector, in [0, 1]: 1 - caution * their share of all
    loans (assumption A36).

    Args:
        bad: Non-performing loans in the nation, bn yuan.
        loans: All loans in the nation, bad ones included, bn yuan.
        caution: Weight of the share, in [0, 1].
    """
    return 1.0 - caution * bad / larger(loans, TINY)


def business_cycle(mean_use: Array, cyclicality: float) -> Array:
    """Venture capital follows the cycle: (clip(mean use / 0.8, 0.3, 1.5))^cyclicality."""
    return exp(cyclicality * log(larger(clip(mean_use / 0.8, 0.3, 1.5), 1e-12)))
