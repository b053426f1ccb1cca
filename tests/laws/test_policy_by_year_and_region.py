"""Settings that change in some year, or are different for some regions."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from qipan import PolicyModel, load_scenario, run
from qipan.experiments.designs.levers import arms_of
from qipan.experiments.findings.registries import describe_scenario
from qipan.experiments.store.requests import named_by
from qipan.experiments.summaries.family import family_of
from qipan.model.coordination.years import mandates
from qipan.model.errors import ScenarioError, UserError
from tests.laws.cases import differing, short, small
from tests.laws.test_policy_dates import executor, first

__all__ = ["executor"]

TIMELINE, REGIONS, ON = "policy.timeline", "policy.regions", "policy.coordination."
CHANGES = (
    {"funding.guidance_share": 0.0004, "coordination.levy": 0.1},
    {"funding.loan_rate": 0.06, "coordination.planner_error": 0.1, "coordination.list_length": 1},
    {"coordination.pilot_demand": 0.3, "coordination.spatial_roles": False, "coordination.ecosystem_share": 0.1},
    {"coordination.key_areas": False, "coordination.information": False},
)


def entry(year, **settings):
    return {"from": year, **settings}


@pytest.mark.parametrize("changes", CHANGES)
def test_from_the_first_year_on_is_the_setting_itself(changes, executor):
    timed = small(years=5, **{TIMELINE: [entry(2023, **changes)]})
    plain = small(years=5, **{f"policy.{path}": value for path, value in changes.items()})
    assert differing(*(run(each, replicates=2, executor=executor) for each in (timed, plain))) == []


@pytest.mark.parametrize("changes", CHANGES)
def test_before_its_year_a_change_changes_nothing_and_then_something(changes, executor):
    timed = small(years=5, **{TIMELINE: [entry(2026, **changes)]})
    histories = [run(each, replicates=2, executor=executor) for each in (timed, small(years=5))]
    assert differing(*(first(each, 3) for each in histories)) == []
    assert differing(*histories)


@pytest.mark.parametrize("name", ["national-design", "random-coordinator", "oracle", "burn", "baseline"])
def test_compiled_is_the_reference(name):
    pytest.importorskip("numba")
    timeline = [
        entry(2024, **{"funding.guidance_share": "x2", "funding.loan_to_value": 0.7, "coordination.levy": 0.1}),
        entry(2026, **{"coordination.levy": "x3", "regions": {"Henan": {"funding.donation_share": "x5"}}}),
    ]
    regions = {
        "Henan": {"funding": {"guidance_share": "x2", "government_share": 0.1}},
        "山西": {"funding": {"enterprise_share": "x0.5", "guidance_realised": 0.6}},
    }
    scenario = short(name, **{TIMELINE: timeline, REGIONS: regions})
    reference, compiled = (run(scenario, replicates=3, executor=each) for each in ("numpy", "compiled"))
    for field, expected in reference.arrays.items():
        size = np.abs(expected).max()
        np.testing.assert_allclose(compiled[field], expected, rtol=1e-12, atol=1e-12 * size, err_msg=field)


def test_later_entries_win_and_multiples_are_of_what_was_in_force():
    timeline = [
        entry(2027, **{"coordination.levy": "x2"}),
        entry(2025, **{"coordination.levy": 0.1}),
        entry(2027, **{"coordination.levy": "x2"}),
    ]
    history = run(small(years=6, **{TIMELINE: timeline}), replicates=1)
    np.testing.assert_allclose(history["levy"][0] / history["pools"][0], [0.0, 0.2, 0.1, 0.1, 0.4, 0.4], rtol=1e-14)


def test_a_lever_that_is_switched_off_leaves_no_list_and_one_that_is_switched_on_drafts_its_own():
    timeline = [entry(2025, **{"coordination.key_areas": False}), entry(2028, **{"coordination.key_areas": True})]
    listed = run(small(years=9, **{TIMELINE: timeline}), replicates=1)["on_list"][0].any(axis=-1).tolist()
    assert listed == [False, True] + [False] * 4 + [True] * 3  # drafted in 2028, published in 2029


def test_the_demand_of_zones_ends_when_their_lever_is_switched_off():
    demand = {ON + "pilot_demand": 5.0, ON + "pilot_success": 0.0, ON + "pilot_weight": 0.0}
    ended = run(
        small(years=4, **{**demand, TIMELINE: [entry(2026, **{"coordination.pilot_zones": False})]}), replicates=2
    )
    whole = run(small(years=4, **demand), replicates=2)
    assert differing(first(ended, 3), first(whole, 3)) == []
    assert (ended["demand"][:, 3] < whole["demand"][:, 3]).any()


def test_a_multiple_of_one_is_the_nation(executor):
    regions = {"Henan": {"funding": {"guidance_share": "x1", "enterprise_share": "x1", "government_share": "x1"}}}
    same, plain = short("baseline", 3, **{REGIONS: regions}), short("baseline", 3)
    assert differing(*(run(each, replicates=2, executor=executor) for each in (same, plain))) == []


@pytest.mark.parametrize(
    "name", ["government_share", "guidance_share", "guidance_realised", "enterprise_share", "donation_share"]
)
def test_every_region_twice_is_the_nation_twice(name, executor):
    nation = load_scenario("baseline")
    codes = run(short("baseline", 1), replicates=1).world.region_codes
    twice = short("baseline", 3, **{REGIONS: {code: {"funding": {name: "x2"}} for code in codes}})
    doubled = short("baseline", 3, **{f"policy.funding.{name}": 2.0 * getattr(nation.policy.funding, name)})
    assert differing(*(run(each, replicates=2, executor=executor) for each in (twice, doubled))) == []


def test_two_provinces_with_double_funds():
    """What the two have more in the first year is their guidance money once more: share x GDP of data/regions.csv."""
    plain_money = {"policy.coordination.relabelling": 0.0}
    names = "henan-shanxi-double-funds", "baseline"
    double, plain = (run(short(name, 1, **plain_money), replicates=1) for name in names)
    more = double["public_money"][0, 0] - plain["public_money"][0, 0]
    rows = [double.world.region_names.index(name) for name in ("Henan", "Shanxi")]
    kept = 1.0 - plain.scenario.policy.coordination.ecosystem_share
    np.testing.assert_allclose(more[rows], 0.0002 * plain.world.gdp[rows] * kept, rtol=1e-9)
    assert not np.delete(more, rows).any()


def test_a_region_may_change_in_some_year():
    regions = {"Henan": {"funding.guidance_share": "x2"}}
    history = run(short("baseline", 3, **{TIMELINE: [entry(2025, regions=regions)]}), replicates=1)
    double = run(short("baseline", 3, **{REGIONS: {"Henan": {"funding": {"guidance_share": "x2"}}}}), replicates=1)
    plain = run(short("baseline", 3), replicates=1)
    assert differing(first(history, 2), first(plain, 2)) == []
    np.testing.assert_allclose(history["pools"][0, 2], double["pools"][0, 2], rtol=1e-14)


def test_the_mesa_view_has_the_same_settings():
    timeline = [entry(2025, **{"coordination.levy": 0.1, "coordination.pilot_zones": False, "funding.loan_rate": 0.06})]
    regions = {"Henan": {"funding": {"guidance_share": "x2"}}}
    scenario = short("national-design", 5, **{TIMELINE: timeline, REGIONS: regions})
    model, history = PolicyModel(scenario, seed=1), run(scenario, replicates=[0])
    for year in range(5):
        model.step()
        for name in ("output", "layout", "on_list", "levy", "planner_count"):
            np.testing.assert_array_equal(model.last.flows[name][0], history[name][0, year], err_msg=name)


def test_references_keep_the_timeline_and_withhold_the_same_money():
    timeline = [
        entry(2025, **{"coordination.levy": "x2", "funding.guidance_share": 0.0004}),
        entry(
            2027,
            **{
                "coordination.ecosystem": False,
                "coordination.key_areas": False,
                "coordination.pilot_zones": False,
                "coordination.regional_layout": False,
            },
        ),
    ]
    family = family_of([small("baseline"), small(**{TIMELINE: timeline})], references=True)
    arms = {one.role: one.scenario for one in family.members}
    shares = {role: [1.0 - each.retained for each in mandates(arms[role])] for role in ("policy", "burn", "cut")}
    assert shares["policy"][1:] == pytest.approx([0.2, 0.4, 0.4, 0.005, 0.005, 0.005], abs=1e-12)
    for role in ("burn", "cut"):
        assert shares[role] == pytest.approx([0.0, *shares["policy"][1:]], abs=1e-12), role
    levied = {role: [each.levy for each in mandates(arms[role])] for role in ("policy", "placebo", "lump_sum")}
    assert levied["placebo"] == levied["lump_sum"] == levied["policy"]
    funds = {role: arm.policy.timeline[0]["funding.guidance_share"] for role, arm in arms.items() if role != "baseline"}
    assert set(funds.values()) == {0.0004} and "nobody" in funds


def test_an_attribution_switches_levers_itself():
    timeline = [entry(2025, **{"coordination.levy": 0.1, "coordination.key_areas": False})]
    layout = arms_of(small(**{TIMELINE: timeline}))
    assert {str(arm.policy.timeline) for arm in layout.arms.values()} == {
        str([entry(2025, **{"coordination.levy": 0.1})])
    }


FILE = """title: Mine
extends: baseline.yaml
policy:
  coordination:
    arm: design
    key_areas: true
  timeline:
    - {from: 2026, coordination.levy: x2}
    - from: 2025
      funding:
        guidance_share: 0.0004
      regions:
        Henan: {funding.donation_share: x3}
  regions:
    Henan: {funding.guidance_share: x2}
    山西:
      funding: {enterprise_share: 0.1}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_written_and_shown(tmp_path):
    scenario = load_scenario(written(tmp_path, FILE))
    again = load_scenario(written(tmp_path, scenario.to_yaml()))
    assert again.digest() == scenario.digest() == pickle.loads(pickle.dumps(scenario)).digest()
    assert scenario.digest() != scenario.replace(**{TIMELINE: None}).digest()
    shown = [
        line.split("  ")[0] + line.rpartition("mine.yaml")[2]
        for line in describe_scenario(scenario, changed=True)
        if " from 20" in line or " in " in line
    ]
    assert shown == [
        "policy.funding.guidance_share in Henan:15",
        "policy.funding.enterprise_share in 山西:17",
        "policy.funding.guidance_share from 2025:11",
        "policy.funding.guidance_share in Henan from 2025:15",
        "policy.funding.donation_share in Henan from 2025:13",
        "policy.coordination.levy from 2026:8",
    ]


