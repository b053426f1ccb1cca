"""What is compared on the page: read from comparisons.csv and rules.csv, in which a row is added in one place."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
ARMS = ("national-design", "information-only", "random-coordinator", "lump-sum", "cut", "burn", "oracle")
"""The design and its references, each set against the baseline."""
LAST_YEAR = 2060


@dataclass(frozen=True)
class Variant:
    """A scenario with settings: one run of the page.

    Args:
        scenario: Name of a shipped scenario.
        settings: Values by dotted path, sorted, as on the command line.
    """

    scenario: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> list[str]:
        """The settings as the command line takes them."""
        return [f"{path}={value}" for path, value in self.settings]

    def with_settings(self, more: Mapping[str, str]) -> Variant:
        """The same with other settings on top."""
        return Variant(self.scenario, tuple(sorted({**dict(self.settings), **more}.items())))


@dataclass(frozen=True)
class Contrast:
    """An arm less what it is set against, on the same draws.

    Args:
        part: The table it belongs to.
        label: What it says in front of its row.
        arm: The run.
        against: What it is set against.
        share: Part of the page's replicates, for worlds that take long.
        prototype: What the prototype gave, as text.
    """

    part: str
    label: str
    arm: Variant
    against: Variant
    share: float
    prototype: str


@dataclass(frozen=True)
class Rung:
    """A rule of the economy and its neutral value.

    Args:
        name: In plain words.
        neutral: Settings at which it does nothing.
        order: Its place when the rules are added in the order in which they were found to be needed.
        other: Its place in another order.
    """

    name: str
    neutral: tuple[tuple[str, str], ...]
    order: int
    other: int


def read_settings(text: str) -> tuple[tuple[str, str], ...]:
    """`a.b=1; c.d=2` as sorted pairs."""
    pairs = (each.split("=", 1) for each in text.split(";") if each.strip())
    return tuple(sorted((path.strip(), value.strip()) for path, value in pairs))


@lru_cache(maxsize=1)
def comparisons() -> tuple[Contrast, ...]:
    """All comparisons, in the order of the page."""
    with (HERE / "comparisons.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Contrast(
                part=row["part"],
                label=row["label"],
                arm=Variant(row["arm"], read_settings(f"{row['shared']};{row['settings']}")),
                against=Variant(
                    row["against"] or "baseline", read_settings(f"{row['shared']};{row['against_settings']}")
                ),
                share=float(row["share"] or 1.0),
                prototype=row["prototype"],
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def rules() -> tuple[Rung, ...]:
    """All rules with a neutral value, in the first order."""
    with (HERE / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Rung(row["rule"], read_settings(row["neutral"]), int(row["order"]), int(row["other"]))
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda rule: rule.order))


def ladder(place: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """Steps of the ladder: nothing, then one more rule a step; each with the settings that hold the others neutral.

    Args:
        place: "order" or "other".
    """
    ordered = sorted(rules(), key=lambda rule: getattr(rule, place))
    steps = [("every rule neutral", neutral(ordered))]
    steps += [(f"+ {rule.name}", neutral(ordered[i + 1 :])) for i, rule in enumerate(ordered)]
    return tuple(steps)


def left_out() -> tuple[tuple[str, dict[str, str]], ...]:
    """Each rule left out alone."""
    return tuple((f"without {rule.name}", dict(rule.neutral)) for rule in rules())


def neutral(without: tuple[Rung, ...] | list[Rung]) -> dict[str, str]:
    """Settings that hold some rules at their neutral values."""
    return {path: value for rule in without for path, value in rule.neutral}
