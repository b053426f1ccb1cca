"""Who revises when."""

import numpy as np
import pytest

from model.draws import Draws
from model.parameters import Behaviour
from model.revision import REVISIONS, Turn

DRAWS = Draws(1, np.arange(3), np.arange(1, 8), np.arange(1, 4))


def turns(name, adopted, newly, **settings):
    return list(REVISIONS[name](Behaviour(revision=name, **settings)).turns(2023, adopted, newly, DRAWS))


def test_synchronous_asks_all_with_a_document():
    adopted = np.array([[1.0, 0, 1, 0, 1, 0, 1]] * 3)
    first, second = turns("synchronous", adopted, adopted * 0, rounds=2)
    assert (first.round, second.round) == (0, 1)
    np.testing.assert_array_equal(first.revises, adopted)


@pytest.mark.parametrize(("probability", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_partial_revision_at_its_ends(probability, share):
    """Nobody, or everybody with a document; but who has just issued one always decides."""
    adopted, newly = np.ones((3, 7)), np.zeros((3, 7))
    newly[:, 0] = 1.0
    (turn,) = turns("partial", adopted, newly, revise=probability)
    assert (turn.revises[:, 0] == 1.0).all()
    assert (turn.revises[:, 1:] == share).all()


def test_one_at_a_time_gives_everybody_a_turn_before_anybody_has_two():
    """Seven regions, fourteen rounds: each seven rounds are a permutation of the regions."""
    every = turns("one_at_a_time", np.ones((3, 7)), np.zeros((3, 7)), rounds=14)
    rows = np.array([turn.rows for turn in every])
    for sweep in (rows[:7], rows[7:]):
        assert (np.sort(sweep, axis=0) == np.arange(7)[:, None]).all()


def test_counts_after_a_turn():
    """Two regions in sectors (1,0) and (1,1); the first, who may revise, moves to (0,1): counts 2,1 become 1,2."""
    layout, answers = np.array([[[1.0, 0], [1, 1]]]), np.array([[[0.0, 1], [0, 0]]])
    turn = Turn(round=0, revises=np.array([[1.0, 0.0]]))
    assert turn.counted(np.array([[2.0, 1.0]]), layout, answers).tolist() == [[1, 2]]
    assert turn.put(layout, answers).tolist() == [[[0, 1], [1, 1]]]


def test_one_row_is_put_in_its_place():
    layout = np.zeros((2, 3, 2))
    turn = Turn(round=0, revises=np.array([[1.0], [0.0]]), rows=np.array([2, 1]))
    after = turn.put(layout, np.ones((2, 1, 2)))
    assert after.sum(axis=-1).tolist() == [[0, 0, 2], [0, 0, 0]]
