"""The arms an attribution needs: every combination of levers, and what each lever is to be seen beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qipan.experiments.statistics.shapley import combinations_of, half_fraction
from qipan.model.extend.registry import LEVERS
from qipan.model.parameters.stretches import without
from qipan.model.scenario.consistency import PLANNED

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

PREFIX = "policy.coordination."
NONE, INFORMATION = "none", "information"


@dataclass(frozen=True)
class Layout:
    """Which arm plays which part in an attribution.

    Args:
        arms: The arms to run, by key, each once.
        combinations: Key of each combination on the value axis; half of them (in the order of `numbers`) when a
            fraction is run.
        numbers: Combination numbers that are run: bit i is lever i.
        alone, informed: Key of the arm with one lever and no information, and with information, by lever.
        random: Key of the random twin of `alone`, by lever; a lever without a list has none.
        information: Key of information alone.
    """

    arms: Mapping[str, Scenario]
    combinations: tuple[str, ...]
    numbers: tuple[int, ...]
    alone: Mapping[str, str]
    informed: Mapping[str, str]
    random: Mapping[str, str]
    information: str
    none: str = NONE

    @property
    def full(self) -> bool:
        """Whether all combinations are run."""
        return len(self.numbers) == 2 ** len(LEVERS)


def arms_of(scenario: Scenario, half: bool = False) -> Layout:
    """The arms of the attribution of a scenario: its world, money and information, levers on and off.

    Args:
        scenario: The design in question; its own levers do not matter, every combination is run.
        half: Run the combinations of the half fraction and the empty one instead of all.
    """
    informed_design = scenario.policy.coordination.information
    numbers = tuple(sorted({0, *half_fraction(len(LEVERS))})) if half else tuple(range(2 ** len(LEVERS)))
    every = combinations_of(tuple(LEVERS))
    wanted = {number: (every[number], informed_design) for number in numbers}
    arms: dict[str, Scenario] = {NONE: _arm(scenario, "none", (), False)}

    def key(levers: tuple[str, ...], information: bool, arm: str = "design") -> str:
        name = arm_key(levers, information, arm)
        if name not in arms:
            arms[name] = _arm(scenario, arm, levers, information)
        return name

    combinations = tuple(key(*wanted[number]) for number in numbers)
    alone = {lever: key((lever,), False) for lever in LEVERS}
    informed = {lever: key((lever,), True) for lever in LEVERS}
    random = {lever: key((lever,), False, "random") for lever in LEVERS if LEVERS[lever].has_list}
    return Layout(arms, combinations, numbers, alone, informed, random, key((), True))


def arm_key(levers: tuple[str, ...], information: bool, arm: str = "design") -> str:
    """The name of an arm, fit for files: "pilot_zones+ecosystem+information", "random-pilot_zones", "none".

    Example:
        >>> arm_key(("ecosystem",), True), arm_key((), False)
        ('ecosystem+information', 'none')
    """
    parts = [*levers, *([INFORMATION] if information else [])]
    name = "+".join(parts) or NONE
    return name if arm == "design" else f"{arm}-{name}"


def _arm(scenario: Scenario, arm: str, levers: tuple[str, ...], information: bool) -> Scenario:
    switches = {f"{PREFIX}{lever}": lever in levers for lever in LEVERS}
    given: dict[str, object] = {f"{PREFIX}arm": arm, f"{PREFIX}information": information, **switches}
    if scenario.policy.coordination.plan:
        lists = {name for lever in levers for name in LEVERS[lever].writes} if arm == "design" else set()
        given[f"{PREFIX}plan"] = [row for row in scenario.policy.coordination.plan if PLANNED[row["role"]] in lists]
    if scenario.policy.timeline:
        switched = [f"coordination.{name}" for name in ("information", *LEVERS)]
        given["policy.timeline"] = without(scenario.policy.timeline, switched)
    return scenario.replace(**given)
