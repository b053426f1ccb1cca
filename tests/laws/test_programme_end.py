"""After its last year the programme is over in every arm alike; what it has begun goes on to the end of the run."""

import numpy as np
import pytest

from qipan import PolicyModel, load_scenario, run
from qipan.experiments.results.own_data import idle_warnings
from qipan.experiments.runs.plan import check_pairing
from qipan.experiments.words.warned import warned
from qipan.model.errors import ScenarioError, UserError
from qipan.model.measures import compute
from tests.laws.cases import EVERY_FIELD, RULES_ON, differing, short, small

END, ON = "run.programme_until", "policy.coordination."
POLICIES = (
    "national-design",
    "random-coordinator",
    "oracle",
    "lump-sum",
    "burn",
    "cut",
    "information-only",
    "government-research-high",
    "without-guidance-fund",
    "henan-shanxi-double-funds",
)
SPENT = ("levy", "administration", "burned", "on_list")


@pytest.fixture(params=["numpy", "compiled"])
def executor(request):
    if request.param == "compiled":
        pytest.importorskip("numba")
    return request.param


@pytest.mark.parametrize("name", POLICIES)
def test_public_pools_are_the_same_in_every_arm_once_the_programme_is_over(name, executor):
    """Of 2023 to 2029, 2026 is the last: then 0.06 of fiscal science spending, grown for three years; nobody levies."""
    history = run(short(name, **{END: 2026}), replicates=2, executor=executor)
    growth = 1.0 + history.scenario.world.market.growth
    research = 0.06 * history.world.fiscal_science.sum() * growth**3
    np.testing.assert_allclose(history["pools"][:, 4:], research, rtol=1e-12)
    assert not any(history[field][:, 4:].any() for field in SPENT)
    assert not history["offered"][:, 4:, 1].any()


@pytest.mark.parametrize("name", ["national-design", "henan-shanxi-double-funds"])
def test_until_its_last_year_nothing_moves(name, executor):
    ended, whole = (run(short(name, **{END: last}), replicates=2, executor=executor) for last in (2026, 2029))
    for field in EVERY_FIELD:
        years = slice(None) if ended[field].shape[1] != 7 else (slice(None), slice(4))
        assert ended[field][years].tobytes() == whole[field][years].tobytes(), field
    assert differing(ended, whole)


@pytest.mark.parametrize("last", [2035, 2040])
def test_a_programme_may_be_planned_for_longer_than_the_run(last, executor):
    whole, dated = (run(small(**{END: end}), replicates=2, executor=executor) for end in (2029, last))
    assert differing(whole, dated) == []


def test_null_is_the_default_and_no_programme_without_end():
    run_settings = load_scenario("baseline", [f"{END}=null", "run.last_year=2060"]).run
    assert (run_settings.programme_until, run_settings.programme_end) == (2035, 2035)
    assert load_scenario("baseline", [f"{END}=2060", "run.last_year=2060"]).run.programme_end == 2060


def test_once_the_programme_is_over_no_policy_matters(executor):
    """From where a design ended, its own run and those under other policies are the same bytes."""
    begun = run(small(years=3, **{END: 2025}), replicates=2, executor=executor, keep_end=True).end
    own = run(small(**{END: 2025}), start=begun, executor=executor)
    richer = {"policy.funding.government_share": 0.1, "policy.funding.guidance_share": 0.0004}
    for name, given in (("baseline", richer), ("burn", {}), ("national-design", {ON + "levy": 0.4})):
        other = run(small(name, **(given | {END: 2025})), start=begun, executor=executor)
        assert differing(own, other) == [], name


@pytest.mark.parametrize("rules", [{}, RULES_ON], ids=["plain", "rules"])
@pytest.mark.parametrize("name", ["baseline", "national-design"])
def test_money_is_traced_to_2060(name, rules, executor):
    scenario = load_scenario(name, {"run.last_year": 2060, END: 2035, **rules})
    history = run(scenario, replicates=2, executor=executor)
    gaps = compute(history, ["public_gap", "conservation_gap"])
    assert max(gaps[gap].max() for gap in gaps) <= 1e-9
    assert all(np.isfinite(values).all() for values in history.arrays.values())
    assert (history["output"].sum(axis=(2, 3)) > 0.0).all()


