"""Compiled twins of the primitives, the draws and the named kernels, each against its reference."""

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from model import element, kernels, peers  # noqa: E402
from model.compiled import greedy, words  # noqa: E402
from model.compiled import kernels as twins  # noqa: E402
from model.compiled.primitives import entry, exponential, logarithm  # noqa: E402
from model.coordination.assignment import efficient_counts  # noqa: E402
from model.draws import Draws, Stream  # noqa: E402
from model.parameters import Behaviour  # noqa: E402
from model.payoffs import Market  # noqa: E402

DRAWS = Draws(5, np.arange(4), np.arange(1, 8), np.arange(1, 7))
R, K = 7, 6


def applied(function, *arguments):
    """Call a function that only compiled code may call."""
    return _caller(function)(*arguments)


def _caller(function):
    @numba.njit
    def call(*arguments):
        return function(*arguments)

    return call


@entry
def exponentials(values, out):
    """Row of exponentials."""
    for c in range(values.size):
        out[c] = exponential(values[c])


@entry
def logarithms(values, out):
    """Row of logarithms."""
    for c in range(values.size):
        out[c] = logarithm(values[c])


def test_exponential_to_two_units_in_the_last_place():
    values = np.concatenate([np.linspace(-800.0, 800.0, 20_001), np.linspace(-1.0, 1.0, 20_001)])
    out = np.empty_like(values)
    exponentials(values, out)
    np.testing.assert_allclose(out, element.exp(values), rtol=5e-16)


def test_logarithm_to_two_units_in_the_last_place():
    values = np.concatenate([[0.0, -1.0, 1e-310, 1.0], np.logspace(-300, 300, 20_001), np.linspace(0.5, 2.0, 20_001)])
    out = np.empty_like(values)
    logarithms(values, out)
    np.testing.assert_allclose(out, element.log(values), rtol=5e-16, atol=1e-18)


def test_compiled_words_are_the_words():
    compiled = words.CompiledDraws(5, np.arange(4), np.arange(1, 8), np.arange(1, 7))
    for over in ("", "r", "k", "rk"):
        given = compiled.uniform(Stream.CHOICE, year=2025, over=over, round=3)
        np.testing.assert_array_equal(given, DRAWS.uniform(Stream.CHOICE, year=2025, over=over, round=3))


def test_normals_are_the_quantile():
    uniform = np.concatenate([[2.0**-33, 1.0 - 2.0**-33, 0.5, 0.075, 0.925], np.linspace(1e-7, 1.0 - 1e-7, 5_001)])
    out = np.empty_like(uniform)
    applied(words.normals, uniform, out)
    np.testing.assert_allclose(out, element.normal_quantile(uniform), rtol=1e-14, atol=1e-16)


def sample(stream: Stream = Stream.PRIVATE_SIGNAL) -> np.ndarray:
    """Values over regions and sectors."""
    return DRAWS.normal(stream, year=2023)[0]


def test_sums_over_regions_and_sectors():
    values, out, work = sample(), np.empty(K), np.empty(R * K)
    applied(twins.total_over_regions, values.ravel(), K, work, out)
    np.testing.assert_array_equal(out, kernels.total_over_regions(values))
    beside = np.empty(R * K)
    applied(twins.total_over_sectors, values.ravel(), K, beside)
    np.testing.assert_array_equal(beside.reshape(R, K), np.repeat(kernels.total_over_sectors(values)[:, None], K, 1))
    assert applied(twins.total, values.ravel()) == pytest.approx(values.sum(), rel=1e-14)


def test_softmax_over_sectors():
    values, out = sample(), np.empty(R * K)
    mask = np.where(sample(Stream.CHOICE) > 0.0, 1.0, 0.0)
    mask[3] = 0.0
    applied(twins.softmax_over_sectors, values.ravel(), mask.ravel(), K, out)
    np.testing.assert_allclose(out.reshape(R, K), kernels.softmax_over_sectors(values, mask), rtol=1e-14)


def test_top_choice_with_ties_and_an_outside_option():
    values = np.round(sample() * 2.0) / 2.0
    breadth = np.array([0.0, 1.0, 2.0, 3.0, 6.0, 2.0, 2.0])
    out, key = np.empty(R * K), np.empty(R * K)
    applied(twins.top_choice, values.ravel(), np.repeat(breadth, K), -0.5, K, key, out)
    np.testing.assert_array_equal(out.reshape(R, K), kernels.top_choice(values, breadth, -0.5))


def test_means_over_neighbours_and_tiers():
    tiers = np.array([0, 0, 0, 1, 1, 1, 1])
    weights = np.where(tiers[:, None] == tiers, 1.0, 0.0) - np.eye(R)
    weights /= weights.sum(axis=1, keepdims=True)
    flags = np.where(sample() > 0.0, 1.0, 0.0)
    found, out = peers.tiers_of(weights), np.empty(R * K)
    assert found is not None
    applied(twins.mean_over_tier, flags.ravel(), found.tier, np.empty((2, K)), found.shares, K, out)
    np.testing.assert_array_equal(out.reshape(R, K), kernels.mean_over_neighbours(flags, weights))
    rows, others = np.nonzero(weights)
    starts = np.searchsorted(rows, np.arange(R + 1))
    values = sample()
    applied(twins.mean_over_neighbours, values.ravel(), starts, others, weights[rows, others], K, out)
    np.testing.assert_array_equal(out.reshape(R, K), kernels.mean_over_neighbours(values, weights))
    assert peers.tiers_of(np.array([[0.0, 1.0], [0.5, 0.0]])) is None


def test_efficient_counts():
    worth = 3.0 + DRAWS.normal(Stream.VALUE, over="k")
    for outside in (-1e6, 3.0):
        payoff = Market(Behaviour(efficient_bases=3.0, outside_option=outside))
        expected = efficient_counts(worth, 20, R, payoff)
        np.testing.assert_array_equal(greedy.efficient_counts(worth, 20, R, payoff), expected)
