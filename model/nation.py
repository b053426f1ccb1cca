"""National rules: what happens across regions. They work on (..., region, sector) or (..., sector)."""

import math

import numpy as np

from qipan.model.axes import SECTOR, Array, Element, by_sector
from qipan.model.element import clip, exp, larger, log, power, smaller, sqrt, where
from qipan.model.kernels import mean_over_neighbours, softmax_over_sectors, total_over_regions, total_over_sectors
from qipan.model.region import TINY

ROOT = 0.5
"""The discount on parallel effort at which its power is a square root."""

LEAST_SHARE = math.log(1e-6)
LOG_HUNDRED = math.log(100.0)
"""A region counts as having a millionth of the mean capacity at least."""


def adoption_probability(spontaneous: float, imitative: float, adopters: Array, boost: float) -> Array:
    """Bass diffusion of future-industry documents: p + q (share of adopters) + what the coordinator adds, in [0, 1]
    (assumption A9).

    Args:
        spontaneous: Bass coefficient of innovation, 1/year.
        imitative: Bass coefficient of imitation, 1/year.
        adopters: Share of regions with a document, (..., 1).
        boost: What the coordinator adds, 1/year.
    """
    return clip(spontaneous + imitative * adopters + boost, 0.0, 1.0)


def happens(uniform: Array, probability: Element) -> Array:
    """1 where a uniform draw falls below the probability, on the grid of the draws' 32-bit words."""
    return where(uniform < probability, 1.0, 0.0)


def forecast(mean_utility: Array, slots: float, temperature: float) -> Array:
    """How many regions are publicly expected in each sector this year: slots times a logit of mean utility."""
    return slots * softmax_over_sectors(mean_utility / larger(temperature, 0.05), mean_utility * 0.0 + 1.0)


def expected_rivals(
    previous: Array, mean_worth: Array, slots: float, breadth: Array, temperature: float, foresight: float
) -> Array:
    """Other regions that a region expects in each sector: last year's, or those a public forecast foresees
    (assumption A5).

    Args:
        previous: Other regions last year, (n, region, sector).
        mean_worth: Public mean belief, (n, sector).
        slots: Sum of all breadths.
        breadth: The region's own breadth, which is not its rivals', (..., region, 1).
        temperature: Noise of choices, utility.
        foresight: Weight of the forecast, in [0, 1].
    """
    result: Array = anticipated(previous, by_sector(forecast(mean_worth, 1.0, temperature)), slots - breadth, foresight)
    return result


def anticipated(previous: Element, share: Element, slots: Element, foresight: float) -> Element:
    """Rivals expected: (1 - foresight) of last year's, foresight of a public forecast, share times others' slots."""
    return (1.0 - foresight) * previous + foresight * (share * slots)


def shared_knowledge(log_fit: Array, neighbours: Array, speed: float) -> Array:
    """Spillover: a region closes `speed` of the gap to its neighbours' mean know-how each year, if it lies below
    (assumption A20).

    Args:
        log_fit: (..., region, sector).
        neighbours: Rows sum to one, or to zero for a region without neighbours, (region, region).
        speed: Share of the gap closed in a year, in [0, 1].
    """
    result: Array = caught_up(
        log_fit, mean_over_neighbours(log_fit, neighbours), neighbours.sum(axis=SECTOR)[:, None], speed
    )
    return result


def caught_up(log_fit: Element, heard: Element, weight: Element, speed: float) -> Element:
    """Log fit after a year beside neighbours whose weighted sum is `heard`, their weights summing to `weight`."""
    gap = heard - log_fit * weight
    return log_fit + speed * larger(gap, 0.0)


def linked_presence(layout: Array, links: Array) -> Array:
    """Share of the sectors linked to a sector that the region is in, (..., region, sector), in [0, 1].

    Args:
        layout: 1 where the region is in the sector, (..., region, sector).
        links: Weight of sector j in the chain of sector k, rows sum to one or to zero, (sector, sector).
    """
    total = layout * 0.0
    for sector, other in np.argwhere(links > 0.0):
        total[..., sector] += links[sector, other] * layout[..., other]
    return total


def early_demand(spontaneous: float, per_zone: float, zones: Array) -> Array:
    """Bass coefficient of innovation of demand, raised by application scenarios in pilot zones, (..., sector)."""
    return spontaneous * (1.0 + per_zone * zones)


def national_effort(research: Array, pilots: Array, weight: float, discount: float) -> Array:
    """The nation's effort towards a breakthrough, (n, sector), from research and pilots completed in each region.

    Only its ratio to that of 2022 counts, so the unit in which a pilot is compared with research cancels.
    """
    return research_effort(research if weight == 0.0 else joint_effort(research, pilots, weight), discount)


def joint_effort(research: Element, pilots: Element, weight: float) -> Element:
    """Research and pilots as one effort: research^(1 - weight) pilots^weight; nothing where one of them lacks
    (assumption A39).
    """
    both = (research > 0.0) & (pilots > 0.0)
    return where(both, exp((1.0 - weight) * log(research) + weight * log(pilots)), 0.0)


def research_effort(completed: Array, discount: float) -> Array:
    """Parallel effort towards a breakthrough: sum over regions of completed research to the power (1 - discount)."""
    each = root_effort(completed) if discount == ROOT else one_effort(completed, discount)
    return total_over_regions(each)


