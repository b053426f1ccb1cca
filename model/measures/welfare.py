"""Welfare: what society gains from what is sold less what it spends, at several terminal values side by side."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.outcome import discount_factors, welfare_value
from qipan.model.measures.reduce import add_up
from qipan.model.measures.registry import WHOLE_RUN, measure

_FORMULA = "sum_t (1+d)^-(t-2022) [s sold - spent - administration - ecosystem - burned] + (1+d)^-T s sold_T {0}/2"
_SOURCE = "model details, Welfare; price falls are transfers, loans that fail are already in spending"


def _declared(label: str, label_zh: str, years: str) -> dict[str, object]:
    return {
        "label": label,
        "label_zh": label_zh,
        "unit": "bn yuan",
        "direction": "higher is better",
        "axes": WHOLE_RUN,
        "bounds": (-np.inf, np.inf),
        "formula": _FORMULA.format(years),
        "source": _SOURCE,
    }


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
    label="Net social surplus of the year",
    label_zh="年度社会净剩余",
    unit="bn yuan/year",
    direction="higher is better",
    bounds=(-np.inf, np.inf),
    formula="s sold - spent - administration - ecosystem money - burned",
    source=_SOURCE,
)
def net_surplus(
    sold_total: Array,
    money_used: Array,
    administration: Array,
    ecosystem_money: Array,
    burned: Array,
    social_surplus: float,
) -> Array:
    """Social surplus of sales less every use of money; burned money is a use, lapsed money is not."""
    return social_surplus * sold_total - money_used - administration - ecosystem_money - burned


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


@measure(**_term("Surplus of sales over the run", "累计销售剩余（贴现）", "higher is better", "s sold"))
def surplus_discounted(sold_total: Array, social_surplus: float, discount: float) -> Array:
    """What society gains from sales: welfare without a terminal value is this less the two terms below."""
    return add_up(social_surplus * sold_total * discount_factors(sold_total.shape[-1], discount))


@measure(**_term("Money used over the run", "累计使用资金（贴现）", "neutral", "money used in projects"))
def money_discounted(money_used: Array, discount: float) -> Array:
    """What is spent on projects, public and private."""
    return add_up(money_used * discount_factors(money_used.shape[-1], discount))


@measure(
    **_term(
        "Administration, ecosystem and burned money over the run",
        "管理、生态与空转资金（累计贴现）",
        "neutral",
        "(administration + ecosystem money + burned)",
    )
)
def office_discounted(administration: Array, ecosystem_money: Array, burned: Array, discount: float) -> Array:
    """Public money that is used, but not in projects."""
    spent = administration + ecosystem_money + burned
    return add_up(spent * discount_factors(spent.shape[-1], discount))


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


@measure(**_declared("Welfare", "社会福利", "terminal_years"))
def welfare(
    net_surplus: Array, sold_total: Array, social_surplus: float, discount: float, terminal_years: float
) -> Array:
    """Discounted net social surplus with the scenario's own terminal value."""
    return welfare_value(net_surplus, sold_total[..., -1], social_surplus, discount, terminal_years)


@measure(**_declared("Welfare, no terminal value", "社会福利（期末价值0年）", "0"))
def welfare_terminal_0(net_surplus: Array, sold_total: Array, social_surplus: float, discount: float) -> Array:
    """Discounted net social surplus of the simulated years alone."""
    return welfare_value(net_surplus, sold_total[..., -1], social_surplus, discount, 0.0)


@measure(**_declared("Welfare, terminal value of 5 years", "社会福利（期末价值5年）", "5"))
def welfare_terminal_5(net_surplus: Array, sold_total: Array, social_surplus: float, discount: float) -> Array:
    """Discounted net social surplus, the last year's surplus run down over 5 years."""
    return welfare_value(net_surplus, sold_total[..., -1], social_surplus, discount, 5.0)


@measure(**_declared("Welfare, terminal value of 10 years", "社会福利（期末价值10年）", "10"))
def welfare_terminal_10(net_surplus: Array, sold_total: Array, social_surplus: float, discount: float) -> Array:
    """Discounted net social surplus, the last year's surplus run down over 10 years."""
    return welfare_value(net_surplus, sold_total[..., -1], social_surplus, discount, 10.0)
