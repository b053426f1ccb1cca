"""References belong to policies: what each differs in, the same money, the same rows whatever stands beside them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qipan import run
from qipan.experiments.command_line import main
from qipan.experiments.results.read import load_result
from qipan.experiments.summaries.family import REFERENCES, family_of, withheld
from qipan.model.errors import UserError
from qipan.model.extend.registry import ARMS, LEVERS
from qipan.model.scenario import Scenario, load_scenario
from tests.once import Once

Ask = Callable[..., Path]
POLICIES = {"A": (LEVERS, 0.05), "B": (("key_areas",), 0.05), "C": (("ecosystem",), 0.3)}
"""Levers and levy of the three policies."""
OWN = ("summary", "differences", "regions", "targets", "votes", "money", "fans", "layouts", "horizons", "totals")
"""Tables with rows that belong to one arm."""
SHORT = ("--replicates", "6", "--set", "run.last_year=2026", "--workers", "1", "--no-report", "--quiet")


def policy(name: str) -> Scenario:
    levers, levy = POLICIES[name]
    return load_scenario(
        "baseline",
        {
            "policy.coordination.arm": "design",
            "policy.coordination.information": True,
            "policy.coordination.levy": levy,
            **{f"policy.coordination.{lever}": True for lever in levers},
        },
    )


@pytest.fixture(scope="module")
def ask(once: Once) -> Ask:
    """Compare policies with the baseline in the order given, once for all tests; returns the result's folder."""

    def compared(*asked: str, options: tuple[str, ...] = ()) -> Path:
        def make(folder: Path) -> None:
            for name in POLICIES:
                (folder / f"{name}.yaml").write_text(policy(name).to_yaml(), encoding="utf-8")
            arms = [str(folder / f"{name}.yaml") if name in POLICIES else name for name in asked]
            assert main(["compare", "baseline", *arms, "--out", str(folder / "r"), *SHORT, *options]) == 0

        return once("family-" + "-".join((*asked, *(word.strip("-") for word in options))), make) / "r"

    return compared


def rows(folder: Path, table: str, arm: str) -> list[str]:
    """Lines of a table that are an arm's own, as written."""
    lines = (folder / "tables" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(f'"{arm}",')]


@pytest.mark.parametrize("keep", ["replicates", "summary"])
def test_rows_of_a_policy_and_its_references_do_not_depend_on_what_stands_beside_it(ask: Ask, keep: str) -> None:
    several, other_way, alone = (
        ask(*names, options=("--keep", keep)) for names in (("A", "B", "C"), ("C", "B", "A"), ("B",))
    )
    arms = load_result(several).table("arms")
    assert set(arms["role"]) == {"baseline", "policy", *REFERENCES} - {"nobody"}
    for arm in arms["arm"]:
        for table in OWN:
            mine = rows(several, table, arm)
            assert mine == rows(other_way, table, arm), (table, arm)
            if arm in ("B", "baseline") or arm.endswith("-of-B"):
                assert mine == rows(alone, table, arm), (table, arm)
    assert rows(several, "differences", "placebo-of-B") and rows(several, "horizons", "lump-sum-of-B")


def test_each_policy_has_its_own_placebo_and_one_without_a_list_says_that_it_has_none(ask: Ask) -> None:
    found = load_result(ask("A", "B", "C", options=("--keep", "replicates")))
    for name in "AB":
        placebo = found.of(name)["placebo"].scenario.policy.coordination
        assert (placebo.arm, placebo.information, placebo.levy) == ("random", False, POLICIES[name][1])
        assert [lever for lever in LEVERS if getattr(placebo, lever)] == list(POLICIES[name][0])
    assert "placebo" not in found.of("C")
    notes = found.table("arms").set_index("arm")["note"]
    assert notes["C"] == "has no list, so no placebo"
    assert notes.drop("C").eq("").all()


def test_equal_content_is_run_once_and_stands_under_every_name(ask: Ask) -> None:
    """A and B have one levy: lump sum, burn, cut are the same; information alone is, whatever the levy."""
    found = load_result(ask("A", "B", "C", options=("--keep", "replicates")))
    same = found.table("arms").set_index("arm")["same_as"]
    assert dict(same[same != ""]) == {
        **{f"{kind}-of-B": f"{kind}-of-A" for kind in ("information", "lump-sum", "burn", "cut")},
        "information-of-C": "information-of-A",
    }
    family = found.table("ranking")["family"].iloc[0].split(", ")
    assert len(family) == len(set(family)) == 1 + 7 + 3 + 5
    assert not set(family) & set(same[same != ""].index)
    table = found.table("differences")
    ours, theirs = (table[table["arm"] == f"burn-of-{name}"].drop(columns="arm") for name in "BA")
    assert len(ours) and ours.reset_index(drop=True).equals(theirs.reset_index(drop=True))


