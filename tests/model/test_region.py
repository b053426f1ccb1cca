"""Local rules by hand."""

import numpy as np
import pytest

from qipan.model import region

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


def test_signal():
    """7 + 0.5 x (0.4 - 0.1) + 0.7 x (-1) = 7 + 0.15 - 0.7 = 6.45."""
    assert region.signal(worth=7.0, error=0.3, unseen=0.5, spread=0.7, noise=-1.0) == near(6.45)


def test_gaussian_update():
    """Prior variance 1, signal variance 0.25: weight 1/1.25 = 0.8; 6 -> 6 + 0.8 x 1 = 6.8; variance 1 -> 0.2."""
    weight = region.gain(1.0, 0.25)
    assert weight == near(0.8)
    assert region.updated_belief(6.0, weight, 7.0) == near(6.8)
    assert region.updated_variance(1.0, weight) == near(0.2)


def test_nothing_uncertain_nothing_learnt():
    assert region.gain(0.0, 0.0) == 0.0
    assert region.gain(2.0, 0.0) == 1.0


def test_blended():
    """0.75 x 4 + 0.25 x 8 = 5."""
    assert region.blended(4.0, 0.25, 8.0) == near(5.0)


def test_behavioural_terms_each_on_its_own():
    """0.3x0.5 + 0.15x2 + 1.2 + 0.3 - 2x1 - 0.3x(1-0) - 0.5x0.4x0.6 = 0.15+0.3+1.2+0.3-2-0.3-0.12 = -0.47."""
    seen = {
        "peer_share": 0.5,
        "quick": 2.0,
        "key_area": 1.0,
        "pilot": 1.0,
        "outside": 1.0,
        "incumbent": 0.0,
        "variance": 0.6,
    }
    weights = {
        "imitation": 0.3,
        "tournament": 0.15,
        "list_weight": 1.2,
        "pilot_weight": 0.3,
        "layout_weight": 2.0,
        "switching_cost": 0.3,
        "risk_aversion": 0.4,
    }
    alone = {
        "imitation": 0.15,
        "tournament": 0.3,
        "list_weight": 1.2,
        "pilot_weight": 0.3,
        "layout_weight": -2.0,
        "switching_cost": -0.3,
        "risk_aversion": -0.12,
    }
    none = dict.fromkeys(weights, 0.0)
    assert region.behavioural_terms(**seen, **weights) == near(-0.47)
    assert region.behavioural_terms(**seen, **none) == 0.0
    for name, expected in alone.items():
        assert region.behavioural_terms(**seen, **(none | {name: weights[name]})) == near(expected), name


def test_staying_costs_nothing():
    terms = dict.fromkeys(
        (
            "peer_share",
            "quick",
            "key_area",
            "pilot",
            "outside",
            "variance",
            "imitation",
            "tournament",
            "list_weight",
            "pilot_weight",
            "layout_weight",
            "risk_aversion",
        ),
        0.0,
    )
    assert region.behavioural_terms(incumbent=1.0, switching_cost=0.3, **terms) == 0.0


def test_perceived_variance():
    """0.7 / 0.7 = 1; 0.6 / 1.2 = 0.5."""
    assert region.perceived_variance(a(0.7, 0.6), a(0.7, 1.2)).tolist() == near([1.0, 0.5])


def test_running_mean():
    """Mean of two is 3, the third value is 9: (3 + 3 + 9)/3 = 5."""
    assert region.running_mean(3.0, 9.0, 3.0) == near(5.0)


def test_success_of_peers():
    """Nobody: 2 + ln 0.05 = -0.995732; all: 2 + ln 1.05 = 2.048790."""
    assert region.success_of_peers(2.0, a(0.0, 1.0)).tolist() == near([-0.995732, 2.048790], abs=1e-6)


def test_chosen_layout():
    """Utility (1, 3, 2, 0): breadth 2 takes the second and third; noise of 2 x 1.5 lifts the last above both."""
    utility, quiet, loud = a(1, 3, 2, 0), a(0, 0, 0, 0), a(0, 0, 0, 2)
    assert region.chosen_layout(utility, a(2), 1.5, quiet, -1e6).tolist() == [0, 1, 1, 0]
    assert region.chosen_layout(utility, a(2), 1.75, loud, -1e6).tolist() == [0, 1, 0, 1]
    assert region.chosen_layout(utility, a(4), 1.0, quiet, 1.5).tolist() == [0, 1, 1, 0]
    assert region.chosen_layout(utility, a(4), 1.0, quiet, 5.0).tolist() == [0, 0, 0, 0]


