"""Outcomes: output, money, adoption, inequality, welfare. Money in billion yuan at 2022 prices."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.extend.registry import MECHANISMS
from qipan.model.measures.planes import totals, unfolded
from qipan.model.measures.reduce import add_up, logarithms, mean, over_regions, ratio
from qipan.model.measures.registry import WHOLE_RUN, measure
from qipan.model.measures.sharing import row_sums


def of_mechanisms(money: Array, public: bool) -> Array:
    """Money of the public mechanisms, or of the private ones, summed over them."""
    wanted = np.array([bool(each.public) is public for each in MECHANISMS.values()])
    return add_up(money[..., wanted])


def gini(amounts: Array) -> Array:
    """Gini coefficient over the last axis: 0 when all are equal, (n - 1)/n when one has everything."""
    count = amounts.shape[-1]
    rank = 2.0 * np.arange(1.0, count + 1.0) - count - 1.0
    return ratio(add_up(np.sort(amounts, axis=-1) * rank), count * add_up(amounts))


def theil(amounts: Array) -> Array:
    """Theil T over the last axis: mean of (y/m) ln(y/m), 0 when all are equal, ln n when one has everything."""
    relative = ratio(amounts, amounts.mean(axis=-1, keepdims=True))
    return np.maximum(mean(relative * logarithms(relative)), 0.0)


def discount_factors(years: int, rate: float) -> Array:
    """(1 + rate)^-(t + 1) for t = 0 .. years - 1: the first year is discounted once."""
    return (1.0 + rate) ** -np.arange(1.0, years + 1.0)


@measure(
    label="National output",
    label_zh="全国产出",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(0, np.inf),
    formula="sum over regions and sectors of gross output",
    source="model section 3, step 8",
)
def output_total(output: Array) -> Array:
    """Gross output of all regions and sectors at current prices of the model."""
    return add_up(row_sums(output))


@measure(
    label="Main business income",
    label_zh="主营业务收入",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(0, np.inf),
    formula="equal to gross output in this model",
    source="model details, Market",
)
def main_business_income(output_total: Array) -> Array:
    """Main business income: a different indicator from output, of the same size here, never compared across."""
    return output_total.copy()


@measure(
    label="Value added",
    label_zh="增加值",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(0, np.inf),
    formula="value_added_share x gross output",
    source="model details, Market",
)
def value_added(output_total: Array, value_added_share: float) -> Array:
    """Value added of all regions and sectors."""
    return value_added_share * output_total


@measure(
    label="Output by region over the run",
    label_zh="各地区累计产出（贴现）",
    unit="bn yuan",
    direction="higher is better",
    axes=("replicate", "region"),
    bounds=(0, np.inf),
    formula="sum_t (1+d)^-(t-2022) sum_k output",
    source="model section 7",
)
def region_output(output: Array, discount: float) -> Array:
    """Discounted output of each region over the run."""
    yearly = row_sums(output)
    factors = discount_factors(yearly.shape[-2], discount)
    return over_regions(yearly * factors[:, None])


@measure(
    label="Output over the run",
    label_zh="累计产出（贴现）",
    unit="bn yuan",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(0, np.inf),
    formula="sum_t (1+d)^-(t-2022) national output",
    source="model section 7",
)
def output_discounted(region_output: Array) -> Array:
    """Discounted national output over the run."""
    return add_up(region_output)


@measure(
    label="Inequality of output (Gini)",
    label_zh="地区产出基尼系数",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="Gini over regions of output",
    source="Gini (1912)",
)
def output_gini(output: Array) -> Array:
    """Gini coefficient of regions' output, each region alike."""
    return gini(row_sums(output))


@measure(
    label="Inequality of output (Theil)",
    label_zh="地区产出泰尔指数",
    unit="nats",
    direction="neutral",
    bounds=(0, np.inf),
    formula="mean over regions of (y/m) ln(y/m)",
    source="Theil (1967)",
)
def output_theil(output: Array) -> Array:
    """Theil index of regions' output, each region alike."""
    return theil(row_sums(output))


@measure(
    label="Sectors somebody is in",
    label_zh="产业覆盖率",
    unit="1",
    direction="higher is better",
    bounds=(0, 1),
    formula="share of sectors that at least one region has in its layout",
    source="model section 7",
)
def coverage(regions_per_sector: Array) -> Array:
    """Share of sectors that at least one region is in."""
    return mean(regions_per_sector > 0)


