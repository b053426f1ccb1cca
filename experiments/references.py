"""Reference arms beside a design: placebo, lump sum, information only, perfect information; and the share realised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.statistics import realised_share
from experiments.tables import frame
from model.parameters import LEVERS

if TYPE_CHECKING:
    import pandas as pd

    from experiments.partial import Part
    from model.scenario import Scenario

REFERENCES = {
    "no-coordinator": ("none", False, False, "No coordinator", "无统筹"),
    "information-only": ("design", True, False, "Information only", "仅信息共享"),
    "random-coordinator": ("random", False, True, "Random coordinator (placebo)", "随机统筹（安慰剂）"),
    "lump-sum": ("lump_sum", False, False, "Lump sum", "一次性返还"),
    "oracle": ("oracle", True, True, "Perfect information", "完全信息"),
}
"""Name: arm, information, whether the design's levers stay on, titles."""
REALISED = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10", "output_discounted")


def role(scenario: Scenario) -> str:
    """Which part a scenario plays: "none", "information", or the name of its arm."""
    settings = scenario.policy.coordination
    levers = any(getattr(settings, lever) for lever in LEVERS)
    if settings.arm == "none" or (settings.arm == "design" and not levers):
        return "information" if settings.information else "none"
    return str(settings.arm)


def wants_references(arms: Sequence[Scenario]) -> bool:
    """Whether reference arms belong beside these: the last of several is a coordinator's design, and no solved game."""
    return len(arms) > 1 and role(arms[-1]) == "design" and arms[-1].world.data != "game"


def with_references(arms: Sequence[Scenario]) -> list[Scenario]:
    """The arms with the reference arms that are missing among them, before the last arm, which is the design.

    An arm of another world, or with other funding, than the design's does not count as its reference.
    """
    design, there = arms[-1], {role(arm) for arm in arms if surroundings(arm) == surroundings(arms[-1])}
    added = []
    for name, (arm, information, levers, title, title_zh) in REFERENCES.items():
        switches = {} if levers else {f"policy.coordination.{lever}": False for lever in LEVERS}
        made = design.replace(**{"policy.coordination.arm": arm, "policy.coordination.information": information,
                                 **switches})  # fmt: skip
        if role(made) not in there:
            added.append(replace(made, name=name, title=title, title_zh=title_zh, path=None))
    return [*arms[:-1], *added, design]


def surroundings(scenario: Scenario) -> tuple[Any, Any]:
    """What an arm shares with those it can be set against: its world and its funding."""
    return scenario.world, scenario.policy.funding


def realised_table(scenarios: Sequence[Scenario], names: Sequence[str], parts: Sequence[Part]) -> pd.DataFrame:
    """Table `realised`: share of the achievable gain, (arm - none) / (perfect information - none), by arm and measure.

    Silent (NaN) where perfect information is not distinguishable from nobody. Perfect information is exact for a static
    problem only, so a share above one is possible. Empty without both reference arms; arms of another world have none.
    """
    roles = [role(scenario) for scenario in scenarios]
    ends = ends_of(scenarios, roles)
    if ends is None:
        return frame("realised", [])
    none, best = (parts[place] for place in ends)
    rows: list[tuple[Any, ...]] = []
    for measure in REALISED:
        key = f"total:{measure}"
        for scenario, name, kind, part in zip(scenarios, names, roles, parts, strict=True):
            same = surroundings(scenario) == surroundings(scenarios[ends[1]])
            if kind not in ("none", "oracle") and same and key in part:
                found = realised_share(part[key], none[key], best[key])
                share = (np.nan,) * 3 if found is None else (found.estimate, found.low, found.high)
                rows.append((name, measure, *map(float, share), len(part[key])))
    return frame("realised", rows)


def ends_of(scenarios: Sequence[Scenario], roles: Sequence[str]) -> tuple[int, int] | None:
    """Places of nobody and of perfect information in one world, or None."""
    for best, kind in enumerate(roles):
        for none, other in enumerate(roles):
            if kind == "oracle" and other == "none" and surroundings(scenarios[none]) == surroundings(scenarios[best]):
                return none, best
    return None
