"""The national coordinator: what it may do, what it knows, what it costs."""

from typing import Annotated, Any, Literal

from qipan.model.extend.registry import ARMS
from qipan.model.parameters.declare import DETAILS, SPECIFICATION, Among, Section, add_parameters, parameter

CALENDAR = "the dates of coordination and the calendar of plans are the same through a run"


class Coordination(Section):
    """The national coordinator: which arm, which levers, with what knowledge, when and at what cost."""

    @property
    def begins(self) -> int | None:
        """The first year in which anybody coordinates (`from`); None: the first of the run."""
        first: int | None = getattr(self, "from")
        return first

    @property
    def ends(self) -> int | None:
        """The last year in which anybody coordinates (`until`); None: the last of the run."""
        last: int | None = getattr(self, "until")  # noqa: B009 (no field of the class as it is written)
        return last

    arm: Annotated[str, Among(ARMS)] = parameter(
        "none",
        "Who coordinates: nobody; a design with the levers below; random lists (placebo); the levy handed "
        "back; the levy spent on nothing; less public money; the design with true values.",
        grade="choice",
        source="model section 6",
        steady="who coordinates is the same through a run; say when by coordination.from and coordination.until",
    )
    information: bool = parameter(
        False,
        "The coordinator pools what regions report, publishes it and directs nothing.",
        grade="choice",
        source="model section 6",
        zh="信息共享",
    )
    shared_definition: bool = parameter(
        False,
        "Lever: one national definition of future industry.",
        grade="choice",
        source="model section 6",
        zh="统一界定",
    )
    key_areas: bool = parameter(
        False,
        "Lever: plans for key areas, a published list of sectors with co-funding.",
        grade="choice",
        source="model section 6",
        zh="重点领域规划",
    )
    pilot_zones: bool = parameter(
        False,
        "Lever: national pilot zones for chosen region-sector pairs.",
        grade="choice",
        source="model section 6",
        zh="先导区",
    )
    regional_layout: bool = parameter(
        False,
        "Lever: an overall regional layout that assigns sectors and spatial roles.",
        grade="choice",
        source="model section 6",
        zh="区域总体布局",
    )
    ecosystem: bool = parameter(
        False,
        "Lever: a better ecosystem: national talent, specialised firms, chain clusters.",
        grade="choice",
        source="model section 6",
        zh="产业生态",
    )
    levy: float = parameter(
        0.2,
        "Share of the regions' public pools taken to pay for coordination.",
        plausible=(0.05, 0.4),
        allowed=(0.0, 1.0),
        zh="统筹比例",
    )
    cut: float = parameter(
        0.2,
        "Share by which public pools are lowered in the cut arm.",
        plausible=(0.05, 0.4),
        allowed=(0.0, 1.0),
        grade="choice",
        source="model section 6",
        zh="削减比例",
    )
    administration: float = parameter(
        0.005,
        "Administration cost as a share of the levied pools.",
        plausible=(0.001, 0.01),
        allowed=(0.0, 1.0),
        zh="管理成本",
    )
    compliance: float = parameter(
        0.7, "How far regions follow the coordinator's word.", plausible=(0.4, 0.95), allowed=(0.0, 1.0), zh="服从度"
    )
    delay: int = parameter(
        1,
        "Years between drafting and publishing a plan.",
        unit="years",
        plausible=(0, 3),
        allowed=(0, 20),
        grade="literature",
        source=SPECIFICATION,
        zh="规划时滞",
        steady=CALENDAR,
    )
    period: int = parameter(
        5,
        "Years between plans.",
        unit="years",
        plausible=(1, 5),
        allowed=(1, 100),
        grade="literature",
        source="Five-Year Plans",
        zh="规划周期",
        steady=CALENDAR,
    )
    relabelling: float = parameter(
        0.2,
        "Share of every public yuan that goes to ordinary projects under a new name where half of the regions hold "
        "either understanding of future industry; an official definition ends it as far as regions comply.",
        plausible=(0.0, 0.5),
        allowed=(0.0, 1.0),
        zh="新瓶旧酒比例",
    )
    lobbying: float = parameter(
        0.0,
        "Weight of a region's size in what the coordinator assigns to it.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 10.0),
        zh="游说偏向",
    )
    plan: list[dict[str, Any]] = parameter(
        [],
        "A plan of one's own: a file with the columns region, sector, role (key_area, pilot or assigned) and from, "
        "whose lists stand in the place of those that the levers would draft.",
        grade="choice",
        source="docs/scenarios.md",
        zh="自带规划",
        steady="the rows of a plan have years of their own, in the column from",
    )
    solver: Literal["fast", "exact"] = parameter(
        "fast",
        "How the regional layout is solved: pair by pair in order of value, or exactly (a "
        "design with true values always solves it exactly).",
        grade="choice",
        source="model section 6",
    )
    own_signal: float = parameter(
        0.5,
        "Weight of the coordinator's own signal against what regions report.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="自有信号权重",
    )
    planner_error: float = parameter(
        0.7,
        "Standard deviation of the coordinator's own error about a sector, when it looks once.",
        unit="log",
        plausible=(0.0, 2.0),
        allowed=(0.0, 100.0),
        zh="规划者误差",
    )
    planner_memory: float = parameter(
        1.0,
        "Whether the coordinator's own error is that of all its looks since the first year, on average (1), or of a "
        "fresh look each year (0).",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="规划者积累",
    )
    planner_common_share: float = parameter(
        0.5,
        "Share of the regions' common error (hype) that the coordinator has too; it fades as the market shows.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="规划者共享炒作",
    )
    prior: Literal["flat", "bayes"] = parameter(
        "flat",
        "Whether the coordinator takes its estimate at face value or shrinks it to the mean by its reliability.",
        grade="choice",
        source="model details",
    )
    official_error: float = parameter(
        0.3,
        "Standard deviation of the error that one official definition adds for everybody.",
        unit="log",
        plausible=(0.0, 1.0),
        allowed=(0.0, 5.0),
        zh="官方定义误差",
    )
    information_weight: float = parameter(
        0.25,
        "Weight of the coordinator's published estimate in regions' beliefs.",
        plausible=(0.0, 0.6),
        allowed=(0.0, 1.0),
        zh="信息采信权重",
    )
    list_weight: float = parameter(
        1.2,
        "Utility of a sector on the national list at full compliance.",
        unit="utility",
        plausible=(0.0, 3.0),
        allowed=(0.0, 1e6),
        zh="清单权重",
    )
    list_length: int = parameter(
        3,
        "Sectors on the national list.",
        unit="sectors",
        plausible=(1, 5),
        allowed=(0, 1000),
        grade="choice",
        source=DETAILS,
        zh="清单长度",
    )
    layout_weight: float = parameter(
        2.0,
        "Utility lost in a sector outside the region's assigned layout at full compliance.",
        unit="utility",
        plausible=(0.0, 4.0),
        allowed=(0.0, 1e6),
        source=DETAILS,
        zh="布局约束权重",
    )
    spatial_roles: bool = parameter(
        True,
        "Whether layout money follows the three spatial roles (research to sources of innovation, pilots and "
        "industry to industry-bearing areas) or goes half and half everywhere.",
        grade="choice",
        source="model section 1",
        zh="三类空间功能",
    )
    layout_adoption: float = parameter(
        0.15,
        "What an overall regional layout adds to the yearly probability of issuing a document.",
        unit="1/year",
        plausible=(0.0, 0.3),
        allowed=(0.0, 1.0),
        source=DETAILS,
        zh="布局促进出台",
    )
    pilots: int = parameter(
        12,
        "Region-sector pairs chosen as national pilot zones.",
        unit="pairs",
        plausible=(4, 30),
        allowed=(0, 100_000),
        zh="先导区数量",
    )
    pilot_weight: float = parameter(
        0.3,
        "Utility of a sector in which the region is a pilot zone.",
        unit="utility",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1e6),
        source=DETAILS,
        zh="先导区吸引力",
    )
    pilot_success: float = parameter(
        0.10,
        "Rise of the success probability of pilots in a fully co-funded pilot zone.",
        plausible=(0.0, 0.2),
        allowed=(0.0, 5.0),
        zh="先导区中试成功率提升",
    )
    pilot_demand: float = parameter(
        0.1,
        "Application scenarios: rise of early demand in a sector per pilot zone in it.",
        plausible=(0.0, 0.3),
        allowed=(0.0, 10.0),
        zh="先导区早期需求",
    )
    chain_clusters: float = parameter(
        0.5,
        "How much more ecosystem money does for a sector where the region has all the sectors linked to it up and "
        "down the chain.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 10.0),
        zh="链群协同",
    )
    enterprise_echelon: float = parameter(
        0.5,
        "Enterprise echelon: rise of firms' investment per log point of fit that the ecosystem has added.",
        unit="1/log",
        plausible=(0.0, 2.0),
        allowed=(0.0, 20.0),
        zh="企业梯队",
    )
    talent_echelon: float = parameter(
        0.5,
        "Talent echelon: rise of research success per log point of fit that the ecosystem has added.",
        unit="1/log",
        plausible=(0.0, 2.0),
        allowed=(0.0, 20.0),
        zh="人才梯队",
    )
    ecosystem_rate: float = parameter(
        0.01,
        "Yearly growth of log fit when ecosystem money doubles against its reference.",
        unit="log/year",
        plausible=(0.0, 0.02),
        allowed=(0.0, 1.0),
        zh="生态效应",
    )
    ecosystem_decay: float = parameter(
        0.15,
        "Share of the log fit that the ecosystem has added that is lost in a year: people leave, firms close.",
        unit="1/year",
        plausible=(0.08, 0.3),
        allowed=(0.0, 1.0),
        grade="literature",
        source="depreciation of R&D capital: 15% is usual, Li and Hall (2020) find more in most industries",
        zh="生态折旧",
    )
    ecosystem_share: float = parameter(
        0.05,
        "Share of its public money that a region spends on its own ecosystem, in every arm.",
        plausible=(0.0, 0.1),
        allowed=(0.0, 1.0),
        source=DETAILS,
        zh="地区生态投入占比",
    )
    nonrival: float = parameter(
        0.3,
        "Share of national ecosystem spending that serves all regions at once.",
        plausible=(0.0, 1.0),
        allowed=(0.0, 1.0),
        zh="生态非竞争性",
    )


DATES = {
    "from": parameter(
        None,
        "First year in which anybody coordinates; delay and period count from it. By default the first year of "
        "the run.",
        unit="year",
        allowed=(1900, 9000),
        grade="choice",
        source="model section 6",
        zh="统筹起始年",
        steady=CALENDAR,
    ),
    "until": parameter(
        None,
        "Last year in which anybody coordinates; then the lists are withdrawn. By default the last year of the run.",
        unit="year",
        allowed=(1900, 9000),
        grade="choice",
        source="model section 6",
        zh="统筹终止年",
        steady=CALENDAR,
    ),
}
"""`from` is a word of Python, so it cannot be written in the class."""
add_parameters((Coordination,), {name: (int | None, declaration) for name, declaration in DATES.items()})
