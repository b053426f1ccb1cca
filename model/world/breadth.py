"""In how many sectors a region may be: a line on its R&D through the regions whose documents are known."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array

PLAN_LINE, PLAN_SECTORS = (-2.23, 1.37), 6
"""The line of the 21 documented provinces in the six plan sectors, for worlds without documents; a test fits it."""
FEWEST = 3
"""Documented regions below which no line is fitted."""
Line: TypeAlias = tuple[float, float]


def fitted_line(named: Array, rd: Array, documented: NDArray[np.bool_]) -> Line | None:
    """Intercept and slope of the sectors named on ln R&D (bn yuan), least squares; None where no line can be fitted.

    Args:
        named: Sectors that a region's documents name, (R,).
        rd: R&D spending, bn yuan, (R,).
        documented: Whether documents are known, (R,).
    """
    x, y = np.log(rd[documented]), named[documented]
    if x.size < FEWEST or np.ptp(x) == 0.0:
        return None
    slope = float(((x - x.mean()) * y).sum() / ((x - x.mean()) ** 2).sum())
    return float(y.mean() - slope * x.mean()), slope


def predicted_breadth(named: Array, rd: Array, sectors: int) -> NDArray[np.int64]:
    """Breadth of each region from the line through the other documented regions, whole, 1 to K, (R,).

    A region's own documents stay out: most are later than the start, and what regions announce later is to be compared
    with the model. Where too few others are documented, the line of the plan sectors stands in, stretched by K / 6.
    """
    documented = named > 0.0
    result = imputed_breadth(rd, sectors, sectors / PLAN_SECTORS)
    line = fitted_line(named, rd, documented)
    for region in range(rd.size):
        others = documented.copy()
        others[region] = False
        used = fitted_line(named, rd, others) if documented[region] else line
        if used is not None:
            result[region] = whole_breadth(used[0] + used[1] * np.log(rd[region]), sectors)
    return result


def whole_breadth(breadth: Array, sectors: int) -> NDArray[np.int64]:
    """The nearest whole number of sectors from 1 to K."""
    return np.asarray(np.clip(np.round(breadth), 1, sectors), dtype=np.int64)


def imputed_breadth(rd: Array, sectors: int, stretch: float = 1.0) -> NDArray[np.int64]:
    """Breadth where no documents are at hand: clip(round(-2.23 + 1.37 ln R&D), 1, 6), stretched, (R,).

    Args:
        rd: R&D spending, bn yuan, (R,).
        sectors: Number of sectors, K.
        stretch: Breadth in this sector table over that in the six plan sectors.
    """
    plain = PLAN_LINE[0] + PLAN_LINE[1] * np.log(np.maximum(rd, 1e-9))
    of_plan = whole_breadth(plain, PLAN_SECTORS).astype(np.float64)
    return whole_breadth(of_plan * stretch, sectors)


def city_breadth(rd: Array, adopted: Array, slope: float, named: float, sectors: int) -> NDArray[np.int64]:
    """Breadth of cities, whole, 1 to K, (R,): no document of a city is at hand.

    A city with a document of average ln R&D names as many sectors as an average document of a province does (assumed);
    from there it goes with the slope of the provinces.

    Args:
        rd: R&D spending, bn yuan, (R,).
        adopted: 1 for cities with a document at the start, (R,).
        slope: Sectors per unit of ln R&D.
        named: Sectors that an average document of a province names.
        sectors: Number of sectors, K.
    """
    log_rd = np.log(rd)
    middle = log_rd[adopted > 0.0].mean() if adopted.any() else log_rd.mean()
    return whole_breadth(named + slope * (log_rd - middle), sectors)
