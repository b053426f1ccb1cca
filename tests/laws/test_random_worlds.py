"""The same laws over invented worlds and scenarios that nobody chose."""

from importlib.util import find_spec

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qipan import run
from qipan.model.errors import ScenarioError
from qipan.model.extend.registry import ARMS, LEVERS
from qipan.model.scenario import load_scenario, parameter_rows
from tests.laws.cases import EVERY_FIELD, RULES_ON, WITHHELD, differing, moments, national
from tests.laws.regional import check_regional_accounts

EXAMPLES = 25
EXECUTORS = ["numpy", *(["compiled"] if find_spec("numba") else [])]
RANGED = [row for row in parameter_rows() if row.plausible and row.path != "world.equal_breadth"]
FEW = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def within(row):
    """A value of a parameter's plausible range, ends included."""
    low, high = row.plausible
    return st.integers(int(low), int(high)) if isinstance(row.default, int) else st.floats(low, high)


@st.composite
def scenarios(draw):
    """An invented world, an arm with any levers, up to eight values from anywhere in their plausible ranges."""
    arm = draw(st.sampled_from([name for name in ARMS if name != "oracle"]))
    sectors = draw(st.integers(1, 5))
    changes = {
        "world.data": "synthetic",
        "world.regions": draw(st.integers(1, 8)),
        "world.sector_count": sectors,
        "world.behaviour.rule": draw(st.sampled_from(["logit", "imitation", "fictitious_play"])),
        "world.behaviour.revision": draw(st.sampled_from(["partial", "synchronous", "one_at_a_time"])),
        "world.early_adopters": draw(st.sampled_from(["survey", "none", "all"])),
        "policy.coordination.arm": arm,
        "run.last_year": 2023 + draw(st.integers(2, 6)),
        "run.seed": draw(st.integers(0, 2**63 - 1)),
    }
    if arm in ("design", "random"):
        changes |= {f"policy.coordination.{lever}": draw(st.booleans()) for lever in LEVERS}
    for row in draw(st.lists(st.sampled_from(RANGED), max_size=8, unique_by=lambda row: row.path)):
        changes[row.path] = draw(within(row))
    if draw(st.booleans()):
        changes = RULES_ON | changes
    changes["policy.coordination.list_length"] = min(changes.get("policy.coordination.list_length", 3), sectors)
    changes["policy.coordination.pilots"] = min(
        changes.get("policy.coordination.pilots", 4), sectors * changes["world.regions"]
    )
    try:
        return load_scenario("baseline").replace(**changes)
    except ScenarioError as error:
        assert "delay" in str(error) or "have no effect" in str(error), error
        return load_scenario("baseline").replace(**(changes | {"policy.coordination.delay": 0}))


@FEW
@given(scenarios(), st.sampled_from(EXECUTORS))
def test_public_money_is_traced(scenario, executor):
    h = run(scenario, replicates=range(2), executor=executor)
    used = h["money"][:, :, :2].sum(axis=(2, 3)) + np.diff(h["public_balance"], axis=1, prepend=0.0)
    uses = used + h["lapsed"] + sum(national(h, use) for use in WITHHELD)
    np.testing.assert_allclose(uses, h["pools"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(h["investment"].sum(axis=(2, 3)), h["money"].sum(axis=(2, 3)), rtol=1e-9, atol=1e-9)


@FEW
@given(scenarios())
def test_regions_accounts_add_up_to_the_nations(scenario):
    check_regional_accounts(run(scenario, replicates=range(2)))


@FEW
@given(scenarios())
def test_numbers_stay_within_their_bounds(scenario):
    h = run(scenario, replicates=range(2))
    assert all(np.isfinite(h[field]).all() for field in EVERY_FIELD)
    np.testing.assert_allclose(h["portfolio"].sum(axis=-1), 1.0, atol=1e-12)
    assert (h["layout"].sum(axis=-1) <= h.world.breadth).all()
    assert 0.0 <= h["utilisation"].min() <= h["utilisation"].max() <= 1.0
    assert min(h[field].min() for field in ("offered", "money", "capacity", "lapsed", "arrears", "waiting")) >= 0.0


@FEW
@given(scenarios(), st.integers(0, 2**32 - 5))
def test_a_replicate_is_the_same_alone(scenario, number):
    crowd, alone = run(scenario, replicates=range(number, number + 3)), run(scenario, replicates=[number + 1])
    assert all(crowd[field][1].tobytes() == alone[field][0].tobytes() for field in EVERY_FIELD)


@FEW
@given(scenarios())
def test_stocks_of_projects_and_loans_add_up(scenario):
    """As long as banks keep what went bad on their books."""
    for before, now in moments(scenario.replace(**{"policy.funding.write_off": 0.0})):
        after = now.state
        moved = before.in_progress + now.started - now.completed
        np.testing.assert_allclose(after.in_progress, moved, rtol=1e-12, atol=1e-15)
        debts = [(s.cohort_loans + s.performing + s.arrears).sum(axis=(1, 2)) for s in (before, after)]
        paid = now.money[:, 4].sum(axis=(1, 2)) - (debts[1] - debts[0])
        assert (paid >= -1e-9).all() and (paid <= now.flows["returned"][:, 4] + 1e-9).all()


@FEW
@given(scenarios())
def test_levers_off_is_nobody(scenario):
    """Whatever else is set, a design that may do nothing is the arm of nobody."""
    off = {f"policy.coordination.{lever}": False for lever in LEVERS}
    nobody = run(scenario.replace(**off, **{"policy.coordination.arm": "none"}), replicates=range(2))
    design = run(scenario.replace(**off, **{"policy.coordination.arm": "design"}), replicates=range(2))
    assert differing(nobody, design) == []
