"""Dates of a policy: before `from` and after `until` the world is as if nobody coordinated."""

import numpy as np
import pytest

from qipan import PolicyModel, load_scenario, run
from qipan.experiments.examine.check import check
from qipan.experiments.results.own_data import idle_warnings
from qipan.experiments.summaries.family import family_of
from qipan.experiments.summaries.scores import coordination_cost
from qipan.experiments.words.warned import warned
from qipan.model.errors import ScenarioError
from qipan.model.scenario.consistency import UNREAD
from qipan.model.scenario.table import parameter_table
from tests.laws.cases import differing, small

FROM, UNTIL = "policy.coordination.from", "policy.coordination.until"
ARMS = ("national-design", "random-coordinator", "oracle", "lump-sum", "burn", "cut", "information-only")


def first(history, years):
    """The first years of what was recorded by year."""
    whole = len(history.years)
    return {name: values[:, :years] for name, values in history.arrays.items() if values.shape[1:2] == (whole,)}


@pytest.fixture(params=["numpy", "compiled"])
def executor(request):
    if request.param == "compiled":
        pytest.importorskip("numba")
    return request.param


@pytest.mark.parametrize("name", ARMS)
def test_before_its_first_year_nobody_coordinates(name, executor):
    late = run(small(name, 5, **{FROM: 2027}), replicates=2, executor=executor)
    alone = run(small("baseline", 5), replicates=2, executor=executor)
    assert differing(first(late, 4), first(alone, 4)) == []


@pytest.mark.parametrize("name", ARMS)
def test_from_after_the_last_year_is_no_coordinator(name, executor):
    never = run(small(name, **{FROM: 2030}), replicates=2, executor=executor)
    assert differing(never, run(small("baseline"), replicates=2, executor=executor)) == []


def test_dates_that_the_run_never_reaches_are_told(tmp_path):
    file = tmp_path / "late.yaml"
    file.write_text(
        "extends: national-design\npolicy:\n  coordination: {from: 2034}\n  timeline:\n"
        "    - {from: 2035, coordination.levy: 0.1}\nrun: {last_year: 2033}\n",
        encoding="utf-8",
    )
    told = [line.partition("late.yaml:")[2] for line in list(check(str(file)))[1:]]
    assert told == [
        "3: policy.coordination.from: 2034 is after the run, which ends in 2033: nobody coordinates",
        "5: policy.timeline[2035].from: 2035 is after the run, which ends in 2033",
    ]
    (until,) = idle_warnings([load_scenario("national-design", [f"{UNTIL}=2036", "run.last_year=2035"])])
    assert str(until) == "command line: policy.coordination.until: 2036 is after the run, which ends in 2035"


def test_a_policy_that_never_acts_is_told_once_whatever_stands_beside_it():
    arms = [load_scenario(name, [f"{FROM}=2034", "run.last_year=2033"]) for name in ("baseline", "national-design")]
    family = family_of(arms, references=True)
    (told,) = idle_warnings([one.scenario for one in family.runs])
    assert (
        str(told)
        == "command line: policy.coordination.from: 2034 is after the run, which ends in 2033: nobody coordinates"
    )
    assert warned(told, "zh") == "命令行：policy.coordination.from：2034年在模拟期之后（模拟至2033年），无人统筹"


