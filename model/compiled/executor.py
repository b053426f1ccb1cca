"""The compiled year: which phases are compiled for a case, and what is handed to them.

Beliefs, choices and everything from the offers to the record of the year are compiled; documents and the coordinator
stay in NumPy, so a new lever or arm never touches compiled code. What a case asks for that is not compiled (a rule of
behaviour, an order of revision, a payoff form or a mechanism of one's own) stays in NumPy too, and is named in `left`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.model.axes import MOST_PAIRS, MOST_TOGETHER, Array
from qipan.model.behaviour.choice import FictitiousPlay, Logit
from qipan.model.behaviour.peers import tiers_in
from qipan.model.behaviour.revision import Partial, Synchronous
from qipan.model.compiled.arithmetic.drawing import drawn_uniforms
from qipan.model.compiled.arithmetic.words import CompiledDraws
from qipan.model.compiled.forms import FORMS, form_of
from qipan.model.compiled.greedy import CompiledSolvers
from qipan.model.compiled.lanes import Lanes, add_up
from qipan.model.compiled.memory import given_back
from qipan.model.compiled.phases import deciding, documents, year
from qipan.model.compiled.phases.flows import (
    Recorded,
    constants,
    definition_of,
    flows_of,
    given_of,
    keep,
    national,
    shapes_of,
    stocks_of,
)
from qipan.model.compiled.phases.money import support_of
from qipan.model.compiled.phases.selling import alone
from qipan.model.compiled.phases.work import work_space
from qipan.model.compiled.settings import (
    diffusion_of,
    fixed_settings,
    fixed_table,
    hearing_of,
    places_of,
    setting_of,
    table_of,
    taste_of,
)
from qipan.model.compiled.stocks import CompiledState, compiled_state
from qipan.model.compiled.tables import Form, Heard, Outlooks
from qipan.model.coordination.assignment import Solvers
from qipan.model.coordination.mandate import Mandate
from qipan.model.draws import Draws, Stream
from qipan.model.executor import Executor, Phase
from qipan.model.extend.registry import MECHANISMS
from qipan.model.moment import Moment
from qipan.model.payoffs import MarketPayoff
from qipan.model.phases import deciding as reference
from qipan.model.phases import investing, selling
from qipan.model.state import State

if TYPE_CHECKING:
    from qipan.model.case import Case

INVESTING = (investing.fund, investing.progress, investing.spread, selling.clear, selling.repay, selling.record)
_drawn: list[CompiledDraws] = []
"""Draws of the last small block, empty where the last was none."""
KNOWN = ("government_research", "guidance_fund", "enterprise", "venture_capital", "bank_credit", "social_donation")


class CompiledExecutor(Executor):
    """Carries out one block with compiled phases where there are some."""

    name = "compiled"

    def __init__(self) -> None:
        self._phases: tuple[Phase, ...] = ()
        self._case: Case | None = None
        self._definition: tuple[Mandate, tuple[Array, Array]] | None = None

    def block(self, pairs: int) -> int:
        """Enough for calls to cost little, few enough for some forty arrays to need little memory."""
        return max(8, min(MOST_TOGETHER, MOST_PAIRS // pairs))

    def draws(self, seed: int, replicates: Any, region_ids: Any, sector_ids: Any) -> Draws:
        """The same words, compiled; those of the block before, where it is the same small one under another arm."""
        draws = CompiledDraws(seed, replicates, region_ids, sector_ids)
        for kept in tuple(_drawn):
            if kept.same(draws):
                return kept
        _drawn[:] = [draws] if draws.small else []
        return draws

    @property
    def solvers(self) -> Solvers:
        """The same searches, compiled."""
        return CompiledSolvers()

    def total_over_regions(self, state: State, stock: str, weights: Array | None = None) -> Array:
        """The same sum, one region after another."""
        if not isinstance(state, CompiledState):
            return super().total_over_regions(state, stock, weights)
        laid = state.laid(stock)
        out = state.lanes.empty("sum", laid.shape[2] // state.lanes.width)
        add_up(laid, np.ones(laid.shape[1]) if weights is None else np.array(weights), out)
        return state.lanes.plain(out, out.shape[1] // state.lanes.width)

    def done(self) -> None:
        """Room in lanes goes to the next block."""
        if self._phases:
            given_back(self._lanes.rooms)

    def record(self, flows: Mapping[str, Array], name: str, out: Array, start: int, row: int) -> None:
        """The same, straight from the lanes."""
        laid = flows.in_lanes(name) if isinstance(flows, Recorded) else None
        if laid is None:
            super().record(flows, name, out, start, row)
        else:
            self._lanes.record(laid, out, start, row)

    def year(self, phases: Sequence[Phase], case: "Case") -> Sequence[Phase]:
        """The listed phases, those that are compiled in the place of their references."""
        if self._case is None:
            self._begin(case)
        if self._case is not case:  # its policy or its coordinator is not that of the year before
            self._phases, self._case, self._definition = self._prepared(tuple(phases), case), case, None
        return self._phases

    def _begin(self, case: "Case") -> None:
        """Room and draws of the block."""
        self._lanes = Lanes(case.first.layout.shape[0])
        self._constant, self._drawn = constants(case, self._lanes), drawn_uniforms(case.draws, self._lanes)
        (_, regions, sectors), width = case.first.layout.shape, self._lanes.width
        self._room = work_space(len(MECHANISMS), regions, regions, sectors * width, width)

    def _prepared(self, phases: tuple[Phase, ...], case: "Case") -> tuple[Phase, ...]:
        left, compiled, regions = reasons(case), dict[Phase, Phase](), case.world.size.size
        self.left = tuple(dict.fromkeys([*self.left, *left]))
        compiled[reference.believe] = self._believe
        if not any(text.startswith("choose") for text in left):
            self._places, self._form = places_of(case, self._lanes), form_of(case.payoff)
            self._shares = np.arange(regions + 1) / regions
            compiled[reference.adopt], compiled[reference.choose] = self._adopt, self._choose
        if not any(text.startswith("fund") for text in left) and _stand_together(phases):
            self._form = form_of(case.payoff)
            self._shapes = shapes_of(case)
            self._flows = flows_of(self._shapes, self._lanes)
            self._setting, self._table = fixed_settings(case), fixed_table(case, self._lanes)
            self._zones = bool(case.first.pilots.any())
            self._constant["alone"] = alone_of(self._constant, self._form, self._lanes)
            compiled[investing.fund] = self._rest
            phases = tuple(phase for phase in phases if phase not in INVESTING[1:])
        return tuple(compiled.get(phase, phase) for phase in phases)

    def _ready(self, now: Moment) -> CompiledState:
        """The stocks in lanes."""
        now.state = state = compiled_state(now.state, self._lanes)
        return state

    def _adopt(self, now: Moment) -> None:
        """1. As `deciding.adopt`."""
        state, lanes = self._ready(now), self._lanes
        now.mandate = now.case.coordinator.mandate(now.years_of_coordination)
        adopted, newly = state.laid("adopted"), lanes.empty("newly", now.case.world.size.size, 1)
        uniform, room = self._drawn.uniform(Stream.ADOPTION, now.year), self._room.one
        documents.adopt(uniform, diffusion_of(now), self._shares, room, adopted.reshape(newly.shape), newly)
        state.put("adopted", adopted)

    def _revises(self, now: Moment, adopted: Array, round: int) -> Array:
        """Who may revise, (block, region, lane). As `Partial` and `Synchronous`."""
        newly, out = (self._lanes.empty(name, now.case.world.size.size, 1) for name in ("newly", "revises"))
        uniform = self._drawn.uniform(Stream.REVISION, now.year, round)
        documents.let_revise(uniform, diffusion_of(now), adopted.reshape(out.shape), newly, 0.0 if round else 1.0, out)
        return out

    def _believe(self, now: Moment) -> None:
        """3. As `deciding.believe`."""
        state = self._ready(now)
        constant, word = self._constant, national("word", now.flows["estimate"], state.lanes)
        if self._definition is None or self._definition[0] != now.mandate:
            self._definition = now.mandate, definition_of(now, state.lanes)
        common, declared = self._definition[1]
        heard = Heard(
            worth=constant["worth"],
            common=common,
            declared=declared,
            demand=state.laid("demand"),
            mature=constant["value"],
            word=word,
            bias=constant["bias"],
        )
        belief, variance = state.laid("belief"), state.laid("variance")
        uniform = self._drawn.uniform(Stream.PRIVATE_SIGNAL, now.year)
        deciding.believe(uniform, heard, hearing_of(now), self._room, belief, variance)
        state.put("belief", belief)
        state.put("variance", variance)

    def _choose(self, now: Moment) -> None:
        """4. As `deciding.choose`."""
        case, state = now.case, self._ready(now)
        layout, adopted, lanes, taste = state.laid("layout"), state.laid("adopted"), state.lanes, taste_of(now)
        incumbent = state.laid("belief")  # nobody looks at it in a year of one turn; not the layout, which is written
        if case.behaviour.rounds > 1:
            incumbent = lanes.besides("incumbent", layout)
            incumbent[...] = layout
        seen = [name for name in Outlooks._fields if name not in BESIDE_STOCKS]
        outlooks = {name: state.laid(name) for name in seen if taste.average or name != "past_layout"}
        outlooks.setdefault("past_layout", incumbent)  # kept up to date only where somebody looks at it
        for round in range(case.behaviour.rounds):
            uniform, revises = self._drawn.uniform(Stream.CHOICE, now.year, round), self._revises(now, adopted, round)
            looks = Outlooks(uniform=uniform, incumbent=incumbent, revises=revises, **outlooks)
            deciding.decide(looks, self._places, self._form, taste, self._room)
        for name in ("layout", "portfolio"):
            state.put(name, state.laid(name))
        if taste.average:
            deciding.remember(outlooks["past_layout"], layout, now.years_since_start + 2.0)
            state.put("past_layout", outlooks["past_layout"])

    def _rest(self, now: Moment) -> None:
        """5 to 10. As `investing.fund` to `selling.record`."""
        state = self._ready(now)
        now.support = support_of(now, state)
        old, flows = stocks_of(state), self._flows
        zones = self._zones or state.pilots is not now.case.first.pilots
        table, setting = table_of(now, self._table), setting_of(now, self._setting, zones)
        given = given_of(now, state, self._constant, self._drawn)
        new_fit = state.lanes.besides("log_fit", old.log_fit)
        year.rest_of_year(old, new_fit, given, table, self._form, setting, self._room, flows)
        keep(now, state, new_fit, flows, self._shapes)


BESIDE_STOCKS = ("uniform", "incumbent", "revises")
"""What regions look at beside stocks."""


def alone_of(constant: Mapping[str, Array], form: Form | None, lanes: Lanes) -> Array:
    """What a sector would be worth to each region alone; only the market form looks at it."""
    if form is None or FORMS[form.number] is not MarketPayoff:
        return constant["true_fit"]
    out = lanes.besides("alone", constant["true_fit"])
    alone(constant["worth"], constant["true_fit"], form, out)
    return out


def reasons(case: "Case") -> tuple[str, ...]:
    """Phases of a case that are not compiled, each with the reason; empty when all are."""
    found = []
    if type(case.rule) not in (Logit, FictitiousPlay):
        found.append(f"choose: the rule {type(case.rule).__name__} is not compiled")
    elif type(case.revision) not in (Synchronous, Partial):
        found.append(f"choose: revision by {type(case.revision).__name__} is not compiled")
    elif case.coordinator.bars:
        found.append("choose: a plan that bars sectors is not compiled")
    elif form_of(case.payoff) is None:
        found.append(f"choose: the payoff {type(case.payoff).__name__} is not compiled")
    elif tiers_in(case.world) is None:
        found.append("choose: peers are not groups of equal weight")
    if tuple(MECHANISMS) != KNOWN or form_of(case.payoff) is None:
        found.append("fund to record: a mechanism or a payoff form is not compiled")
    return tuple(found)


def _stand_together(phases: tuple[Phase, ...]) -> bool:
    return phases[-len(INVESTING) :] == INVESTING
