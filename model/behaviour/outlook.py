"""The information set: what one region may look at when it decides. Nothing else reaches a choice.

All arrays are rows over sectors. The ensemble hands over (n, region, sector), an agent sees (sector,) of its own.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from qipan.model.axes import Array, Element
from qipan.model.coordination.mandate import Mandate
from qipan.model.extend.answers import AnswerError, flags, numbers, of_kind, pair_at


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
        mandate: What the coordinator may do this year.
        barred: 1 where the plan forbids the sector.
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
    barred: Element = 0.0

    def row(self, replicate: int, region: int) -> "Outlook":
        """What one region of one replicate sees: every array a row over sectors, to be read and not written."""

        def one(value: Element) -> Element:
            if not isinstance(value, np.ndarray):
                return value
            row = value[replicate, region] if value.ndim == 3 else value[...]
            row.flags.writeable = False
            return row

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


NEAR = 1e-9
"""How far the sum of shares may be from one."""


def decision(who: str, given: Any, asked: Any, outlook: Outlook) -> Decision:
    """A decision that can be carried out: arguments as a check of `answers` has them.

    The layout holds 0 and 1 and no more sectors than the region's breadth; shares of money are 0 or more, sum to one,
    and lie inside the layout. A region that waits in every sector has shares all the same: anywhere, as last year's.

    Raises:
        AnswerError: It cannot.
    """
    of_kind(who, "the decision", given, Decision, "Decision(layout=..., portfolio=...) is wanted")
    shape = np.shape(outlook.belief)
    layout = flags(who, "layout", given.layout, shape)
    portfolio = numbers(who, "portfolio", given.portfolio, shape, least=0.0)
    chosen = layout.sum(axis=-1, keepdims=True)
    if (chosen > outlook.breadth).any():
        place = tuple(np.argwhere(chosen > outlook.breadth)[0])
        most = np.broadcast_to(outlook.breadth, chosen.shape)[place]
        message = f"the layout has {chosen[place]:g} sectors"
        raise AnswerError(who, message, f"at most {most:g} (outlook.breadth)", pair_at(place[:-1], ("region",)))
    total = portfolio.sum(axis=-1, keepdims=True)
    inside = np.where(chosen > 0.0, (portfolio * layout).sum(axis=-1, keepdims=True), total)
    if (inside < total).any():
        place = tuple(np.argwhere(inside < total)[0])
        outside = (total - inside)[place]
        raise AnswerError(
            who,
            f"the portfolio puts {outside:.6g} outside the layout",
            "money goes to sectors of the layout alone",
            pair_at(place[:-1], ("region",)),
        )
    wanted = np.where(chosen > 0.0, 1.0, outlook.portfolio.sum(axis=-1, keepdims=True))
    wrong = abs(total - wanted) > NEAR
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0])
        raise AnswerError(
            who,
            f"the portfolio sums to {total[place]:.9g}",
            f"shares sum to {wanted[place]:g}",
            pair_at(place[:-1], ("region",)),
        )
    forbidden = (layout > 0.0) & (np.asarray(outlook.barred) > 0.0)
    if forbidden.any():
        pair = pair_at(np.argwhere(forbidden)[0])
        raise AnswerError(
            who, "the layout holds a sector that the plan bars", "leave out what `outlook.barred` marks", pair
        )
    return given if layout is given.layout and portfolio is given.portfolio else Decision(layout, portfolio)
