"""A market with a fixed cost: n bases reach the share n / (n + b) of a market V, split it, and pay F each.

Total payoff V n / (n + b) - n F. Free entry goes on until a base earns nothing; a planner stops where the next base
adds less than F. With x = V / (b F) > 1 and L = ln x, counts in the continuum.
"""

import math
from dataclasses import dataclass

from qipan.model.theory.investment import normal_probability


@dataclass(frozen=True)
class MarketEntry:
    """One market.

    Args:
        value: V, payoff units.
        bases: b, bases at which half of the market is reached, above 0.
        cost: F, payoff units, below V / b.
    """

    value: float
    bases: float
    cost: float

    @property
    def log_ratio(self) -> float:
        """L = ln (V / (b F))."""
        return math.log(self.value / (self.bases * self.cost))

    @property
    def free_entry(self) -> float:
        """Bases at which one earns nothing, V / F - b: all of the market's worth is spent on fixed costs."""
        return self.value / self.cost - self.bases

    @property
    def efficient(self) -> float:
        """Bases of the largest total, sqrt(V b / F) - b."""
        return math.sqrt(self.value * self.bases / self.cost) - self.bases

    @property
    def best(self) -> float:
        """The largest total, (sqrt V - sqrt(b F))^2."""
        return (math.sqrt(self.value) - math.sqrt(self.bases * self.cost)) ** 2

    def welfare(self, count: float) -> float:
        """V n / (n + b) - n F."""
        return self.value * count / (count + self.bases) - count * self.cost

    def whole_entrants(self) -> int:
        """Bases under free entry, whole: the most that all earn something or nothing."""
        count = 0
        while self.welfare(count + 1) >= 0.0:
            count += 1
        return count

    def whole_planner(self) -> int:
        """Bases of the largest total, whole, by enumeration."""
        return max(range(self.whole_entrants() + 1), key=self.welfare)

    def planner_welfare(self, error: float) -> float:
        """Expected total of a planner that takes a value with a normal error of ln V at face value; no base at worst.

        (V + bF) Phi(L/s) - sqrt(V b F) e^(s^2/8) [Phi(L/s - s/2) + Phi(L/s + s/2)].
        """
        if error == 0.0:
            return self.best
        place, fixed = self.log_ratio / error, self.bases * self.cost
        both = normal_probability(place - error / 2.0) + normal_probability(place + error / 2.0)
        growth = math.sqrt(self.value * fixed) * math.exp(error * error / 8.0)
        return (self.value + fixed) * normal_probability(place) - growth * both

    def regions_welfare(self, error: float) -> float:
        """Expected total of free entry by regions that all make one normal error of ln V.

        (V + bF) Phi(L/d) - e^(d^2/2) [bF Phi(L/d - d) + V Phi(L/d + d)]; 0 without error.
        """
        if error == 0.0:
            return 0.0
        place, fixed = self.log_ratio / error, self.bases * self.cost
        both = fixed * normal_probability(place - error) + self.value * normal_probability(place + error)
        return (self.value + fixed) * normal_probability(place) - math.exp(error * error / 2.0) * both


def entry_break_even(market: MarketEntry, common_error: float = 0.0, share: float = 0.0, cost: float = 0.0) -> float:
    """Planner's own error at which it gains nothing over free entry: zero if it never gains.

    Args:
        market: The market.
        common_error: Standard deviation of the error that all regions share, in ln V.
        share: How much of that error the planner shares, 0 to 1.
        cost: What the planner costs, payoff units.
    """
    aim = market.regions_welfare(common_error) + cost
    low, high = 0.0, 1.0
    if market.best <= aim:
        return 0.0
    while market.planner_welfare(high) > aim:
        low, high = high, 2.0 * high
    for _ in range(100):
        middle = (low + high) / 2.0
        low, high = (middle, high) if market.planner_welfare(middle) > aim else (low, middle)
    return math.sqrt(max(low * low - (share * common_error) ** 2, 0.0))


def untruncated_break_even(market: MarketEntry, common_error: float = 0.0, share: float = 0.0) -> float:
    """The same where a count below zero is left to stand: s_p^2 = 8 ln cosh(L/2) + (4 - c^2) s_d^2."""
    return math.sqrt(8.0 * math.log(math.cosh(market.log_ratio / 2.0)) + (4.0 - share**2) * common_error**2)
