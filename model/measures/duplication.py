"""Duplication: how much of the national table is the same bet made again.

Duplication is a positive measure: some of it is optimal when success is uncertain (parallel projects, model section
8d). Tables are ``(..., region, sector)``.
"""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.planes import (
    added,
    concentrations,
    over_sectors,
    planes,
    region_sums,
    sector_sums,
    share_planes,
    totals,
    unfolded,
)
from qipan.model.measures.reduce import add_up, logarithms, mean, ratio
from qipan.model.measures.registry import measure
from qipan.model.measures.sharing import shared
from qipan.model.measures.similarity import filled, of_pairs

_ENTROPY = "Shannon mutual information; Theil (1972), Statistical Decomposition Analysis"


@shared
def inner_entropy(table: Array) -> Array:
    """Sum over regions of p_r sum_k s_rk ln s_rk, p_r the region's share of the table, s its own shares: (row,)."""
    rows = share_planes(table)
    return added(ratio(region_sums(table), totals(table)) * over_sectors(rows, logarithms(rows)))


@shared
def information(table: Array) -> Array:
    """Mutual information between region and sector of a table of non-negative amounts, in nats; 0 for an empty table.

    I = sum p_rk ln p_rk - sum p_r ln p_r - sum p_k ln p_k: 0 when all regions split alike, ln min(R, K) at most. The
    first two sums together are the mean over regions, weighing p_r, of sum_k s_rk ln s_rk with s_rk = p_rk / p_r.
    """
    nation = ratio(sector_sums(table), totals(table))
    return unfolded(np.maximum(inner_entropy(table) - added(nation * logarithms(nation)), 0.0), table)


def digamma(values: Array) -> Array:
    """Logarithmic derivative of the gamma function for values of at least 1, to 1e-9: recurrence, then the series."""
    shifted = values + 6.0
    steps = sum((1.0 / (values + float(step)) for step in range(6)), np.zeros_like(values))
    inverse = 1.0 / (shifted * shifted)
    series = inverse * (1.0 / 12.0 - inverse * (1.0 / 120.0 - inverse / 252.0))
    return np.asarray(np.log(shifted) - 0.5 / shifted - series - steps)


def _largest_information(regions: int, sectors: int) -> float:
    return float(np.log(max(min(regions, sectors), 2)))


def location_quotients(table: Array) -> Array:
    """Share of a sector in a region relative to its share in the nation; 0 where the nation has none of it."""
    nation = ratio(sector_sums(table), added(sector_sums(table)))
    return unfolded(ratio(share_planes(table), nation), table)


def ellison_glaeser_index(raw: Array, plants: Array, regions: Array) -> Array:
    """Ellison-Glaeser index of one sector from its three ingredients.

    gamma = (G - (1 - X) H) / ((1 - X)(1 - H)); with G = .1, H = .05, X = .08: (.1 - .046) / .874 = .061785.

    Args:
        raw: G = sum_r (s_r - x_r)^2, the sector's shares s against the regions' overall shares x.
        plants: H, Herfindahl index of project sizes, below 1.
        regions: X = sum_r x_r^2, below 1.
    """
    return (raw - (1.0 - regions) * plants) / ((1.0 - regions) * (1.0 - plants))


@measure(
    label="Duplication of investment",
    label_zh="投资重复度",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="D = 1 - I / ln min(R, K), I the mutual information of the table of money by region and sector",
    source=_ENTROPY,
    null="investment_duplication_null",
)
def investment_duplication(investment: Array) -> Array:
    """1 when all regions split their money alike, 0 when each sector belongs to its own regions; NaN for one alone."""
    duplicated = 1.0 - information(investment) / _largest_information(*investment.shape[-2:])
    return np.where(unfolded(filled(investment), investment) > 1.0, duplicated, np.nan)


