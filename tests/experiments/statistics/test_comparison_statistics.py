"""Paired statistics by hand, and coverage of every interval by seeded repetition.

Coverage tests repeat an experiment 500 times; a true 95% interval then covers 460 to 490 times in all but 1 in 1000
tests (binomial, 3.3 standard errors of .0097), so the bounds used are 95% +- 3.3%.
"""

import numpy as np
import pytest

from qipan.experiments.statistics import multiplicity, stopping
from qipan.experiments.statistics import paired as statistics
from qipan.experiments.statistics import shapley as attribution
from qipan.model.draws import Draws, Stream

REPEATS = 500
SLACK = 3.3 * np.sqrt(0.95 * 0.05 / REPEATS)


def normals(n: int, stream: Stream = Stream.CHOICE, seed: int = 1, repeats: int = REPEATS) -> np.ndarray:
    """Independent standard normals (n, repeats)."""
    draws = Draws(seed, np.arange(repeats), np.arange(1, n + 1), np.array([1]))
    return np.ascontiguousarray(draws.normal(stream, over="r").T)


def covered(interval: statistics.Interval, truth: float) -> float:
    """Share of columns whose interval holds the truth."""
    return float(((interval.low <= truth) & (truth <= interval.high)).mean())


def test_t_interval_by_hand() -> None:
    """1, 2, 3, 4: mean 2.5, sd 1.290994, t(3) 3.182446: 2.5 +- 2.054260."""
    interval = statistics.mean_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    assert interval.low == pytest.approx(2.5 - 2.054260, abs=1e-6)
    assert interval.high == pytest.approx(2.5 + 2.054260, abs=1e-6)


def test_wilson_interval_by_hand() -> None:
    """8 of 10: .490162 to .943318 (Wilson 1927 with z = 1.96); 0 of 10 ends at .2775."""
    interval = statistics.wilson_interval(0.8, 10)
    assert (interval.low, interval.high) == (pytest.approx(0.490162, abs=1e-5), pytest.approx(0.943318, abs=1e-5))
    none = statistics.wilson_interval(0.0, 10)
    assert (none.low, none.high) == (0.0, pytest.approx(0.277533, abs=1e-5))


def test_t_intervals_cover() -> None:
    """Mean of 30 normals: 95% of intervals hold it."""
    assert covered(statistics.mean_interval(normals(30)), 0.0) == pytest.approx(0.95, abs=SLACK)


def test_bootstrap_intervals_cover_skewed_differences() -> None:
    """Mean of 200 lognormals (sd .8): percentile intervals fall a little short of 95%, by less than 3% here."""
    skewed = np.exp(0.8 * normals(200))
    interval = statistics.bootstrap_interval(skewed, resamples=400)
    assert covered(interval, np.exp(0.32)) == pytest.approx(0.95, abs=SLACK + 0.03)


def test_bootstrap_repeats_exactly() -> None:
    """Addressed draws: the same interval twice, another with another seed."""
    values = normals(50, repeats=3)
    first, second = (statistics.bootstrap_interval(values) for _ in range(2))
    np.testing.assert_array_equal(first.low, second.low)
    assert (statistics.bootstrap_interval(values, seed=2).low != first.low).any()


def test_an_arm_against_itself_is_exactly_zero() -> None:
    """Same draws: difference, interval and verdict are exactly nothing; better in half by convention."""
    values = normals(40, repeats=3) + 0.1
    got = statistics.compare_paired(values, values)
    for number in (got.mean, got.low, got.high, got.median):
        np.testing.assert_array_equal(number, 0.0)
    np.testing.assert_array_equal(got.probability_better, 0.5)
    assert statistics.verdict(0.0, 0.0, "neutral") == statistics.IDENTICAL
    np.testing.assert_array_equal(statistics.p_value(values - values), 1.0)


def test_other_draws_give_false_positives_at_the_nominal_rate() -> None:
    """An arm against itself with other draws: 5% of verdicts are wrong."""
    arm, baseline = normals(60), normals(60, Stream.TIE)
    p_values = statistics.p_value(arm - baseline)
    assert (p_values < 0.05).mean() == pytest.approx(0.05, abs=SLACK)
    got = statistics.compare_paired(arm, baseline)
    np.testing.assert_array_equal(p_values < 0.05, (got.low > 0) | (got.high < 0))


