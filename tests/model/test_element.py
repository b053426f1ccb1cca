"""Element primitives and reductions against values known from outside."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from qipan.model import element, kernels

numbers = st.floats(min_value=-1e6, max_value=1e6)


def test_where_smaller_larger_clip():
    a, b = np.array([1.0, 5.0]), np.array([3.0, 2.0])
    assert element.where(a > b, a, b).tolist() == [3.0, 5.0]
    assert element.smaller(a, b).tolist() == [1.0, 2.0]
    assert element.larger(a, 2.0).tolist() == [2.0, 5.0]
    assert element.clip(np.array([-4.0, 0.3, 4.0]), -1.0, 1.0).tolist() == [-1.0, 0.3, 1.0]
    assert element.floor(np.array([-0.5, 0.5])).tolist() == [-1.0, 0.0]
    assert element.absolute(np.array([-0.5, 0.5])).tolist() == [0.5, 0.5]


def test_exp_log_sqrt_agree_with_the_standard_library():
    for value in (1e-9, 0.3, 1.0, 7.5, 600.0):
        assert element.exp(value) == pytest.approx(math.exp(value), rel=1e-15)
        assert element.exp(-value) == pytest.approx(math.exp(-value), rel=1e-15)
        assert element.log(value) == pytest.approx(math.log(value), rel=1e-15)
        assert element.sqrt(value) == pytest.approx(math.sqrt(value), rel=1e-15)


def test_nothing_overflows_or_leaves_the_reals():
    wild = np.array([-1e308, -800.0, -1.0, 0.0, 1.0, 800.0, 1e308])
    for rule in (element.exp, element.log, element.sqrt, element.logistic):
        assert np.isfinite(rule(wild)).all()
    assert np.isfinite(element.power(np.array([0.0, 1e300, 1e-300])[:, None], np.array([-3.0, 0.0, 3.0]))).all()
    assert np.isfinite(element.normal_quantile(np.array([0.0, 0.5, 1.0]))).all()


def test_power_has_its_limits():
    assert element.power(2.0, 10.0) == pytest.approx(1024.0, rel=1e-14)
    assert element.power(0.25, 0.5) == pytest.approx(0.5, rel=1e-15)
    assert element.power(np.array([0.0, 3.0]), 0.0).tolist() == [1.0, 1.0]
    assert element.power(0.0, 0.3) == 0.0
    assert element.power(1.0, 5.5) == 1.0


@given(numbers)
def test_logistic_is_symmetric_and_inside_the_unit_interval(x):
    value = float(element.logistic(x))
    assert 0.0 <= value <= 1.0
    assert value + float(element.logistic(-x)) == pytest.approx(1.0, abs=1e-15)


def test_logistic_known_value():
    """1 / (1 + e^-ln 3) = 3/4."""
    assert element.logistic(math.log(3.0)) == pytest.approx(0.75, rel=1e-15)


def test_normal_quantile_agrees_with_an_independent_one():
    """Against the Cephes routine in SciPy, on the range a 32-bit draw can take and far beyond it in the lower tail."""
    tail = 10.0 ** -np.arange(1.0, 290.0)
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 20001), tail, 1 - 10.0 ** -np.arange(1.0, 15.0), [2.0**-33]])
    z = element.normal_quantile(p)
    assert np.abs(z - special.ndtri(p)).max() < 4e-14
    centre = np.abs(p - 0.5) > 1e-12
    assert np.abs(z[centre] / special.ndtri(p)[centre] - 1.0).max() < 1e-14


def test_normal_quantile_known_values():
    """Tables: z(0.975) = 1.959963984540054, z(0.999) = 3.090232306167814; z(1 - p) = -z(p)."""
    assert element.normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
    assert element.normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert element.normal_quantile(0.5) == 0.0
    assert element.normal_quantile(np.full((2, 3), 0.975)).shape == (2, 3)


X = np.array([[6.0, 3.0, 1.0, 0.0], [5.0, 4.0, 1.0, 0.0], [0.0, 0.0, 2.0, 3.0]])


def test_totals_by_hand():
    """Rows of X sum to 10, 10, 5; columns to 11, 7, 4, 3."""
    assert kernels.total_over_sectors(X).tolist() == [10.0, 10.0, 5.0]
    assert kernels.total_over_regions(X).tolist() == [11.0, 7.0, 4.0, 3.0]
    assert kernels.total_over_sectors(X, keepdims=True).shape == (3, 1)
    assert kernels.total_over_regions(X, keepdims=True).shape == (1, 4)
    assert kernels.mean_over_sectors(X).tolist() == [2.5, 2.5, 1.25]
    assert kernels.mean_over_regions(X).tolist() == [11.0 / 3, 7.0 / 3, 4.0 / 3, 1.0]
    assert kernels.largest_over_sectors(X).tolist() == [6.0, 5.0, 3.0]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 31, 293])
def test_totals_of_any_number_of_regions(count):
    """1 + 2 + ... + n = n (n + 1) / 2, exactly in whole numbers."""
    column = np.arange(1.0, count + 1.0)[:, None] * np.array([1.0, 10.0])
    assert kernels.total_over_regions(column).tolist() == [count * (count + 1) / 2, 5.0 * count * (count + 1)]


def test_a_total_is_a_new_array():
    values = X.copy()
    kernels.total_over_regions(values)[:] = -1.0
    kernels.total_over_sectors(values)[:] = -1.0
    assert np.array_equal(values, X)


def test_softmax_by_hand():
    """exp(ln 1), exp(ln 3) with the third masked out: 1/4, 3/4, 0. An empty mask gives zeros."""
    utility = np.array([0.0, math.log(3.0), 50.0])
    assert kernels.softmax_over_sectors(utility, np.array([1.0, 1.0, 0.0])) == pytest.approx([0.25, 0.75, 0.0])
    assert kernels.softmax_over_sectors(utility, np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
    assert kernels.softmax_over_sectors(np.array([-1e6, 0.0, 1e6]), np.ones(3)) == pytest.approx([0.0, 0.0, 1.0])


def test_ranks_and_top_choice_by_hand():
    utility = np.array([[1.0, 3.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]])
    assert kernels.ranks_over_sectors(utility).tolist() == [[3.0, 0.0, 2.0, 1.0], [0.0, 1.0, 2.0, 3.0]]
    assert kernels.top_choice(utility, np.array([2.0, 3.0])).tolist() == [[0, 1, 0, 1], [1, 1, 1, 0]]
    assert kernels.top_choice(utility, 0.0).sum() == 0.0
    assert kernels.top_choice(utility, 99.0).sum() == 8.0


def test_the_outside_option_leaves_worse_sectors_out():
    utility = np.array([1.0, -1.0, 0.0, -2.0])
    assert kernels.top_choice(utility, 3.0, 0.0).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert kernels.top_choice(utility, 3.0, 5.0).tolist() == [0.0] * 4


def test_utilities_closer_than_the_grid_tie_and_go_to_the_lower_sector():
    """2^-34 is a quarter of the grid of 2^-32: the same key. 2^-31 is two steps: a different key."""
    assert kernels.top_choice(np.array([1.0, 1.0 + 2.0**-34]), 1.0).tolist() == [1.0, 0.0]
    assert kernels.top_choice(np.array([1.0, 1.0 + 2.0**-31]), 1.0).tolist() == [0.0, 1.0]


def test_the_grid_is_of_the_draws():
    """A step is 2^-32, so one is 2^32 steps; half a step is rounded up."""
    utility = np.array([1.0, 0.0, 2.0**-33, 2.0**-34, -(2.0**-33), -(2.0**-32)])
    assert kernels.grid_key(utility).tolist() == [4294967296.0, 0.0, 1.0, 0.0, 0.0, -1.0]


def test_large_penalties_keep_their_order():
    utility = np.array([-1e6, -1e6 + 1e-3, 5.0, -1e12, 1e12])
    assert kernels.ranks_over_sectors(utility).tolist() == [3.0, 2.0, 1.0, 4.0, 0.0]


@given(st.lists(st.lists(numbers, min_size=5, max_size=5), min_size=1, max_size=6))
def test_ranks_are_those_of_a_stable_sort(rows):
    utility = np.array(rows)
    expected = np.argsort(np.argsort(-kernels.grid_key(utility), axis=-1, kind="stable"), axis=-1)
    assert np.array_equal(kernels.ranks_over_sectors(utility), expected)


def test_mean_over_neighbours_by_hand():
    """Region 0 has neighbours 1 and 2 in equal parts, region 1 only region 0, region 2 none."""
    weights = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    expected = [[2.5, 2.0, 1.5, 1.5], [6.0, 3.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
    assert kernels.mean_over_neighbours(X, weights).tolist() == expected


REDUCTIONS = {
    "total_over_sectors": lambda v: kernels.total_over_sectors(v),
    "total_over_regions": lambda v: kernels.total_over_regions(v),
    "softmax_over_sectors": lambda v: kernels.softmax_over_sectors(v, (v > 0.0) * 1.0),
    "top_choice": lambda v: kernels.top_choice(v, np.full(v.shape[:-1], 3.0), 0.0),
    "mean_over_neighbours": lambda v: kernels.mean_over_neighbours(v, np.full((31, 31), 1.0 / 31)),
    "exp": element.exp,
    "log": element.log,
    "power": lambda v: element.power(v, 0.37),
    "normal_quantile": lambda v: element.normal_quantile(element.logistic(v)),
}


@pytest.mark.parametrize("name", sorted(REDUCTIONS))
def test_a_replicate_gets_the_same_bytes_alone_and_in_a_block(name):
    values = np.sin(np.arange(40 * 31 * 6) * 1.7).reshape(40, 31, 6) * 3.0
    whole = REDUCTIONS[name](values)
    for replicate in (0, 7, 39):
        alone = REDUCTIONS[name](values[replicate : replicate + 1])
        assert alone.tobytes() == whole[replicate : replicate + 1].tobytes()


@pytest.mark.parametrize("name", ["total_over_sectors", "softmax_over_sectors", "top_choice"])
def test_one_region_gets_the_same_bytes_as_in_the_batch(name):
    values = np.sin(np.arange(4 * 31 * 6) * 1.7).reshape(4, 31, 6) * 3.0
    whole = REDUCTIONS[name](values)
    for replicate, region in ((0, 0), (3, 30), (2, 11)):
        assert np.asarray(REDUCTIONS[name](values[replicate, region])).tobytes() == whole[replicate, region].tobytes()
