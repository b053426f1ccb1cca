"""Phases 3 and 4, compiled: beliefs and choices, a block of lanes after another, region by region."""

from typing import Any

from qipan.model.compiled.arithmetic.kernels import (
    add,
    beside_sectors,
    clear,
    gathered,
    presence,
    softmax_over_sectors,
    top_choice,
    total_over_sectors,
)
from qipan.model.compiled.arithmetic.primitives import logarithm
from qipan.model.compiled.arithmetic.words import normals
from qipan.model.compiled.compiling import called, entry, inlined
from qipan.model.compiled.forms import perceived
from qipan.model.compiled.rules import (
    anticipated,
    behavioural_terms,
    blended,
    gain,
    kept_while_waiting,
    noisy_utility,
    perceived_variance,
    running_mean,
    signal,
    split_exponent,
    unseen_share,
    updated_belief,
    updated_variance,
)

BELIEF, FIT, UNIFORM, INCUMBENT, BEFORE, OTHERS, FORECAST, PEERS = 0, 1, 2, 3, 4, 5, 6, 7
QUICK, LISTED, PILOT, ASSIGNED, VARIANCE = 8, 9, 10, 11, 12


@entry
def believe(uniform: Any, heard: Any, s: Any, w: Any, belief: Any, variance: Any) -> None:
    """Signals heard, beliefs updated in place, mixed with each other's and with the coordinator's word."""
    blocks, regions, row = uniform.shape
    noise, mean, unseen = w.choice[0], w.choice[1], w.choice[2]
    for b in range(blocks):
        clear(mean)
        for c in range(row):
            unseen[c] = unseen_share(heard.demand[b, c], heard.mature[b, c])
        for r in range(regions):
            normals(uniform[b, r], w.place, w.far, noise)
            _updated(heard, b, heard.bias[b, r], s, noise, unseen, belief[b, r], variance[b, r])
            add(belief[b, r], mean)
        for c in range(row):
            mean[c] = mean[c] / regions
        for r in range(regions):
            _mixed(mean, heard.word[b], s, belief[b, r])


@inlined
def _updated(heard: Any, b: int, bias: Any, s: Any, noise: Any, unseen: Any, belief: Any, variance: Any) -> None:
    """A region's beliefs after its own signals."""
    worth, common, declared = heard.worth[b], heard.common[b], heard.declared[b]
    for c in range(noise.size):
        error = common[c] + blended(bias[c], s.definition, declared[c])
        news = signal(worth[c], error, unseen[c], s.spread, noise[c])
        weight = 1.0 if s.face_value > 0.0 else gain(variance[c], s.noise_variance)
        belief[c] = updated_belief(belief[c], weight, news)
        variance[c] = updated_variance(variance[c], weight)


@inlined
def _mixed(mean: Any, word: Any, s: Any, belief: Any) -> None:
    """A region's beliefs after what regions and the coordinator told each other."""
    for c in range(mean.size):
        belief[c] = blended(blended(belief[c], s.pooling, mean[c]), s.information, word[c])


@entry
def decide(o: Any, places: Any, form: Any, s: Any, room: Any) -> None:
    """One turn of layouts and splits, in place. Of each region only the lanes that may revise are worked on, gathered
    side by side; the others keep what they had.
    """
    blocks, regions, lanes = o.uniform.shape[0], o.uniform.shape[1], o.revises.shape[2]
    sectors = o.uniform.shape[2] // lanes
    for row in range(room.seen.shape[0]):
        clear(room.seen[row])
    for b in range(blocks):
        _public(o, b, s, lanes, room.choice, room.count)
        presence(o.incumbent[b] if s.turns > 1.0 else o.layout[b], places.tiers, room.counted)
        for r in range(regions):
            moving, wide = _moving(o.revises[b, r], room.place)
            if moving > 0:
                _look(o, b, r, room.place, wide, places, s, room)
                _weigh(o, b, r, room.place, wide, places, s, room.seen)
                _decision(room.seen, places.breadth[r], form, s, wide, sectors * wide, room.choice)
                _put(room.choice[6], room.place, moving, wide, lanes, o.layout[b, r])
                _put(room.choice[7], room.place, moving, wide, lanes, o.portfolio[b, r])


