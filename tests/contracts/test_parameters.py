"""No dead parts: each parameter, moved to the other end of its range where it can act, changes a recorded number.

What acts is looked for in two runs of two replicates that differ in that one value: any field of the history, or any
measure of it (a discount rate moves welfare alone).
"""

from functools import cache

import numpy as np
import pytest

from qipan import run
from qipan.experiments.summaries.scores import obtained
from qipan.model.measures import compute
from qipan.model.scenario import load_scenario
from tests.laws.cases import MONEY_ON, differing, short, small

# Where a value acts that the full design on a small invented world does not show: scenario, settings, new value.
GAME = {"world.behaviour.rounds": 60}
AFFINE = ("theory/affine", GAME)
DEBT = {
    "run.last_year": 2035,
    "world.market.demand_level": 0.5,
    "world.market.value_level": 0.2,
    "world.technology.expansion": 0.5,
    "policy.funding.loan_to_value": 0.7,
    "policy.funding.loan_years": 5.0,
}
SCALE = {path: value for path, value in MONEY_ON.items() if "scale" in path}
CASES: dict[str, tuple[str, dict, object]] = {
    "world.data": ("baseline", {}, "synthetic"),
    "world.tables": ("baseline", {}, "tests/contracts/own-data"),
    "world.sectors": ("baseline", {}, "directions-6"),
    "world.fit_data": ("baseline", {}, "frontier"),
    "world.uncertainty.coarse_fit_spread": ("baseline", {"world.fit_data": "frontier"}, 0.4),
    "world.market.scope": ("baseline", {}, 4.0),
    "world.market.inequality_aversion": ("baseline", {}, 0.0),  # regions of invented worlds have one GDP per head
    "world.equal_breadth": ("equal-breadth", {}, 2),
    "world.values": (*AFFINE, [120.0, 100.0, 90.0, 80.0, 70.0, 10.0]),
    "world.initial_counts": ("theory/affine", {"world.behaviour.rounds": 5}, [0.0, 0.0, 0.0, 0.0, 0.0, 31.0]),
    "world.regions": ("synthetic-100", {"world.regions": 9}, 8),
    "world.sector_count": ("synthetic-100", {"world.regions": 9}, 5),
    "world.behaviour.rounds": ("one-at-a-time", {"world.behaviour.rounds": 5}, 6),
    "world.behaviour.congestion": (*AFFINE, 2.0),
    "world.behaviour.cluster_gain": (*AFFINE, 3.0),
    "world.behaviour.entry_cost": ("theory/parallel-projects", GAME, 30.0),
    "world.behaviour.race_success": ("theory/parallel-projects", GAME, 0.5),
    "world.behaviour.demand_slope": ("theory/excess-entry", GAME, 3.0),
    "world.technology.minimum_scale": ("national-design", SCALE, 40.0),
    "world.technology.scale_exponent": ("national-design", SCALE, 0.6),
    "world.technology.scale_operating": ("national-design", SCALE, 0.1),
    "world.behaviour.outside_option": ("baseline", {}, 5.0),
    # Breakthroughs are rare in two replicates of eight years.
    "world.technology.pilot_effort": ("national-design", {"world.technology.breakthrough_rate": 0.5}, 0.6),
    "policy.coordination.arm": ("baseline", {}, "burn"),
    "policy.coordination.cut": ("cut", {}, 0.4),
    "policy.coordination.period": ("national-design", {}, 3),
    "policy.coordination.from": ("national-design", {}, 2025),
    "policy.coordination.until": ("national-design", {}, 2025),
    "policy.coordination.plan": ("national-design", {}, [{"sector": "sector-1", "role": "key_area"}]),
    "policy.timeline": ("national-design", {}, [{"from": 2025, "coordination.levy": 0.4}]),
    "policy.regions": ("baseline", {}, {"Henan": {"funding": {"guidance_share": "x2"}}}),
    "run.first_year": ("baseline", {}, 2024),
    "run.last_year": ("baseline", {}, 2028),
    "run.programme_until": ("baseline", {}, 2026),
    "run.seed": ("baseline", {}, 2),
    # Pairs earn enough for their instalments unless much is lent and markets stay small.
    "policy.funding.default_share": ("baseline", DEBT, 0.5),
}
OF_PROVINCES = (
    "world.uncertainty.coarse_fit_spread",
    "world.market.scope",
    "world.market.inequality_aversion",
)
COUNTED = {"run.replicates"}
"""How many replicates is asked of `run` itself: see the test below."""


def table():
    from qipan.model.scenario import parameter_rows

    return {row.path: row for row in parameter_rows()}


ROWS = table()


def value(scenario, path):
    for part in path.split("."):
        scenario = getattr(scenario, part)
    return scenario


def moved(row, now):
    """The farther end of the plausible range, the other position of a switch."""
    if isinstance(row.default, bool):
        return not now
    low, high = row.plausible
    far = high if abs(high - now) >= abs(now - low) else low
    return type(row.default)(far)


