"""The page of what carries the answer: what it compares exists, its intervals are right, and it lists every rule."""

import re
from pathlib import Path

import numpy as np
import pytest

from pages.economy import segments
from pages.economy.break_even import crossing
from pages.economy.comparisons import ARMS, comparisons, ladder, left_out, rules
from pages.economy.page import CURVES, PAGE, PARTS, cases
from pages.economy.scales import FORMS, scaled
from pages.economy.tables import differences, inseparable
from qipan import load_scenario, load_world
from qipan.model.parameters import parameters
from qipan.model.scenario import list_scenarios
from qipan.model.world import SECTOR_TABLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def with_segments(monkeypatch):
    """The tables of segments are there for one test, since others look at every table that there is."""
    for part in ("_items", "_entries"):
        monkeypatch.setattr(SECTOR_TABLES, part, dict(getattr(SECTOR_TABLES, part)))
    segments.add()


def test_every_run_is_a_shipped_scenario_with_settings_that_hold(with_segments):
    wanted = cases(1000)
    assert {case.scenario for case in wanted} <= set(list_scenarios())
    for case in wanted:
        load_scenario(case.scenario, case.given)


def test_a_rule_is_neutral_away_from_its_default():
    plain = load_scenario("baseline")
    for rule in rules():
        assert load_scenario("baseline", [f"{path}={value}" for path, value in rule.neutral]).digest() != plain.digest()


@pytest.mark.parametrize("place", ["order", "other"])
def test_a_ladder_adds_one_rule_a_step_and_ends_at_the_defaults(place):
    steps = ladder(place)
    assert [len(held) for _, held in steps] == list(range(len(rules()), -1, -1))
    assert sorted(label for label, _ in steps[1:]) == sorted(f"+ {rule.name}" for rule in rules())
    assert len(left_out()) == len(rules())


def test_intervals_hold_together():
    """Differences 1, 2, 3: mean 2, standard error 1 / sqrt(3); t(2) is 4.302653 for one row, 6.205347 for two."""
    row = np.array([1.0, 2.0, 3.0]), np.zeros(3)
    (one,) = differences([row])
    assert one.mean == 2.0 and one.median == 2.0 and one.above == 1.0
    assert one.half == pytest.approx(4.302653 / 3**0.5, rel=1e-6) and one.sign == "?"
    assert differences([row, row])[0].half == pytest.approx(6.205347 / 3**0.5, rel=1e-6)


def test_what_cannot_be_told_from_the_best_stays():
    """Against the best by 1, 2, 3 (one-sided t(2) at 5%: 2.919986, bound 2 - 1.685855 above zero) and by -1, 0, 4."""
    best = np.array([10.0, 10.0, 10.0])
    assert inseparable([best, best - [1.0, 2.0, 3.0]]) == [True, False]
    assert inseparable([best, best - [-1.0, 0.0, 4.0]]) == [True, True]


def test_each_table_has_its_place_on_the_page_and_none_is_left_open():
    text = PARTS.read_text(encoding="utf-8")
    for part in {row.part for row in comparisons()}:
        assert f"{{{part}}}" in text and (part in CURVES or part in ("structures", "turns"))
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert not re.search(r"\{[a-z_-]+\}", page)
    assert all(f"`{name}`" in page for name in ARMS) and all(f"+ {rule.name}" in page for rule in rules())


def test_rules_are_of_the_table_of_parameters():
    from qipan.model.parameters import Policy, Run, WorldChoice

    sections = ((WorldChoice, "world."), (Policy, "policy."), (Run, "run."))
    known = {row.path for section, prefix in sections for row in parameters(section, prefix)}
    assert {path for rule in rules() for path, _ in rule.neutral} <= known


def test_a_curve_crosses_zero_between_its_points_or_nowhere():
    """From 3 at 0 over 1 at 1 to -1 at 2: half way between the last two."""
    assert crossing([0.0, 1.0, 2.0], [3.0, 1.0, -1.0]) == 1.5
    assert crossing([0.0, 1.0], [-1.0, -2.0]) is None


@pytest.mark.parametrize("form", FORMS)
def test_other_payoff_forms_stand_on_the_scale_of_the_market(form):
    """Settings are written rounded to a whole unit of what a base earns; 2% covers that."""
    rows = [dict(row.arm.settings) for row in comparisons() if row.part == "structures"]
    (given,) = {tuple(sorted(row.items())) for row in rows if row.get("world.behaviour.payoff") == form}
    for name, value in scaled(form).items():
        assert float(dict(given)[f"world.behaviour.{name}"]) == pytest.approx(value, rel=0.02), name


def test_segments_hold_the_same_demand_and_announcements(with_segments):
    plan, cut = (
        load_world(load_scenario("baseline", [f"world.sectors={name}", "world.fit_data=frontier"]).world)
        for name in ("plan-6", "segments-18")
    )
    assert cut.median_value.sum() == pytest.approx(plan.median_value.sum())
    assert cut.announced_layout.sum() == plan.announced_layout.sum()
    assert (cut.breadth == plan.breadth).all()
