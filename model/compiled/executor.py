"""The compiled year: which phases are compiled for a case, and what is handed to them.

Beliefs, choices and everything from the offers to the record of the year are compiled; documents and the coordinator
stay in NumPy, so a new lever or arm never touches compiled code. What a case asks for that is not compiled (a rule of
behaviour, an order of revision, a payoff form or a mechanism of one's own) stays in NumPy too, and is named in `left`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from model.axes import BLOCK, Array
from model.choice import FictitiousPlay, Logit
from model.compiled import deciding, greedy, year
from model.compiled.flows import flat, flows_of, given_of, keep, new_stocks, stocks_of
from model.compiled.forms import form_of
from model.compiled.settings import hearing_of, setting_of, table_of, taste_of
from model.compiled.tables import Outlooks, Places
from model.compiled.words import CompiledDraws, fill_uniforms
from model.draws import Draws, Stream
from model.element import clip
from model.executor import Executor, Phase
from model.funding.mechanisms import MECHANISMS
from model.moment import Moment
from model.payoffs import Payoff
from model.peers import tiers_in
from model.phases import deciding as reference
from model.phases import investing, selling
from model.region import running_mean
from model.revision import Partial, Synchronous

if TYPE_CHECKING:
    from model.case import Case

INVESTING = (investing.fund, investing.progress, investing.spread, selling.clear, selling.repay, selling.record)
KNOWN = ("government_research", "guidance_fund", "enterprise", "venture_capital", "bank_credit", "social_donation")


class CompiledExecutor(Executor):
    """Carries out one block with compiled phases where there are some."""

    name = "compiled"

    def __init__(self) -> None:
        self._phases: tuple[Phase, ...] = ()
        self._drawn: tuple[int, list[Array]] = (0, [])

    def block(self, pairs: int) -> int:
        """Enough for calls to cost little, few enough for some sixty arrays to need little memory."""
        return max(8, min(4 * BLOCK, 2**18 // pairs))

    def draws(self, seed: int, replicates: Any, region_ids: Any, sector_ids: Any) -> Draws:
        """The same words, compiled."""
        return CompiledDraws(seed, replicates, region_ids, sector_ids)

    def efficient_counts(self, worth: Array, slots: int, regions: int, payoff: Payoff) -> Array:
        """The same search, compiled."""
        return greedy.efficient_counts(worth, slots, regions, payoff)

    def year(self, phases: Sequence[Phase], case: "Case") -> Sequence[Phase]:
        """The listed phases, those that are compiled in the place of their references."""
        if not self._phases:
            self._phases = self._prepared(tuple(phases), case)
        return self._phases

    def _prepared(self, phases: tuple[Phase, ...], case: "Case") -> tuple[Phase, ...]:
        self.left, compiled = reasons(case), dict[Phase, Phase]()
        compiled[reference.believe] = self._believe
        if not any(text.startswith("choose") for text in self.left):
            self._places, self._form = places_of(case), form_of(case.payoff)
            compiled[reference.choose] = self._choose
        if not any(text.startswith("fund") for text in self.left) and _stand_together(phases):
            self._form = form_of(case.payoff)
            compiled[investing.fund] = self._rest
            phases = tuple(phase for phase in phases if phase not in INVESTING[1:])
        return tuple(compiled.get(phase, phase) for phase in phases)

    def _uniforms(self, now: Moment) -> list[Array]:
        """Uniforms of a year's private signals, choices and own results, (n, pairs) each: one call of the generator."""
        if self._drawn[0] != now.year:
            self._drawn = (now.year, uniforms(now.case.draws, now.year))
        return self._drawn[1]

    def _believe(self, now: Moment) -> None:
        """3. As `deciding.believe`."""
        case, state, nature = now.case, now.state, now.case.nature
        official = now.mandate.official_error * case.draws.normal(Stream.OFFICIAL_ERROR, over="k")
        declared = case.coordinator.declared_bias(case.uncertainty.definition_gap, case.draws)
        belief, variance = np.empty_like(state.belief), np.empty_like(state.variance)
        deciding.believe(
            self._uniforms(now)[0],
            nature.worth,
            nature.common_error + now.mandate.definition * official,
            flat(nature.definition_bias),
            np.ascontiguousarray(np.broadcast_to(declared, nature.worth.shape)),
            1.0 - clip(state.demand / case.nature_value, 0.0, 1.0),
            now.flows["estimate"],
            hearing_of(now),
            flat(state.belief),
            flat(state.variance),
            flat(belief),
            flat(variance),
        )
        state.belief, state.variance = belief, variance

    def _choose(self, now: Moment) -> None:
        """4. As `deciding.choose`."""
        case, state = now.case, now.state
        incumbent = state.layout
        for turn in case.revision.turns(now.year, state.adopted, now.flows["newly"], case.draws):
            uniform = self._uniforms(now)[1]
            if turn.round:
                uniform = flat(case.draws.uniform(Stream.CHOICE, year=now.year, round=turn.round))
            layout, portfolio = np.empty_like(state.layout), np.empty_like(state.portfolio)
            outlooks = Outlooks(
                uniform, flat(state.belief), flat(state.variance), flat(state.log_fit), state.key_areas,
                flat(state.pilots), flat(state.assigned), flat(incumbent), flat(state.layout), flat(state.past_layout),
                flat(state.portfolio), turn.revises,
            )  # fmt: skip
            deciding.decide(outlooks, self._places, self._form, taste_of(now), flat(layout), flat(portfolio))
            state.layout, state.portfolio = layout, portfolio
        state.past_layout = running_mean(state.past_layout, state.layout, now.years_since_start + 2.0)

    def _rest(self, now: Moment) -> None:
        """5 to 10. As `investing.fund` to `selling.record`."""
        now.support = investing.national_money(now)
        old, new, flows = stocks_of(now.state), new_stocks(now.state), flows_of(now)
        given = given_of(now, self._uniforms(now)[2])
        year.rest_of_year(old, new, given, table_of(now), self._form, setting_of(now), flows)
        keep(now, new, flows)


