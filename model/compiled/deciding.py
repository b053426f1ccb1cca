"""Phases 3 and 4, compiled: beliefs and choices of all regions, one replicate after another."""

from typing import Any

import numpy as np

from model.compiled.forms import perceived
from model.compiled.kernels import (
    mean_over_tier,
    over_sectors,
    softmax_over_sectors,
    top_choice,
    total_over_regions,
    total_over_sectors,
)
from model.compiled.primitives import called, entry, inlined
from model.compiled.rules import (
    anticipated,
    behavioural_terms,
    blended,
    gain,
    kept_while_waiting,
    noisy_utility,
    perceived_variance,
    remixed,
    signal,
    split_exponent,
    updated_belief,
    updated_variance,
)
from model.compiled.words import gumbel_of, normals


@entry
def believe(
    uniform: Any, worth: Any, common: Any, bias: Any, declared: Any, unseen: Any, word: Any, s: Any,
    belief: Any, variance: Any, new_belief: Any, new_variance: Any,
) -> None:  # fmt: skip
    """Signals heard, beliefs updated, mixed with each other's and with the coordinator's word."""
    (n, pairs), sectors = uniform.shape, worth.shape[1]
    w, mean = np.empty((6, pairs)), np.empty(sectors)
    for i in range(n):
        over_sectors(worth[i], sectors, w[0])
        over_sectors(common[i], sectors, w[1])
        over_sectors(declared[i], sectors, w[2])
        over_sectors(unseen[i], sectors, w[3])
        normals(uniform[i], w[4])
        for c in range(pairs):
            error = w[1, c] + blended(bias[i, c], s.definition, w[2, c])
            w[5, c] = signal(w[0, c], error, w[3, c], s.spread, w[4, c])
        for c in range(pairs):
            weight = 1.0 if s.face_value > 0.0 else gain(variance[i, c], s.noise_variance)
            new_belief[i, c] = updated_belief(belief[i, c], weight, w[5, c])
            new_variance[i, c] = updated_variance(variance[i, c], weight)
        _mixed(new_belief[i], word[i], s, sectors, w, mean)


@inlined
def _mixed(belief: Any, word: Any, s: Any, sectors: int, w: Any, mean: Any) -> None:
    """A year's beliefs after what regions and the coordinator told each other."""
    total_over_regions(belief, sectors, w[0], mean)
    for k in range(sectors):
        mean[k] = mean[k] / (belief.size // sectors)
    over_sectors(mean, sectors, w[0])
    over_sectors(word, sectors, w[1])
    for c in range(belief.size):
        belief[c] = blended(blended(belief[c], s.pooling, w[0, c]), s.information, w[1, c])


@entry
def decide(o: Any, places: Any, form: Any, s: Any, new_layout: Any, new_portfolio: Any) -> None:
    """One turn of layouts and splits: regions that may not revise keep what they had."""
    (n, pairs), sectors = o.uniform.shape, o.key_areas.shape[1]
    w, sums = np.empty((8, pairs)), np.empty((2, sectors))
    counted = np.empty((places.tier_shares.shape[0], sectors))
    for i in range(n):
        _rivals(o, i, places.breadth, s, sectors, w, sums)
        perceived(form, o.belief[i], o.log_fit[i], w[0], w[1])
        mean_over_tier(o.incumbent[i], places.tiers, counted, places.tier_shares, sectors, w[2])
        over_sectors(o.key_areas[i], sectors, w[3])
        _utility(o, i, places, s, w)
        top_choice(w[4], places.breadth, s.outside_option, sectors, w[5], w[6])
        _split(o.portfolio[i], s, sectors, w)
        for c in range(pairs):
            moves = o.revises[i, c // sectors] > 0.0
            new_layout[i, c] = w[6, c] if moves else o.layout[i, c]
            new_portfolio[i, c] = w[7, c] if moves else o.portfolio[i, c]


@inlined
def _rivals(o: Any, i: int, breadth: Any, s: Any, sectors: int, w: Any, sums: Any) -> None:
    """Regions in each sector if one more joined those expected there, into row 0."""
    past = o.past_layout[i] if s.average > 0.0 else o.layout[i]
    total_over_regions(past, sectors, w[1], sums[0])
    over_sectors(sums[0], sectors, w[1])
    w[2, :] = 0.0
    foresight = 0.0 if s.average > 0.0 else s.foresight
    if foresight > 0.0:
        _forecast(o.belief[i], s, sectors, w, sums)
    for c in range(past.size):
        w[0, c] = anticipated(w[1, c] - past[c], w[2, c], s.slots - breadth[c], foresight) + 1.0


@called
def _forecast(belief: Any, s: Any, sectors: int, w: Any, sums: Any) -> None:
    """A public forecast of where regions will go, as shares, into row 2."""
    total_over_regions(belief, sectors, w[2], sums[0])
    scale = s.temperature if s.temperature > 0.05 else 0.05
    for k in range(sectors):
        sums[0, k] = sums[0, k] / (belief.size // sectors) / scale
    softmax_over_sectors(sums[0], np.ones(sectors), sectors, sums[1])
    over_sectors(sums[1], sectors, w[2])


@inlined
def _utility(o: Any, i: int, places: Any, s: Any, w: Any) -> None:
    """Utility into row 1, utility with noise into row 4."""
    for c in range(w.shape[1]):
        w[1, c] += behavioural_terms(
            w[2, c], places.quick[c], w[3, c], o.pilots[i, c], 1.0 - o.assigned[i, c], o.incumbent[i, c],
            perceived_variance(o.variance[i, c], places.readiness[c]), s.imitation, s.tournament, s.list_weight,
            s.pilot_weight, s.layout_weight, s.switching_cost, s.risk_aversion,
        )  # fmt: skip
    for c in range(w.shape[1]):
        w[4, c] = noisy_utility(w[1, c], s.temperature, gumbel_of(o.uniform[i, c]))


@inlined
def _split(before: Any, s: Any, sectors: int, w: Any) -> None:
    """The split over the layout of row 6, into row 7; a part of it by last year's split."""
    for c in range(before.size):
        w[1, c] = split_exponent(w[1, c], s.split_temperature)
    softmax_over_sectors(w[1], w[6], sectors, w[7])
    if s.relabelling > 0.0:
        for c in range(before.size):
            w[2, c] = w[6, c] * before[c]
        total_over_sectors(w[2], sectors, w[3])
        for c in range(before.size):
            w[7, c] = remixed(w[7, c], w[2, c], w[3, c], s.relabelling)
    total_over_sectors(w[6], sectors, w[2])
    for c in range(before.size):
        w[7, c] = kept_while_waiting(w[7, c], w[2, c], before[c])
