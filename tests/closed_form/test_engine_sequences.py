"""(f) Choices in sequence: docking on cascades, lock-in and the Kolkata Paise Restaurant.

The year of the model contains none of these games, so the rules of choice and belief that it does contain are called in
the games' own order. Agreement is docking on published models, not evidence about regions. Sampled numbers lie within
five standard errors from independent replicates, for the seeds 1, 2 and 3: fewer than one false alarm in a million
each.
"""

import numpy as np
import pytest

from qipan import load_scenario
from qipan.model.behaviour.revision import Turn
from qipan.model.coordination.assignment import assigned_layout
from qipan.model.draws import Draws, Stream
from qipan.model.payoffs import Affine
from qipan.model.region import chosen_layout, gain, updated_belief
from tests.closed_form.engine_runs import SEEDS

NO_OPTION = -1e6


def drawn(seed, replicates, regions=1, sectors=2):
    """Draws of a game."""
    return Draws(seed, np.arange(replicates), np.arange(1, regions + 1), np.arange(1, sectors + 1))


def observers(public, signal):
    """Chance that somebody with this signal is seen to choose the first sector."""
    total = public + signal
    return np.where(np.isclose(total, 0.0, atol=1e-9), 0.5, (total > 0.0).astype(float))


@pytest.mark.parametrize("seed", SEEDS)
def test_cascades(seed, limits):
    """(f) Forty deciders, signals right with .7; public belief in log odds, an own signal weighs as much as one action.

    Ties are broken by Gumbel noise of one millionth, a fair coin. What others learn from an action is Bayes' rule on
    this rule of choice.
    """
    draws, strength = drawn(seed, 20_000), np.log(0.7 / 0.3)
    public, one = np.zeros(20_000), np.ones((20_000, 1))
    for turn in range(40):
        right = draws.uniform(Stream.PRIVATE_SIGNAL, over="", round=turn) < 0.7
        heard = np.where(right, strength, -strength)
        belief = updated_belief(belief=public, weight=gain(1.0, 1.0), signal_heard=heard)
        utility = np.stack([belief, -belief], axis=-1)
        chose = chosen_layout(utility, one, 1e-6, draws.gumbel(Stream.CHOICE, over="k", round=turn), NO_OPTION)[:, 0]
        up, down = observers(public, strength), observers(public, -strength)
        first = (0.7 * up + 0.3 * down, 0.3 * up + 0.7 * down)
        seen = [np.where(chose > 0.0, chance, 1.0 - chance) for chance in first]
        public = public + np.log(seen[0] / seen[1])
    limits.sampled("f1", chose, seed)
    limits.sampled("f2", 1.0 - chose, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_lock_in(seed, limits):
    """(f) Adopters of two kinds, each 4.5 better off with its own technology, both gain 1 per earlier adopter.

    At a lead of 5 both kinds choose the leader: absorbed. Nobody ever leaves that state.
    """
    behaviour = load_scenario("theory/agglomeration").world.behaviour.model_copy(update={"cluster_gain": 1.0})
    form, draws, one = Affine(behaviour), drawn(seed, 10_000), np.ones((10_000, 1))
    count, time, none = np.zeros((10_000, 2)), np.zeros(10_000), np.zeros((10_000, 2))
    for step in range(300):
        locked = np.abs(count[:, 0] - count[:, 1]) >= 5
        time += ~locked
        first = draws.uniform(Stream.PRIVATE_SIGNAL, over="", round=step) < 0.55
        own = np.where(first[:, None], [4.5, 0.0], [0.0, 4.5])
        choice = chosen_layout(form.perceived(own, none, count + 1.0), one, 0.0, none, NO_OPTION)
        ahead = (count[:, 0] > count[:, 1])[locked]
        assert (choice[locked, 0] == ahead).all()
        count += choice
    limits.sampled("f3", count[:, 0] > count[:, 1], seed)
    limits.sampled("f4", time, seed)


def visited(layout):
    """Share of restaurants with a guest, (replicate,)."""
    return (layout.sum(axis=1) > 0.0).mean(axis=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_restaurants_at_random(seed, limits):
    """(f) A hundred guests who see nothing: 1 - .99^100 = .633968 of a hundred restaurants, towards 1 - 1/e = .632."""
    draws = drawn(seed, 128, 100, 100)
    shape = (128, 100, 100)
    choice = chosen_layout(np.zeros(shape), np.ones((128, 100, 1)), 1.0, draws.gumbel(Stream.CHOICE), NO_OPTION)
    limits.sampled("f5", visited(choice), seed)


def test_restaurants_avoiding_crowds(limits):
    """(f) Each of n guests returns with probability 1/n, else goes elsewhere: about .80 after forty evenings.

    The published number is a simulation to two digits, so .01 is allowed.
    """
    draws = drawn(1, 24, 100, 100)
    everybody = np.ones((24, 100, 1))
    layout = chosen_layout(np.zeros((24, 100, 100)), everybody, 1.0, draws.gumbel(Stream.CHOICE, round=40), NO_OPTION)
    share = []
    for evening in range(40):
        guests = (layout * layout.sum(axis=1, keepdims=True)).sum(axis=2)
        moves = draws.uniform(Stream.REVISION, over="r", round=evening) >= 1.0 / guests
        noise = draws.gumbel(Stream.CHOICE, round=evening)
        answers = chosen_layout(-1e4 * layout, everybody, 1.0, noise, NO_OPTION)
        layout = Turn(evening, moves.astype(float)).put(layout, answers)
        share.append(visited(layout).mean() if evening >= 20 else np.nan)
    limits.exact("f6", np.nanmean(share))


def test_restaurants_dictated(limits):
    """(f) A coordinator with one place in each restaurant seats everybody."""
    value = drawn(1, 3, 100, 100).uniform(Stream.FIT)
    layout = assigned_layout(value, np.ones(100, dtype=np.int64), np.ones((3, 100)))
    limits.exact("f7", visited(layout))
