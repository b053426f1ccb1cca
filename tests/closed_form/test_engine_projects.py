"""(g), (h), (j), (k): the rule functions of stages, shocks, diffusion and costs, called in a sequence.

The engine has no option pricing and no venture fund of its own: (h) and (j) ask whether its luck (`projects.shock`),
its outside option (`region.chosen_layout`) and its demand curve (`nation.grown_demand`) have the closed forms'
properties. Sampled numbers lie within five standard errors from independent replicates, for the seeds 1, 2 and 3: at
most two false alarms in a million each.
"""

import math

import numpy as np
import pytest

from qipan.model.draws import Draws, Stream
from qipan.model.element import normal_quantile
from qipan.model.measures.outcome import discount_factors
from qipan.model.nation import adoption_probability, grown_demand, happens
from qipan.model.projects import aged_queue, shock, starts, success_share, unit_cost
from qipan.model.region import chosen_layout
from qipan.model.theory import investment
from tests.closed_form.engine_runs import SEEDS

SUCCESS, LAGS, COSTS = (0.3, 0.5, 0.6), (4, 3, 3), (10.0, 30.0, 100.0)
GRID = np.arange(-12.0, 14.0, 0.005)
DENSITY = np.exp(-0.5 * GRID**2) / math.sqrt(2.0 * math.pi) * 0.005
BELOW, TOP = normal_quantile(np.array([0.648, 0.96]))
SPREAD = math.log(10.0) / float(TOP - BELOW)
VENTURE = investment.LognormalReturns(-float(BELOW) * SPREAD, SPREAD)
"""The lognormal with P(< 1) = .648 and P(>= 10) = .04: (-.638196, 1.679788) to six digits."""


def drawn(seed, replicates, regions=1):
    """Draws of a game."""
    return Draws(seed, np.arange(replicates), np.arange(1, regions + 1), np.array([1]))


def test_stages_in_a_row(limits):
    """(g) One project, fixed lags: -10 - .3 x 30/1.05^4 - .15 x 100/1.05^7 + .09 x 1000/1.05^10."""
    factor = np.concatenate([[1.0], discount_factors(10, 0.05)])
    waiting, year, value = 1.0, 0, 0.0
    for success, lag, cost in zip(SUCCESS, LAGS, COSTS, strict=True):
        begun = starts(waiting=waiting, offer=1000.0, cost=cost)
        assert aged_queue(waiting=waiting, started=begun, ageing=0.15, arrivals=0.0) == 0.0
        value -= begun * cost * factor[year]
        waiting = begun * success_share(base=success, boost=1.0, pilot_boost=1.0, know_how=1.0, luck=1.0)
        year += lag
    limits.exact("g1", value + waiting * 1000.0 * factor[year])
    limits.exact("g2", waiting)


def test_stages_at_the_engine_s_own_pace(limits):
    """(g) A cohort completes at the rate 1/lag: each stage discounts by d/lag / (1 - d (1 - 1/lag)), d = 1/1.05."""
    lag, factor = np.array(LAGS, dtype=float), np.concatenate([[1.0], discount_factors(800, 0.05)])
    waiting, under_way, value = np.array([1.0, 0.0, 0.0]), np.zeros(3), 0.0
    for discount in factor:
        begun = starts(waiting=waiting, offer=np.full(3, 1e6), cost=np.array(COSTS))
        completed = under_way / lag
        won = completed * success_share(np.array(SUCCESS), 1.0, 1.0, 1.0, 1.0)
        under_way = under_way + begun - completed
        waiting = aged_queue(waiting=waiting, started=begun, ageing=0.15, arrivals=np.array([0.0, won[0], won[1]]))
        value += discount * (won[2] * 1000.0 - (begun * COSTS).sum())
    pace = (1 / 1.05 / lag) / (1 - (1 - 1 / lag) / 1.05)
    # a project completed in one year starts its next stage in the following one
    reached = np.cumprod([1.0, *(np.array(SUCCESS) * pace)]) / 1.05 ** np.array([0, 1, 2, 2])
    limits.exact("g3", value, 1000 * reached[3] - (np.array(COSTS) * reached[:3]).sum())


def mean(values):
    """Expectation over a standard normal, by quadrature."""
    return float((values * DENSITY).sum())


def test_real_option(limits):
    """(h) r = delta = .04, sigma = .2: value^beta keeps its discounted mean at beta = 2 under the engine's shock.

    That is the fundamental quadratic of Dixit and Pindyck; the hurdle multiple is beta / (beta - 1).
    """
    luck = shock(common=GRID, own=0.0, correlation=1.0, spread=0.2)
    low, high = 1.01, 6.0
    for _ in range(60):
        beta = (low + high) / 2.0
        low, high = (beta, high) if mean(luck**beta) * math.exp(-0.04) < 1.0 else (low, beta)
    limits.exact("h1", beta)
    limits.exact("h2", beta / (beta - 1.0))


def gains_of_waiting(seed, multiples):
    """Discounted gain per replicate of entering at value >= multiple x cost 1, value 1 now, looking each quarter."""
    draws, value, one = drawn(seed, 5000), np.ones(5000), np.ones((5000, 1))
    gained, waiting = np.zeros((len(multiples), 5000)), np.ones((len(multiples), 5000), dtype=bool)
    for quarter in range(600):
        for row, multiple in enumerate(multiples):
            entered = chosen_layout(value[:, None], one, 0.0, 0.0 * one, multiple)[:, 0] > 0.0
            gained[row][waiting[row] & entered] = ((value - 1.0) * math.exp(-0.01 * quarter))[waiting[row] & entered]
            waiting[row] &= ~entered
        value = value * shock(draws.normal(Stream.RESULT_COMMON, over="", round=quarter), 0.0, 1.0, 0.1)
    return gained


