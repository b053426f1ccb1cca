"""The closed forms of model.theory against the digits of model.md section 8 and their sources."""

import math

import numpy as np
import pytest

from qipan.model.theory import congestion, coordination, entry, investment, sequences
from tests.closed_form.quadrature import entered, moments, planned

PRIZES = np.array([120.0, 60, 40, 30, 20, 10])
VALUES = np.array([120.0, 100, 90, 80, 70, 60])
GAME = coordination.AffineGame((100, 96, 92, 88, 84, 80), congestion=4, regions=31)


def test_shared_prize_of_six_sectors() -> None:
    """(a) Nash counts (14, 7, 4, 3, 2, 1) with Rosenthal potential 724.092241, and no region gains by moving."""
    game = congestion.shared_prize(PRIZES, 31)
    counts = congestion.nash_counts(game, 31)
    np.testing.assert_array_equal(counts, [14, 7, 4, 3, 2, 1])
    assert congestion.potential_of(game, counts) == pytest.approx(724.092241, abs=5e-7)
    assert congestion.is_equilibrium(game, counts)
    assert not congestion.is_equilibrium(game, np.array([15.0, 6, 4, 3, 2, 1]))


def test_shared_prize_of_three_sectors() -> None:
    """(a) v = (10, 4, 3), three regions: (2, 1, 0), welfare 14 against the planner's 17; the only equilibrium."""
    game = congestion.shared_prize(np.array([10.0, 4, 3]), 3)
    counts = congestion.nash_counts(game, 3)
    np.testing.assert_array_equal(counts, [2, 1, 0])
    assert congestion.welfare_of(game, counts) == pytest.approx(14)
    assert congestion.welfare_of(game, congestion.planner_counts(game, 3)) == pytest.approx(17)
    assert congestion.equilibria(game, 3) == [(2, 1, 0)]


def test_affine_game() -> None:
    """(b) Nash (13, 8, 6, 3, 1, 0) with welfare 2094; planner (9, 7, 6, 4, 3, 2) with 2190."""
    game = congestion.affine(VALUES, 31, 4.0)
    nash, planner = congestion.nash_counts(game, 31), congestion.planner_counts(game, 31)
    np.testing.assert_array_equal(nash, [13, 8, 6, 3, 1, 0])
    np.testing.assert_array_equal(planner, [9, 7, 6, 4, 3, 2])
    assert congestion.welfare_of(game, nash) == pytest.approx(2094)
    assert congestion.welfare_of(game, planner) == pytest.approx(2190)


def test_quantal_response() -> None:
    """(b) Shares at lambda .1, and they solve their own equation; equal shares at lambda 0."""
    shares = congestion.quantal_response(VALUES, 31, 4.0, 0.1)
    np.testing.assert_allclose(shares, [0.360741, 0.231161, 0.172312, 0.119487, 0.074983, 0.041316], atol=5e-7)
    weight = np.exp(0.1 * (VALUES - 4 * (30 * shares + 1)))
    np.testing.assert_allclose(weight / weight.sum(), shares, atol=1e-12)
    np.testing.assert_allclose(congestion.quantal_response(VALUES, 31, 4.0, 0.0), np.full(6, 1 / 6), atol=1e-12)


def test_stationary_counts_of_logit_revision() -> None:
    """(b) Mean counts and welfare at lambda .1; they add up to all regions."""
    game = congestion.affine(VALUES, 31, 4.0)
    counts = congestion.mean_counts(game, 31, 0.1)
    np.testing.assert_allclose(counts, [11.125628, 7.179162, 5.370482, 3.730733, 2.331344, 1.262650], atol=5e-7)
    assert counts.sum() == pytest.approx(31)
    assert congestion.mean_welfare(game, 31, 0.1) == pytest.approx(2142.632334, abs=5e-7)


def test_noise_can_help() -> None:
    """(b) Welfare is not monotone in lambda: 1942.67 at 0, 2142.63 at .1, 2094 at infinity."""
    game = congestion.affine(VALUES, 31, 4.0)
    assert congestion.mean_welfare(game, 31, 0.0) == pytest.approx(1942.67, abs=5e-3)
    assert congestion.mean_welfare(game, 31, 50.0) == pytest.approx(2094, abs=1e-6)


