"""The uncertain world, drawn once per replicate and the same under every policy.

Nobody in the model sees these arrays: regions and the coordinator meet them only through signals and markets.
"""

from dataclasses import dataclass
from math import hypot

from qipan.model.axes import SECTOR, Array, by_region, by_sector
from qipan.model.draws import Draws, Stream
from qipan.model.element import exp, log, where
from qipan.model.kernels import mean_over_regions
from qipan.model.parameters import Uncertainty
from qipan.model.payoffs import Payoff
from qipan.model.world import World


@dataclass(frozen=True, eq=False)
class Nature:
    """What is true in each replicate.

    Attributes:
        worth: A sector's value at maturity on the scale of beliefs (log bn yuan a year, unless the payoff form is in
            levels), (n, sector).
        common_error: Error that every region makes about a sector (hype), (n, sector), log.
        definition_bias: Bias from a region's understanding of future industry, (n, region, sector), log.
        frontier: 1 where the region understands future industry as frontier technology, (n, region).
        log_fit: Log fit of a region to a sector at the start, (n, region, sector); the fit has mean one in each sector.
    """

    worth: Array
    common_error: Array
    definition_bias: Array
    frontier: Array
    log_fit: Array


def draw_nature(world: World, uncertainty: Uncertainty, payoff: Payoff, value_level: float, draws: Draws) -> Nature:
    """Draw the uncertain world of each replicate (assumptions A2, A29).

    ln M_k ~ Normal(ln median_k, value_spread); hype ~ Normal(0, common_error); each region holds the frontier
    understanding with probability frontier_share; fit = exp(what the data say + fit_spread z), mean one per sector.
    """
    median = payoff.worth(world.median_value * value_level)
    worth = median + uncertainty.value_spread * draws.normal(Stream.VALUE, over="k")
    common_error = uncertainty.common_error * draws.normal(Stream.COMMON_ERROR, over="k")
    frontier = where(draws.uniform(Stream.UNDERSTANDING, over="r") < uncertainty.frontier_share, 1.0, 0.0)
    inside = where(by_region(frontier) == by_sector(world.frontier), 1.0, -1.0)
    raw = exp(world.data_fit + fit_spread(world, uncertainty) * draws.normal(Stream.FIT, over="rk"))
    return Nature(
        worth=worth,
        common_error=common_error,
        definition_bias=uncertainty.definition_gap * inside,
        frontier=frontier,
        log_fit=log(raw / by_sector(mean_over_regions(raw))),
    )


def fit_spread(world: World, uncertainty: Uncertainty) -> float:
    """Standard deviation of the unexplained log fit: what nothing explains and, under a coarse rule, what it misses:
    no table counts what a city, or a region in other sectors than plan-6, has of a sector (assumption A44).
    """
    return hypot(uncertainty.fit_spread, uncertainty.coarse_fit_spread if world.fit_coarse else 0.0)


def standardised(values: Array) -> Array:
    """Values over sectors with mean zero and standard deviation one (zeros where they do not vary)."""
    centred = values - values.mean(axis=SECTOR, keepdims=True)
    spread = (centred * centred).mean(axis=SECTOR, keepdims=True) ** 0.5
    return where(spread > 0.0, centred / where(spread > 0.0, spread, 1.0), 0.0)