@pytest.mark.parametrize("seed", SEEDS)
def test_waiting_until_twice_the_cost_pays(seed, limits):
    """(h) (2 - 1) (1/2)^2 = .25 against 0 at once; a lower and a higher hurdle (.16, .204) are worse in the same draws.

    Looking once a quarter instead of always takes less than .001 away.
    """
    best, at_once, early, late = gains_of_waiting(seed, (2.0, 1.0, 1.25, 3.5))
    limits.sampled("h3", best - at_once, seed, 0.25)
    for worse in (best - early, best - late):
        assert worse.mean() > 5 * worse.std(ddof=1) / math.sqrt(worse.size)


def bass_by_steps(years, steps):
    """Demand over its ceiling by the engine's rule with that many steps a year."""
    demand, ceiling = np.zeros(1), np.ones(1)
    for _ in range(years * steps):
        demand = grown_demand(demand, ceiling, 0.03 / steps, 0.38 / steps)
    return float(demand[0])


def test_bass_curve(limits):
    """(h) Halving the step, twice extrapolated, gives the closed form; the yearly step of the model is a coarse one."""
    found = []
    for years in (5, 10, 15):
        coarse, middle, fine = (bass_by_steps(years, steps) for steps in (64, 128, 256))
        found.append((4 * (2 * fine - middle) - (2 * middle - coarse)) / 3)
    limits.exact("h4", found, [investment.bass_share(t, 0.03, 0.38) for t in (5.0, 10.0, 15.0)])
    assert abs(bass_by_steps(10, 1) - investment.bass_share(10.0, 0.03, 0.38)) < 0.06


@pytest.mark.parametrize("seed", SEEDS)
def test_documents_spread_along_the_yearly_bass_recursion(seed, limits):
    """(h) F <- F + (p + q F)(1 - F), p = .06, q = .5: 2,000 regions draw their documents by address."""
    draws, adopted, expected = drawn(seed, 128, 2000), np.zeros((128, 2000)), 0.0
    for year in range(1, 7):
        share = adopted.mean(axis=1, keepdims=True)
        chance = adoption_probability(spontaneous=0.06, imitative=0.5, adopters=share, boost=0.0)
        drawn_now = happens(draws.uniform(Stream.ADOPTION, year=year, over="r"), chance)
        adopted = adopted + drawn_now * (1.0 - adopted)
        expected += (0.06 + 0.5 * expected) * (1.0 - expected)
    limits.sampled("h5", adopted.mean(axis=1), seed, expected)


def returns(normal):
    """Multiples of venture investments: the mean of the closed form times the engine's mean-one shock."""
    return VENTURE.mean * shock(common=0.0, own=normal, correlation=0.0, spread=VENTURE.spread)


def test_venture_returns(limits):
    """(j) A million equally likely quantiles for the shares, quadrature for mean and Gini = 2 E[X F(X)] / E[X] - 1."""
    multiples = returns(normal_quantile((np.arange(1_000_000) + 0.5) / 1_000_000))
    limits.exact("j1", [(multiples < 1.0).mean(), (multiples >= 10.0).mean()])
    below = np.array([investment.normal_probability(z) for z in GRID])
    average = mean(returns(GRID))
    limits.exact("j2", [average, 2.0 * mean(returns(GRID) * below) / average - 1.0])


@pytest.mark.parametrize("seed", SEEDS)
def test_venture_returns_drawn(seed, limits):
    """(j) 128 funds of 500 investments each, drawn by address."""
    multiples = returns(drawn(seed, 128, 500).normal(Stream.RESULT_OWN, over="r"))
    limits.sampled("j3", np.stack([(multiples < 1.0).mean(axis=1), (multiples >= 10.0).mean(axis=1)], axis=1), seed)


def test_learning(limits):
    """(k) 10^log2(.8) = .476510; a doubling costs a fifth; nothing is unlearned."""
    limits.exact("k1", unit_cost(initial=1.0, cumulative=np.array([20.0]), reference=np.array([2.0]), learning=0.2))
    assert unit_cost(1.0, np.array([4.0]), np.array([2.0]), 0.2)[0] == pytest.approx(0.8)
    assert unit_cost(1.0, np.array([1.0]), np.array([2.0]), 0.2)[0] == 1.0


@pytest.mark.parametrize("seed", SEEDS)
def test_common_shocks_do_not_average_out(seed, limits):
    """(k) Variance of the mean of six bets: 1/6 alone, .416667 at a correlation of .3, 1 when they are one bet."""
    draws = drawn(seed, 20_000, 6)
    common, own = draws.normal(Stream.RESULT_COMMON, over="")[:, None], draws.normal(Stream.RESULT_OWN, over="r")
    squares = []
    for correlation in (0.0, 0.3, 1.0):
        luck = np.log(shock(common, own, correlation, 0.75)) / 0.75 + 0.5 * 0.75
        squares.append(luck.mean(axis=1) ** 2)
    limits.sampled("k2", np.stack(squares, axis=1), seed)
