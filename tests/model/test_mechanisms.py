"""The six mechanisms' offers, equity, and the coordinator's co-funding, by hand."""

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest

from qipan.model.coordination.levers import active_levers
from qipan.model.coordination.mandate import Mandate, Plan
from qipan.model.extend.registry import MECHANISMS
from qipan.model.funding.means import Means, banks_appetite, business_cycle, return_rate, sound_books
from qipan.model.funding.mechanisms import offers, public_rows, split_of_firms
from qipan.model.funding.repayment import equity_kept, on_the_books, repaid
from qipan.model.funding.stages import by_stage, public_pools, unused_money, used_balance, used_by_mechanism
from qipan.model.funding.support import national_support
from qipan.model.parameters import Coordination, Funding, Governance

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


STAGES = np.array([[0.5, 0.3, 0.2], [0.0, 0.4, 0.6], [0.1, 0.4, 0.5], [0.2, 0.6, 0.2], [0, 0, 1], [1, 0, 0]])
FUNDING = Funding(
    enterprise_share=0.1,
    guidance_draw=0.5,
    enterprise_hurdle=0.08,
    hurdle_width=0.03,
    venture_pool=20.0,
    venture_concentration=2.0,
    venture_cyclicality=1.0,
    donation_share=0.01,
    loan_to_value=0.6,
    loan_rate=0.065,
)


def situation(**changes):
    """Two regions and two sectors; the first region puts 3/4 of its money into the first sector."""
    world = SimpleNamespace(firm_rd=a(100, 50), rd=a(3, 1), mechanism_stages=STAGES)
    none = np.zeros((1, 2, 2))
    given = {
        "world": world,
        "funding": FUNDING,
        "governance": Governance(integration=0.8),
        "growth": 1.1,
        "portfolio": np.array([[[0.75, 0.25], [1.0, 0.0]]]),
        "research_pool": a(4, 2),
        "guidance_pool": a(8, 1),
        "research_support": none + 0.5,
        "guidance_support": none + 1.0,
        "productive": none + 1.0,
        "firm_portfolio": np.array([[[0.75, 0.25], [1.0, 0.0]]]),
        "return_rate": none + 0.08,
        "used": np.full((1, 1, 2), 0.35),
        "sound": np.ones((1, 1, 2)),
        "cycle": np.full((1, 1, 1), 0.4),
        "enterprise_echelon": none + 1.2,
    }
    return Means(**(given | changes))


def test_offers_in_order():
    """First region, first sector. Research 4 x .75 + .5 = 3.5; guidance 8 x .75 + 1 = 7. Firms: pool 2 x .1 x 1.1 x 100
    = 22, at the hurdle half, x .75 x 1.2 = 9.9, and .5 x 7 = 3.5 drawn in: .8 x 13.4 = 10.72. Venture: 20 x 1.1 x 9/10
    = 19.8, at half the normal use half: .8 x 19.8 x .5 x .75 = 5.94. Industrial equity .2 x 3.5 + .6 x 7 + .5 x 10.72 +
    .2 x 5.94 = 11.448; half a width above the rate, half of 0.7 used: 1.5 x 11.448 x .25 = 4.293. Donation .01 x 1.1 x
    3 x .75 = .02475.
    """
    offered = offers(situation())
    assert offered.shape == (1, 6, 2, 2)
    assert offered[0, :, 0, 0].tolist() == near([3.5, 7.0, 10.72, 5.94, 4.293, 0.02475])


def test_banks_lend_less_by_the_bad_loans_on_their_books():
    """2 bad of 8: three quarters as willing in proportion, seven eighths at a caution of one half, fully without any;
    nothing lent yet, nothing bad. Disposing of .6 a year leaves .8 of 2.
    """
    assert [sound_books(2.0, 8.0, caution) for caution in (1.0, 0.5, 0.0)] == [0.75, 0.875, 1.0]
    assert sound_books(0.0, 0.0, 1.0) == 1.0
    assert on_the_books(2.0, 0.6) == near(0.8)
    assert on_the_books(2.0, 0.0) == 2.0


def test_a_part_of_firms_money_follows_plant():
    """Split .75 and .25, plant 2 of 10 and 8 of 10, .4 led by plant: .45 + .08 = .53 and .15 + .32 = .47. Without any
    plant, or led by nothing, the split stands.
    """
    split, plant = a(0.75, 0.25), a(2, 8)
    assert split_of_firms(split, plant, 10.0, 0.4).tolist() == near([0.53, 0.47])
    assert split_of_firms(split, 0.0 * plant, 0.0, 0.4).tolist() == [0.75, 0.25]
    assert split_of_firms(split / 3.0, plant, 10.0, 0.0).tolist() == (split / 3.0).tolist()


def test_a_sector_outside_the_portfolio_gets_only_what_the_coordinator_adds():
    """Support .5 and 1; of firms only what guidance money draws in, .8 x .5 x 1; equity .2 x .5 + .6 + .5 x .4 = .9."""
    offered = offers(situation())
    assert offered[0, :, 1, 1].tolist() == near([0.5, 1.0, 0.4, 0.0, 1.5 * 0.9 * 0.25, 0.0])


