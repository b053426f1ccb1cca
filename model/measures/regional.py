"""Welfare by region: where projects are carried out and goods are made, and who pays; net transfers; equity weights."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.outcome import discount_factors
from qipan.model.measures.reduce import add_up, over_regions
from qipan.model.measures.registry import WHOLE_RUN, measure
from qipan.model.measures.sharing import row_sums

BY_REGION = ("replicate", "region")


@measure(
    label="Net transfer received",
    label_zh="净转移支付",
    unit="bn yuan/year",
    direction="neutral",
    axes=("replicate", "year", "region"),
    bounds=(-np.inf, np.inf),
    formula="national support - levy not handed back",
    source="sums over regions to minus what the nation keeps: administration and burned money",
)
def net_transfer(support: Array, contributed: Array) -> Array:
    """National support that a region receives, used or not, less what is levied from its pools and not handed back.

    Every region gives the same share of its pools. Ecosystem money of the nation is received by size.
    """
    return support - contributed


def _over_the_run(flow: Array, discount: float) -> Array:
    """Discounted sum over years of (replicate, year, region)."""
    return over_regions(flow * discount_factors(flow.shape[-2], discount)[:, None])


@measure(
    label="Net transfer received over the run",
    label_zh="累计净转移支付（贴现）",
    unit="bn yuan",
    direction="neutral",
    axes=BY_REGION,
    bounds=(-np.inf, np.inf),
    formula="sum_t (1+d)^-(t-2022) (national support - levy not handed back)",
    source="levy against support",
)
def net_transfer_discounted(net_transfer: Array, discount: float) -> Array:
    """Discounted net transfer that each region receives."""
    return _over_the_run(net_transfer, discount)


@measure(
    label="Welfare by region",
    label_zh="各地区社会福利",
    unit="bn yuan",
    direction="higher is better",
    axes=BY_REGION,
    bounds=(-np.inf, np.inf),
    formula="welfare of what is done in the region; public money = used there - net transfer received",
    source="an accounting split of welfare: sums over regions to it",
)
def welfare_by_region(
    sold: Array,
    completed_research: Array,
    ordinary: Array,
    small_cost: Array,
    private_used: Array,
    public_used: Array,
    ecosystem_money: Array,
    overhead: Array,
    general_budget: Array,
    net_transfer: Array,
    social_surplus: float,
    research_spillover: float,
    public_funds_cost: float,
    discount: float,
) -> Array:
    """Welfare split by region, exactly: discounted gains less costs of each, which sum to the nation's.

    Gains, private money and the extra cost of small bases count where goods are made and projects carried out: buyers
    elsewhere share the surplus of sales, and know-how spills over, which no statistics place. Public money counts with
    who pays it: what is used in the region, less what it receives from the nation, plus what it gives (its part of
    support, administration and burned money). A region that lets support lapse has it in its own treasury (assumption
    A43).
    """
    gains = social_surplus * row_sums(sold) + research_spillover * completed_research + ordinary
    paid = public_used + ecosystem_money + overhead + general_budget + ordinary - net_transfer
    return _over_the_run(gains - small_cost - private_used - public_funds_cost * paid, discount)


def _share_of_welfare(label: str, label_zh: str, direction: str, formula: str) -> dict[str, object]:
    return {
        "label": label,
        "label_zh": label_zh,
        "unit": "bn yuan",
        "direction": direction,
        "axes": BY_REGION,
        "bounds": (0, np.inf),
        "formula": f"sum_t (1+d)^-(t-2022) {formula}",
        "source": "a term of welfare by region",
    }


@measure(**_share_of_welfare("Surplus of sales in the region", "本地区销售剩余（贴现）", "higher is better", "s sold"))
def region_surplus(sold: Array, social_surplus: float, discount: float) -> Array:
    """What society gains from the sales of each region's bases."""
    return _over_the_run(social_surplus * row_sums(sold), discount)


@measure(
    **_share_of_welfare(
        "Research spillover of the region", "本地区研究外溢（贴现）", "higher is better", "kappa completed research"
    )
)
def region_spillover(completed_research: Array, research_spillover: float, discount: float) -> Array:
    """What each region's research is worth outside the sectors of the model."""
    return _over_the_run(research_spillover * completed_research, discount)


@measure(**_share_of_welfare("Ordinary projects in the region", "本地区普通项目（贴现）", "neutral", "ordinary"))
def region_ordinary(ordinary: Array, discount: float) -> Array:
    """Value of each region's ordinary projects under a new name: a yuan a yuan."""
    return _over_the_run(ordinary, discount)


