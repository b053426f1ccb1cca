"""(b) Noisy choice: quantal response, stationary logit revision, and noise that helps.

Sampled numbers must lie within five standard errors taken from independent replicates (128 or 512), for the seeds 1, 2
and 3 alike: with 127 degrees of freedom one number is off by chance in fewer than two of a million runs.
"""

from functools import cache

import numpy as np
import pytest

from qipan import load_scenario
from qipan.model.behaviour.choice import Logit
from qipan.model.behaviour.outlook import Outlook
from qipan.model.coordination.mandate import Mandate
from qipan.model.kernels import softmax_over_sectors
from qipan.model.payoffs import Affine
from qipan.model.theory import congestion
from tests.closed_form.engine_runs import SEEDS, counts, executor_of, ran, welfare

VALUES = np.array([120.0, 100, 90, 80, 70, 60])
GAME = congestion.affine(VALUES, 31, 4.0)


def seen(rivals):
    """The outlook of a region of the affine game that expects these others."""
    none = np.zeros(6)
    return Outlook(
        belief=VALUES,
        variance=none,
        log_fit=none,
        rivals=rivals,
        rivals_average=rivals,
        peer_share=none,
        peer_success=none,
        key_area=none,
        pilot=none,
        outside=none,
        incumbent=none,
        portfolio=none,
        breadth=np.ones(1),
        quick=none,
        gumbel=none,
        mandate=Mandate(),
    )


@cache
def logit(seed):
    """512 replicates of logit revision."""
    return ran("affine-logit", seed, 512)


@cache
def blind(seed):
    """Welfare of 512 replicates of blind choice."""
    return welfare(ran("affine-blind", seed, 512))


def test_quantal_response(limits):
    """(b) s <- softmax(utility of meeting 30 s others / temperature), damped, settles on the six digits."""
    behaviour = load_scenario("theory/affine-logit").world.behaviour
    rule = Logit(behaviour, Affine(behaviour))
    share = np.full(6, 1 / 6)
    for _ in range(400):
        answer = softmax_over_sectors(rule.utility(seen(30 * share)) / behaviour.temperature, np.ones(6))
        share = 0.8 * share + 0.2 * answer
    limits.exact("b5", share)
    once = softmax_over_sectors(rule.utility(seen(np.zeros(6))) / behaviour.temperature, np.ones(6))
    assert once[0] == pytest.approx(0.8246, abs=5e-5), "a single response to nobody is not the fixed point"


@pytest.mark.parametrize("seed", SEEDS)
def test_fictitious_play_settles_on_the_quantal_response(seed, limits):
    """(b) 31 regions play 200 years against the average of the past: its shares are the symmetric fixed point."""
    layout = ran("affine-fictitious-play", seed, 128, ["layout"], executor_of(seed))["layout"]
    limits.sampled("b6", layout.sum(axis=2).mean(axis=1) / 31, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_logit_revision_is_stationary_at_the_gibbs_measure(seed, limits):
    """(b) Mean counts and welfare after ten sweeps, from an empty start."""
    history = logit(seed)
    limits.sampled("b7", counts(history), seed)
    limits.sampled("b8", welfare(history), seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_blind_choice(seed, limits):
    """(b) Blind choice: multinomial counts, welfare 31 x 86.666667 - 4 (31 + 31 x 30 / 6) = 1942.666667."""
    limits.sampled("b9", blind(seed), seed)


def test_noise_can_help():
    """(b) Not monotone: some noise beats none, and none beats blindness, each by more than five standard errors."""
    some, no_choice = welfare(logit(1)), blind(1)
    error = [sample.std(ddof=1) / np.sqrt(sample.size) for sample in (some, no_choice)]
    none = welfare(ran("affine", 1, 8)).mean()
    assert some.mean() - 5 * error[0] > none > no_choice.mean() + 5 * error[1]


def test_the_state_after_ten_sweeps_is_that_after_twenty():
    """(b) Twice as long a run has the same mean counts, seeds apart: the start is forgotten."""
    short = counts(ran("affine-logit", 4, 256))
    long = counts(ran("affine-logit", 5, 256, world__behaviour__rounds=620))
    error = np.sqrt((short.var(axis=0, ddof=1) + long.var(axis=0, ddof=1)) / 256)
    assert (np.abs(short.mean(axis=0) - long.mean(axis=0)) < 5 * error).all()
    np.testing.assert_allclose(congestion.mean_counts(GAME, 31, 0.1), long.mean(axis=0), atol=5 * error.max())
