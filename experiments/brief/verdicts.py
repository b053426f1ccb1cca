"""The verdict on each policy, in words: duplication, output, targets, who loses, what it costs, its references."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from qipan.experiments.brief.content import Verdict
from qipan.experiments.brief.losers import losers_text
from qipan.experiments.brief.told import ENTRIES, MONEY, PERCENT, POINTS, effects, sentence, sign, state, words
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import named
from qipan.experiments.findings.horizons import differs, horizon_rows
from qipan.experiments.findings.ranks import beaten
from qipan.experiments.findings.reading import clear, gap, has
from qipan.experiments.words.labels import listed
from qipan.experiments.words.numbers import fixed, money, percent, places_for, yuan
from qipan.model.measures.welfare import COSTS, GAINS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison

OUTPUT, WELFARE, DUPLICATION, ENTRY = "output_discounted", "welfare", "investment_duplication", "excess_entry"
PUBLIC = "public_discounted"
COST = {"public": PUBLIC, "private": "private_discounted", "ordinary": "ordinary_discounted"}
"""Measures of what a policy costs, by their name in phrases."""
REFERENCES = ("placebo", "cut")
"""References that a brief keeps in sight: other explanations of what a policy does."""


def verdict(comparison: Comparison, arm: ArmResult, language: str) -> Verdict:
    """Return what is told of one policy."""
    here = state(gap(comparison, arm.name, WELFARE))
    alike = _identical(comparison, arm)
    key = "heading_same_welfare" if here == "same" else f"heading_{_sided(here)}"
    baseline = named(comparison.arm(comparison.baseline), language)
    heading = words("heading_same" if alike else key, language, **({"baseline": baseline} if alike else {}))
    aspects = {} if alike or here == "one" else _aspects(comparison, arm, language)
    return Verdict(
        arm.name,
        arm_title(arm, language),
        heading,
        "same" if alike else here,
        tuple((words(f"label_{name}", language), sentence(text, language)) for name, text in aspects.items() if text),
    )


def alone(comparison: Comparison, language: str) -> Verdict:
    """Return what is told of a scenario that stands alone."""
    arm = comparison.asked
    targets = _levels_of_targets(_targets(comparison, arm.name), language)
    aspects = [(words("label_targets", language), sentence(targets, language))]
    aspects.append((words("numbers", language), words("alone", language)))
    return Verdict(arm.name, arm_title(arm, language), words("heading_alone", language), "none", tuple(aspects))


def _identical(comparison: Comparison, arm: ArmResult) -> bool:
    """Whether every difference of an arm is zero to the last digit."""
    table = comparison.table("differences")
    verdicts = set(table.loc[table["arm"] == arm.name, "verdict"]) - {"no value"}
    return verdicts == {"identical"}


def _sided(here: str) -> str:
    return {"better": "up", "worse": "down", "higher": "up", "lower": "down"}.get(here, here)


def _aspects(comparison: Comparison, arm: ArmResult, language: str) -> dict[str, str]:
    """Every aspect by its name, without the final stop."""
    year = comparison.year_told

    def row(name: str) -> Any:
        return gap(comparison, arm.name, name)

    def what(name: str) -> str:
        return words(f"what_{name}", language, year=year)

    return {
        "duplication": effects(
            [(what("duplication"), row(DUPLICATION), POINTS), (what("entry"), row(ENTRY), ENTRIES)], language
        ),
        "output": effects([(words("what_output", language), row(OUTPUT), PERCENT)], language),
        "targets": targets_text(comparison, arm, language),
        "losers": losers_text(comparison, arm, language),
        "cost": effects([(words(f"what_{name}", language), row(key), MONEY) for name, key in COST.items()], language),
        "welfare": welfare_text(comparison, arm, language),
        "references": references_text(comparison, arm, language),
    }


def welfare_text(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say what happens to welfare, at which years counted to its sign is another, and why where that may surprise."""
    year = comparison.years[-1]
    what = words("what_welfare", language, year=year)
    parts = [effects([(what, gap(comparison, arm.name, WELFARE), MONEY)], language)]
    rows = horizon_rows(comparison).get(arm.name, [])
    if differs(rows):
        parts.append(words("horizon", language, list=_horizons(rows, language)))
    if surprising(comparison, arm):
        parts.append(why(comparison, arm, language))
    return ("。" if language == "zh" else ". ").join(part for part in parts if part)


def _horizons(rows: list[Any], language: str) -> str:
    parts = []
    for here, mine in groupby(rows, lambda row: {1: "up", -1: "down"}.get(sign(row), "open")):
        told = list(mine)
        changes = listed([money(float(row["mean"]), language, signed=True) for row in told], language)
        kept = {} if here == "open" else {"changes": changes}
        said = words(f"welfare_{here}", language, **kept)
        parts.append(
            words("welfare_to", language, years=listed([str(row["year"]) for row in told], language), sign=said)
        )
    return ("，" if language == "zh" else ", ").join(parts)


def surprising(comparison: Comparison, arm: ArmResult) -> bool:
    """Whether what is told of welfare is not what is told of output: a sign that asks for its reasons."""
    output, whole = gap(comparison, arm.name, OUTPUT), gap(comparison, arm.name, WELFARE)
    return output is not None and whole is not None and sign(output) != sign(whole)