def base(path):
    name, settings, _ = CASES.get(path, ("national-design", {}, None))
    plain = settings is DEBT or name.startswith("theory") or (path.startswith("world.") and path.count(".") == 1)
    plain = plain or path in ("policy.regions", *OF_PROVINCES)
    return short(name, 8, **settings) if plain else small(name, 8, **settings)


@cache
def run_once(key):
    return run(KEPT[key], replicates=range(2))


KEPT = {}


def ran(scenario):
    key = (scenario.digest(), scenario.world.tables)
    KEPT[key] = scenario
    return run_once(key)


def acting(before, after):
    """Names of fields and measures that moved."""
    if before["output"].shape != after["output"].shape:
        return ["shape"]
    if before.world.targets != after.world.targets:
        return ["targets"]
    names = differing(before, after)
    if names:
        return names
    one, two = (compute(history) | hit(history) for history in (before, after))
    return [name for name in one if not np.array_equal(one[name], two[name], equal_nan=True)]


def hit(history):
    """What was obtained of each target in the years that were run."""
    there = (target for target in history.world.targets if target.simulated and target.year in history.years)
    return {target.identifier: obtained(history, target) for target in there}


PLAIN = [path for path, row in ROWS.items() if path not in CASES and path not in COUNTED and not row.choices]


@pytest.mark.parametrize("path", PLAIN)
def test_each_parameter_acts(path):
    scenario = base(path)
    to = moved(ROWS[path], value(scenario, path))
    assert acting(ran(scenario), ran(scenario.replace(**{path: to}))), f"{path} is dead: {to} changes no number"


@pytest.mark.parametrize("path", list(CASES))
def test_each_parameter_acts_where_it_is_read(path):
    scenario, to = base(path), CASES[path][2]
    assert acting(ran(scenario), ran(scenario.replace(**{path: to}))), f"{path} is dead: {to} changes no number"


def test_the_number_of_replicates_is_the_length_of_the_first_axis():
    assert run(small(years=1, **{"run.replicates": 3}))["output"].shape[0] == 3


CHOICES = [(path, choice) for path, row in ROWS.items() for choice in row.choices if path != "policy.coordination.arm"]
PAYOFFS_LEVEL = {"shared_prize", "affine", "race", "cournot"}


@pytest.mark.parametrize(("path", "choice"), CHOICES)
def test_each_choice_is_a_case_of_its_own(path, choice):
    """Against each of the other choices of the same parameter."""
    others = [other for other in ROWS[path].choices if other != choice]
    start = short("theory/game", 1, rounds=30) if choice in PAYOFFS_LEVEL or path.endswith("payoff") else base(path)
    if path.endswith("payoff"):
        start = start.replace(**{"world.behaviour.temperature": 0.5})
    if path == "world.budgets":
        start = small(years=3)
    if path.endswith("solver"):  # pair by pair is the best there is in many draws, and in all of the small world
        start = short("national-design", 4, **{"run.seed": 2})
    for other in others:
        one, two = ran(start.replace(**{path: choice})), ran(start.replace(**{path: other}))
        assert acting(one, two), f"{path}: {choice} and {other} give the same history"


def test_each_setting_of_the_case_table_exists():
    assert set(CASES) | COUNTED <= set(ROWS)


@pytest.mark.parametrize("path", list(ROWS))
def test_each_parameter_says_what_it_is(path):
    row = ROWS[path]
    assert row.meaning.endswith(".") and len(row.meaning) > 10
    assert row.grade in ("measured", "literature", "assumed", "choice")
    assert row.source and row.unit
    if row.grade == "choice":
        return
    assert row.plausible is not None, "an uncertain number has a plausible range"
    assert row.zh


RANGED = [path for path, row in ROWS.items() if row.plausible is not None]


@pytest.mark.parametrize("path", RANGED)
def test_the_default_is_plausible_and_the_plausible_is_allowed(path):
    row = ROWS[path]
    assert row.allowed[0] <= row.plausible[0] < row.plausible[1] <= row.allowed[1]
    assert row.plausible[0] <= row.default <= row.plausible[1]


WEIGHTS = ("imitation", "tournament", "switching_cost", "risk_aversion", "pooling", "foresight")
WORDS = ("list_weight", "pilot_weight", "layout_weight", "lobbying", "information_weight", "relabelling")


@pytest.mark.parametrize(
    "path", [f"world.behaviour.{n}" for n in WEIGHTS] + [f"policy.coordination.{n}" for n in WORDS]
)
def test_zero_is_inside_the_range_of_every_behavioural_weight(path):
    assert ROWS[path].allowed[0] == ROWS[path].plausible[0] == 0.0


def test_defaults_are_the_baseline():
    """The baseline file changes no parameter from its default: what a reader of the table sees is what is run."""
    baseline = load_scenario("baseline")
    assert {path: value(baseline, path) for path in ROWS} == {path: row.default for path, row in ROWS.items()}