def test_regions_of_a_base_and_a_diff_merge_key_by_key(tmp_path):
    (tmp_path / "base.yaml").write_text(FILE, encoding="utf-8")
    text = "extends: base.yaml\npolicy:\n  regions:\n    Henan: {funding: {guidance_share: null, donation_share: x2}}\n"
    scenario = load_scenario(written(tmp_path, text), ["policy.regions.Hubei.funding.guidance_share=x4"])
    assert scenario.policy.regions == {
        "Henan": {"funding": {"donation_share": "x2"}},
        "山西": {"funding": {"enterprise_share": 0.1}},
        "Hubei": {"funding": {"guidance_share": "x4"}},
    }


MULTIPLE = ", or a multiple: x2 is twice, x0.5 half of what is in force"
ENTRY = "such as `- {from: 2028, funding.guidance_share: 0.0004}`"
ABLE = (
    "these can: funding.government_share, funding.guidance_share, funding.guidance_realised, "
    "funding.enterprise_share, funding.donation_share"
)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            "timeline: 3",
            "policy.timeline: 3 where a list of entries belongs; such as "
            "`- {from: 2028, funding.guidance_share: 0.0004}`",
        ),
        (
            "timeline: [{funding.guidance_share: 0.1}]",
            "policy.timeline[entry 1].from: no `from`: from which year on?; such as "
            "`- {from: 2028, funding.guidance_share: 0.0004}`",
        ),
        (
            "timeline: [{from: 2025, funding.guidance_shar: 0.1}]",
            "policy.timeline[2025].funding.guidance_shar: unknown key; did you mean guidance_share? (0 to 0.1)",
        ),
        (
            "timeline: [{from: 2025, policy.funding.guidance_share: 0.1}]",
            "policy.timeline[2025].policy.funding.guidance_share: unknown key; "
            "write it below policy: funding.guidance_share",
        ),
        (
            "timeline: [{from: 2025, funding.guidance_share: 7}]",
            "policy.timeline[2025].funding.guidance_share: 7 is out of range; allowed 0 to 0.1",
        ),
        (
            "timeline: [{from: 2025, funding.guidance_share: x2000}]",
            "policy.timeline[2025].funding.guidance_share: x2000 comes to 0.4, out of range; allowed 0 to 0.1",
        ),
        (
            "timeline: [{from: 2025, coordination.pilots: x2}]",
            "policy.timeline[2025].coordination.pilots: 'x2' is not a whole number; allowed 0 to 100000 pairs",
        ),
        (
            "timeline: [{from: 2025, coordination.arm: design}]",
            "policy.timeline[2025].coordination.arm: cannot change from "
            "year to year; who coordinates is the same through a run; say when by coordination.from and "
            "coordination.until",
        ),
        (
            "timeline: [{from: 2025, coordination.delay: 2}]",
            "policy.timeline[2025].coordination.delay: cannot change from "
            "year to year; the dates of coordination and the calendar of plans are the same through a run",
        ),
        (
            "timeline: [{from: 2020, funding.guidance_share: 0.01}]",
            "policy.timeline[2020].from: 2020 is before the run, 2023 to 2060; give 2023 or a later year",
        ),
        (
            "timeline: [{from: 2025, coordination.key_areas: true}]",
            "policy.timeline[2025].coordination.key_areas: a lever "
            "needs a coordinator, and arm is none; set `arm: design | random | oracle`, or switch it off",
        ),
        (
            "timeline: [{from: 2025, coordination.levy: null}]",
            "policy.timeline[2025].coordination.levy: nothing is given; allowed 0 to 1",
        ),
        (
            "regions: {Henan: {funding.loan_rate: 0.1}}",
            f"policy.regions.Henan.funding.loan_rate: cannot vary by region; {ABLE}",
        ),
        (
            "regions: {Henan: {coordination.levy: 0.1}}",
            f"policy.regions.Henan.coordination.levy: cannot vary by region; {ABLE}",
        ),
        (
            "regions: {Henan: {funding.guidance_share: x2000}}",
            "policy.regions.Henan.funding.guidance_share: x2000 comes to 0.4, out of range; allowed 0 to 0.1",
        ),
        (
            "regions: {Henan: 2}",
            "policy.regions.Henan: 2 where settings of a region belong; such as `Henan: {funding.guidance_share: x2}`",
        ),
        (
            "regions: {Henan: {funding.guidance_share: many}}",
            f"policy.regions.Henan.funding.guidance_share: 'many' is not a number; allowed 0 to 0.1{MULTIPLE}",
        ),
        (
            "regions: {Henan: {funding.guidance_share: 2x}}",
            f"policy.regions.Henan.funding.guidance_share: '2x' is not a number; allowed 0 to 0.1{MULTIPLE}",
        ),
        ("timeline: [{from: 2029}]", f"policy.timeline[2029]: nothing changes from that year on; {ENTRY}"),
        (
            "timeline: [{from: 2029, world.data: game}]",
            "policy.timeline[2029].world.data: cannot change from year to year or by region; "
            "only settings of the policy can, such as funding.guidance_share",
        ),
        (
            "timeline: [{from: 2029, timeline: [{from: 2030}]}]",
            f"policy.timeline[2029].timeline: cannot stand here; {ENTRY}",
        ),
        (
            "timeline: [{form: 2027, funding.loan_rate: 0.1}]",
            "policy.timeline[entry 1].from: no `from`: from which year on?; did you mean from by form?",
        ),
        (
            "timeline: [{from: 2027, coordination.levy: 0.1}]",
            "policy.timeline[2027].coordination.levy: 0.1 would have no effect: nobody coordinates, since arm is none; "
            "set `arm: design | random | lump_sum | burn | cut | oracle`, or leave it out",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, lines, told):
    path = written(tmp_path, f"extends: baseline.yaml\npolicy:\n  {lines}\n")
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)
    assert [str(problem).partition("mine.yaml")[2] for problem in raised.value.problems] == [f":3: {told}"]


