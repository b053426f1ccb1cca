"""What a scenario's choice changes in a world: budgets in national totals, and the start of a game."""

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.model.errors import UserError
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world

MONEY = ("rd", "firm_rd", "fiscal_science", "gdp")


@pytest.mark.parametrize("name", MONEY)
def test_national_budgets_add_up_to_those_of_the_provinces(name):
    provinces, cities = load_world(WorldChoice()), load_world(WorldChoice(data="cities-293"))
    rescaled = load_world(WorldChoice(data="cities-293", budgets="national"))
    assert getattr(rescaled, name).sum() == pytest.approx(getattr(provinces, name).sum(), rel=1e-12)
    factor = getattr(rescaled, name) / getattr(cities, name)
    np.testing.assert_allclose(factor, factor[0], rtol=1e-12)
    assert factor[0] > 1.0


def test_national_budgets_leave_the_provinces_alone():
    one, other = load_world(WorldChoice()), load_world(WorldChoice(budgets="national"))
    for name in MONEY:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-15)


def test_a_game_starts_where_it_is_told_to():
    """Nobody revises: five regions stay 2 in the first sector, 3 in the second."""
    settings = {
        "world.values": [10, 8],
        "world.regions": 5,
        "world.initial_counts": [2, 3],
        "run.replicates": 2,
        "world.behaviour.revision": "partial",
        "world.behaviour.revise": 0,
    }
    layout = run(load_scenario("theory/game", settings))["layout"][:, -1]
    np.testing.assert_array_equal(layout.argmax(axis=-1), [[0, 0, 1, 1, 1]] * 2)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"world.initial_counts": [1, 2]}, "2 counts for 6 sectors"),
        ({"world.initial_counts": [40, 0, 0, 0, 0, 0]}, "sum of at most 31"),
        ({"world.initial_counts": [0.5, 0, 0, 0, 0, 0]}, "whole numbers"),
        ({"world.initial_counts": [1, 0, 0, 0, 0, 0], "world.early_adopters": "none"}, "early_adopters is none"),
    ],
)
def test_an_impossible_start_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        load_scenario("theory/game", settings)
