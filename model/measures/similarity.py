"""Similarity: how much regions' layouts and portfolios look alike, always beside what chance alone would give.

Similarity is a positive measure. It is not duplication (how much of the table is the same bet made again) and not
waste. All functions take a table ``(..., region, sector)`` and return ``(...)``. A region with an empty row has no
layout and is left out of every pair; with fewer than two regions left there is no pair, and the similarity is NaN.
"""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.gaps import gaps_of_all, gaps_of_regions, gaps_of_sectors
from qipan.model.measures.planes import added, over_sectors, planes, region_sums, unfolded
from qipan.model.measures.reduce import ratio
from qipan.model.measures.registry import measure
from qipan.model.measures.sharing import row_sums, shared

_UNIDO = "UNIDO structural similarity coefficient (1979)"
_KRUGMAN = "Krugman (1991), Geography and Trade"


def shares(table: Array) -> Array:
    """Each region's shares over sectors: rows sum to 1, empty rows stay 0."""
    return ratio(table, row_sums(table)[..., None])


@shared
def lengths(table: Array) -> Array:
    """Length of each region's row: (region, row)."""
    return np.asarray(np.sqrt(over_sectors(planes(table), planes(table))))


@shared
def filled(table: Array) -> Array:
    """How many regions' rows are not empty: (row,)."""
    return np.asarray(np.count_nonzero(region_sums(table), axis=0), dtype=np.float64)


@shared
def weights(table: Array, weight: Array | None) -> Array:
    """Weight of each region, one each where none is given; 0 where the region's row is empty. (region, row)."""
    active = (lengths(table) > 0).astype(np.float64)
    return active if weight is None else active * weight[:, None]


@shared
def pair_weight(table: Array, weight: Array | None) -> Array:
    """Sum over ordered pairs of different regions of the product of their weights; 0 with fewer than two: (row,)."""
    each = weights(table, weight)
    pairs = added(each) ** 2 - added(each * each)
    return np.where(pairs > 1e-15, pairs, 0.0)


def of_pairs(values: Array, table: Array) -> Array:
    """The values (row,) where two regions or more have a row that is not empty, else NaN: one alone is like nobody."""
    return np.where(filled(table) > 1.0, values, np.nan)


def cosine(table: Array, weight: Array | None = None) -> Array:
    """Mean over pairs of regions of the cosine between their rows, in [0, 1] for non-negative tables.

    Uses sum over pairs of w_i w_j v_i.v_j = |sum w v|^2 - sum w^2, so the cost grows with regions, not pairs; v is a
    row over its length.

    Args:
        table: (..., region, sector), non-negative.
        weight: (region,) weight of each region; a pair weighs the product. None: all pairs alike.
    """
    each = weights(table, weight)
    total = np.einsum("rkn,rn->kn", planes(table), ratio(each, lengths(table)))
    mean = ratio(added(total * total) - added(each * each), pair_weight(table, weight))
    return unfolded(of_pairs(np.clip(mean, 0.0, 1.0), table), table)


def cosine_null(table: Array, weight: Array | None = None) -> Array:
    """Expected mean cosine when every region keeps its row's values but puts them on sectors at random.

    Exact: for a random permutation E[a.b] = sum(a) sum(b) / K, so a pair's expected cosine is l_i l_j / K with l the
    ratio of the row's sum to its length. For 0/1 layouts l is the root of the breadth: the null at equal breadth.
    """
    evenness = ratio(region_sums(table), lengths(table)) * weights(table, weight)
    mean = ratio(added(evenness) ** 2 - added(evenness * evenness), pair_weight(table, weight))
    return unfolded(of_pairs(mean / float(table.shape[-1]), table), table)


def krugman(table: Array) -> Array:
    """Mean over pairs of regions of sum_k |s_ik - s_jk|, in [0, 2]."""
    active = filled(table)
    with_empty = 2.0 * active * (table.shape[-2] - active)
    gaps = added(gaps_of_regions(table))
    return unfolded(of_pairs(ratio(gaps - with_empty, active * (active - 1.0)), table), table)


def krugman_null(table: Array) -> Array:
    """Expected Krugman index when every region keeps its shares but puts them on sectors at random.

    Exact: E = (1/K) sum_{k,l} |s_ik - s_jl|; pairs of different regions are all value pairs less those within a row.
    """
    regions, sectors = table.shape[-2:]
    active = filled(table)
    everything = gaps_of_all(table)
    within = added(gaps_of_sectors(table))
    with_empty = 2.0 * sectors * active * (regions - active)
    mean = ratio(everything - within - with_empty, sectors * active * (active - 1.0))
    return unfolded(of_pairs(mean, table), table)


@measure(
    label="Layout similarity (cosine)",
    label_zh="布局相似度（余弦）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="mean over pairs of regions of a.b / (|a| |b|), a and b the 0/1 layouts",
    source=_UNIDO,
    null="layout_cosine_null",
)
def layout_cosine(layout: Array) -> Array:
    """Mean pairwise cosine of 0/1 layouts."""
    return cosine(layout)


@measure(
    label="Layout similarity by chance",
    label_zh="布局相似度（随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="mean over pairs of sqrt(L_i L_j) / K, L the breadths: sectors at random, breadth kept",
    source="exact expectation under random permutation of each row",
)
def layout_cosine_null(layout: Array) -> Array:
    """Mean pairwise cosine that random layouts of the same breadths would have."""
    return cosine_null(layout)


