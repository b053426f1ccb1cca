"""The state at the end of 2022, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from qipan.model import start
from qipan.model.axes import BANK_CREDIT
from qipan.model.ensemble import block_case
from qipan.model.parameters import Technology
from qipan.model.start import initial_capacity, pipeline
from qipan.model.world import load_world
from tests.laws.cases import short, small

near = pytest.approx


def test_capacity_is_spread_by_size_times_fit():
    """Demand 80 at a use of 0.8 needs 100; sizes 0.5 and 0.5, fits 1 and 3: 25 and 75."""
    capacity = initial_capacity(np.array([[80.0]]), np.array([0.5, 0.5]), np.log([[[1.0], [3.0]]]))
    assert capacity.ravel().tolist() == near([25.0, 75.0])


def test_pipeline_of_one_region():
    """Research starts: 0.7 x 0.06 x fiscal science x share / 0.02, under way x 4/1.8; industrial starts for 100 bn of
    capacity: 0.28 x 100 x 1.6 / (0.7 x 3.5) = 18.285714, under way x 3/1.6 = 34.285714."""
    world = load_world(short("baseline").world)
    own, capacity = np.full((1, 31, 6), 1 / 6), np.full((1, 31, 6), 100.0)
    in_progress, waiting = pipeline(Technology(), world, own, capacity)
    begun = 0.7 * 0.06 * world.fiscal_science[0] * world.mechanism_stages[0, 0] / 6 / 0.02
    assert in_progress[0, 0, 0, 0] == near(begun * 4 / 1.8)
    assert waiting[0, 0, 0, 0] == near(1.6 * begun)
    assert in_progress[0, 2, 0, 0] == near(34.285714, abs=1e-6)
    assert waiting[0, 2, 0, 0] >= 18.285714


def test_pipeline_by_hand():
    """Growth .25, wear .25, every success one half. Research: 3 a year begun, 3 x 4 / (1 + .25 x 4) = 6 under way.

    Capacity 8: (.25 + .25) x 8 x 2 = 8 to build, 8 / (.5 x 2 x 2) = 4 projects a year, 4 x 4 / 2 = 8 under way. Pilots:
    .5 x 6 / 4 = .75 supplied, 4 x 1.5 / .5 = 12 needed, root of 9 tried, 3 x 2 / 1.5 = 4 under way, 1 proven where 4
    are built. Capacity .125: needed .1875, tried .375, .5 under way and .125 proven where .0625 are built.
    """
    technology = SimpleNamespace(
        initial_growth=0.25,
        depreciation=0.25,
        initial_research=0.5,
        idea_ratio=1.5,
        research_years=4.0,
        pilot_years=2.0,
        industrial_years=4.0,
        research_cost=0.5,
        industrial_cost=2.0,
        capital_productivity=2.0,
        **dict.fromkeys(("research_success", "pilot_success", "industrial_success"), 0.5),
    )
    world = SimpleNamespace(fiscal_science=np.array([50.0, 50.0]), mechanism_stages=np.full((6, 3), 1.0))
    capacity = np.array([[[8.0], [0.125]]])
    in_progress, waiting = pipeline(technology, world, np.ones((1, 2, 1)), capacity)
    assert in_progress[0, :, :, 0].tolist() == [near([6.0, 6.0]), near([4.0, 0.5]), near([8.0, 0.125])]
    assert waiting[0, :, :, 0].tolist() == [near([4.5, 4.5]), near([0.75, 0.75]), near([4.0, 0.125])]


def test_money_behind_projects_and_plant_by_hand():
    """Under way 4 + 6 research projects of .5: 5 bn, 3/4 and 1/4; industrial ones of 2: 4 bn in four quarters.

    Equity in 35 bn of capacity at 3.5 a yuan: 10 bn. Behind a project of 2 stands a pilot of 1: .25, .5, .75 + .5 and
    .5, and the banks' loan has no claim, so these 2.5 share the ten: 1, 2, 5, 2.
    """
    shares = np.zeros((6, 3))
    shares[0] = 0.75, 0.25, 0.0
    shares[5] = 0.25, 0.0, 0.0
    shares[1:5, 2] = 0.25
    shares[2, 1] = 0.75
    assert BANK_CREDIT == 4
    world = SimpleNamespace(mechanism_stages=2.0 * shares)
    technology = SimpleNamespace(research_cost=0.5, pilot_cost=1.0, industrial_cost=2.0, capital_productivity=3.5)
    in_progress = np.array([[[[4.0], [6.0]], [[0.0], [0.0]], [[1.5], [0.5]]]])
    money = start.money_at_work(technology, world, in_progress)
    assert money[0, :, :, 0].T.tolist() == [near([3.75, 0, 0, 0, 0, 1.25]), [0.0] * 6, near([0, 1, 1, 1, 1, 0])]
    invested = start.money_invested(technology, world, np.array([[[30.0], [5.0]]]))
    assert invested[0, :, 0].tolist() == near([1.0, 2.0, 5.0, 2.0, 0.0, 0.0])


def test_layouts_before_the_first_year_by_hand():
    """The first announced two sectors and has room for one; the second for both, though a third suits it better; the
    third announced one and has no document, so it spreads its money as all others do."""
    own = np.array([[[0.5, 0.3, 0.2], [0.2, 0.1, 0.7], [0.1, 0.2, 0.7]]])
    world = SimpleNamespace(
        announced_layout=np.array([[1.0, 1, 0], [1, 1, 0], [1, 0, 0]]),
        adopted_at_start=np.array([1.0, 1, 0]),
        breadth=np.array([1, 2, 1]),
    )
    layout, portfolio = start.initial_layout(world, own)
    assert layout[0].tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert portfolio[0].tolist() == [[1, 0, 0], near([2 / 3, 1 / 3, 0]), [0.1, 0.2, 0.7]]


def test_stocks_before_the_first_year():
    """Markets clear at a use of .8 and the price that goes with it; twice the capacity has ever been built."""
    settings = {"world.market.demand_level": 1.5, "world.market.value_level": 2.0, "world.market.price_elasticity": 0.5}
    scenario = small("baseline", **settings)
    case = block_case(scenario, load_world(scenario.world), np.arange(3))
    first, world = case.first, case.world
    pairs, sectors = (3, 9, 5), (3, 5)
    np.testing.assert_allclose(first.demand, np.broadcast_to(1.5 * world.demand_2022, sectors), rtol=1e-14)
    np.testing.assert_allclose(0.8 * first.capacity.sum(axis=1), first.demand, rtol=1e-12)
    np.testing.assert_allclose(first.cumulative, 2.0 * first.capacity.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(first.belief, np.broadcast_to(np.log(2.0 * world.median_value), pairs), rtol=1e-12)
    np.testing.assert_array_equal(first.adopted, np.broadcast_to(world.adopted_at_start, (3, 9)))
    assert np.unique(first.utilisation).tolist() == [0.8]
    assert np.unique(first.price).tolist() == near([0.8**0.5])
    assert np.unique(first.variance).tolist() == [scenario.world.uncertainty.value_spread**2]
    np.testing.assert_array_equal(first.log_fit, case.nature.log_fit)
    np.testing.assert_array_equal(first.past_layout, first.layout)
    zero = {name: getattr(first, name) for name in (*start.UNTOUCHED_PAIRS, *start.UNTOUCHED_SECTORS, "balance")}
    assert {name: values.shape for name, values in zero.items()} == {
        **dict.fromkeys(start.UNTOUCHED_PAIRS, pairs),
        **dict.fromkeys(start.UNTOUCHED_SECTORS, sectors),
        "balance": (3, 3, 9, 5),
    }
    assert not any(values.any() for values in zero.values())
