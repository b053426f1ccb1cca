"""Demand, price, profit, and what a yuan of sales is worth."""

from qipan.model.parameters.declare import SPECIFICATION, Section, parameter


class Market(Section):
    """Demand, price, profit and what a yuan of sales is worth to society."""

    value_level: float = parameter(
        1.0,
        "Factor on the median value of every sector at maturity.",
        plausible=(0.5, 2.0),
        allowed=(1e-6, 1e6),
        zh="成熟期市场规模倍数",
    )
    demand_level: float = parameter(
        1.0,
        "Factor on the demand of 2022 in every sector.",
        plausible=(0.5, 2.0),
        allowed=(0.0, 1e6),
        zh="2022年需求倍数",
    )
    ceiling_before: float = parameter(
        0.35,
        "Share of the mature market that can be reached before a breakthrough.",
        plausible=(0.2, 0.6),
        allowed=(0.0, 1.0),
        zh="突破前市场上限",
    )
    spontaneous_demand: float = parameter(
        0.01,
        "Bass coefficient of innovation of demand.",
        unit="1/year",
        plausible=(0.003, 0.03),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="需求创新系数",
    )
    imitative_demand: float = parameter(
        0.45,
        "Bass coefficient of imitation of demand.",
        unit="1/year",
        plausible=(0.3, 0.6),
        allowed=(0.0, 2.0),
        grade="literature",
        source=SPECIFICATION,
        zh="需求模仿系数",
    )
    price_elasticity: float = parameter(
        0.5,
        "Elasticity of price to the use of capacity: idle capacity depresses price.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 5.0),
        zh="价格对产能利用率弹性",
    )
    margin: float = parameter(
        0.09,
        "Profit and interest before depreciation of the project, per yuan of output.",
        plausible=(0.07, 0.12),
        allowed=(0.0, 1.0),
        grade="measured",
        source="profit 0.074 of revenue in high-tech manufacturing 2022, plus interest",
        zh="利润率",
    )
    value_added_share: float = parameter(
        0.28,
        "Value added per yuan of gross output.",
        plausible=(0.2, 0.35),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="增加值率",
    )
    scope: float = parameter(
        2.3,
        "What stated targets count for each yuan of the model's output: broad published figures over that output. Read "
        "only where targets are held against it; no run depends on it.",
        plausible=(1.0, 4.0),
        allowed=(0.1, 100.0),
        source="four broad, partly overlapping figures of 2022 to 2025 (AI core 0.5, commercial space 1.9, hydrogen "
        "1.0, storage 0.5 trn yuan) over the model's output of 2023, 1.68 trn",
        zh="统计口径倍数",
    )
    growth: float = parameter(
        0.06,
        "Yearly growth of public budgets and of firms' and investors' means.",
        unit="1/year",
        plausible=(0.03, 0.09),
        allowed=(-0.5, 1.0),
        grade="measured",
        source="R&D spending grew 7 to 10% a year nominal, 2018 to 2023",
        zh="资金年增速",
    )
    social_surplus: float = parameter(
        0.14,
        "Social surplus per yuan sold at the base price.",
        plausible=(0.08, 0.28),
        allowed=(0.0, 2.0),
        zh="社会剩余率",
    )
    research_spillover: float = parameter(
        1.0,
        "Social value outside the sectors of the model, per yuan of research that ends.",
        unit="yuan/yuan",
        plausible=(0.0, 4.0),
        allowed=(0.0, 100.0),
        grade="literature",
        source="social over private return of R&D: 2 and more (Bloom, Schankerman, Van Reenen 2013), 3 to 4 (Bloom et "
        "al. 2018), 5 (Jones, Summers 2020); the part outside the sectors of the model is a judgement",
        zh="研究外溢",
    )
    public_funds_cost: float = parameter(
        1.2,
        "Social cost of a yuan of public money: what raising it costs.",
        unit="yuan/yuan",
        plausible=(1.0, 1.5),
        allowed=(0.0, 10.0),
        grade="literature",
        source="1.2 to 1.3 is usual in appraisal; no consensus (Bastani 2023)",
        zh="公共资金社会成本",
    )
    discount: float = parameter(
        0.05,
        "Social discount rate.",
        unit="1/year",
        plausible=(0.03, 0.08),
        allowed=(0.0, 0.5),
        grade="literature",
        source=SPECIFICATION,
        zh="社会贴现率",
    )
    terminal_years: float = parameter(
        10.0,
        "Years over which welfare with a terminal value runs the surplus of the last year down to zero.",
        unit="years",
        plausible=(0.0, 15.0),
        allowed=(0.0, 100.0),
        grade="literature",
        source=SPECIFICATION,
        zh="期末价值年数",
    )
    inequality_aversion: float = parameter(
        1.0,
        "Elasticity of the marginal utility of income: how much more a yuan counts where GDP per head is lower. "
        "Read by welfare with equity weights only.",
        plausible=(0.0, 1.5),
        allowed=(0.0, 10.0),
        grade="literature",
        source="1.3 in HM Treasury's Green Book (2022, annex A3); 1.0 in its edition of 2003; 1.26 from "
        "surveys of some 50 countries (Layard, Mayraz, Nickell 2008); 0 leaves a yuan a yuan",
        zh="不平等厌恶系数",
    )
