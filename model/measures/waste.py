"""Waste: what a different layout would have saved. A normative measure, unlike similarity and duplication."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.reduce import add_up, mean, ratio
from qipan.model.measures.registry import WHOLE_RUN, measure
from qipan.model.measures.sharing import row_sums


def excess(count: Array, wanted: Array) -> Array:
    """Sum over sectors of max(0, count - wanted)."""
    return add_up(np.maximum(count - wanted, 0.0))


@measure(
    label="Excess entry",
    label_zh="过度进入",
    unit="entries",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum_k max(0, n_k - count in the best layout on the true values)",
    source="Mankiw and Whinston (1986)",
)
def excess_entry(regions_per_sector: Array, efficient_count: Array) -> Array:
    """Entries beyond the counts of the best layout on the true values. ``efficient_count`` is (replicate, sector)."""
    return excess(regions_per_sector, efficient_count[..., None, :])


@measure(
    label="Missing entry",
    label_zh="进入不足",
    unit="entries",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum_k max(0, count in the best layout on the true values - n_k)",
    source="counterpart of excess entry",
)
def missing_entry(regions_per_sector: Array, efficient_count: Array) -> Array:
    """Entries that the best layout on the true values would still make."""
    return excess(efficient_count[..., None, :], regions_per_sector)


@measure(
    label="Excess entry against the planner",
    label_zh="过度进入（对规划者）",
    unit="entries",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum_k max(0, n_k - planner's own count)",
    source="model section 7",
)
def excess_entry_planner(regions_per_sector: Array, planner_count: Array) -> Array:
    """Entries beyond the counts in the layout that the coordinator, with its noisy view, would choose itself."""
    return excess(regions_per_sector, planner_count)


@measure(
    label="Idle capacity",
    label_zh="产能闲置率",
    unit="1",
    direction="lower is better",
    bounds=(0, 1),
    formula="1 - sum_k supply utilisation / sum_k supply",
    source="model section 3, step 8",
)
def idle_share(supply: Array, utilisation: Array) -> Array:
    """Share of the nation's effective capacity that demand leaves idle."""
    total = add_up(supply)
    return np.clip(ratio(add_up(supply * (1.0 - utilisation)), total), 0.0, 1.0)


@measure(
    label="Idle capacity in yuan",
    label_zh="闲置产能",
    unit="bn yuan/year",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum_k supply (1 - utilisation)",
    source="model section 3, step 8",
)
def idle_capacity(supply: Array, utilisation: Array) -> Array:
    """Output that idle capacity could have made at the base price."""
    return add_up(supply * (1.0 - utilisation))


@measure(
    label="Use of capacity",
    label_zh="产能利用率",
    unit="1",
    direction="higher is better",
    bounds=(0, 1),
    formula="mean over sectors of utilisation",
    source="model section 3, step 8",
)
def utilisation_mean(utilisation: Array) -> Array:
    """Mean over sectors of the use of capacity, each sector alike."""
    return mean(utilisation)


@measure(
    label="Money lost",
    label_zh="资金损失",
    unit="bn yuan/year",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum over mechanisms of money in projects that failed",
    source="model section 3, step 9",
)
def money_lost(lost: Array) -> Array:
    """Money of all mechanisms written off in the year."""
    return add_up(lost)


@measure(
    label="Share of money lost over the run",
    label_zh="资金损失率",
    unit="1",
    direction="lower is better",
    axes=WHOLE_RUN,
    bounds=(0, np.inf),
    formula="total lost / total used; may exceed 1 for money used before the run",
    source="model section 3, step 9",
)
def lost_share(lost: Array, money: Array) -> Array:
    """Money written off over the run relative to the money used over the run."""
    used = add_up(row_sums(money), 2)
    return ratio(add_up(lost, 2), used)


@measure(
    label="Bank arrears",
    label_zh="银行不良余额",
    unit="bn yuan",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="sum over regions of non-performing loans",
    source="model details, Repayment",
)
def arrears_total(arrears: Array) -> Array:
    """Non-performing loans of all regions."""
    return add_up(arrears)


@measure(
    label="Lapsed public money",
    label_zh="财政资金失效额",
    unit="bn yuan/year",
    direction="lower is better",
    bounds=(0, np.inf),
    formula="public money unused and not carried over",
    source="model details, Stage money",
)
def lapsed_money(lapsed: Array) -> Array:
    """Public money that found no project and went back to the treasury."""
    return lapsed