def why(comparison: Comparison, arm: ArmResult, language: str, role: str = "") -> str:
    """Say by which of its six terms welfare moves; costs are written as what they take from it, so that all add up."""
    rows = {name: gap(comparison, arm.name, name) for name in (*GAINS, *COSTS)}
    whole = gap(comparison, arm.name, WELFARE)
    if whole is None or any(row is None for row in rows.values()):
        return ""
    parts = {name: float(row["mean"]) * (-1 if name in COSTS else 1) for name, row in rows.items()}
    factor, unit = yuan([*parts.values(), float(whole["mean"])], language)
    places = places_for((float(whole["high"]) - float(whole["low"])) / 2 * factor / 10)
    said = []
    for name, value in parts.items():
        text = words(f"part_{name}", language) + ("" if language == "zh" else " ")
        text += fixed(value * factor, places, True)
        said.append(text if clear(rows[name]) else f"[{text}]")
    return words(
        "why",
        language,
        of=words(f"reason_{role}", language) if role else "",
        list=("、" if language == "zh" else ", ").join(said),
        sum=fixed(float(whole["mean"]) * factor, places, True),
        unit=unit,
        note=words("reason_note", language) if any(text.startswith("[") for text in said) else "",
    )


def targets_text(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say how many stated targets are met in a larger or smaller share of futures, and the shares."""
    mine = _targets(comparison, arm.name)
    if not len(mine):
        return words("targets_absent", language)
    base = _targets(comparison, comparison.baseline).set_index("target")
    pairs = [(row, base.loc[row["target"]]) for row in mine.to_dict("records") if row["target"] in base.index]
    shares = {"low": mine["probability"].min(), "high": mine["probability"].max()}
    if not pairs:
        return _levels_of_targets(mine, language)
    before = {"low_before": base["probability"].min(), "high_before": base["probability"].max()}
    baseline = named(comparison.arm(comparison.baseline), language)
    text = {name: percent(float(share), places=0) for name, share in (shares | before).items()}
    up = sum(row["low"] > other["high"] for row, other in pairs)
    down = sum(row["high"] < other["low"] for row, other in pairs)
    if len(mine) > 1 and not up + down:
        return words("targets_none", language, count=len(mine), baseline=baseline, **text)
    if len(mine) == 1:
        word = words("targets_up" if up else "targets_down" if down else "targets_open", language)
        return words(
            "targets_one", language, low=text["low"], baseline=baseline, low_before=text["low_before"], word=word
        )
    return words(
        "targets", language, count=len(mine), up=up, down=down, open=len(mine) - up - down, baseline=baseline, **text
    )


def _levels_of_targets(rows: pd.DataFrame, language: str) -> str:
    if not len(rows):
        return words("targets_absent", language)
    low, high = (percent(float(share), places=0) for share in (rows["probability"].min(), rows["probability"].max()))
    if len(rows) == 1:
        return words("targets_levels_one", language, low=low)
    return words("targets_levels", language, count=len(rows), low=low, high=high)


def _targets(comparison: Comparison, arm: str) -> pd.DataFrame:
    table = comparison.table("targets")
    return table[table["arm"] == arm] if has(comparison, "targets") else table.iloc[:0]


def references_text(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say whether a policy is proven better or worse than its placebo and the plain cut, in output and welfare."""
    of_it, parts = comparison.of(arm.name), []
    for role in REFERENCES:
        other = of_it.get(role)
        if other is not None:
            groups: dict[str, list[str]] = {}
            for what in ("output", "welfare"):
                groups.setdefault(_beside(comparison, arm, other, what), []).append(
                    words(f"beside_what_{what}", language)
                )
            said = [
                words(f"beside_{word}", language, what=listed(names, language))
                for word, names in groups.items()
                if word
            ]
            reference = words(f"reference_{role}", language)
            if said:
                parts.append(words("beside", language, reference=reference, list=listed(said, language)))
    if "placebo" not in of_it and len(of_it) > 1:
        parts.append(words("lacks_placebo", language))
    if not parts:
        parts.append(words("lacks_references", language))
    parts += [
        why(comparison, of_it[role], language, role)
        for role in REFERENCES
        if role in of_it and len(comparison.policies) < 2 and surprising(comparison, of_it[role])
    ]
    return ("。" if language == "zh" else ". ").join(part[:1].upper() + part[1:] for part in parts)


def _beside(comparison: Comparison, arm: ArmResult, other: ArmResult, what: str) -> str:
    """What is proven of one measure between a policy and a reference: better, worse, open, same; "" if not ranked."""
    measure = {"output": OUTPUT, "welfare": WELFARE}[what]
    one, two = arm.same_as or arm.name, other.same_as or other.name
    if one == two:
        return "same"
    if not has(comparison, "ranking"):
        return ""
    table = comparison.table("ranking")
    rows = table[(table["measure"] == measure) & (table["arm"] == one)]
    if rows.empty:
        return ""
    ahead, behind = two in beaten(rows.iloc[0]["better_than"]), two in beaten(rows.iloc[0]["worse_than"])
    return "better" if ahead else "worse" if behind else "open"
