"""Uncertainty, technology and market: how the world works, whoever governs it."""

from typing import Literal

from qipan.model.parameters.declare import DETAILS, SPECIFICATION, Section, parameter


class Uncertainty(Section):
    """What nobody knows: the value of a sector at maturity, and the errors made about it."""

    value_spread: float = parameter(
        1.0,
        "Standard deviation of the log value of a sector at maturity.",
        unit="log",
        plausible=(0.5, 1.3),
        allowed=(0.0, 5.0),
        zh="成熟期价值离散度",
    )
    common_error: float = parameter(
        0.5,
        "Standard deviation of the error every region makes about a sector (hype).",
        unit="log",
        plausible=(0.0, 1.0),
        allowed=(0.0, 5.0),
        zh="共同误差（炒作）",
    )
    private_error: float = parameter(
        0.7,
        "Standard deviation of a region's own error about a sector, fresh each year.",
        unit="log",
        plausible=(0.0, 1.4),
        allowed=(0.0, 5.0),
        zh="地区自身误差",
    )
    definition_gap: float = parameter(
        0.4,
        "How much an understanding of future industry inflates the sectors inside its definition and deflates "
        "the others.",
        unit="log",
        plausible=(0.0, 0.8),
        allowed=(0.0, 3.0),
        zh="定义偏差",
    )
    region_prior: Literal["bayes", "flat"] = parameter(
        "bayes",
        "Whether regions weigh a signal against what they knew, or take it at face value.",
        grade="choice",
        source="theory scenarios",
    )
    frontier_share: float = parameter(
        0.5,
        "Probability that a region understands future industry as driven by disruptive frontier technology rather "
        "than by integration with existing industry.",
        plausible=(0.2, 0.8),
        allowed=(0.0, 1.0),
        zh="前沿技术理解占比",
    )
    fit_spread: float = parameter(
        0.5,
        "Standard deviation of the part of a region's fit to a sector that its statistics do not explain.",
        unit="log",
        plausible=(0.2, 0.7),
        allowed=(0.0, 3.0),
        zh="适配度未解释部分",
    )
    coarse_fit_spread: float = parameter(
        0.25,
        "Standard deviation of what counts of the sector itself would tell of a region's fit and the frontier rule "
        "does not: unexplained as well, where that rule is used.",
        unit="log",
        plausible=(0.0, 0.6),
        allowed=(0.0, 3.0),
        source="the two rules differ by 0.26 in the 31 provinces (data/capability.csv)",
        zh="前沿规则未及的适配度",
    )