def test_crowding_out_never_makes_firms_pay_in():
    """Two yuan crowded out for each of 7: 9.9 - 14 is below zero, so nothing is offered."""
    means = situation(funding=FUNDING.model_copy(update={"guidance_draw": -2.0}))
    assert offers(means)[0, 2, 0, 0] == 0.0


def test_public_mechanisms():
    assert list(MECHANISMS)[:2] == ["government_research", "guidance_fund"]
    assert public_rows().tolist() == [1, 1, 0, 0, 0, 0]


def test_public_pools():
    """.06 x 50 x 1.1 = 3.3; .0002 x 4000 x 1.1 x .6/.5 = 1.056."""
    world = SimpleNamespace(fiscal_science=a(50), gdp=a(4000))
    funding = Funding(government_share=0.06, guidance_share=0.0002, guidance_realised=0.6)
    assert public_pools(funding, world, 1.1).ravel().tolist() == near([3.3, 1.056])


def test_stages_with_a_share_of_zero_get_nothing():
    """5 by shares (.2, 0, .8), half of the last stage used: 1 and 2 drawn, two regions add up."""
    offered = a(5, 5).reshape(1, 1, 2, 1)
    shares, used = np.array([[0.2, 0.0, 0.8]]), np.array([[[1.0], [1.0]], [[1.0], [1.0]], [[0.5], [0.5]]])[None]
    assert by_stage(offered, shares)[0, :, 0, 0].tolist() == near([1.0, 0.0, 4.0])
    assert used_by_mechanism(offered, shares, used).ravel().tolist() == near([2.0, 0.0, 4.0])


def test_balances_of_two_regions_and_two_stages():
    """Stage one: 8 x .5 + 2 x 1 = 6, all to the only public source; stage two: 4, split .1 : .3."""
    balance, used = np.array([[[[8.0], [2.0]], [[4.0], [0.0]]]]), np.array([[[[0.5], [1.0]], [[1.0], [1.0]]]])
    money = used_balance(balance, used, np.array([[0.5, 0.1], [0.0, 0.3]]))
    assert money[0, :, :, 0].tolist() == [near([6.0, 1.0]), near([0.0, 3.0])]


def test_unused_money():
    """(10 + 5) x (1 - .6) = 6."""
    assert unused_money(10.0, 5.0, 0.6) == near(6.0)


def test_equity_is_pilot_and_industrial_money_that_succeeds_but_no_loan():
    """Research 9 counts nothing; 2 + 4 = 6; the row of bank credit is zero."""
    succeeded = np.zeros((1, 6, 3, 1))
    succeeded[0, :, :, 0] = [9.0, 2.0, 4.0]
    assert equity_kept(succeeded)[0, :, 0].tolist() == [6, 6, 6, 6, 0, 6]


def test_no_loan_turns_bad_beyond_what_is_left():
    """Term of one year, nothing paid, twice as much bad as owed: of 10 owed, 10 and no more turn bad."""
    debt = repaid(
        cohort_loans=a(0),
        performing=a(10),
        arrears=a(1),
        lent=a(0),
        failed=a(0),
        cash=a(-5),
        lag=3.0,
        term=1.0,
        rate=0.05,
        default_share=1.0,
    )
    assert [float(part[0]) for part in debt] == near([0.0, 0.0, 11.0, 0.0, 0.0])


def test_loans_are_conserved():
    """Stocks change by what is lent less the principal paid back, whatever the cash."""
    for cash in (0.0, 2.0, 5.0, 50.0):
        debt = repaid(
            cohort_loans=a(30),
            performing=a(70),
            arrears=a(5),
            lent=a(12),
            failed=a(0.3),
            cash=a(cash),
            lag=3.0,
            term=7.0,
            rate=0.05,
            default_share=0.2,
        )
        stocks = debt.cohort_loans + debt.performing + debt.arrears
        assert float(stocks[0]) == near(30 + 70 + 5 + 12 - float(debt.principal[0]))


PORTFOLIO = np.array([[[0.75, 0.25], [1.0, 0.0]]])
PLAN = Plan(key_areas=a(1, 0)[None], pilots=np.array([[[0, 1.0], [1.0, 0]]]), assigned=np.array([[[1.0, 0], [0, 1.0]]]))


def supported(**on):
    levers = active_levers(Coordination(arm="design", **dict.fromkeys(on, True)))
    return national_support(levers, Mandate(money=on), PLAN, PORTFOLIO, a(0.6, 0.4), 100.0, a(1.0, 0.5))


def test_key_area_money_goes_half_and_half_by_stages():
    """10 bn over .75 x .6 = .45 and 1 x .4 = .4: 5.294118 and 4.705882, half by the stages of research."""
    support = supported(key_areas=0.1)
    assert support.research[0].tolist() == [near([2.647059, 0]), near([2.352941, 0])]
    assert support.guidance.tolist() == support.research.tolist()
    assert (support.pilot.sum(), support.ecosystem) == (0.0, 0.0)


