"""Money that comes back: loans and their arrears, profits and losses by mechanism."""

from typing import NamedTuple

import numpy as np

from qipan.model.axes import BANK_CREDIT, INDUSTRIAL, PILOT, Array, Element
from qipan.model.element import larger, smaller
from qipan.model.kernels import total_over_regions
from qipan.model.region import TINY, share_of


class Debt(NamedTuple):
    """Loans of a pair at the end of a year, bn yuan, and what was paid in it."""

    cohort_loans: Array
    performing: Array
    arrears: Array
    principal: Array
    interest: Array


def repaid(
    cohort_loans: Array,
    performing: Array,
    arrears: Array,
    lent: Array,
    failed: Array,
    cash: Array,
    lag: float,
    term: float,
    rate: float,
    default_share: float,
) -> Debt:
    """One year of loans tied to industrial cohorts (assumption A23).

    A cohort's loans fall due for sorting when it completes: the failed share is non-performing at once, the rest joins
    the
    performing stock, which owes 1/term of principal plus interest out of the pair's cash. Of what is not paid,
    `default_share` becomes non-performing.

    Args:
        cohort_loans: Loans on projects not complete, (..., region, sector), bn yuan.
        performing: Loans being repaid, bn yuan.
        arrears: Non-performing loans so far, bn yuan.
        lent: New loans this year.
        failed: Share of the completing cohort that failed, in [0, 1].
        cash: Margin on the pair's output, bn yuan.
        lag: Mean duration of an industrial project, years.
        term: Term of a loan, years.
        rate: Real interest, 1/year.
        default_share: Share of an unpaid instalment that becomes non-performing, in [0, 1].

    Conserved: cohort_loans + performing + arrears changes by lent - principal.
    """
    completing = cohort_loans / lag
    stock = performing + completing * (1.0 - failed)
    interest_due = rate * stock
    principal_due = stock / term
    paid = smaller(larger(cash, 0.0), interest_due + principal_due)
    interest = smaller(paid, interest_due)
    principal = paid - interest
    bad = smaller(default_share * (interest_due + principal_due - paid), stock - principal)
    return Debt(
        cohort_loans=cohort_loans - completing + lent,
        performing=stock - principal - bad,
        arrears=arrears + completing * failed + bad,
        principal=principal,
        interest=interest,
    )


def on_the_books(arrears: Element, write_off: float) -> Element:
    """Non-performing loans that banks have not disposed of by the end of the year, bn yuan (assumption A36)."""
    return arrears * (1.0 - write_off)


def profit_shares(invested: Array) -> Array:
    """Shares of a sector's profit by mechanism: in proportion to money in productive capacity.

    Args:
        invested: (n, mechanism, sector), bn yuan, the row of bank credit zero.
    """
    result: Array = share_of(invested, invested.sum(axis=1, keepdims=True))
    return result


def failed_money(completing: Array, completed: Array, succeeded: Array) -> Array:
    """Money in completing projects that fail, (n, mechanism, stage, sector), bn yuan.

    Args:
        completing: Money in completing projects, (n, mechanism, stage, sector).
        completed: Projects completed, (n, stage, region, sector).
        succeeded: Those that succeeded, same shape; the national ratio of the two gives the share that fails.
    """
    total, good = total_over_regions(completed), total_over_regions(succeeded)
    failed = failed_share(total, good)
    result: Array = completing * failed[:, None]
    return result


def failed_share(completed: Element, succeeded: Element) -> Element:
    """Share of completing projects that fail."""
    return (completed - succeeded) / larger(completed, TINY)


def equity_kept(succeeded: Array) -> Array:
    """Claims on profit from a year's successes, (n, mechanism, sector), bn yuan.

    Money in pilots that succeed turns into equity as money in industrial projects does; research and loans do not.

    Args:
        succeeded: Money in completing projects that succeed, (n, mechanism, stage, sector), bn yuan.
    """
    kept = succeeded[:, :, PILOT] + succeeded[:, :, INDUSTRIAL]
    kept[:, BANK_CREDIT] = 0.0
    return np.asarray(kept)
