"""Phases 5 to 10, compiled as one: a replicate stays in the processor's cache from its offers to its record."""

from typing import Any

import numpy as np

from model.compiled.investing import fund, mature, move, propose, spread, start
from model.compiled.primitives import called, entry
from model.compiled.selling import clear, hand_back, payoff, record, repay, write_off
from model.compiled.tables import Work


@called
def work_space(mechanisms: int, pairs: int, sectors: int) -> Any:
    """Arrays for one replicate."""
    return Work(
        np.empty((mechanisms, pairs)),
        np.empty((3, pairs)),
        np.empty((3, pairs)),
        np.empty((3, pairs)),
        np.empty((3, pairs)),
        np.empty((3, pairs)),
        np.empty((3, pairs)),
        np.empty((4, pairs)),
        np.empty((4, sectors)),
        np.empty((3, sectors)),
        np.empty((mechanisms, 3, sectors)),
    )


@entry
def rest_of_year(old: Any, new: Any, given: Any, table: Any, form: Any, s: Any, flows: Any) -> None:
    """Take every replicate from its offers to the record of the year."""
    n, pairs = given.portfolio.shape
    w = work_space(table.shares.shape[0], pairs, old.demand.shape[1])
    waiting = np.empty((3, pairs))
    for i in range(n):
        flows.lapsed[i], flows.public_balance[i] = 0.0, 0.0
        fund(i, old, given, table, s, w)
        propose(i, old, given, table, s, w, waiting)
        for stage in range(3):
            start(i, stage, old, new, table, s, w, waiting, flows)
        mature(i, old, given, table, s, w, waiting)
        move(i, old, new, s, w, waiting, flows)
        spread(i, old, new, given, table, s, w)
        clear(i, old, new, given, s, w, flows)
        repay(i, old, new, table, s, w, flows)
        write_off(i, old, new, table, s, w, flows)
        hand_back(i, new, w, flows)
        record(i, old, new, given, table, w, flows)
        payoff(i, given, form, w, flows)
