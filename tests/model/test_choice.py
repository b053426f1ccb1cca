"""Rules of behaviour on one outlook worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from qipan.model.behaviour.outlook import Outlook
from qipan.model.coordination.mandate import Mandate
from qipan.model.extend.registry import PAYOFFS, RULES
from qipan.model.parameters import Behaviour

ZERO, ONE = np.zeros(3), np.ones(3)
PLAIN = {
    "temperature": 0.0,
    "imitation": 0.0,
    "tournament": 0.0,
    "switching_cost": 0.0,
    "fit_weight": 0.0,
    "efficient_bases": 0.0,
    "entry_cost": 0.0,
}
SEEN = Outlook(
    belief=np.log([12.0, 10.0, 6.0]),
    variance=ZERO,
    log_fit=ZERO,
    rivals=np.array([3.0, 1.0, 0.0]),
    rivals_average=np.array([0.0, 1.0, 5.0]),
    peer_share=ZERO,
    peer_success=np.array([0.0, 1.0, 2.0]),
    key_area=ZERO,
    pilot=ZERO,
    outside=ZERO,
    incumbent=ONE,
    portfolio=np.array([0.5, 0.5, 0.0]),
    breadth=np.array([1.0]),
    quick=ZERO,
    gumbel=ZERO,
    mandate=Mandate(),
)


def decided(rule, outlook=SEEN, **settings):
    behaviour = Behaviour(rule=rule, **(PLAIN | settings))
    return RULES[rule](behaviour, PAYOFFS["market"](behaviour)).decide(outlook)


@pytest.mark.parametrize(("rule", "sector"), [("logit", 2), ("fictitious_play", 0), ("imitation", 2)])
def test_best_response(rule, sector):
    """Last year's rivals: 12/4 = 3, 10/2 = 5, 6/1 = 6; average rivals: 12, 5, 1; peers do best in the third."""
    answer = decided(rule)
    assert answer.layout.tolist() == answer.portfolio.tolist() == np.eye(3)[sector].tolist()


def test_the_list_moves_a_choice():
    """ln 3 + 1 = 2.0986 > ln 6 = 1.7918: the first sector, and all of the money."""
    word = Mandate(list_weight=1.0)
    answer = decided("logit", replace(SEEN, key_area=np.array([1.0, 0, 0]), mandate=word))
    assert answer.layout.tolist() == answer.portfolio.tolist() == [1.0, 0.0, 0.0]


def test_the_split_follows_payoffs():
    """Breadth 2, split temperature 0.5: second and third in proportion 5 : 6."""
    answer = decided("logit", replace(SEEN, breadth=np.array([2.0])))
    np.testing.assert_allclose(answer.portfolio, [0.0, 5 / 11, 6 / 11], rtol=1e-12)


def test_a_region_that_waits_splits_its_money_as_before():
    answer = decided("logit", outside_option=9.0)
    assert answer.layout.tolist() == [0.0, 0.0, 0.0]
    assert answer.portfolio.tolist() == [0.5, 0.5, 0.0]


@pytest.mark.parametrize(("cost", "layout"), [(6.0, [0.0, 0.0, 1.0]), (6.01, [0.0, 0.0, 0.0])])
def test_a_region_waits_below_the_fixed_cost(cost, layout):
    """The best it sees is sales of 6 in the third sector."""
    assert decided("logit", entry_cost=cost).layout.tolist() == layout


def test_a_region_that_copies_does_not_reckon_a_fixed_cost():
    """Peers do best in the third sector, by 2 log points: less than ln 10, and copied all the same."""
    assert decided("imitation", entry_cost=10.0).layout.tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize(("rule", "payoffs"), [("logit", [3.0, 5.0, 6.0]), ("fictitious_play", [12.0, 5.0, 1.0])])
def test_a_region_counts_itself_among_the_rivals(rule, payoffs):
    """12/(3+1), 10/(1+1), 6/(0+1); with the average rivals 12/(0+1), 10/(1+1), 6/(5+1), all in logs."""
    behaviour = Behaviour(rule=rule, **PLAIN)
    attraction = RULES[rule](behaviour, PAYOFFS["market"](behaviour)).attraction(SEEN)
    np.testing.assert_allclose(np.exp(attraction), payoffs, rtol=1e-12)


def test_regions_stacked_decide_as_they_do_alone():
    """Three regions of which only the second, with a bright belief, does not wait: each keeps its own split."""
    behaviour = Behaviour(rule="logit", **(PLAIN | {"outside_option": 9.0}))
    rule = RULES["logit"](behaviour, PAYOFFS["market"](behaviour))
    rows = [replace(SEEN, belief=SEEN.belief + up, portfolio=np.roll(SEEN.portfolio, up)) for up in (0, 12, 1)]
    names = [name for name in vars(SEEN) if name != "mandate"]
    stacked = replace(SEEN, **{name: np.stack([getattr(row, name) for row in rows])[None] for name in names})
    together, alone = rule.decide(stacked), [rule.decide(row) for row in rows]
    np.testing.assert_array_equal(together.portfolio[0], [answer.portfolio for answer in alone])
    np.testing.assert_array_equal(together.layout[0], [answer.layout for answer in alone])
    assert together.layout.sum() == 1.0
