"""Short runs of every scenario that comes with the model, kept for the length of a test session."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from qipan import History, run
from qipan.model.ensemble import block_case, simulate
from qipan.model.fields import FIELDS, ONCE
from qipan.model.moment import Moment
from qipan.model.scenario import Scenario, list_scenarios, load_scenario
from qipan.model.state import State
from qipan.model.step import advance
from qipan.model.world import World, load_world

NAMES = list_scenarios()
YEARS = 7
"""Enough for the first plan, its publication a year later and the second plan."""

WITHHELD = ("administration", "burned", "ecosystem_money", "overhead", "ordinary")
"""Uses of the public pools beside projects: what no mechanism offers."""

OFF: dict[str, float] = {
    "policy.coordination.relabelling": 0.0,
    "policy.funding.base_cost": 0.0,
    "policy.coordination.ecosystem_decay": 0.0,
    "world.technology.pilot_effort": 0.0,
    "policy.coordination.planner_memory": 0.0,
    "policy.coordination.planner_common_share": 0.0,
    "policy.funding.market_led": 0.0,
    "policy.funding.bank_caution": 0.0,
    "policy.funding.write_off": 0.0,
    "world.technology.footloose": 0.0,
    "world.technology.scale_exponent": 1.0,
    "world.technology.scale_operating": 0.0,
    "world.technology.minimum_scale": 0.0,
}
"""Rules of money, plant, knowledge and the planner, each at the value that switches it off."""

MONEY_ON: dict[str, float] = {
    "policy.coordination.relabelling": 0.2,
    "policy.funding.base_cost": 0.2,
    "policy.funding.market_led": 0.5,
    "policy.funding.bank_caution": 1.0,
    "policy.funding.write_off": 0.6,
    "world.technology.footloose": 0.5,
    "world.technology.scale_exponent": 0.8,
    "world.technology.scale_operating": 0.05,
    "world.technology.minimum_scale": 10.0,
}
"""Rules of money and plant at work, within their plausible ranges."""

RULES_ON: dict[str, float] = MONEY_ON | {
    "policy.coordination.ecosystem_decay": 0.15,
    "world.technology.pilot_effort": 0.3,
    "policy.coordination.planner_memory": 1.0,
    "policy.coordination.planner_common_share": 0.5,
}
"""All rules that can be off, at work."""

SMALL = {"world.data": "synthetic", "world.regions": 9, "world.sector_count": 5}


def short(name: str, years: int = YEARS, rounds: int = 70, **settings: object) -> Scenario:
    """A scenario cut to a few years, and a game to a few rounds."""
    scenario = load_scenario(name)
    last = min(scenario.run.last_year, scenario.run.first_year + years - 1)
    fewer = min(scenario.world.behaviour.rounds, rounds)
    return scenario.replace(**{"run.last_year": last, "world.behaviour.rounds": fewer, **settings})


def small(name: str = "national-design", years: int = YEARS, **settings: object) -> Scenario:
    """A scenario on an invented world of nine regions and five sectors."""
    return short(name, years, **(SMALL | settings))


@cache
def history(name: str) -> History:
    """Two replicates of a short run."""
    return run(short(name), replicates=range(2))


def simulated(scenario: Scenario, world: World, replicates: int = 2) -> dict[str, np.ndarray]:
    """What `run` records, in a world of the test's own, axes as in a history."""
    case = block_case(scenario, world, np.arange(replicates))
    years = [{name: flows[name].copy() for name in FIELDS} for flows in simulate(case)]
    return {name: np.stack([year[name] for year in years], axis=1) for name in FIELDS}


def moments(scenario: Scenario, replicates: int = 2) -> Iterator[tuple[State, Moment]]:
    """Year by year: the stocks before, and the year with the stocks after."""
    case = block_case(scenario, load_world(scenario.world), np.arange(replicates))
    state = case.first.copy()
    for year in range(scenario.run.first_year, scenario.run.last_year + 1):
        before = state.copy()
        now = advance(case, state, year, lambda outlook, turn: case.rule.decide(outlook))
        state = now.state
        yield before, now


def national(recorded, name: str) -> np.ndarray:
    """A flow of the nation, (replicate, year): the sum over regions where it is recorded by region."""
    return recorded[name].sum(axis=2) if FIELDS[name].axes == ("region",) else recorded[name]


def differing(first, second, names=None) -> list[str]:
    """Fields that are not the same bytes in two histories (or dicts of arrays)."""
    one, two = getattr(first, "arrays", first), getattr(second, "arrays", second)
    return [name for name in (names or one) if one[name].tobytes() != two[name].tobytes()]


EVERY_FIELD = (*FIELDS, *ONCE)
