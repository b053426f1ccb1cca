"""Money by hand: pools, stages, loans, losses."""

import numpy as np
import pytest

from qipan.model.funding import means
from qipan.model.funding.repayment import failed_money, profit_shares, repaid
from qipan.model.funding.stages import after_programme, by_stage, used_balance, used_by_mechanism, used_money
from qipan.model.parameters import Funding

near = pytest.approx


def a(*values):
    return np.array(values, dtype=float)


def test_return_rate():
    """0.7 x 0.09 x 3.5 x 0.8 x 0.9 x 1 - 0.08 = 0.07876."""
    assert means.return_rate(0.7, 0.09, 3.5, a(0.8), a(0.9), a(1.0), 0.08)[0] == near(0.07876)


def test_appetite_is_a_half_at_the_hurdle():
    """One width above: 1/(1 + 1/e) = 0.731059."""
    assert means.appetite(a(0.08, 0.11), 0.08, 0.03).tolist() == near([0.5, 0.731059], abs=1e-6)


def test_banks_are_averse():
    """Half a width above the rate at full use: 0.5; at half the use of 0.7: 0.25; below the rate: nothing."""
    willing = means.banks_appetite(a(0.06, 0.06, 0.04, 0.5), 0.045, 0.03, a(1.0, 0.35, 1.0, 1.0), 1.0)
    assert willing.tolist() == near([0.5, 0.25, 0.0, 1.0])


def test_venture_capital_follows_the_cycle():
    """Use 0.8 is normal; 0.4 halves it, squared a quarter; 0.1 is floored at 0.3."""
    assert means.business_cycle(a(0.8, 0.4, 0.1), 1.0).tolist() == near([1.0, 0.5, 0.3])
    assert means.business_cycle(a(0.4), 2.0)[0] == near(0.25)


def test_offers_by_stage():
    """10 of one source 65:35 to the first two stages, 4 of another wholly to the third."""
    offered = a(10, 4).reshape(1, 2, 1, 1)
    stages = by_stage(offered, np.array([[0.65, 0.35, 0.0], [0.0, 0.0, 1.0]]))
    assert stages.ravel().tolist() == near([6.5, 3.5, 4.0])


def test_every_offer_is_used_pro_rata():
    """Half of the first stage used, all of the second: 10 x (0.65 x 0.5, 0.35)."""
    money = used_by_mechanism(a(10).reshape(1, 1, 1, 1), np.array([[0.65, 0.35]]), a(0.5, 1).reshape(1, 2, 1, 1))
    assert money.ravel().tolist() == near([3.25, 3.5])


def test_balances_are_put_down_to_public_sources():
    """8 kept, half used: 4, split 0.3 : 0.1 over two public sources = 3 and 1."""
    money = used_balance(a(8).reshape(1, 1, 1, 1), a(0.5).reshape(1, 1, 1, 1), np.array([[0.3], [0.1], [0.0]]))
    assert money.ravel().tolist() == near([3.0, 1.0, 0.0])


LOANS = {
    "cohort_loans": a(30),
    "performing": a(70),
    "arrears": a(5),
    "lent": a(12),
    "failed": a(0.3),
    "lag": 3.0,
    "term": 7.0,
    "rate": 0.05,
    "default_share": 0.2,
}


def test_a_loan_that_is_paid():
    """10 complete, 3 fail at once; 77 perform and owe 3.85 interest and 11 principal, all paid from 20 of cash."""
    debt = repaid(**LOANS, cash=a(20))
    assert [float(part[0]) for part in debt] == near([32.0, 66.0, 8.0, 11.0, 3.85])


def test_a_loan_that_is_paid_in_part():
    """4.85 of cash: interest 3.85, principal 1; of the 10 not paid a fifth is bad: 77 - 1 - 2, arrears 5 + 3 + 2."""
    debt = repaid(**LOANS, cash=a(4.85))
    assert [float(part[0]) for part in debt] == near([32.0, 74.0, 10.0, 1.0, 3.85])


def test_profit_shares():
    assert profit_shares(a(3, 1, 0).reshape(1, 3, 1)).ravel().tolist() == near([0.75, 0.25, 0.0])
    assert profit_shares(a(0, 0).reshape(1, 2, 1)).ravel().tolist() == [0, 0]


def test_failed_money():
    """Of 10 projects 7 succeed: 30% of the 20 bn in them is lost."""
    lost = failed_money(a(20).reshape(1, 1, 1, 1), a(10).reshape(1, 1, 1, 1), a(7).reshape(1, 1, 1, 1))
    assert lost.ravel().tolist() == near([6.0])


def test_two_replicates_side_by_side():
    """Profits 3 : 1 and 1 : 1; offers of 10 and 20 by (.5, .3, .2): nothing of one replicate reaches the other."""
    invested = np.array([[[3.0], [1.0], [0.0]], [[2.0], [2.0], [0.0]]])
    assert profit_shares(invested)[:, :, 0].tolist() == [near([0.75, 0.25, 0.0]), near([0.5, 0.5, 0.0])]
    offered, shares = a(10, 20).reshape(2, 1, 1, 1), np.array([[0.5, 0.3, 0.2]])
    assert by_stage(offered, shares)[:, :, 0, 0].tolist() == [near([5, 3, 2]), near([10, 6, 4])]
    used = np.array([1.0, 0.5]).reshape(2, 1, 1, 1) * np.ones((2, 3, 1, 1))
    money = used_by_mechanism(offered, shares, used)
    assert money[:, 0, :, 0].tolist() == [near([5, 3, 2]), near([5, 3, 2])]
    balance = a(8, 4).reshape(2, 1, 1, 1) * np.ones((2, 3, 1, 1))
    drawn = used_balance(balance, used, np.array([[0.5, 0.1, 0.0], [0.0, 0.3, 0.2]]))
    assert drawn[:, :, 1, 0].tolist() == [near([2.0, 6.0]), near([0.5, 1.5])]


def test_failed_money_by_stage_and_sector():
    """Two stages, two sectors: of (10, 4) projects (7, 4) succeed, of (5, 0) one: lost .3 x 20, 0, .8 x 20 and 0."""
    completed = np.array([[[[4.0, 4.0], [6.0, 0.0]], [[5.0, 0.0], [0.0, 0.0]]]])
    succeeded = np.array([[[[1.0, 4.0], [6.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]])
    lost = failed_money(np.full((1, 3, 2, 2), 20.0), completed, succeeded)
    assert lost[0, 2].tolist() == [near([6.0, 0.0]), near([16.0, 0.0])]


def test_no_more_turns_bad_than_what_is_left_after_repayment():
    """10 due twice over within a year at no interest, 8 repaid: of the 12 unpaid only the 2 that are left turn bad."""
    debt = repaid(
        **(LOANS | {"cohort_loans": a(0), "performing": a(10), "term": 0.5, "rate": 0.0, "default_share": 1.0}),
        cash=a(8),
    )
    assert [float(part[0]) for part in debt[1:4]] == near([0.0, 7.0, 8.0])


def test_money_of_a_stage_that_is_used():
    """Half of 3 fresh and 1 kept."""
    assert used_money(a(3), a(1), a(0.5)).tolist() == [2.0]


def test_money_after_the_programme():
    """Research at .06 whatever a policy gave, no guidance money, all else as it was."""
    given = Funding(government_share=0.3, guidance_share=0.01, venture_pool=7.0)
    assert after_programme(given) == Funding(government_share=0.06, guidance_share=0.0, venture_pool=7.0)
