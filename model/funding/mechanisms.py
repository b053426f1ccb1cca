"""The six funding mechanisms, one final class each. A new one is one more class here and a row in the data table.

A mechanism makes an offer per region and sector; its stage shares stand in data/mechanisms.csv. An offer is drawn only
as far as projects start: unused public money is carried over or lapses, unused private money never existed.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, final

import numpy as np

from model.axes import INDUSTRIAL, Array, Element
from model.element import larger, power, weighted
from model.funding.means import Means, appetite, banks_appetite, business_cycle
from model.lift import cell
from model.region import echelon


@cell("rkn rkn r -> rkn")
def pooled(portfolio: Element, support: Element, pool: Element) -> Element:
    """A region's pool, split by its portfolio, and the coordinator's co-funding."""
    return pool * portfolio + support


@cell("rkn rkn rkn rkn r -> rkn")
def private_money(
    portfolio: Element,
    return_rate: Element,
    ecosystem: Element,
    guidance: Element,
    pool: Element,
    *,
    enterprise_hurdle: float,
    hurdle_width: float,
    enterprise_echelon: float,
    guidance_draw: float,
    integration: float,
) -> Element:
    """Firms' own money, the pool as far as they are willing and their echelon reaches, and what guidance money draws
    in, or crowds out: never negative.
    """
    willing = appetite(return_rate, enterprise_hurdle, hurdle_width)
    own = pool * portfolio * willing * echelon(enterprise_echelon, ecosystem)
    return integration * larger(own + guidance_draw * guidance, 0.0)


@cell("rkn n r -> rkn")
def venture_money(portfolio: Element, cycle: Element, pool: Element, *, integration: float) -> Element:
    """A region's part of the national pool of venture capital, at the point of the cycle, split by its portfolio."""
    return integration * pool * cycle * portfolio


@cell("Mrkn rkn kn M -> rkn")
def credit(
    offered: Element, return_rate: Element, used: Element, shares: Element, *, loan_to_value: float, loan_rate: float,
    hurdle_width: float,
) -> Element:  # fmt: skip
    """Loans beside equity, as far as banks are willing: ltv / (1 - ltv) of what the others offer for the stage."""
    willing = banks_appetite(return_rate, loan_rate, hurdle_width, used)
    return loan_to_value / (1.0 - loan_to_value) * weighted(offered, shares) * willing


@cell("rkn r -> rkn")
def split_by_portfolio(portfolio: Element, pool: Element) -> Element:
    """A pool, split by the portfolio."""
    return pool * portfolio


class Mechanism(ABC):
    """A source of money."""

    name: ClassVar[str]
    public: ClassVar[bool] = False

    @abstractmethod
    def offer(self, means: Means) -> Array:
        """Money offered this year, (n, region, sector), bn yuan, never negative."""


@final
class GovernmentResearch(Mechanism):
    """Government R&D money: a share of fiscal science spending, split by the region's portfolio, plus co-funding."""

    name, public = "government_research", True

    def offer(self, means: Means) -> Array:
        """The region's pool and the coordinator's research support."""
        return means.run(pooled, means.portfolio, means.research_support, means.research_pool)


@final
class GuidanceFund(Mechanism):
    """Government guidance funds: the public part, as far as their target size is realised, plus co-funding."""

    name, public = "guidance_fund", True

    def offer(self, means: Means) -> Array:
        """The region's pool and the coordinator's support."""
        return means.run(pooled, means.portfolio, means.guidance_support, means.guidance_pool)


@final
class Enterprise(Mechanism):
    """Firms: their own R&D money at their appetite, plus what guidance funds draw in or, if negative, crowd out."""

    name = "enterprise"

    def offer(self, means: Means) -> Array:
        """2 * share of firm-funded R&D * appetite (one half at the hurdle), and draw * guidance money."""
        pool = 2.0 * means.settings["enterprise_share"] * means.growth * means.world.firm_rd
        guidance = means.offered["guidance_fund"]
        return means.run(private_money, means.portfolio, means.return_rate, means.ecosystem, guidance, pool)


@final
class VentureCapital(Mechanism):
    """Venture capital: concentrated where R&D is (R&D to a power) and pro-cyclical (assumption A22)."""

    name = "venture_capital"

    def offer(self, means: Means) -> Array:
        """The national pool by R&D to a power, at last year's use of capacity."""
        settings = means.settings
        weight = power(means.world.rd, settings["venture_concentration"])
        pool = settings["venture_pool"] * means.growth * weight / larger(weight.sum(), 1e-300)
        cycle = business_cycle(means.cycle, settings["venture_cyclicality"])
        return means.run(venture_money, means.portfolio, cycle, pool)


@final
class BankCredit(Mechanism):
    """Bank credit: industrial stage only, beside the equity offered there; it must be repaid."""

    name = "bank_credit"

    def offer(self, means: Means) -> Array:
        """ltv / (1 - ltv) of industrial equity, at the banks' appetite."""
        others = list(means.offered.values())
        shares = means.world.mechanism_stages[: len(others), INDUSTRIAL]
        return means.run(credit, others, means.return_rate, means.used, shares)


@final
class SocialDonation(Mechanism):
    """Social donation to research: a small share of R&D, neutral to risk."""

    name = "social_donation"

    def offer(self, means: Means) -> Array:
        """A share of the region's R&D, split by its portfolio."""
        pool = means.settings["donation_share"] * means.growth * means.world.rd
        return means.run(split_by_portfolio, means.portfolio, pool)


MECHANISMS: dict[str, Mechanism] = {
    kind.name: kind()
    for kind in (GovernmentResearch, GuidanceFund, Enterprise, VentureCapital, BankCredit, SocialDonation)
}
"""Registry of mechanisms in the order of the mechanism axis."""


PUBLIC = np.array([1.0 if mechanism.public else 0.0 for mechanism in MECHANISMS.values()])
"""1 for the mechanisms that spend public money, (mechanism,)."""


def offers(means: Means) -> list[Array]:
    """All offers of a year by mechanism, each (n, region, sector), bn yuan; a mechanism sees those made before it."""
    for name, mechanism in MECHANISMS.items():
        means.offered[name] = mechanism.offer(means)
    return list(means.offered.values())