@inlined
def _moving(revises: Any, place: Any) -> Any:
    """Which lanes may revise: how many, and that number filled up to whole vectors by copies of the last."""
    moving, lanes = 0, revises.size
    for lane in range(lanes):
        place[moving] = lane
        moving += revises[lane] > 0.0
    wide = min((moving + 3) // 4 * 4, lanes)
    for j in range(max(moving, 1), wide):
        place[j] = place[moving - 1]
    return moving, wide


@inlined
def _put(chosen: Any, place: Any, moving: int, wide: int, lanes: int, out: Any) -> None:
    """What those who may revise chose, back in their lanes."""
    for k in range(out.size // lanes):
        for j in range(moving):
            out[k * lanes + place[j]] = chosen[k * wide + j]


@called
def _public(o: Any, b: int, s: Any, lanes: int, w: Any, count: Any) -> None:
    """What everybody sees: regions in each sector, and a forecast of where they will go, as shares."""
    past = o.past_layout if s.average > 0.0 else o.layout
    regions = past.shape[1]
    clear(count[0])
    clear(count[1])
    for r in range(regions):
        add(past[b, r], count[0])
    if s.foresight > 0.0 and s.average == 0.0:
        for c in range(w.shape[1]):
            w[0, c], w[1, c] = 0.0, 1.0
        for r in range(regions):
            add(o.belief[b, r], w[0])
        scale = s.temperature if s.temperature > 0.05 else 0.05
        for c in range(w.shape[1]):
            w[0, c] = w[0, c] / regions / scale
        softmax_over_sectors(w[0], w[1], lanes, w[2], count[1])


@inlined
def _look(o: Any, b: int, r: int, place: Any, wide: int, places: Any, s: Any, room: Any) -> None:
    """What a region knows of itself, of its rivals and of its peers, for the lanes at `place`."""
    belief, fit, uniform, before, layout = (
        o.belief[b, r],
        o.log_fit[b, r],
        o.uniform[b, r],
        o.portfolio[b, r],
        o.layout[b, r],
    )
    incumbent = o.incumbent[b, r] if s.turns > 1.0 else layout
    past = o.past_layout[b, r] if s.average > 0.0 else layout
    seen, count, lanes, tier = room.seen, room.count, o.revises.shape[2], places.tiers[r]
    counted, shares = room.counted[tier], places.tier_shares[tier]
    for k in range(belief.size // lanes):
        for j in range(wide):
            there, here = k * lanes + place[j], k * wide + j
            seen[BELIEF, here], seen[FIT, here], seen[UNIFORM, here] = belief[there], fit[there], uniform[there]
            seen[INCUMBENT, here], seen[BEFORE, here] = incumbent[there], before[there]
            seen[OTHERS, here], seen[FORECAST, here] = count[0, there] - past[there], count[1, there]
            seen[PEERS, here] = shares[int(counted[there] - incumbent[there])]


@inlined
def _weigh(o: Any, b: int, r: int, place: Any, wide: int, places: Any, s: Any, seen: Any) -> None:
    """What moves a choice beside the payoff, for the lanes at `place`; zero where it has no weight."""
    lanes, readiness = o.revises.shape[2], places.readiness
    if s.tournament > 0.0:
        gathered(places.quick, place, wide, lanes, seen[QUICK])
    if s.list_weight > 0.0:
        gathered(o.key_areas[b], place, wide, lanes, seen[LISTED])
    if s.pilot_weight > 0.0:
        gathered(o.pilots[b, r], place, wide, lanes, seen[PILOT])
    if s.layout_weight > 0.0:
        gathered(o.assigned[b, r], place, wide, lanes, seen[ASSIGNED])
    if s.risk_aversion > 0.0:
        variance = o.variance[b, r]
        for k in range(variance.size // lanes):
            for j in range(wide):
                there = k * lanes + place[j]
                seen[VARIANCE, k * wide + j] = perceived_variance(variance[there], readiness[there])


@called
def _decision(seen: Any, breadth: float, form: Any, s: Any, wide: int, size: int, w: Any) -> None:
    """The layout into row 6 and the split into row 7, for what is seen; `size` numbers of each row are in use."""
    foresight, slots = 0.0 if s.average > 0.0 else s.foresight, s.slots - breadth
    for c in range(size):
        w[0, c] = anticipated(seen[OTHERS, c], seen[FORECAST, c], slots, foresight) + 1.0
    perceived(form, seen[BELIEF, :size], seen[FIT, :size], w[0, :size], w[1, :size])
    _utility(seen, s, size, w)
    top_choice(w[4, :size], breadth, s.waiting, wide, w[5], w[6, :size])
    _split(seen[BEFORE], s, wide, size, w)


@inlined
def _utility(seen: Any, s: Any, size: int, w: Any) -> None:
    """Utility into row 1, utility with noise into row 4."""
    for c in range(size):
        w[1, c] += behavioural_terms(
            seen[PEERS, c],
            seen[QUICK, c],
            seen[LISTED, c],
            seen[PILOT, c],
            1.0 - seen[ASSIGNED, c],
            seen[INCUMBENT, c],
            seen[VARIANCE, c],
            s.imitation,
            s.tournament,
            s.list_weight,
            s.pilot_weight,
            s.layout_weight,
            s.switching_cost,
            s.risk_aversion,
        )
    for c in range(size):
        w[4, c] = -logarithm(seen[UNIFORM, c])
    for c in range(size):
        w[4, c] = noisy_utility(w[1, c], s.temperature, -logarithm(w[4, c]))


@inlined
def _split(before: Any, s: Any, wide: int, size: int, w: Any) -> None:
    """The split over the layout of row 6, into row 7."""
    for c in range(size):
        w[1, c] = split_exponent(w[1, c], s.split_temperature)
    softmax_over_sectors(w[1, :size], w[6, :size], wide, w[2], w[7, :size])
    total_over_sectors(w[6, :size], wide, w[4])
    beside_sectors(w[4], wide, w[2, :size])
    for c in range(size):
        w[7, c] = kept_while_waiting(w[7, c], w[2, c], before[c])


@entry
def remember(past: Any, layout: Any, count: float) -> None:
    """The mean of all layouts so far, with this year's, in place."""
    for b in range(past.shape[0]):
        for r in range(past.shape[1]):
            for c in range(past.shape[2]):
                past[b, r, c] = running_mean(past[b, r, c], layout[b, r, c], count)
