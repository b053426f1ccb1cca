"""Values that contradict each other: a scenario with them cannot be constructed, in files, settings or Python."""

import pytest

from qipan.model.errors import ScenarioError
from qipan.model.parameters import Policy, Run, WorldChoice
from qipan.model.scenario import Scenario, load_scenario

CASES = {
    "years": (
        {"run.first_year": 2030, "run.last_year": 2025},
        "set in Python: run.last_year: 2025 is before run.first_year (2030); give a later one",
    ),
    "too many years": (
        {"run.last_year": 9000},
        "set in Python: run.last_year: more than 1000 years from 2023 to 9000; run fewer years",
    ),
    "lever without a coordinator": (
        {"policy.coordination.key_areas": True},
        "set in Python: policy.coordination.key_areas: a lever needs a coordinator, and arm is none; "
        "set `arm: design | random | oracle`, or switch it off",
    ),
    "information without a coordinator": (
        {"policy.coordination.arm": "burn", "policy.coordination.information": True},
        "set in Python: policy.coordination.information: information needs a coordinator, and arm is burn; "
        "set `arm: design | random | oracle`, or switch it off",
    ),
    "delay": (
        {"policy.coordination.arm": "design", "policy.coordination.delay": 5},
        "set in Python: policy.coordination.delay: a delay of 5 years is not below the period of 5 years; "
        "a plan must be out before the next is drafted",
    ),
    "world": (
        {"world.data": "province-31"},
        "set in Python: world.data: 'province-31' is not known; "
        "did you mean provinces-31? (provinces-31 | cities-293 | synthetic | game); "
        "a folder of own tables is written with a slash, ./mydata",
    ),
    "sectors": (
        {"world.sectors": "fifteen"},
        "set in Python: world.sectors: 'fifteen' is not known; allowed plan-6 | directions-6 | classes-13",
    ),
    "values outside a game": (
        {"world.values": [1.0, 2.0]},
        "set in Python: world.values: read only in the game world, and world.data is provinces-31; set `data: game`",
    ),
    "game without values": (
        {"world.data": "game"},
        "scenarios/baseline.yaml: world.values: a game needs the value of each sector; such as `values: [120, 60, 40]`",
    ),
    "value of nothing": (
        {"world.data": "game", "world.values": [10, 0]},
        "set in Python: world.values: 0.0 is out of range; allowed above 0 and up to 1e9",
    ),
    "regions of a data world": (
        {"world.regions": 12},
        "set in Python: world.regions: 12 would have no effect: it is read only with `data: synthetic` or "
        "`data: game`; leave it out, or change the other",
    ),
    "setting of another payoff": (
        {"world.behaviour.congestion": 4.0},
        "set in Python: world.behaviour.congestion: 4.0 would have no effect: it is read only with `payoff: affine`; "
        "leave it out, or change the other",
    ),
    "list longer than the sectors": (
        {
            "policy.coordination.arm": "design",
            "policy.coordination.key_areas": True,
            "policy.coordination.list_length": 7,
        },
        "set in Python: policy.coordination.list_length: 7 sectors on a list of 6; "
        "allowed 0 to 6 sectors in this world",
    ),
    "pilots": (
        {
            "policy.coordination.arm": "design",
            "policy.coordination.pilot_zones": True,
            "policy.coordination.pilots": 500,
        },
        "set in Python: policy.coordination.pilots: 500 pilot zones for 186 pairs of region and sector; "
        "allowed 0 to 186 pairs in this world",
    ),
    "breadth": (
        {"world.breadth": "equal", "world.equal_breadth": 9},
        "set in Python: world.equal_breadth: 9 sectors a region where there are 6; "
        "allowed 1 to 6 sectors in this world",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_contradiction(case):
    settings, expected = CASES[case]
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", settings)
    assert str(caught.value).splitlines() == [expected]


def test_an_invalid_scenario_cannot_be_constructed():
    with pytest.raises(ScenarioError, match=r"run\.last_year: 2020 is before"):
        Scenario("x", "x", WorldChoice(), Policy(), Run(last_year=2020))


def test_replace_checks():
    scenario = load_scenario("baseline")
    with pytest.raises(ScenarioError, match=r"^set in Python: run\.replicatse: unknown key; did you mean replicates"):
        scenario.replace(**{"run.replicatse": 3})
    assert scenario.replace(**{"run.replicates": 3}).run.replicates == 3
    assert scenario.run.replicates == 1000
