"""Between the moment of a year and the compiled phases: arrays go into lanes on the way in, plain on the way out."""

import numpy as np

from model.axes import Array
from model.case import Case
from model.compiled.lanes import Lanes
from model.compiled.stocks import CompiledState
from model.compiled.tables import Flows, Given, Stocks
from model.draws import Stream
from model.moment import Moment
from model.phases.selling import levies


def stocks_of(state: CompiledState) -> Stocks:
    """The stocks in lanes."""
    return Stocks(**{name: state.laid(name) for name in Stocks._fields})


def given_of(now: Moment, state: CompiledState, constant: dict[str, Array], result: Array) -> Given:
    """What the rest of the year looks at; co-funding of nobody is one block of zeros."""
    draws, lanes = now.case.draws, state.lanes
    luck = {
        "common": draws.uniform(Stream.RESULT_COMMON, year=now.year, over="k"),
        "home": draws.uniform(Stream.BREAKTHROUGH, year=now.year, over="k"),
        "abroad": draws.uniform(Stream.FOREIGN, year=now.year, over="k"),
    }
    support = {"research_support": now.support.research, "guidance_support": now.support.guidance}
    support["pilot_support"] = now.support.pilot
    nothing = np.zeros((1, *result.shape[1:]))
    return Given(
        **{name: lanes.lay(values) if now.mandate.money else nothing for name, values in support.items()},
        **{name: lanes.lay(values) for name, values in luck.items()},
        **{name: state.laid(name) for name in ("portfolio", "layout", "pilots")},
        **{name: constant[name] for name in ("worth", "value", "true_fit", "effort", "reference")},
        result=result,
    )


def constants(case: Case, lanes: Lanes) -> dict[str, Array]:
    """What does not change from year to year, in lanes."""
    return {
        "worth": lanes.lay(case.nature.worth),
        "value": lanes.lay(case.nature_value),
        "true_fit": lanes.lay(case.nature.log_fit),
        "effort": lanes.lay(case.effort),
        "reference": lanes.lay(case.first.cumulative),
        "bias": lanes.lay(case.nature.definition_bias),
    }


def flows_of(now: Moment, lanes: Lanes) -> Flows:
    """Room for the flows of the year, in lanes."""
    shapes = _shapes(now)
    return Flows(**{name: lanes.empty(*shapes[name]) for name in Flows._fields})


def _shapes(now: Moment) -> dict[str, tuple[int, ...]]:
    """Axes of the flows after the replicate; the last is shared with the lanes."""
    case = now.case
    (_, regions, sectors), mechanisms = case.first.layout.shape, case.first.invested.shape[1]
    pair, region, stage = (regions, sectors), (regions, 1), (3, 1)
    by_mechanism = (mechanisms, 1)
    return {
        "investment": pair, "output": pair, "sold": pair, "public_money": region, "arrears": region,
        "supply": (sectors,), "money": (mechanisms, 3, 1), "offered": by_mechanism, "returned": by_mechanism,
        "lost": by_mechanism, "waiting": stage, "starts": stage, "successes": stage, "payoff": (1,), "lapsed": (1,),
        "public_balance": (1,),
    }  # fmt: skip


def keep(now: Moment, state: CompiledState, new_fit: Array, flows: Flows) -> None:
    """The stocks have changed; the record of the year is plain."""
    for name in CHANGED:
        state.put(name, state.laid(name))
    state.put("log_fit", new_fit)
    shapes = _shapes(now)
    for name, values in zip(Flows._fields, flows, strict=True):
        shape = shapes[name] if shapes[name][-1] != 1 or name in PAIR_FLOWS else shapes[name][:-1]
        now.flows[name] = state.lanes.plain(values, *shape)
    now.flows.update({name: getattr(state, name) for name in KEPT}, on_list=state.key_areas, **levies(now))


PAIR_FLOWS = ("investment", "output", "sold", "supply")
"""Flows that have a value for each sector, be it one."""

CHANGED = tuple(name for name in Stocks._fields if name != "log_fit")
"""Stocks that the rest of the year changes in place."""

KEPT = (
    "layout", "portfolio", "capacity", "adopted", "demand", "utilisation", "price", "breakthrough", "foreign",
    "planner_count",
)  # fmt: skip
"""Stocks that are recorded as they are."""


def national(values: Array, count: int, lanes: Lanes) -> Array:
    """(n or 1, sector) in lanes."""
    return lanes.lay(np.broadcast_to(values, (count, values.shape[-1])))
