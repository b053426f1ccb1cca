"""The independent JAX implementation of `bench/` and the model: the same year, number by number, on the same draws."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from bench.sources import arrays_of
from qipan import load_scenario, load_world, run
from qipan.model.draws import Draws
from tests.laws.cases import MONEY_ON

pytest.importorskip("jax", reason="the JAX peer needs JAX: pip install 'qipan[peers]'")

YEARS, REPLICATES = 6, 3
FIELDS = (
    "layout",
    "portfolio",
    "capacity",
    "output",
    "sold",
    "adopted",
    "arrears",
    "demand",
    "utilisation",
    "price",
    "breakthrough",
    "foreign",
    "returned",
    "lost",
    "money",
    "lapsed",
    "public_balance",
    "payoff",
)
SMALL = {"world.data": "synthetic", "world.regions": 7, "world.sector_count": 4}
OTHER = {
    "policy.funding.guidance_draw": -0.5,
    "policy.funding.carry_over": 0.0,
    "world.technology.minimum_scale": 2.0,
    "world.technology.scale_exponent": 0.7,
    "world.behaviour.risk_aversion": 0.5,
    "world.governance.execution": 0.7,
    "world.behaviour.outside_option": 4.5,
}


@pytest.fixture(scope="module")
def apart():
    """A process of its own: once JAX has computed, its threads make every later fork of a process warn."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("settings", [{}, SMALL, OTHER, MONEY_ON])
def test_an_independent_implementation_agrees(apart, settings):
    scenario = load_scenario("baseline").replace(**{"run.last_year": 2022 + YEARS, **settings})
    world, history = load_world(scenario.world), run(scenario, replicates=range(REPLICATES))
    draws = Draws(scenario.run.seed, np.arange(REPLICATES), world.region_ids, world.sector_ids)
    years = range(scenario.run.first_year, scenario.run.last_year + 1)
    found = apart.submit(given, scenario, *arrays_of(draws, years)).result()
    for name in FIELDS:
        expected = history[name]
        atol = 1e-12 * np.abs(expected).max()
        np.testing.assert_allclose(found[name], expected, rtol=1e-12, atol=atol, err_msg=name)


def given(scenario, nature, rows):
    from bench.jax_peer import on_given_draws

    return on_given_draws(scenario, load_world(scenario.world), nature, rows, FIELDS)
