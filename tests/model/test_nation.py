"""National rules by hand."""

import numpy as np
import pytest

from qipan.model import nation

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


def test_adoption():
    """0.06 + 0.5 x 4/31 = 0.124516; with the layout lever 0.274516; never above one."""
    share = a(4 / 31)
    assert nation.adoption_probability(0.06, 0.5, share, 0.0)[0] == near(0.124516, abs=1e-6)
    assert nation.adoption_probability(0.06, 0.5, share, 0.15)[0] == near(0.274516, abs=1e-6)
    assert nation.adoption_probability(0.6, 0.5, a(1.0), 0.0)[0] == 1.0


def test_happens():
    assert nation.happens(a(0.1, 0.5, 0.9), 0.5).tolist() == [1, 0, 0]


def test_forecast():
    """Logit over utilities 0 and ln 3 at temperature one: a quarter and three quarters of 8 slots."""
    assert nation.forecast(a(0.0, np.log(3.0)), 8.0, 1.0).tolist() == near([2.0, 6.0])


def test_expected_rivals():
    """Last year 4 and 0; foreseen for the 10 - 2 slots of others 2 and 6; half foresight gives 3 and 3."""
    previous = a(4, 0).reshape(1, 1, 2)
    rivals = nation.expected_rivals(previous, a(0.0, np.log(3.0))[None], 10.0, a(2).reshape(1, 1, 1), 1.0, 0.5)
    assert rivals.ravel().tolist() == near([3.0, 3.0])


def test_knowledge_flows_down_only():
    """Three in a row, fit 0, 1, 3: the first closes half of 1; the middle half of 1.5 - 1; the last nothing."""
    neighbours = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]])
    after = nation.shared_knowledge(a(0, 1, 3)[:, None], neighbours, 0.5)
    assert after.ravel().tolist() == near([0.5, 1.25, 3.0])


def test_an_island_keeps_what_it_knows():
    assert nation.shared_knowledge(a(-5.0, 2.0)[:, None], np.zeros((2, 2)), 0.5).ravel().tolist() == [-5, 2]


def test_linked_presence():
    """Sector 0 hangs on 1 (0.7) and 2 (0.3), sector 2 on 0: with layout (0, 1, 1) shares are 1, 0, 0."""
    links = np.array([[0, 0.7, 0.3], [0, 0, 0], [1, 0, 0]])
    assert nation.linked_presence(a(0, 1, 1)[None], links)[0].tolist() == near([1.0, 0.0, 0.0])
    assert nation.linked_presence(a(1, 1, 0)[None], links)[0].tolist() == near([0.7, 0.0, 1.0])


def test_early_demand():
    """0.01 x (1 + 0.1 x 3) = 0.013."""
    assert nation.early_demand(0.01, 0.1, a(3))[0] == near(0.013)


def test_parallel_effort_beats_one_big_effort():
    """Discount one half: two regions of 4 give 2 + 2; one of 8 gives 2.828; nobody gives nothing."""
    assert nation.research_effort(a(4, 4)[:, None], 0.5)[0] == near(4.0)
    assert nation.research_effort(a(8, 0)[:, None], 0.5)[0] == near(2.828427, abs=1e-6)
    assert nation.research_effort(a(0, 0)[:, None], 1.0)[0] == 0.0


def test_parallel_effort_at_other_discounts():
    """Two regions of 4 at a discount of one quarter: 2 x 4^0.75 = 5.656854; the root is the power where it is taken."""
    assert nation.research_effort(a(4, 4)[:, None], 0.25)[0] == near(5.656854, abs=1e-6)
    some = a(1e-9, 0.3, 0, 7, 4e5)
    assert nation.root_effort(some) == near(nation.one_effort(some, nation.ROOT), rel=1e-14)


def test_research_and_pilots_are_one_effort():
    """Research 16 and pilots 1 at a weight of one quarter: 16^0.75 = 8; without pilots nothing, without weight 16."""
    assert nation.joint_effort(a(16), a(1), 0.25)[0] == near(8.0)
    assert nation.joint_effort(a(16), a(0), 0.25)[0] == nation.joint_effort(a(0), a(1), 0.25)[0] == 0.0
    research, pilots = a(16, 81)[:, None], a(1, 16)[:, None]
    assert nation.national_effort(research, pilots, 0.0, 0.0)[0] == near(97.0)
    assert nation.national_effort(research, pilots, 0.25, 0.0)[0] == near(8.0 + 27.0 * 2.0)


def test_the_unit_of_a_pilot_cancels_against_the_reference():
    """Pilots counted in tens: effort over its reference is the same."""
    then, now, pilots = a(4, 9)[:, None], a(5, 7)[:, None], a(2, 3)[:, None]
    ratios = [
        nation.national_effort(now, unit * pilots, 0.3, 0.5) / nation.national_effort(then, unit * pilots, 0.3, 0.5)
        for unit in (1.0, 10.0)
    ]
    assert ratios[0] == near(ratios[1], rel=1e-14)


def test_breakthrough_probability():
    """1 - exp(-0.07 x 0.7 x 4/2) = 1 - exp(-0.098) = 0.0933510."""
    assert nation.breakthrough_probability(0.07, a(0.7), a(4.0), a(2.0))[0] == near(0.0933510, abs=1e-6)
    assert nation.breakthrough_probability(0.07, a(0.7), a(0.0), a(0.0))[0] == 0.0


def test_hazard():
    """1 - exp(-0.08) = 0.0768837."""
    assert nation.hazard(0.08) == near(0.0768837, abs=1e-7)
    assert nation.hazard(0.0) == 0.0


