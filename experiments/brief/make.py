"""A brief made from the stored tables of a comparison, and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qipan.experiments.brief.content import Brief, Figure, Row
from qipan.experiments.brief.grounds import grounds
from qipan.experiments.brief.losers import legend, losers_figure, losers_maps, map_note, places
from qipan.experiments.brief.terms import terms_of
from qipan.experiments.brief.told import MONEY, PERCENT, POINTS, figure, words
from qipan.experiments.brief.verdicts import DUPLICATION, OUTPUT, PUBLIC, REFERENCES, WELFARE, alone, verdict
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import named, opening
from qipan.experiments.findings.reading import footer, gap, level
from qipan.experiments.findings.settings import changed_sentence, is_shipped
from qipan.experiments.words.labels import enumerated, own_sentence, say
from qipan.experiments.words.numbers import MISSING, between, fixed, number, places_for, yuan
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

FIVE = ((OUTPUT, PERCENT), (WELFARE, MONEY), (DUPLICATION, POINTS), (None, ""), (PUBLIC, MONEY))
"""The five numbers: measure and way it is written; None: regions that lose."""
WITH_REFERENCES = 3
"""Policies up to which the numbers of each one's placebo and cut stand below its own."""
MOST_WARNINGS = 2
MOST_CHANGES = 8


def make_brief(comparison: Comparison, language: str) -> Brief:
    """Return everything a brief says.

    Args:
        comparison: The arms and their tables.
        language: "en" or "zh".
    """
    policies = comparison.policies
    verdicts = tuple(verdict(comparison, arm, language) for arm in policies) or (alone(comparison, language),)
    maps = losers_maps(comparison, policies, language)
    brief = Brief(
        language=language,
        title=title(comparison, language),
        changed=_changed(comparison, language),
        question=question(comparison, language),
        warnings=_warnings(comparison, language),
        verdicts=verdicts,
        heads=_heads(comparison, language),
        rows=tuple(_rows(comparison, language)),
        note=words("note_interval" if policies else "note_levels", language),
        maps=maps,
        legend=legend(maps, language),
        map_note=map_note(comparison, language) if maps else "",
        grounds=grounds(comparison, language),
        terms=(),
        footer=footer(comparison, language),
    )
    return brief.with_terms(terms_of(brief.texts, language))


def title(comparison: Comparison, language: str) -> str:
    """Return the policy asked about, or how many there are."""
    if len(comparison.policies) < 2:
        return say("report_title", language, arm=arm_title(comparison.asked, language))
    baseline = named(comparison.arm(comparison.baseline), language)
    return say("report_title_many", language, count=len(comparison.policies), baseline=baseline)


def question(comparison: Comparison, language: str) -> str:
    """Return the question that the policy asks; the general one of several, or where its scenario has none."""
    name = "question_zh" if language == "zh" else "question"
    asked = "" if len(comparison.policies) > 1 else str(getattr(comparison.asked.scenario, name, "") or "")
    return asked or say("report_question", language)


def _changed(comparison: Comparison, language: str) -> tuple[str, ...]:
    own = own_sentence(comparison.world, language)
    found = [changed_sentence(comparison, language, MOST_CHANGES), opening(own)]
    return tuple(filter(None, found)) or (_unchanged(comparison, language),)


def _unchanged(comparison: Comparison, language: str) -> str:
    """Say that all is as shipped; of policies of the user's own, that their tools are not."""
    own = [arm for arm in comparison.policies if not is_shipped(arm.same_as or arm.name)]
    if not own:
        return words("unchanged", language)
    titles = enumerated([arm_title(arm, language) for arm in own], language)
    return words("unchanged_own" if len(own) == 1 else "unchanged_owns", language, arms=titles)


def _warnings(comparison: Comparison, language: str) -> tuple[str, ...]:
    found = [warned(told, language) for told in comparison.warnings]
    more = [words("more", language, count=len(found) - MOST_WARNINGS)] if len(found) > MOST_WARNINGS else []
    return (*found[:MOST_WARNINGS], *more)


def _heads(comparison: Comparison, language: str) -> tuple[str, ...]:
    baseline = named(comparison.arm(comparison.baseline), language)
    told, last = comparison.year_told, comparison.years[-1]
    first = (
        words("head_policy", language, baseline=baseline) if comparison.policies else words("head_scenario", language)
    )
    return (
        first,
        words("head_output", language),
        words("head_welfare", language, year=last),
        words("head_duplication", language, year=told),
        words(f"places_{places(comparison)}_head", language),
        words("head_public", language),
    )


def _rows(comparison: Comparison, language: str) -> list[Row]:
    if not comparison.policies:
        arm = comparison.asked
        return [Row(arm.name, arm_title(arm, language), True, _levels(comparison, arm, language))]
    found = []
    for arm in comparison.policies:
        found.append(Row(arm.name, arm_title(arm, language), True, _differences(comparison, arm, language)))
        of_it = comparison.of(arm.name) if len(comparison.policies) <= WITH_REFERENCES else {}
        for role in [role for role in REFERENCES if role in of_it]:
            figures = _differences(comparison, of_it[role], language)
            found.append(Row(of_it[role].name, words(f"called_{role}", language), False, figures))
    return found


def _differences(comparison: Comparison, arm: ArmResult, language: str) -> tuple[Figure, ...]:
    return tuple(
        losers_figure(comparison, arm, language)
        if name is None
        else figure(gap(comparison, arm.name, name), way, language)
        for name, way in FIVE
    )


def _levels(comparison: Comparison, arm: ArmResult, language: str) -> tuple[Figure, ...]:
    """The levels of an arm that stands alone: means, and where 90% of futures lie."""
    found = []
    for name, way in FIVE:
        row = None if name is None else level(comparison, arm.name, name)
        if row is None:
            found.append(Figure(MISSING, "", "none"))
            continue
        values = [float(row[key]) for key in ("mean", "q05", "q95")]
        if way == POINTS:
            text, ends = words("points", language, number=number(100 * values[0])), [100 * each for each in values[1:]]
        else:
            factor, unit = yuan(values, language)
            text = number(factor * values[0]) + ("" if language == "zh" else " ") + unit
            ends = [factor * each for each in values[1:]]
        places = places_for((ends[1] - ends[0]) / 20) if ends[1] > ends[0] else 1
        found.append(Figure(text, between(fixed(ends[0], places), fixed(ends[1], places), language), "none"))
    return tuple(found)
