"""Who revises when."""

import numpy as np
import pytest

from qipan.model.behaviour.revision import Turn
from qipan.model.draws import Draws, Stream
from qipan.model.extend.answers import AnswerError
from qipan.model.extend.registry import REVISIONS
from qipan.model.parameters import Behaviour

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


def test_partial_revision_falls_below_the_probability():
    """Who draws exactly the probability does not revise; who draws less does: of 21 draws those below the median."""
    uniform = DRAWS.uniform(Stream.REVISION, year=2023, over="r")
    (turn,) = turns("partial", np.ones((3, 7)), np.zeros((3, 7)), revise=float(np.median(uniform)))
    assert turn.revises.sum() == 10.0


def test_who_has_just_adopted_decides_in_the_first_round_only():
    adopted = np.ones((3, 7))
    first, second = turns("partial", adopted, adopted, revise=0.0, rounds=2)
    assert (first.revises.min(), second.revises.max()) == (1.0, 0.0)


def test_noise_is_that_of_the_rows_and_the_round():
    """One row: the noise all would have had, of that row alone; the next round has its own."""
    everybody, rows = np.ones((3, 7)), np.array([2, 0, 6])
    alone = Turn(round=1, revises=np.ones((3, 1)), rows=rows)
    whole = Turn(round=1, revises=everybody).gumbel(DRAWS, 2023)
    assert whole.shape == (3, 7, 3)
    np.testing.assert_array_equal(alone.gumbel(DRAWS, 2023), whole[np.arange(3), rows][:, None])
    assert (Turn(round=0, revises=everybody).gumbel(DRAWS, 2023) != whole).all()


def test_counts_after_one_row():
    """The second region leaves sector one for two; in the second replicate it may not, so its count stays."""
    layout, answers = np.zeros((2, 3, 2)), np.array([[[0.0, 1.0]], [[0.0, 1.0]]])
    layout[:, 1, 0] = 1.0
    turn = Turn(round=0, revises=np.array([[1.0], [0.0]]), rows=np.array([1, 1]))
    assert turn.counted(np.array([[1.0, 0.0], [1.0, 0.0]]), layout, answers).tolist() == [[0, 1], [1, 0]]
    assert turn.take(layout).tolist() == [[[1, 0]], [[1, 0]]]


def test_the_order_of_turns_is_that_of_the_draws():
    """Smallest draw first, a new order in every sweep; only regions with a document may act on their turn."""
    adopted = np.ones((3, 7))
    adopted[:, 3] = 0.0
    every = turns("one_at_a_time", adopted, adopted * 0, rounds=14)
    for sweep in (0, 1):
        order = np.argsort(DRAWS.uniform(Stream.REVISER, year=2023, over="r", round=sweep), axis=1)
        rows = np.array([turn.rows for turn in every[7 * sweep : 7 * sweep + 7]]).T
        np.testing.assert_array_equal(rows, order)
    assert all(((turn.rows == 3) == (turn.revises[:, 0] == 0.0)).all() for turn in every)


WITHOUT = np.ones((3, 7))
WITHOUT[1, 4] = 0.0
"""The fifth region of the second replicate has no document."""


def answered(turn):
    """What the year is given where an order of somebody's own answers so."""

    class Own(REVISIONS["synchronous"].__mro__[1]):
        def turns(self, year, adopted, newly, draws):
            yield turn

    return list(Own(Behaviour()).turns(2023, WITHOUT, 0.0 * WITHOUT, DRAWS))


@pytest.mark.parametrize("turn", [Turn(0, np.ones((3, 7))), Turn(0, np.ones((3, 1)), np.array([2, 4, 6]))])
def test_the_region_that_may_not_revise_is_named(turn):
    with pytest.raises(AnswerError, match="a region without a document revises") as error:
        answered(turn)
    assert error.value.pair == {"region": 4}


def test_answers_of_other_kinds_of_numbers_are_taken_as_numbers():
    (turn,) = answered(Turn(7, WITHOUT > 0.0))
    assert (turn.round, turn.rows, turn.revises.dtype) == (7, None, np.float64)


def test_a_year_has_2_to_the_16_rounds():
    assert answered(Turn(65_535, WITHOUT))[0].round == 65_535
    with pytest.raises(AnswerError, match="round is 65536"):
        answered(Turn(65_536, WITHOUT))
