"""What a compiled phase is handed: arrays and settings by name.

Arrays that vary by replicate are in lanes, (block, ..., sector * lane); a row is their last axis.
"""

from typing import Any, NamedTuple


class Form(NamedTuple):
    """A payoff form: its number in `forms.FORMS` and the settings of all forms."""

    number: int
    fit_weight: float
    bases: float
    slope: float
    success: float
    cost: float
    demand_slope: float


class Hearing(NamedTuple):
    """Settings of the formation of beliefs; `face_value` is one where signals are taken as they are."""

    spread: float
    noise_variance: float
    face_value: float
    definition: float
    pooling: float
    information: float


class Taste(NamedTuple):
    """Settings of a choice; `average` is one under fictitious play, `turns` those of a year."""

    imitation: float
    tournament: float
    list_weight: float
    pilot_weight: float
    layout_weight: float
    switching_cost: float
    risk_aversion: float
    temperature: float
    split_temperature: float
    waiting: float
    foresight: float
    slots: float
    average: float
    turns: float


class Diffusion(NamedTuple):
    """Settings of documents and of who revises."""

    spontaneous: float
    imitative: float
    boost: float
    chance: float


class Heard(NamedTuple):
    """What regions hear in a year; `bias` is by region and sector, the others are national."""

    worth: Any
    common: Any
    declared: Any
    demand: Any
    mature: Any
    word: Any
    bias: Any


class Outlooks(NamedTuple):
    """What regions look at when they choose."""

    uniform: Any
    belief: Any
    variance: Any
    log_fit: Any
    key_areas: Any
    pilots: Any
    assigned: Any
    incumbent: Any
    layout: Any
    past_layout: Any
    portfolio: Any
    revises: Any


class Places(NamedTuple):
    """What is the same in every replicate: rows over sectors, (region,) breadths, and the tiers of peers."""

    readiness: Any
    quick: Any
    breadth: Any
    tiers: Any
    tier_shares: Any


class Stocks(NamedTuple):
    """The stocks that investing and selling change in place, as in `State`; of know-how, last year's."""

    log_fit: Any
    ecosystem: Any
    waiting: Any
    in_progress: Any
    balance: Any
    capacity: Any
    cumulative: Any
    cohort_loans: Any
    performing: Any
    arrears: Any
    at_work: Any
    invested: Any
    breakthrough: Any
    foreign: Any
    demand: Any
    utilisation: Any
    price: Any


class Given(NamedTuple):
    """What investing and selling look at and do not change; support of one block serves every replicate."""

    portfolio: Any
    layout: Any
    pilots: Any
    result: Any
    research_support: Any
    guidance_support: Any
    pilot_support: Any
    worth: Any
    value: Any
    true_fit: Any
    alone: Any
    effort: Any
    reference: Any
    producers: Any
    common: Any
    home: Any
    abroad: Any


class Table(NamedTuple):
    """What is the same in every replicate this year: money by region, shares by mechanism and stage, neighbours."""

    research_pool: Any
    guidance_pool: Any
    firm_pool: Any
    venture_pool: Any
    donation_pool: Any
    ideas: Any
    size: Any
    demand_root: Any
    own_ecosystem: Any
    national_ecosystem: Any
    reference_ecosystem: Any
    readiness: Any
    shares: Any
    public: Any
    source: Any
    lag: Any
    success: Any
    links: Any
    starts: Any
    others: Any
    weights: Any
    near: Any


class Setting(NamedTuple):
    """Numbers of the year, by the names of the rules' arguments."""

    margin: float
    capital_productivity: float
    depreciation: float
    enterprise_hurdle: float
    hurdle_width: float
    guidance_draw: float
    integration: float
    enterprise_echelon: float
    loan_rate: float
    leverage: float
    venture_cyclicality: float
    execution: float
    research_cost: float
    pilot_cost: float
    industrial_cost: float
    learning: float
    carry_over: float
    queue_ageing: float
    result_correlation: float
    result_spread: float
    talent_echelon: float
    breakthrough_boost: float
    pilot_success: float
    expansion_rate: float
    ecosystem_rate: float
    ecosystem_decay: float
    chain_clusters: float
    spillover: float
    parallel_discount: float
    pilot_effort: float
    breakthrough_rate: float
    foreign_hazard: float
    ceiling_before: float
    foreign_loss: float
    spontaneous_demand: float
    imitative_demand: float
    pilot_demand: float
    agglomeration: float
    minimum_scale: float
    regions: float
    price_elasticity: float
    loan_years: float
    default_share: float
    base_cost: float
    market_led: float
    footloose: float
    scale_exponent: float
    scale_operating: float
    social_surplus: float
    bank_caution: float
    write_off: float
    old_wine: float
    efficient_bases: float


class Flows(NamedTuple):
    """What is written of the year beside the stocks, as in `fields.FIELDS`; national support `directed` at projects."""

    investment: Any
    output: Any
    sold: Any
    public_money: Any
    arrears: Any
    supply: Any
    money: Any
    offered: Any
    returned: Any
    lost: Any
    waiting: Any
    starts: Any
    successes: Any
    payoff: Any
    lapsed: Any
    public_balance: Any
    overhead: Any
    general_budget: Any
    completed_research: Any
    small_cost: Any
    public_used: Any
    private_used: Any
    directed: Any
