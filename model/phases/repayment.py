"""Phase 9: money comes back, or does not."""

from typing import NamedTuple

import numpy as np

from model.axes import BANK_CREDIT, INDUSTRIAL, RESEARCH, Array, Element
from model.element import larger
from model.funding.mechanisms import PUBLIC
from model.funding.repayment import failed_share, repaid
from model.kernels import total_over_sectors
from model.lift import cell
from model.moment import Moment
from model.projects import worn
from model.region import TINY, share_of


class Settled(NamedTuple):
    """Loans of a pair at the end of the year; over regions, cash, what is paid and what has gone bad; arrears of a
    region.
    """

    cohort_loans: Element
    performing: Element
    arrears: Element
    cash: Element
    paid: Element
    bad: Element
    owing: Element


@cell("rkn rkn rkn rkn rkn rkn rkn -> rkn rkn rkn kn kn kn rn")
def settled(
    cohort_loans: Element, performing: Element, arrears: Element, credit: Element, used: Element, failed: Element,
    output: Element, *, credit_share: float, margin: float, industrial_years: float, loan_years: float,
    loan_rate: float, default_share: float,
) -> Settled:  # fmt: skip
    """Loans fall due and are paid out of the margin on output, as far as it goes."""
    lent, cash = credit * credit_share * used, margin * output
    debt = repaid(
        cohort_loans, performing, arrears, lent, failed, cash, industrial_years, loan_years, loan_rate, default_share
    )
    paid, bad = debt.principal + debt.interest, debt.arrears - arrears
    return Settled(debt.cohort_loans, debt.performing, debt.arrears, cash, paid, bad, debt.arrears)


class WrittenOff(NamedTuple):
    """Money in projects: at work at the end of the year, drawn in it (and over sectors), kept as equity, lost."""

    at_work: Element
    money: Element
    by_stage: Element
    equity: Element
    lost: Element


@cell("mskn mskn skn skn skn ms ms s m ms -> mskn mskn msn mkn mn")
def written_off(
    at_work: Element, taken: Element, drawn: Element, completed: Element, succeeded: Element, shares: Element,
    source: Element, lag: Element, fails: Element, counts: Element,
) -> WrittenOff:  # fmt: skip
    """Money in completing projects becomes equity where they succeed and is lost where they fail.

    Args:
        at_work: Money in projects under way.
        taken: Offers used, before stage shares.
        drawn: Balances used.
        completed, succeeded: Projects of the nation.
        shares: Stage shares of a mechanism.
        source: Part of balances that is put down to a mechanism.
        lag: Mean duration of a project, years.
        fails: 0 for bank credit, whose losses are arrears, else 1.
        counts: 1 where success is equity: pilots and industrial projects, but not loans.
    """
    money = shares * taken + drawn * source
    completing = at_work / lag
    lost = fails * (completing * failed_share(completed, succeeded))
    return WrittenOff(at_work - completing + money, money, money, counts * (completing - lost), lost)


@cell("mkn mkn -> mkn kn")
def held(invested: Element, equity: Element, *, depreciation: float) -> tuple[Element, Element]:
    """Money in productive capacity, and over mechanisms."""
    after = worn(invested, depreciation, equity)
    return after, after


@cell("mkn kn kn kn -> mn")
def handed_back(invested: Element, total: Element, cash: Element, paid: Element) -> Element:
    """A mechanism's share of profit: as much as of the money in productive capacity."""
    return share_of(invested, total) * (cash - paid)


def repay(now: Moment) -> None:
    """9. Loans fall due, profits go to those who paid for capacity, failed projects are written off."""
    case, state, shares = now.case, now.state, now.case.world.mechanism_stages
    found = now.run(
        settled,
        state.cohort_loans,
        state.performing,
        state.arrears,
        now.offers[BANK_CREDIT],
        now.begun.used[:, INDUSTRIAL],
        now.cohort.failed,
        now.flows["output"],
        credit_share=shares[BANK_CREDIT, INDUSTRIAL],
    )
    state.cohort_loans, state.performing, state.arrears = found.cohort_loans, found.performing, found.arrears
    now.flows["arrears"] = found.owing
    public = shares * PUBLIC[:, None]
    source = public / larger(public.sum(axis=0), TINY)
    ours = np.arange(len(shares)) != BANK_CREDIT
    counts = np.where(np.arange(shares.shape[1]) != RESEARCH, ours[:, None], 0.0)
    national = (state.at_work, now.begun.taken, now.begun.drawn, now.cohort.ended, now.cohort.good)
    off = now.run(written_off, *national, shares, source, case.lag, ours.astype(float), counts)
    state.at_work, now.money = off.at_work, off.money
    state.invested, total = now.run(held, state.invested, off.equity)
    now.flows["money"], now.flows["lost"] = off.by_stage, _with_banks(off.lost, found.bad)
    returned = now.run(handed_back, state.invested, total, found.cash, found.paid)
    now.flows["returned"] = _with_banks(returned, found.paid)


def _with_banks(by_mechanism: Array, banks: Array) -> Array:
    """Money by mechanism, (n, mechanism), with what banks have of it, (n, sector)."""
    by_mechanism[:, BANK_CREDIT] = total_over_sectors(banks)
    return by_mechanism
