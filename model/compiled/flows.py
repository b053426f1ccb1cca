"""Between the moment of a year and the compiled phases: arrays laid flat on the way in, named on the way out."""

import numpy as np

from model.axes import Array
from model.compiled.tables import Flows, Given, Stocks
from model.draws import Stream
from model.moment import Moment
from model.phases.selling import levies
from model.state import State


def stocks_of(state: State) -> Stocks:
    """The stocks, pairs flat."""
    return Stocks(**{name: _flat(name, getattr(state, name)) for name in Stocks._fields})


def new_stocks(state: State) -> Stocks:
    """Room for next year's stocks, pairs flat."""
    return Stocks(**{name: np.empty(_flat(name, getattr(state, name)).shape) for name in Stocks._fields})


def given_of(now: Moment, result: Array) -> Given:
    """What the rest of the year looks at; co-funding of nobody is one row of zeros."""
    case, state, support = now.case, now.state, now.support
    rows = slice(None) if now.mandate.money else slice(1)
    draws = {
        "common": case.draws.uniform(Stream.RESULT_COMMON, year=now.year, over="k"),
        "home": case.draws.uniform(Stream.BREAKTHROUGH, year=now.year, over="k"),
        "abroad": case.draws.uniform(Stream.FOREIGN, year=now.year, over="k"),
    }
    return Given(
        portfolio=flat(state.portfolio),
        layout=flat(state.layout),
        pilots=flat(state.pilots),
        result=result,
        research_support=flat(support.research[rows]),
        guidance_support=flat(support.guidance[rows]),
        pilot_support=flat(support.pilot[rows]),
        worth=case.nature.worth,
        value=case.nature_value,
        true_fit=flat(case.nature.log_fit),
        effort=case.effort,
        reference=case.first.cumulative,
        **draws,
    )


def flows_of(now: Moment) -> Flows:
    """Room for the flows of the year."""
    (n, regions, sectors), mechanisms = now.state.layout.shape, now.state.invested.shape[1]
    pairs, by_region, by_mechanism, by_stage = (n, regions * sectors), (n, regions), (n, mechanisms), (n, 3)
    shapes = {
        "investment": pairs, "output": pairs, "sold": pairs, "public_money": by_region, "arrears": by_region,
        "supply": (n, sectors), "money": (n, mechanisms, 3), "offered": by_mechanism, "returned": by_mechanism,
        "lost": by_mechanism, "waiting": by_stage, "starts": by_stage, "successes": by_stage,
    }  # fmt: skip
    return Flows(**{name: np.empty(shapes.get(name, (n,))) for name in Flows._fields})


def keep(now: Moment, new: Stocks, flows: Flows) -> None:
    """Put the new stocks into the state and the flows into the record of the year."""
    state, shape = now.state, now.state.layout.shape
    for name, values in zip(Stocks._fields, new, strict=True):
        setattr(state, name, values.reshape(getattr(state, name).shape))
    for name, values in zip(Flows._fields, flows, strict=True):
        now.flows[name] = values.reshape(shape) if name in PAIR_FLOWS else values
    now.flows.update({name: getattr(state, name) for name in KEPT}, on_list=state.key_areas, **levies(now))


PAIR_FLOWS = ("investment", "output", "sold")
"""Flows that have a value for each region and sector."""

KEPT = (
    "layout", "portfolio", "capacity", "adopted", "demand", "utilisation", "price", "breakthrough", "foreign",
    "planner_count",
)  # fmt: skip
"""Stocks that are recorded as they are."""

BY_PAIR = (
    "log_fit", "ecosystem", "waiting", "in_progress", "balance", "capacity", "cohort_loans", "performing", "arrears",
)  # fmt: skip
"""Stocks that have a value for each region and sector."""


def flat(values: Array) -> Array:
    """(..., region, sector) as (..., pairs)."""
    return np.ascontiguousarray(values).reshape(*values.shape[:-2], -1)


def _flat(name: str, values: Array) -> Array:
    return flat(values) if name in BY_PAIR else np.ascontiguousarray(values)
