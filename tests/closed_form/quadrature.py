"""Moments of a market's total over a normal error of its log value, by quadrature: from counts, not from a formula."""

import math

from scipy.integrate import quad


def planned(market, error):
    """Total of the counts that look efficient at an error of the log value, none below zero."""
    seen = market.value * math.exp(error)
    return market.welfare(max(math.sqrt(seen * market.bases / market.cost) - market.bases, 0.0))


def entered(market, error):
    """Total of the counts at which a base seems to earn nothing."""
    return market.welfare(max(market.value / market.cost * math.exp(error) - market.bases, 0))


def moments(total, market, spread):
    """Mean and standard deviation of `total(market, e)` over e of that standard deviation."""
    kink = -market.log_ratio / spread

    def expected(power):
        pieces = [(kink - 1.0, kink), (kink, 0.0), (0.0, 4.0), (4.0, 8.0), (8.0, 14.0)]

        def density(z):
            return total(market, spread * z) ** power * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

        return sum(quad(density, *piece, epsabs=1e-11, epsrel=1e-12, limit=200)[0] for piece in pieces)

    mean = expected(1)
    return mean, math.sqrt(expected(2) - mean**2)
