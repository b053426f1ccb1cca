"""The coordinator by hand: mandates, lists, assignments."""

from itertools import product

import numpy as np
import pytest

from qipan.model.coordination.assignment import (
    assigned_layout,
    best_counts,
    best_sectors,
    counts_of,
    efficient_counts,
    pair_value,
    placed_one_by_one,
    spread_pilots,
)
from qipan.model.coordination.exact import _worth, exact_layout
from qipan.model.coordination.view import own_variance, pooled_estimate, shrunk
from qipan.model.extend.registry import ARMS, PAYOFFS
from qipan.model.parameters import Behaviour, Coordination

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


def counts(payoff, values, slots, regions, **settings):
    form = PAYOFFS[payoff](Behaviour(payoff=payoff, fit_weight=0.0, **settings))
    return efficient_counts(form.worth(a(*values))[None], slots, regions, form)[0].tolist()


def test_efficient_counts_of_the_affine_game():
    """Model specification 8(b): planner (9, 7, 6, 4, 3, 2)."""
    assert counts("affine", (120, 100, 90, 80, 70, 60), 31, 31, congestion=4.0) == [9, 7, 6, 4, 3, 2]


def test_efficient_counts_of_parallel_projects():
    """Model specification 8(d): seven projects, not nineteen and not one; Mankiw-Whinston: three entrants."""
    race = {"race_success": 0.2, "entry_cost": 5.0, "outside_option": 0.0}
    assert counts("race", (100,), 31, 31, **race) == [7]
    assert counts("cournot", (80,), 31, 31, entry_cost=100.0, outside_option=0.0) == [3]


def test_pair_value():
    """2 + 0.7 x 0.5 + 0.1 x ln 1 = 2.35."""
    value = pair_value(a(2)[None], a(0.5).reshape(1, 1, 1), a(1.0), 0.7, 0.1)
    assert value.ravel().tolist() == near([2.35])


VALUE = np.array([[[9.0, 8.0], [7.0, 1.0]]])


def test_fast_and_exact_assignment_differ_where_greed_costs():
    """One place in each sector: greed takes 9 and is left with 1 (10); the best is 8 + 7 (15)."""
    one = np.array([[1.0, 1.0]])
    assert assigned_layout(VALUE, a(1, 1), one).tolist() == [[[1, 0], [0, 1]]]
    assert exact_layout(VALUE, a(1, 1), one).tolist() == [[[0, 1], [1, 0]]]


def test_pilots_are_spread():
    """After (0,0) at 2.0 the rest of its region and sector lose ln 2: 1.9 - 0.69 < 1.5, so (1,1) is next."""
    pilots = spread_pilots(np.array([[[2.0, 1.9], [1.9, 1.5]]]), 2)
    assert pilots.tolist() == [[[1, 0], [0, 1]]]
    assert spread_pilots(VALUE, 9).sum() == 4


def test_best_sectors():
    assert best_sectors(a(1, 3, 2, 3)[None], 2).tolist() == [[0, 1, 0, 1]]


def test_pooled_estimate():
    """Half of the regions' 7 and half of the coordinator's own 5."""
    assert pooled_estimate(a(7)[None], a(5)[None], 0.5).ravel().tolist() == near([6.0])


def test_shrunk():
    """Mean 4: (2, 6) with reliability one half becomes (3, 5)."""
    assert shrunk(a(2, 6)[None], 0.5).ravel().tolist() == near([3.0, 5.0])


def test_reliability():
    """Bayes: 1 / (1 + 0.49) = 0.671141; flat: one."""
    assert ARMS["design"](Coordination(arm="design", prior="bayes")).reliability(1.0, 0.49) == near(0.671141, abs=1e-6)
    assert ARMS["design"](Coordination(arm="design")).reliability(1.0, 0.49) == 1.0


def test_variance_of_what_the_coordinator_sees_by_itself():
    """An error of 0.6 after nine looks: 0.36 with no memory, 0.04 with all of it; with one half a quarter of 0.36 and
    three quarters of 0.04. One look is one look. Half of a common error of 0.8 adds 0.16.
    """
    assert own_variance(0.6, 0.0, 9, 0.0) == near(0.36)
    assert own_variance(0.6, 1.0, 9, 0.0) == near(0.04)
    assert own_variance(0.6, 0.5, 9, 0.0) == near(0.25 * 0.36 + 0.75 * 0.04)
    assert own_variance(0.6, 0.5, 1, 0.0) == near(0.36)
    assert own_variance(0.6, 1.0, 9, 0.5 * 0.8) == near(0.20)


