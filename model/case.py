"""One block of replicates of one scenario, put together: everything a year needs that does not change from year to
year.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from qipan.model.axes import Array
from qipan.model.behaviour.choice import Rule
from qipan.model.behaviour.revision import Revision
from qipan.model.coordination.arms import Coordinator, NoCoordinator, arm_of, sound
from qipan.model.coordination.prescribed import Prescribed
from qipan.model.coordination.roles import research_mix
from qipan.model.coordination.years import Years, check_regions, funding_of
from qipan.model.draws import Draws
from qipan.model.element import larger
from qipan.model.executor import Executor
from qipan.model.extend.answers import made
from qipan.model.extend.registry import PAYOFFS, REVISIONS, RULES
from qipan.model.funding.stages import after_programme
from qipan.model.ground import ground_of
from qipan.model.nation import producers_of
from qipan.model.nature import Nature, standardised
from qipan.model.parameters import Behaviour, Coordination, Funding, Governance, Market, Technology, Uncertainty
from qipan.model.payoffs import Payoff
from qipan.model.region import gain
from qipan.model.scenario import Scenario
from qipan.model.state import State
from qipan.model.world import World


@dataclass(frozen=True, eq=False)
class Case:
    """A scenario, its world and its draws, for the replicates of one block.

    Attributes:
        quick: How soon a sector shows results, standardised over sectors, (sector,).
        research_mix: Share of layout money that goes by the stages of research funding, by spatial role, (region,).
        first: The state at the end of the year before the first.
        effort: Effort towards a breakthrough of 2022, mean over sectors, (n, 1).
        efficient: Regions per sector in the best layout on the true values, (n, sector).
        executor: Who carries out the year.
        funding: The money; settings that differ between regions are arrays over them, (region,).
        counts_from: The year from which the coordinator's delay and period count.
        years: The policy by year.
        prescribed: The lists of a plan of one's own.
        withdrawn: Lists of levers that were on before and are off now.
    """

    scenario: Scenario
    world: World
    draws: Draws
    nature: Nature
    payoff: Payoff
    rule: Rule
    revision: Revision
    coordinator: Coordinator
    quick: Array
    research_mix: Array
    first: State
    effort: Array
    efficient: Array
    executor: Executor
    funding: Funding
    counts_from: int
    years: Years
    prescribed: Prescribed
    withdrawn: tuple[str, ...] = ()
    _in_years: "dict[tuple[int, int, bool, bool], Case]" = field(default_factory=dict)

    def in_year(self, year: int) -> "Case":
        """The case as it stands in a year: with the settings that are then in force, and who then coordinates."""
        acts = self.years.acting(year)
        same = acts.stretch == 0 and acts.coordinator is self.coordinator and acts.counts_from == self.counts_from
        if same and not acts.ended:
            return self
        key = acts.stretch, acts.counts_from, isinstance(acts.coordinator, NoCoordinator), acts.ended
        if key not in self._in_years:
            policy, by_region = self.years.policy(acts.stretch), self.years.stretches[acts.stretch].by_region
            funding = funding_of(policy.funding, by_region, self.world)
            self._in_years[key] = replace(
                self,
                coordinator=acts.coordinator,
                funding=after_programme(funding) if acts.ended else funding,
                research_mix=research_mix(self.world, policy.coordination.spatial_roles),
                counts_from=acts.counts_from,
                withdrawn=acts.withdrawn,
            )
        return self._in_years[key]

    @property
    def uncertainty(self) -> Uncertainty:
        """What nobody knows."""
        return self.scenario.world.uncertainty

    @property
    def technology(self) -> Technology:
        """Stages, hazards, lags, costs."""
        return self.scenario.world.technology

    @property
    def market(self) -> Market:
        """Demand, price, profit."""
        return self.scenario.world.market

    @property
    def governance(self) -> Governance:
        """How regions run their work."""
        return self.scenario.world.governance

    @property
    def behaviour(self) -> Behaviour:
        """How regions decide."""
        return self.scenario.world.behaviour

    @property
    def coordination(self) -> Coordination:
        """The coordinator's settings, as its arm reads them."""
        return self.coordinator.settings

    @cached_property
    def worth_variance(self) -> float:
        """Variance of a sector's worth before anything is heard: between medians, and around them."""
        median = self.payoff.worth(self.world.median_value * self.market.value_level)
        between = float(np.var(median, ddof=1)) if median.size > 1 else 0.0
        return between + self.uncertainty.value_spread**2

    @property
    def breadth(self) -> Array:
        """Most sectors a region may be in, (n, region)."""
        return np.broadcast_to(self.world.breadth.astype(float), self.first.adopted.shape)

    @cached_property
    def producers(self) -> Array:
        """Effective number of producing regions in 2022, (n, sector)."""
        return producers_of(self.first.capacity)

    @cached_property
    def nature_value(self) -> Array:
        """True value at maturity, (n, sector), bn yuan a year (payoff units in a game)."""
        return np.asarray(larger(self.payoff.value(self.nature.worth), 1e-300))

    @cached_property
    def lag(self) -> Array:
        """Mean duration by stage, (stage,), years."""
        t = self.technology
        return np.array([t.research_years, t.pilot_years, t.industrial_years])

    @cached_property
    def success(self) -> Array:
        """Success probability by stage before anything moves it, (stage,)."""
        t = self.technology
        return np.array([t.research_success, t.pilot_success, t.industrial_success])

    @cached_property
    def demand_root(self) -> Array:
        """Root of demand in 2022, the weight of a region without a document, (sector,)."""
        return np.asarray(np.sqrt(self.world.demand_2022))

    def signal_weight(self, variance: Array) -> Array:
        """Weight of a new signal: Gaussian, as if its error were independent; one where regions take it at face
        value.
        """
        if self.uncertainty.region_prior == "flat":
            return np.ones_like(variance)
        private = self.uncertainty.private_error**2 / self.governance.expertise
        return np.asarray(gain(variance, private + self.uncertainty.common_error**2))

    def spread_over_regions(self, values: Array) -> Array:
        """(n, sector) seen by every region, (n, region, sector)."""
        return np.broadcast_to(values[:, None, :], self.first.layout.shape)

    def names(self) -> dict[str, tuple[str, ...]]:
        """Names of the rows of an axis, for messages."""
        return {"region": self.world.region_names, "sector": self.world.sector_names}

    def growth(self, year: int) -> float:
        """Growth of budgets since the first year, factor; after the programme that of its last year."""
        run = self.scenario.run
        return float((1.0 + self.market.growth) ** (min(year, run.programme_end) - run.first_year))


