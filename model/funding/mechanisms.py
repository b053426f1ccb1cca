"""The funding mechanisms, one final class each. A new one is one more class under `@mechanism`.

A mechanism makes an offer per region and sector. Its stage shares stand in data/mechanisms.csv, or in its class where
the table has no row of its name. An offer is drawn only as far as projects start: unused public money is carried over
or lapses, unused private money never existed.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar, final

import numpy as np

from qipan.model.axes import INDUSTRIAL, Array, Element, by_region
from qipan.model.element import larger, power
from qipan.model.extend.answers import Asked, answers, numbers
from qipan.model.extend.registry import MECHANISMS
from qipan.model.funding.means import Means, appetite, banks_appetite, business_cycle
from qipan.model.parameters.adding import with_parameters
from qipan.model.region import TINY


def pooled(pool: Element, portfolio: Element, support: Element, productive: Element) -> Element:
    """A region's pool, split by its portfolio, and the coordinator's co-funding, as far as projects get them."""
    return (pool * portfolio + support) * productive


def split_of_firms(portfolio: Element, capacity: Element, total: Element, led: float) -> Element:
    """How firms split their money over sectors: a part follows the plant there is, whatever the region's layout says
    (assumption A33). Where there is no plant at all, all of it follows the layout.

    Args:
        portfolio: The region's own split.
        capacity: Its plant in the sector, bn yuan a year.
        total: Its plant in all sectors.
        led: Share of firms' money that follows plant, in [0, 1].
    """
    weight = led * (total > 0.0)
    return (1.0 - weight) * portfolio + weight * capacity / larger(total, TINY)


def enterprise_money(pool: Element, portfolio: Element, willing: Element, echelon: Element) -> Element:
    """Firms' own money: the pool split by the portfolio, as far as firms are willing and their echelon reaches."""
    return pool * portfolio * willing * echelon


def private_money(own: Element, drawn: Element, integration: float) -> Element:
    """Own money and what public money draws in, or crowds out: never negative."""
    return integration * larger(own + drawn, 0.0)


def venture_money(integration: float, pool: Element, cycle: Element, portfolio: Element) -> Element:
    """A region's part of the national pool of venture capital, at the point of the cycle, split by its portfolio."""
    return integration * pool * cycle * portfolio


def credit(leverage: float, equity: Element, willing: Element) -> Element:
    """Loans beside equity, as far as banks are willing."""
    return leverage * equity * willing


def _offer(who: str, given: Any, asked: "Mechanism", means: Means) -> Array:
    return numbers(who, "the offer", given, means.portfolio.shape, least=0.0)


class Mechanism(Asked, ABC):
    """A source of money."""

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]
    public: ClassVar[bool] = False
    """Whether it spends public money: what is not used is kept or lapses."""
    stages: ClassVar[tuple[float, float, float] | None] = None
    """Shares of its money for research, pilots and industry, where data/mechanisms.csv has no row of its name."""

    @answers(_offer)
    @abstractmethod
    def offer(self, means: Means) -> Array:
        """Money offered this year, (n, region, sector), bn yuan, never negative."""


Kind = TypeVar("Kind", bound=type[Mechanism])


def mechanism(kind: Kind) -> Kind:
    """Add a funding mechanism: a class with `name`, `label`, `label_zh`, `stages` and `offer`. From then on it makes
    offers in every scenario; its `parameters`, if it has some, become keys of `policy.funding`.

    Raises:
        RegistryError: A mechanism of this name exists, or something it must say is missing.
    """
    return with_parameters(MECHANISMS, kind, Mechanism, make=True)


@mechanism
@final
class GovernmentResearch(Mechanism):
    """Government R&D money: a share of fiscal science spending, split by the region's portfolio, plus co-funding."""

    name, label, label_zh, public = "government_research", "Government R&D", "政府研发", True

    def offer(self, means: Means) -> Array:
        """The region's pool and the coordinator's research support."""
        pool = by_region(means.research_pool)
        result: Array = pooled(pool, means.portfolio, means.research_support, means.productive)
        return result


@mechanism
@final
class GuidanceFund(Mechanism):
    """Government guidance funds: the public part, as far as their target size is realised, plus co-funding."""

    name, label, label_zh, public = "guidance_fund", "Guidance funds", "引导基金", True

    def offer(self, means: Means) -> Array:
        """The region's pool and the coordinator's support."""
        pool = by_region(means.guidance_pool)
        result: Array = pooled(pool, means.portfolio, means.guidance_support, means.productive)
        return result


@mechanism
@final
class Enterprise(Mechanism):
    """Firms: their own R&D money at their appetite, plus what guidance funds draw in or, if negative, crowd out."""

    name, label, label_zh = "enterprise", "Enterprises", "企业投入"

    def offer(self, means: Means) -> Array:
        """2 * share of firm-funded R&D * appetite (one half at the hurdle), and draw * guidance money."""
        funding = means.funding
        pool = by_region(2.0 * funding.enterprise_share * means.growth * means.world.firm_rd)
        willing = appetite(means.return_rate, funding.enterprise_hurdle, funding.hurdle_width)
        drawn = funding.guidance_draw * means.offered["guidance_fund"]
        own = enterprise_money(pool, means.firm_portfolio, willing, means.enterprise_echelon)
        result: Array = private_money(own, drawn, means.governance.integration)
        return result


@mechanism
@final
class VentureCapital(Mechanism):
    """Venture capital: concentrated where R&D is (R&D to a power) and pro-cyclical (assumption A22)."""

    name, label, label_zh = "venture_capital", "Venture capital", "风险投资"

    def offer(self, means: Means) -> Array:
        """The national pool by R&D to a power, at last year's use of capacity."""
        weight = power(means.world.rd, means.funding.venture_concentration)
        pool = means.funding.venture_pool * means.growth * weight / larger(weight.sum(), 1e-300)
        cycle = business_cycle(means.cycle, means.funding.venture_cyclicality)
        result: Array = venture_money(means.governance.integration, by_region(pool), cycle, means.portfolio)
        return result


@mechanism
@final
class BankCredit(Mechanism):
    """Bank credit: industrial stage only, beside the equity offered there; it must be repaid."""

    name, label, label_zh = "bank_credit", "Bank credit", "银行信贷"

    def offer(self, means: Means) -> Array:
        """ltv / (1 - ltv) of industrial equity, at the banks' appetite."""
        funding = means.funding
        shares = means.world.mechanism_stages
        equity = sum(means.offered[name] * shares[row, INDUSTRIAL] for row, name in enumerate(means.offered))
        leverage = funding.loan_to_value / (1.0 - funding.loan_to_value)
        willing = banks_appetite(means.return_rate, funding.loan_rate, funding.hurdle_width, means.used, means.sound)
        return np.asarray(credit(leverage, equity, willing))


@mechanism
@final
class SocialDonation(Mechanism):
    """Social donation to research: a small share of R&D, neutral to risk."""

    name, label, label_zh = "social_donation", "Social donation", "社会捐赠"

    def offer(self, means: Means) -> Array:
        """A share of the region's R&D, split by its portfolio."""
        return by_region(means.funding.donation_share * means.growth * means.world.rd) * means.portfolio


def public_rows() -> Array:
    """1 for the mechanisms that spend public money, (mechanism,)."""
    return np.array([1.0 if each.public else 0.0 for each in MECHANISMS.values()])


def offers(means: Means) -> Array:
    """All offers of a year, (n, mechanism, region, sector), bn yuan; each mechanism sees those made before it."""
    for name, each in MECHANISMS.items():
        means.offered[name] = each.offer(means)
    return np.stack(list(means.offered.values()), axis=1)
