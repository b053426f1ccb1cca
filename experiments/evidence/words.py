"""What the studies of evidence say, in English and Chinese."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.evidence.emulator import LEAST_COVERAGE
from qipan.experiments.evidence.history.matching import CUT
from qipan.experiments.evidence.history.patterns import label_of
from qipan.experiments.evidence.indices import EFFECT, SPREAD
from qipan.experiments.findings.reading import unit_of
from qipan.experiments.findings.sweep import parameter_label
from qipan.experiments.words.labels import Topic, listed, measure_label, shown_unit, small
from qipan.experiments.words.numbers import MINUS, amount, fixed, number, percent, percent_span, told_unit

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.results.study import Study

phrase = Topic("evidence")
LITTLE = 0.01
"""Share of the variance below which an assumption is named among the small ones."""
TENTH = 0.1
"""Prior standard deviations below which a change is not told."""
ALL = 0.995
"""Share of the prior from which on nothing is refuted."""
NEXT = 3
"""Assumptions named after the first."""


def titled(study: Study, role: str, language: str) -> str:
    """The title of the policy ("title") or of what it is set against ("baseline_title"), as inside a sentence."""
    chinese = study.facts.get(f"{role}_zh") if language == "zh" else ""
    return small(str(chinese or study.facts.get(role) or study.name), language)


def title(study: Study, language: str) -> str:
    """The title of the page."""
    name = study.facts.get("title_zh") if language == "zh" else ""
    return phrase(f"title.{study.kind}", language, name=str(name or study.facts.get("title") or study.name))


def question(study: Study, language: str) -> str:
    """What its file asks, as it stands where the file has no Chinese; "" for a study without one."""
    chinese = study.facts.get("question_zh") if language == "zh" else ""
    return str(chinese or study.facts.get("question") or "")


def sentences(study: Study, language: str) -> list[str]:
    """What the study says, each with its stop."""
    stop = "。" if language == "zh" else "."
    said = {"sensitivity": _sensitivity, "screening": _screening, "flip": _flip, "calibration": _calibration}[
        study.kind
    ](study, language)
    return [text[:1].upper() + text[1:] + stop for text in said]


def is_good(study: Study) -> bool:
    """Whether what is built on the emulator may be shown."""
    return float(study.tables["quality"]["coverage"].iloc[0]) >= LEAST_COVERAGE


def about(study: Study, language: str) -> dict[str, str]:
    """Policy, baseline and measure, as inside a sentence."""
    name = study.facts["measure"]
    return {
        "policy": titled(study, "title", language),
        "baseline": titled(study, "baseline_title", language),
        "measure": small(measure_label(name, language, unit=False), language),
    }


def _sensitivity(study: Study, language: str) -> list[str]:
    if not is_good(study):
        return [refused(study, language)]
    lines = _shares(study.tables["indices"], study, language)
    parts = study.tables["variance"].set_index("part")["share"]
    if parts.sum() > 0.0:
        named = {name: percent(float(parts[name]), places=0) for name in ("inputs", "luck")}
        lines.append(phrase("luck_line", language, **named))
    told = {name: study.facts[name] for name in ("seed", "year")}
    return [*lines, quality_line(study, language), phrase("sensitivity_how", language, **told)]


def _shares(table: pd.DataFrame, study: Study, language: str) -> list[str]:
    of_effect = table[table["outcome"] == EFFECT].to_dict("records")
    if not of_effect or not math.isfinite(of_effect[0]["total"]):
        return []
    first, *rest = of_effect
    lines = [
        phrase(
            "most",
            language,
            parameter=_named(first["parameter"], language),
            share=percent(first["total"], places=0),
            span=percent_span(first["total_low"], first["total_high"], language),
            **about(study, language),
        )
    ]
    large = [row for row in rest if row["total"] >= LITTLE]
    if large:
        shown = [
            phrase(
                "with_share",
                language,
                parameter=_named(row["parameter"], language),
                share=percent(row["total"], places=0),
            )
            for row in large[:NEXT]
        ]
        lines.append(phrase("next", language, list=listed(shown, language)))
    little = [_named(row["parameter"], language) for row in rest if row["total"] < LITTLE]
    if len(little) > 1:
        lines.append(phrase("small", language, list=listed(little, language)))
    alone = sum(row["first"] for row in of_effect)
    if alone < 1.0 - LITTLE:
        lines.append(phrase("interacting", language, share=percent(1.0 - alone, places=0)))
    spread = table[table["outcome"] == SPREAD].to_dict("records")
    if spread and math.isfinite(spread[0]["total"]):
        named = {"parameter": _named(spread[0]["parameter"], language), "share": percent(spread[0]["total"], places=0)}
        lines.append(phrase("spread_line", language, **named))
    return lines


def quality_line(study: Study, language: str) -> str:
    """How good the emulator is."""
    row = study.tables["quality"].iloc[0]
    return phrase(
        "quality_line",
        language,
        points=int(row["points"]),
        fresh=int(row["fresh"]),
        n=f"{int(row['n']):,}",
        q2=fixed(float(row["q2"]), 2 if row["q2"] < 0.99 else 3),
        coverage=percent(float(row["coverage"]), places=0),
        shift=fixed(float(row["shift"]), 1, True),
    )


def refused(study: Study, language: str) -> str:
    """That nothing is shown, and why."""
    row = study.tables["quality"].iloc[0]
    return phrase(
        "refused",
        language,
        fresh=int(row["fresh"]),
        coverage=percent(float(row["coverage"]), places=0),
        least=percent(LEAST_COVERAGE, places=0),
    )


def _screening(study: Study, language: str) -> list[str]:
    rows = study.tables["screening"].to_dict("records")
    moving = [row for row in rows if row["strength"] > 0.0]
    told = {name: study.facts[name] for name in ("seed", "year", "bases")}
    lines = []
    if moving:
        first, *rest = moving
        factor, unit = told_unit([first["strength"]], unit_of(study.facts["measure"]), language)
        shown = [
            phrase(
                "with_share",
                language,
                parameter=_named(row["parameter"], language),
                share=number(factor * row["strength"]),
            )
            for row in rest[:NEXT]
        ]
        text = phrase(
            "screening_most",
            language,
            parameter=_named(first["parameter"], language),
            strength=number(factor * first["strength"]),
            unit=unit,
            list=listed(shown, language) if shown else "",
            **about(study, language),
        )
        lines.append(text if shown else text.rpartition("；" if language == "zh" else "; ")[0])
    if len(moving) < len(rows):
        lines.append(phrase("screening_still", language, count=len(rows) - len(moving), of=len(rows)))
    return [*lines, phrase("screening_how", language, n=f"{study.facts['replicates_used']:,}", **told)]


def _flip(study: Study, language: str) -> list[str]:
    exact, row = study.tables["exact"].iloc[0], study.tables["reversal"].iloc[0]
    unit = unit_of(study.facts["measure"])
    given = {"mean": amount(float(exact["mean"]), unit, language, signed=True), **about(study, language)}
    lines = []
    if not math.isfinite(row["predicted"]):
        lines.append(phrase("flip_none", language, **given))
    elif not math.isfinite(row["distance"]):
        lines.append(phrase("flip_unsure", language, predicted=fixed(float(row["predicted"]), 2)))
    else:
        ends = {key: fixed(float(row[key]), 2) for key in ("distance", "low", "high")}
        change = study.tables["change"].to_dict("records")
        large = [each for each in change if abs(each["moved"]) >= TENTH]
        moved = [phrase("flip_moved", language, **_values(each, language)) for each in large]
        lines.append(phrase("flip_found", language, list=listed(moved, language), **ends, **given))
        if len(large) < len(change):
            lines.append(phrase("flip_unmoved", language))
    if exact["low"] <= 0.0 <= exact["high"]:
        factor, printed = told_unit([float(exact["mean"])], unit, language)
        ends = {key: number(factor * float(exact[key]), signed=True) for key in ("low", "high")}
        ends["high"] += printed if language == "zh" else ""
        lines.append(phrase("flip_open", language, **ends))
    lines += _alone(study, language)
    told = {name: study.facts[name] for name in ("seed", "year")} | {"n": f"{study.facts['replicates_used']:,}"}
    return [*lines, quality_line(study, language), phrase("flip_how", language, **told)]


def _alone(study: Study, language: str) -> list[str]:
    """What reverses it by itself, nearest first."""
    table = study.tables["alone"].dropna().sort_values("distance").to_dict("records")
    if not table:
        return [phrase("flip_alone_none", language)]
    each = [
        phrase("flip_alone_one", language, distance=fixed(row["distance"], 1), **_values(row, language, used=False))
        for row in table[:NEXT]
    ]
    return [phrase("flip_alone", language, list=listed(each, language))]


def _values(row: Any, language: str, used: bool = True) -> dict[str, str]:
    """Name and values of an assumption that changes."""
    found = {"parameter": _named(row["parameter"], language), "value": f"{row['value']:.3g}"}
    return found | ({"used": f"{row['used']:.3g}"} if used else {})


def _calibration(study: Study, language: str) -> list[str]:
    waves, patterns = study.tables["waves"], study.tables["patterns"]
    last, count = waves.iloc[-1], len(waves)
    s = "s" * (count != 1)
    known = patterns[~patterns["held_out"] & patterns["ruled_out"].notna()]
    ruling = known.sort_values("ruled_out", ascending=False).to_dict("records")
    if last["left"] == 0.0:
        worst = [label_of(row["pattern"]) for row in ruling if row["least"] >= CUT]
        worst = worst or [label_of(row["pattern"]) for row in ruling[:2]]
        lines = [phrase("left_none", language, waves=count, s=s, list=listed(worst, language))]
        lines.append(phrase("lenient", language, share=percent(float(last["second"]))))
    elif last["left"] >= ALL:
        lines = [phrase("left_all", language, waves=count, s=s)]
    else:
        named = {key: percent(float(last[key])) for key in ("low", "high")}
        lines = [phrase("left_some", language, share=percent(float(last["left"])), waves=count, s=s, **named)]
    lines += _ruled(ruling, language)
    for row in patterns[patterns["held_out"] & patterns["emulated"]].to_dict("records"):
        told = {key: f"{row[key]:.3g}".replace("-", MINUS) for key in ("value", "low", "median", "high")}
        fits = percent(row["fits"], places=0)
        lines.append(phrase("held_fits", language, pattern=label_of(row["pattern"]), fits=fits, **told))
    silent = [label_of(row["pattern"]) for row in patterns.to_dict("records") if not row["emulated"]]
    if silent:
        lines.append(phrase("unemulated", language, list=listed(silent, language)))
    untouched = [_named(key, language) for key in study.facts.get("untouched", ())]
    if untouched:
        lines.append(phrase("untouched", language, list=listed(untouched, language)))
    facts = {name: study.facts[name] for name in ("seed", "year")} | {"n": study.facts["replicates_used"]}
    return [*lines, phrase("calibration_how", language, least=percent(LEAST_COVERAGE, places=0), **facts)]


def _ruled(rows: list[Any], language: str) -> list[str]:
    """What each fact rules out by itself, most first."""
    some = [row for row in rows if row["ruled_out"] >= LITTLE]
    lines = []
    if some:
        first, *rest = some
        shown = [
            phrase("with_rate", language, pattern=label_of(row["pattern"]), share=percent(row["ruled_out"], places=0))
            for row in rest[:NEXT]
        ]
        named = {"pattern": label_of(first["pattern"]), "share": percent(first["ruled_out"], places=0)}
        lines.append(phrase("ruled_most", language, **named))
        if shown:
            lines.append(phrase("next", language, list=listed(shown, language)))
    none = [label_of(row["pattern"]) for row in rows if row["ruled_out"] < LITTLE]
    if len(none) > 1:
        lines.append(phrase("ruled_nothing", language, list=listed(none, language)))
    return lines


def in_units(study: Study, language: str) -> tuple[float, str]:
    """What values of the measure are multiplied by where they are printed, and the unit they then have."""
    return shown_unit(unit_of(study.facts["measure"]), language)


def _named(key: str, language: str) -> str:
    return small(parameter_label(key, language), language)