def test_pilot_money_in_equal_parts():
    support = supported(pilot_zones=0.1)
    assert support.pilot[0].tolist() == [[0, near(5.0)], [near(5.0), 0]]
    assert support.guidance[0].tolist() == [[0, near(2.5)], [near(2.5), 0]]


def test_layout_money_by_spatial_role():
    """Only the first region invests where it is assigned; its role sends all by the stages of research."""
    support = supported(regional_layout=0.1)
    assert support.research[0].tolist() == [[near(10.0), 0], [0, 0]]
    assert support.guidance.sum() == 0.0


def test_every_yuan_of_support_arrives():
    """Four money levers: 10 + 20 + 30 to pairs, 5 to the ecosystem."""
    support = supported(key_areas=0.1, pilot_zones=0.2, regional_layout=0.3, ecosystem=0.05)
    assert support.research.sum() + support.guidance.sum() == near(60.0)
    assert (support.pilot.sum(), support.ecosystem) == (near(20.0), near(5.0))


def test_money_without_takers_goes_by_size():
    """Nobody invests in the listed sector: 10 bn as .6 : .4, in equal parts over two sectors."""
    levers = active_levers(Coordination(arm="design", key_areas=True))
    elsewhere = np.array([[[0.0, 1.0], [0.0, 1.0]]])
    mandate = Mandate(money={"key_areas": 0.1})
    support = national_support(levers, mandate, PLAN, elsewhere, a(0.6, 0.4), 100.0, a(1.0, 0.5))
    assert (support.research + support.guidance)[0].tolist() == [near([3, 3]), near([2, 2])]


def test_venture_capital_follows_shares_of_research_not_amounts():
    """A tenth of the R&D everywhere brings the same 5.94; where nobody does R&D there is none."""
    for rd, expected in ((a(0.3, 0.1), 5.94), (a(0.0, 0.0), 0.0)):
        world = SimpleNamespace(firm_rd=a(100, 50), rd=rd, mechanism_stages=STAGES)
        assert offers(situation(world=world))[0, 3, 0, 0] == near(expected)


def test_money_without_takers_over_three_sectors():
    """Nobody is a pilot zone: 9 bn as .6 : .4, each in three equal parts of 1.8 and 1.2."""
    levers = active_levers(Coordination(arm="design", pilot_zones=True))
    third, none = np.full((1, 2, 3), 1 / 3), np.zeros((1, 2, 3))
    plan = Plan(key_areas=none[:, 0], pilots=none, assigned=none)
    support = national_support(levers, Mandate(money={"pilot_zones": 0.09}), plan, third, a(0.6, 0.4), 100.0, a(1, 1))
    assert support.pilot[0].tolist() == [near([1.8] * 3), near([1.2] * 3)]


def test_a_lever_without_money_does_not_stop_those_after_it():
    """A definition spends nothing; the key areas after it still have their 10 bn."""
    levers = active_levers(Coordination(arm="design", shared_definition=True, key_areas=True, pilot_zones=True))
    mandate = Mandate(money={"pilot_zones": 0.1})
    support = national_support(levers, mandate, PLAN, PORTFOLIO, a(0.6, 0.4), 100.0, a(1.0, 0.5))
    assert support.pilot.sum() == near(10.0)
    assert support.research.sum() + support.guidance.sum() == near(10.0)


def test_the_means_of_a_year_cannot_be_exchanged_and_are_compared_as_one():
    """What mechanisms look at is read-only, and one year's means equal themselves alone."""
    means = situation()
    with pytest.raises(FrozenInstanceError):
        means.growth = 2.0
    assert means == means
    assert means != situation()


def test_return_rate_with_know_how():
    """.5 x .1 x 4 x .8 x .5 x .5 - .02 = .02: each factor counts."""
    assert return_rate(0.5, 0.1, 4.0, a(0.8), a(0.5), a(0.5), 0.02)[0] == near(0.02)


def test_banks_are_never_more_than_willing():
    """A return far above the rate and all capacity in use (or more) is one, not more; half a width above is a half."""
    assert banks_appetite(a(0.9, 0.06, 0.9), 0.045, 0.03, a(1.0, 2.0, 0.0), a(0.5)).tolist() == near([0.5, 0.25, 0.0])


def test_business_cycle_between_its_bounds():
    """Use of all is 1.25 times the normal; no more than one and a half even on paper; squared 2.25."""
    assert business_cycle(a(1.0, 0.0), 1.0).tolist() == near([1.25, 0.3])
    assert business_cycle(a(2.0), 2.0)[0] == near(2.25)


def test_of_public_money_projects_get_what_is_productive():
    """3.5 of research and 7 of guidance, half of it productive: 1.75 and 3.5."""
    assert offers(situation(productive=np.full((1, 2, 2), 0.5)))[0, :2, 0, 0].tolist() == near([1.75, 3.5])


def test_firms_follow_even_little_plant():
    """Plant .1 of .5, all led by it: a fifth."""
    assert split_of_firms(a(0.75), a(0.1), 0.5, 1.0).tolist() == near([0.2])


def test_what_is_directed_is_what_levers_spend():
    assert supported(key_areas=0.1, pilot_zones=0.2, ecosystem=0.05).directed == near(30.0)
