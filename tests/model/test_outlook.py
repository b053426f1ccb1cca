"""Decisions of a block, by hand: which can be carried out, and whose cannot."""

from types import SimpleNamespace

import numpy as np
import pytest

from qipan.model.behaviour.outlook import Decision, decision
from qipan.model.extend.answers import AnswerError


def answered(layout, portfolio, barred=0.0, last=0.5, breadth=2.0):
    """Two replicates of three regions and two sectors; the last region of the second replicate answers so."""
    layouts, portfolios = np.ones((2, 3, 2)), np.full((2, 3, 2), 0.5)
    layouts[1, 2], portfolios[1, 2] = layout, portfolio
    bars, kept = np.zeros((2, 3, 2)), np.full((2, 3, 2), 0.5)
    bars[1, 2, 1], kept[1, 2] = barred, last
    seen = SimpleNamespace(
        belief=np.zeros((2, 3, 2)), breadth=np.array([[2.0], [2.0], [breadth]]), portfolio=kept, barred=bars
    )
    return decision("Mine.decide", Decision(layouts, portfolios), None, seen)


@pytest.mark.parametrize(
    ("given", "said", "pair"),
    [
        ({"layout": (1, 1), "portfolio": (0.5, 0.5), "breadth": 1.0}, "the layout has 2 sectors", {"region": 2}),
        ({"layout": (1, 0), "portfolio": (0.5, 0.5)}, "puts 0.5 outside the layout", {"region": 2}),
        ({"layout": (1, 1), "portfolio": (0.5, 0.25)}, "the portfolio sums to 0.75", {"region": 2}),
        ({"layout": (0, 0), "portfolio": (0.0, 0.0)}, "the portfolio sums to 0", {"region": 2}),
        (
            {"layout": (0, 1), "portfolio": (0, 1), "barred": 1.0},
            "a sector that the plan bars",
            {"region": 2, "sector": 1},
        ),
    ],
)
def test_whose_decision_cannot_be_carried_out(given, said, pair):
    with pytest.raises(AnswerError, match=said) as error:
        answered(**given)
    assert error.value.pair == pair


@pytest.mark.parametrize(
    "given",
    [
        {"layout": (1, 0), "portfolio": (1.0, 0.0), "barred": 1.0},  # it is not in what is barred
        {"layout": (0, 0), "portfolio": (0.25, 0.75)},  # it waits, and has its money anywhere
        {"layout": (0, 0), "portfolio": (0.0, 0.0), "last": 0.0},  # it waits, and had no money
    ],
)
def test_what_can_be_carried_out_is_taken_as_it_is(given):
    found = answered(**given)
    assert (found.layout[1, 2].tolist(), found.portfolio[1, 2].tolist()) == (
        list(given["layout"]),
        list(given["portfolio"]),
    )
