"""What was found, in words, made from the rows that the figures draw and the tables print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.reading import (
    clear,
    direction_of,
    gap,
    of_either_sign,
    principal,
    relative,
    unit_of,
    when,
)
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NO_VALUE, NOT_DISTINGUISHABLE
from qipan.experiments.summaries.comparison import TOTAL
from qipan.experiments.words.labels import listed, measure_label, region_label, say, small
from qipan.experiments.words.numbers import amount, fixed, in_ten, number, places_apart, places_for, told_unit
from qipan.model.world.reading.weights import BUILT_IN, PER_HEAD

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison


NO_NOUN = ("without", "with", "under", "in", "at", "if", "when", "where", "all", "every", "each")
"""First words of titles that cannot be the subject of a sentence."""
ALIKE = {NO_VALUE: "effect_absent", IDENTICAL: "effect_identical", NOT_DISTINGUISHABLE: "effect_unclear"}
"""Verdicts of which the same is said of every measure."""


def named(arm: ArmResult, language: str) -> str:
    """Return an arm's title as it stands inside a sentence, also as its subject: first letter small unless it is a name
    or Chinese. A title that is no noun ("Without venture capital", "All regions revise") is that of a scenario.
    """
    title = small(arm_title(arm, language), language)
    first = title.partition(" ")[0].lower()
    if language == "zh" or first not in NO_NOUN:
        return title
    return f"the scenario {title}" if first in ("without", "with") else f'the scenario "{arm_title(arm, language)}"'


def shown(name: str, language: str) -> str:
    """Return a measure's label as it stands inside a sentence: first letter small unless it is a name or Chinese, and
    without a comma, so that it can stand in a list.
    """
    head, comma, rest = small(measure_label(name, language, unit=False), language).partition(", ")
    return f"{head} ({rest})" if comma else head


def size(row: Any, name: str, language: str, signed: bool = False) -> tuple[str, str]:
    """Return a difference and its 95% interval as written: in per cent of the baseline, or in the measure's own unit.

    Indices (unit 1), measures of either sign (welfare) and measures whose baseline is near zero are written as absolute
    differences. Both are written
    with as many decimal places as the half-width of the interval calls for.
    """
    mean, low, high = (float(row[key]) for key in ("mean", "low", "high"))
    shares = relative(row)
    absolute = unit_of(name) == "1" or of_either_sign(name) or not all(abs(share) <= 2 for share in shares)
    values = (mean, low, high) if absolute else tuple(100 * share for share in shares)
    if not signed and values[0] < 0:
        values = (-values[0], -values[2], -values[1])
    factor, unit = told_unit(values[:1], unit_of(name), language) if absolute else (1.0, "%")
    values = (values[0] * factor, values[1] * factor, values[2] * factor)
    places = 0 if not any(values) else places_apart(values[1], values[2], places_for((values[2] - values[1]) / 2))
    gap_before = " " if absolute and unit and language == "en" else ""
    mark = unit if not absolute else ""
    ends = [fixed(value, places, signed) + mark for value in values[1:]]
    interval = f"{ends[0]}至{ends[1]}" if language == "zh" else f"{ends[0]} to {ends[1]}"
    return fixed(values[0], places, signed) + gap_before + unit, interval


def effects(comparison: Comparison, arm: ArmResult, names: Sequence[str], language: str) -> str:
    """Say in one sentence what an arm does to some measures, each with its interval or "no distinguishable change"."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:  # measures of which the same is said stand together
        row = gap(comparison, arm.name, name)
        key = NO_VALUE if row is None else str(row["verdict"])
        groups.setdefault((key, "" if key in ALIKE else name), []).append(name)
    clauses = [
        say(ALIKE[key], language, measure=listed([told(comparison, name, language) for name in alike], language))
        if key in ALIKE
        else clause(gap(comparison, arm.name, alike[0]), alike[0], told(comparison, alike[0], language), language)
        for (key, _), alike in groups.items()
    ]
    joined = "，".join(clauses) if language == "zh" else listed(clauses, language)
    return named(arm, language) + ("" if language == "zh" else " ") + joined


def told(comparison: Comparison, name: str, language: str) -> str:
    """Return a measure's label as it stands inside a sentence, with the year of which it is told where it is of one."""
    year = when(comparison, name)
    label = shown(name, language)
    return label if year == TOTAL else say("measure_in_year", language, measure=label, year=year)


