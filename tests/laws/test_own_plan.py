"""A plan of one's own: the coordinator publishes the lists of a file in the place of those that it would draft."""

from pathlib import Path

import numpy as np
import pytest

from qipan import PolicyModel, load_scenario, run
from qipan.experiments.designs.levers import arms_of
from qipan.experiments.results.own_data import idle_warnings
from qipan.experiments.summaries.family import family_of
from qipan.experiments.words.warned import warned
from qipan.model.errors import UserError
from qipan.model.scenario import Scenario, scenarios_folder
from tests.laws.cases import differing, moments, short
from tests.laws.test_policy_dates import executor

__all__ = ["executor"]

PLAN, ON = "policy.coordination.plan", "policy.coordination."
DESIGN = (
    "extends: baseline.yaml\npolicy:\n  coordination:\n    arm: design\n    key_areas: true\n    pilot_zones: true\n"
)
HEAD = "region,sector,role,from\n"


def own(folder: Path, rows: str, text: str = DESIGN) -> Scenario:
    """The design with the plan of a file beside it."""
    (folder / "plan.csv").write_text(rows, encoding="utf-8")
    (folder / "mine.yaml").write_text(f"{text}    plan: plan.csv\n", encoding="utf-8")
    return load_scenario(folder / "mine.yaml", {"run.last_year": 2029})


def test_the_lists_are_those_of_the_file_from_their_years_on():
    """Sectors and regions by their places in data/sectors.csv and data/regions.csv."""
    pilots, assigned, listed = {}, {}, {}
    for _, now in moments(short("design-own-plan", 5)):
        names, state = now.case.world.region_names, now.state
        for found, array in ((pilots, state.pilots), (assigned, state.assigned)):
            found[now.year] = {(names[r], int(k)) for r, k in np.argwhere(array[0])}
        listed[now.year] = np.flatnonzero(state.key_areas[1]).tolist()
    early, late = {("Beijing", 0), ("Anhui", 1)}, {("Henan", 5), ("Shanxi", 5)}
    assert listed == {2023: [], 2024: [0, 1], 2025: [0, 1], 2026: [0, 1, 5], 2027: [0, 1, 5]}
    assert pilots == {2023: set(), 2024: early, 2025: early, 2026: early | late, 2027: early | late}
    assert assigned[2024] == {("Henan", 5), ("Henan", 3), ("Shanxi", 5)}
    assert assigned[2025] == assigned[2024] | {("Zhejiang", 0), ("Zhejiang", 3)}


def test_a_prescribed_layout_moves_the_province_towards_it():
    """With a heavy word and full compliance, Henan chooses what is assigned to it; nobody else is told anything."""
    rows = [{"region": "Henan", "sector": sector, "role": "assigned"} for sector in ("brain", "quantum")]
    heavy = {
        ON + "layout_weight": 1000.0,
        ON + "compliance": 1.0,
        "world.early_adopters": "all",
        "world.behaviour.revise": 1.0,
        "world.behaviour.entry_cost": 0.0,  # nothing to wait for
    }
    scenario = short("lever-regional-layout", 4, **heavy, **{PLAN: rows})
    history = run(scenario, replicates=3)
    henan = history.world.region_names.index("Henan")
    assert (history["layout"][:, -1, henan, :2] == 1.0).all()


def test_the_same_rows_in_the_scenario_itself_are_the_same(tmp_path, executor):
    scenario = own(tmp_path, HEAD + "Henan,quantum,pilot,2025\n,brain,,\n")
    rows = [
        {"region": "河南", "sector": "量子信息", "role": "pilot", "from": 2025},
        {"sector": "brain", "role": "key_area"},
    ]
    inline = scenario.replace(**{PLAN: rows})
    assert differing(*(run(each, replicates=2, executor=executor) for each in (scenario, inline))) == []


@pytest.mark.parametrize(
    "text",
    [
        "地区;产业;类型;起始年\n河南;量子信息;先导区;2025\n;类脑智能;重点领域;\n",
        "Province\tSector\tRole\tYear\nHonan\tquantum\tpilot zone\t2025\n\tbrain\tkey areas\t\n",
    ],
)
def test_any_usual_table_will_do(tmp_path, text):
    plain = own(tmp_path, HEAD + "Henan,quantum,pilot,2025\n,brain,key_area,\n")
    names = [(row["role"], row.get("from")) for row in own(tmp_path, text).policy.coordination.plan]
    assert names == [(row["role"], row.get("from")) for row in plain.policy.coordination.plan]
    assert differing(run(own(tmp_path, text), replicates=1), run(plain, replicates=1)) == []


