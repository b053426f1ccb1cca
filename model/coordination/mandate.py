"""What a coordinator is entitled to do in one year: shares of money and weights of its word. Off is all zeros."""

from dataclasses import dataclass, field
from typing import NamedTuple

from model.axes import Array


@dataclass(frozen=True)
class Mandate:
    """The powers of one year. Money is in shares of the regions' public pools.

    Attributes:
        levy: Share taken before anything is handed back.
        cut: Share by which the pools themselves are lowered.
        administration: Share that administration costs (a real use).
        burned: Share levied and spent on nothing.
        money: Share spent by each money lever, by its name.
        information_weight: Weight of the published estimate in regions' beliefs.
        definition: How far the official definition replaces the regions' own, in [0, 1].
        official_error: Standard deviation of the error the official definition adds for everybody, log.
        list_weight, pilot_weight, layout_weight: Weights of the coordinator's word in a region's utility.
        adoption_boost: What is added to the yearly probability of issuing a document.
        relabelling: Share of directed money that goes by last year's split.
        pilot_success: Rise of success probabilities in a fully co-funded pilot zone.
    """

    levy: float = 0.0
    cut: float = 0.0
    administration: float = 0.0
    burned: float = 0.0
    money: dict[str, float] = field(default_factory=dict)
    information_weight: float = 0.0
    definition: float = 0.0
    official_error: float = 0.0
    list_weight: float = 0.0
    pilot_weight: float = 0.0
    layout_weight: float = 0.0
    adoption_boost: float = 0.0
    relabelling: float = 0.0
    pilot_success: float = 0.0

    @property
    def withheld(self) -> float:
        """Share of the pools that does not come back to the regions that paid it."""
        return self.administration + self.burned + sum(self.money.values())

    @property
    def retained(self) -> float:
        """Share of its pools that a region keeps: exactly one when nothing is withheld."""
        return 1.0 - self.cut - self.withheld


class Plan(NamedTuple):
    """The lists of a national plan.

    Attributes:
        key_areas: 1 where the sector is on the national list, (n, sector).
        pilots: 1 where the pair is a national pilot zone, (n, region, sector).
        assigned: 1 where the regional layout assigns the sector to the region, (n, region, sector).
    """

    key_areas: Array
    pilots: Array
    assigned: Array
