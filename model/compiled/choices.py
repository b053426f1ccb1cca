"""Phase 4, compiled: the one loop that is written by hand. Of each region only the replicates that may revise are
worked on, gathered side by side; a row holds the sectors of a region, and of each sector some thirty replicates.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model import nation, region
from model.compiled.compiling import called, entry, inlined
from model.compiled.forms import form_of, perceived
from model.compiled.kernels import (
    beside_sectors,
    clear,
    softmax_over_sectors,
    top_choice,
    total_over_sectors,
)
from model.compiled.loops import Loops, compiled_rule
from model.compiled.memory import Rooms
from model.compiled.primitives import logarithm
from model.draws import Stream
from model.moment import Moment
from model.peers import tiers_in
from model.phases.choices import remember

if TYPE_CHECKING:
    from model.case import Case

WIDE = 32
"""Most replicates in a row: eight rows of six sectors then stay in the first-level cache."""

BELIEF, FIT, UNIFORM, INCUMBENT, BEFORE, OTHERS, FORECAST, PEERS = 0, 1, 2, 3, 4, 5, 6, 7
QUICK, LISTED, PILOT, ASSIGNED, VARIANCE = 8, 9, 10, 11, 12

anticipated = compiled_rule(nation.anticipated)
behavioural_terms = compiled_rule(region.behavioural_terms)
kept_while_waiting = compiled_rule(region.kept_while_waiting)
noisy_utility = compiled_rule(region.noisy_utility)
perceived_variance = compiled_rule(region.perceived_variance)
remixed = compiled_rule(region.remixed)
split_exponent = compiled_rule(region.split_exponent)


class Taste(NamedTuple):
    """Settings of a choice; `average` is one under fictitious play."""

    imitation: float
    tournament: float
    list_weight: float
    pilot_weight: float
    layout_weight: float
    switching_cost: float
    risk_aversion: float
    temperature: float
    split_temperature: float
    outside_option: float
    foresight: float
    slots: float
    relabelling: float
    average: float


class Outlooks(NamedTuple):
    """What regions look at, (region, sector, replicate), the national list without regions; layouts and portfolios are
    written into.
    """

    uniform: Any
    belief: Any
    variance: Any
    log_fit: Any
    key_areas: Any
    pilots: Any
    assigned: Any
    incumbent: Any
    past_layout: Any
    revises: Any
    layout: Any
    portfolio: Any


class Places(NamedTuple):
    """What is the same in every replicate: (sector,) readiness and speed, (region,) breadths, and tiers of peers."""

    readiness: Any
    quick: Any
    breadth: Any
    tiers: Any
    tier_shares: Any


class Room(NamedTuple):
    """Work space: eight rows, what is seen in thirteen, regions counted in each sector now and in a forecast, and by
    tier of peers; places of those who move.
    """

    rows: Any
    seen: Any
    count: Any
    counted: Any
    place: Any


class Choices:
    """The choices of a block."""

    def __init__(self, case: "Case", loops: Loops, rooms: Rooms) -> None:
        tiers, form = tiers_in(case.world), form_of(case.payoff)
        assert tiers is not None and form is not None, "choices are left to NumPy otherwise"
        self._loops, self._rooms, self._form = loops, rooms, form
        quick, breadth = np.array(case.quick), case.world.breadth.astype(np.float64)
        self._places = Places(np.array(case.world.readiness), quick, breadth, tiers.tier, tiers.shares)
        row = quick.size * WIDE
        sizes = (8, row), (13, row), (2, row), (len(tiers.shares), row)
        self._room = Room(*(np.empty(size) for size in sizes), np.empty(row, dtype=np.int64))

    def choose(self, now: Moment) -> None:
        """4. As `phases.choices.choose`."""
        case, state, laid, taste = now.case, now.state, self._loops.laid, taste_of(now)
        layout, portfolio = (self._rooms.take(*laid(stock).shape) for stock in (state.layout, state.portfolio))
        layout[...], portfolio[...] = laid(state.layout), laid(state.portfolio)
        seen = {name: laid(getattr(state, name)) for name in SEEN}
        seen |= {"incumbent": laid(state.layout), "layout": layout, "portfolio": portfolio}
        for turn in case.revision.turns(now.year, state.adopted, now.flows["newly"], case.draws):
            uniform = laid(case.draws.uniform(Stream.CHOICE, year=now.year, round=turn.round))
            looks = Outlooks(uniform=uniform, revises=laid(turn.revises), **seen)
            decide(looks, self._places, self._form, taste, WIDE, self._room)
        state.layout, state.portfolio = layout.transpose(2, 0, 1), portfolio.transpose(2, 0, 1)
        if taste.average:  # nobody looks at it otherwise
            remember(now)


SEEN = ("belief", "variance", "log_fit", "key_areas", "pilots", "assigned", "past_layout")
"""Stocks that regions look at."""


def taste_of(now: Moment) -> Taste:
    """Settings of choices this year."""
    weights, word = now.case.behaviour, now.mandate
    found = {name: float(getattr(word, name, getattr(weights, name, 0.0))) for name in Taste._fields}
    slots, average = float(now.case.world.breadth.sum()), float(weights.rule == "fictitious_play")
    return Taste(**found | {"slots": slots, "average": average})


@entry
def decide(o: Any, places: Any, form: Any, s: Any, widest: int, room: Any) -> None:
    """One turn of layouts and splits, in place; those who may not revise keep what they had."""
    regions, sectors, count = o.uniform.shape
    for row in range(room.seen.shape[0]):
        clear(room.seen[row])
    for low in range(0, count, widest):
        lanes = min(widest, count - low)
        _public(o, low, lanes, s, room.rows, room.count)
        _presence(o.incumbent, low, lanes, places.tiers, room.counted)
        for r in range(regions):
            moving, wide = _moving(o.revises[r], low, lanes, room.place)
            if moving > 0:
                _look(o, r, low, lanes, room.place, wide, places, s, room)
                _weigh(o, r, low, room.place, wide, places, s, room.seen)
                _decision(room.seen, places.breadth[r], form, s, wide, sectors * wide, room.rows)
                _put(room.rows[6], room.place, moving, wide, low, o.layout[r])
                _put(room.rows[7], room.place, moving, wide, low, o.portfolio[r])


@inlined
def _moving(revises: Any, low: int, lanes: int, place: Any) -> Any:
    """Which replicates may revise: how many, and that number filled up to whole vectors by copies of the last."""
    moving = 0
    for lane in range(lanes):
        place[moving] = lane
        moving += revises[low + lane] > 0.0
    wide = min((moving + 3) // 4 * 4, lanes)
    for j in range(max(moving, 1), wide):
        place[j] = place[moving - 1]
    return moving, wide


@inlined
def _put(chosen: Any, place: Any, moving: int, wide: int, low: int, out: Any) -> None:
    """What those who may revise chose, back in its place."""
    for k in range(out.shape[0]):
        for j in range(moving):
            out[k, low + place[j]] = chosen[k * wide + j]


@inlined
def _add(values: Any, low: int, lanes: int, out: Any) -> None:
    """Add some replicates of a region to a row."""
    for k in range(values.shape[0]):
        for lane in range(lanes):
            out[k * lanes + lane] += values[k, low + lane]


@called
def _presence(layout: Any, low: int, lanes: int, tiers: Any, out: Any) -> None:
    """How many regions of each tier are in a sector, (tier, sector * lane)."""
    for tier in range(out.shape[0]):
        clear(out[tier])
    for r in range(tiers.size):
        _add(layout[r], low, lanes, out[tiers[r]])


@called
def _public(o: Any, low: int, lanes: int, s: Any, w: Any, count: Any) -> None:
    """What everybody sees: regions in each sector, and a forecast of where they will go, as shares."""
    past = o.past_layout if s.average > 0.0 else o.layout
    regions, size = past.shape[0], past.shape[1] * lanes
    clear(count[0])
    clear(count[1])
    for r in range(regions):
        _add(past[r], low, lanes, count[0])
    if s.foresight > 0.0 and s.average == 0.0:
        clear(w[0])
        for c in range(size):
            w[1, c] = 1.0
        for r in range(regions):
            _add(o.belief[r], low, lanes, w[0])
        scale = s.temperature if s.temperature > 0.05 else 0.05
        for c in range(size):
            w[0, c] = w[0, c] / regions / scale
        softmax_over_sectors(w[0, :size], w[1, :size], lanes, w[2], count[1, :size])


@inlined
def _look(o: Any, r: int, low: int, lanes: int, place: Any, wide: int, places: Any, s: Any, room: Any) -> None:
    """What a region knows of itself, of its rivals and of its peers, for the replicates at `place`."""
    belief, fit, uniform, before, incumbent = o.belief[r], o.log_fit[r], o.uniform[r], o.portfolio[r], o.incumbent[r]
    past = o.past_layout[r] if s.average > 0.0 else o.layout[r]
    seen, count, tier = room.seen, room.count, places.tiers[r]
    counted, shares = room.counted[tier], places.tier_shares[tier]
    for k in range(belief.shape[0]):
        for j in range(wide):
            there, here, n = k * lanes + place[j], k * wide + j, low + place[j]
            seen[BELIEF, here], seen[FIT, here], seen[UNIFORM, here] = belief[k, n], fit[k, n], uniform[k, n]
            seen[INCUMBENT, here], seen[BEFORE, here] = incumbent[k, n], before[k, n]
            seen[OTHERS, here], seen[FORECAST, here] = count[0, there] - past[k, n], count[1, there]
            seen[PEERS, here] = shares[int(counted[there] - incumbent[k, n])]


@inlined
def _gathered(values: Any, place: Any, wide: int, low: int, out: Any) -> None:
    """The replicates at `place` side by side."""
    for k in range(values.shape[0]):
        for j in range(wide):
            out[k * wide + j] = values[k, low + place[j]]


@inlined
def _weigh(o: Any, r: int, low: int, place: Any, wide: int, places: Any, s: Any, seen: Any) -> None:
    """What moves a choice beside the payoff, for the replicates at `place`; zero where it has no weight."""
    if s.tournament > 0.0:
        for k in range(places.quick.size):
            for j in range(wide):
                seen[QUICK, k * wide + j] = places.quick[k]
    if s.list_weight > 0.0:
        _gathered(o.key_areas, place, wide, low, seen[LISTED])
    if s.pilot_weight > 0.0:
        _gathered(o.pilots[r], place, wide, low, seen[PILOT])
    if s.layout_weight > 0.0:
        _gathered(o.assigned[r], place, wide, low, seen[ASSIGNED])
    if s.risk_aversion > 0.0:
        for k in range(places.readiness.size):
            for j in range(wide):
                seen[VARIANCE, k * wide + j] = perceived_variance(o.variance[r, k, low + place[j]], places.readiness[k])


@called
def _decision(seen: Any, breadth: float, form: Any, s: Any, wide: int, size: int, w: Any) -> None:
    """The layout into row 6 and the split into row 7, for what is seen; `size` numbers of each row are in use."""
    foresight, slots = 0.0 if s.average > 0.0 else s.foresight, s.slots - breadth
    for c in range(size):
        w[0, c] = anticipated(seen[OTHERS, c], seen[FORECAST, c], slots, foresight) + 1.0
    perceived(form, seen[BELIEF, :size], seen[FIT, :size], w[0, :size], w[1, :size])
    _utility(seen, s, size, w)
    top_choice(w[4, :size], breadth, s.outside_option, wide, w[5], w[6, :size])
    _split(seen[BEFORE], s, wide, size, w)


@inlined
def _utility(seen: Any, s: Any, size: int, w: Any) -> None:
    """Utility into row 1, utility with noise into row 4."""
    for c in range(size):
        w[1, c] += behavioural_terms(
            seen[PEERS, c], seen[QUICK, c], seen[LISTED, c], seen[PILOT, c], 1.0 - seen[ASSIGNED, c],
            seen[INCUMBENT, c], seen[VARIANCE, c], s.imitation, s.tournament, s.list_weight,
            s.pilot_weight, s.layout_weight, s.switching_cost, s.risk_aversion,
        )  # fmt: skip
    for c in range(size):
        w[4, c] = -logarithm(seen[UNIFORM, c])
    for c in range(size):
        w[4, c] = noisy_utility(w[1, c], s.temperature, -logarithm(w[4, c]))


@inlined
def _split(before: Any, s: Any, wide: int, size: int, w: Any) -> None:
    """The split over the layout of row 6, into row 7; a part of it by last year's split."""
    for c in range(size):
        w[1, c] = split_exponent(w[1, c], s.split_temperature)
    softmax_over_sectors(w[1, :size], w[6, :size], wide, w[2], w[7, :size])
    if s.relabelling > 0.0:
        for c in range(size):
            w[2, c] = w[6, c] * before[c]
        total_over_sectors(w[2, :size], wide, w[4])
        beside_sectors(w[4], wide, w[3, :size])
        for c in range(size):
            w[7, c] = remixed(w[7, c], w[2, c], w[3, c], s.relabelling)
    total_over_sectors(w[6, :size], wide, w[4])
    beside_sectors(w[4], wide, w[2, :size])
    for c in range(size):
        w[7, c] = kept_while_waiting(w[7, c], w[2, c], before[c])