class Technology(Section):
    """The pipeline from research to industry, its hazards, lags and costs."""

    research_success: float = parameter(
        0.3,
        "Probability that a research project succeeds.",
        plausible=(0.1, 0.4),
        allowed=(0.0, 0.95),
        grade="literature",
        source=SPECIFICATION,
        zh="研究成功率",
    )
    pilot_success: float = parameter(
        0.45,
        "Probability that a pilot project succeeds.",
        plausible=(0.3, 0.6),
        allowed=(0.0, 0.95),
        grade="literature",
        source=SPECIFICATION,
        zh="中试成功率",
    )
    industrial_success: float = parameter(
        0.7,
        "Probability that an industrial project succeeds.",
        plausible=(0.5, 0.8),
        allowed=(0.01, 0.95),
        grade="literature",
        source=SPECIFICATION,
        zh="产业化成功率",
    )
    research_years: float = parameter(
        4.0,
        "Mean duration of a research project.",
        unit="years",
        plausible=(3.0, 8.0),
        allowed=(1.0, 50.0),
        grade="literature",
        source=SPECIFICATION,
        zh="研究周期",
    )
    pilot_years: float = parameter(
        3.0,
        "Mean duration of a pilot project.",
        unit="years",
        plausible=(2.0, 5.0),
        allowed=(1.0, 50.0),
        grade="literature",
        source=SPECIFICATION,
        zh="中试周期",
    )
    industrial_years: float = parameter(
        3.0,
        "Mean duration of an industrial project.",
        unit="years",
        plausible=(2.0, 5.0),
        allowed=(1.0, 50.0),
        grade="literature",
        source=SPECIFICATION,
        zh="产业化周期",
    )
    research_cost: float = parameter(
        0.02,
        "Cost of one research project.",
        unit="bn yuan",
        plausible=(0.01, 0.04),
        allowed=(1e-6, 1e4),
        zh="研究项目成本",
    )
    pilot_cost: float = parameter(
        0.25,
        "Cost of one pilot project.",
        unit="bn yuan",
        plausible=(0.125, 0.5),
        allowed=(1e-6, 1e4),
        zh="中试项目成本",
    )
    industrial_cost: float = parameter(
        1.0,
        "Cost of one industrial project before learning.",
        unit="bn yuan",
        plausible=(0.5, 2.0),
        allowed=(1e-6, 1e4),
        zh="产业化项目成本",
    )
    idea_ratio: float = parameter(
        1.6,
        "Research projects proposed for each one the government's research money could start in 2022.",
        plausible=(1.0, 2.5),
        allowed=(0.0, 20.0),
        source=DETAILS,
        zh="研究项目储备比",
    )
    queue_ageing: float = parameter(
        0.15,
        "Share of waiting projects given up each year for want of money.",
        unit="1/year",
        plausible=(0.05, 0.3),
        allowed=(0.0, 1.0),
        zh="排队项目流失率",
    )
    result_spread: float = parameter(
        1.5,
        "Log standard deviation of venture pay-offs; half of it acts on a cohort's number of successes.",
        unit="log",
        plausible=(1.2, 1.9),
        allowed=(0.0, 4.0),
        grade="literature",
        source=SPECIFICATION,
        zh="收益偏态离散度",
    )
    result_correlation: float = parameter(
        0.3,
        "Correlation of one sector's cohort results across regions.",
        plausible=(0.0, 0.6),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="共同冲击相关性",
    )
    breakthrough_rate: float = parameter(
        0.07,
        "Yearly hazard of a breakthrough in a sector of readiness one at the research effort of 2022.",
        unit="1/year",
        plausible=(0.03, 0.12),
        allowed=(0.0, 5.0),
        zh="突破风险率",
    )
    parallel_discount: float = parameter(
        0.5,
        "How fast the contribution of more parallel projects in one region to a breakthrough falls (0: not at all).",
        plausible=(0.0, 0.9),
        allowed=(0.0, 1.0),
        zh="并行努力折减",
    )
    pilot_effort: float = parameter(
        0.3,
        "Weight of pilots, against research, in a region's effort towards a breakthrough.",
        plausible=(0.0, 0.6),
        allowed=(0.0, 1.0),
        zh="突破中的中试权重",
    )
    breakthrough_boost: float = parameter(
        1.25,
        "Factor on success probabilities in a sector after its breakthrough.",
        plausible=(1.0, 1.5),
        allowed=(1.0, 5.0),
        source=DETAILS,
        zh="突破后成功率倍数",
    )
    foreign_rate: float = parameter(
        0.08,
        "Yearly hazard that foreign competitors break through first in a sector.",
        unit="1/year",
        plausible=(0.0, 0.2),
        allowed=(0.0, 5.0),
        zh="国外突破风险率",
    )
    foreign_loss: float = parameter(
        0.15,
        "Share of a sector's market lost while foreign competitors are ahead.",
        plausible=(0.0, 0.4),
        allowed=(0.0, 1.0),
        zh="国外领先市场损失",
    )
    spillover: float = parameter(
        0.05,
        "Share of the gap to the neighbours' mean know-how that a region closes each year.",
        unit="1/year",
        plausible=(0.0, 0.15),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="知识溢出",
    )
    learning: float = parameter(
        0.1,
        "Fall of industrial unit cost per doubling of the nation's cumulative capacity.",
        plausible=(0.0, 0.25),
        allowed=(0.0, 0.9),
        grade="literature",
        source=SPECIFICATION,
        zh="学习率",
    )
    agglomeration: float = parameter(
        0.05,
        "Elasticity of a region's productivity in a sector to its share of the nation's capacity there, relative "
        "to an even spread.",
        plausible=(0.0, 0.12),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="集聚弹性",
    )
    minimum_scale: float = parameter(
        10.0,
        "Smallest efficient base: below this capacity a yuan buys less capacity (scale_exponent) and output costs more "
        "to make (scale_operating).",
        unit="bn yuan/year",
        plausible=(3.0, 40.0),
        allowed=(0.0, 1e4),
        zh="最小有效规模",
    )
    scale_exponent: float = parameter(
        0.8,
        "Cost of a plant grows with its capacity to this power below the smallest efficient base (1: in proportion).",
        plausible=(0.6, 1.0),
        allowed=(0.1, 1.0),
        grade="literature",
        source="six-tenths rule of plant cost; sugar plants 0.37 to 0.79",
        zh="规模指数",
    )
    scale_operating: float = parameter(
        0.05,
        "Elasticity of operating cost to size below the smallest efficient base: counted in welfare alone.",
        plausible=(0.0, 0.10),
        allowed=(0.0, 1.0),
        grade="literature",
        source="Scherer et al. (1975): at a third of efficient scale +1.5 to +11%, mean of eight industries +5.7%",
        zh="运营规模弹性",
    )
    footloose: float = parameter(
        0.5,
        "Share of the expansion of proven lines that is sited where money invites it instead of beside old plant.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="可招引扩产占比",
    )
    capital_productivity: float = parameter(
        3.5,
        "Yearly output capacity per yuan of successful industrial investment at initial cost.",
        unit="1/year",
        plausible=(2.5, 4.5),
        allowed=(0.01, 100.0),
        zh="投资产能系数",
    )
    depreciation: float = parameter(
        0.08,
        "Share of capacity that wears out each year.",
        unit="1/year",
        plausible=(0.05, 0.12),
        allowed=(0.0, 1.0),
        zh="折旧率",
    )
    expansion: float = parameter(
        0.4,
        "Expansion of proven production lines offered each year, as a share of capacity, from 2026.",
        unit="1/year",
        plausible=(0.1, 0.5),
        allowed=(0.0, 5.0),
        zh="产线扩张率",
    )
    ramp_years: int = parameter(
        3,
        "Years in which the expansion rate climbs from the initial growth to its full value.",
        unit="years",
        allowed=(0, 50),
        plausible=(0, 6),
        source=DETAILS,
        zh="扩张爬坡年数",
    )
    initial_growth: float = parameter(
        0.2,
        "Growth of industrial projects before 2023, which sizes the pipeline at the start.",
        unit="1/year",
        plausible=(0.1, 0.3),
        allowed=(0.0, 2.0),
        zh="初始增速",
    )
    initial_research: float = parameter(
        0.7,
        "Research starts of 2022 relative to what the government's research share would pay for.",
        plausible=(0.4, 1.0),
        allowed=(0.0, 5.0),
        zh="初始研究水平",
    )
