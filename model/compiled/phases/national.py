"""What is national in phases 5 to 7, for one block of lanes, compiled: before regions act, and after."""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import beside_sectors, clear, copied, total_over_sectors
from qipan.model.compiled.arithmetic.words import normals
from qipan.model.compiled.compiling import called, inlined
from qipan.model.compiled.phases.investing import INDUSTRIAL, PILOT, RESEARCH
from qipan.model.compiled.rules import (
    breakthrough_probability,
    business_cycle,
    happens,
    return_rate,
    sound_books,
    unit_cost,
)


@called
def prepare(b: int, old: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """What is national before any region acts: costs, returns, the business cycle, the common part of luck."""
    sectors = w.cycle.size // lanes
    total_over_sectors(old.utilisation[b], lanes, w.one)
    for lane in range(lanes):
        w.one[lane] = business_cycle(w.one[lane] / sectors, s.venture_cyclicality)
    beside_sectors(w.one, lanes, w.cycle)
    normals(given.common[b], w.place, w.far, w.common)
    cumulative, reference, broken = old.cumulative[b], given.reference[b], old.breakthrough[b]
    for c in range(w.cycle.size):
        w.cost[RESEARCH, c], w.cost[PILOT, c] = s.research_cost, s.pilot_cost
        w.cost[INDUSTRIAL, c] = unit_cost(s.industrial_cost, cumulative[c], reference[c], s.learning)
        flag = broken[c]
        w.boost[c] = s.breakthrough_boost if flag > 0.0 else 1.0
    used, price, success = old.utilisation[b], old.price[b], table.success[INDUSTRIAL]
    for c in range(w.cycle.size):
        w.gross[c] = return_rate(success, s.margin, s.capital_productivity, used[c], price[c], 1.0, 0.0)
        for stage in range(3):
            w.bought[stage, c] = 1.0 / w.cost[stage, c]
    copied(w.cost[INDUSTRIAL], w.learned)
    _audit(b, old, s, w)
    for c in range(w.productive.size):
        w.productive[c] = 1.0 - s.old_wine
    if s.footloose > 0.0:
        _invite(b, old, given, table, w)


@inlined
def _audit(b: int, old: Any, s: Any, w: Any) -> None:
    """How willing banks are with the bad loans on their books, into w.sound."""
    for c in range(w.sound.size):
        w.sound[c] = 1.0
    if s.bank_caution > 0.0:
        clear(w.near)
        clear(w.rate)
        for r in range(old.arrears.shape[1]):
            arrears, performing, cohort = old.arrears[b, r], old.performing[b, r], old.cohort_loans[b, r]
            for c in range(w.sound.size):
                w.near[c] += arrears[c]
                w.rate[c] += arrears[c] + performing[c] + cohort[c]
        for c in range(w.sound.size):
            w.sound[c] = sound_books(w.near[c], w.rate[c], s.bank_caution)


@inlined
def _invite(b: int, old: Any, given: Any, table: Any, w: Any) -> None:
    """The nation's plant, and how much money calls for each sector."""
    clear(w.plant)
    clear(w.invited)
    for r in range(table.size.size):
        capacity, portfolio, size = old.capacity[b, r], given.portfolio[b, r], table.size[r]
        for c in range(w.plant.size):
            w.plant[c] += capacity[c]
            w.invited[c] += portfolio[c] * size


@called
def discover(b: int, old: Any, given: Any, table: Any, s: Any, lanes: int, w: Any) -> None:
    """Breakthroughs may happen, at home or abroad; capacity ever built grows."""
    beside_sectors(given.effort[b], lanes, w.rate)
    home, abroad, broken, foreign = given.home[b], given.abroad[b], old.breakthrough[b], old.foreign[b]
    cumulative = old.cumulative[b]
    for c in range(w.effort.size):
        odds = breakthrough_probability(s.breakthrough_rate, table.readiness[c], w.effort[c], w.rate[c])
        broken[c] = max(broken[c], happens(home[c], odds))
        foreign[c] = max(foreign[c], happens(abroad[c], s.foreign_hazard))
        cumulative[c] = cumulative[c] + w.built[c]
