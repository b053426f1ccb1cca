"""One year in the making: the stocks, and the flows that live only within the year."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from model.axes import Array
from model.case import Case
from model.coordination.mandate import Mandate
from model.funding.stages import public_pools
from model.funding.support import Support
from model.lift import Cell, chosen
from model.outlook import Decision, Outlook
from model.revision import Turn
from model.state import State

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
        prospect: What know-how promises (`phases.money`).
        offers: Offers by mechanism, each (n, region, sector), bn yuan.
        cost: Cost of a project, (n, stage, sector), bn yuan.
        begun: Projects started, and the money for them (`phases.projects`).
        cohort: Projects completed, and what became of them (`phases.projects`).
        money: Money used by mechanism, (n, mechanism, stage, sector), bn yuan.
    """

    case: Case
    year: int
    state: State
    ask: Ask
    mandate: Mandate = field(default_factory=Mandate)
    flows: dict[str, Array] = field(default_factory=dict)
    support: Support = field(init=False)
    prospect: Any = field(init=False)
    offers: list[Array] = field(init=False)
    cost: Array = field(init=False)
    begun: Any = field(init=False)
    cohort: Any = field(init=False)
    money: Array = field(init=False)

    def run(self, cell: Cell, *arrays: Any, **more: Any) -> Any:
        """What a cell gives this year, carried out by the executor of the case.

        Args:
            cell: What is carried out.
            arrays: Its arguments, (replicate, ...), axes as it declares.
            more: Settings of the year; the others are those of the case.
        """
        return self.case.executor.run(cell, arrays, chosen(cell, self.case.settings, more))

    @property
    def years_since_start(self) -> int:
        """0 in the first year."""
        return self.year - self.case.scenario.run.first_year

    @cached_property
    def public_pools(self) -> Array:
        """Public money before any levy: research and guidance, (2, region), bn yuan."""
        return public_pools(self.case.funding, self.case.world, self.case.growth(self.year))