def test_stationary_counts_of_two_regions_by_hand() -> None:
    """v = (1, 0), c = 1, lambda ln 2: weights of (2,0), (1,1), (0,2) are .5, 2 x .5, .125: mean (2/1.625, ...)."""
    game = congestion.affine(np.array([1.0, 0.0]), 2, 1.0)
    weights = np.array([0.5, 1.0, 0.125])
    expected = (weights * [2, 1, 0]).sum() / weights.sum()
    np.testing.assert_allclose(congestion.mean_counts(game, 2, math.log(2)), [expected, 2 - expected])


def test_break_even_of_coordination() -> None:
    """(c) Welfare 2166.833333, 2149.333333; break-even 7.483315, 8.485281; at (10, 2) 2135.583333, 2144.333333."""
    assert GAME.planner_welfare() == pytest.approx(2166.833333, abs=5e-7)
    assert GAME.regions_welfare() == pytest.approx(2149.333333, abs=5e-7)
    assert coordination.break_even_error(GAME) == pytest.approx(7.483315, abs=5e-7)
    assert coordination.break_even_error(GAME, common_error=2.0) == pytest.approx(8.485281, abs=5e-7)
    assert GAME.planner_welfare(10.0) == pytest.approx(2135.583333, abs=5e-7)
    assert GAME.regions_welfare(2.0) == pytest.approx(2144.333333, abs=5e-7)


@pytest.mark.parametrize(
    ("prior", "common_error", "cost"), [("flat", 2.0, 3.0), ("bayes", 0.0, 5.0), ("bayes", 1.0, 9.0)]
)
def test_break_even_is_where_the_two_are_equal(prior: str, common_error: float, cost: float) -> None:
    """(c) At the line the planner's welfare less its cost equals the regions'."""
    error = coordination.break_even_error(GAME, common_error, cost, prior)
    assert 0 < error < math.inf
    assert GAME.planner_welfare(error, prior) - cost == pytest.approx(GAME.regions_welfare(common_error))


def test_limits_of_break_even() -> None:
    """(c) A free Bayesian planner cannot hurt; with equal values a flat one can only hurt; too dear never pays."""
    equal = coordination.AffineGame((90,) * 6, congestion=4, regions=31)
    assert coordination.break_even_error(GAME, prior="bayes") == math.inf
    assert coordination.break_even_error(equal) == 0.0
    assert equal.planner_welfare(1.0) < equal.regions_welfare()
    assert coordination.break_even_error(GAME, cost=1000.0, prior="bayes") == 0.0


def test_continuum_counts() -> None:
    """(c) Welfare of the two responses' counts, summed directly, is what the formulas say."""
    for response, welfare in ((0.25, GAME.regions_welfare()), (0.125, GAME.planner_welfare())):
        counts = coordination.counts_at(GAME, response)
        assert float((counts * (np.array(GAME.values) - 4 * counts)).sum()) == pytest.approx(welfare)


def test_parallel_projects() -> None:
    """(d) p = .2, V = 100, c = 5: free entry 19, planner 7, not 1."""
    assert coordination.parallel_projects_free_entry(0.2, 100, 5) == 19
    assert coordination.parallel_projects_planner(0.2, 100, 5) == 7


def test_mankiw_whinston() -> None:
    """(d) A = 80, b = 1, F = 100: 7 entrants against 3, welfare 2450 against 2700, a loss of 9.259259%."""
    assert coordination.cournot_entrants(80, 1, 100) == 7
    assert coordination.cournot_planner(80, 1, 100) == 3
    free, best = (coordination.cournot_welfare(n, 80, 1, 100) for n in (7, 3))
    assert (free, best) == (pytest.approx(2450), pytest.approx(2700))
    assert 1 - free / best == pytest.approx(0.09259259, abs=5e-9)


