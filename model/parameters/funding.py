"""The money: what each source gives for future industries."""

from qipan.model.parameters.declare import DETAILS, SPECIFICATION, Section, parameter

CALENDAR = "the dates of coordination and the calendar of plans are the same through a run"


class Funding(Section):
    """The money. Stage shares and hurdles of each mechanism stand in data/mechanisms.csv."""

    government_share: float = parameter(
        0.06,
        "Share of fiscal science spending that goes to future industries as research money.",
        plausible=(0.03, 0.10),
        allowed=(0.0, 1.0),
        zh="财政科技支出占比",
        by_region=True,
    )
    guidance_share: float = parameter(
        0.0002,
        "Guidance-fund money for future industries per year, as a share of GDP, at a realisation of one half.",
        plausible=(0.0001, 0.0004),
        allowed=(0.0, 0.1),
        zh="引导基金占GDP",
        by_region=True,
    )
    guidance_realised: float = parameter(
        0.5,
        "Realised share of a guidance fund's target size.",
        plausible=(0.43, 0.60),
        allowed=(0.0, 1.0),
        grade="measured",
        source="Zero2IPO: subscribed/target 0.49 at end 2021, 0.60 at end 2024",
        zh="引导基金实缴率",
        by_region=True,
    )
    guidance_draw: float = parameter(
        0.9,
        "Private yuan drawn in per yuan of guidance money; negative crowds out.",
        plausible=(0.0, 2.0),
        allowed=(-2.0, 4.0),
        grade="literature",
        source=SPECIFICATION,
        zh="撬动倍数",
    )
    base_cost: float = parameter(
        0.2,
        "Running cost of a base (a sector in a region's layout), before any public money is productive there.",
        unit="bn yuan/year",
        plausible=(0.05, 0.6),
        allowed=(0.0, 1e3),
        source="prior; five fuel-cell clusters get 0.34 a year from the central budget alone",
        zh="基地运行成本",
    )
    market_led: float = parameter(
        0.5,
        "Share of firms' money that follows the plant a region has, whatever its layout says.",
        plausible=(0.2, 0.9),
        allowed=(0.0, 1.0),
        zh="企业资金随产能占比",
    )
    enterprise_share: float = parameter(
        0.07,
        "Share of firm-funded R&D that firms put into future industries at an appetite of one half.",
        plausible=(0.035, 0.12),
        allowed=(0.0, 5.0),
        zh="企业投入占比",
        by_region=True,
    )
    enterprise_hurdle: float = parameter(
        0.08,
        "Real return at which half of the firms invest.",
        unit="1/year",
        plausible=(0.06, 0.12),
        allowed=(-1.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="企业门槛收益率",
    )
    hurdle_width: float = parameter(
        0.03,
        "Spread of firms' and banks' hurdles.",
        unit="1/year",
        plausible=(0.015, 0.06),
        allowed=(1e-4, 10.0),
        grade="literature",
        source=SPECIFICATION,
        zh="门槛离散度",
    )
    venture_pool: float = parameter(
        25.0,
        "Venture capital for future industries a year at normal use of capacity, at 2023 levels.",
        unit="bn yuan/year",
        plausible=(10.0, 50.0),
        allowed=(0.0, 1e5),
        zh="风险投资规模",
    )
    venture_cyclicality: float = parameter(
        1.0,
        "Elasticity of venture capital to last year's use of capacity.",
        plausible=(0.0, 2.0),
        allowed=(0.0, 10.0),
        source=DETAILS,
        zh="风险投资顺周期性",
    )
    venture_concentration: float = parameter(
        2.0,
        "Concentration of venture capital: it goes to regions by their R&D to this power (2 puts 77% into five).",
        plausible=(1.0, 3.0),
        allowed=(0.0, 10.0),
        grade="measured",
        source="top five regions hold about 79%",
        zh="风险投资集中度",
    )
    donation_share: float = parameter(
        0.0003,
        "Social donation to future-industry research, as a share of R&D.",
        plausible=(0.0001, 0.001),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="社会捐赠占比",
        by_region=True,
    )
    loan_to_value: float = parameter(
        0.5,
        "Bank credit as a share of industrial investment a bank would finance at full appetite.",
        plausible=(0.3, 0.7),
        allowed=(0.0, 0.95),
        grade="literature",
        source=SPECIFICATION,
        zh="贷款成数",
    )
    loan_years: float = parameter(
        7.0,
        "Term of a bank loan.",
        unit="years",
        plausible=(5.0, 10.0),
        allowed=(1.0, 100.0),
        grade="literature",
        source=SPECIFICATION,
        zh="贷款期限",
    )
    loan_rate: float = parameter(
        0.045,
        "Real interest rate of bank credit.",
        unit="1/year",
        plausible=(0.035, 0.06),
        allowed=(0.0, 1.0),
        grade="literature",
        source=SPECIFICATION,
        zh="贷款利率",
    )
    default_share: float = parameter(
        0.2,
        "Share of an unpaid instalment that becomes non-performing.",
        plausible=(0.05, 0.5),
        allowed=(0.0, 1.0),
        source=DETAILS,
        zh="逾期转不良率",
    )
    bank_caution: float = parameter(
        1.0,
        "How far banks lend less in a sector by the share of bad loans in it on their books (1: in proportion).",
        plausible=(0.5, 1.0),
        allowed=(0.0, 1.0),
        zh="不良贷款惜贷程度",
    )
    write_off: float = parameter(
        0.6,
        "Share of non-performing loans that banks dispose of each year.",
        unit="1/year",
        plausible=(0.3, 1.0),
        allowed=(0.0, 1.0),
        grade="literature",
        source="1.41 trillion yuan disposed of in half of 2022 beside a stock of 2.95 (0.96 a year); less, since "
        "what is sold on is not gone",
        zh="不良贷款处置率",
    )
    carry_over: float = parameter(
        0.8,
        "Share of unused public money that stays for next year; the rest lapses to the treasury.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="结转比例",
    )
