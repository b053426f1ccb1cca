"""What is said of welfare counted to several years: which arms' sign hangs on the year at which the count ends."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.finding import named, opening
from qipan.experiments.words.labels import listed, say, shown_unit
from qipan.experiments.words.numbers import fixed, places_for

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

SIGNS = {"better": 1, "worse": -1}


def horizon_rows(comparison: Comparison) -> dict[str, list[Any]]:
    """Rows of table `horizons` by arm, in the order of the years; empty where a run has one horizon only."""
    table = comparison.tables.get("horizons")
    if table is None or table["year"].nunique() < 2:
        return {}
    return {str(arm): rows.to_dict("records") for arm, rows in table.groupby("arm", sort=False)}


def horizon_sentences(comparison: Comparison, language: str) -> list[str]:
    """One sentence for each arm whose sign turns with the year counted to, and for each policy told from zero at
    some years only; that no sign turns, where there is nothing to say.

    With several policies the sentences are about the policies and their placebos; the table has all arms.
    """
    several, by_arm = len(comparison.policies) > 1, horizon_rows(comparison)
    arms = [
        arm
        for arm in comparison.arms
        if arm.name in by_arm and not arm.same_as and (not several or arm.role in ("policy", "placebo"))
    ]
    if not arms:
        return []
    stop = "。" if language == "zh" else "."
    said = [
        opening(horizon_clause(arm, by_arm[arm.name], language)) + stop
        for arm in arms
        if turns(by_arm[arm.name]) or (arm.role == "policy" and differs(by_arm[arm.name]))
    ]
    years = listed([str(row["year"]) for row in by_arm[arms[0].name]], language)
    return said or [say("horizon_none", language, years=years)]


def turns(rows: list[Any]) -> bool:
    """Whether welfare is told to be higher at one horizon and lower at another."""
    return {1, -1} <= set(map(_sign, rows))


def differs(rows: list[Any]) -> bool:
    """Whether what is told of welfare is not the same at all horizons."""
    return len(set(map(_sign, rows))) > 1


def horizon_clause(arm: ArmResult, rows: list[Any], language: str) -> str:
    """Say at which years an arm is better and at which it is worse, in their order, without the final stop."""
    parts = []
    for sign, mine in groupby(rows, _sign):
        years = listed([_counted(row, language) for row in mine], language)
        parts.append(say(("horizon_open", "horizon_higher", "horizon_lower")[sign], language, years=years))
    key = "horizon_turns" if turns(rows) else "horizon_some"
    return say(key, language, arm=named(arm, language), list=listed(parts, language))


def _sign(row: Any) -> int:
    return SIGNS.get(str(row["verdict"]), 0)


def _counted(row: Any, language: str) -> str:
    factor, _ = shown_unit("bn yuan", language)
    places = places_for(factor * (float(row["high"]) - float(row["low"])) / 2)
    return say("horizon_year", language, year=row["year"], change=fixed(factor * float(row["mean"]), places, True))
