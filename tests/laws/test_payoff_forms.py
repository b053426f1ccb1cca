"""Laws of every payoff form that is registered, whoever adds it: what n regions add is what they get and what falls to
others, and no change of one base betters the planner's counts. All of it is deterministic: there is no false alarm.
"""

from itertools import product

import numpy as np
import pytest

from qipan.model.coordination.assignment import Solvers, counts_of, placed_one_by_one
from qipan.model.executor import compiled_available
from qipan.model.extend.registry import PAYOFFS
from qipan.model.parameters import Behaviour
from tests.laws.payoff_laws import added_up, gain_of_a_move

SETTINGS = {
    "market": [{}, {"efficient_bases": 0.5, "entry_cost": 0.0}, {"efficient_bases": 0.0, "entry_cost": 0.0}],
    "affine": [{"congestion": 4.0}, {"congestion": 4.0, "cluster_gain": 9.0}],
    "race": [{"entry_cost": 5.0}, {"race_success": 0.9}],
    "cournot": [{"entry_cost": 100.0}, {"demand_slope": 3.0, "entry_cost": 0.0}],
}
"""Settings beside the defaults; a form that is not here is tried at its defaults."""


def cases():
    return [(name, given | {"outside_option": 0.0}) for name in PAYOFFS for given in SETTINGS.get(name, [{}])]


def form(name, settings):
    return PAYOFFS[name](Behaviour(payoff=name, **settings))


@pytest.mark.parametrize(("name", "settings"), cases())
def test_what_regions_add_is_what_they_get_and_what_falls_to_others(name, settings):
    added, had = added_up(form(name, settings))
    np.testing.assert_allclose(added, had, rtol=1e-12, atol=1e-12 * np.abs(had).max())


@pytest.mark.parametrize(("name", "settings"), cases())
def test_no_base_added_dropped_or_moved_betters_the_planners_counts(name, settings):
    assert gain_of_a_move(form(name, settings)).max() <= 1e-12


@pytest.mark.skipif(not compiled_available(), reason="Numba is not there")
@pytest.mark.parametrize(("name", "settings"), cases())
def test_compiled_counts_are_no_worse(name, settings):
    from qipan.model.compiled.greedy import CompiledSolvers

    assert gain_of_a_move(form(name, settings), CompiledSolvers().efficient_counts).max() <= 1e-12


def test_a_wrong_marginal_is_found():
    """The private payoff taken for the marginal: neither law holds."""

    class Private(type(form("market", {}))):
        name = "private"

        def marginal(self, worth, count):
            return self.realised(worth, 0.0, count)

    private = Private(Behaviour())
    added, had = added_up(private)
    assert not np.allclose(added, had, rtol=1e-3)
    assert gain_of_a_move(private).max() > 1e-3


def test_counts_are_the_best_there_are_also_where_what_a_base_adds_rises():
    """Three sectors of up to four bases: all 125 counts tried, in 400 worlds whose marginals rise and fall."""
    added = np.round(np.random.default_rng(3).normal(size=(400, 3, 4)), 2)
    every = np.array(list(product(range(5), repeat=3)))
    total = np.concatenate([np.zeros((400, 3, 1)), np.cumsum(added - 0.1, axis=2)], axis=2)
    worth = total[:, np.arange(3), every].sum(axis=2)
    for slots in (1, 5, 12):
        count = counts_of(added, slots, 0.1, placed_one_by_one).astype(int)
        assert (count.sum(axis=1) <= slots).all()
        found = total[np.arange(400)[:, None], np.arange(3), count].sum(axis=1)
        np.testing.assert_allclose(found, worth[:, every.sum(axis=1) <= slots].max(axis=1), atol=1e-12)


def test_a_dominant_cluster_gain_fills_one_sector():
    """v = (10, 8), g = .6, five regions: together in the first, worth 10 x 5 + .6 x 25 = 65; a base at a time too."""
    cluster = form("affine", {"cluster_gain": 0.6, "outside_option": 0.0})
    assert Solvers().efficient_counts(np.array([[8.0, 10.0]]), 5, 5, cluster).tolist() == [[0.0, 5.0]]


def test_a_cluster_that_pays_only_as_a_whole_is_found():
    """v = -2, g = 1: bases add -1, 1, 3, 5: the first alone is a loss, four together make 8."""
    cluster = form("affine", {"cluster_gain": 1.0, "outside_option": 0.0})
    assert Solvers().efficient_counts(np.array([[-2.0]]), 4, 4, cluster).tolist() == [[4.0]]