def test_market_ceiling():
    """100: 35 before a breakthrough, 35 x 0.85 = 29.75 with foreigners first, all of it once we are there too."""
    ceiling = nation.market_ceiling(a(100, 100, 100, 100), 0.35, a(0, 0, 1, 1), a(0, 1, 0, 1), 0.15)
    assert ceiling.tolist() == near([35.0, 29.75, 100.0, 100.0])


def test_demand_grows_along_a_bass_curve():
    """D 20, C 100: 20 + (0.01 + 0.45 x 0.2) x 80 = 28. Above its ceiling it stays."""
    assert nation.grown_demand(a(20, 120), a(100, 100), 0.01, 0.45).tolist() == near([28.0, 120.0])


def test_demand_never_overshoots():
    """p + q D/C = 1.8 is cut to one: demand reaches the ceiling, not more."""
    assert nation.grown_demand(a(90), a(100), 0.0, 2.0)[0] == near(100.0)


def test_supply():
    """Two regions, 30 and 10 of capacity; shares of an even spread 1.5 and 0.5; elasticity one: 45 and 5."""
    capacity = a(30, 10)[:, None]
    plain = nation.effective_supply(capacity, np.zeros((2, 1)), 0.0, 2.0)
    dense = nation.effective_supply(capacity, np.zeros((2, 1)), 1.0, 2.0)
    assert plain.ravel().tolist() == near([30.0, 10.0])
    assert dense.ravel().tolist() == near([45.0, 5.0])
    fit = nation.effective_supply(capacity, np.log(a(2, 1))[:, None], 0.0, 2.0)
    assert fit.ravel().tolist() == near([60.0, 10.0])


def test_operating_cost_below_the_smallest_efficient_base():
    """A third of 30 at .05: 3^.05 = 1.056467, the mean of eight industries; 100 is above; nothing counts as a hundredth
    of 30: 100^.05 = 1.258925. No elasticity, no burden; without a smallest base neither.
    """
    size = np.log(np.maximum(a(10, 100, 0), 1e-300))
    assert nation.small_burden(size, np.log(30.0), 0.05).tolist() == near([0.056467, 0.0, 0.258925], abs=1e-6)
    assert nation.small_burden(size, np.log(30.0), 0.0).tolist() == [0.0, 0.0, 0.0]
    assert nation.small_burden(size, np.log(1e-300), 0.05).tolist() == [0.0, 0.0, 0.0]


def test_producers_and_the_market_they_reach():
    """Capacities 30 and 10: 40^2 / 1000 = 1.6 producers; 20 and 20: 2. With 8 for one half: 1.6/9.6 over 2/10 = .8333;
    four times as many as then reach 8/16 over 2/10 = 2.5; nobody then, nobody now, or no base needed: one.
    """
    capacity = np.array([[30.0, 20.0, 0.0], [10.0, 20.0, 0.0]])
    assert nation.producers_of(capacity).tolist() == near([1.6, 2.0, 0.0])
    assert nation.reach(a(1.6, 8.0, 2.0, 0.0), a(2.0, 2.0, 0.0, 2.0), 8.0).tolist() == near(
        [0.833333, 2.5, 1, 1], abs=1e-6
    )
    assert nation.reach(a(1.6, 7.0), a(2.0, 3.0), 0.0).tolist() == [1.0, 1.0]


def test_market_clearing():
    """Demand 64 for 100: 64% in use, price 0.64^0.5 = 0.8; demand 200: all in use, base price; no supply: none idle."""
    used = nation.utilisation(a(64, 200, 5), a(100, 100, 0))
    assert used.tolist() == near([0.64, 1.0, 1.0])
    assert nation.cleared_price(used, 0.5).tolist() == near([0.8, 1.0, 1.0])
    assert nation.cleared_price(used, 0.0).tolist() == [1, 1, 1]


def test_weighted_mean():
    """0.25 x 4 + 0.75 x 8 = 7."""
    assert nation.weighted_mean(a(4, 8)[:, None], a(0.25, 0.75))[0] == near(7.0)


def test_normalised():
    weights = np.array([[[1.0, 3.0]], [[0.0, 0.0]]])
    shares = nation.normalised(weights, np.array([[[0.5, 0.5]], [[0.2, 0.8]]]))
    assert shares.ravel().tolist() == near([0.25, 0.75, 0.2, 0.8])


def test_forecast_without_noise_is_that_of_the_least_temperature():
    """Temperature zero counts as 0.05: utilities 0 and 0.05 ln 3 share as 1 : 3."""
    assert nation.forecast(a(0.0, 0.05 * np.log(3.0)), 8.0, 0.0).tolist() == near([2.0, 6.0])


def test_a_negative_link_is_no_link():
    """Only positive weights count: a sector without partners up or down the chain shows nothing."""
    assert nation.linked_presence(a(1, 1)[None], np.array([[0.0, -1.0], [0.5, 0.0]]))[0].tolist() == near([0.0, 0.5])


def test_tiny_capacity_keeps_its_agglomeration_floor():
    """A share of an even spread below one in a million counts as one in a million: 1e-9 x 1e-6 at elasticity one."""
    supply = nation.effective_supply(a(1e-9, 1.0)[:, None], np.zeros((2, 1)), 1.0, 2.0)
    assert supply[0, 0] == near(1e-15, rel=1e-9)


def test_a_probability_is_never_below_zero():
    """0.06 - 0.5 is no probability; it counts as zero."""
    assert nation.adoption_probability(0.06, 0.5, a(0.0), -0.5)[0] == 0.0


def test_effort_without_a_reference_is_no_effort():
    """Nobody did research in 2022: there is nothing to measure effort by, and no breakthrough."""
    assert nation.breakthrough_probability(0.07, a(0.7), a(4.0), a(0.0))[0] == 0.0
