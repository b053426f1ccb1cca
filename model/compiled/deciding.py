"""Phases 3 and 4, compiled: beliefs and choices, a block of lanes after another, region by region."""

from typing import Any

from model.compiled.forms import perceived
from model.compiled.kernels import (
    add,
    beside_sectors,
    clear,
    presence,
    softmax_over_sectors,
    top_choice,
    total_over_sectors,
)
from model.compiled.primitives import called, entry, inlined, logarithm
from model.compiled.rules import (
    anticipated,
    behavioural_terms,
    blended,
    gain,
    kept_while_waiting,
    noisy_utility,
    perceived_variance,
    remixed,
    running_mean,
    signal,
    split_exponent,
    updated_belief,
    updated_variance,
)
from model.compiled.words import normals


@entry
def believe(uniform: Any, heard: Any, s: Any, w: Any, belief: Any, variance: Any) -> None:
    """Signals heard, beliefs updated in place, mixed with each other's and with the coordinator's word."""
    blocks, regions, row = uniform.shape
    noise, mean = w.choice[0], w.choice[1]
    for b in range(blocks):
        clear(mean)
        for r in range(regions):
            normals(uniform[b, r], w.place, w.far, noise)
            _updated(heard, b, heard.bias[b, r], s, noise, belief[b, r], variance[b, r])
            add(belief[b, r], mean)
        for c in range(row):
            mean[c] = mean[c] / regions
        for r in range(regions):
            _mixed(mean, heard.word[b], s, belief[b, r])


@inlined
def _updated(heard: Any, b: int, bias: Any, s: Any, noise: Any, belief: Any, variance: Any) -> None:
    """A region's beliefs after its own signals."""
    worth, common, declared, unseen = heard.worth[b], heard.common[b], heard.declared[b], heard.unseen[b]
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
def decide(o: Any, places: Any, form: Any, s: Any, room: Any, new_layout: Any, new_portfolio: Any) -> None:
    """One turn of layouts and splits: regions that may not revise keep what they had."""
    blocks, regions, lanes = o.uniform.shape[0], o.uniform.shape[1], o.revises.shape[2]
    w, count, counted = room.choice, room.count, room.counted
    for b in range(blocks):
        _public(o, b, s, lanes, w, count)
        presence(o.incumbent[b], places.tiers, counted)
        for r in range(regions):
            _rivals(o, b, r, places.breadth[r], s, count, w[0])
            perceived(form, o.belief[b, r], o.log_fit[b, r], w[0], w[1])
            _peers(o.incumbent[b, r], counted[places.tiers[r]], places.tier_shares[places.tiers[r]], w[2])
            _utility(o, b, r, places, s, w)
            top_choice(w[4], places.breadth[r], s.outside_option, lanes, w[5], w[6])
            _split(o.portfolio[b, r], s, lanes, w)
            beside_sectors(o.revises[b, r], lanes, w[0])
            _put(w[0], w[6], o.layout[b, r], new_layout[b, r])
            _put(w[0], w[7], o.portfolio[b, r], new_portfolio[b, r])


@inlined
def _put(moves: Any, chosen: Any, before: Any, out: Any) -> None:
    """What those who may revise chose, what the others had."""
    for c in range(out.size):
        mine, kept, may = chosen[c], before[c], moves[c]
        out[c] = mine if may > 0.0 else kept


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
def _rivals(o: Any, b: int, r: int, breadth: float, s: Any, count: Any, out: Any) -> None:
    """Regions in each sector if one more joined those expected there."""
    past = o.past_layout[b, r] if s.average > 0.0 else o.layout[b, r]
    foresight, slots = 0.0 if s.average > 0.0 else s.foresight, s.slots - breadth
    for c in range(out.size):
        out[c] = anticipated(count[0, c] - past[c], count[1, c], slots, foresight) + 1.0


@inlined
def _peers(incumbent: Any, counted: Any, shares: Any, out: Any) -> None:
    """Share of a region's peers that are in each sector."""
    for c in range(out.size):
        out[c] = shares[int(counted[c] - incumbent[c])]


@inlined
def _utility(o: Any, b: int, r: int, places: Any, s: Any, w: Any) -> None:
    """Utility into row 1, utility with noise into row 4."""
    pilots, assigned, listed = o.pilots[b, r], o.assigned[b, r], o.key_areas[b]
    incumbent, variance, uniform = o.incumbent[b, r], o.variance[b, r], o.uniform[b, r]
    quick, readiness = places.quick, places.readiness
    for c in range(w.shape[1]):
        w[1, c] += behavioural_terms(
            w[2, c], quick[c], listed[c], pilots[c], 1.0 - assigned[c], incumbent[c],
            perceived_variance(variance[c], readiness[c]), s.imitation, s.tournament, s.list_weight,
            s.pilot_weight, s.layout_weight, s.switching_cost, s.risk_aversion,
        )  # fmt: skip
    for c in range(w.shape[1]):
        w[4, c] = -logarithm(uniform[c])
    for c in range(w.shape[1]):
        w[4, c] = noisy_utility(w[1, c], s.temperature, -logarithm(w[4, c]))


@inlined
def _split(before: Any, s: Any, lanes: int, w: Any) -> None:
    """The split over the layout of row 6, into row 7; a part of it by last year's split."""
    for c in range(before.size):
        w[1, c] = split_exponent(w[1, c], s.split_temperature)
    softmax_over_sectors(w[1], w[6], lanes, w[2], w[7])
    if s.relabelling > 0.0:
        for c in range(before.size):
            w[2, c] = w[6, c] * before[c]
        total_over_sectors(w[2], lanes, w[4])
        beside_sectors(w[4], lanes, w[3])
        for c in range(before.size):
            w[7, c] = remixed(w[7, c], w[2, c], w[3, c], s.relabelling)
    total_over_sectors(w[6], lanes, w[4])
    beside_sectors(w[4], lanes, w[2])
    for c in range(before.size):
        w[7, c] = kept_while_waiting(w[7, c], w[2, c], before[c])


@entry
def remember(past: Any, layout: Any, count: float) -> None:
    """The mean of all layouts so far, with this year's, in place."""
    for b in range(past.shape[0]):
        for r in range(past.shape[1]):
            for c in range(past.shape[2]):
                past[b, r, c] = running_mean(past[b, r, c], layout[b, r, c], count)
