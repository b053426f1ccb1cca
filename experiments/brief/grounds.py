"""What a brief rests on, and what is only assumed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qipan.experiments.brief.told import words
from qipan.experiments.findings.assumptions import finding, labels, moving, ranked
from qipan.experiments.findings.quoted import evidenced
from qipan.experiments.findings.reading import has, how_many, vintage
from qipan.experiments.findings.settings import every_parameter, not_modelled
from qipan.experiments.words.labels import listed
from qipan.experiments.words.numbers import percent

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

GRADES = ("measured", "literature", "assumed", "choice")
LEFT_OUT = 3
"""Things left out that are named."""


def grounds(comparison: Comparison, language: str) -> tuple[str, ...]:
    """Return what the page rests on, a sentence or two each."""
    most = max(arm.replicates for arm in comparison.arms)
    futures = words("ground_futures_one", language)
    if most > 1:
        futures = words("ground_futures", language, count=how_many(comparison))
    data = words("ground_data", language, vintage=vintage(comparison.world, language))
    gap = "" if language == "zh" else " "
    return (
        futures,
        data + gap + _grades(language),
        *_hangs(comparison, language),
        *_scope(comparison, language),
        *_left_out(comparison, language),
    )


def _grades(language: str) -> str:
    counts = Counter(parameter.grade for parameter in every_parameter())
    return words("ground_grades", language, total=sum(counts.values()), **{name: counts[name] for name in GRADES})


def _hangs(comparison: Comparison, language: str) -> tuple[str, ...]:
    """What the verdict hangs on: assumptions as ranked, else as stored evidence has it, else which command says it."""
    if ranked(comparison):
        return (_ranked(comparison, language),)
    found: list[str] = []
    for arm in comparison.policies:
        told = [*evidenced.worlds(comparison, arm, language), *evidenced.grounds(comparison, arm, language)]
        found += [*told, evidenced.source(arm, language)] if told else []
    return tuple(found) or (words("ground_unranked", language),)


def _ranked(comparison: Comparison, language: str) -> str:
    found = ranked(comparison)
    text = words("ground_ranked", language, text=finding(comparison, language))
    grades = {one.parameter: str(next(iter(one.rows.values()))["grade"]) for one in found}
    assumed = [labels(language)[one.parameter] for one in moving(found) if grades[one.parameter] == "assumed"]
    if not assumed:
        return text
    return (
        text
        + ("" if language == "zh" else " ")
        + words("ground_ranked_assumed", language, list=listed(assumed, language))
    )


def _scope(comparison: Comparison, language: str) -> tuple[str, ...]:
    if not has(comparison, "targets"):
        return ()
    table = comparison.table("targets")
    wide = table[table["scope"] > 1]
    if wide.empty or wide["narrow"].isna().all():
        return ()
    scope = f"{wide['scope'].max():g}"
    low, high = (percent(float(share), places=0) for share in (wide["narrow"].min(), wide["wide"].max()))
    return (words("ground_scope", language, scope=scope, low=low, high=high),)


def _left_out(comparison: Comparison, language: str) -> tuple[str, ...]:
    """What the scenarios say they leave out, the first of it."""
    texts = [text.rstrip(".。") for text in not_modelled(comparison, language)]
    if not texts:
        return ()
    shown = texts[:LEFT_OUT]
    shown += [words("changed_more", language, count=len(texts) - LEFT_OUT)] if len(texts) > LEFT_OUT else []
    return (words("ground_left_out", language, list=("；" if language == "zh" else "; ").join(shown)),)
