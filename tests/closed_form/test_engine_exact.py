"""The assignment that ensembles solve fast, against the exact one, and that against HiGHS, on 200 random instances.

Instances: 31 regions and 6 sectors; value = worth of the sector (about 1,000 bn yuan) plus half a standard normal
fit, as a coordinator sees it; breadths 1 to 6 by address; ceilings are the engine's efficient counts for the market
payoff, which leave slots unused where a further base would not carry its fixed cost. All of it is deterministic: there
is no false alarm. The fast solver takes pairs in order of value, which guarantees half of the best value at least (Avis
1983); the bounds stated here are those of the instances.
"""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import eye, kron, vstack

from qipan import load_scenario, run
from qipan.model.coordination.assignment import assigned_layout, efficient_counts
from qipan.model.coordination.exact import exact_layout
from qipan.model.draws import Draws, Stream
from qipan.model.measures import compute
from qipan.model.payoffs import MarketPayoff

INSTANCES, REGIONS, SECTORS = 200, 31, 6


@pytest.fixture(scope="module")
def solved():
    """Value, breadth, ceiling, fast and exact layouts; each instance has breadths of its own."""
    draws = Draws(1, np.arange(INSTANCES), np.arange(1, REGIONS + 1), np.arange(1, SECTORS + 1))
    worth = np.log(1000.0) + draws.normal(Stream.VALUE, over="k")[:, None, :]
    value = worth + 0.5 * draws.normal(Stream.FIT)
    breadth = 1 + np.floor(6 * draws.uniform(Stream.ADOPTERS, over="r")).astype(np.int64)
    form = MarketPayoff(load_scenario("baseline").world.behaviour)
    pairs = zip(worth[:, 0], breadth, strict=True)
    ceiling = np.concatenate([efficient_counts(one[None], int(own.sum()), REGIONS, form) for one, own in pairs])
    fast = np.concatenate([assigned_layout(value[i : i + 1], breadth[i], ceiling[i : i + 1]) for i in range(INSTANCES)])
    exact = np.concatenate([exact_layout(value[i : i + 1], breadth[i], ceiling[i : i + 1]) for i in range(INSTANCES)])
    return value, breadth, ceiling, fast, exact


def objective(value, layout):
    """What is maximised: pairs placed first, then value; here as mean value above the lowest, and as pairs."""
    return (layout * value).sum(axis=(1, 2)), layout.sum(axis=(1, 2))


def test_both_keep_to_breadths_and_ceilings(solved):
    _, breadth, ceiling, fast, exact = solved
    for layout in (fast, exact):
        assert (layout.sum(axis=2) <= breadth).all()
        assert (layout.sum(axis=1) <= ceiling).all()
        assert set(np.unique(layout)) == {0.0, 1.0}


def by_highs(value, breadth, ceiling):
    """The same as a linear programme, whose matrix is totally unimodular: one pair more outweighs every value."""
    regions, sectors = value.shape
    lifted = value - value.min() + (value.max() - value.min() + 1.0) * regions
    rows = vstack([kron(eye(regions), np.ones((1, sectors))), kron(np.ones((1, regions)), eye(sectors))])
    limits = np.concatenate([breadth.astype(float), ceiling])
    answer = linprog(-lifted.ravel(), A_ub=rows.tocsr(), b_ub=limits, bounds=(0.0, 1.0), method="highs-ds")
    return np.round(answer.x).reshape(regions, sectors)


def test_the_exact_layout_is_that_of_highs(solved):
    """Values are continuous, so that each instance has one best layout; HiGHS itself stops within 1e-7 of it."""
    value, breadth, ceiling, _, exact = solved
    for i in range(INSTANCES):
        np.testing.assert_array_equal(exact[i], by_highs(value[i], breadth[i], ceiling[i]))


@pytest.mark.parametrize(("regions", "sectors", "room"), [(293, 6, 0.9), (293, 6, 1.3), (31, 20, 0.7), (2, 7, 0.5)])
def test_other_sizes_are_those_of_highs_too(regions, sectors, room):
    """With places for 90%, 130%, 70% and 50% of the slots, more in the sectors worth more."""
    draws = Draws(2, np.arange(4), np.arange(1, regions + 1), np.arange(1, sectors + 1))
    value = draws.normal(Stream.VALUE, over="k")[:, None, :] + 0.5 * draws.normal(Stream.FIT)
    breadth = 1 + np.floor(sectors * draws.uniform(Stream.ADOPTERS, over="r"))[0]
    share = draws.uniform(Stream.TIE, over="k")
    ceiling = np.minimum(regions, np.floor(room * breadth.sum() * share / share.sum(axis=1, keepdims=True)))
    exact = exact_layout(value, breadth, ceiling)
    for i in range(4):
        np.testing.assert_array_equal(exact[i], by_highs(value[i], breadth, ceiling[i]))


