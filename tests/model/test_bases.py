"""What comes off public money before it is productive, by hand."""

import numpy as np
import pytest

from qipan.model.funding.bases import old_wine, overhead, productive

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


def test_a_base_is_run_on_its_own_money_as_far_as_it_reaches():
    """0.2 is due: of 0.5 all of it is paid and .3 / .5 stays productive; of 0.1 all of it goes; nothing has nothing."""
    own = a(0.5, 0.1, 0.0)
    paid = overhead(0.2, own)
    assert paid.tolist() == [0.2, 0.1, 0.0]
    assert productive(own, paid).tolist() == near([0.6, 0.0, 1.0])


def test_nothing_due_leaves_every_bit_of_the_money():
    own = a(1 / 3, 1e-200, 7e11)
    assert productive(own, overhead(0.0, own)).tolist() == [1.0, 1.0, 1.0]


def test_old_wine_needs_two_understandings():
    """4 x .5 x .5 = 1: all of .2; 4 x .2 x .8 = .64: .128; nobody differs: none. A definition at .7 leaves .3 of it."""
    assert [old_wine(0.2, share, 0.0) for share in (0.5, 0.2, 0.0, 1.0)] == near([0.2, 0.128, 0.0, 0.0])
    assert old_wine(0.2, 0.5, 0.7) == near(0.06)
    assert old_wine(0.2, 0.5, 1.0) == old_wine(0.0, 0.5, 0.0) == 0.0