def uniforms(draws: Draws, year_: int) -> list[Array]:
    """Uniforms of the first three streams of the first group, (n, pairs) each."""
    sectors = draws.sector_ids.astype(np.uint64) | np.uint64(year_ << 16)
    region = np.repeat(draws.region_ids.astype(np.uint64), sectors.size)
    out = [np.empty((draws.replicates.size, region.size)) for _ in range(3)]
    key = np.uint64(draws.seed & 0xFFFFFFFF), np.uint64(draws.seed >> 32)
    sector = np.tile(sectors, draws.region_ids.size)
    fill_uniforms(draws.replicates.astype(np.uint64), region, sector, np.uint64(0), *key, *out)
    return out


def places_of(case: "Case") -> Places:
    """What choices look at that is the same in every replicate and year."""
    regions, tiers = case.world.size.size, tiers_in(case.world)
    assert tiers is not None
    return Places(
        readiness=np.tile(case.world.readiness, regions),
        quick=np.tile(case.quick, regions),
        breadth=np.repeat(case.world.breadth.astype(np.float64), case.world.demand_2022.size),
        tiers=tiers.tier,
        tier_shares=tiers.shares,
    )


def reasons(case: "Case") -> tuple[str, ...]:
    """Phases of a case that are not compiled, each with the reason; empty when all are."""
    found = []
    if type(case.rule) not in (Logit, FictitiousPlay):
        found.append(f"choose: the rule {type(case.rule).__name__} is not compiled")
    elif type(case.revision) not in (Synchronous, Partial):
        found.append(f"choose: revision by {type(case.revision).__name__} is not compiled")
    elif form_of(case.payoff) is None:
        found.append(f"choose: the payoff {type(case.payoff).__name__} is not compiled")
    elif tiers_in(case.world) is None:
        found.append("choose: peers are not groups of equal weight")
    if tuple(MECHANISMS) != KNOWN or form_of(case.payoff) is None:
        found.append("fund to record: a mechanism or a payoff form is not compiled")
    return tuple(found)


def _stand_together(phases: tuple[Phase, ...]) -> bool:
    return phases[-len(INVESTING) :] == INVESTING