@measure(
    label="Layout similarity above chance",
    label_zh="布局相似度超额",
    unit="1",
    direction="neutral",
    bounds=(-1, 1),
    formula="layout_cosine - layout_cosine_null",
    source="model section 7: similarity always beside its null",
)
def layout_cosine_excess(layout_cosine: Array, layout_cosine_null: Array) -> Array:
    """Layout similarity less what chance gives at equal breadth."""
    return layout_cosine - layout_cosine_null


@measure(
    label="Layout similarity, weighted by size",
    label_zh="布局相似度（规模加权）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="sum over pairs w_i w_j cosine_ij / sum over pairs w_i w_j, w the regions' size",
    source=_UNIDO,
    null="layout_cosine_weighted_null",
)
def layout_cosine_weighted(layout: Array, world_size: Array) -> Array:
    """Mean pairwise cosine of layouts, a pair weighing the product of the two regions' sizes."""
    return cosine(layout, world_size)


@measure(
    label="Weighted layout similarity by chance",
    label_zh="布局相似度（加权随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="size-weighted mean over pairs of sqrt(L_i L_j) / K",
    source="exact expectation under random permutation of each row",
)
def layout_cosine_weighted_null(layout: Array, world_size: Array) -> Array:
    """Size-weighted mean cosine that random layouts of the same breadths would have."""
    return cosine_null(layout, world_size)


@measure(
    label="Investment similarity (cosine)",
    label_zh="投资结构相似度（余弦）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="mean over pairs of regions of a.b / (|a| |b|), a and b the money by sector",
    source=_UNIDO,
    null="investment_cosine_null",
)
def investment_cosine(investment: Array) -> Array:
    """Mean pairwise cosine of what regions spend by sector."""
    return cosine(investment)


@measure(
    label="Investment similarity by chance",
    label_zh="投资结构相似度（随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="mean over pairs of l_i l_j / K, l = (sum of a row) / (length of a row)",
    source="exact expectation under random permutation of each row",
)
def investment_cosine_null(investment: Array) -> Array:
    """Mean cosine when every region keeps its split but puts it on sectors at random."""
    return cosine_null(investment)


@measure(
    label="Investment similarity above chance",
    label_zh="投资结构相似度超额",
    unit="1",
    direction="neutral",
    bounds=(-1, 1),
    formula="investment_cosine - investment_cosine_null",
    source="model section 7",
)
def investment_cosine_excess(investment_cosine: Array, investment_cosine_null: Array) -> Array:
    """Investment similarity less what chance gives at equal breadth."""
    return investment_cosine - investment_cosine_null


@measure(
    label="Investment similarity, weighted by size",
    label_zh="投资结构相似度（规模加权）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="size-weighted mean over pairs of cosine of money by sector",
    source=_UNIDO,
    null="investment_cosine_weighted_null",
)
def investment_cosine_weighted(investment: Array, world_size: Array) -> Array:
    """Mean pairwise cosine of investment, a pair weighing the product of the two regions' sizes."""
    return cosine(investment, world_size)


@measure(
    label="Weighted investment similarity by chance",
    label_zh="投资结构相似度（加权随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="size-weighted mean over pairs of l_i l_j / K",
    source="exact expectation under random permutation of each row",
)
def investment_cosine_weighted_null(investment: Array, world_size: Array) -> Array:
    """Size-weighted mean cosine when every region puts its split on sectors at random."""
    return cosine_null(investment, world_size)


@measure(
    label="Krugman difference of investment",
    label_zh="投资结构克鲁格曼差异指数",
    unit="1",
    direction="neutral",
    bounds=(0, 2),
    formula="mean over pairs of regions of sum_k |s_ik - s_jk|, s the shares",
    source=_KRUGMAN,
    null="investment_krugman_null",
)
def investment_krugman(investment: Array) -> Array:
    """Mean pairwise Krugman index of investment shares: 0 all alike, 2 nothing shared."""
    return krugman(investment)


@measure(
    label="Krugman difference by chance",
    label_zh="克鲁格曼差异指数（随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 2),
    formula="mean over pairs of (1/K) sum_{k,l} |s_ik - s_jl|",
    source="exact expectation under random permutation of each row",
)
def investment_krugman_null(investment: Array) -> Array:
    """Mean pairwise Krugman index when every region puts its shares on sectors at random."""
    return krugman_null(investment)


@measure(
    label="Overlap of investment",
    label_zh="投资重合度",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="1 - investment_krugman / 2 = mean over pairs of sum_k min(s_ik, s_jk)",
    source=_KRUGMAN,
    null="investment_overlap_null",
)
def investment_overlap(investment_krugman: Array) -> Array:
    """Mean share of two regions' investment that goes to the same sectors."""
    return 1.0 - investment_krugman / 2.0


@measure(
    label="Overlap of investment by chance",
    label_zh="投资重合度（随机基准）",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="1 - investment_krugman_null / 2",
    source="exact expectation under random permutation",
)
def investment_overlap_null(investment_krugman_null: Array) -> Array:
    """Mean overlap when every region puts its shares on sectors at random."""
    return 1.0 - investment_krugman_null / 2.0
