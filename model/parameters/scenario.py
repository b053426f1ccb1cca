"""The sections put together: world, policy and run."""

from typing import Any, Literal

from pydantic import Field

from qipan.model.parameters.behaviour import Behaviour, Governance
from qipan.model.parameters.coordination import Coordination
from qipan.model.parameters.declare import Section, parameter
from qipan.model.parameters.economy import Technology, Uncertainty
from qipan.model.parameters.funding import Funding
from qipan.model.parameters.market import Market


class WorldChoice(Section):
    """Which exogenous world: the data tables, and the uncertain part drawn once per replicate."""

    data: str = parameter(
        "provinces-31",
        "Data world: provinces-31, cities-293, synthetic, or game (a table of values given inline).",
        grade="choice",
        source="data/",
    )
    tables: str = parameter(
        "",
        "Folder of own tables, which stand in for the shipped ones of the same names, relative to this file; "
        "`data: ./folder` is short for it.",
        grade="choice",
        source="docs/data.md",
    )
    sectors: str = parameter(
        "plan-6",
        "Sector table: plan-6 (14th Five-Year Plan), directions-6 (other countries) or classes-13 (announced classes).",
        grade="choice",
        source="data/",
    )
    breadth: Literal["predicted", "announced", "equal"] = parameter(
        "predicted",
        "Most sectors a region may be in: as its R&D predicts from the documents of the other regions, as its own "
        "documents name (provinces; most are later than the start), or the same for all.",
        grade="choice",
        source="data/announced_layouts.csv",
    )
    equal_breadth: int = parameter(
        4,
        "Most sectors a region may be in when breadth is equal.",
        unit="sectors",
        plausible=(1, 6),
        allowed=(1, 1000),
        grade="choice",
        source="mean breadth of the 21 announced layouts",
    )
    fit_data: Literal["frontier", "capability"] = parameter(
        "capability",
        "What explains a region's fit to a sector: how much basic and applied research, or high-tech revenue, it has "
        "for its size (frontier), or counts of projects, disciplines, firms and laboratories of the sector itself "
        "(capability; provinces with plan-6 only, cities and other sector tables keep the frontier rule).",
        grade="choice",
        source="data/capability.csv",
    )
    budgets: Literal["actual", "equal", "national"] = parameter(
        "actual",
        "Public budgets as in the data, or rescaled so that all regions have the same, or rescaled in "
        "proportion so that they add up to those of the 31 provincial-level regions.",
        grade="choice",
        source="equal-budget comparisons of 31 with 293",
    )
    early_adopters: Literal["survey", "none", "all"] = parameter(
        "survey",
        "Regions with a future-industry document at the start: those of the February 2023 survey, none, or all.",
        grade="choice",
        source="CCID survey, February 2023",
    )
    targets: Literal["corrected", "as_printed"] = parameter(
        "corrected",
        "Reading of targets that were printed garbled: the corrected one, or the figures as printed.",
        grade="choice",
        source="data/targets.csv",
    )
    values: list[float] = parameter(
        [], "Game world only: value of each sector.", unit="payoff", grade="choice", source="theory scenarios"
    )
    initial_counts: list[float] = parameter(
        [],
        "Game world only: regions in each sector before the first year, the first regions in the first sector and "
        "so on; none by default.",
        unit="regions",
        grade="choice",
        source="theory scenarios",
    )
    regions: int = parameter(
        31,
        "Game and synthetic worlds only: number of regions.",
        unit="regions",
        allowed=(1, 100_000),
        grade="choice",
        source="theory scenarios",
    )
    sector_count: int = parameter(
        6,
        "Synthetic world only: number of sectors.",
        unit="sectors",
        allowed=(1, 1000),
        grade="choice",
        source="scale studies",
    )
    uncertainty: Uncertainty = Field(default_factory=Uncertainty)
    technology: Technology = Field(default_factory=Technology)
    market: Market = Field(default_factory=Market)
    governance: Governance = Field(default_factory=Governance)
    behaviour: Behaviour = Field(default_factory=Behaviour)


class Policy(Section):
    """What a minister can change: funding and coordination."""

    funding: Funding = Field(default_factory=Funding)
    coordination: Coordination = Field(default_factory=Coordination)
    timeline: list[dict[str, Any]] = parameter(
        [],
        "Settings that change in some year: a list of entries, each with `from` and the settings that hold from "
        'then on, by path below `policy`; "x2" is twice what was in force before.',
        grade="choice",
        source="docs/scenarios.md",
        zh="政策时间表",
    )
    regions: dict[str, dict[str, Any]] = parameter(
        {},
        'Settings that are different for some regions: by region, each setting by path below `policy`; "x2" is '
        "twice the nation's.",
        grade="choice",
        source="docs/scenarios.md",
        zh="分地区政策",
    )


class Run(Section):
    """How long, how often, with which draws."""

    @property
    def programme_end(self) -> int:
        """The last year in which there is a programme: no later than the last."""
        return min(self.programme_until, self.last_year)

    first_year: int = parameter(
        2023,
        "First year simulated.",
        unit="year",
        allowed=(1900, 9000),
        grade="choice",
        source="the case starts in 2023",
    )
    last_year: int = parameter(
        2060,
        "Last year simulated: consequences of the programme are counted to it.",
        unit="year",
        allowed=(1900, 9000),
        grade="choice",
        source="25 years after the programme, when an eighth of what it built is left (0.92^25)",
    )
    programme_until: int = parameter(
        2035,
        "Last year of the programme, the same for every arm: after it nobody coordinates, guidance funds get nothing, "
        "research gets its reference share, and budgets stay as they are; what is begun is completed. With the last "
        "year of the run, or a later one, it lasts as long as the run.",
        unit="year",
        allowed=(1900, 9000),
        grade="choice",
        source="long-term goals for 2035",
        zh="政策末年",
    )
    replicates: int = parameter(
        1000,
        "Number of replicates, each with its own draws.",
        unit="replicates",
        allowed=(1, 10_000_000),
        grade="choice",
        source="experiment",
    )
    seed: int = parameter(1, "Seed of all draws.", allowed=(0, 2**63 - 1), grade="choice", source="experiment")