def one_effort(completed: Element, discount: float) -> Element:
    """What one region's completed research adds to the parallel effort."""
    return where(completed > 0.0, exp((1.0 - discount) * log(completed)), 0.0)


def root_effort(completed: Element) -> Element:
    """The same at a discount of one half: a root costs a tenth of a power."""
    return sqrt(completed)


def breakthrough_probability(rate: float, readiness: Array, effort: Array, reference: Array) -> Array:
    """1 - exp(-rate * readiness * effort / reference effort of 2022), (..., sector); zero without any effort
    (assumption A16).
    """
    return 1.0 - exp(-rate * readiness * effort / larger(reference, TINY) * (reference > 0.0))


def hazard(rate: float) -> float:
    """Probability that something with a constant hazard happens within a year: 1 - exp(-rate)."""
    return 1.0 - math.exp(-rate)


def market_ceiling(value: Array, before: float, breakthrough: Array, foreign: Array, foreign_loss: float) -> Array:
    """Demand that can be reached: all of the mature value after a breakthrough, a part before; less while foreigners
    are ahead (assumption A17).
    """
    reach = where(breakthrough > 0.0, 1.0, before)
    lost = where((foreign > 0.0) & (breakthrough <= 0.0), foreign_loss, 0.0)
    return value * reach * (1.0 - lost)


def effective_producers(total: Element, squares: Element) -> Element:
    """Effective number of producing regions, 1 / sum of squared shares, from the sum of capacity and of its squares."""
    return total * total / larger(squares, TINY)


def producers_of(capacity: Array) -> Array:
    """Effective number of producing regions by sector, (..., region, sector) -> (..., sector)."""
    return np.asarray(effective_producers(total_over_regions(capacity), total_over_regions(capacity * capacity)))


def reach(producers: Element, first: Element, bases: float) -> Element:
    """How much of a market is reached against 2022: N producers reach N / (N + bases) of it, each the customers near to
    it or fond of what it makes (assumption A37). One where nobody produced, then or now, and where no base is needed.

    Args:
        producers: Effective number of producing regions.
        first: The same in 2022.
        bases: Producers that reach one half of a market.
    """
    now, then = producers / larger(producers + bases, TINY), first / larger(first + bases, TINY)
    return where((now > 0.0) & (then > 0.0), now / larger(then, TINY), 1.0)


def grown_demand(demand: Array, ceiling: Array, spontaneous: Element, imitative: float) -> Array:
    """One year of the Bass curve: D + (p + q D/C)(C - D), never above a ceiling it has not passed (assumption A18)."""
    room = larger(ceiling - demand, 0.0)
    speed = smaller(spontaneous + imitative * demand / larger(ceiling, TINY), 1.0)
    return demand + speed * room


def effective_supply(capacity: Array, know_how: Array, agglomeration: float, regions: float) -> Array:
    """What a region could sell: capacity times know-how, more where the sector is concentrated (assumption A34).

    Args:
        capacity: (..., region, sector), bn yuan a year.
        know_how: Log of fit to the power 0.3, (..., region, sector).
        agglomeration: Elasticity to the region's share of the nation's capacity times the number of regions.
        regions: Number of regions.
    """
    mean = log(by_sector(total_over_regions(capacity)) / regions)
    return np.asarray(supplied(capacity, log(capacity), mean, know_how, agglomeration))


def supplied(capacity: Element, size: Element, mean: Element, know_how: Element, agglomeration: float) -> Element:
    """What one region could sell; `size` is the log of its capacity, `mean` that of a region's on average."""
    dense = agglomeration * larger(size - mean, LEAST_SHARE)
    return capacity * exp(know_how + dense)


def small_burden(size: Element, minimum: Element, elasticity: float) -> Element:
    """Extra operating cost of a base below the smallest efficient one, as a share of its operating cost: (minimum /
    capacity)^elasticity - 1, a hundredth of the minimum at the least (assumption A35).

    Args:
        size: Log of the base's capacity.
        minimum: Log of the smallest efficient base.
        elasticity: Fall of operating cost with size, 0 or more.
    """
    return exp(elasticity * clip(minimum - size, 0.0, LOG_HUNDRED)) - 1.0


def utilisation(demand: Array, supply: Array) -> Array:
    """Share of national supply that finds a buyer, in [0, 1]; one where there is no supply."""
    return where(supply > 0.0, smaller(demand / larger(supply, TINY), 1.0), 1.0)


def cleared_price(used: Array, elasticity: float) -> Array:
    """Price relative to the base: idle capacity depresses it, price = utilisation^elasticity (assumption A19)."""
    return power(larger(used, 1e-12), elasticity)


def weighted_mean(values: Array, weights: Array) -> Array:
    """Mean over regions with weights that sum to one, (..., region, sector) -> (..., sector)."""
    return total_over_regions(values * weights[..., None])


def normalised(weights: Array, fallback: Array) -> Array:
    """Weights over all pairs that sum to one in each replicate; where all are zero, the fallback's."""
    total = total_over_sectors(total_over_regions(weights))[..., None, None]
    share: Array = weights / larger(total, TINY)
    nobody = total[..., 0, 0] <= 0.0
    if nobody.any():
        share[nobody] = np.broadcast_to(fallback, share.shape)[nobody]
    return share