def test_a_reference_that_the_user_gives_is_an_arm_of_its_own_and_is_not_run_again() -> None:
    names = ("baseline", "information-only", "lump-sum", "burn", "random-coordinator", "oracle", "national-design")
    family = family_of([load_scenario(name) for name in names], None)
    assert [one.name for one in family.runs] == [*names, "cut-of-national-design"]
    given = {one.role: family.runs[one.run].name for one in family.members if one.policy == "national-design"}
    assert given == {
        "policy": "national-design",
        "placebo": "random-coordinator",
        "information": "information-only",
        "lump_sum": "lump-sum",
        "burn": "burn",
        "cut": "cut-of-national-design",
        "true_values": "oracle",
    }
    assert all(list(family.of(name)) == ["policy"] for name in names[1:-1])


@pytest.mark.parametrize("name", [*POLICIES, "national-design", "lever-shared-definition", "design-slow"])
def test_the_same_money_is_withheld(name: str) -> None:
    """From the year the plan is in force, regions keep one share under a policy, its placebo, its burn and its cut.

    The lump sum keeps back administration alone, information alone a fifth of it, and nothing is cut or burned before.
    """
    design = policy(name) if name in POLICIES else load_scenario(name)
    family = family_of([load_scenario("baseline"), design], references=True)
    settings = design.policy.coordination
    own = {
        role: ARMS[one.scenario.policy.coordination.arm](one.scenario.policy.coordination)
        for role, one in family.of(family.headline).items()
    }
    for since in range(settings.delay, 13):
        kept = {role: coordinator.mandate(since).retained for role, coordinator in own.items()}
        alike = {role: kept[role] for role in ("placebo", "burn", "cut") if role in kept}
        assert alike == pytest.approx(dict.fromkeys(alike, 1.0 - withheld(design.policy.coordination)), abs=1e-9)
        assert kept["policy"] == pytest.approx(1.0 - withheld(design.policy.coordination), abs=1e-9)
        assert kept["lump_sum"] == pytest.approx(1.0 - settings.administration, abs=1e-9)
    before = [
        own[role].mandate(since).retained for role in ("burn", "cut", "lump_sum") for since in range(settings.delay)
    ]
    assert before == [1.0] * len(before)


def test_public_money_of_the_arms_agrees_year_by_year() -> None:
    """Pools less the levy, bn yuan a year: the same under a design, its placebo and its burn, and what a cut leaves."""
    settings = {"run.last_year": 2027}
    family = family_of([load_scenario(name, settings) for name in ("baseline", "national-design")], references=True)
    histories = {role: run(one.scenario, replicates=range(2)) for role, one in family.of("national-design").items()}
    left = {role: history["pools"] - history["levy"] for role, history in histories.items()}
    whole = run(family.runs[0].scenario, replicates=range(2))["pools"]
    expected = whole * np.array([1.0, 0.8, 0.8, 0.8, 0.8])  # a levy of a fifth, from the second year on
    for role in ("policy", "placebo", "burn", "cut"):
        np.testing.assert_allclose(left[role], expected, rtol=1e-9, err_msg=role)
    np.testing.assert_allclose(histories["burn"]["burned"], whole - expected, rtol=1e-9)


def test_the_headline_is_the_last_policy_or_the_one_chosen(ask: Ask) -> None:
    arms = [load_scenario("baseline"), load_scenario("lever-key-areas"), load_scenario("national-design")]
    assert family_of(arms).headline == "national-design"
    assert family_of(arms, headline="lever-key-areas").headline == "lever-key-areas"
    with pytest.raises(UserError, match="did you mean national-design"):
        family_of(arms, headline="national-desing")
    chosen = load_result(ask("A", "B", options=("--headline", "A", "--keep", "replicates")))
    assert chosen.asked.name == "A"


def test_no_references_of_a_game_or_where_there_is_no_design() -> None:
    game = [load_scenario(f"theory/shared-prize-small{tail}") for tail in ("", "-planner")]
    assert len(family_of(game, None).members) == 2
    burn = [load_scenario("baseline"), load_scenario("burn")]
    assert len(family_of(burn, None).members) == 2
    with pytest.raises(UserError, match="nothing to make references of"):
        family_of(burn, references=True)


def test_a_policy_in_another_world_is_measured_against_nobody_there() -> None:
    other = load_scenario("national-design", {"world.behaviour.revise": 0.9})
    family = family_of([load_scenario("baseline"), other], None)
    nobody = family.of("national-design")["nobody"]
    assert (nobody.scenario.world, nobody.scenario.policy.coordination.arm) == (other.world, "none")
