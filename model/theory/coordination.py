"""When a planner beats the regions, and how many entrants are too many. Model section 8 (c) and (d)."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qipan.model.axes import Array


@dataclass(frozen=True)
class AffineGame:
    """The affine game in the continuum: total payoff sum_k n_k (v_k - c n_k) with all counts positive.

    Args:
        values: v_k, (sector,).
        congestion: c > 0.
        regions: N, the sum of counts.
    """

    values: tuple[float, ...]
    congestion: float
    regions: float

    @property
    def variance(self) -> float:
        """Sample variance of the values, with K - 1 below."""
        return float(np.var(np.array(self.values), ddof=1))

    @property
    def base(self) -> float:
        """Total payoff of equal counts N / K, which the regions' equilibrium only just reaches."""
        return self.regions * float(np.mean(self.values)) - self.congestion * self.regions**2 / len(self.values)

    @property
    def scale(self) -> float:
        """(K - 1) / (4 c): total payoff per unit of variance."""
        return (len(self.values) - 1.0) / (4.0 * self.congestion)

    def regions_welfare(self, common_error: float = 0.0) -> float:
        """Expected total payoff of the regions' equilibrium when all make one error of that standard deviation."""
        return self.base - 4.0 * self.scale * common_error**2

    def planner_welfare(self, planner_error: float = 0.0, prior: Literal["flat", "bayes"] = "flat") -> float:
        """Expected total payoff of a planner that sees each value with that error.

        A flat planner takes its signal at face value, a Bayesian one shrinks it by Var / (Var + error^2).
        """
        trust = 1.0 if prior == "flat" else self.variance / (self.variance + planner_error**2)
        spread = self.variance + planner_error**2
        return self.base + self.scale * (2.0 * trust * self.variance - trust * trust * spread)


def break_even_error(
    game: AffineGame, common_error: float = 0.0, cost: float = 0.0, prior: Literal["flat", "bayes"] = "flat"
) -> float:
    """Planner's error at which coordination stops paying: infinite if it always pays, 0 if it never does.

    Flat: s_p^2 = Var(v) + 4 s_d^2 - 4 c C / (K - 1). Bayesian: Var s_p^2 / (Var + s_p^2) equals the same.
    """
    room = game.variance + 4.0 * common_error**2 - cost / game.scale
    if room <= 0:
        return 0.0
    if prior == "flat":
        return math.sqrt(room)
    return math.inf if room >= game.variance else math.sqrt(room * game.variance / (game.variance - room))


def counts_at(game: AffineGame, response: float) -> Array:
    """Counts N/K + response (v_k - mean): response 1/c is the regions' equilibrium, 1/(2c) the planner's optimum."""
    values = np.array(game.values)
    return np.asarray(game.regions / values.size + response * (values - values.mean()))


def parallel_projects_free_entry(success: float, value: float, cost: float) -> int:
    """Projects under free entry: the most n with V (1 - (1-p)^n) / n >= c. p .2, V 100, c 5: 19."""
    n = 0
    while value * (1.0 - (1.0 - success) ** (n + 1)) / (n + 1) >= cost:
        n += 1
    return n


def parallel_projects_planner(success: float, value: float, cost: float) -> int:
    """Projects a planner starts: the most n with V p (1-p)^(n-1) >= c. p .2, V 100, c 5: 7, not 1."""
    n = 0
    while value * success * (1.0 - success) ** n >= cost:
        n += 1
    return n


def cournot_entrants(demand: float, slope: float, fixed_cost: float) -> int:
    """Firms that enter a Cournot market freely: the most n with A^2 / (b (n+1)^2) >= F."""
    return max(math.floor(demand / math.sqrt(slope * fixed_cost) + 1e-12) - 1, 0)


def cournot_welfare(firms: int, demand: float, slope: float, fixed_cost: float) -> float:
    """Consumers' and producers' surplus less fixed costs: A^2 n (n+2) / (2 b (n+1)^2) - n F."""
    return demand**2 * firms * (firms + 2.0) / (2.0 * slope * (firms + 1.0) ** 2) - firms * fixed_cost


def cournot_planner(demand: float, slope: float, fixed_cost: float) -> int:
    """Number of firms at which that welfare is largest; Mankiw and Whinston (1986): never more than enter freely."""
    most = cournot_entrants(demand, slope, fixed_cost)
    return max(range(most + 1), key=lambda firms: cournot_welfare(firms, demand, slope, fixed_cost))