def test_variance_reduction_of_correlated_arms() -> None:
    """a = c + e, b = c + f with equal variances: correlation 1/2, factor 2; independent: 1."""
    common, one, other = (normals(4000, stream, repeats=1) for stream in (Stream.CHOICE, Stream.TIE, Stream.VALUE))
    assert statistics.variance_reduction(common + one, common + other)[0] == pytest.approx(2.0, abs=0.2)
    assert statistics.variance_reduction(one, other)[0] == pytest.approx(1.0, abs=0.1)


def test_a_constant_difference_is_certain() -> None:
    """Always 1/4 better: the interval has no width and pairing saves everything."""
    baseline = np.array([[1.0], [2.0], [4.0]])
    got = statistics.compare_paired(baseline + 0.25, baseline)
    assert (got.low[0], got.high[0]) == (0.25, 0.25)
    assert np.isinf(got.variance_reduction[0])
    assert statistics.p_value(np.full((3, 1), 0.25))[0] == 0.0


def test_direction_turns_better_round() -> None:
    """Less waste is better: lower in two of three replicates is better in two thirds."""
    arm, baseline = np.array([1.0, 1.0, 3.0]), np.array([2.0, 2.0, 2.0])
    assert statistics.compare_paired(arm, baseline, "lower is better").probability_better == pytest.approx(2 / 3)
    assert statistics.compare_paired(arm, baseline, "higher is better").probability_better == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("low", "high", "direction", "word"),
    [
        (1, 2, "higher is better", "better"),
        (1, 2, "lower is better", "worse"),
        (-2, -1, "lower is better", "better"),
        (-2, -1, "neutral", "lower"),
        (1, 2, "neutral", "higher"),
        (-1, 1, "higher is better", "not distinguishable"),
    ],
)
def test_verdicts(low: float, high: float, direction: str, word: str) -> None:
    """One word for an interval and a direction."""
    assert statistics.verdict(low, high, direction) == word


def test_ratio_of_means() -> None:
    """Always exactly one half: one half, for certain; silence where what is divided by may be zero."""
    noise = normals(80, repeats=1)[:, 0]
    got = statistics.ratio_interval(1.0 + noise / 2, 2.0 + noise)
    assert got is not None
    np.testing.assert_allclose([got.low, got.estimate, got.high], 0.5)
    assert statistics.ratio_interval(noise, noise - noise.mean()) is None


def test_ratio_of_means_covers() -> None:
    """Fieller's interval of a true ratio of one half: 95% of 500."""
    one, other = normals(50), normals(50, Stream.TIE)
    hits = 0
    for column in range(REPEATS):
        got = statistics.ratio_interval(1.0 + one[:, column], 2.0 + other[:, column])
        hits += got is not None and bool(got.low <= 0.5 <= got.high)
    assert hits / REPEATS == pytest.approx(0.95, abs=SLACK)


def test_adjusted_p_values_by_hand() -> None:
    """Benjamini-Hochberg and Holm as in their docstrings, in any order."""
    np.testing.assert_allclose(
        multiplicity.benjamini_hochberg(np.array([0.5, 0.01, 0.03, 0.02])), [0.5, 0.04, 0.04, 0.04]
    )
    np.testing.assert_allclose(multiplicity.holm(np.array([0.01, 0.04, 0.03])), [0.03, 0.06, 0.06])


def test_ranking_of_clear_and_unclear_arms() -> None:
    """Two arms alike and one far better: ranks 1 to 1, and 2 to 3 for the other two."""
    values = np.stack([normals(100, stream, repeats=1)[:, 0] for stream in (Stream.CHOICE, Stream.TIE)], axis=1)
    values = np.column_stack([values, values[:, 0] + 2.0])
    best, *others = multiplicity.rank_arms(values, ["a", "b", "c"])
    assert (best.name, best.best, best.worst, best.better_than) == ("c", 1, 1, ("a", "b"))
    assert {(rank.best, rank.worst) for rank in others} == {(2, 3)}
    assert sum(rank.probability_best for rank in [best, *others]) == pytest.approx(1.0)
    assert multiplicity.rank_arms(values, ["a", "b", "c"], higher_is_better=False)[-1].name == "c"


def test_rankings_make_a_false_statement_in_one_of_twenty_at_most() -> None:
    """Four arms alike, 500 times: any 'better' is false, and Holm keeps them at or below 5%."""
    arms = [normals(40, stream) for stream in (Stream.CHOICE, Stream.TIE, Stream.VALUE, Stream.FIT)]
    false = 0
    for column in range(REPEATS):
        ranks = multiplicity.rank_arms(np.stack([arm[:, column] for arm in arms], axis=1), list("abcd"))
        false += any(rank.better_than for rank in ranks)
    assert false / REPEATS <= 0.05 + SLACK


