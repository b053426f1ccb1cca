"""The emulator of paired effects: known functions with noise that all points share, and coverage of its intervals."""

import numpy as np
import pytest

from qipan.experiments.designs.sweep_points import unit_points
from qipan.experiments.evidence.emulator import FRESH, fitted
from qipan.model.draws import Draws, Stream

POINTS, REPLICATES, DIMENSIONS = 60, 64, 3


def luck(seed, count, columns):
    """Standard normal draws, (count, columns)."""
    return Draws(seed, np.arange(count), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


def truth(places):
    """Mean effect: 50 sin 3x + 40 y², and z that matters for nothing."""
    return 50.0 * np.sin(3.0 * places[:, 0]) + 40.0 * places[:, 1] ** 2


def simulated(places, seed, replicates=REPLICATES):
    """Effects (P, R): truth, a shift of each replicate and its slope in x, noise of each run; expectation: truth."""
    shift = luck(seed, replicates, 2)
    own = luck(seed + 1000, len(places), replicates)
    slope = 20.0 * shift[:, 1] * (places[:, [0]] - 0.5)
    return truth(places)[:, None] + 60.0 * shift[:, 0] + slope + 5.0 * own


def of_study(seed):
    """An emulator on half of the replicates, its fresh places and their effects."""
    places = unit_points("sobol", POINTS + FRESH, DIMENSIONS, seed)
    effects = simulated(places, seed)
    half = REPLICATES // 2
    one = effects[:, :half]
    made = fitted(places[:POINTS], one[:POINTS].mean(axis=1), one[:POINTS].var(axis=1, ddof=1) / half)
    return made, places[POINTS:], effects[POINTS:]


def test_a_known_function_comes_back_without_its_noise():
    """Noise of single runs is hardly seen in means; the shift that all points share is in the interval, not gone."""
    made, places, effects = of_study(3)
    predicted = made.predict(places)
    half = REPLICATES // 2
    shift = (predicted.mean - truth(places)).mean()
    assert np.abs(predicted.mean - shift - truth(places)).max() < 3.0, "of a range of 90"
    assert predicted.luck.mean() == pytest.approx(60.0 / np.sqrt(half), rel=0.35), "chi of 31: 35% is 2.8 s.d."
    assert (predicted.emulator < 2.0).all() and (predicted.sd > 5.0).all()
    found = made.quality(places, effects[:, :half].mean(axis=1), effects[:, half:], effects[:, :half].std(axis=1) / 5.7)
    assert found.q2 > 0.99 and found.good
    assert made.lengths[2] > 10.0 > made.lengths[:2].max(), "nothing hangs on the third axis"
    assert made.unshared < 0.1, "25 of 3,700 to 3,800 of the variance are not shared"


def test_intervals_cover_fresh_points_as_often_as_they_say():
    """Twelve studies of 40 fresh points: at least 90% on the emulator's own draws (a true 95% gives less in one of
    100,000 if points are independent), and shifts on other draws that are standard normal: their sum of squares below
    the 99.9% point of chi-squared with twelve degrees of freedom, 32.9.
    """
    half, covered, shifts = REPLICATES // 2, [], []
    for seed in range(12):
        made, places, effects = of_study(seed)
        error = effects[:, :half].std(axis=1, ddof=1) / np.sqrt(half)
        found = made.quality(places, effects[:, :half].mean(axis=1), effects[:, half:], error)
        covered.append(found.coverage)
        shifts.append(found.shift)
    assert np.mean(covered) >= 0.9, covered
    assert np.sum(np.square(shifts)) < 32.9, shifts
    assert np.sum(np.square(shifts)) > 2.2, "0.1% point: the shift is not always nothing either"


def test_an_emulator_that_is_wrong_says_so():
    """A step that no point of the fit has seen: the fresh points behind it are not covered."""
    places = unit_points("sobol", 80, 2, 1)
    inside = places[:, 0] < 0.5
    means = np.where(places[:, 0] < 0.5, 0.0, 100.0) + np.sin(9.0 * places[:, 1])
    made = fitted(places[inside], means[inside], np.full(inside.sum(), 1e-4))
    found = made.quality(places[~inside], means[~inside], np.zeros((0, 0)), np.full((~inside).sum(), 0.01))
    assert found.coverage < 0.9 and not found.good


def test_the_same_points_give_the_same_emulator():
    first, places, _ = of_study(5)
    again, _, _ = of_study(5)
    assert np.array_equal(first.predict(places).sd, again.predict(places).sd)
    assert first.smoother(places) @ first.means == pytest.approx(first.mean(places), abs=1e-6)


def test_effects_that_never_vary_are_no_fault():
    places = unit_points("sobol", 12, 2, 1)
    made = fitted(places, np.full(12, 7.0), np.zeros(12))
    predicted = made.predict(places[:3] * 0.9)
    assert predicted.mean == pytest.approx(7.0) and (predicted.luck == 0.0).all()


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(wrong):
    places = unit_points("sobol", 8, 1, 1)
    with pytest.raises(ValueError, match="finite"):
        fitted(places, np.full(8, wrong), np.ones(8))
