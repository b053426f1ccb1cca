"""Sobol indices with the noise of replicates split off, screening, and what may be varied."""

import numpy as np
import pytest

from qipan.experiments.designs.sweep_points import Axis, unit_points
from qipan.experiments.evidence.indices import EFFECT, indices_table, radial_points, screening_table, variance_table
from qipan.experiments.evidence.sobol import shares
from qipan.experiments.evidence.surface import Surface
from qipan.experiments.evidence.varied import USUAL, axes_asked, every_axis, places_of, point_at, prior_sd
from qipan.model.draws import Draws, Stream
from qipan.model.errors import UserError
from qipan.model.scenario import load_scenario


def ishigami(unit):
    """a = 7, b = 0.1 on (-pi, pi)."""
    x = np.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(unit):
    """a = 0, 1, 4.5, 9."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    return np.prod((np.abs(4.0 * unit - 2.0) + a) / (1.0 + a), axis=1)


KNOWN = {
    ishigami: ([0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437], 13.8446),
    sobol_g: ([0.7165, 0.1791, 0.0237, 0.0072], [0.7874, 0.2423, 0.0343, 0.0105], 0.4652),
}
"""First and total indices and variance: closed forms of Ishigami and Homma (1990) and of Sobol (1993)."""


class Noisy:
    """A function with independent normal noise in every evaluation of either half."""

    def __init__(self, function, sd, alike=False):
        self.function, self.sd, self.alike, self.calls = function, sd, alike, 0

    def __call__(self, places):
        self.calls += 1
        draws = Draws(self.calls, np.arange(len(places)), np.arange(1, 3), np.array([1]))
        noise = self.sd * draws.normal(Stream.VALUE, over="r")
        return tuple(self.function(places) + noise[:, 0 if self.alike else half] for half in (0, 1))


@pytest.mark.parametrize("function", KNOWN)
def test_indices_to_two_digits_with_noise_added_and_split(function):
    """Noise of 0.3 standard deviations of the function; the error of an index has a standard deviation of 0.0015 or
    less, so that one of 14 is off by 0.01 by chance in less than one of 10^9.
    """
    first, total, variance = KNOWN[function]
    found = shares(Noisy(function, 0.3 * np.sqrt(variance)), len(first), 2**17)
    assert found.first == pytest.approx(first, abs=0.01)
    assert found.total == pytest.approx(total, abs=0.01)
    assert float(found.variance) == pytest.approx(variance, rel=0.02)


def test_without_the_split_noise_counts_as_an_assumption():
    """One half twice: the noise variance (9% of the function's) is in every total index."""
    _, total, variance = KNOWN[ishigami]
    found = shares(Noisy(ishigami, 0.3 * np.sqrt(variance), alike=True), 3, 2**16)
    assert (found.total - total > 0.02).all()


def surface(function, dimensions, points, seed=1, replicates=64, sd=1.0):
    """Effects of a function with a shift of every replicate and noise of every run."""
    axes = tuple(Axis(f"k{place}", 0.0, 1.0) for place in range(dimensions))
    places = unit_points("sobol", points + 40, dimensions, seed)
    draws = Draws(seed, np.arange(replicates), np.arange(1, len(places) + 2), np.array([1]))
    noise = draws.normal(Stream.VALUE, over="r")
    effects = function(places)[:, None] + sd * noise[:, [0]].T + 0.2 * sd * noise[:, 1:].T
    named = [{axis.key: float(at) for axis, at in zip(axes, place, strict=True)} for place in places]
    return Surface(axes, named, places, effects, 40)


def test_indices_by_the_emulator():
    """Ishigami through 320 noisy points: within 0.03 of the closed form (the emulator's own error is some 0.01)."""
    made = surface(ishigami, 3, 320, sd=2.0)
    assert made.quality.good and made.quality.q2 > 0.95
    table = indices_table(made)
    table = table[table["outcome"] == EFFECT].set_index("parameter").loc[["k0", "k1", "k2"]]
    first, total, variance = KNOWN[ishigami]
    assert table["first"].to_numpy() == pytest.approx(first, abs=0.03)
    assert table["total"].to_numpy() == pytest.approx(total, abs=0.03)
    assert (table["total_low"] <= table["total"]).all() and (table["total"] <= table["total_high"]).all()
    luck = variance_table(made).set_index("part")
    assert luck.loc["luck", "variance"] == pytest.approx(4.0 * 1.04, rel=0.5), "chi-squared of 63: 50% is 2.8 s.d."
    assert luck.loc["inputs", "variance"] == pytest.approx(variance, rel=0.1), "320 points of a Sobol sequence"


def test_screening_by_hand():
    """f = 3 x + z with noise of its own in every run; y moves nothing: strengths 3, 1 and nearly 0."""
    axes = (Axis("x", 0.0, 2.0), Axis("y", 0.0, 1.0), Axis("z", 0.0, 1.0))
    points = radial_points(axes, 8, 1, lambda point: point["x"] < 1.95)
    assert len(points) == 32 and all(point["x"] < 1.95 for point in points)
    steps = [(points[start], points[start + one]) for start in range(0, 32, 4) for one in (1, 2, 3)]
    assert all(sum(base[key] != moved[key] for key in "xyz") <= 1 for base, moved in steps)
    places = places_of(axes, points)
    noise = Draws(1, np.arange(64), np.arange(1, 33), np.array([1])).normal(Stream.VALUE, over="r").T
    effects = (3.0 * places[:, 0] + places[:, 2])[:, None] + noise - noise.mean(axis=1, keepdims=True)
    table = screening_table(axes, points, effects).set_index("parameter")
    assert table.loc["x", ["mean", "absolute"]].tolist() == pytest.approx([3.0, 3.0])
    assert table.loc["z", "mean"] == pytest.approx(1.0) and table.loc["y", "mean"] == pytest.approx(0.0, abs=1e-9)
    assert table.index[0] == "x" and table.loc["y", "steps"] == 8


def arms():
    return load_scenario("baseline"), load_scenario("national-design")


def test_the_usual_axes_hold_the_values_in_use():
    assert [axis.key for axis in axes_asked((), arms())] == list(USUAL)
    every = {axis.key for axis in every_axis(arms())}
    assert set(USUAL) < every and "world.equal_breadth" not in every


def test_axes_by_name_with_ranges_of_their_own():
    levy, delay = axes_asked(("levy=0:0.6", "policy.coordination.delay"), arms())
    assert (levy.low, levy.high, delay.whole) == (0.0, 0.6, True)
    assert prior_sd(levy) == pytest.approx(0.6 / 12**0.5) and prior_sd(delay) == pytest.approx((15 / 12) ** 0.5)
    assert point_at((levy, delay), np.array([0.5, 0.4])) == {levy.key: 0.3, delay.key: 1}


WRONG = {
    "levi": "unknown setting; did you mean levy",
    "policy.coordination.levi": "unknown key",
    "information": "cannot be varied",
    "last_year": "cannot be varied",
    "levy=0.3:0.1": "0.3:0.1 is no range of it; allowed",
    "levy=a:b": "'a:b' is no range",
    "levy=0.3:0.4": "0.2 is used, outside of 0.3 to 0.4",
}


@pytest.mark.parametrize("given", WRONG)
def test_an_axis_that_cannot_be_is_told(given):
    with pytest.raises(UserError) as refused:
        axes_asked((given, "levy", "levy"), arms())
    told = [str(problem) for problem in refused.value.problems]
    assert WRONG[given] in told[0], told
    assert "named twice" in told[-1], "every problem at once"


def test_what_moves_nothing_is_told():
    with pytest.raises(UserError, match="neither scenario has a coordinator"):
        axes_asked(("levy",), (load_scenario("baseline"), load_scenario("equal-budgets")))
