"""Work space of the compiled year: rows that stay in the processor's cache."""

from typing import Any, NamedTuple

import numpy as np

from model.compiled.kernels import clear
from model.compiled.primitives import called


class Work(NamedTuple):
    """Work space of one block of lanes.

    Rows of one region: offers by mechanism, projects and money by stage, others. National rows: costs by stage, the
    cycle, luck in common, what a breakthrough brings. Sums over regions: `by_stage` holds money spent, cost of projects
    that waited in vain, balances used, public money unused, balances kept, projects completed and succeeded. By region:
    `lent` and `industrial`, the share of industrial projects that succeed.
    """

    offered: Any
    started: Any
    spent: Any
    used: Any
    completed: Any
    succeeded: Any
    share: Any
    rate: Any
    near: Any
    luck: Any
    know: Any
    one: Any
    cost: Any
    cycle: Any
    common: Any
    boost: Any
    by_stage: Any
    money: Any
    offers: Any
    lost: Any
    invested: Any
    built: Any
    nation: Any
    effort: Any
    cash: Any
    paid: Any
    bad: Any
    lent: Any
    industrial: Any


@called
def work_space(mechanisms: int, regions: int, row: int, lanes: int) -> Any:
    """Rows for one block of lanes: those of a region, sums over regions, and two that every region keeps."""
    return Work(
        np.empty((mechanisms, row)), np.empty((3, row)), np.empty((3, row)), np.empty((3, row)), np.empty((3, row)),
        np.empty((3, row)), np.empty((3, row)), np.empty(row), np.empty(row), np.empty(row), np.empty(row),
        np.empty(lanes), np.empty((3, row)), np.empty(row), np.empty(row), np.empty(row),
        np.empty((3, 7, row)), np.empty((mechanisms, 3, row)), np.empty((mechanisms, row)),
        np.empty((mechanisms, row)), np.empty((mechanisms, row)), np.empty(row), np.empty(row), np.empty(row),
        np.empty(row), np.empty(row), np.empty(row), np.empty((regions, row)), np.empty((regions, row)),
    )  # fmt: skip


@called
def reset(w: Any) -> None:
    """Sums over regions begin at zero."""
    for stage in range(3):
        for kind in range(7):
            clear(w.by_stage[stage, kind])
    for mechanism in range(w.money.shape[0]):
        clear(w.offers[mechanism])
        clear(w.lost[mechanism])
        clear(w.invested[mechanism])
        for stage in range(3):
            clear(w.money[mechanism, stage])
    clear(w.built)
    clear(w.nation)
    clear(w.effort)
    clear(w.cash)
    clear(w.paid)
    clear(w.bad)
