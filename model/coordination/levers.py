"""The levers of a national design, one final class each. A new lever is one more class under `@lever`."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, TypeVar, final

from qipan.model.axes import Array
from qipan.model.coordination.assignment import best_sectors, pair_value
from qipan.model.coordination.exact import exact_layout
from qipan.model.coordination.mandate import Plan, listed, powers
from qipan.model.coordination.view import View
from qipan.model.extend.answers import Asked, answers, made, numbers, of_kind
from qipan.model.extend.registry import LEVERS
from qipan.model.parameters import Coordination
from qipan.model.parameters.adding import with_parameters


def _drafted(who: str, given: Any, asked: "Lever", view: View) -> dict[str, Array]:
    of_kind(who, "the lists", given, dict, "a dictionary from list to array is wanted")
    shape = (len(view.estimate), view.size.size, view.estimate.shape[-1])
    return {name: listed(who, name, array, shape) for name, array in given.items()}


def _recipients(who: str, given: Any, asked: "Lever", plan: Plan, portfolio: Array, size: Array) -> Array | None:
    return None if given is None else numbers(who, "the weights", given, portfolio.shape, least=0.0)


class Lever(Asked, ABC):
    """One tool of the coordinator."""

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]
    spends: ClassVar[bool]
    """Whether the lever takes an equal part of the levy."""
    bars: ClassVar[bool] = False
    """Whether it writes the list `barred`."""
    writes: ClassVar[tuple[str, ...]] = ()
    """The lists that it writes, which are withdrawn when a timeline switches it off."""
    has_list: ClassVar[bool] = True
    """Whether it says something that chance could say instead (a list, a definition): else it has no placebo."""

    def __init__(self, settings: Coordination) -> None:
        self.settings = settings

    @answers(powers)
    @abstractmethod
    def powers(self) -> dict[str, float]:
        """Entries of the mandate that the lever sets."""

    @answers(_drafted)
    def drafted(self, view: View) -> dict[str, Array]:
        """Lists that the lever writes into a plan."""
        return {}

    @answers(_recipients)
    def recipients(self, plan: Plan, portfolio: Array, size: Array) -> Array | None:
        """Who gets the lever's money: weights over pairs, (n, region, sector), or None for the ecosystem pool.

        Compiled runs hand in lanes, several replicates of each sector along the last axis: work element by element
        there, never sum over it.
        """
        return None


Kind = TypeVar("Kind", bound=type[Lever])


def lever(kind: Kind) -> Kind:
    """Add a lever: a class with `name`, `label`, `label_zh` and `spends`. Its name becomes a switch of scenario files,
    `policy.coordination.NAME: true`; its `parameters`, if it has some, become keys beside it.

    Raises:
        RegistryError: A lever of this name exists, or something it must say is missing.
    """
    return with_parameters(LEVERS, kind, Lever)


@lever
@final
class SharedDefinition(Lever):
    """One national definition: removes definition bias, but adds one official error to all."""

    name, label, label_zh, spends = "shared_definition", "Shared definition", "统一界定", False

    def powers(self) -> dict[str, float]:
        """The official definition replaces the regions' own as far as they comply."""
        return {"definition": self.settings.compliance, "official_error": self.settings.official_error}


@lever
@final
class KeyAreas(Lever):
    """Plans for key areas: publishes a list of sectors and co-funds whatever regions do there."""

    name, label, label_zh, spends = "key_areas", "Key-area plans", "重点领域规划", True
    writes = ("key_areas",)

    def powers(self) -> dict[str, float]:
        """The list's pull on a region's utility."""
        return {"list_weight": self.settings.list_weight * self.settings.compliance}

    def drafted(self, view: View) -> dict[str, Array]:
        """The sectors where one more base would add most on the coordinator's view."""
        return {"key_areas": best_sectors(view.payoff.marginal(view.estimate, view.count + 1.0), view.list_length)}

    def recipients(self, plan: Plan, portfolio: Array, size: Array) -> Array:
        """In proportion to what regions of each size put into listed sectors."""
        return plan.key_areas[:, None, :] * portfolio * size[:, None]


@lever
@final
class PilotZones(Lever):
    """National pilot zones: chosen pairs get co-funding and, as far as it covers need, higher success."""

    name, label, label_zh, spends = "pilot_zones", "Pilot zones", "先导区", True
    writes = ("pilots",)

    def powers(self) -> dict[str, float]:
        """The zone's pull, and the success that full co-funding buys."""
        return {"pilot_weight": self.settings.pilot_weight, "pilot_success": self.settings.pilot_success}

    def drafted(self, view: View) -> dict[str, Array]:
        """The best pairs, spread over sectors and regions."""
        value = pair_value(view.estimate, view.log_fit, view.size, view.fit_weight, view.lobbying)
        return {"pilots": view.solvers.spread_pilots(value, view.pilots)}

    def recipients(self, plan: Plan, portfolio: Array, size: Array) -> Array:
        """Equal parts."""
        return plan.pilots


@lever
@final
class RegionalLayout(Lever):
    """An overall regional layout: who is to be in which sector, solved as an assignment on a noisy view."""

    name, label, label_zh, spends = "regional_layout", "Regional layout", "区域总体布局", True
    writes = ("assigned",)

    def powers(self) -> dict[str, float]:
        """The cost of leaving one's assignment, and the push to issue a document."""
        weight = self.settings.layout_weight * self.settings.compliance
        return {"layout_weight": weight, "adoption_boost": self.settings.layout_adoption}

    def drafted(self, view: View) -> dict[str, Array]:
        """As many regions per sector as the coordinator thinks efficient, the best-suited ones first."""
        value = pair_value(view.estimate, view.log_fit, view.size, view.fit_weight, view.lobbying)
        solve = exact_layout if self.settings.solver == "exact" else view.solvers.assigned_layout
        return {"assigned": solve(value, view.breadth, view.efficient_count())}

    def recipients(self, plan: Plan, portfolio: Array, size: Array) -> Array:
        """In proportion to what regions of each size put into their assigned sectors."""
        return plan.assigned * portfolio * size[:, None]


@lever
@final
class Ecosystem(Lever):
    """A better ecosystem: national talent, specialised firms and chain clusters raise fit slowly."""

    name, label, label_zh, spends = "ecosystem", "Ecosystem", "产业生态", True
    has_list = False

    def powers(self) -> dict[str, float]:
        """It works through money alone."""
        return {}


def active_levers(settings: Coordination) -> tuple[Lever, ...]:
    """The levers a scenario switches on, in the order of the registry."""
    return tuple(made(LEVERS, name, Lever, settings) for name in LEVERS if _on(settings, name))


def _on(settings: Any, name: str) -> bool:
    return bool(getattr(settings, name, False))
