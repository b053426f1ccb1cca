"""Who coordinates: one final class an arm. Nobody is an object too, so the year never asks whether one exists."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, TypeVar, final

import numpy as np

from qipan.model.axes import SECTOR, Array
from qipan.model.coordination.levers import Lever, active_levers
from qipan.model.coordination.mandate import Mandate, Plan, joined_lists, joined_powers, mandate, plan
from qipan.model.coordination.view import View
from qipan.model.draws import Draws, Stream
from qipan.model.element import where
from qipan.model.extend.answers import LARGEST, AnswerError, Asked, answers, made, numbers, of_kind, one_number
from qipan.model.extend.registry import ARMS
from qipan.model.parameters import Coordination
from qipan.model.parameters.adding import with_parameters

NOTHING = Mandate()


def _reliability(who: str, given: Any, *_: Any) -> float:
    return one_number(who, "the reliability", given, 0.0, 1.0)


def observed(who: str, given: Any, asked: "Coordinator", view: View, year: int, draws: Draws) -> View:
    """A view that can be used: arguments as a check of `answers` has them.

    Raises:
        AnswerError: It is no view, or an array of it is of another shape or not finite.
    """
    if id(given) == id(view):
        return view
    of_kind(who, "the view", given, View, "a View is wanted, such as dataclasses.replace(view, estimate=...)")
    (n, k), r = view.estimate.shape, view.size.size
    shapes = {
        "estimate": (n, k),
        "count": view.count.shape,
        "breadth": (r,),
        "size": (r,),
        "log_fit": (n if len(np.atleast_1d(given.log_fit)) == n else 1, r, k),
    }
    seen = {
        name: numbers(who, name, getattr(given, name), shapes[name], least, axes=axes) for name, least, axes in SEEN
    }
    checked: View = replace(given, **seen)
    return checked


SEEN = (
    ("estimate", -LARGEST, ("sector",)),
    ("log_fit", -LARGEST, ("region", "sector")),
    ("count", 0.0, ("sector",)),
    ("breadth", 0.0, ("region",)),
    ("size", 0.0, ("region",)),
)
"""Arrays of a view that a coordinator may see otherwise, with their least value and their axes."""


def _bias(who: str, given: Any, asked: "Coordinator", gap: float, draws: Draws) -> Array:
    rows = len(given) if np.ndim(given) == 2 and len(given) == draws.replicates.size else 1
    return numbers(who, "the bias", given, (rows, draws.sector_ids.size), axes=("sector",))


def _count(who: str, given: Any, asked: "Coordinator", since: int, view: View, count: Array) -> Array:
    return given if given is count else numbers(who, "the count", given, count.shape, 0.0, axes=("sector",))


class Coordinator(Asked, ABC):
    """A national coordinator. Money is a levy on the regions' pools, so every arm of a comparison spends the same
    (assumption A25).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]
    uses_levers: ClassVar[bool] = False
    """Whether it takes the levers and the information that a scenario switches on."""
    delays: ClassVar[bool] = True
    """Whether its plans are published `delay` years after they are drafted."""
    sees_fit: ClassVar[bool] = False
    """Whether it knows the true fit instead of what the data show."""
    follows_plan: ClassVar[bool] = False
    """Whether it publishes the plan that a scenario brings (`policy.coordination.plan`)."""
    bars: bool = False
    """Whether its plans bar sectors; such years are carried out by NumPy."""
    levers: tuple[Lever, ...] = ()
    """Its tools, in the order of the registry."""

    def __init__(self, settings: Coordination) -> None:
        self.settings = settings

    def under(self, settings: Coordination) -> "Coordinator":
        """The same coordinator from a year on in which settings change; what it remembers is to be handed over here.

        Raises:
            AnswerError: The class cannot be made of settings alone.
        """
        try:
            return sound(type(self)(settings))
        except TypeError as error:
            hint = "a class with other arguments says in `under` what it is with new settings"
            raise AnswerError(f"{type(self).__name__}.__init__", str(error)[:100], hint) from None

    @answers(mandate)
    @abstractmethod
    def mandate(self, years_since_start: int) -> Mandate:
        """What it may do in a year."""

    @answers(_reliability)
    def reliability(self, worth_variance: float, error_variance: float) -> float:
        """Weight of its estimate against the mean over sectors: one at face value.

        Args:
            worth_variance: Variance of a sector's worth before anything is heard.
            error_variance: Variance of the error in its own signal this year (`view.own_variance`).
        """
        return 1.0

    def plans(self, years_since_start: int) -> bool:
        """Whether this is a plan year."""
        return years_since_start % self.settings.period == 0

    @answers(observed)
    def observe(self, view: View, year: int, draws: Draws) -> View:
        """What it makes of the view in front of it, in a plan year or one in which its estimates are heard."""
        return view

    @answers(_bias)
    def declared_bias(self, gap: float, draws: Draws) -> Array:
        """Bias of the official definition by sector, (n, sector): none, if it is the right one."""
        return np.zeros((1, draws.sector_ids.size))

    @answers(plan)
    def redrafted(self, years_since_start: int, view: View, draft: Plan) -> Plan:
        """The draft plan: written anew in plan years, else as it was."""
        return draft

    @answers(_count)
    def recounted(self, years_since_start: int, view: View, count: Array) -> Array:
        """Regions per sector that look efficient on the view, reckoned in plan years (a yardstick in every arm)."""
        return view.efficient_count() if self.plans(years_since_start) else count

    @answers(plan)
    def published(self, years_since_start: int, draft: Plan, plan: Plan) -> Plan:
        """The plan in force: the draft, `delay` years after it was written."""
        due = years_since_start % self.settings.period == self.settings.delay % self.settings.period
        return draft if due and years_since_start >= self.settings.delay else plan

    def prescribed(self, plan: Plan, lists: Mapping[str, Array]) -> Plan:
        """The plan with lists that a scenario brings, as far as one of its levers is there to act on them."""
        written = {name for lever in self.levers for name in lever.writes} if self.follows_plan else set()
        brought = {name: array for name, array in lists.items() if name in written}
        return plan._replace(**brought) if brought else plan


