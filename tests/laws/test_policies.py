"""Off is really off, and a policy changes nothing before it starts."""

import numpy as np
import pytest

from qipan import run
from tests.laws.cases import EVERY_FIELD, differing, history, short, small

LEVERS = ("shared-definition", "key-areas", "pilot-zones", "regional-layout", "ecosystem")
OFF = {f"policy.coordination.{name.replace('-', '_')}": False for name in LEVERS}


def early(one, years):
    """Fields that differ within the first years."""
    return lambda other: [
        name
        for name in one.arrays
        if one[name].ndim > 1
        and name not in ("value", "efficient_count", "understanding")
        and one[name][:, :years].tobytes() != other[name][:, :years].tobytes()
    ]


def test_a_design_without_levers_is_no_coordinator():
    design = run(short("national-design", **OFF, **{"policy.coordination.information": False}), replicates=range(2))
    assert differing(history("baseline"), design) == []
    assert design["levy"].sum() == design["administration"].sum() == 0.0


def test_random_lists_without_levers_are_no_coordinator():
    settings = OFF | {"policy.coordination.information": False}
    placebo = run(short("random-coordinator", **settings), replicates=range(2))
    names = [name for name in EVERY_FIELD if name != "planner_count"]
    assert differing(history("baseline"), placebo, names) == []


def test_a_levy_handed_back_free_of_charge_is_no_coordinator():
    """All but the record of the levy itself, which was taken and handed back."""
    free = run(short("lump-sum", **{"policy.coordination.administration": 0.0}), replicates=range(2))
    assert differing(history("baseline"), free) == ["levy"]
    assert free["levy"].sum() > 0.0


@pytest.mark.parametrize("arm", ["burn", "lump_sum", "cut"])
def test_an_arm_that_takes_nothing_is_no_coordinator(arm):
    nothing = {"levy": 0.0, "cut": 0.0, "administration": 0.0, "arm": arm}
    settings = {f"policy.coordination.{name}": value for name, value in nothing.items()}
    assert differing(history("baseline"), run(short("baseline", **settings), replicates=range(2))) == []


@pytest.mark.parametrize("lever", LEVERS)
@pytest.mark.parametrize("delay", [1, 3])
def test_nothing_moves_before_a_lever_acts(lever, delay):
    """The first plan is published `delay` years after the start; until then every byte is the baseline's."""
    settings = {"policy.coordination.delay": delay}
    off = run(short("baseline", **settings), replicates=range(2))
    on = run(short(f"lever-{lever}", **settings, **{"policy.coordination.information": False}), replicates=range(2))
    assert early(off, delay)(on) == []
    assert differing(off, on) != []


def test_nature_is_the_same_under_every_policy():
    """Values, understandings and foreign rivals are drawn by address; no policy reaches them."""
    for name in ("national-design", "random-coordinator", "burn", "cut", "oracle", "information-only"):
        fields = ("value", "efficient_count", "understanding", "foreign")
        assert differing(history("baseline"), history(name), fields) == []


def test_more_public_money_raises_investment():
    """Half as much again in both pools, in every replicate."""
    funding = {"policy.funding.government_share": 0.09, "policy.funding.guidance_share": 0.0003}
    richer = run(short("baseline", **funding), replicates=range(2))
    more = richer["investment"].sum(axis=(1, 2, 3)) - history("baseline")["investment"].sum(axis=(1, 2, 3))
    assert (more > 0.0).all()


def test_more_of_every_source_never_lowers_any_start_of_research():
    """Research ideas are given; all sources 10% larger start at least as many projects in the first year."""
    names = ("guidance_share", "enterprise_share", "venture_pool", "donation_share")
    base = small("baseline", 1)
    raised = {f"policy.funding.{n}": 1.1 * getattr(base.policy.funding, n) for n in names}
    before, after = run(base, replicates=range(2)), run(base.replace(**raised), replicates=range(2))
    assert (after["starts"] >= before["starts"] - 1e-12).all()
    assert np.any(after["starts"] > before["starts"])