@measure(
    **_share_of_welfare(
        "Extra operating cost of the region's small bases",
        "本地区小规模基地额外运营成本（贴现）",
        "lower is better",
        "small cost",
    )
)
def region_small_cost(small_cost: Array, discount: float) -> Array:
    """What each region's bases below efficient scale cost more to operate."""
    return _over_the_run(small_cost, discount)


@measure(
    **_share_of_welfare("Private money used in the region", "本地区使用社会资金（贴现）", "neutral", "private money")
)
def region_private(private_used: Array, discount: float) -> Array:
    """Private money put into each region's projects."""
    return _over_the_run(private_used, discount)


@measure(
    **_share_of_welfare(
        "Public money that the region pays, at its social cost",
        "本地区承担的公共资金社会成本（贴现）",
        "neutral",
        "lambda (public money used there - net transfer)",
    )
    | {"bounds": (-np.inf, np.inf)}
)
def region_public_burden(
    public_used: Array,
    ecosystem_money: Array,
    overhead: Array,
    general_budget: Array,
    ordinary: Array,
    net_transfer: Array,
    public_funds_cost: float,
    discount: float,
) -> Array:
    """What each region pays of public money: what is used there, less what it receives from the nation, plus what it
    gives; each yuan at the social cost of raising it.
    """
    paid = public_used + ecosystem_money + overhead + general_budget + ordinary - net_transfer
    return _over_the_run(public_funds_cost * paid, discount)


REGION_GAINS = ("region_surplus", "region_spillover", "region_ordinary")
REGION_COSTS = ("region_small_cost", "region_private", "region_public_burden")
"""Terms of welfare by region: it is the sum of the gains less the sum of the costs."""


@measure(
    **_share_of_welfare("National support received", "获得的国家支持（贴现）", "neutral", "national support")
    | {"source": "levy against support"}
)
def region_support(support: Array, discount: float) -> Array:
    """National support that each region receives, used or not."""
    return _over_the_run(support, discount)


@measure(
    **_share_of_welfare("Levy paid", "上缴统筹资金（贴现）", "neutral", "levy not handed back")
    | {"source": "levy against support"}
)
def region_levy(contributed: Array, discount: float) -> Array:
    """What is levied from each region's pools and not handed back."""
    return _over_the_run(contributed, discount)


@measure(
    **_share_of_welfare(
        "Public money used in the region's projects",
        "本地区项目使用公共资金（贴现）",
        "neutral",
        "public money in projects",
    )
    | {"source": "its own and national support"}
)
def region_public_used(public_used: Array, discount: float) -> Array:
    """Public money used in each region's projects, its own and national support."""
    return _over_the_run(public_used, discount)


@measure(
    label="Welfare with equity weights",
    label_zh="公平加权社会福利",
    unit="bn yuan",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(-np.inf, np.inf),
    formula="sum over regions of (mean GDP per head / own GDP per head)^eta welfare by region",
    source="HM Treasury (2022), The Green Book, annex A3: a yuan is worth more where incomes are lower",
)
def welfare_equity(
    welfare_by_region: Array, world_gdp: Array, world_population: Array, inequality_aversion: float
) -> Array:
    """Welfare with a yuan of a poor region counted for more: one at the nation's GDP per head; at eta = 0, welfare."""
    return add_up(equity_weights(world_gdp, world_population, inequality_aversion) * welfare_by_region)


@measure(
    label="Welfare with own weights",
    label_zh="自定权重社会福利",
    unit="bn yuan",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(-np.inf, np.inf),
    formula="sum over regions of own weight times welfare by region; weights have the mean one",
    source="the reader's own judgement, given with --weights; equal weights give welfare",
)
def welfare_weighted(welfare_by_region: Array, region_weights: Array) -> Array:
    """Welfare with a yuan of each region counted as a reader wants it: (region,) weights of mean one.

    Nothing stands outside the sum: what the nation pays counts with the regions that give it (`welfare_by_region`).
    """
    return add_up(region_weights * welfare_by_region)


def equity_weights(gdp: Array, population: Array, aversion: float) -> Array:
    """What a yuan of each region counts for: (mean / own GDP per head)^aversion, (region,); one where that is unknown.

    Args:
        gdp: GDP of the start, bn yuan, (region,).
        population: Million persons, (region,).
        aversion: Elasticity of the marginal utility of income, 0 or more.

    Example:
        >>> equity_weights(np.array([30.0, 30.0]), np.array([1.0, 2.0]), 1.0).round(3).tolist()
        [0.667, 1.333]
    """
    known = (gdp > 0.0) & (population > 0.0)
    mean = gdp[known].sum() / max(population[known].sum(), np.finfo(float).tiny)
    relative = np.divide(mean * population, gdp, out=np.ones(gdp.shape), where=known)
    return np.asarray(relative**aversion)
