"""Each yuan, loan and project is traced, in every scenario, and welfare is the sum of its terms."""

from dataclasses import replace

import numpy as np
import pytest

from qipan import run
from qipan.model.axes import BANK_CREDIT, INDUSTRIAL
from qipan.model.measures import compute
from qipan.model.measures.welfare import COSTS, GAINS
from tests.laws.cases import NAMES, RULES_ON, WITHHELD, history, moments, national, short, small

PUBLIC = slice(0, 2)
"""Government research money and guidance funds."""


def change(stock):
    """Yearly change of a stock that is zero before the first year, axes (replicate, year)."""
    return np.diff(stock, axis=1, prepend=0.0)


def withheld(h):
    """Public money of the pools that no project is offered, axes (replicate, year)."""
    return sum(national(h, use) for use in WITHHELD)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_yuan_is_used_kept_or_handed_back(name):
    """Pools = used by projects + change of balances + lapsed + what never was offered, each year."""
    h = history(name)
    used = h["money"][:, :, PUBLIC].sum(axis=(2, 3))
    uses = used + change(h["public_balance"]) + h["lapsed"] + withheld(h)
    scale = np.maximum(h["pools"], 1.0)
    assert np.abs(uses - h["pools"]).max() <= 1e-9 * scale.max()


@pytest.mark.parametrize("name", NAMES)
def test_every_public_yuan_is_offered_or_withheld(name):
    """Pools = offered by the two public mechanisms + administration + burned + ecosystem + running cost of bases."""
    h = history(name)
    offered = h["offered"][:, :, PUBLIC].sum(axis=2)
    np.testing.assert_allclose(h["public_money"].sum(axis=2), offered, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(offered + withheld(h), h["pools"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
@pytest.mark.parametrize("name", NAMES)
def test_public_money_is_traced_with_every_rule_at_work(name, executor):
    """The same two sums where bases cost something to run, and what is due for bases is paid by somebody."""
    if executor == "compiled":
        pytest.importorskip("numba")
    scenario = short(name, **RULES_ON)
    h = run(scenario, replicates=range(2), executor=executor)
    used, offered = h["money"][:, :, PUBLIC].sum(axis=(2, 3)), h["offered"][:, :, PUBLIC].sum(axis=2)
    uses = used + change(h["public_balance"]) + h["lapsed"] + withheld(h)
    np.testing.assert_allclose(uses, h["pools"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(offered + withheld(h), h["pools"], rtol=1e-12, atol=1e-12)
    due = scenario.policy.funding.base_cost * h["layout"].sum(axis=(2, 3))
    np.testing.assert_allclose(national(h, "overhead") + national(h, "general_budget"), due, rtol=1e-12, atol=1e-12)
    assert compute(h, ["public_gap"])["public_gap"].max() <= 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_welfare_is_the_sum_of_its_terms_and_that_of_every_use_and_gain(name):
    """At a cost of public funds of 1.3 and a spillover of .7, to 1e-9 of the largest term; by hand beside."""
    h = history(name)
    given = {"world.market.public_funds_cost": 1.3, "world.market.research_spillover": 0.7}
    h = replace(h, scenario=h.scenario.replace(**given))
    found = compute(h, ["welfare", "welfare_until", *GAINS, *COSTS])
    scale = max(1.0, *(np.abs(found[term]).max() for term in (*GAINS, *COSTS)))
    terms = sum(found[term] for term in GAINS) - sum(found[term] for term in COSTS)
    np.testing.assert_allclose(found["welfare"], terms, rtol=0, atol=1e-9 * scale)
    by_mechanism, market = h["money"].sum(axis=3), h.scenario.world.market
    other = ("administration", "ecosystem_money", "burned", "overhead", "general_budget", "ordinary")
    public = by_mechanism[:, :, PUBLIC].sum(axis=2) + sum(national(h, use) for use in other)
    private = by_mechanism[:, :, PUBLIC.stop :].sum(axis=2)
    research, ordinary, small = (national(h, name) for name in ("completed_research", "ordinary", "small_cost"))
    gains = market.social_surplus * h["sold"].sum(axis=(2, 3)) + 0.7 * research + ordinary
    flow = (gains - small - private - 1.3 * public) * 1.05 ** -np.arange(1.0, len(h.years) + 1)
    assert market.discount == 0.05
    np.testing.assert_allclose(found["welfare_until"], np.cumsum(flow, axis=1), rtol=0, atol=1e-9 * scale)


@pytest.mark.parametrize("name", NAMES)
def test_what_projects_cost_is_what_mechanisms_pay(name):
    """Investment by region and sector, money by mechanism and stage, starts by stage: one total, stage by stage."""
    h = history(name)
    np.testing.assert_allclose(h["money"].sum(axis=2), h["starts"], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(h["investment"].sum(axis=(2, 3)), h["starts"].sum(axis=2), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_no_mechanism_spends_more_than_it_offers_or_has_kept(name):
    h = history(name)
    used, offered = h["money"].sum(axis=3), h["offered"]
    private = slice(2, 6)
    assert (used[:, :, private] <= offered[:, :, private] * (1 + 1e-12) + 1e-12).all()
    kept = np.concatenate([np.zeros_like(h["public_balance"][:, :1]), h["public_balance"][:, :-1]], axis=1)
    assert (used[:, :, PUBLIC].sum(axis=2) <= offered[:, :, PUBLIC].sum(axis=2) + kept + 1e-9).all()


LEVIED = ["national-design", "random-coordinator", "lump-sum", "burn", "cut", "oracle", "lever-ecosystem"]


@pytest.mark.parametrize("name", LEVIED)
def test_every_arm_is_given_the_same_public_money(name):
    """Only the cut arm has less: 0.8 of what the baseline has, since its default is a cut of 0.2."""
    share = 0.8 if name == "cut" else 1.0
    np.testing.assert_allclose(history(name)["pools"], share * history("baseline")["pools"], rtol=1e-12)


@pytest.mark.parametrize("name", LEVIED[:4])
def test_a_levy_is_a_fifth_of_the_pools_once_the_plan_is_out(name):
    """The default levy is 0.2 and the delay one year, so nothing is levied in 2023."""
    h = history(name)
    assert (h["levy"][:, 0] == 0.0).all()
    np.testing.assert_allclose(h["levy"][:, 1:], 0.2 * h["pools"][:, 1:], rtol=1e-12)


def test_burned_money_is_the_whole_levy_and_nothing_else_is_burned():
    burn, design = history("burn"), history("national-design")
    np.testing.assert_array_equal(burn["burned"], burn["levy"])
    assert (design["burned"] == 0.0).all()


def test_loans_change_by_what_is_lent_less_what_is_paid_back():
    """Without interest all that banks get back is principal: debt, with arrears before any are disposed of, changes by
    lent - returned. A quarter is disposed of: what is on the books at the end is three quarters.
    """
    settings = {"policy.funding.loan_rate": 0.0, "policy.funding.write_off": 0.25}
    for before, now in moments(short("baseline", **settings)):
        after = now.state
        stock = [before.cohort_loans + before.performing + before.arrears]
        stock.append(after.cohort_loans + after.performing + after.arrears / 0.75)
        lent = now.money[:, BANK_CREDIT, INDUSTRIAL]
        change = (stock[1] - stock[0]).sum(axis=(1, 2))
        returned = now.flows["returned"][:, BANK_CREDIT]
        np.testing.assert_allclose(change, lent.sum(axis=1) - returned, rtol=1e-9, atol=1e-9)
        assert min(field.min() for field in (after.cohort_loans, after.performing, after.arrears)) >= -1e-12


def test_interest_is_at_most_the_rate_on_what_is_owed():
    rate = 0.045
    settings = {"policy.funding.loan_rate": rate, "policy.funding.write_off": 0.0}
    for before, now in moments(short("fund-shanghai", **settings)):
        owed = (before.cohort_loans + before.performing).sum(axis=(1, 2))
        debts = [(s.cohort_loans + s.performing + s.arrears).sum(axis=(1, 2)) for s in (before, now.state)]
        principal = now.money[:, BANK_CREDIT, INDUSTRIAL].sum(axis=1) - (debts[1] - debts[0])
        interest = now.flows["returned"][:, BANK_CREDIT] - principal
        assert (principal >= -1e-9).all()
        assert (interest >= -1e-9).all()
        assert (interest <= rate * owed + 1e-9).all()


@pytest.mark.parametrize("name", ["baseline", "national-design", "random-coordinator", "fund-zhejiang"])
def test_projects_do_not_appear_or_vanish(name):
    """Under way: + started - completed. Pilot queue: what stays after ageing + research successes of the year."""
    ageing = 0.15
    for before, now in moments(short(name)):
        after = now.state
        np.testing.assert_allclose(after.in_progress, before.in_progress + now.started - now.completed, rtol=1e-12)
        assert (now.succeeded <= now.completed).all()
        assert (now.started[:, 1:] <= before.waiting[:, 1:]).all()
        pilots = (before.waiting[:, 1] - now.started[:, 1]) * (1 - ageing) + now.succeeded[:, 0]
        np.testing.assert_allclose(after.waiting[:, 1], pilots, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["baseline", "national-design"])
def test_money_at_work_is_the_cost_of_projects_under_way(name):
    """Without learning and scale a project costs the same for ever: money at work in all = projects x cost."""
    costs = np.array([0.02, 0.25, 1.0])[:, None]
    for _, now in moments(short(name, **{"world.technology.learning": 0.0, "world.technology.scale_exponent": 1.0})):
        projects = now.state.in_progress.sum(axis=2)
        np.testing.assert_allclose(now.state.at_work.sum(axis=1), projects * costs, rtol=1e-9)


def test_capacity_is_built_by_successes_and_wears_out():
    """capacity' = 0.92 capacity + 1 x 3.5 x industrial successes."""
    for before, now in moments(small("baseline")):
        expected = 0.92 * before.capacity + 3.5 * now.succeeded[:, 2]
        np.testing.assert_allclose(now.state.capacity, expected, rtol=1e-12)


def test_a_region_that_waits_in_every_sector_keeps_its_budget():
    """An outside option of 8 leaves many layouts empty; their public money is spent as before, none vanishes."""
    waiting = {"world.behaviour.outside_option": 8.0, "world.early_adopters": "all"}
    h = run(short("baseline", **waiting), replicates=range(2))
    assert (h["layout"].sum(axis=-1) == 0.0).mean() > 0.2
    np.testing.assert_allclose(h["portfolio"].sum(axis=-1), 1.0, rtol=1e-12)
    offered = h["offered"][:, :, PUBLIC].sum(axis=2) + withheld(h)
    np.testing.assert_allclose(offered, h["pools"], rtol=1e-12)