def test_compiled_is_the_reference():
    pytest.importorskip("numba")
    scenario = short("design-own-plan")
    reference, compiled = (run(scenario, replicates=3, executor=each) for each in ("numpy", "compiled"))
    for name, expected in reference.arrays.items():
        size = np.abs(expected).max()
        np.testing.assert_allclose(compiled[name], expected, rtol=1e-12, atol=1e-12 * size, err_msg=name)


def test_the_mesa_view_follows_the_plan_unless_it_is_switched_off():
    scenario = short("design-own-plan", 4)
    model, history = PolicyModel(scenario, seed=1), run(scenario, replicates=[0])
    for year in range(3):
        model.step()
        np.testing.assert_array_equal(model.last.flows["on_list"][0], history["on_list"][0, year])
    assert model.coordinator.key_areas.any()
    model.coordinator.active = False
    model.step()
    assert not model.coordinator.key_areas.any() and not model.coordinator.pilots.any()


def test_dates_of_coordination_hold_for_the_plan():
    dates = {ON + "from": 2025, ON + "until": 2026}
    listed = run(short("design-own-plan", 5, **dates), replicates=1)["on_list"][0].sum(axis=-1)
    assert listed.tolist() == [0.0, 0.0, 2.0, 3.0, 0.0]


def test_references_draft_their_own_lists():
    family = family_of([load_scenario("baseline"), load_scenario("design-own-plan")], references=True)
    arms = {one.role: one.scenario.policy.coordination for one in family.members}
    assert {role for role, each in arms.items() if each.plan} == {"policy"}
    assert (arms["placebo"].list_length, arms["placebo"].pilots) == (3, 4)


def test_an_attribution_keeps_the_rows_of_the_levers_that_are_on():
    arms = arms_of(load_scenario("design-own-plan")).arms
    roles = {name: {row["role"] for row in arm.policy.coordination.plan} for name, arm in arms.items()}
    assert roles["key_areas"] == {"key_area"} and roles["none"] == roles["random-key_areas"] == set()
    assert roles["key_areas+pilot_zones"] == {"key_area", "pilot"}


def test_a_resolved_scenario_needs_the_file_no_more(tmp_path):
    scenario = own(tmp_path, HEAD + "Henan,quantum,pilot,2025\n")
    (tmp_path / "again.yaml").write_text(scenario.to_yaml(), encoding="utf-8")
    (tmp_path / "plan.csv").unlink()
    assert load_scenario(tmp_path / "again.yaml").digest() == scenario.digest()
    assert own(tmp_path, HEAD + "Henan,quantum,pilot,2026\n").digest() != scenario.digest()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Hennan,quantum,pilot,2025", ["plan.csv:2: region: 'Hennan' is not known; did you mean CN-HA (Henan, 河南)"]),
        ("Henan,quantm,pilot,2025", ["plan.csv:2: sector: 'quantm' is not known; did you mean quantum"]),
        (
            "Henan,quantum,pilots zone,2025",
            ["plan.csv:2: role: pilots zone is not known; did you mean pilot? one of: key_area, pilot, assigned"],
        ),
        (
            "Henan,quantum,pilot,25",
            ["plan.csv:2: from: 25 is outside what is allowed; a whole number from 1900 to 9000"],
        ),
        ("Henan,quantum,key_area,", ["plan.csv:2: region: a key area is national; leave the region empty"]),
        (",quantum,pilot,", ["plan.csv:2: region: no region for pilot; name one, or make it a key_area"]),
        ("Henan,quantum,,", ["plan.csv:2: role: the cell is empty; one of: key_area, pilot, assigned"]),
        ("Henan,,pilot,", ["plan.csv:2: sector: the cell is empty; give a value"]),
        ("Henan,quantum,pilot,2025\n河南,量子信息,pilot,2026", ["plan.csv:3: sector: the same stands in "]),
        (
            "A,quantum,pilot,\nHenan,B,pilot,",
            ["plan.csv:2: region: 'A' is not known", "plan.csv:3: sector: 'B' is not known"],
        ),
        (
            "A,quantum,pilot,\nHenan,brain,pilot,\n河南,类脑智能,pilot,",
            ["plan.csv:2: region: 'A' is not known", "plan.csv:4: sector: the same stands in "],
        ),
        (
            "Henan,quantum,pilott,\nHenan,brain,pilot,25\nA,quantum,pilot,\nHenan,B,pilot,2010",
            [
                "plan.csv:2: role: pilott is not known; did you mean pilot?",
                "plan.csv:3: from: 25 is outside what is allowed",
                "policy.coordination.plan: pilot: Henan, B, from 2010: that is before the run, 2023 to 2029",
                "plan.csv:4: region: 'A' is not known",
                "plan.csv:5: sector: 'B' is not known",
            ],
        ),
    ],
)
def test_what_cannot_be_is_refused_with_file_line_and_column(tmp_path, rows, told):
    with pytest.raises(UserError) as raised:
        run(own(tmp_path, f"{HEAD}{rows}\n"), replicates=1)
    given = [str(problem) for problem in raised.value.problems]
    assert len(given) == len(told)
    for line, expected in zip(given, told, strict=True):
        assert expected in line


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("region,sctor,role,from", "the head is: region, sctor, role, from; did you mean sector by sctor?"),
        ("regoin,sector,role,from", "plan.csv:1: regoin: no column of a plan; did you mean region?"),
    ],
)
def test_a_misspelt_head_is_told_with_the_column_that_is_meant(tmp_path, head, told):
    with pytest.raises(UserError) as raised:
        own(tmp_path, f"{head}\n,quantum,key_area,\n")
    assert told in str(raised.value)