@measure(
    label="Duplication by chance",
    label_zh="投资重复度（随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="D at the expected national entropy psi(c + 1) - psi(c/K + 1), c + 1 = (1/K)(1 - 1/K) / Var(p_k)",
    source="expectation under random permutation of each row, national shares taken as beta distributed",
)
def investment_duplication_null(investment: Array) -> Array:
    """Duplication when every region keeps its split but puts it on sectors at random.

    Approximate: national shares are taken as beta with their exact mean 1/K and variance
    sum_r w_r^2 (sum_k s_rk^2 / K - 1/K^2). Off by 0.01 at most for four regions, less for more.
    """
    sectors = float(investment.shape[-1])
    weight = ratio(region_sums(investment), totals(investment))
    variance = np.maximum(concentrations(investment) / sectors - 1.0 / sectors**2, 0.0)
    variance = np.maximum(added(weight * weight * variance), 1e-15)
    precision = np.maximum((1.0 / sectors) * (1.0 - 1.0 / sectors) / variance - 1.0, 1e-9)
    national = digamma(precision + 1.0) - digamma(precision / sectors + 1.0)
    chance = np.maximum(national + inner_entropy(investment), 0.0) / _largest_information(*investment.shape[-2:])
    return unfolded(of_pairs(np.clip(1.0 - chance, 0.0, 1.0), investment), investment)


@measure(
    label="Effective number of distinct portfolios",
    label_zh="有效差异化组合数",
    unit="portfolios",
    direction="neutral",
    bounds=(1, np.inf),
    formula="exp(I), I the mutual information of money by region and sector",
    source=_ENTROPY,
)
def effective_portfolios(investment: Array) -> Array:
    """How many portfolios without overlap would carry the same information: 1 when all split alike."""
    return np.exp(information(investment))


@measure(
    label="Effective regions in a sector",
    label_zh="各产业有效地区数",
    unit="regions",
    direction="neutral",
    axes=("replicate", "year", "sector"),
    bounds=(0, np.inf),
    formula="1 / sum_r (share of region r in the sector)^2",
    source="Hirschman-Herfindahl",
)
def effective_regions(investment: Array) -> Array:
    """Number of equal regions that would be as concentrated; 0 for a sector without investment."""
    part = ratio(planes(investment), sector_sums(investment))
    herfindahl = np.einsum("rkn,rkn->kn", part, part)
    return unfolded(ratio(np.ones_like(herfindahl), herfindahl), investment)


@measure(
    label="Effective regions per sector",
    label_zh="每产业平均有效地区数",
    unit="regions",
    direction="neutral",
    bounds=(0, np.inf),
    formula="mean over sectors of 1 / HHI",
    source="Hirschman-Herfindahl",
)
def effective_regions_mean(effective_regions: Array) -> Array:
    """Mean over sectors of the effective number of regions."""
    return mean(effective_regions)


@measure(
    label="Regions in a sector",
    label_zh="各产业布局地区数",
    unit="regions",
    direction="neutral",
    axes=("replicate", "year", "sector"),
    bounds=(0, np.inf),
    formula="n_k = sum over regions of the layout",
    source="model section 4",
)
def regions_per_sector(layout: Array) -> Array:
    """How many regions have each sector in their layout."""
    return unfolded(sector_sums(layout), layout)


@measure(
    label="Pairs of regions in the same sector",
    label_zh="同产业地区对数",
    unit="pairs",
    direction="neutral",
    bounds=(0, np.inf),
    formula="sum_k n_k (n_k - 1) / 2",
    source="model section 7",
    null="pair_count_null",
)
def pair_count(regions_per_sector: Array, layout: Array) -> Array:
    """Number of times that two regions are in the same sector; NaN where there is only one region."""
    pairs = add_up(regions_per_sector * (regions_per_sector - 1.0)) / 2.0
    return pairs if layout.shape[-2] > 1 else np.full_like(pairs, np.nan)


