"""What projects are worth and how fast things spread, fall in cost and vary. Model section 8 (g), (h), (j), (k)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


def normal_probability(z: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def staged_value(
    success: Sequence[float], lags: Sequence[float], costs: Sequence[float], prize: float, rate: float
) -> float:
    """Net present value of stages in a row, each paid at its start and only after the one before succeeded.

    p (.3, .5, .6), lags (4, 3, 3), costs (10, 30, 100), prize 1000, rate .05:
    -10 - .3 x 30 / 1.05^4 - .15 x 100 / 1.05^7 + .09 x 1000 / 1.05^10 = 27.187651.
    """
    value, reached, time = 0.0, 1.0, 0.0
    for probability, lag, cost in zip(success, lags, costs, strict=True):
        value -= reached * cost / (1.0 + rate) ** time
        reached *= probability
        time += lag
    return float(value + reached * prize / (1.0 + rate) ** time)


def option_exponent(rate: float, payout: float, volatility: float) -> float:
    """Positive root beta of 1/2 s^2 b (b - 1) + (r - d) b - r = 0 (Dixit and Pindyck 1994)."""
    drift = (rate - payout) / volatility**2 - 0.5
    return -drift + math.sqrt(drift * drift + 2.0 * rate / volatility**2)


def hurdle_multiple(rate: float, payout: float, volatility: float) -> float:
    """How many times its cost a project must be worth before it pays to stop waiting: beta / (beta - 1)."""
    beta = option_exponent(rate, payout, volatility)
    return beta / (beta - 1.0)


def bass_share(time: float, innovation: float, imitation: float) -> float:
    """Share that has adopted by a time: (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t). Bass (1969)."""
    decay = math.exp(-(innovation + imitation) * time)
    return (1.0 - decay) / (1.0 + imitation / innovation * decay)


def bass_peak_time(innovation: float, imitation: float) -> float:
    """Time of most adoptions: ln(q/p) / (p + q), 0 when imitation is the weaker."""
    return max(math.log(imitation / innovation), 0.0) / (innovation + imitation)


@dataclass(frozen=True)
class LognormalReturns:
    """Multiples of venture investments: ln X ~ Normal(location, spread)."""

    location: float
    spread: float

    @property
    def mean(self) -> float:
        """exp(m + s^2 / 2)."""
        return math.exp(self.location + self.spread**2 / 2.0)

    @property
    def gini(self) -> float:
        """2 Phi(s / sqrt 2) - 1: how unequal single returns are."""
        return 2.0 * normal_probability(self.spread / math.sqrt(2.0)) - 1.0

    def below(self, multiple: float) -> float:
        """Probability of a multiple below the given one."""
        return normal_probability((math.log(multiple) - self.location) / self.spread)


def learned_cost(growth: float, rate: float) -> float:
    """Unit cost relative to the start after cumulative output grew by a factor, falling by ``rate`` per doubling."""
    return float(growth ** math.log2(1.0 - rate))


def common_shock_variance(bets: int, correlation: float) -> float:
    """Variance of the mean of equal bets of variance one: (1 + (n - 1) rho) / n. Six bets: (1 + 5 rho) / 6."""
    return (1.0 + (bets - 1.0) * correlation) / bets