def build_case(
    scenario: Scenario, world: World, draws: Draws, executor: Executor, coordinator: Coordinator | None = None
) -> Case:
    """Put a block together: draw its nature, set up its state, choose its objects from the registries.

    Args:
        scenario: What to run.
        world: Its world.
        draws: Addressed draws of the block.
        executor: Who carries out the year.
        coordinator: Another coordinator than the scenario's.
    """
    behaviour, technology = scenario.world.behaviour, scenario.world.technology
    check_regions(scenario, world)
    years = Years(scenario, sound(coordinator) if coordinator else arm_of(scenario.policy.coordination))
    payoff = made(PAYOFFS, behaviour.payoff, Payoff, behaviour)
    ground = ground_of(scenario, world, draws, executor, payoff)
    lag = technology.research_years + technology.pilot_years + technology.industrial_years
    return Case(
        scenario=scenario,
        world=world,
        draws=draws,
        nature=ground.nature,
        payoff=payoff,
        rule=made(RULES, behaviour.rule, Rule, behaviour, payoff),
        revision=made(REVISIONS, behaviour.revision, Revision, behaviour),
        coordinator=years.coordinator(0),
        quick=standardised(np.exp(-lag / world.readiness / 5.0)),
        research_mix=research_mix(world, scenario.policy.coordination.spatial_roles),
        first=ground.first,
        effort=ground.effort,
        efficient=ground.efficient,
        executor=executor,
        funding=funding_of(scenario.policy.funding, years.stretches[0].by_region, world),
        counts_from=scenario.run.first_year,
        years=years,
        prescribed=Prescribed(scenario, world),
    )