def test_schedule_of_looks() -> None:
    """100, 200, 400, 800, then the most allowed; a small limit is the only look."""
    assert stopping.schedule(1000) == (100, 200, 400, 800, 1000)
    assert stopping.schedule(60) == (60,)


def test_critical_values_of_pocock() -> None:
    """Pocock (1977), equal steps: 1.960, 2.178 and 2.413 for one, two and five looks at 5%."""
    for looks, value in (((1,), 1.960), ((1, 2), 2.178), ((1, 2, 3, 4, 5), 2.413)):
        assert stopping.critical_value(looks) == pytest.approx(value, abs=1e-3)


def test_coverage_after_stopping_holds() -> None:
    """Skewed differences, stopped when narrow enough: at least 93% of 500 intervals hold the truth."""
    values = np.exp(0.5 * normals(800))
    truth, rule = float(np.exp(0.125)), stopping.StoppingRule(precision=0.08, most=800)
    hits, used = 0, []
    for column in range(REPEATS):
        for n in rule.looks:
            look = rule.look(values[:n, column], np.zeros(n) + 1.0)
            if look.stop:
                break
        hits += bool(look.low <= truth - 1.0 <= look.high)
        used.append(look.n)
    assert hits / REPEATS >= 0.93
    assert 100 < np.mean(used) < 800


def test_a_look_that_was_not_planned_is_refused() -> None:
    """Only planned looks keep the coverage."""
    with pytest.raises(ValueError, match="a look at 150 replicates was not planned"):
        stopping.StoppingRule(precision=0.1, most=400).look(np.zeros(150), np.zeros(150))


def test_shapley_shares_by_hand() -> None:
    """Two levers with values 0, 1, 2, 5: orders give 1 and 3 to the first, 2 and 4 to the second."""
    values = np.array([[0.0, 1.0, 2.0, 5.0]])
    np.testing.assert_allclose(attribution.shapley_shares(values), [[2.0, 3.0]])
    np.testing.assert_allclose(attribution.main_effects(values), [[2.0, 3.0]])
    np.testing.assert_allclose(attribution.first_effects(values), [[1.0, 2.0]])
    np.testing.assert_allclose(attribution.last_effects(values), [[3.0, 4.0]])
    np.testing.assert_allclose(attribution.interactions(values), [[[0.0, 2.0], [2.0, 0.0]]])


def test_shapley_shares_of_the_glove_game() -> None:
    """One left glove, two right ones: a pair is worth 1. Shapley (1953): 2/3, 1/6, 1/6; main effects do not add up."""
    combinations = attribution.combinations_of(("left", "right", "other"))
    values = np.array([[float("left" in held and len(held) > 1) for held in combinations]])
    np.testing.assert_allclose(attribution.shapley_shares(values), [[2 / 3, 1 / 6, 1 / 6]])
    np.testing.assert_allclose(attribution.main_effects(values), [[3 / 4, 1 / 4, 1 / 4]])


def test_shapley_shares_sum_to_the_total_and_spare_the_idle_lever() -> None:
    """Five levers, random values, the last one without effect: shares sum to all minus none, its share is zero."""
    values = normals(20, repeats=16)
    values = np.concatenate([values, values], axis=1)
    shares = attribution.shapley_shares(values)
    np.testing.assert_allclose(shares.sum(axis=1), values[:, -1] - values[:, 0], atol=1e-12)
    np.testing.assert_array_equal(shares[:, 4], 0.0)


def test_shapley_intervals_cover_known_effects() -> None:
    """Effects 1, 2, 0 and an interaction of 1 between the first two: shares 1.5, 2.5, 0, covered 95% of 500 times."""
    base = np.array([(c & 1) + 2.0 * (c >> 1 & 1) + float(c & 3 == 3) for c in range(8)])
    noise = np.stack([normals(40, Stream(number)) for number in range(8)], axis=1)
    shares = attribution.shapley_shares(base[None, :, None] + noise)
    for lever, truth in enumerate((1.5, 2.5, 0.0)):
        assert covered(statistics.mean_interval(shares[:, lever]), truth) == pytest.approx(0.95, abs=SLACK), lever


def test_an_incomplete_factorial_is_refused() -> None:
    """Three combinations are no factorial."""
    with pytest.raises(ValueError, match="3 combinations are not a full factorial"):
        attribution.shapley_shares(np.zeros((2, 3)))
