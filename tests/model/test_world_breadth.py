"""Breadth: lines by hand, a region's own documents left out, cities, worlds without documents."""

import numpy as np
import pytest

from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world
from qipan.model.world.breadth import (
    PLAN_LINE,
    city_breadth,
    fitted_line,
    imputed_breadth,
    predicted_breadth,
)

EVERY = np.ones(4, dtype=np.bool_)


def test_a_line_through_points_on_a_line_is_that_line():
    """2 + 0.5 ln R&D at R&D 1, e, e^2, e^4."""
    log_rd = np.array([0.0, 1.0, 2.0, 4.0])
    assert fitted_line(2.0 + 0.5 * log_rd, np.exp(log_rd), EVERY) == pytest.approx((2.0, 0.5))


def test_no_line_through_two_points_or_one_place():
    assert fitted_line(np.array([1.0, 2.0]), np.array([1.0, 2.0]), EVERY[:2]) is None
    assert fitted_line(np.array([1.0, 2.0, 3.0]), np.array([5.0, 5.0, 5.0]), EVERY[:3]) is None


def test_a_regions_own_documents_do_not_speak():
    """Five regions on 1 + ln R&D and one at ln R&D = 3 that names nine: the others' line gives it 4. The last region,
    without documents, is on the line of all six.
    """
    log_rd = np.array([0.0, 1.0, 2.0, 4.0, 5.0, 3.0, 2.5])
    named = np.array([1.0, 2.0, 3.0, 5.0, 6.0, 9.0, 0.0])
    found = predicted_breadth(named, np.exp(log_rd), 10)
    assert found[5] == 4
    slope, base = np.polyfit(log_rd[:6], named[:6], 1)
    assert found[6] == round(base + slope * 2.5)


def test_the_shipped_documents_left_out_one_by_one():
    """The line misses by 1.29 sectors, the mean of the others by 1.86; the line of all 21 is the one for worlds
    without documents.
    """
    world = load_world(WorldChoice())
    known = world.breadth_announced
    named, log_rd = world.announced_layout.sum(axis=1)[known], np.log(world.rd[known])
    for place in range(21):
        slope, base = np.polyfit(np.delete(log_rd, place), np.delete(named, place), 1)
        assert world.breadth[known][place] == np.clip(round(base + slope * log_rd[place]), 1, 6)
    assert ((world.breadth[known] - named) ** 2).mean() ** 0.5 == pytest.approx(1.29, abs=0.005)
    mean_of_others = (named.sum() - named) / 20
    assert ((mean_of_others - named) ** 2).mean() ** 0.5 == pytest.approx(1.86, abs=0.005)
    line = fitted_line(world.announced_layout.sum(axis=1), world.rd, known)
    assert line == pytest.approx(PLAN_LINE, abs=0.005)


def test_without_documents_by_hand():
    """-2.23 + 1.37 ln R&D: 0.7 bn -> below 1; 20 bn -> 1.87 -> 2; 100 bn -> 4.08 -> 4; 1,000 bn -> 7.2 -> 6."""
    assert imputed_breadth(np.array([0.7, 20.0, 100.0, 1000.0]), 6).tolist() == [1, 2, 4, 6]
    assert imputed_breadth(np.array([20.0, 1000.0]), 13, 2.0).tolist() == [4, 12]
    assert imputed_breadth(np.array([1000.0]), 3).tolist() == [3]
    assert predicted_breadth(np.zeros(2), np.array([20.0, 100.0]), 6).tolist() == [2, 4]


def test_cities_by_hand():
    """Adopters at ln R&D 2 and 4 name 3.4 on average, slope 1.5: at 3 -> 3, at 4 -> 4.9 -> 5, at 0 -> 1, at 9 -> 6."""
    rd = np.exp(np.array([2.0, 4.0, 3.0, 0.0, 9.0]))
    found = city_breadth(rd, np.array([1.0, 1.0, 0.0, 0.0, 0.0]), 1.5, 3.4, 6)
    assert found.tolist() == [2, 5, 3, 1, 6]


def test_cities_follow_the_provinces_documents():
    """37 documents of confidence high or medium name 121 sectors of plan-6: 3.27 each."""
    world = load_world(WorldChoice(data="cities-293"))
    assert world.breadth[world.adopted_at_start > 0.0].mean() == pytest.approx(121 / 37, abs=0.25)
