"""Phases 5 to 10, compiled as one: a region stays in the processor's cache from its offers to its stocks."""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import clear, total_over_sectors
from qipan.model.compiled.compiling import entry, inlined
from qipan.model.compiled.phases.investing import (
    BANK,
    INDUSTRIAL,
    ask_firms,
    build,
    expect,
    fund,
    luck,
    mature,
    price,
    propose,
    run_bases,
    spread,
    start,
    value,
)
from qipan.model.compiled.phases.national import discover, prepare
from qipan.model.compiled.phases.selling import hand_back, meet, payoff, record, sell, supply, totals, write_off
from qipan.model.compiled.phases.work import reset


@inlined
def keep(r: int, table: Any, w: Any) -> None:
    """New loans and the share of industrial projects that succeed are wanted when loans fall due."""
    share, lent, industrial = table.shares[BANK, INDUSTRIAL], w.lent[r], w.industrial[r]
    for c in range(lent.size):
        lent[c] = w.offered[BANK, c] * share * w.used[INDUSTRIAL, c]
        industrial[c] = w.share[c]


@inlined
def invest(b: int, r: int, old: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """A region's offers, its projects, and what they build."""
    expect(b, r, old, table, s, w)
    if s.base_cost > 0.0:
        run_bases(b, r, given, table, s, w)
    if s.market_led > 0.0:
        ask_firms(b, r, old, given, s, lanes, w)
    fund(b, r, old, given, table, s, w)
    propose(b, r, old, given, table, lanes, w)
    scaled = (s.minimum_scale > 0.0) & (s.scale_exponent < 1.0)
    if scaled:
        price(b, r, old, s, w)
    clear(w.public)
    clear(w.private)
    for stage in range(3):
        start(b, r, stage, old, table, s, w)
    luck(b, r, old, given, s, w)
    clear(w.arrived)
    for stage in range(3):
        mature(b, r, stage, old, table, s, w)
    if scaled:
        value(w)
    build(b, r, old, given, table, s, w)


@entry
def rest_of_year(old: Any, new_fit: Any, given: Any, table: Any, form: Any, s: Any, w: Any, flows: Any) -> None:
    """Take every block of lanes from its offers to the record of the year. Stocks change in place, know-how apart."""
    (blocks, regions, _), lanes = given.portfolio.shape, flows.payoff.shape[1]
    for b in range(blocks):
        reset(w)
        prepare(b, old, given, table, s, lanes, w)
        for r in range(regions):
            invest(b, r, old, given, table, s, lanes, w)
            keep(r, table, w)
            record(b, r, given, s, lanes, w, flows)
            spread(b, r, old, new_fit, given, table, s, lanes, w)
        discover(b, old, given, table, s, lanes, w)
        supply(b, new_fit, old, s, w, flows)
        meet(b, old, given, s, w, flows)
        for r in range(regions):
            sell(b, r, old, table, s, lanes, w, flows)
            total_over_sectors(old.arrears[b, r], lanes, flows.arrears[b, r])
        write_off(b, old, table, s, lanes, w, flows)
        hand_back(b, old, lanes, w, flows)
        totals(b, s, lanes, w, flows)
        payoff(b, given, form, lanes, w, flows)