@measure(
    label="Sectors per region",
    label_zh="每地区布局产业数",
    unit="sectors",
    direction="neutral",
    bounds=(0, np.inf),
    formula="mean over regions of the number of sectors in the layout",
    source="model section 4",
)
def sectors_per_region(layout: Array) -> Array:
    """Mean breadth of layouts."""
    return unfolded(totals(layout), layout) / float(layout.shape[-2])


@measure(
    label="Sectors broken through",
    label_zh="实现突破的产业数",
    unit="sectors",
    direction="higher is better",
    bounds=(0, np.inf),
    formula="sum over sectors of the breakthrough flag",
    source="model section 3, step 7",
)
def breakthroughs(breakthrough: Array) -> Array:
    """Sectors with a domestic breakthrough by the end of the year."""
    return add_up(breakthrough)


@measure(
    label="Sector-years after a breakthrough",
    label_zh="突破后产业年数",
    unit="sector-years",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(0, np.inf),
    formula="sum over years and sectors of the breakthrough flag",
    source="whether any breakthrough came at another time",
)
def breakthrough_years(breakthroughs: Array) -> Array:
    """Years after a domestic breakthrough, over all sectors: the same in two runs where none came at another time."""
    return add_up(breakthroughs)


@measure(
    label="Regions with a future-industry document",
    label_zh="已出台文件地区数",
    unit="regions",
    direction="neutral",
    bounds=(0, np.inf),
    formula="sum over regions of the adoption flag",
    source="model section 3, step 1",
)
def adopters(adopted: Array) -> Array:
    """Regions that have issued a future-industry document by the end of the year."""
    return add_up(adopted)


@measure(
    label="Money used",
    label_zh="资金使用总额",
    unit="bn yuan/year",
    direction="neutral",
    bounds=(0, np.inf),
    formula="sum over mechanisms and stages",
    source="model section 5",
)
def money_used(money: Array) -> Array:
    """Money of all mechanisms put into projects that started in the year."""
    return add_up(row_sums(money))


@measure(
    label="Private money per public yuan",
    label_zh="社会资本撬动倍数",
    unit="yuan/yuan",
    direction="neutral",
    bounds=(0, np.inf),
    formula="private money used / government and guidance money used",
    source="model section 5",
)
def leverage(money: Array) -> Array:
    """Private yuan used for each public yuan used; an accounting ratio, not the effect of public money."""
    used = row_sums(money)
    return ratio(of_mechanisms(used, public=False), of_mechanisms(used, public=True))


@measure(
    label="Private share of money",
    label_zh="社会资本占比",
    unit="1",
    direction="neutral",
    bounds=(0, 1),
    formula="private money used / all money used",
    source="model section 5",
)
def private_share(money: Array, money_used: Array) -> Array:
    """Share of the money used that is private."""
    return np.clip(ratio(of_mechanisms(row_sums(money), public=False), money_used), 0.0, 1.0)


@measure(
    label="Gap between sources and uses",
    label_zh="资金来源与使用差额",
    unit="1",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="max(|money - investment|, sum over stages of |money - starts|) / max(1, money), national sums",
    source="model section 5: sources equal uses to 1e-9",
)
def conservation_gap(money: Array, investment: Array, starts: Array) -> Array:
    """Relative gap between what mechanisms paid, what regions spent and what stages started. Must stay below 1e-9."""
    by_stage = over_regions(money)
    total = add_up(by_stage)
    spent = unfolded(totals(investment), investment)
    gap = np.maximum(np.abs(total - spent), add_up(np.abs(by_stage - starts)))
    return gap / np.maximum(total, 1.0)


@measure(
    label="Gap in public money",
    label_zh="财政资金收支差额",
    unit="1",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="|pools + last balance - (every use + balance)| / pools",
    source="model section 5: sources equal uses to 1e-9",
)
def public_gap(
    pools: Array,
    public_balance: Array,
    money: Array,
    lapsed: Array,
    administration: Array,
    ecosystem_money: Array,
    burned: Array,
    overhead: Array,
    ordinary: Array,
) -> Array:
    """Relative gap between the public money there was and where it went, levy included. Must stay below 1e-9.

    What the regions' other revenue pays for running bases comes and goes beside the pools: it is on both sides.
    """
    opening = np.concatenate([np.zeros_like(public_balance[:, :1]), public_balance[:, :-1]], axis=1)
    used = of_mechanisms(row_sums(money), public=True)
    uses = used + lapsed + administration + burned + add_up(ecosystem_money + overhead + ordinary) + public_balance
    return np.asarray(np.abs(pools + opening - uses) / np.maximum(pools, 1.0))