@pytest.mark.parametrize(
    ("market", "counts", "welfare"),
    [((305, 8, 10), (22, 8), (3.666667, 72.5)), ((95, 3, 4), (20, 5), (2.608696, 39.375))],
)
def test_market_with_a_fixed_cost_in_whole_numbers(market, counts, welfare) -> None:
    """(m) 305 x 22/30 - 220 and 305 x 8/16 - 80; 95 x 20/23 - 80 and 95 x 5/8 - 20."""
    given = entry.MarketEntry(*market)
    assert (given.whole_entrants(), given.whole_planner()) == counts
    assert tuple(given.welfare(count) for count in counts) == pytest.approx(welfare, abs=5e-7)


MARKETS = {
    (305, 8, 10): ((53.890444, 1.631598, -51.098753), (1.518665, 1.988887, 2.854766), (1.292832, 1.634447)),
    (95, 3, 4): ((35.221526, 21.140458, -14.246701), (2.223406, 2.545243, 3.269716), (1.918937, 2.163867)),
    (600, 8, 10): ((214.265074, 124.110282, -90.539071), (2.174816, 2.504516, 3.239520), (1.875031, 2.125027)),
}
"""V, b, F: planner's welfare at .7, 1.5, regions' at .5; break-evens at common errors 0, .5, 1; plain at 0, .5."""


@pytest.mark.parametrize("market", MARKETS)
def test_break_even_in_a_market_with_a_fixed_cost(market) -> None:
    """(m) Free entry loses all of the best total; each formula gives the digits computed beside it."""
    given, (levels, lines, plain) = entry.MarketEntry(*market), MARKETS[market]
    assert given.welfare(given.free_entry) == pytest.approx(0.0, abs=1e-9)
    assert given.welfare(given.efficient) == pytest.approx(given.best)
    found = (given.planner_welfare(0.7), given.planner_welfare(1.5), given.regions_welfare(0.5))
    assert found == pytest.approx(levels, abs=5e-7)
    assert [entry.entry_break_even(given, common) for common in (0.0, 0.5, 1.0)] == pytest.approx(lines, abs=5e-7)
    assert [entry.untruncated_break_even(given, common) for common in (0.0, 0.5)] == pytest.approx(plain, abs=5e-7)


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("error", [0.2, 0.7, 1.5])
def test_expected_totals_of_a_market_agree_with_quadrature(market, error) -> None:
    """(m) Counts at every error, summed over the normal density: to 1e-8."""
    given = entry.MarketEntry(*market)
    assert given.planner_welfare(error) == pytest.approx(moments(planned, given, error)[0], abs=1e-8)
    assert given.regions_welfare(error) == pytest.approx(moments(entered, given, error)[0], abs=1e-8)


def test_limits_of_the_break_even_of_a_market() -> None:
    """(m) On the line both are worth the same less the cost; what the planner shares of the common error counts as its
    own; a cost beyond the best total never pays; small errors leave the best total and nothing.
    """
    given = entry.MarketEntry(305, 8, 10)
    line = entry.entry_break_even(given, 0.5, 0.6, 7.0)
    assert given.planner_welfare(math.hypot(line, 0.3)) - 7.0 == pytest.approx(given.regions_welfare(0.5))
    assert entry.entry_break_even(given, 0.0, cost=80.0) == 0.0
    assert given.planner_welfare(0.0) == pytest.approx(given.planner_welfare(1e-3), abs=1e-3)
    assert given.regions_welfare(0.0) == pytest.approx(given.regions_welfare(1e-3), abs=1e-3)


def test_agglomeration() -> None:
    """(e) v = (10, 8), g = .6, N = 5: all in either sector is an equilibrium, worth 65 or, locked in, 55."""
    game = congestion.affine(np.array([10.0, 8.0]), 5, 0.0, 0.6)
    assert congestion.equilibria(game, 5) == [(0, 5), (5, 0)]
    assert congestion.welfare_of(game, np.array([5.0, 0.0])) == pytest.approx(65)
    assert congestion.welfare_of(game, np.array([0.0, 5.0])) == pytest.approx(55)
    assert congestion.welfare_of(game, np.array([3.0, 2.0])) < 55


