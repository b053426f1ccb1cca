"""Payoff forms by hand: what one of n regions earns, what the n-th adds for the nation."""

import numpy as np
import pytest

from qipan.model.extend.registry import PAYOFFS
from qipan.model.parameters import Behaviour

near = pytest.approx


def form(name, **settings):
    return PAYOFFS[name](Behaviour(payoff=name, **settings))


def earns(payoff, value, count, fit=1.0):
    return float(payoff.perceived(payoff.worth(np.array(value)), np.log(fit), np.array(float(count))))


def test_market():
    """V 800, b 8, fit 2 at weight .7: ln(800/16) + .7 ln 2 = 4.397226 with eight regions there, ln(800/32) + .485203 =
    3.704079 with 24. The first adds 800/9 - 10 = 78.888889, the ninth 800 (9/17 - 8/16) - 10 = 13.529412."""
    market = form("market")
    assert earns(market, 800.0, 8, fit=2.0) == near(4.397226, abs=1e-6)
    assert earns(market, 800.0, 24, fit=2.0) == near(3.704079, abs=1e-6)
    assert float(market.marginal(np.log(800.0), np.array(1.0))) == near(78.888889, abs=1e-6)
    assert float(market.marginal(np.log(800.0), np.array(9.0))) == near(13.529412, abs=1e-6)


def test_market_with_neither_congestion_nor_cost_is_the_shared_prize():
    """b 0, F 0: what each gets, in logs, and what each adds."""
    market, prize = form("market", efficient_bases=0.0, entry_cost=0.0), form("shared_prize")
    assert np.exp(earns(market, 120.0, 7)) == near(earns(prize, 120.0, 7))
    for count in (1.0, 2.0, 7.0):
        given, same = (each.marginal(np.log(120.0), np.array(count)) for each in (market, prize))
        assert float(given) == near(float(same))
    assert (market.waiting, prize.waiting) == (-1e6, -1e6)


def test_market_earned_and_realised():
    """Earned: today's demand, ln(40/10) = ln 4. Realised: 800/24 - 10 = 23.333333 bn yuan."""
    market = form("market")
    assert float(market.earned(np.log(800.0), np.array(40.0), 0.0, np.array(2.0))) == near(np.log(4.0))
    assert float(market.realised(np.log(800.0), 0.0, np.array(16.0))) == near(23.333333, abs=1e-6)


def test_what_waiting_is_worth():
    """ln 10, or the outside option where that is more; without a fixed cost the option alone. A planner of a market
    asks a base for its fixed cost, of other forms for the outside option."""
    assert form("market", entry_cost=10.0).waiting == near(2.302585, abs=1e-6)
    assert form("market", entry_cost=10.0, outside_option=4.5).waiting == 4.5
    assert form("market", entry_cost=0.0, outside_option=-3.0).waiting == -3.0
    assert form("market", outside_option=4.5).threshold == 0.0
    affine = form("affine", outside_option=4.5)
    assert (affine.waiting, affine.threshold) == (4.5, 4.5)


def test_shared_prize():
    """120/7 each; the first adds 120 to the nation, the second nothing."""
    prize = form("shared_prize", fit_weight=0.0)
    assert earns(prize, 120.0, 7) == near(17.142857, abs=1e-6)
    assert float(prize.marginal(np.log(120.0), np.array(1.0))) == near(120.0)
    assert float(prize.marginal(np.log(120.0), np.array(2.0))) == 0.0


def test_affine():
    """120 - 4 x 13 = 68 each; the 13th adds 120 - 4 x 25 = 20; n (120 - 4n) at 13 less that at 12: 884 - 864 = 20."""
    affine = form("affine", congestion=4.0, fit_weight=0.0)
    assert earns(affine, 120.0, 13) == near(68.0)
    assert float(affine.marginal(np.array(120.0), np.array(13.0))) == near(20.0)


def test_affine_cluster():
    """10 + 0.6 x 5 = 13: five together earn 65; 8 + 3 = 11: 55."""
    cluster = form("affine", cluster_gain=0.6, fit_weight=0.0)
    assert 5 * earns(cluster, 10.0, 5) == near(65.0)
    assert 5 * earns(cluster, 8.0, 5) == near(55.0)


def test_race():
    """p .2, V 100, c 5: 19 enter freely, since 100 (1 - .8^19)/19 > 5 > 100 (1 - .8^20)/20; the 7th adds
    20 x .8^6 - 5 = .2429, the 8th 20 x .8^7 - 5 = -.8057."""
    race = form("race", race_success=0.2, entry_cost=5.0, fit_weight=0.0)
    assert earns(race, 100.0, 19) == near(100 * (1 - 0.8**19) / 19 - 5)
    assert earns(race, 100.0, 19) > 0.0 > earns(race, 100.0, 20)
    assert float(race.marginal(np.log(100.0), np.array(7.0))) == near(0.2429, abs=1e-4)
    assert float(race.marginal(np.log(100.0), np.array(8.0))) == near(-0.8057, abs=1e-4)


