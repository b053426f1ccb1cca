"""What the coordinator sees. It meets the true values only through its own signal and what regions report."""

from dataclasses import dataclass, field

from qipan.model.axes import SECTOR, Array, Element
from qipan.model.coordination.assignment import Solvers
from qipan.model.payoffs import Payoff


@dataclass(frozen=True, eq=False)
class View:
    """The coordinator's noisy view in the year it drafts a plan.

    Attributes:
        estimate: Estimated worth of a sector, (n, sector).
        log_fit: Fit of a region as the public data show it, (n, region, sector) or (1, region, sector).
        count: Regions in the sector last year, (n, sector).
        breadth: Most sectors a region may be in, (region,).
        size: National share of a region, sums to one, (region,).
        payoff: The payoff form the coordinator reckons with.
        list_length: Sectors on the national list.
        pilots: Number of pilot zones.
        fit_weight: Weight of fit in the value of a pair.
        lobbying: Weight of log size in what is assigned to a region.
        solvers: How planning problems on the view are solved.
    """

    estimate: Array
    log_fit: Array
    count: Array
    breadth: Array
    size: Array
    payoff: Payoff
    list_length: int
    pilots: int
    fit_weight: float
    lobbying: float
    solvers: Solvers = field(default_factory=Solvers)

    def efficient_count(self) -> Array:
        """Regions per sector in the coordinator's own best layout, (n, sector)."""
        return self.solvers.efficient_counts(self.estimate, int(self.breadth.sum()), self.breadth.size, self.payoff)


def pooled_estimate(reported: Array, own_signal: Array, own_weight: float) -> Array:
    """Estimate of a sector's worth: what regions report, mixed with the coordinator's own signal.

    Args:
        reported: Mean of regions' beliefs, weighted by size, (n, sector).
        own_signal: True worth plus the coordinator's error, (n, sector).
        own_weight: Weight of the own signal, in [0, 1].
    """
    return (1.0 - own_weight) * reported + own_weight * own_signal


def own_variance(error: float, memory: float, looks: int, common: float) -> float:
    """Variance of the error in the coordinator's own signal, log points squared (assumption A41).

    After t looks of standard deviation s, a part m of the error being their mean and the rest the last one:
    s^2 [(1 - m)^2 + (1 - (1 - m)^2) / t], so s^2 with no memory and s^2 / t with all of it; and that of the common
    error it has, taken whole as regions take it, since nobody knows how much of the market is still unseen.

    Args:
        error: s, log points.
        memory: m, in [0, 1].
        looks: t, 1 or more.
        common: Standard deviation of the common error that it has, log points.
    """
    fresh = (1.0 - memory) ** 2
    return error**2 * (fresh + (1.0 - fresh) / looks) + common**2


def shrunk(estimate: Array, reliability: Element) -> Element:
    """Estimates drawn to their mean over sectors: mean + reliability (estimate - mean). One: taken at face value."""
    mean = estimate.mean(axis=SECTOR, keepdims=True)
    return mean + reliability * (estimate - mean)
