"""One year in the making: the stocks, and the flows that live only within the year."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from qipan.model.axes import Array
from qipan.model.behaviour.outlook import Decision, Outlook
from qipan.model.behaviour.revision import Turn
from qipan.model.case import Case
from qipan.model.coordination.mandate import Mandate
from qipan.model.funding.bases import old_wine
from qipan.model.funding.stages import public_pools
from qipan.model.funding.support import Support
from qipan.model.region import Skill
from qipan.model.state import State

Ask = Callable[[Outlook, Turn], Decision]
"""Who answers an outlook: the ensemble's vectorised rule, or the agents of a Mesa model, one by one."""


@dataclass(eq=False)
class Moment:
    """A year of one block.

    Attributes:
        case: What does not change.
        year: Calendar year.
        state: Stocks, as far as the year has come.
        ask: Who answers outlooks.
        mandate: What the coordinator may do this year.
        flows: Other flows of the year, by name; what the history records is named as there.
        support: The coordinator's co-funding.
        skill: What know-how is worth as it was at the end of last year.
        offered: Offers, (n, mechanism, region, sector), bn yuan.
        cost: Cost of a project, (n, stage, region, sector), bn yuan.
        started, completed, succeeded: Projects, (n, stage, region, sector).
        spent: Money spent on projects, (n, stage, region, sector), bn yuan.
        used: Share of each offer that was used, (n, stage, region, sector).
        money: Money used by mechanism, (n, mechanism, stage, sector), bn yuan.
        lapsed: Public money that went back to the treasury, (n, stage, region, sector), bn yuan.
        success: Share of completing projects that succeeded, (n, stage, region, sector).
    """

    case: Case
    year: int
    state: State
    ask: Ask
    mandate: Mandate = field(default_factory=Mandate)
    flows: dict[str, Array] = field(default_factory=dict)
    support: Support = field(init=False)
    skill: Skill = field(init=False)
    offered: Array = field(init=False)
    cost: Array = field(init=False)
    started: Array = field(init=False)
    spent: Array = field(init=False)
    used: Array = field(init=False)
    money: Array = field(init=False)
    lapsed: Array = field(init=False)
    completed: Array = field(init=False)
    succeeded: Array = field(init=False)
    success: Array = field(init=False)

    @property
    def years_since_start(self) -> int:
        """0 in the first year."""
        return self.year - self.case.scenario.run.first_year

    @property
    def years_of_coordination(self) -> int:
        """0 in the first year of the coordinator."""
        return self.year - self.case.counts_from

    @cached_property
    def public_pools(self) -> Array:
        """Public money before any levy: research and guidance, (2, region), bn yuan."""
        return public_pools(self.case.funding, self.case.world, self.case.growth(self.year))

    @property
    def old_wine(self) -> float:
        """Share of every public yuan that goes to ordinary projects under a new name."""
        understood = self.case.uncertainty.frontier_share
        return old_wine(self.case.coordination.relabelling, understood, self.mandate.definition)
