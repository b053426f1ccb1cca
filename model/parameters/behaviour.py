"""How regions decide and how they govern themselves."""

from typing import Annotated

from qipan.model.extend.registry import PAYOFFS, REVISIONS, RULES
from qipan.model.parameters.declare import SPECIFICATION, Among, Section, parameter


class Behaviour(Section):
    """How a region forms its layout. Every weight nests to zero."""

    payoff: Annotated[str, Among(PAYOFFS)] = parameter(
        "market", "Form of the perceived payoff of a sector.", grade="choice", source="model section 4"
    )
    rule: Annotated[str, Among(RULES)] = parameter(
        "logit",
        "How a region chooses: on utility, by copying the best-paid peers' layouts, or against the average of "
        "all past years.",
        grade="choice",
        source="model section 11",
    )
    revision: Annotated[str, Among(REVISIONS)] = parameter(
        "partial", "Who may revise its layout in a year.", grade="choice", source="model section 11"
    )
    revise: float = parameter(
        0.5,
        "Probability that a region revises its layout in a year (partial revision).",
        plausible=(0.2, 1.0),
        allowed=(0.0, 1.0),
        zh="修订概率",
    )
    rounds: int = parameter(
        1,
        "Revision rounds inside a year (one at a time: one region a round).",
        unit="rounds",
        allowed=(1, 65_535),
        grade="choice",
        source="theory scenarios",
    )
    temperature: float = parameter(
        1.5,
        "Noise of the layout choice: scale of the Gumbel error in utility.",
        unit="utility",
        plausible=(0.3, 2.5),
        allowed=(0.0, 1e6),
        source="matched to announced layouts (cosine)",
        zh="选择噪声",
    )
    split_temperature: float = parameter(
        0.5,
        "Noise of the split of money over the sectors of a layout.",
        unit="utility",
        plausible=(0.2, 1.0),
        allowed=(1e-3, 1e6),
        zh="资金分配噪声",
    )
    fit_weight: float = parameter(
        0.7,
        "Weight of a region's fit in its perceived payoff.",
        plausible=(0.2, 1.2),
        allowed=(0.0, 10.0),
        zh="适配权重",
    )
    efficient_bases: float = parameter(
        8.0,
        "Bases at which half of a sector's market is reached: n of them reach n / (n + this) (market payoff).",
        unit="bases",
        plausible=(1.0, 16.0),
        allowed=(0.0, 1e6),
        source="prior: at 12 producers sales rise with their number by an elasticity of .4, as love of variety has it "
        "at a substitution of 3.5",
        zh="半数市场基地数",
    )
    congestion: float = parameter(
        0.0,
        "Loss of payoff per rival in a sector (affine payoff).",
        unit="payoff/region",
        allowed=(0.0, 1e6),
        grade="choice",
        source="theory scenarios",
    )
    cluster_gain: float = parameter(
        0.0,
        "Gain of payoff per rival in a sector (affine payoff).",
        unit="payoff/region",
        allowed=(0.0, 1e6),
        grade="choice",
        source="theory scenarios",
    )
    entry_cost: float = parameter(
        10.0,
        "Fixed cost of a base (market: sales that carry it, bn yuan a year; race: of a project; cournot: of a firm).",
        unit="payoff",
        plausible=(3.0, 40.0),
        allowed=(0.0, 1e9),
        zh="基地固定成本",
    )
    race_success: float = parameter(
        0.2,
        "Success probability of one project (race payoff).",
        allowed=(0.0, 1.0),
        grade="choice",
        source="theory scenarios",
    )
    demand_slope: float = parameter(
        1.0, "Slope of inverse demand (cournot payoff).", allowed=(1e-9, 1e9), grade="choice", source="theory scenarios"
    )
    pooling: float = parameter(
        0.3,
        "Share of regions' reported beliefs that reaches the others through meetings and press.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="信息交流",
    )
    imitation: float = parameter(
        0.3,
        "Weight of the share of same-tier peers in a sector last year.",
        unit="utility",
        plausible=(0.0, 1.0),
        allowed=(0.0, 100.0),
        zh="模仿权重",
    )
    tournament: float = parameter(
        0.15,
        "Weight of quick results, as promotion tournaments reward them.",
        unit="utility",
        plausible=(0.0, 1.0),
        allowed=(0.0, 100.0),
        source="sign contested in the literature",
        zh="晋升锦标赛权重",
    )
    switching_cost: float = parameter(
        0.3,
        "Loss of utility in a sector outside last year's layout.",
        unit="utility",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1e6),
        grade="literature",
        source=SPECIFICATION,
        zh="转换成本",
    )
    risk_aversion: float = parameter(
        0.0,
        "Weight of perceived variance, larger where a sector is less ready.",
        unit="utility",
        plausible=(0.0, 1.0),
        allowed=(0.0, 100.0),
        grade="literature",
        source=SPECIFICATION,
        zh="风险厌恶",
    )
    foresight: float = parameter(
        0.0,
        "Weight of what others will choose this year against what they did last year.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="前瞻权重",
    )
    outside_option: float = parameter(
        -1e6,
        "Utility of waiting: a sector below it is left out even when breadth allows more (market: or below the log of "
        "entry_cost, if that is more).",
        unit="utility",
        allowed=(-1e6, 1e6),
        grade="choice",
        source="off by default",
        zh="观望效用",
    )
    spontaneous_adoption: float = parameter(
        0.06,
        "Bass coefficient of innovation of future-industry documents.",
        unit="1/year",
        plausible=(0.02, 0.12),
        allowed=(0.0, 1.0),
        source="matched: 4 regions at the start of 2023, at least 21 by 2025",
        zh="自发出台率",
    )
    imitative_adoption: float = parameter(
        0.5,
        "Bass coefficient of imitation of future-industry documents.",
        unit="1/year",
        plausible=(0.2, 0.9),
        allowed=(0.0, 5.0),
        source="matched: 4 regions at the start of 2023, at least 21 by 2025",
        zh="模仿出台率",
    )


class Governance(Section):
    """How a region runs its future-industry work (neutral at the defaults)."""

    execution: float = parameter(
        1.0,
        "Share of the money offered that a leadership group can bring to projects in a year.",
        plausible=(0.6, 1.0),
        allowed=(0.0, 1.0),
        zh="领导小组执行力",
    )
    expertise: float = parameter(
        1.0,
        "Precision of a region's signal relative to no expert committee.",
        plausible=(1.0, 4.0),
        allowed=(0.01, 100.0),
        zh="专家委员会精度",
    )
    integration: float = parameter(
        1.0,
        "Response of private money to public money and profit, relative to the default.",
        plausible=(0.5, 2.0),
        allowed=(0.0, 10.0),
        zh="产融结合",
    )