def test_faults_of_a_timeline_are_told_together(tmp_path):
    text = """extends: baseline.yaml
policy:
  coordination: {arm: design}
  timeline:
    - {from: 2010, coordination.levy: 0.1}
    - {from: soon, coordination.levy: 7}
    - {from: 2025, coordination.levy: 10%}
    - {from: 2026, regions: {Hennan: {funding.guidance_share: x2}}}
"""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(written(tmp_path, text))
    told = [str(problem).partition("mine.yaml:")[2] for problem in raised.value.problems]
    assert sorted(line.split(": ")[0] + " " + line.split(": ")[1] for line in told) == [
        "5 policy.timeline[2010].from",
        "6 policy.timeline[entry 2].coordination.levy",
        "6 policy.timeline[entry 2].from",
        "7 policy.timeline[2025].coordination.levy",
        "8 policy.timeline[2026].regions.Hennan",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("{Hennan: {funding.guidance_share: x2}}", "policy.regions.Hennan: 'Hennan' is not known; did you mean"),
        ("{Zhengzhou: {}}", "policy.regions.Zhengzhou: 'Zhengzhou' is not known; it is a city of CN-HA (Henan, 河南)"),
        (
            "{Henan: {funding.guidance_share: x2}, 河南: {funding.guidance_share: x3}}",
            "policy.regions.河南: CN-HA (Henan, 河南) is called 'Henan' before; "
            "call a region by one name in a scenario",
        ),
    ],
)
def test_regions_go_by_the_names_of_the_world(tmp_path, lines, told):
    path = written(tmp_path, f"extends: baseline.yaml\npolicy:\n  regions: {lines}\n")
    with pytest.raises(UserError) as raised:
        run(load_scenario(path), replicates=1)
    (problem,) = raised.value.problems
    assert f"mine.yaml:3: {told}" in str(problem)


def test_the_name_of_a_result_says_the_region_and_the_year():
    plain = load_scenario("baseline")
    given = ["policy.regions.Henan.funding.guidance_share=x2", "policy.coordination.from=2028"]
    assert named_by("run", given, plain, plain) == "run-Henan-guidance_share-x2-from-2028"