def test_agglomeration_overtakes_congestion_at_one() -> None:
    """(e) Equal values: dispersal is the equilibrium while a < c, herding once a > c."""
    equal = np.array([10.0, 10.0])
    assert congestion.equilibria(congestion.affine(equal, 4, 1.0, 0.9), 4) == [(2, 2)]
    assert congestion.equilibria(congestion.affine(equal, 4, 1.0, 1.1), 4) == [(0, 4), (4, 0)]


def test_cascades() -> None:
    """(f) q = .7: right .753165, wrong .246835."""
    assert sequences.cascade_correct(0.7) == pytest.approx(0.753165, abs=5e-7)
    assert 1 - sequences.cascade_correct(0.7) == pytest.approx(0.246835, abs=5e-7)
    assert sequences.cascade_correct(0.5) == pytest.approx(0.5)


def test_lock_in() -> None:
    """(f) Barriers +-5 at p = .55: probability .731717, expected time 23.171740; a fair walk takes 25."""
    assert sequences.lock_in_probability(0.55, 5) == pytest.approx(0.731717, abs=5e-7)
    assert sequences.lock_in_time(0.55, 5) == pytest.approx(23.171740, abs=5e-7)
    assert sequences.lock_in_time(0.5, 5) == 25.0


def test_restaurants() -> None:
    """(f) Random .632 for many restaurants; crowd-avoiding about .80."""
    assert sequences.restaurants_random(10_000) == pytest.approx(1 - math.exp(-1), abs=1e-4)
    assert sequences.restaurants_random(2) == pytest.approx(0.75)
    assert sequences.restaurants_crowd_avoiding() == pytest.approx(0.80, abs=0.01)


def test_stages() -> None:
    """(g) NPV 27.187651; one certain stage without lag is its prize less its cost."""
    value = investment.staged_value((0.3, 0.5, 0.6), (4, 3, 3), (10, 30, 100), 1000, 0.05)
    assert value == pytest.approx(27.187651, abs=5e-7)
    assert investment.staged_value((1,), (0,), (10,), 15, 0.05) == pytest.approx(5)


def test_real_option() -> None:
    """(h) (r, delta, sigma) = (.04, .04, .2): beta 2, hurdle multiple 2."""
    assert investment.option_exponent(0.04, 0.04, 0.2) == pytest.approx(2)
    assert investment.hurdle_multiple(0.04, 0.04, 0.2) == pytest.approx(2)


def test_bass_diffusion_solves_its_equation() -> None:
    """(h) F' = (p + q F)(1 - F) by central differences at p = .03, q = .38; most adoptions at ln(q/p)/(p + q)."""
    p, q, step = 0.03, 0.38, 1e-5
    for time in (1.0, 5.0, 12.0):
        slope = (investment.bass_share(time + step, p, q) - investment.bass_share(time - step, p, q)) / (2 * step)
        share = investment.bass_share(time, p, q)
        assert slope == pytest.approx((p + q * share) * (1 - share), abs=1e-8)
    assert investment.bass_share(0.0, p, q) == 0.0
    assert investment.bass_peak_time(p, q) == pytest.approx(math.log(q / p) / (p + q))


def test_venture_returns() -> None:
    """(j) Lognormal (-.638196, 1.679788): P(<1) .648, P(>=10) .04, mean 2.165492, Gini .765084."""
    returns = investment.LognormalReturns(-0.638196, 1.679788)
    assert returns.below(1) == pytest.approx(0.648, abs=1e-6)
    assert 1 - returns.below(10) == pytest.approx(0.04, abs=1e-6)
    assert returns.mean == pytest.approx(2.165492, abs=1e-6)
    assert returns.gini == pytest.approx(0.765084, abs=5e-7)


def test_learning_and_common_shocks() -> None:
    """(k) 20% per doubling: .476510 after a tenfold output. Six bets: 1/6 without, 1 with full correlation."""
    assert investment.learned_cost(10, 0.2) == pytest.approx(0.476510, abs=5e-7)
    assert investment.learned_cost(2, 0.2) == pytest.approx(0.8)
    assert investment.common_shock_variance(6, 0.0) == pytest.approx(1 / 6)
    assert investment.common_shock_variance(6, 0.3) == pytest.approx(2.5 / 6)
    assert investment.common_shock_variance(6, 1.0) == pytest.approx(1)
