"""Contracts over the registries: whatever is added there is covered here without a new test being written."""

from itertools import pairwise

import numpy as np
import pytest

from qipan import run
from qipan.model.axes import BANK_CREDIT, STAGES
from qipan.model.coordination.levers import Lever
from qipan.model.draws import Stream
from qipan.model.extend.registry import ARMS, LEVERS, MECHANISMS, PAYOFFS, REVISIONS, RULES
from qipan.model.extend.registry import LEVERS as SWITCHES
from qipan.model.fields import FIELDS, ONCE
from qipan.model.funding.mechanisms import public_rows
from qipan.model.parameters import Behaviour, Coordination
from qipan.model.world import load_world
from tests.laws.cases import differing, moments, short, small

ON = dict.fromkeys((f"policy.coordination.{name}" for name in SWITCHES), True)
OFF = dict.fromkeys((f"policy.coordination.{name}" for name in SWITCHES), False)
COORDINATION = "policy.coordination."


def armed(arm, **settings):
    """A small run of an arm; a design has all its levers."""
    takes_levers = arm in ("design", "random", "oracle")
    levers = (ON if takes_levers else OFF) | {f"{COORDINATION}information": takes_levers}
    return run(small(**{f"{COORDINATION}arm": arm}, **levers, **settings), replicates=range(2))


@pytest.fixture(scope="module")
def arms():
    return {arm: armed(arm) for arm in ARMS}


@pytest.mark.parametrize("one", list(ARMS))
def test_every_arm_is_unlike_every_other(arms, one):
    for other in ARMS:
        if other != one:
            assert differing(arms[one], arms[other]), f"{one} and {other} give the same history"


@pytest.mark.parametrize("lever", list(LEVERS))
def test_every_lever_changes_the_nation(lever):
    """Alone against nothing, and left out of the full design."""
    key = f"{COORDINATION}{lever}"
    nothing = run(small(**OFF), replicates=range(2))
    alone, without = (run(small(**levers), replicates=range(2)) for levers in (OFF | {key: True}, ON | {key: False}))
    full = run(small(**ON), replicates=range(2))
    assert "output" in differing(nothing, alone)
    assert "output" in differing(full, without)


WRITERS = [name for name, kind in LEVERS.items() if kind.drafted is not Lever.drafted]


@pytest.mark.parametrize("lever", WRITERS)
def test_every_list_differs_from_its_random_twin(lever):
    """A lever that writes a list is compared with the same lever and random lists."""
    settings = OFF | {f"{COORDINATION}{lever}": True, f"{COORDINATION}information": False}
    twins = [run(small(**{f"{COORDINATION}arm": arm}, **settings), replicates=range(2)) for arm in ("design", "random")]
    assert "output" in differing(*twins)


def test_an_ecosystem_has_no_list_so_its_random_twin_is_itself():
    settings = OFF | {f"{COORDINATION}ecosystem": True, f"{COORDINATION}information": False}
    twins = [run(small(**{f"{COORDINATION}arm": arm}, **settings), replicates=range(2)) for arm in ("design", "random")]
    assert set(differing(*twins)) <= {"planner_count"}


@pytest.mark.parametrize("arm", list(ARMS))
def test_an_arm_never_gives_more_than_it_took(arms, arm):
    h = arms[arm]
    spent = h["administration"] + h["burned"]
    assert (spent <= h["levy"] * (1 + 1e-12) + 0.001 * h["pools"] + 1e-12).all()
    assert (h["public_money"] >= 0.0).all()
    offered_by_state = h["offered"][:, :, public_rows() > 0].sum(axis=2)
    assert (offered_by_state <= h["pools"] * (1 + 1e-12)).all()


@pytest.mark.parametrize("arm", list(ARMS))
def test_an_arm_has_its_names(arm):
    kind = ARMS[arm]
    assert kind.label and any("\u4e00" <= character <= "\u9fff" for character in kind.label_zh)
    assert kind.__doc__


@pytest.mark.parametrize("lever", list(LEVERS))
def test_a_lever_has_its_names_and_its_switch(lever):
    kind = LEVERS[lever]
    assert kind.name == lever and lever in SWITCHES
    assert kind.label and any("\u4e00" <= character <= "\u9fff" for character in kind.label_zh)


def test_levers_spend_the_levy_to_the_last_yuan():
    """Administration and the parts of the money levers add up to the levy, whichever are on."""
    for chosen in range(1, 2 ** len(SWITCHES)):
        on = {name: bool(chosen >> place & 1) for place, name in enumerate(SWITCHES)}
        mandate = ARMS["design"](Coordination(arm="design", **on)).mandate(1)
        spends = any(LEVERS[name].spends for name in SWITCHES if on[name])
        expected = 0.2 if spends else 0.005
        assert mandate.withheld == pytest.approx(expected, rel=1e-12)
        assert mandate.retained == pytest.approx(1.0 - expected, rel=1e-12)


def test_public_money_and_loans_stand_where_rules_look_for_them():
    public = [name for name, kind in MECHANISMS.items() if kind.public]
    assert public == ["government_research", "guidance_fund"]
    assert public_rows().tolist() == [float(kind.public) for kind in MECHANISMS.values()]
    assert tuple(MECHANISMS)[BANK_CREDIT] == "bank_credit"


