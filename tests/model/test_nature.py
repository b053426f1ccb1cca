"""The uncertain world by hand: what each draw does."""

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest

from qipan.model.draws import Stream
from qipan.model.extend.registry import PAYOFFS
from qipan.model.nature import draw_nature, standardised
from qipan.model.parameters import Behaviour

near = pytest.approx
DRAWN = {
    Stream.VALUE: ("k", [[1.0, -2.0]]),
    Stream.COMMON_ERROR: ("k", [[0.5, 3.0]]),
    Stream.UNDERSTANDING: ("r", [[0.4, 0.6, 0.5]]),
    Stream.FIT: ("rk", [[[1.0, 0.0], [-1.0, 0.0], [0.0, 2.0]]]),
}


def drawn(stream, *, over):
    """The numbers of a stream, asked for over the axes that it varies along."""
    axes, values = DRAWN[stream]
    assert over == axes
    return np.array(values)


def nature(coarse=False):
    """Two sectors, the first a frontier one, and three regions; fits by data differ in the second sector alone."""
    world = SimpleNamespace(
        median_value=np.array([100.0, 400.0]),
        frontier=np.array([1.0, 0.0]),
        data_fit=np.array([[0.0, np.log(2.0)], [0.0, 0.0], [0.0, 0.0]]),
        fit_coarse=coarse,
    )
    uncertainty = SimpleNamespace(
        value_spread=0.5,
        common_error=0.2,
        frontier_share=0.5,
        definition_gap=0.3,
        fit_spread=0.3,
        coarse_fit_spread=0.4,
    )
    form = PAYOFFS["market"](Behaviour())
    return draw_nature(world, uncertainty, form, 2.0, SimpleNamespace(normal=drawn, uniform=drawn))


def test_worth_and_hype():
    """ln 200 + .5 and ln 800 - 1; .2 x .5 and .2 x 3."""
    found = nature()
    assert found.worth.tolist() == [near([np.log(200.0) + 0.5, np.log(800.0) - 1.0])]
    assert found.common_error.tolist() == [near([0.1, 0.6])]


def test_nobody_changes_nature():
    """And one is no other, whatever both hold."""
    assert nature() != nature()
    with pytest.raises(FrozenInstanceError):
        nature().worth = np.zeros((1, 2))


def test_understandings():
    """.4 is below a share of .5, .6 and .5 are not: those three favour the frontier sector, the other, the other."""
    found = nature()
    assert found.frontier.tolist() == [[1.0, 0.0, 0.0]]
    assert found.definition_bias.tolist() == [[[0.3, -0.3], [-0.3, 0.3], [-0.3, 0.3]]]


@pytest.mark.parametrize(("coarse", "spread"), [(False, 0.3), (True, 0.5)])
def test_fits_have_mean_one_in_each_sector(coarse, spread):
    """exp(+-s), 1 and 2, 1, exp(2 s), each over the mean of its sector; under a coarse rule s^2 = .3^2 + .4^2."""
    first = np.array([np.exp(spread), np.exp(-spread), 1.0])
    second = np.array([2.0, 1.0, np.exp(2.0 * spread)])
    expected = np.log(np.stack([first / first.mean(), second / second.mean()], axis=1))
    np.testing.assert_allclose(nature(coarse).log_fit[0], expected, rtol=1e-12)


def test_standardised():
    """1, 2, 3: variance 2/3, so 1 is -1.224745; what does not vary is zero, each row by itself."""
    found = standardised(np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]))
    assert found.tolist() == [near([-1.224745, 0.0, 1.224745], abs=1e-6), [0.0, 0.0, 0.0]]