def test_cournot():
    """A 80, b 1, F 100: the 7th earns 6400/64 - 100 = 0. Welfare A^2 n(n+2)/(2 (n+1)^2) - 100 n: the 3rd adds
    3200 x (1/9 - 1/16) - 100 = 55.5556, the 4th 3200 x (1/16 - 1/25) - 100 = -28."""
    cournot = form("cournot", entry_cost=100.0, fit_weight=0.0)
    assert earns(cournot, 80.0, 7) == near(0.0, abs=1e-9)
    assert float(cournot.marginal(np.log(80.0), np.array(3.0))) == near(55.555556, abs=1e-6)
    assert float(cournot.marginal(np.log(80.0), np.array(4.0))) == near(-28.0)


def test_fit_moves_every_form():
    """Fit 4 at weight one half doubles a value: prize 100/4 = 25; race 100 (1 - .64)/2 - 5 = 13; Cournot at slope 2:
    (20/5)^2/2 - 3 = 5. In an affine game it adds ln 2: 10.693147 - 1.5 x 3 = 6.193147."""
    assert earns(form("shared_prize", fit_weight=0.5), 50.0, 4, fit=4.0) == near(25.0)
    race = form("race", fit_weight=0.5, race_success=0.2, entry_cost=5.0)
    assert earns(race, 50.0, 2, fit=4.0) == near(13.0)
    cournot = form("cournot", fit_weight=0.5, demand_slope=2.0, entry_cost=3.0)
    assert earns(cournot, 10.0, 4, fit=4.0) == near(5.0)
    affine = form("affine", fit_weight=0.5, congestion=2.0, cluster_gain=0.5)
    assert earns(affine, 10.0, 3, fit=4.0) == near(6.193147, abs=1e-6)


def test_cournot_margin_at_another_slope():
    """A 10, b 2, F 3: welfare of the first is 100 x 3/(4 x 4) - 3 = 15.75."""
    assert float(form("cournot", demand_slope=2.0, entry_cost=3.0).marginal(np.log(10.0), np.array(1.0))) == near(15.75)


@pytest.mark.parametrize(("name", "first"), [("shared_prize", 120.0), ("race", 20.0), ("cournot", 3597.0)])
def test_nobody_there_counts_as_one(name, first):
    """120/1; 120 x .2 - 4 = 20; (120/2)^2 - 3 = 3597: as the first region would earn, in every view of a form."""
    payoff = form(name, fit_weight=0.0, race_success=0.2, entry_cost=4.0 if name == "race" else 3.0)
    worth, none, one = np.log(120.0), np.array(0.0), np.array(1.0)
    assert float(payoff.perceived(worth, 0.0, none)) == near(first)
    assert float(payoff.earned(worth, one, 0.0, none)) == near(first)
    assert float(payoff.realised(worth, 0.0, none)) == near(first)


def test_affine_realised_with_nobody_there():
    """The first region's payoff, 120 - 4 = 116."""
    affine = form("affine", congestion=4.0, fit_weight=0.0)
    assert float(affine.realised(np.array(120.0), 0.0, np.array(0.0))) == near(116.0)
    assert float(affine.earned(np.array(120.0), np.array(1.0), 0.0, np.array(0.0))) == near(116.0)


def test_first_market_without_efficient_bases():
    """No base at all in a market that supports none: one region would have 800; nobody there, one is reckoned."""
    market = form("market", efficient_bases=0.0, entry_cost=0.0)
    assert float(market.earned(0.0, np.array(800.0), 0.0, np.array(0.0))) == near(np.log(800.0))
    assert float(market.realised(np.log(800.0), 0.0, np.array(0.0))) == near(800.0)


def test_race_margin_of_the_first():
    """V p - c for the first and, since nobody is half there, for any count below one: 100 x .2 - 5 = 15."""
    race = form("race", race_success=0.2, entry_cost=5.0)
    assert float(race.marginal(np.log(100.0), np.array(0.0))) == near(15.0)


def test_worth_and_value_are_inverse():
    """Log points and back; payoff units in the affine form, where a value is never negative."""
    market, affine = form("market"), form("affine")
    assert float(market.value(market.worth(np.array(42.0)))) == near(42.0)
    assert float(affine.value(affine.worth(np.array(42.0)))) == near(42.0)
    assert float(affine.value(np.array(-3.0))) == 0.0
    assert float(affine.value(np.array(0.25))) == 0.25


def test_nobody_there_is_reckoned_as_the_first():
    """V 900, b 8, F 10: 900 / 9 - 10 = 90 whether nobody or one is counted."""
    market = form("market", efficient_bases=8.0, entry_cost=10.0)
    assert market.marginal(np.log(900.0), np.array([0.0, 1.0])).tolist() == near([90.0, 90.0])


def test_where_one_base_serves_the_whole_market():
    """b 0: the first adds all of V 900 less F 10, a second nothing but its cost."""
    market = form("market", efficient_bases=0.0, entry_cost=10.0)
    assert market.marginal(np.log(900.0), np.array([1.0, 2.0])).tolist() == near([890.0, -10.0])


def test_a_base_that_is_likely_counts_in_part():
    """V 900, b .5, F 10 at 1.25 bases: 900 (1.25 / 1.75 - .25 / .75) - 10 = 332.857143."""
    market = form("market", efficient_bases=0.5, entry_cost=10.0)
    assert market.marginal(np.log(900.0), np.array(1.25)) == near(332.857143, abs=1e-6)
