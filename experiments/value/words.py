"""What the studies of value say, in English and Chinese: a yuan more of each source, the best of a searched set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.quoted.searched import BOUND, DESIGN, FIXED, phrase, searched_label, three
from qipan.experiments.value.searched import INFORMATION, LEVIES
from qipan.experiments.words.labels import listed
from qipan.experiments.words.numbers import fixed, percent, percent_span, places_for
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study


FEW = 1.0 / 3.0
"""Share of the gain that makes the tenth of the futures that holds it worth a sentence."""


def title(study: Study, language: str) -> str:
    """The title of the page."""
    name = study.facts.get("title_zh") if language == "zh" else ""
    return phrase(f"title.{study.kind}", language, name=str(name or study.facts.get("title") or study.name))


def sentences(study: Study, language: str) -> list[str]:
    """What the study says, each with its stop."""
    stop = "。" if language == "zh" else "."
    return [text + stop for text in (_worth if study.kind == "worth" else _best)(study, language)]


def _worth(study: Study, language: str) -> list[str]:
    lines = []
    for row in study.tables["worth"].to_dict("records"):
        source = MECHANISMS.label(row["source"], language)
        if not math.isfinite(row["low"]):
            lines.append(phrase("worth_silent", language, source=source))
            continue
        places = worth_places(row)
        named = {key: fixed(row[key], places) for key in ("worth", "low", "high", "median", "trimmed")}
        words = {"source": source, "needed": f"{row['needed']:g}", "verdict": phrase(row["verdict"], language)}
        trimmed = phrase("worth_trimmed", language, **named) if math.isfinite(row["trimmed"]) else ""
        lines.append(phrase("worth_line", language, **named, **words) + trimmed)
        if rare(row):
            moved = ""
            if 0.0 < row["changed"] < 1.0:
                still = percent(1.0 - row["changed"], places=0)
                moved = phrase("worth_moved", language, still=still, unchanged=fixed(row["worth_unchanged"], places))
            top = percent(row["top_tenth"], places=0)
            lines.append(phrase("worth_rare", language, source=source, top=top, moved=moved))
    needed = f"{study.facts['public_funds_cost']:g}"
    told = {name: study.facts[name] for name in ("seed", "year")} | {"n": _count(study, "worth")}
    return [*lines, phrase("worth_how", language, needed=needed, **told)]


def worth_places(row: Any) -> int:
    """Decimal places of what a yuan is worth: two, or three where its interval is narrow."""
    return min(max(places_for((row["high"] - row["low"]) / 2), 2), 3)


def rare(row: Any) -> bool:
    """Whether a few futures carry the mean: the tenth with the highest gain holds a third of it or more, and the median
    future lies below the interval of the mean, or on the other side of what is needed.
    """
    apart = row["median"] < row["low"] or row["median"] < row["needed"] <= row["worth"]
    return bool(apart and row["top_tenth"] >= FEW)


def _best(study: Study, language: str) -> list[str]:
    arms, bound = study.tables["arms"].set_index("arm"), study.tables["bound"].set_index("quantity")
    whole, fixed_one, own = bound.loc[BOUND], bound.loc[FIXED], bound.loc[f"{FIXED}_own_half"]
    arm = searched_label(str(fixed_one["arm"]), language)
    lines = [
        phrase("best_bound", language, count=len(arms), **three(whole, language)),
        phrase("best_fixed", language, arm=arm, own=three(own, language)["mean"], **three(fixed_one, language)),
    ]
    for name in (DESIGN, INFORMATION):
        row = arms.loc[name]
        given = {"arm": searched_label(name, language), **three(row, language)}
        if math.isfinite(row["share"]):
            span = percent_span(row["share_low"], row["share_high"], language)
            lines.append(phrase("best_share", language, share=percent(row["share"]), span=span, **given))
        else:
            lines.append(phrase("best_no_share", language, **given))
    told = {name: study.facts[name] for name in ("seed", "year", "levers")} | {"n": _count(study, "arms")}
    levies = listed([f"{levy:g}" for levy in LEVIES], language)
    return [*lines, phrase("best_how", language, levies=levies, **told)]


def _count(study: Study, table: str) -> str:
    return f"{int(study.tables[table]['n'].iloc[0]):,}"
