"""The answer in a few sentences, with its uncertainty in words, made from the rows that the tables print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qipan.experiments.figures.targets import place
from qipan.experiments.findings.assumptions import finding, ranked
from qipan.experiments.findings.finding import effects, named, regions_words, shown, weights_named
from qipan.experiments.findings.gains import parted
from qipan.experiments.findings.horizons import differs, horizon_clause, horizon_rows
from qipan.experiments.findings.quoted.evidenced import worlds
from qipan.experiments.findings.quoted.searched import quoted
from qipan.experiments.findings.reading import OUTPUT, clear, direction_of, gap, has, level, present
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NO_VALUE
from qipan.experiments.words.labels import listed, say
from qipan.experiments.words.numbers import number, percent, span, told_unit
from qipan.model.measures.welfare import COSTS, GAINS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison

WELFARE = "welfare"
OWN_WEIGHTS = ("welfare_weighted",)
TERMS = (*GAINS, *COSTS)
"""Welfare is the sum of the gains less the sum of the costs."""
AGAINST_PLACEBO = (*OUTPUT[:1], WELFARE)
"""What is said of the placebo too."""
WITHOUT_CHANCE = (IDENTICAL, NO_INTERVAL, NO_VALUE)
"""Verdicts beside which no chance of being better is told."""
LIKELIHOOD = ((0.99, "virtually_certain"), (0.9, "very_likely"), (0.66, "likely"), (0.33, "even"), (0.1, "unlikely"))


def answer(comparison: Comparison, language: str) -> list[str]:
    """Return the sentences: where regions stand alone; of every policy what it changes and for whom; the sign."""
    sentences = [_alone(comparison, language)]
    for arm in comparison.policies or [comparison.asked]:
        sentences += [_changed(comparison, arm, language), _weighted(comparison, arm, language)]
        sentences += [_for_whom(comparison, arm, language), *quoted(comparison, arm, language)]
        sentences += worlds(comparison, arm, language)
    sentences.append(_sentence([finding(comparison, language)] if ranked(comparison) else [], language))
    return [sentence for sentence in sentences if sentence]


def likelihood(probability: float, language: str) -> str:
    """Return the word for a probability on the scale of the IPCC's uncertainty guidance (2010)."""
    word = next((word for limit, word in LIKELIHOOD if probability >= limit), "very_unlikely")
    return say(f"word_{word}", language)


def _alone(comparison: Comparison, language: str) -> str:
    """Say where the baseline stands when the programme ends: output, duplication and waste, with 90% of replicates."""
    year, baseline = str(comparison.year_told), comparison.arm(comparison.baseline)
    parts = []
    for name in present(comparison, ("output_total", "investment_duplication", "idle_share")):
        row = level(comparison, baseline.name, name, year)
        if row is not None and math.isfinite(float(row["median"])):
            parts.append(_level(row, name, language))
    if not parts:
        return ""
    text = say("answer_alone", language, baseline=named(baseline, language), year=year, parts=_join(parts, language))
    return _sentence([text], language)


def _level(row: pd.Series, name: str, language: str) -> str:
    from qipan.experiments.findings.reading import unit_of

    factor, unit = told_unit([float(row["median"])], unit_of(name), language)
    gap_before = " " if unit and language == "en" else ""
    if int(row["n"]) == 1:
        return say(
            "answer_level_one",
            language,
            measure=shown(name, language),
            value=number(factor * float(row["median"])),
            unit=gap_before + unit,
        )
    return say(
        "answer_level",
        language,
        measure=shown(name, language),
        value=number(factor * float(row["median"])),
        unit=gap_before + unit,
        interval=span(factor * float(row["q05"]), factor * float(row["q95"]), language),
    )


def _join(parts: list[str], language: str) -> str:
    return "；".join(parts) if language == "zh" else listed(parts, language)