Kind = TypeVar("Kind", bound=type[Coordinator])


def arm(kind: Kind) -> Kind:
    """Add an arm: a class with `name`, `label` and `label_zh`, chosen by `policy.coordination.arm: NAME`. Its
    `parameters`, if it has some, become keys of that section.

    Raises:
        RegistryError: An arm of this name exists, or something it must say is missing.
    """
    return with_parameters(ARMS, kind, Coordinator)


@arm
@final
class NoCoordinator(Coordinator):
    """Regions alone."""

    name, label, label_zh = "none", "No coordinator", "无统筹"

    def mandate(self, years_since_start: int) -> Mandate:
        """Nothing."""
        return NOTHING

    def published(self, years_since_start: int, draft: Plan, plan: Plan) -> Plan:
        """No list: what is in force is withdrawn."""
        return withdrawn(plan)


def withdrawn(plan: Plan) -> Plan:
    """A plan without its lists; itself where all of them are empty."""
    empty = not any(array.any() for array in plan)
    return plan if empty else plan.without(Plan._fields)


class Design(Coordinator):
    """A national design: the levers a scenario switches on, and information if it is (assumption A24)."""

    label, label_zh, uses_levers = "National design", "国家顶层设计", True

    def __init__(self, settings: Coordination) -> None:
        super().__init__(settings)
        self.levers = active_levers(settings)
        self.bars = any(lever.bars for lever in self.levers)

    def mandate(self, years_since_start: int) -> Mandate:
        """Levers once the first plan is out; information from the first year on."""
        informed = self.settings.information_weight if self.settings.information else 0.0
        if years_since_start < self.settings.delay or not self.levers:
            return Mandate(information_weight=informed, administration=self._watching(informed))
        powers = joined_powers({lever.name: lever.powers() for lever in self.levers})
        return Mandate(
            levy=self.settings.levy,
            administration=min(self.settings.administration, self.settings.levy),
            money=self._money(),
            information_weight=informed,
            **powers,
        )

    def _watching(self, informed: float) -> float:
        """Pooling and publishing alone costs a fifth of full administration."""
        return self.settings.administration / 5.0 if informed > 0.0 else 0.0

    def _money(self) -> dict[str, float]:
        spending = [lever.name for lever in self.levers if lever.spends]
        left = max(self.settings.levy - self.settings.administration, 0.0)
        return {name: left / len(spending) for name in spending}

    def reliability(self, worth_variance: float, error_variance: float) -> float:
        """Bayes: Var / (Var + error variance). Flat: one."""
        if self.settings.prior == "flat" or worth_variance + error_variance == 0.0:
            return 1.0
        return worth_variance / (worth_variance + error_variance)

    def redrafted(self, years_since_start: int, view: View, draft: Plan) -> Plan:
        """Every `period` years each lever writes its list."""
        if not self.plans(years_since_start):
            return draft
        return draft._replace(**joined_lists({lever.name: lever.drafted(view) for lever in self.levers}))