def test_information_only_costs_a_fifth_of_administration():
    mandate = ARMS["design"](Coordination(arm="design", information=True)).mandate(0)
    assert (mandate.levy, mandate.administration, mandate.information_weight) == (0.0, near(0.001), 0.25)


def test_the_levy_in_equal_parts():
    """(0.2 - 0.005)/2 for each of two money levers; a definition needs no money."""
    on = {"shared_definition": True, "key_areas": True, "ecosystem": True}
    mandate = ARMS["design"](Coordination(arm="design", **on)).mandate(1)
    assert mandate.money == near({"key_areas": 0.0975, "ecosystem": 0.0975})
    assert mandate.retained == near(0.8)
    assert mandate.list_weight == near(0.84)


def test_plans_come_out_a_year_after_they_are_drafted():
    """Period five, delay one: drafted in years 0, 5, 10, published in 1, 6, 11."""
    arm = ARMS["design"](Coordination(arm="design", key_areas=True))
    assert [year for year in range(12) if arm.published(year, "draft", "plan") == "draft"] == [1, 6, 11]


def test_perfect_information_is_perfect():
    oracle = ARMS["oracle"](Coordination(arm="oracle", key_areas=True))
    assert (oracle.settings.own_signal, oracle.settings.planner_error, oracle.settings.delay) == (1.0, 0.0, 0)
    assert (oracle.settings.planner_common_share, oracle.settings.official_error) == (0.0, 0.0)
    assert (oracle.settings.compliance, oracle.settings.prior, oracle.settings.solver) == (1.0, "flat", "exact")


@pytest.mark.parametrize("threshold", [0.0, 1.5])
def test_best_counts_are_those_of_all_that_can_be_tried(threshold):
    """Three sectors of up to three bases, five slots; what a base adds rises and falls. All 64 counts are tried."""
    added = np.array([[[1.0, 4.0, 2.0], [2.0, 1.0, 5.0], [3.0, -1.0, 0.5]], [[0.0, 0.0, 9.0], [2.0] * 3, [1.0] * 3]])
    total = np.concatenate([np.zeros((2, 3, 1)), np.cumsum(added - threshold, axis=2)], axis=2)
    for replicate, found in enumerate(best_counts(added, 5, threshold).astype(int).tolist()):
        worth = {
            counts: sum(total[replicate, sector, bases] for sector, bases in enumerate(counts))
            for counts in product(range(4), repeat=3)
            if sum(counts) <= 5
        }
        assert worth[tuple(found)] == near(max(worth.values()))


def test_exact_layouts_side_by_side_are_those_alone():
    """Four replicates whose values differ by a thousandfold; breadths and places leave some slots and places empty."""
    value = np.sin(np.arange(60.0)).reshape(4, 5, 3) * np.array([1.0, 10.0, 100.0, 1000.0])[:, None, None]
    breadth, room = a(1, 2, 1, 3, 2), np.tile(a(2, 1, 3), (4, 1))
    together = exact_layout(value, breadth, room)
    for row in range(4):
        np.testing.assert_array_equal(
            together[row], exact_layout(value[row : row + 1], breadth, room[row : row + 1])[0]
        )
    assert (together.sum(axis=1) == [2, 1, 3]).all()


def test_the_grid_of_the_exact_solver_keeps_sums_whole():
    """Values a billion apart: what a chain adds up, four stations twice, stays below 2^53."""
    worth = _worth(np.array([[[0.0, 1e9, 3.0], [1.5, -1e9, 7.0]]]))
    assert (worth == np.floor(worth)).all()
    assert 8.0 * worth.max() <= 2.0**53


def test_counts_of_replicates_with_and_without_rising_gains():
    """Four slots. Falling gains: 3, 2.5, 2 and 1.5. Rising: the third base in the first sector brings 9, then 2."""
    falling, rising = [[3.0, 2.0, 1.0], [2.5, 1.5, 0.5], [0.0, -1.0, -2.0]], [[0.0, 0.0, 9.0], [2.0] * 3, [1.0] * 3]
    assert counts_of(np.array([falling, rising]), 4, 0.0, placed_one_by_one).tolist() == [[2, 2, 0], [3, 1, 0]]
