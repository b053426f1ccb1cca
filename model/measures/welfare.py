"""Welfare: what society gains less what it spends, counted to a year, split exactly into its terms."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.outcome import discount_factors, of_mechanisms
from qipan.model.measures.reduce import add_up
from qipan.model.measures.registry import WHOLE_RUN, measure
from qipan.model.measures.sharing import row_sums

_FLOW = "s sold + kappa completed research + ordinary - small cost - private money - lambda public money"
_SOURCE = "surplus of sales at the base price: price falls are transfers, loans that fail are already in spending"
HORIZONS = (2035, 2050, 2060, 2070)
"""Years to which welfare is counted side by side, as far as a run goes: the end of the programme, then decades."""


@measure(
    label="Sales at the base price",
    label_zh="销售额（基准价）",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(0, np.inf),
    formula="sum over regions and sectors of sold",
    source="model section 3, step 8",
)
def sold_total(sold: Array) -> Array:
    """What is sold in all regions and sectors, at the base price."""
    return add_up(sold, 2)


@measure(
    label="Public money used up",
    label_zh="公共资金使用",
    unit="bn yuan/year",
    direction="neutral",
    bounds=(0, np.inf),
    formula="public money in projects + administration + ecosystem + burned + overhead + general budget + ordinary",
    source="every use of public money; what lapses is no use",
)
def public_cost(
    money: Array,
    administration: Array,
    ecosystem_money: Array,
    burned: Array,
    overhead: Array,
    general_budget: Array,
    ordinary: Array,
) -> Array:
    """Every use of public money, in yuan; burned money is a use, lapsed money is not."""
    projects = of_mechanisms(row_sums(money), public=True)
    return projects + administration + burned + add_up(ecosystem_money + overhead + general_budget + ordinary)


@measure(
    label="Private money used",
    label_zh="社会资金使用",
    unit="bn yuan/year",
    direction="neutral",
    bounds=(0, np.inf),
    formula="money of private mechanisms in projects",
    source="model section 5",
)
def private_cost(money: Array) -> Array:
    """Money of firms, investors, banks and donors put into projects that started in the year."""
    return of_mechanisms(row_sums(money), public=False)


@measure(
    label="Net social surplus of the year",
    label_zh="年度社会净剩余",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(-np.inf, np.inf),
    formula=_FLOW,
    source=_SOURCE,
)
def net_surplus(
    sold_total: Array,
    completed_research: Array,
    ordinary: Array,
    small_cost: Array,
    private_cost: Array,
    public_cost: Array,
    social_surplus: float,
    research_spillover: float,
    public_funds_cost: float,
) -> Array:
    """What society gains in the year less private money, and less public money at its social cost."""
    gains = social_surplus * sold_total + add_up(research_spillover * completed_research + ordinary - small_cost)
    return gains - private_cost - public_funds_cost * public_cost


@measure(
    label="Welfare counted to the year",
    label_zh="截至当年的社会福利",
    unit="bn yuan",
    direction="higher is better",
    bounds=(-np.inf, np.inf),
    formula="sum over years up to this one of (1+d)^-(t-2022) net surplus",
    source=_SOURCE,
)
def welfare_until(net_surplus: Array, discount: float) -> Array:
    """Discounted net social surplus up to and with each year; nothing after it counts."""
    factors = discount_factors(net_surplus.shape[-1], discount)
    return np.asarray(np.add.accumulate(net_surplus * factors, axis=-1))


@measure(
    label="Welfare",
    label_zh="社会福利",
    unit="bn yuan",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(-np.inf, np.inf),
    formula=f"sum_t (1+d)^-(t-2022) [{_FLOW}]",
    source=_SOURCE,
)
def welfare(welfare_until: Array) -> Array:
    """Discounted net social surplus of the simulated years; nothing after the last year counts."""
    return welfare_until[..., -1].copy()


def _term(label: str, label_zh: str, direction: str, formula: str) -> dict[str, object]:
    return {
        "label": label,
        "label_zh": label_zh,
        "unit": "bn yuan",
        "direction": direction,
        "axes": WHOLE_RUN,
        "bounds": (0, np.inf),
        "formula": f"sum_t (1+d)^-(t-2022) {formula}",
        "source": "a term of welfare",
    }


def _discounted(flow: Array, discount: float) -> Array:
    return add_up(flow * discount_factors(flow.shape[-1], discount))


@measure(**_term("Surplus of sales", "销售剩余（贴现）", "higher is better", "s sold"))
def surplus_discounted(sold_total: Array, social_surplus: float, discount: float) -> Array:
    """What society gains from sales."""
    return _discounted(social_surplus * sold_total, discount)


@measure(**_term("Research spillover", "研究外溢（贴现）", "higher is better", "kappa completed research"))
def spillover_discounted(completed_research: Array, research_spillover: float, discount: float) -> Array:
    """What research is worth outside the sectors of the model."""
    return _discounted(research_spillover * add_up(completed_research), discount)


@measure(**_term("Ordinary projects", "普通项目（贴现）", "neutral", "ordinary"))
def ordinary_discounted(ordinary: Array, discount: float) -> Array:
    """Value of ordinary projects under a new name: a yuan a yuan."""
    return _discounted(add_up(ordinary), discount)


@measure(
    **_term("Extra operating cost of small bases", "小规模基地额外运营成本（贴现）", "lower is better", "small cost")
)
def small_cost_discounted(small_cost: Array, discount: float) -> Array:
    """What bases below efficient scale cost more to operate."""
    return _discounted(add_up(small_cost), discount)


@measure(**_term("Private money", "社会资金（贴现）", "neutral", "private money"))
def private_discounted(private_cost: Array, discount: float) -> Array:
    """Private money put into projects."""
    return _discounted(private_cost, discount)


@measure(**_term("Public money at its social cost", "公共资金社会成本（贴现）", "neutral", "lambda public money"))
def public_burden_discounted(public_cost: Array, public_funds_cost: float, discount: float) -> Array:
    """Public money used up, each yuan at the social cost of raising it."""
    return _discounted(public_funds_cost * public_cost, discount)


GAINS = ("surplus_discounted", "spillover_discounted", "ordinary_discounted")
COSTS = ("small_cost_discounted", "private_discounted", "public_burden_discounted")
"""Terms of welfare: it is the sum of the gains less the sum of the costs."""


@measure(
    label="Public money used over the run",
    label_zh="累计使用公共资金（贴现）",
    unit="bn yuan",
    direction="neutral",
    axes=WHOLE_RUN,
    bounds=(0, np.inf),
    formula="sum_t (1+d)^-(t-2022) public money used up",
    source="the yuan that the value of a public yuan is counted by",
)
def public_discounted(public_cost: Array, discount: float) -> Array:
    """Public money used up, in yuan."""
    return _discounted(public_cost, discount)


@measure(
    label="Welfare with a terminal value",
    label_zh="含期末价值的社会福利",
    unit="bn yuan",
    direction="higher is better",
    axes=WHOLE_RUN,
    bounds=(-np.inf, np.inf),
    formula="welfare + (1+d)^-T s sold_T terminal_years / 2",
    source="a sensitivity: the last year's surplus run down to zero in a straight line",
)
def welfare_with_terminal(
    welfare: Array, sold_total: Array, social_surplus: float, discount: float, terminal_years: float
) -> Array:
    """Welfare and the surplus of the last year run down over the years that a scenario gives it."""
    last = discount_factors(sold_total.shape[-1], discount)[-1] * social_surplus * sold_total[..., -1]
    return np.asarray(welfare + last * terminal_years / 2.0)


@measure(
    label="True value of the present layouts",
    label_zh="现有布局的真实价值",
    unit="payoff units",
    direction="higher is better",
    bounds=(-np.inf, np.inf),
    formula="sum over regions and sectors of the payoff at the true values",
    source="model section 8, welfare",
)
def layout_payoff(payoff: Array) -> Array:
    """What the present layouts would truly earn in the nation at maturity: the welfare of the theory's games."""
    return payoff.copy()
