"""What a coordinator is entitled to do in one year: shares of money and weights of its word. Off is all zeros."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, cast

import numpy as np

from qipan.model.axes import Array
from qipan.model.extend.answers import LARGEST, AnswerError, flags, of_kind, one_number, shown


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
        pilot_success: Rise of the success probability of pilots in a fully co-funded pilot zone.
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
    pilot_success: float = 0.0

    @property
    def withheld(self) -> float:
        """Share of the pools that does not come back to the regions that paid it."""
        return self.administration + self.burned + sum(self.money.values())

    @property
    def retained(self) -> float:
        """Share of its pools that a region keeps: exactly one when nothing is withheld."""
        return 1.0 - self.cut - self.withheld


NOTHING_BARRED = np.zeros((1, 1, 1))


class Plan(NamedTuple):
    """The lists of a national plan.

    Attributes:
        key_areas: 1 where the sector is on the national list, (n, sector).
        pilots: 1 where the pair is a national pilot zone, (n, region, sector).
        assigned: 1 where the regional layout assigns the sector to the region, (n, region, sector).
        barred: 1 where a region that revises its layout may not choose the sector, (n, region, sector).
    """

    key_areas: Array
    pilots: Array
    assigned: Array
    barred: Array = NOTHING_BARRED

    def without(self, names: Sequence[str]) -> "Plan":
        """The plan with some lists emptied."""
        return self._replace(**{name: np.zeros_like(getattr(self, name)) for name in names}) if names else self


EFFECTS = {"key_areas": "pull", "pilots": "pull", "assigned": "push", "barred": "bar"}
"""What a list of a plan does to a region: draws it in, drives it out of the rest, or forbids. Lists of two levers that
draw in or forbid are joined; two that assign contradict each other.
"""
ADDED = ("adoption_boost", "pilot_success")
"""Powers of which two levers have the sum; any other can have one value only."""


def joined_lists(lists: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """One list of each name from those of several levers, by the effect that a list has.

    Args:
        lists: By lever, then by list.

    Raises:
        AnswerError: Two levers write a list that only one can write.
    """
    joined: dict[str, tuple[str, Array]] = {}
    for lever, written in lists.items():
        for name, array in written.items():
            if name not in joined:
                joined[name] = lever, array
                continue
            other, before = joined[name]
            if EFFECTS[name] == "push":
                raise AnswerError(lever, f"it writes the list {name}, and so does {other}", "switch one of them off")
            joined[name] = lever, np.maximum(before, array)
    return {name: array for name, (_, array) in joined.items()}


def joined_powers(powers: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The powers of several levers together.

    Args:
        powers: By lever, then by power.

    Raises:
        AnswerError: Two levers set a power to two values.
    """
    joined: dict[str, tuple[str, float]] = {}
    for lever, own in powers.items():
        for name, value in own.items():
            other, before = joined.get(name, ("", 0.0))
            if not other:
                joined[name] = lever, value
            elif name in ADDED:
                joined[name] = lever, before + value
            elif value != before:
                message = f"it sets {name} to {value:.6g}, and {other} to {before:.6g}"
                raise AnswerError(lever, message, "give both the same value, or switch one of them off")
    return {name: value for name, (_, value) in joined.items()}


SHARES = ("levy", "cut", "information_weight", "definition")
AT_LEAST_ZERO = ("administration", "burned", "official_error", "pilot_success")
POWERS = tuple(name.name for name in fields(Mandate) if name.name != "money")
RANGES = {
    name: (0.0 if name in SHARES + AT_LEAST_ZERO else -LARGEST, 1.0 if name in SHARES else LARGEST) for name in POWERS
}
"""Least and largest value of each power."""
TINY = 1e-12


def mandate(who: str, given: Any, asked: Any, *_: Any, **__: Any) -> Mandate:
    """A mandate that can be carried out: arguments as a check of `answers` has them.

    Raises:
        AnswerError: A power is no number or out of its range, money goes to a lever that the coordinator does not have,
            more is spent than levied, or more is kept back than there is.
    """
    of_kind(who, "the mandate", given, Mandate, "Mandate(levy=..., ...) is wanted")
    powers = {name: one_number(who, name, getattr(given, name), *RANGES[name]) for name in POWERS}
    of_kind(who, "money", given.money, dict, "a dictionary from lever to share is wanted")
    levers = [lever.name for lever in asked.levers]
    for name in given.money:
        if name not in levers:
            message = f"money for {shown(name)}"
            raise AnswerError(who, message, f"its levers are {', '.join(levers)}" if levers else "it has no lever")
    money = {name: one_number(who, f"money for {name}", share, 0.0, 1.0) for name, share in given.money.items()}
    sound = Mandate(money=money, **powers)
    spent = sound.burned + sum(money.values())
    if spent > sound.levy + TINY:
        raise AnswerError(who, f"{spent:.6g} of the pools is spent", f"no more than the levy, {sound.levy:.6g}")
    if sound.retained < -TINY:
        message = f"{sound.cut + sound.withheld:.6g} of the pools is kept from the regions"
        raise AnswerError(who, message, "no more than 1: the cut, administration, what is burned and what levers spend")
    return sound


def powers(who: str, given: Any, *_: Any) -> dict[str, float]:
    """Entries of a mandate: arguments as a check of `answers` has them.

    Raises:
        AnswerError: It is no dictionary, an entry is unknown, or its value is no number within its range.
    """
    of_kind(who, "the powers", given, dict, "a dictionary from power to number is wanted")
    for name in given:
        if name not in POWERS:
            raise AnswerError(who, f"the power {shown(name)}", f"known are {', '.join(POWERS)}")
    return {name: one_number(who, name, value, *RANGES[name]) for name, value in given.items()}


def listed(who: str, name: str, given: Any, shape: tuple[int, ...]) -> Array:
    """One list of a plan.

    Args:
        who: Class and method.
        name: Its name, one of the fields of `Plan`.
        given: The answer.
        shape: (n, region, sector) of the pairs.

    Raises:
        AnswerError: It is unknown, of another shape, or holds anything but 0 and 1.
    """
    if name not in Plan._fields:
        raise AnswerError(who, f"the list {shown(name)}", f"a plan has {', '.join(Plan._fields)}")
    national = name == "key_areas"
    return flags(
        who,
        name,
        given,
        (shape[0], shape[-1]) if national else shape,
        ("sector",) if national else ("region", "sector"),
    )


def plan(who: str, given: Any, asked: Any, years_since_start: int, *kept: Any) -> Plan:
    """A plan that can be carried out: arguments as a check of `answers` has them; `kept` ends with the plan before.

    Raises:
        AnswerError: It is no plan, or one of its lists is not fit.
    """
    if any(given is value for value in kept):
        return cast("Plan", given)
    of_kind(who, "the plan", given, Plan, "Plan(key_areas, pilots, assigned, barred) is wanted")
    before = [value for value in kept if isinstance(value, Plan)]
    known = {id(array) for value in before for array in value}
    shape = np.shape(before[-1].assigned)
    if given.barred is NOTHING_BARRED:
        given = given._replace(barred=np.zeros(shape))
    sound = Plan(
        *(
            array if id(array) in known else listed(who, name, array, shape)
            for name, array in zip(Plan._fields, given, strict=True)
        )
    )
    if not asked.bars and sound.barred.any():
        raise AnswerError(who, "its plan bars sectors", "a coordinator that does says `bars = True`")
    return sound
