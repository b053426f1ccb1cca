"""The answer in a few sentences, with its uncertainty in words, made from the rows that the tables print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.figures.finding import clause, effects, named, shown, size
from experiments.figures.gains import parted
from experiments.figures.reading import OUTPUT, clear, direction_of, gap, has, level, present
from experiments.figures.targets import place
from experiments.importance_words import finding, ranked
from experiments.labels import listed, placebo, say, unit_label
from experiments.labels_numbers import number, percent, span

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison

WELFARE = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10")
LIKELIHOOD = ((0.99, "virtually_certain"), (0.9, "very_likely"), (0.66, "likely"), (0.33, "even"), (0.1, "unlikely"))


def question(comparison: Comparison, language: str) -> str:
    """Return the question that the arm in question asks; the general one where its scenario has none."""
    asked = str(getattr(comparison.asked.scenario, "question", "") or "")
    return asked if asked and language == "en" else say("report_question", language)


def answer(comparison: Comparison, language: str) -> list[str]:
    """Return the sentences: where regions stand alone, what the design changes, for whom; what the sign hangs on."""
    sentences = [_alone(comparison, language), _changed(comparison, language), _for_whom(comparison, language),
                 _sentence([finding(comparison, language)] if ranked(comparison) else [], language)]  # fmt: skip
    return [sentence for sentence in sentences if sentence]


def likelihood(probability: float, language: str) -> str:
    """Return the word for a probability on the scale of the IPCC's uncertainty guidance (2010)."""
    word = next((word for limit, word in LIKELIHOOD if probability >= limit), "very_unlikely")
    return say(f"word_{word}", language)


def _alone(comparison: Comparison, language: str) -> str:
    """Say where the baseline ends: output, then indices of duplication and waste, each with 90% of replicates."""
    year, baseline = str(comparison.years[-1]), comparison.arm(comparison.baseline)
    parts = []
    for name in present(comparison, ("output_total", "investment_duplication", "idle_share")):
        row = level(comparison, baseline.name, name, year)
        if row is not None:
            parts.append(_level(row, name, language))
    if not parts:
        return ""
    text = say("answer_alone", language, baseline=named(baseline, language), year=year, parts=_join(parts, language))
    return _sentence([text], language)


def _level(row: pd.Series, name: str, language: str) -> str:
    from experiments.figures.reading import unit_of

    unit = unit_label(unit_of(name), language)
    gap_before = " " if unit and language == "en" else ""
    return say("answer_level", language, measure=shown(name, language), value=number(float(row["median"])),
               unit=gap_before + unit, interval=span(float(row["q05"]), float(row["q95"]), language))  # fmt: skip


def _join(parts: list[str], language: str) -> str:
    return "；".join(parts) if language == "zh" else listed(parts, language)


def _changed(comparison: Comparison, language: str) -> str:
    """Say what the arm in question does to output, duplication and welfare, how likely, and what the placebo does."""
    arm, names = comparison.asked, present(comparison, (*OUTPUT[:1], "investment_duplication"), "differences")
    if not names:
        return ""
    parts = [effects(comparison, arm, names, language)]
    row = gap(comparison, arm.name, names[0])
    if row is not None and direction_of(names[0]) != "neutral":
        chance = float(row["probability_better"])
        parts.append(say("answer_likely", language, word=likelihood(chance, language),
                         measure=shown(names[0], language), probability=percent(chance, places=0)))  # fmt: skip
    other = placebo(comparison)
    if other is not None and other.name != arm.name:
        parts.append(say("answer_placebo", language, placebo=named(other, language),
                         effect=clause(gap(comparison, other.name, names[0]), names[0], language)))  # fmt: skip
    parts.append(welfare(comparison, language))
    return _sentence(parts, language)


def welfare(comparison: Comparison, language: str) -> str:
    """Say which way welfare goes, only if its sign is clear and the same at every terminal value that was computed."""
    arm = comparison.asked
    rows = [(name, gap(comparison, arm.name, name)) for name in present(comparison, WELFARE, "differences")]
    if not rows:
        return ""
    signs = {math.copysign(1.0, float(row["mean"])) if clear(row) else 0.0 for _, row in rows if row is not None}
    if signs in ({1.0}, {-1.0}):
        name, row = rows[0]
        change, interval = size(row, name, language)
        key = "answer_welfare_up" if signs == {1.0} else "answer_welfare_down"
        return say(key, language, change=change, interval=interval) + _placebo_welfare(comparison, rows, language)
    return say("answer_welfare_open", language)


def _placebo_welfare(comparison: Comparison, rows: list[tuple[str, Any]], language: str) -> str:
    """Say what the placebo does to welfare at the first and the last terminal value; "" without a placebo."""
    other = placebo(comparison)
    if other is None or other.name == comparison.asked.name:
        return ""
    ends = []
    for name, _ in (rows[0], rows[-1]):
        row = gap(comparison, other.name, name)
        if row is None:
            return ""
        ends.append(size(row, name, language, signed=True)[0] if clear(row) else say("no_change", language))
    years = rows[-1][0].rsplit("_", 1)[-1]
    return say("answer_welfare_placebo", language, first=ends[0], last=ends[1], years=years)


def _for_whom(comparison: Comparison, language: str) -> str:
    """Say how many regions gain and lose, and how likely the stated targets are."""
    arm, parts = comparison.asked, []
    if has(comparison, "regions"):
        table = comparison.table("regions")
        rows = table[table["arm"] == arm.name].set_index("region")
        gain, lose, rest = parted(rows)
        parts.append(say("answer_regions", language, gain=len(gain), lose=len(lose), total=len(rows), rest=len(rest)))
    if has(comparison, "targets"):
        parts.append(_targets(comparison, language))
    return _sentence(parts, language)


def _targets(comparison: Comparison, language: str) -> str:
    table = comparison.table("targets")
    mine = table[table["arm"] == comparison.asked.name]
    if mine.empty:
        return ""
    low, high = mine.loc[mine["probability"].idxmin()], mine.loc[mine["probability"].idxmax()]
    ends = [say("answer_target", language, place=place(comparison, row, language), year=row["year"],
                probability=percent(float(row["probability"]), places=0)) for row in (low, high)]  # fmt: skip
    if len(mine) == 1:
        return say("answer_targets_one", language, high=ends[1])
    return say("answer_targets", language, count=len(mine), low=ends[0], high=ends[1])


def _sentence(parts: list[str], language: str) -> str:
    """Join parts and end with a stop; "" for none."""
    text = ("；" if language == "zh" else "; ").join(part for part in parts if part)
    return (text[:1].upper() + text[1:] + ("。" if language == "zh" else ".")) if text else ""