@arm
@final
class NationalDesign(Design):
    """The design as a scenario states it."""

    name = "design"
    follows_plan = True


@arm
@final
class RandomCoordinator(Design):
    """The placebo: the same levers and money, random lists. Its word about values never enters beliefs."""

    name, label, label_zh = "random", "Random coordinator", "随机统筹（安慰剂）"

    def mandate(self, years_since_start: int) -> Mandate:
        """The same powers without information."""
        return replace(super().mandate(years_since_start), information_weight=0.0)

    def declared_bias(self, gap: float, draws: Draws) -> Array:
        """A definition drawn at random: inside or outside with equal odds."""
        return gap * where(draws.uniform(Stream.RANDOM_LIST, over="k") < 0.5, 1.0, -1.0)

    def observe(self, view: View, year: int, draws: Draws) -> View:
        """Noise in the place of every estimate and every fit; what regions did is not looked at."""
        noise = draws.normal(Stream.RANDOM_LIST, year=year, over="k")
        return replace(
            view,
            estimate=view.estimate.mean(axis=SECTOR, keepdims=True) + noise,
            log_fit=draws.normal(Stream.RANDOM_PILOT, year=year, over="rk"),
            count=view.count * 0.0,
            size=view.size * 0.0 + 1.0 / view.size.size,
        )


@arm
@final
class LumpSum(Coordinator):
    """The levy is handed back to those who paid it, less administration."""

    name, label, label_zh = "lump_sum", "Lump sum", "一次性返还"

    def mandate(self, years_since_start: int) -> Mandate:
        """A levy that changes nothing but what administration costs."""
        if years_since_start < self.settings.delay:
            return NOTHING
        return Mandate(levy=self.settings.levy, administration=min(self.settings.administration, self.settings.levy))


@arm
@final
class Burn(Coordinator):
    """The levy is spent on nothing."""

    name, label, label_zh = "burn", "Burn", "空转（征收不用）"

    def mandate(self, years_since_start: int) -> Mandate:
        """A levy that is lost."""
        if years_since_start < self.settings.delay:
            return NOTHING
        return Mandate(levy=self.settings.levy, burned=self.settings.levy)


@arm
@final
class Cut(Coordinator):
    """Less public money, from the year in which a design would levy it."""

    name, label, label_zh = "cut", "Cut", "削减公共资金"

    def mandate(self, years_since_start: int) -> Mandate:
        """Lower pools."""
        if years_since_start < self.settings.delay:
            return NOTHING
        return Mandate(cut=self.settings.cut)


@arm
@final
class Oracle(Design):
    """The design with true values: the same levers and money, no error, true fit, no delay, full compliance.

    Exact only for the static assignment it is given: it is no upper bound of the dynamic game.
    """

    name, label, label_zh = "oracle", "Design with true values", "按真实值设计"
    delays, sees_fit = False, True

    def __init__(self, settings: Coordination) -> None:
        exact = {"own_signal": 1.0, "planner_error": 0.0, "planner_common_share": 0.0, "official_error": 0.0}
        perfect = {"compliance": 1.0, "delay": 0, "prior": "flat", "solver": "exact"}
        super().__init__(settings.model_copy(update=exact | perfect))


def arm_of(settings: Coordination) -> Coordinator:
    """The coordinator that a scenario names.

    Raises:
        AnswerError: The registered class is no coordinator, or was not set up with its settings.
    """
    return sound(made(ARMS, settings.arm, Coordinator, settings))


def sound(coordinator: Coordinator) -> Coordinator:
    """A coordinator that the year can ask.

    Raises:
        AnswerError: It lacks its settings, or a lever is none.
    """
    who = f"{type(coordinator).__name__}.__init__"
    settings = getattr(coordinator, "settings", None)
    of_kind(who, "self.settings", settings, Coordination, "call super().__init__(settings)")
    of_kind(who, "self.levers", coordinator.levers, tuple, "a tuple of levers is wanted")
    for lever in coordinator.levers:
        of_kind(who, "a lever", lever, Lever, "an object of a class derived from Lever is wanted")
    return coordinator