def test_a_setting_of_a_coordinator_where_there_is_none_is_refused_in_a_diff_and_told_on_the_command_line(tmp_path):
    file = tmp_path / "idle.yaml"
    file.write_text("extends: baseline\npolicy: {coordination: {levy: 0.1, until: 2030}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(file)
    keys = {problem.key: str(problem.message) for problem in raised.value.problems}
    effect = "would have no effect: nobody coordinates, since arm is none"
    assert keys == {
        "policy.coordination.levy": f"0.1 {effect}",
        "policy.coordination.until": f"2030 {effect}",
    }
    assert load_scenario(file, ["policy.coordination.arm=burn"]).policy.coordination.levy == 0.1
    given = ["policy.coordination.levy=0.1"]
    alone, design = load_scenario("baseline", given), load_scenario("national-design", given)
    assert [*map(str, idle_warnings([alone]))] == [f"command line: policy.coordination.levy: 0.1 {effect}"]
    assert idle_warnings([alone, design]) == ()
    file.write_text(alone.to_yaml(), encoding="utf-8")
    assert load_scenario(file).digest() == alone.digest()


@pytest.mark.parametrize("key", UNREAD)
def test_settings_called_idle_change_nothing_without_a_coordinator(key):
    row = parameter_table()[f"policy.coordination.{key}"]
    other = 2024 if row.default is None else row.allowed[1] if row.allowed[1] != row.default else row.allowed[0]
    plain = small("baseline", 3)
    other = min(other, 6) if key in ("list_length", "pilots", "delay") else other
    assert differing(*(run(each, replicates=1) for each in (plain, plain.replace(**{row.path: other})))) == []


@pytest.mark.parametrize("name", ARMS)
def test_from_the_first_year_is_the_whole_run(name, executor):
    whole, dated = small(name), small(name, **{FROM: 2023, UNTIL: 2029})
    assert differing(run(whole, replicates=2, executor=executor), run(dated, replicates=2, executor=executor)) == []


def test_delay_and_period_count_from_the_first_year_of_coordination():
    history = run(small(years=9, **{FROM: 2025}), replicates=1)
    listed = history["on_list"][0].any(axis=-1).tolist()
    assert listed == [False] * 3 + [True] * 6  # drafted in 2025, published in 2026
    assert (history["levy"][0] > 0.0).tolist() == listed


def test_after_its_last_year_lists_money_and_the_demand_of_zones_end(executor):
    """What zones add to early demand ends with them: demand is below that of a run in which they stay."""
    settings = {UNTIL: 2025, "policy.coordination.pilot_demand": 5.0}
    ended = run(small(years=4, **settings), replicates=2, executor=executor)
    whole = run(small(years=4, **(settings | {UNTIL: None})), replicates=2, executor=executor)
    assert differing(first(ended, 3), first(whole, 3)) == []
    assert not ended["on_list"][:, 3].any() and whole["on_list"][:, 3].any()
    assert not ended["levy"][:, 3].any() and whole["levy"][:, 3].all()
    assert (ended["demand"][:, 3] < whole["demand"][:, 3]).any()


def test_the_yardstick_goes_on():
    ended = run(small(years=9, **{UNTIL: 2025}), replicates=1)
    assert (ended["planner_count"][0].sum(axis=-1) > 0.0).all()


@pytest.mark.parametrize("dates", [{FROM: 2025}, {UNTIL: 2025}, {FROM: 2024, UNTIL: 2026}])
def test_compiled_is_the_reference(dates):
    pytest.importorskip("numba")
    scenario = small(**dates)
    reference, compiled = (run(scenario, replicates=3, executor=each) for each in ("numpy", "compiled"))
    for name, expected in reference.arrays.items():
        size = np.abs(expected).max()
        np.testing.assert_allclose(compiled[name], expected, rtol=1e-12, atol=1e-12 * size, err_msg=name)


def test_the_mesa_view_has_the_same_dates():
    scenario = small(years=5, **{FROM: 2024, UNTIL: 2026})
    model, history = PolicyModel(scenario, seed=1), run(scenario, replicates=[0])
    for year in range(5):
        model.step()
        for name in ("output", "layout", "on_list", "levy", "planner_count"):
            np.testing.assert_array_equal(model.last.flows[name][0], history[name][0, year], err_msg=name)


def test_references_have_the_dates_of_their_policy():
    policy = small(**{FROM: 2025, UNTIL: 2027, "policy.funding.guidance_share": 0.0004})
    family = family_of([small("baseline"), policy], references=True)
    dates = {
        one.role: (one.scenario.policy.coordination.begins, one.scenario.policy.coordination.ends)
        for one in family.members
    }
    assert {role for role, given in dates.items() if given == (2025, 2027)} == {
        "policy",
        "placebo",
        "information",
        "lump_sum",
        "burn",
        "cut",
        "true_values",
    }
    assert dates["nobody"] == dates["baseline"] == (None, None)


def test_what_coordination_costs_is_counted_in_its_years():
    """Levied, and nothing handed back but through levers: the discounted sum of what the years withheld."""
    history = run(small("burn", 6, **{FROM: 2025, UNTIL: 2026}), replicates=2)
    factors = (1.0 + history.scenario.world.market.discount) ** -np.arange(1.0, 7.0)
    np.testing.assert_allclose(coordination_cost(history), (history["burned"] * factors).sum(axis=1), rtol=1e-12)
    assert (history["burned"] > 0.0).tolist() == [[False, False, False, True, False, False]] * 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([f"{FROM}=2022"], f"{FROM}: 2022 is before the run, 2023 to 2060; give 2023 or a later year"),
        ([f"{UNTIL}=2022"], f"{UNTIL}: 2022 is before the run, 2023 to 2060; give 2023 or a later year"),
        ([f"{FROM}=2028", f"{UNTIL}=2027"], f"{UNTIL}: 2027 is before {FROM} (2028); give that year or a later one"),
        ([f"{FROM}=2028.5"], f"{FROM}: 2028.5 is not a whole number; allowed 1900 to 9000 year"),
    ],
)
def test_dates_that_cannot_be_are_refused(given, message):
    with pytest.raises(ScenarioError) as raised:
        load_scenario("national-design", given)
    assert [str(problem) for problem in raised.value.problems] == [f"command line: {message}"]