@measure(
    label="Pairs in the same sector by chance",
    label_zh="同产业地区对数（随机基准）",
    unit="pairs",
    direction="neutral",
    bounds=(0, np.inf),
    formula="sum over pairs of L_i L_j / K, L the breadths",
    source="hypergeometric overlap of random layouts with the breadths kept",
)
def pair_count_null(layout: Array) -> Array:
    """Expected number of pairs when every region keeps its breadth and picks its sectors at random; NaN for one."""
    breadth = region_sums(layout)
    pairs = totals(layout) ** 2 - added(breadth * breadth)
    expected = unfolded(pairs / (2.0 * layout.shape[-1]), layout)
    return expected if layout.shape[-2] > 1 else np.full_like(expected, np.nan)


@measure(
    label="Pairs in the same sector, standard score",
    label_zh="同产业地区对数Z值",
    unit="sd",
    direction="neutral",
    bounds=(-np.inf, np.inf),
    formula="(pairs - null) / sd, variance = sum over pairs of L_i L_j (K-L_i)(K-L_j) / (K^2 (K-1))",
    source="overlaps of random layouts are hypergeometric and pairwise uncorrelated",
)
def pair_count_z(pair_count: Array, pair_count_null: Array, layout: Array) -> Array:
    """How many standard deviations above chance regions meet in sectors; 0 where chance leaves no room, NaN where
    fewer than two regions have a layout.

    The variance is exact: given one layout, the expected overlap with another does not depend on it, so overlaps of
    different pairs are uncorrelated.
    """
    sectors = float(layout.shape[-1])
    breadth = region_sums(layout)
    room = breadth * (sectors - breadth)
    pairs = (added(room) ** 2 - added(room * room)) / 2.0
    deviation = np.sqrt(np.maximum(pairs, 0.0) / (sectors * sectors * max(sectors - 1.0, 1.0)))
    score = ratio(pair_count - pair_count_null, unfolded(deviation, layout))
    return np.where(unfolded(filled(layout), layout) > 1.0, score, np.nan)


@measure(
    label="Concentration inside regions",
    label_zh="地区内部集中度",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="mean over regions of sum_k s_rk^2",
    source="Hirschman-Herfindahl",
)
def portfolio_concentration(investment: Array) -> Array:
    """Mean Herfindahl index of regions' splits over sectors; empty regions are left out."""
    herfindahl = concentrations(investment)
    counted = np.count_nonzero(herfindahl, axis=0).astype(np.float64)
    return unfolded(ratio(added(herfindahl), counted), investment)


@measure(
    label="Location quotient",
    label_zh="区位商",
    unit="1",
    direction="neutral",
    axes=("replicate", "year", "region", "sector"),
    bounds=(0, np.inf),
    formula="(x_rk / x_r) / (x_k / x)",
    source="Florence (1939)",
)
def location_quotient(investment: Array) -> Array:
    """Share of a sector in a region's investment relative to its share in the nation's."""
    return location_quotients(investment)


@measure(
    label="Geographic concentration (Ellison-Glaeser)",
    label_zh="地理集中度（EG指数）",
    unit="1",
    direction="neutral",
    bounds=(-np.inf, 1),
    formula="mean over sectors of (G - (1 - X) H) / ((1 - X)(1 - H)) of capacity, H = one over the number of plants",
    source="Ellison and Glaeser (1997), Journal of Political Economy 105(5)",
)
def ellison_glaeser(capacity: Array, industrial_cost: float, capital_productivity: float) -> Array:
    """Concentration of capacity beyond the regions' sizes and the lumpiness of plants; 0 is the dartboard.

    A plant is what one industrial project builds: its cost times the capacity that a yuan builds.
    """
    sector = sector_sums(capacity)
    overall = ratio(region_sums(capacity), totals(capacity))
    gap = ratio(planes(capacity), sector)
    gap -= overall[:, None]
    plants = 1.0 / np.maximum(sector / (industrial_cost * capital_productivity), 2.0)
    regions = np.minimum(added(overall * overall), 1.0 - 1e-12)
    index = np.where(sector > 0, ellison_glaeser_index(np.einsum("rkn,rkn->kn", gap, gap), plants, regions), 0.0)
    return unfolded(ratio(added(index), np.count_nonzero(sector > 0, axis=0).astype(np.float64)), capacity)
