"""The engine itself against the closed forms: theory scenarios run through the same years, choices and coordinators.

Deterministic games must hit the counts in every replicate. Stochastic ones are compared by independent replicates for
seeds 1, 2 and 3 and must lie within five standard errors (a false alarm in about one of two million such numbers).
"""

import numpy as np
import pytest

from model import load_scenario, run
from model.measures import compute
from model.theory import congestion, coordination

VALUES = np.array([120.0, 100, 90, 80, 70, 60])


def last_state(name: str, replicates: int = 4, seed: int = 1, *more: str) -> tuple[np.ndarray, np.ndarray]:
    """Regions per sector (replicate, sector) and true value of the layouts (replicate,) at the end of the run."""
    history = run(load_scenario(f"theory/{name}", [f"run.replicates={replicates}", f"run.seed={seed}", *more]))
    got = compute(history, ["regions_per_sector", "layout_payoff"])
    return got["regions_per_sector"][:, -1], got["layout_payoff"][:, -1]


def within_five_errors(sample: np.ndarray, expected: np.ndarray | float) -> None:
    """The mean over replicates is the expected value to five of its standard errors."""
    error = sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
    gap = np.abs(sample.mean(axis=0) - expected)
    assert (gap <= 5 * error + 1e-9).all(), f"off by {gap / np.maximum(error, 1e-300)} standard errors"


@pytest.mark.parametrize(
    ("name", "counts", "welfare"),
    [
        ("game", [14, 7, 4, 3, 2, 1], 280),
        ("shared-prize-small", [2, 1, 0], 14),
        ("shared-prize-small-planner", [1, 1, 1], 17),
        ("affine", [13, 8, 6, 3, 1, 0], 2094),
        ("affine-planner", [9, 7, 6, 4, 3, 2], 2190),
        ("agglomeration", [5, 0], 65),
    ],
)
def test_games_end_in_the_known_counts(name: str, counts: list[int], welfare: float) -> None:
    """(a), (b), (e): counts and total payoff of every replicate, for seeds 1, 2 and 3 alike."""
    for seed in (1, 2, 3):
        found, payoff = last_state(name, seed=seed)
        np.testing.assert_array_equal(found, np.broadcast_to(counts, found.shape))
        np.testing.assert_allclose(payoff, welfare, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parallel-projects", coordination.parallel_projects_free_entry(0.2, 100, 5)),
        ("parallel-projects-planner", coordination.parallel_projects_planner(0.2, 100, 5)),
        ("excess-entry", coordination.cournot_entrants(80, 1, 100)),
        ("excess-entry-planner", coordination.cournot_planner(80, 1, 100)),
    ],
)
def test_entry_games_end_in_the_known_number(name: str, expected: int) -> None:
    """(d): 19 and 7 parallel projects, 7 and 3 Cournot entrants."""
    found, _ = last_state(name)
    np.testing.assert_array_equal(found[:, 0], expected)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_logit_revision_reaches_the_gibbs_state(seed: int) -> None:
    """(b) Mean counts and welfare at lambda .1, and welfare without any sight of payoffs at lambda 0."""
    game = congestion.affine(VALUES, 31, 4.0)
    found, payoff = last_state("affine-logit", replicates=150, seed=seed)
    within_five_errors(found, congestion.mean_counts(game, 31, 0.1))
    within_five_errors(payoff, congestion.mean_welfare(game, 31, 0.1))
    found, payoff = last_state("affine-blind", replicates=150, seed=seed)
    within_five_errors(found, 31 / 6)
    within_five_errors(payoff, congestion.mean_welfare(game, 31, 0.0))


def test_noise_helps_in_the_engine_too() -> None:
    """(b) Some noise beats none and beats blindness: 2142.63 against 2094 and 1942.67."""
    some, none, blind = (last_state(name, 100)[1].mean() for name in ("affine-logit", "affine", "affine-blind"))
    assert some > none > blind


def test_many_regions_approach_the_continuum() -> None:
    """(c) 3,100 regions with congestion c/100: welfare per hundred regions 2149.333 to .2."""
    game = coordination.AffineGame((100, 96, 92, 88, 84, 80), congestion=4, regions=31)
    _, payoff = last_state("break-even-continuum", 1, 1, "world.behaviour.rounds=12000")
    np.testing.assert_allclose(payoff / 100, game.regions_welfare(), atol=0.2)