def test_the_exact_layout_against_every_layout_there_is():
    """Three regions, three sectors: all 512 layouts tried; values are whole, so that many are worth the same."""
    every = (np.arange(512)[:, None] >> np.arange(9) & 1).reshape(512, 3, 3)
    draws = Draws(3, np.arange(200), np.arange(1, 4), np.arange(1, 4))
    value = np.floor(4.0 * draws.uniform(Stream.FIT)) - 2.0
    breadth = np.floor(4.0 * draws.uniform(Stream.ADOPTERS, over="r"))
    ceiling = np.floor(4.0 * draws.uniform(Stream.TIE, over="k"))
    for own, slots, places in zip(value, breadth, ceiling, strict=True):
        allowed = every[(every.sum(axis=2) <= slots).all(axis=1) & (every.sum(axis=1) <= places).all(axis=1)]
        best = max((one.sum(), (one * own).sum()) for one in allowed)
        found = exact_layout(own[None], slots, places[None])[0]
        assert (found.sum(axis=1) <= slots).all() and (found.sum(axis=0) <= places).all()
        assert (found.sum(), (found * own).sum()) == best


def test_a_layout_does_not_depend_on_what_else_is_solved(solved):
    value, breadth, ceiling, *_ = solved
    together = exact_layout(value, breadth[0], ceiling)
    alone = [exact_layout(value[i : i + 1], breadth[0], ceiling[i : i + 1]) for i in range(INSTANCES)]
    np.testing.assert_array_equal(together, np.concatenate(alone))


def test_the_exact_layout_places_no_fewer_pairs_and_is_worth_no_less(solved):
    value, *_, fast, exact = solved
    (fast_value, fast_pairs), (exact_value, exact_pairs) = objective(value, fast), objective(value, exact)
    assert (exact_pairs >= fast_pairs).all()
    same = exact_pairs == fast_pairs
    assert same.any() and (exact_value[same] >= fast_value[same] - 1e-9).all()


def shortfall(fast, exact):
    """Median, 95% quantile and largest shortfall of the fast solver, as a share of the exact one."""
    return np.quantile(1.0 - fast / exact, [0.5, 0.95, 1.0])


def test_how_far_the_fast_layout_falls_short(solved, limits):
    """Value is counted from the lowest pair of an instance up, so that zero means nothing is placed."""
    value, *_, fast, exact = solved
    above = value - value.min(axis=(1, 2), keepdims=True)
    (fast_value, fast_pairs), (exact_value, exact_pairs) = objective(above, fast), objective(above, exact)
    limits.exact("l1", shortfall(fast_value, exact_value))
    limits.exact("l2", shortfall(fast_pairs, exact_pairs))
    assert (fast_value >= exact_value / 2.0).all()


def test_perfect_information_is_no_upper_bound_of_the_dynamic_game(limits):
    """How often an arm's welfare exceeds that with true values in the same draws is reported; that it does happen, for
    each of them, is the point. Nor need true values be better on average: the static problem is not the whole run.
    """
    arms = ("oracle", "national-design", "information-only", "baseline")
    welfare = [compute(run(load_scenario(arm), replicates=range(256)), ["welfare"])["welfare"] for arm in arms]
    limits.told("l3", [(arm > welfare[0]).mean() for arm in welfare[1:]])
    assert all((arm > welfare[0]).any() for arm in welfare[1:])


def test_small_instances_by_enumeration():
    """Two regions, two sectors, one each: (3, 2; 2, 0) is best crossed, 4, where pair by pair takes 3 + 0."""
    value = np.array([[[3.0, 2.0], [2.0, 0.0]]])
    one, room = np.ones(2, dtype=np.int64), np.ones((1, 2))
    np.testing.assert_array_equal(exact_layout(value, one, room)[0], [[0, 1], [1, 0]])
    np.testing.assert_array_equal(assigned_layout(value, one, room)[0], [[1, 0], [0, 1]])
