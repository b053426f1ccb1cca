"""What is told of one row of the tables: its state, and how its number and its interval are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from qipan.experiments.brief.content import Figure
from qipan.experiments.findings.reading import clear, relative
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NO_VALUE, NOT_DISTINGUISHABLE
from qipan.experiments.words.labels import Topic, listed
from qipan.experiments.words.numbers import MISSING, between, fixed, money_between, number, places_apart, places_for

words = Topic("brief")

PLAIN = {NOT_DISTINGUISHABLE: "open", IDENTICAL: "same", NO_INTERVAL: "one", NO_VALUE: "none"}
PERCENT, MONEY, POINTS, ENTRIES = "percent", "money", "points", "entries"
"""How a measure is written."""


def state(row: Any) -> str:
    """Return what is told of a row of `differences` or `horizons`, one of `content.STATES`."""
    return "none" if row is None else PLAIN.get(str(row["verdict"]), str(row["verdict"]))


def sign(row: Any) -> int:
    """Return 1 or -1 where a difference is told to be above or below zero, else 0."""
    return (1 if float(row["mean"]) > 0 else -1) if clear(row) else 0


def written(row: Any, way: str, language: str) -> tuple[str, str]:
    """Return a difference and its interval as printed, with signs; the interval is "" where there is none."""
    three = [float(row[key]) for key in ("mean", "low", "high")]
    if way == PERCENT:
        share = relative(row)
        if not abs(share[0]) <= 2:  # a baseline of about zero: a share of it says nothing
            way = MONEY
        else:
            three = [100 * each for each in share]
    if not all(map(math.isfinite, three)):
        return _one(three[0], way, language), ""
    if way == MONEY:
        return money_between(three[0], three[1], three[2], language)
    if way == POINTS:
        three = [100 * each for each in three]
    places = places_apart(three[1], three[2], places_for((three[2] - three[1]) / 2)) if any(three) else 0
    places = min(max(places, int(way in (PERCENT, POINTS))), 2)
    text, low, high = (fixed(each, places, True) for each in three)
    mark = "%" if way == PERCENT else ""
    return _with_unit(text, way, language), between(low + mark, high + mark, language)


def _one(value: float, way: str, language: str) -> str:
    """A difference that has no interval."""
    if not math.isfinite(value):
        return MISSING
    if way == MONEY:
        return money_between(value, value, value, language)[0]
    return _with_unit(number(100 * value if way == POINTS else value, signed=True), way, language)


def _with_unit(text: str, way: str, language: str) -> str:
    if way == PERCENT:
        return f"{text}%"
    return words(way, language, number=text)


def size(row: Any, way: str, language: str) -> str:
    """Return how large a difference is, without its sign."""
    return written(row, way, language)[0].lstrip("+\N{MINUS SIGN}")


def effects(told: Sequence[tuple[str, Any, str]], language: str) -> str:
    """Say what happens to some measures, each (name in the sentence, row, way it is written); what cannot be told, or
    shows no difference, is said of several together.
    """
    parts, together = list[str](), dict[str, list[str]]()
    for what, row, way in told:
        here = state(row)
        if here in ("open", "same", "one", "none"):
            together.setdefault("open" if here == "one" else here, []).append(what)
        else:
            key = "effect_up" if float(row["mean"]) > 0 else "effect_down"
            parts.append(words(key, language, what=what, change=size(row, way, language)))
    parts += [words(f"effect_{key}", language, what=listed(names, language)) for key, names in together.items()]
    return ("；" if language == "zh" else "; ").join(parts)


def figure(row: Any, way: str, language: str) -> Figure:
    """Return a difference as a cell of the five numbers."""
    here = state(row)
    if here == "none":
        return Figure(MISSING, "", here)
    text, interval = written(row, way, language)
    if here == "same":
        return Figure(words("cell_same", language), "", here)
    said = [interval] if interval else []
    said += [words(f"cell_{here}", language)] if here in ("open", "one") else []
    return Figure(text, ("；" if language == "zh" else "; ").join(said), here)


def sentence(text: str, language: str) -> str:
    """Return a text with a large first letter and a stop."""
    return text[:1].upper() + text[1:] + ("。" if language == "zh" else ".") if text else ""
