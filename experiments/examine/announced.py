"""Layouts measured by themselves: the real announced ones, or any 0/1 table of regions and sectors, beside two nulls.

The first null keeps each region's breadth and puts its sectors at random (chance alone); the second also keeps how many
regions are in each sector (popularity alone). Both use addressed draws, so a table comes out the same each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qipan.model.draws import Draws, Stream

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
SAMPLES = 1000
TRADES_PER_REGION = 10
LAYOUT_MEASURES = (
    "layout_cosine",
    "investment_krugman",
    "investment_overlap",
    "investment_duplication",
    "effective_portfolios",
    "effective_regions_mean",
    "pair_count",
    "portfolio_concentration",
    "coverage",
    "sectors_per_region",
)
COLUMNS = (
    "measure",
    "value",
    "chance_mean",
    "chance_low",
    "chance_high",
    "popularity_mean",
    "popularity_low",
    "popularity_high",
    "regions",
)


def announced_rows(layout: Array) -> Array:
    """The rows of regions that announced at least one sector."""
    return np.asarray(layout[layout.sum(axis=-1) > 0])


def layout_measures(layouts: Array) -> dict[str, Array]:
    """Measures of 0/1 layouts (..., region, sector); a region's money is taken to be split evenly over its sectors."""
    from qipan.model.measures import compute
    from qipan.model.measures.similarity import shares

    return compute({"layout": layouts, "investment": shares(layouts)}, LAYOUT_MEASURES)


def random_layouts(layout: Array, samples: int = SAMPLES, seed: int = 1) -> Array:
    """Layouts with the same breadths and sectors at random: (sample, region, sector)."""
    keys = _draws(layout, samples, seed).uniform(Stream.RANDOM_LAYOUT)
    rank = np.argsort(np.argsort(keys, axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray(rank < layout.sum(axis=-1)[:, None], dtype=np.float64)


def shuffled_layouts(layout: Array, samples: int = SAMPLES, seed: int = 1) -> Array:
    """Layouts with the same breadths and the same number of regions in each sector: (sample, region, sector).

    Curveball trades (Strona and others 2014): two regions pool the sectors that only one of them has and deal them out
    again at random, each keeping its number. Ten trades a region.
    """
    regions = layout.shape[0]
    tables = np.broadcast_to(layout, (samples, *layout.shape)).copy()
    if regions < 2:
        return tables
    draws, rows = _draws(layout, samples, seed), np.arange(samples)
    for trade in range(TRADES_PER_REGION * regions):
        one = (draws.uniform(Stream.REVISER, over="", round=trade) * regions).astype(np.int64)
        step = (draws.uniform(Stream.REVISION, over="", round=trade) * (regions - 1)).astype(np.int64)
        other = (one + 1 + step) % regions
        keys = draws.uniform(Stream.RANDOM_LAYOUT, over="k", round=trade)
        tables[rows, one], tables[rows, other] = _traded(tables[rows, one], tables[rows, other], keys)
    return tables


def _traded(one: Array, other: Array, keys: Array) -> tuple[Array, Array]:
    """Deal the sectors that exactly one of two rows has to them by random keys; each keeps its number."""
    differ = one != other
    rank = np.argsort(np.argsort(np.where(differ, keys, 2.0), axis=-1, kind="stable"), axis=-1, kind="stable")
    first = differ & (rank < (one * differ).sum(axis=-1, keepdims=True))
    both = one * other
    return both + first, both + (differ & ~first)


def _draws(layout: Array, samples: int, seed: int) -> Draws:
    regions, sectors = layout.shape
    return Draws(seed, np.arange(samples), np.arange(1, regions + 1), np.arange(1, sectors + 1))


def measure_layout(layout: Array, samples: int = SAMPLES, seed: int = 1) -> pd.DataFrame:
    """Every layout measure of one 0/1 table with the mean and the 95% range of both nulls. Columns: ``COLUMNS``.

    Args:
        layout: (region, sector); regions with an empty row are left out.
        samples: Tables drawn for each null.
        seed: Of the draws.
    """
    import pandas as pd

    table = announced_rows(layout)
    value = layout_measures(table)
    nulls = [layout_measures(draw(table, samples, seed)) for draw in (random_layouts, shuffled_layouts)]
    rows = []
    for name in LAYOUT_MEASURES:
        ranges = [(null[name].mean(), *np.quantile(null[name], [0.025, 0.975])) for null in nulls]
        rows.append((name, float(value[name]), *ranges[0], *ranges[1], len(table)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _placed(simulated: Array, real: float) -> tuple[float, float, float, float]:
    """Mean, 5% and 95% quantile, and the share below the real value; replicates in which a measure of pairs has no
    pair are left out.
    """
    known = simulated[np.isfinite(simulated)]
    if not known.size:
        return (np.nan,) * 4
    low, high = (float(end) for end in np.quantile(known, [0.05, 0.95])) if len(known) > 1 else (np.nan, np.nan)
    return float(known.mean()), low, high, float((known < real).mean()) if np.isfinite(real) else np.nan


def beside_announced(layouts: Array, announced: Array) -> pd.DataFrame:
    """Simulated layouts beside the announced ones, over the regions that announced, each beside its own breadths' null.

    Args:
        layouts: (replicate, region, sector) simulated layouts of one year.
        announced: (region, sector) announced layouts.

    Returns:
        Columns measure, announced, simulated_mean, simulated_q05, simulated_q95 and announced_rank, the share of
        replicates below the announced value. The excess over chance and the standard score of pairs compare at equal
        breadth.
    """
    import pandas as pd

    from qipan.model.measures import compute

    names = ("layout_cosine", "layout_cosine_null", "layout_cosine_excess", "pair_count_z", "sectors_per_region")
    known = announced.sum(axis=-1) > 0
    real = compute({"layout": announced[known]}, names)
    simulated = compute({"layout": layouts[:, known]}, names)
    rows = [(name, float(real[name]), *_placed(simulated[name], float(real[name]))) for name in names]
    columns = ["measure", "announced", "simulated_mean", "simulated_q05", "simulated_q95", "announced_rank"]
    return pd.DataFrame(rows, columns=columns)