def _changed(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say what an arm does to output, duplication and welfare, how likely, and what its placebo does."""
    names = present(comparison, (WELFARE, *OUTPUT[:1], "investment_duplication"), "differences")
    judged = next((name for name in OUTPUT[:1] if name in names), next(iter(names), ""))
    if not names or arm.name == comparison.baseline:
        return ""
    parts = [effects(comparison, arm, names, language)]
    row = gap(comparison, arm.name, judged)
    if row is not None and direction_of(judged) != "neutral" and str(row["verdict"]) not in WITHOUT_CHANCE:
        chance = float(row["probability_better"])
        parts.append(
            say(
                "answer_likely",
                language,
                word=likelihood(chance, language),
                measure=shown(judged, language),
                probability=percent(chance, places=0),
            )
        )
    placebo = comparison.of(arm.name).get("placebo")
    if placebo is not None:
        parts.append(
            say(
                "answer_placebo",
                language,
                effect=effects(comparison, placebo, [name for name in names if name in AGAINST_PLACEBO], language),
            )
        )
    elif lacks(comparison, arm):
        parts.append(say("no_placebo", language, arm=named(arm, language)))
    parts += [terms(comparison, arm, language), *_horizon(comparison, arm, language)]
    return _sentence(parts, language)


def _weighted(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say what an arm does to welfare by a reader's own weights of regions; "" where there are none."""
    weights = weights_named(comparison, language)
    if not weights or not present(comparison, OWN_WEIGHTS, "differences"):
        return ""
    effect = effects(comparison, arm, OWN_WEIGHTS, language)
    return _sentence([say("answer_weights", language, weights=weights, effect=effect)], language)


def lacks(comparison: Comparison, arm: ArmResult) -> str:
    """Return what a policy lacks, as table `arms` has it; "" for nothing."""
    table = comparison.tables.get("arms")
    notes = {} if table is None else dict(zip(table["arm"], table["note"], strict=True))
    return str(notes.get(arm.name, ""))


def terms(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say by which terms welfare moves, where its sign is not that of the surplus of sales."""
    if len(present(comparison, TERMS, "differences")) < len(TERMS):
        return ""
    whole, sales = gap(comparison, arm.name, WELFARE), gap(comparison, arm.name, TERMS[0])
    if whole is None or sales is None or not clear(whole) or float(whole["mean"]) * float(sales["mean"]) > 0:
        return ""
    rows = [(name, gap(comparison, arm.name, name)) for name in TERMS]
    factor, unit = told_unit([float(whole["mean"])], "bn yuan", language)
    said = [
        f"{shown(name, language)} {number(factor * float(row['mean']), signed=True)}"
        for name, row in rows
        if row is not None and float(row["mean"]) != 0.0
    ]
    welfare = number(factor * float(whole["mean"]), signed=True)
    return say("answer_terms", language, welfare=welfare, unit=unit, list=listed(said, language))


def _horizon(comparison: Comparison, arm: ArmResult, language: str) -> list[str]:
    """Say at which years counted to welfare is higher, lower or not told from zero, where these differ."""
    rows = horizon_rows(comparison).get(arm.name, [])
    return [horizon_clause(arm, rows, language)] if differs(rows) else []


def _for_whom(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say how many regions gain and lose, and how likely the stated targets are."""
    parts = []
    if has(comparison, "regions"):
        table = comparison.table("regions")
        rows = table[table["arm"] == arm.name].set_index("region")
        gain, lose, rest = parted(rows)
        words = regions_words(len(gain), len(lose), [str(rows.loc[code, "verdict"]) for code in rest], language)
        key = "answer_region_one" if len(rows) == 1 else "answer_regions"
        parts.append(say(key, language, gain=len(gain), lose=len(lose), total=len(rows), **words))
        parts += _in_welfare([str(verdict) for verdict in rows["welfare_verdict"]], language)
    if has(comparison, "targets"):
        parts.append(_targets(comparison, arm, language))
    if len(comparison.policies) > 1 and any(parts):
        parts[0] = say("answer_with", language, arm=named(arm, language), text=parts[0])
    return _sentence(parts, language)


def _in_welfare(verdicts: list[str], language: str) -> list[str]:
    """Say how many regions gain and lose welfare; nothing where no verdict was reached for any."""
    gain, lose = verdicts.count("better"), verdicts.count("worse")
    if not gain + lose:
        return []
    gains, loses = (
        say(f"regions_{does}{'_one' * (count == 1)}", language) for does, count in (("gain", gain), ("lose", lose))
    )
    return [say("answer_welfare", language, gain=gain, lose=lose, gains=gains, loses=loses)]


def _targets(comparison: Comparison, arm: ArmResult, language: str) -> str:
    table = comparison.table("targets")
    mine = table[table["arm"] == arm.name]
    if mine.empty:
        return ""
    low, high = mine.loc[mine["probability"].idxmin()], mine.loc[mine["probability"].idxmax()]
    ends = [
        say(
            "answer_target",
            language,
            place=place(comparison, row, language),
            year=row["year"],
            probability=percent(float(row["probability"]), places=0),
        )
        for row in (low, high)
    ]
    scope = f"{mine['scope'].max():g}"
    if len(mine) == 1:
        return say("answer_targets_one", language, high=ends[1], scope=scope)
    if low["probability"] == high["probability"]:
        chance = percent(float(low["probability"]), places=0)
        return say("answer_targets_alike", language, count=len(mine), probability=chance, scope=scope)
    return say("answer_targets", language, count=len(mine), low=ends[0], high=ends[1], scope=scope)


def _sentence(parts: list[str], language: str) -> str:
    """Each part as a sentence of its own, one after another; "" for none."""
    said = [part[:1].upper() + part[1:] for part in parts if part]
    return "".join(f"{part}。" for part in said) if language == "zh" else " ".join(f"{part}." for part in said)
