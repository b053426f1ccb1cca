"""The stage pipeline by hand."""

import numpy as np
import pytest

from qipan.model import projects

near = pytest.approx


def test_the_lesser_of_projects_and_money():
    """10 waiting, 2 bn at 0.25 each pay for 8; 10 bn pay for all."""
    assert projects.starts(10.0, 2.0, 0.25) == near(8.0)
    assert projects.starts(10.0, 10.0, 0.25) == near(10.0)


def test_used_share():
    """2.5 bn spent of 10 offered; nothing offered, nothing used."""
    assert projects.used_share(2.5, 10.0) == near(0.25)
    assert projects.used_share(0.0, 0.0) == 0.0


def test_the_valley_of_death():
    """(10 - 8) x 0.85 + 3 = 4.7."""
    assert projects.aged_queue(10.0, 8.0, 0.15, 3.0) == near(4.7)


def test_shock_has_mean_one():
    """No luck at spread 0.75: exp(-0.28125) = 0.754840; common luck of one: exp(0.75 - 0.28125) = 1.597995."""
    assert projects.shock(0.0, 0.0, 0.3, 0.75) == near(0.754840, abs=1e-6)
    assert projects.shock(1.0, -5.0, 1.0, 0.75) == near(1.597995, abs=1e-6)
    assert projects.shock(1.0, 1.0, 0.25, 0.0) == 1.0
    # Gauss-Hermite mean over own luck at no correlation is exactly one.
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    mean = (weights * projects.shock(0.0, nodes, 0.0, 0.75)).sum() / weights.sum()
    assert mean == near(1.0, abs=1e-12)


def test_success_share():
    """0.3 x 1.25 x 1.1 x 1 x 0.8 = 0.33, half of it where know-how is worth a half;
    0.7 x 1.25 x 1.2 is capped at 0.95; luck cannot lift the share above one.
    """
    assert projects.success_share(0.3, 1.25, 1.1, 1.0, 0.8) == near(0.33)
    assert projects.success_share(0.3, 1.25, 1.1, 0.5, 0.8) == near(0.165)
    assert projects.success_share(0.7, 1.25, 1.2, 1.0, 1.0) == near(0.95)
    assert projects.success_share(0.7, 1.0, 1.0, 1.0, 9.0) == 1.0


def test_learning():
    """20% a doubling: tenfold output costs 0.8^log2(10) = 0.476510 of the first; nothing is unlearnt."""
    one = np.array([10.0, 2.0, 0.5])
    assert projects.unit_cost(1.0, one, np.ones(3), 0.2).tolist() == near([0.476510, 0.8, 1.0], abs=1e-6)
    assert projects.unit_cost(1.0, one, np.ones(3), 0.0).tolist() == [1, 1, 1]


def test_expansion():
    """0.4 x 35 bn of capacity = 14 bn a year; a project of 1 bn brings 3.5: 4 projects."""
    assert projects.expansion(0.4, 35.0, 1.0, 3.5) == near(4.0)


def test_pilot_success_is_bought():
    """Half of the need covered: 1 + 0.1 x 0.5; more than covered: 1.1; outside a zone nothing."""
    assert projects.pilot_boost(1.0, 0.1, 2.0, 4.0) == near(1.05)
    assert projects.pilot_boost(1.0, 0.1, 9.0, 4.0) == near(1.1)
    assert projects.pilot_boost(0.0, 0.1, 9.0, 4.0) == 1.0


def test_expansion_ramp():
    """From 0.28 to 0.4 in three years: 0.28, 0.32, 0.36, 0.40, 0.40; without a ramp at once."""
    climbed = [projects.expansion_rate(year, 0.28, 0.4, 3) for year in range(5)]
    assert climbed == near([0.28, 0.32, 0.36, 0.40, 0.40])
    assert projects.expansion_rate(0, 0.28, 0.4, 0) == 0.4


def test_new_capacity():
    assert projects.new_capacity(2.0, 1.0, 3.5) == near(7.0)


def test_shock_mixes_common_and_own_luck():
    """A quarter correlated, both draws one: 0.5 + 0.866025 = 1.366025; exp(0.75 x 1.366025 - 0.28125) = 2.102798."""
    assert projects.shock(1.0, 1.0, 0.25, 0.75) == near(2.102798, abs=1e-6)
    assert projects.shock(1.0, -1.0, 0.25, 0.75) == near(np.exp(0.75 * (0.5 - 0.75**0.5) - 0.28125))


def test_proposed():
    """By its own split or its portfolio, whichever is more: 4 x 0.5 and 4 x 0.7."""
    assert projects.proposed(4.0, 0.3, 0.5) == near(2.0)
    assert projects.proposed(4.0, 0.7, 0.5) == near(2.8)


def test_under_way():
    assert projects.under_way(10.0, 3.0, 4.0) == near(9.0)


def test_worn():
    """A tenth of 100 wears out, 5 are built: 95."""
    assert projects.worn(100.0, 0.1, 5.0) == near(95.0)


def test_expansion_builds_the_rate_of_capacity_when_all_of_it_succeeds():
    """A project builds 2 x 3.5 = 7 whatever it costs by now: 0.4 of 35 is two projects, which build 14."""
    asked = projects.expansion(0.4, 35.0, 2.0, 3.5)
    assert projects.new_capacity(asked, 2.0, 3.5) == near(14.0)


def test_footloose_expansion_goes_where_money_invites_it():
    """Plant 30 and 10; money calls .1 and .3, half is footloose: 15 + .5 x 40 x .25 = 20 and 5 + 15 = 20: 40 in all.
    Where no money calls, it stays beside plant; nothing footloose leaves every bit of it there.
    """
    plant, called = np.array([30.0, 10.0]), np.array([0.1, 0.3])
    assert projects.sited(plant, 40.0, called, 0.4, 0.5).tolist() == near([20.0, 20.0])
    assert projects.sited(plant, 40.0, 0.0 * called, 0.0, 0.5).tolist() == [30.0, 10.0]
    assert projects.sited(plant / 3.0, 40.0, called, 0.4, 0.0).tolist() == (plant / 3.0).tolist()


def test_cost_below_the_smallest_efficient_base():
    """Plants of 3.5; 1.5 + 3.5 = 5 where 10 is efficient: 2^.2 = 1.148698 at .8, 2^.4 = 1.319508 at .6; 8 is above.
    Nothing yet: (10 / 3.5)^.2 = 1.233634. In proportion (1), or without a smallest base, each costs the same.
    """
    capacity = np.array([1.5, 8.0, 0.0])
    assert projects.scale_penalty(capacity, 3.5, 10.0, 0.8).tolist() == near([1.148698, 1.0, 1.233634], abs=1e-6)
    assert projects.scale_penalty(capacity, 3.5, 10.0, 0.6)[0] == near(1.319508, abs=1e-6)
    assert projects.scale_penalty(capacity, 3.5, 10.0, 1.0).tolist() == [1.0, 1.0, 1.0]
    assert projects.scale_penalty(capacity, 3.5, 0.0, 0.8).tolist() == [1.0, 1.0, 1.0]


def test_expansion_at_a_higher_cost():
    """0.4 x 35 = 14 bn of capacity; a project of 2 bn brings 7: 2 projects. At an initial cost of 2, two bring 14."""
    assert projects.expansion(0.4, 35.0, 2.0, 3.5) == near(2.0)
    assert projects.new_capacity(2.0, 2.0, 3.5) == near(14.0)
