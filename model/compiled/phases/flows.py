"""Between the moment of a year and the compiled phases: arrays go into lanes on the way in, plain on the way out."""

from collections.abc import Callable

import numpy as np

from qipan.model.axes import Array
from qipan.model.case import Case
from qipan.model.compiled.arithmetic.drawing import DrawnUniforms
from qipan.model.compiled.lanes import Lanes
from qipan.model.compiled.stocks import CompiledState
from qipan.model.compiled.tables import Flows, Given, Stocks
from qipan.model.draws import Stream
from qipan.model.moment import Moment
from qipan.model.phases.selling import levies

Shapes = dict[str, tuple[int, ...]]
"""Axes of the flows after the replicate, by name."""


def stocks_of(state: CompiledState) -> Stocks:
    """The stocks in lanes."""
    return Stocks(**{name: state.laid(name) for name in Stocks._fields})


CONSTANT = ("worth", "value", "true_fit", "alone", "effort", "reference", "producers")
"""What does not change from year to year."""

LUCK = {
    "result": Stream.RESULT_OWN,
    "common": Stream.RESULT_COMMON,
    "home": Stream.BREAKTHROUGH,
    "abroad": Stream.FOREIGN,
}
"""Where the uniforms of investing come from."""


def given_of(now: Moment, state: CompiledState, constant: dict[str, Array], drawn: DrawnUniforms) -> Given:
    """What the rest of the year looks at; co-funding is in lanes already."""
    return Given(
        research_support=now.support.research,
        guidance_support=now.support.guidance,
        pilot_support=now.support.pilot,
        **{name: state.laid(name) for name in ("portfolio", "layout", "pilots")},
        **{name: constant[name] for name in CONSTANT},
        **{name: drawn.uniform(stream, now.year) for name, stream in LUCK.items()},
    )


def constants(case: Case, lanes: Lanes) -> dict[str, Array]:
    """What does not change from year to year, in lanes."""
    plain = {
        "worth": case.nature.worth,
        "value": case.nature_value,
        "true_fit": case.nature.log_fit,
        "effort": case.effort,
        "reference": case.first.cumulative,
        "producers": case.producers,
        "bias": case.nature.definition_bias,
    }
    return {name: lanes.lay(name, values) for name, values in plain.items()}


def definition_of(now: Moment, lanes: Lanes) -> tuple[Array, Array]:
    """Error in common and bias of the official definition in lanes; the same in every year of a mandate."""
    case, common = now.case, now.case.nature.common_error
    if now.mandate.official_error > 0.0:
        official = now.mandate.official_error * case.draws.normal(Stream.OFFICIAL_ERROR, over="k")
        common = common + now.mandate.definition * official
    declared = case.coordinator.declared_bias(case.uncertainty.definition_gap, case.draws)
    return national("common", common, lanes), national("declared", declared, lanes)


def flows_of(shapes: Shapes, lanes: Lanes) -> Flows:
    """Room for the flows of the year, in lanes."""
    return Flows(**{name: lanes.empty(f"flow {name}", *shapes[name]) for name in Flows._fields})


def shapes_of(case: Case) -> Shapes:
    """Axes of the flows after the replicate; the last is shared with the lanes."""
    (_, regions, sectors), mechanisms = case.first.layout.shape, case.first.invested.shape[1]
    pair, region, stage = (regions, sectors), (regions, 1), (3, 1)
    by_mechanism = (mechanisms, 1)
    return {
        "investment": pair,
        "output": pair,
        "sold": pair,
        "supply": (sectors,),
        "money": (mechanisms, 3, 1),
        "offered": by_mechanism,
        "returned": by_mechanism,
        "lost": by_mechanism,
        "waiting": stage,
        "starts": stage,
        "successes": stage,
        "payoff": (1,),
        "lapsed": (1,),
        "public_balance": (1,),
        **dict.fromkeys(BY_REGION, region),
    }


BY_REGION = (
    "public_money",
    "arrears",
    "overhead",
    "general_budget",
    "completed_research",
    "small_cost",
    "public_used",
    "private_used",
    "directed",
)
"""Flows that have a value for each region."""


class Recorded(dict[str, Array]):
    """Flows of a year: in lanes until somebody reads them. Those that are stocks are read from the stocks.

    Args:
        known: Flows that are plain.
        state: The stocks at the end of the year.
        laid: Flows in lanes.
        shapes: Their axes after the replicate.
        levied: Makes the levies of the year, which few ask for, of the national support for projects by region.
    """

    def __init__(
        self,
        known: dict[str, Array],
        state: CompiledState,
        laid: Flows,
        shapes: Shapes,
        levied: Callable[[Array], dict[str, Array]],
    ) -> None:
        super().__init__(known)
        self._state, self._laid, self._shapes, self._levied = state, laid._asdict(), shapes, levied

    def __missing__(self, name: str) -> Array:
        """The plain array, made when it is read first."""
        if name in KEPT:
            return self._state.read(name)
        if name not in self._shapes:
            levied = self._levied(self["directed"])
            self.update(levied)
            return levied[name]
        shape = self._shapes[name]
        bare = shape if shape[-1] != 1 or name in PAIR_FLOWS else shape[:-1]
        self[name] = self._state.lanes.plain(self._laid[name], *bare)
        return self[name]

    def in_lanes(self, name: str) -> Array | None:
        """The lanes of a flow, as long as it is not plain."""
        if name in self:
            return None
        return self._state.in_lanes(name) if name in KEPT else self._laid.get(name)


def keep(now: Moment, state: CompiledState, new_fit: Array, flows: Flows, shapes: Shapes) -> None:
    """The stocks have changed; the record of the year is ready to be read."""
    for name in CHANGED:
        state.put(name, state.laid(name))
    state.put("log_fit", new_fit)
    known = now.flows | {"on_list": state.key_areas}
    now.flows = Recorded(known, state, flows, shapes, lambda directed: levies(now, directed))


PAIR_FLOWS = ("investment", "output", "sold", "supply")
"""Flows that have a value for each sector, be it one."""

CHANGED = tuple(name for name in Stocks._fields if name != "log_fit")
"""Stocks that the rest of the year changes in place."""

KEPT = (
    "layout",
    "portfolio",
    "capacity",
    "adopted",
    "demand",
    "utilisation",
    "price",
    "breakthrough",
    "foreign",
    "planner_count",
)
"""Stocks that are recorded as they are."""


def national(name: str, values: Array, lanes: Lanes) -> Array:
    """(n or 1, sector) in lanes."""
    return lanes.lay(name, np.broadcast_to(values, (lanes.count, values.shape[-1])))