@pytest.mark.parametrize("name", ["baseline", "national-design", "crowding-out", "venture-boom-and-bust"])
def test_no_mechanism_makes_a_negative_offer(name):
    for _, now in moments(short(name, 5)):
        assert (now.offered >= 0.0).all()
        assert (now.started >= 0.0).all() and (now.spent >= 0.0).all() and (now.lapsed >= 0.0).all()


@pytest.mark.parametrize("mechanism", tuple(MECHANISMS))
def test_every_mechanism_pays_for_something_and_earns_or_loses(mechanism):
    h = run(small("baseline"), replicates=range(2))
    row = tuple(MECHANISMS).index(mechanism)
    assert h["offered"][:, :, row].min() > 0.0
    assert h["money"][:, -1, row].sum() > 0.0
    assert h["lost"][:, :, row].sum() > 0.0


def test_stage_shares_of_each_mechanism_add_up():
    shares = load_world(short("baseline").world).mechanism_stages
    assert shares.shape == (len(tuple(MECHANISMS)), len(STAGES))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-12)


@pytest.mark.parametrize("mechanism", tuple(MECHANISMS))
def test_a_mechanism_without_means_is_missed(mechanism):
    """Taking each source away lowers what is offered by it to nothing, and changes output."""
    off = {
        "government_research": {"policy.funding.government_share": 0.0},
        "guidance_fund": {"policy.funding.guidance_share": 0.0},
        "enterprise": {"policy.funding.enterprise_share": 0.0, "policy.funding.guidance_draw": 0.0},
        "venture_capital": {"policy.funding.venture_pool": 0.0},
        "bank_credit": {"policy.funding.loan_to_value": 0.0},
        "social_donation": {"policy.funding.donation_share": 0.0},
    }[mechanism]
    full, less = run(small("baseline"), replicates=range(2)), run(small("baseline", **off), replicates=range(2))
    assert less["offered"][:, :, tuple(MECHANISMS).index(mechanism)].sum() == 0.0
    assert "output" in differing(full, less)


@pytest.mark.parametrize("kind", list(PAYOFFS.values()))
def test_a_value_and_its_worth_are_inverse(kind):
    payoff = kind(Behaviour())
    values = np.array([0.5, 3.0, 120.0])
    np.testing.assert_allclose(payoff.value(payoff.worth(values)), values, rtol=1e-12)


@pytest.mark.parametrize("kind", list(PAYOFFS.values()))
def test_nobody_gains_from_a_rival(kind):
    """With the plain settings (no cluster gain) what one region earns never rises with the number of regions."""
    payoff = kind(Behaviour(congestion=2.0))
    earned = [float(payoff.perceived(payoff.worth(np.array(100.0)), 0.0, float(n))) for n in range(1, 40)]
    assert all(later <= sooner + 1e-12 for sooner, later in pairwise(earned))


@pytest.mark.parametrize("rule", list(RULES))
def test_a_rule_answers_with_shares_and_flags(rule):
    h = run(small("baseline", **{"world.behaviour.rule": rule, "world.early_adopters": "all"}), replicates=range(2))
    assert set(np.unique(h["layout"])) <= {0.0, 1.0}
    np.testing.assert_allclose(h["portfolio"].sum(axis=-1), 1.0, rtol=1e-12)


@pytest.mark.parametrize("order", list(REVISIONS))
def test_regions_without_a_document_never_revise(order):
    settings = {
        "world.behaviour.revision": order,
        "world.behaviour.rounds": 3,
        "world.early_adopters": "none",
        "world.behaviour.spontaneous_adoption": 0.0,
        "world.behaviour.imitative_adoption": 0.0,
    }
    h = run(small("baseline", **settings), replicates=range(2))
    assert h["adopted"].sum() == h["layout"].sum() == 0.0


def test_streams_are_numbered_once():
    """Numbers are given for ever: these may not change, further ones may be added."""
    known = {
        "PRIVATE_SIGNAL": 0,
        "CHOICE": 1,
        "RESULT_OWN": 2,
        "TIE": 3,
        "VALUE": 4,
        "COMMON_ERROR": 5,
        "OFFICIAL_ERROR": 6,
        "PLANNER_SIGNAL": 7,
        "RESULT_COMMON": 8,
        "BREAKTHROUGH": 9,
        "FOREIGN": 10,
        "RANDOM_LIST": 11,
        "REVISION": 12,
        "ADOPTION": 13,
        "UNDERSTANDING": 14,
        "REVISER": 15,
        "FIT": 16,
        "RANDOM_PILOT": 17,
        "RANDOM_LAYOUT": 18,
        "ADOPTERS": 19,
        "BOOTSTRAP": 20,
    }
    numbers = {stream.name: int(stream) for stream in Stream}
    assert known.items() <= numbers.items()
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize("name", [*FIELDS, *ONCE])
def test_a_field_says_what_it_is(name):
    field = (FIELDS | ONCE)[name]
    assert field.name == name and field.unit and len(field.meaning) > 5