def test_ties_go_to_the_lower_sector():
    assert region.chosen_layout(a(1, 1, 1), a(1), 0.0, a(5, 9, 7), -1e6).tolist() == [1, 0, 0]


def test_split():
    """Temperature 0.5: shares as exp(utility) over the layout: e^0 : e^ln3 = 1 : 3."""
    shares = region.split(a(0.0, 9.0, np.log(3.0)), a(1, 0, 1), 0.5)
    assert shares.tolist() == near([0.25, 0.0, 0.75])
    assert region.split(a(1, 2, 3), a(0, 0, 0), 0.5).tolist() == [0, 0, 0]


def test_own_split():
    """Fits 1 and 2, roots 4 and 1: weights 4 and 2."""
    assert region.own_split(a(1, 2), a(4, 1)).tolist() == near([2 / 3, 1 / 3])


def test_echelon():
    assert region.echelon(0.5, 0.2) == near(1.1)


def test_skill():
    """Fit 2: its root is 1.414214, its fifth root 1.148698. Fit 9 counts as 3: 1.732051 and 1.245731."""
    assert region.skill(np.log(2.0)) == near((2.0, 1.414214, 1.148698), abs=1e-6)
    assert region.skill(np.log(9.0)) == near((9.0, 1.732051, 1.245731), abs=1e-6)


def test_ecosystem_growth():
    """0.01 x ln(1 + (1 + 2)/1) = 0.01 x ln 4 = 0.0138629; half as much again in a full chain cluster."""
    assert region.ecosystem_growth(0.01, 1.0, 2.0, a(1.0), 0.0)[0] == near(0.0138629, abs=1e-7)
    assert region.ecosystem_growth(0.01, 1.0, 2.0, a(1.0), 0.5)[0] == near(0.0207944, abs=1e-7)
    assert region.ecosystem_growth(0.01, 0.0, 2.0, a(0.0), 0.0)[0] == 0.0


def test_money_that_serves_all_regions_at_once_counts_once_more():
    """A region of a fifth: a fifth of every yuan, and of 30% of it as much again; over all regions 1.3."""
    assert region.served(0.2, 0.3) == near(0.26)
    assert region.served(a(0.2, 0.3, 0.5), 0.3).sum() == near(1.3)


def test_what_the_ecosystem_adds_is_lost_again():
    """0.02 comes and 15% of 0.2 go: 0.03 more than comes."""
    assert region.net_growth(0.02, 0.2, 0.15) == near(-0.01)
    assert region.net_growth(0.02, 0.2, 0.0) == 0.02


def test_ecosystem_growth_against_another_reference():
    """0.01 x ln(1 + (1 + 2)/2) = 0.01 x ln 2.5 = 0.00916291."""
    assert region.ecosystem_growth(0.01, 1.0, 2.0, a(2.0), 0.0)[0] == near(0.00916291, abs=1e-8)


def test_know_how_has_a_floor():
    """Log fit is cut at -50: exp(0.5 x -50) = exp(-25), exp(0.2 x -50) = exp(-10); fit itself is cut at e^-700."""
    assert region.skill(-80.0) == near((np.exp(-80.0), np.exp(-25.0), np.exp(-10.0)), rel=1e-13)
    assert region.skill(-9000.0).fit == near(np.exp(-700.0), rel=1e-12)
    assert region.skill(9000.0).fit == near(np.exp(700.0), rel=1e-12)


def test_a_tie_with_the_outside_option_is_taken():
    """A sector worth exactly what waiting is worth is chosen; one unit of the grid below it is not."""
    assert region.chosen_layout(a(1.5, 1.5 - 2.0**-31), a(2), 0.0, a(0, 0), 1.5).tolist() == [1, 0]


def test_only_a_region_that_waits_everywhere_splits_as_before():
    """Nothing chosen: last year's split; one sector or two chosen: the new one."""
    kept = region.kept_while_waiting(a(0.3, 0.3, 0.3), a(0, 1, 2), a(0.9, 0.9, 0.9))
    assert kept.tolist() == [0.9, 0.3, 0.3]


def test_productivity_of_no_fit_at_all_and_of_a_great_one():
    """A fit below e^-50 counts as that, one above three as three: .3 x -50 and .3 ln 3 = .329584."""
    assert region.log_productivity(np.array([-80.0, 5.0]), 0.3).tolist() == near([-15.0, 0.329584], abs=1e-6)