def clause(row: Any, name: str, label: str, language: str) -> str:
    """Say what happens to one measure: "raises output by 8.5% (95% interval 7.7% to 9.2%)"."""
    key = str(row["verdict"])
    if key in ALIKE:
        return say(ALIKE[key], language, measure=label)
    if key == NO_INTERVAL:
        change = amount(float(row["mean"]), unit_of(name), language, signed=True)
        return say("effect_no_interval", language, measure=label, change=change)
    change, interval = size(row, name, language)
    key = "effect_up" if row["mean"] > 0 else "effect_down"
    return say(key, language, measure=label, change=change, interval=interval)


def wins(comparison: Comparison, arm: ArmResult, name: str, language: str) -> str:
    """Say in how many of ten paired futures an arm is better on a measure (higher, for a neutral one)."""
    row = gap(comparison, arm.name, name)
    if row is None or row["verdict"] in (IDENTICAL, NO_INTERVAL, NO_VALUE):
        return ""
    key = "wins_higher" if direction_of(name) == "neutral" else "wins_better"
    return say(key, language, often=in_ten(float(row["probability_better"]), language))


def unclear_arms(comparison: Comparison, name: str, language: str, but: str = "") -> str:
    """Name the arms that are not distinguishable from the baseline on a measure, identical to it, or have no interval;
    "" when all are distinguishable.
    """
    groups: dict[str, list[str]] = {}
    for arm in principal(comparison):
        row = None if arm.name in (but, comparison.baseline) else gap(comparison, arm.name, name)
        if arm.name not in (but, comparison.baseline) and not clear(row):
            found = NO_VALUE if row is None else str(row["verdict"])
            if found != NO_VALUE:
                groups.setdefault(found, []).append(named(arm, language))
    keys = {IDENTICAL: "identical_arms", NO_INTERVAL: "no_interval_arms"}
    parts = [
        say(
            keys.get(found, "unclear_arms" if len(names) > 1 else "unclear_arm"), language, arms=listed(names, language)
        )
        for found, names in groups.items()
    ]
    return joined_notes(parts, language)


def regions_words(gain: int, lose: int, rest: Sequence[str], language: str) -> dict[str, str]:
    """Verbs and the last clause of a sentence on regions: how many gain, how many lose, and what the others do; of one
    region what it does.

    Args:
        gain: Regions that gain.
        lose: Regions that lose.
        rest: Verdicts of the others.
        language: Of the words.
    """
    if gain + lose + len(rest) == 1:
        does = "gains" if gain else "loses" if lose else rest[0].replace(":", "").replace(" ", "_")
        return {"does": say(f"region_{does}", language)}
    kinds = {NOT_DISTINGUISHABLE: "regions_unclear", IDENTICAL: "regions_identical", NO_INTERVAL: "regions_no_interval"}
    counts = {key: list(rest).count(found) for found, key in kinds.items()}
    parts = [say(f"{key}{'_one' * (count == 1)}", language, count=count) for key, count in counts.items() if count]
    nobody = say("regions_unclear", language, count=0)
    return {
        "gains": say(f"regions_gain{'_one' * (gain == 1)}", language),
        "loses": say(f"regions_lose{'_one' * (lose == 1)}", language),
        "rest": listed(parts, language) if parts else nobody,
    }


def sentence(parts: list[str], language: str) -> str:
    """Join clauses into one sentence without the final stop, first letter large."""
    return opening(joined_notes(parts, language))


def joined_notes(parts: Sequence[str], language: str) -> str:
    """Join remarks on how a figure is read, without those that are empty."""
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)


def opening(text: str) -> str:
    """Return the text with a large first letter."""
    return text[:1].upper() + text[1:]


def weights_named(comparison: Comparison, language: str) -> str:
    """What a reader's own weights of regions are called inside a sentence; "" where there are none."""
    told = comparison.manifest.get("weights")
    if not told:
        return ""
    name = str(told["name"])
    return say(f"weights_{name if name in BUILT_IN else 'file'}", language, name=name)


def weights_words(comparison: Comparison, language: str) -> str:
    """Say by which weights of regions welfare is told beside the headline; "" where there are none."""
    if not (named_so := weights_named(comparison, language)):
        return ""
    told = comparison.manifest["weights"]
    weights = {region: float(weight) for region, weight in told["regions"].items()}
    ends = min(weights, key=weights.__getitem__), max(weights, key=weights.__getitem__)
    low, high = (number(weights[region]) for region in ends)
    lowest, highest = (region_label(comparison.world, region, language) for region in ends)
    key = "weights_alike" if told["name"] == PER_HEAD else "weights_span"
    span = say(key, language, low=low, lowest=lowest, high=high, highest=highest) if low != high else ""
    return say("weights_words", language, weights=named_so, span=span)