def test_compiled_is_the_reference_to_2060():
    pytest.importorskip("numba")
    scenario = load_scenario("national-design", {"run.last_year": 2060, END: 2035, **RULES_ON})
    reference, compiled = (run(scenario, replicates=2, executor=each) for each in ("numpy", "compiled"))
    for name, expected in reference.arrays.items():
        np.testing.assert_allclose(
            compiled[name], expected, rtol=1e-11, atol=1e-11 * np.abs(expected).max(), err_msg=name
        )


def test_a_run_taken_up_after_the_programme_is_the_run():
    settings = small(**({END: 2025} | RULES_ON))
    whole = run(settings, replicates=2)
    first = run(settings.replace(**{"run.last_year": 2026}), replicates=2, keep_end=True)
    rest = run(settings, start=first.end)
    for name in ("output", "layout", "pools", "planner_count"):
        assert rest[name].tobytes() == np.ascontiguousarray(whole[name][:, 4:]).tobytes(), name


def test_the_mesa_view_ends_with_the_programme():
    scenario = small(years=5, **({END: 2025} | RULES_ON))
    model, history = PolicyModel(scenario, seed=1), run(scenario, replicates=[0])
    for year in range(5):
        model.step()
        for name in ("output", "layout", "on_list", "levy", "pools", "planner_count"):
            np.testing.assert_array_equal(model.last.flows[name][0], history[name][0, year], err_msg=name)
    assert not model.coordinator.pilots.any() and not model.coordinator.key_areas.any()


PLAN = [{"sector": "quantum", "role": "key_area", "from": 2030}]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({END: 2022}, f"{END}: 2022 is before the run, 2023 to 2060; give 2023 or a later year"),
        ({END: 2028, ON + "from": 2029}, f"{ON}from: 2029 is after"),
        (
            {END: 2028, "policy.timeline": [{"from": 2029, "coordination.levy": 0.1}]},
            "timeline[2029].from: 2029 is after",
        ),
        ({END: 2028, ON + "plan": PLAN}, f"{ON}plan: key_area: quantum, from 2030: 2030 is after"),
    ],
)
def test_what_begins_after_the_programme_is_refused(given, message):
    with pytest.raises(ScenarioError) as raised:
        load_scenario("national-design", given)
    (problem,) = raised.value.problems
    assert message in str(problem)
    if "after" in message:
        told = "the programme, which ends in 2028; give an earlier year, or a later run.programme_until"
        assert str(problem).endswith(f"is after {told}")


def test_a_coordinator_that_would_stay_longer_is_told():
    (told,) = idle_warnings([load_scenario("national-design", [f"{END}=2028", f"{ON}until=2030"])])
    assert str(told) == f"command line: {ON}until: 2030 is after the programme, which ends in 2028"
    assert warned(told, "zh") == f"命令行：{ON}until：2030年在政策期之后（政策至2028年）"


def test_a_programme_longer_than_the_run_is_told_once_where_it_was_asked_for():
    arms = [load_scenario(name, [f"{END}=2070"]) for name in ("baseline", "national-design")]
    (told,) = idle_warnings(arms)
    assert str(told).startswith(f"command line: {END}: 2070 is after the run, which ends in 2060")
    assert "各年均在政策期内" in warned(told, "zh")
    assert not idle_warnings([load_scenario("baseline", ["run.last_year=2030"])])


def test_arms_whose_programmes_end_in_different_years_cannot_be_paired():
    with pytest.raises(UserError, match=f"{END}: cut has 2030, the baseline baseline has 2035: they cannot be paired"):
        check_pairing((load_scenario("baseline"), load_scenario("cut", {END: 2030})))
