"""One region's decision on one path, run again: what it looked at, and its utility term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qipan.model.behaviour.outlook import Decision, Outlook
    from qipan.model.behaviour.revision import Turn
    from qipan.model.case import Case
    from qipan.model.moment import Moment
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

Array = NDArray[np.float64]
WORD = ("information", "key_area", "pilot", "assignment")
"""Terms that are the coordinator's word."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What a region saw when it last revised its layout, and what it answered; rows over sectors."""

    year: int
    outlook: Outlook
    decision: Decision


@dataclass(frozen=True, eq=False)
class Trace:
    """One region on one path in one year.

    Args:
        scenario, world, region, year, replicate: Which; `region` is its row.
        adopted: Whether it has a future-industry document.
        seen: Its last revision up to that year; None when it never chose.
        terms: Utility by term and sector (noise last); they sum to the utility in the moment of choice.
        layout, portfolio: What it is in at the end of the year, and how its money is split, (sector,).
        offered: Money offered that year by mechanism, bn yuan, (mechanism, sector).
        spent: Money spent on projects by stage, bn yuan, (stage, sector).
        worth: True worth of the sectors, which nobody knows, (sector,).
    """

    scenario: Scenario
    world: World
    region: int
    year: int
    replicate: int
    adopted: bool
    seen: Seen | None
    terms: Mapping[str, Array]
    layout: Array
    portfolio: Array
    offered: Array
    spent: Array
    worth: Array
    case: Case

    def without(self, *names: str) -> Array:
        """The layout it would have chosen without some terms, with the same noise, (sector,)."""
        from qipan.model.kernels import top_choice

        assert self.seen is not None, "a region that never chose has no terms"
        total = self._utility(names)
        breadth = self.seen.outlook.breadth[..., 0]
        return np.asarray(top_choice(total, breadth, self.case.rule.waiting))

    def split_without(self, *names: str) -> Array:
        """How it would have split its money without some terms, over the layout it would then have had, (sector,)."""
        from qipan.model.region import split

        assert self.seen is not None, "a region that never chose has no terms"
        layout = self.without(*names)
        return np.asarray(split(self._utility((*names, "noise")), layout, self.case.behaviour.split_temperature))

    def _utility(self, left_out: Sequence[str]) -> Array:
        return sum((values for name, values in self.terms.items() if name not in left_out), np.zeros_like(self.worth))


@dataclass
class _Recorder:
    """Answers for all regions by the scenario's rule and keeps what one of them saw."""

    case: Case
    region: int
    year: int = 0
    seen: Seen | None = None
    estimate: dict[int, Array] = field(default_factory=dict)

    def answer(self, outlook: Outlook, turn: Turn) -> Decision:
        decision = self.case.rule.decide(outlook)
        if turn.rows is None:
            place, revises = self.region, bool(turn.revises[0, self.region])
        else:
            place, revises = 0, bool(turn.rows[0] == self.region) and bool(turn.revises[0, 0])
        if revises:
            chosen = type(decision)(decision.layout[0, place], decision.portfolio[0, place])
            self.seen = Seen(self.year, outlook.row(0, place), chosen)
        return decision


def trace(scenario: Scenario, world: World, region: int, year: int, replicate: int) -> Trace:
    """Run one replicate again up to a year and record one region's last decision.

    Args:
        scenario: What to run.
        world: Its world.
        region: Row of the region.
        year: A year of the run.
        replicate: Number of the replicate.
    """
    from qipan.model.ensemble import block_case
    from qipan.model.step import advance

    case = block_case(scenario, world, np.array([replicate]))
    recorder, state = _Recorder(case, region), case.first.copy()
    for recorder.year in range(scenario.run.first_year, year + 1):
        now = advance(case, state, recorder.year, recorder.answer)
        state = now.state
        recorder.estimate[recorder.year] = np.broadcast_to(now.flows["estimate"], case.nature.worth.shape)[0]
    return _assembled(recorder, now, replicate)


def _assembled(recorder: _Recorder, now: Moment, replicate: int) -> Trace:
    case, place, seen = recorder.case, recorder.region, recorder.seen
    state = now.state
    terms = {} if seen is None else utility_terms(case, seen.outlook, recorder.estimate[seen.year])
    return Trace(
        case.scenario,
        case.world,
        place,
        now.year,
        replicate,
        bool(state.adopted[0, place]),
        seen,
        terms,
        state.layout[0, place],
        state.portfolio[0, place],
        now.offered[0, :, place],
        now.spent[0, :, place],
        case.nature.worth[0],
        case,
    )


def utility_terms(case: Case, outlook: Outlook, estimate: Array) -> dict[str, Array]:
    """Utility in the moment of choice, split into terms that sum to it, each (sector,).

    The payoff is taken apart in the order own belief, the coordinator's information, fit, rivals: each is what it adds
    to the perceived payoff of those before it.
    """
    weights, word = case.behaviour, outlook.mandate
    terms = _payoff_terms(case, outlook, estimate)
    behavioural = {
        "imitation": weights.imitation * outlook.peer_share,
        "tournament": weights.tournament * outlook.quick,
        "key_area": word.list_weight * outlook.key_area,
        "pilot": word.pilot_weight * outlook.pilot,
        "assignment": -word.layout_weight * outlook.outside,
        "switching": -weights.switching_cost * (1.0 - outlook.incumbent),
        "risk": -0.5 * weights.risk_aversion * outlook.variance,
        "noise": weights.temperature * outlook.gumbel,
    }
    told = {name: np.asarray(values, dtype=np.float64) for name, values in {**terms, **behavioural}.items()}
    rest = case.rule.utility(outlook) + told["noise"] - np.add.reduce(list(told.values()))
    return told if np.allclose(rest, 0.0, atol=1e-9) else {**told, "rest": rest}


def _payoff_terms(case: Case, outlook: Outlook, estimate: Array) -> dict[str, Any]:
    """What draws the region to a sector before habit, peers and the coordinator's lists."""
    if case.behaviour.rule == "imitation":
        return {"peers_success": outlook.peer_success}
    if case.behaviour.rule not in ("logit", "fictitious_play"):
        return {"attraction": case.rule.attraction(outlook)}
    rivals = outlook.rivals if case.behaviour.rule == "logit" else outlook.rivals_average
    weight, one = outlook.mandate.information_weight, np.ones_like(outlook.belief)
    own = (outlook.belief - weight * estimate) / (1.0 - weight) if 0.0 < weight < 1.0 else outlook.belief
    nothing = np.zeros_like(outlook.belief)
    perceived = case.payoff.perceived
    steps = [
        ("belief", perceived(own, nothing, one)),
        ("information", perceived(outlook.belief, nothing, one)),
        ("fit", perceived(outlook.belief, outlook.log_fit, one)),
        ("rivals", perceived(outlook.belief, outlook.log_fit, rivals + 1.0)),
    ]
    before = np.zeros_like(outlook.belief)
    terms = {}
    for name, value in steps:
        terms[name], before = value - before, value
    return terms
