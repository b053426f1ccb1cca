"""(a), (b), (d), (e): deterministic games, run from scenario files through the whole engine.

Every replicate of the seeds 1, 2 and 3 must end in the same whole numbers, whatever order regions were drawn in: there
is no false alarm.
"""

import numpy as np
import pytest

from qipan.model.payoffs import Cournot
from qipan.model.theory import congestion, coordination
from tests.closed_form.engine_runs import SEEDS, counts, ran, welfare

VALUES = np.array([120.0, 100, 90, 80, 70, 60])


@pytest.mark.parametrize("seed", SEEDS)
def test_shared_prize(seed, limits):
    """(a) Counts (14, 7, 4, 3, 2, 1); their potential, summed from them, is 724.092241."""
    found = counts(ran("game", seed))
    limits.exact("a1", found)
    game = congestion.shared_prize(np.array([120.0, 60, 40, 30, 20, 10]), 31)
    limits.exact("a2", [congestion.potential_of(game, row) for row in found])


@pytest.mark.parametrize("seed", SEEDS)
def test_shared_prize_of_three_regions(seed, limits):
    """(a) (2, 1, 0) worth 10 + 4 = 14; the planner takes all three prizes, 17."""
    history = ran("shared-prize-small", seed)
    limits.exact("a3", counts(history))
    limits.exact("a4", welfare(history))
    limits.exact("a5", welfare(ran("shared-prize-small-planner", seed)))


@pytest.mark.parametrize("seed", SEEDS)
def test_affine_congestion(seed, limits):
    """(b) Nash (13, 8, 6, 3, 1, 0), 2094; planner (9, 7, 6, 4, 3, 2), 2190."""
    alone, planned = ran("affine", seed), ran("affine-planner", seed)
    limits.exact("b1", counts(alone))
    limits.exact("b2", welfare(alone))
    limits.exact("b3", counts(planned))
    limits.exact("b4", welfare(planned))


@pytest.mark.parametrize(
    ("name", "game"),
    [
        ("game", congestion.shared_prize(np.array([120.0, 60, 40, 30, 20, 10]), 31)),
        ("affine", congestion.affine(VALUES, 31, 4.0)),
    ],
)
def test_nobody_gains_by_moving(name, game):
    """(a), (b) Each single move of each region is tried on the counts the engine ended in."""
    assert all(congestion.is_equilibrium(game, row) for row in counts(ran(name)))


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("d1", "parallel-projects"),
        ("d2", "parallel-projects-planner"),
        ("d3", "excess-entry"),
        ("d4", "excess-entry-planner"),
    ],
)
def test_entry(key, name, limits):
    """(d) Seven parallel projects, not one, against 19 under free entry; 3 Cournot firms against 7."""
    for seed in SEEDS:
        limits.exact(key, counts(ran(name, seed)))


def test_excess_entry_costs_nine_per_cent(limits):
    """(d) What each further firm adds by the engine's own rule, summed over the entrants it found: 2450 of 2700."""
    scenario = ran("excess-entry", replicates=1).scenario
    form = Cournot(scenario.world.behaviour)
    added = form.marginal(form.worth(np.array([80.0])), np.arange(1.0, 8.0))
    free, best = added.sum(), added[:3].sum()
    limits.exact("d5", 100 * (1 - free / best))
    assert free == pytest.approx(coordination.cournot_welfare(7, 80, 1, 100))
    assert added.argmin() == 6 and added[:3].min() > 0 > added[3:].max()


@pytest.mark.parametrize("seed", SEEDS)
def test_agglomeration(seed, limits):
    """(e) Together from nothing: 65. Started in the worse sector: 55. Kept apart: 53.8."""
    together = ran("agglomeration", seed)
    limits.exact("e1", counts(together))
    limits.exact("e2", welfare(together))
    limits.exact("e3", welfare(ran("agglomeration-locked-in", seed)))
    limits.exact("e4", welfare(ran("agglomeration-dispersed", seed)))


def test_those_kept_apart_come_together_when_let_go(limits):
    """(e) From three and two with revision one at a time: all in the better sector, 65."""
    free = {"world__behaviour__revision": "one_at_a_time", "world__behaviour__revise": 0.5}
    np.testing.assert_allclose(welfare(ran("agglomeration-dispersed", **free)), 65)


def test_where_agglomeration_overtakes_congestion(limits):
    """(e) Thirty regions, six equal sectors: five in each while a < c, all thirty in one once a > c."""
    largest = []
    for ratio in (0.5, 0.9, 1.1, 1.5):
        found = counts(ran("agglomeration-against-congestion", world__behaviour__cluster_gain=4.0 * ratio))
        assert np.ptp(found.max(axis=1)) == 0
        largest.append(found[0].max())
    limits.exact("e5", largest)


def test_the_turn_is_at_one(limits):
    """(e) One part in a thousand to either side of a/c = 1 decides."""
    below, above = (
        counts(ran("agglomeration-against-congestion", replicates=2, world__behaviour__cluster_gain=4.0 * ratio)).max()
        for ratio in (0.999, 1.001)
    )
    assert (below, above) == (5, 30)