def test_a_column_that_is_not_read_is_noted(tmp_path):
    scenario = own(tmp_path, "sector,role,remark\nquantum,key_area,x\n")
    assert [str(note).partition("plan.csv:")[2] for note in scenario.notes] == [
        "1: remark: no column of a plan: it is not read"
    ]


def test_rows_in_the_scenario_tell_all_their_faults_together(tmp_path):
    rows = """
      - {region: Henan, sctor: quantum, role: pilott}
      - {region: Henan, sector: quantum, role: pilot, from: 25}
      - {region: Hennan, sector: quantum, role: pilot}
      - {region: Henan, sector: quantum, role: pilot, from: 2010}
"""
    (tmp_path / "mine.yaml").write_text(f"{DESIGN}    plan:{rows}", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        load_scenario(tmp_path / "mine.yaml")
    told = [str(problem).partition("mine.yaml:")[2] for problem in raised.value.problems]
    plan = "policy.coordination.plan"
    assert set(told) == {
        f"9: {plan}[row 2].from: 25 is no year; a whole number from 1900 to 9000",
        "10: region: 'Hennan' is not known; did you mean CN-HA (Henan, 河南) or CN-HN (Hunan, 湖南) or "
        "CN-YN (Yunnan, 云南)?",
        f"11: {plan}: pilot: Henan, quantum, from 2010: that is before the run, 2023 to 2060; "
        "give 2023 or a later year, or none",
        f"8: {plan}[row 1].role: 'pilott' is not known; did you mean pilot? one of: key_area, pilot, assigned",
        f"8: {plan}[row 1].sctor: unknown key; did you mean sector?",
    }


def test_rows_after_the_run_are_told():
    rows = [{"sector": "quantum", "role": "key_area", "from": 2034}]
    (told,) = idle_warnings([load_scenario("lever-key-areas", {PLAN: rows, "run.last_year": 2033})])
    assert str(told) == (
        "policy.coordination.plan: key_area: quantum, from 2034: that is after the run, which ends in 2033"
    )
    assert "2034" in warned(told, "zh") and "run" not in warned(told, "zh")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            DESIGN.replace("design", "none").replace("true", "false"),
            "nobody follows it, since arm is none; set `arm: design`",
        ),
        (
            DESIGN.replace("pilot_zones: true", "pilot_zones: false"),
            "it has rows pilot, and pilot_zones is off; set `pilot_zones: true`",
        ),
        (DESIGN.replace("design", "random"), "nobody follows it, since arm is random; set `arm: design`"),
    ],
)
def test_a_plan_that_nobody_acts_on_is_refused(tmp_path, text, told):
    with pytest.raises(UserError) as raised:
        own(tmp_path, HEAD + "Henan,quantum,pilot,2025\n", text)
    assert [str(each).partition("mine.yaml:7: policy.coordination.plan: ")[2] for each in raised.value.problems] == [
        told
    ]


@pytest.mark.parametrize(
    "given",
    [
        "nowhere.csv",
        "",
        3,
        [3],
        [{"sector": "quantum"}],
        [{"sector": "quantum", "role": "zone"}],
        [{"sector": 1, "role": "key_area"}],
        [{"sector": "quantum", "role": "key_area", "from": "soon"}],
    ],
)
def test_a_plan_that_is_none_is_one_clear_error(given):
    with pytest.raises(UserError) as raised:
        load_scenario("lever-key-areas", {PLAN: given})
    (problem,) = raised.value.problems
    assert "plan" in str(problem) or "nowhere.csv" in str(problem)
    assert problem.hint


def test_the_example_that_ships_is_beside_its_scenario():
    assert (scenarios_folder() / "plans" / "example.csv").is_file()
    assert len(load_scenario("design-own-plan").policy.coordination.plan) == 12
