"""The information set: what one region may look at when it decides. Nothing else reaches a choice.

All arrays are rows over sectors. The ensemble hands over (n, region, sector), an agent sees (sector,) of its own.
"""

from dataclasses import dataclass, fields

from model.axes import Array, Element
from model.coordination.mandate import Mandate


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a region sees in the year it decides (assumption A1).

    Attributes:
        belief: Expected worth of a sector.
        variance: Perceived variance, larger where the sector is less ready.
        log_fit: Own log fit.
        rivals: Other regions in the sector, as this region expects them under its rule of behaviour.
        rivals_average: Other regions in the sector, mean over all years so far.
        peer_share: Share of same-tier peers in the sector last year.
        peer_success: Payoff of same-tier peers in the sector last year, weighted by how well they did.
        key_area, pilot, outside: The coordinator's word (1 or 0).
        incumbent: Own layout last year.
        portfolio: Own split last year.
        breadth: Most sectors the region may be in, (..., 1).
        quick: How soon the sector shows results, standardised.
        gumbel: Gumbel noise of this decision.
    """

    belief: Array
    variance: Array
    log_fit: Array
    rivals: Array
    rivals_average: Array
    peer_share: Array
    peer_success: Array
    key_area: Array
    pilot: Array
    outside: Array
    incumbent: Array
    portfolio: Array
    breadth: Array
    quick: Array
    gumbel: Array
    mandate: Mandate

    def row(self, replicate: int, region: int) -> "Outlook":
        """What one region of one replicate sees: every array a row over sectors."""

        def one(value: Element) -> Element:
            return value[replicate, region] if getattr(value, "ndim", 0) == 3 else value

        return Outlook(**{field.name: one(getattr(self, field.name)) for field in fields(self)})


@dataclass(eq=False)
class News:
    """What last year showed to everybody; only the count moves on, when regions revise one after another.

    Attributes:
        count: Regions in each sector now, (n, sector).
        average: The same, mean over all years so far, (n, sector).
        mean_worth: Public mean belief, (n, sector).
        incumbent: Layouts of last year, (n, region, sector).
        peer_share, peer_success: As in the outlook, (n, region, sector).
    """

    count: Array
    average: Array
    mean_worth: Array
    incumbent: Array
    peer_share: Array
    peer_success: Array


@dataclass(frozen=True, eq=False)
class Decision:
    """What a region answers.

    Attributes:
        layout: 1 where the sector is chosen, (..., sector).
        portfolio: Shares of the region's money, rows sum to one over the layout, (..., sector).
    """

    layout: Array
    portfolio: Array
