"""Which assumptions matter, in words: made from the rows of table `importance`, which figure and page print too."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.words.labels import listed, measure_label, say, small
from qipan.experiments.words.numbers import MINUS, fixed, places_for, told_unit

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

NAMED = 3
"""Assumptions that the words name as those that matter most."""
MOST_NAMED = 5
"""Assumptions that one sentence lists; the table has all."""


@dataclass(frozen=True)
class Assumption:
    """One assumption on one measure: its rows of the table by end ("low", "high"), and the swing."""

    parameter: str
    rows: dict[str, Any]
    swing: float

    def ends(self, sign: str) -> list[Any]:
        """The rows at which the sign of the difference does this."""
        return [row for row in self.rows.values() if row["sign"] == sign]

    @property
    def decides(self) -> bool:
        """Whether the sign hangs on it."""
        return any(row["sign"] != "keeps" for row in self.rows.values())


def ranked(comparison: Comparison, measure: str | None = None) -> list[Assumption]:
    """The assumptions on a measure (None: the first of the table), largest swing first; none where none were ranked."""
    table = comparison.tables.get("importance")
    if table is None or table.empty:
        return []
    name = headline(comparison) if measure is None else measure
    found: dict[str, dict[str, Any]] = {}
    for row in table[table["measure"] == name].to_dict("records"):
        found.setdefault(str(row["parameter"]), {})[str(row["end"])] = row
    return [Assumption(path, rows, float(next(iter(rows.values()))["swing"])) for path, rows in found.items()]


def moving(found: list[Assumption]) -> list[Assumption]:
    """The assumptions that the words name as those that matter most: none that does nothing."""
    return [one for one in found[:NAMED] if one.swing > 0] or found[:1]


def headline(comparison: Comparison) -> str:
    """The measure that the assumptions are ranked on."""
    return str(comparison.table("importance")["measure"].iloc[0])


@lru_cache(maxsize=2)
def labels(language: str) -> dict[str, str]:
    """What each parameter is called, by its path: in English its name, with the section where two share a name."""
    from qipan.model.scenario.table import parameter_table

    table = parameter_table()
    last = Counter(path.rsplit(".", 1)[-1] for path, row in table.items() if row.plausible)
    found = {}
    for path, row in table.items():
        section, _, name = path.rpartition(".")
        words = name.replace("_", " ") + (f" ({section.rsplit('.', 1)[-1]})" if last[name] > 1 else "")
        found[path] = row.zh if language == "zh" and row.zh else words
    return found


def value_text(value: float) -> str:
    """A value of a parameter as printed."""
    return f"{value:,g}".replace("-", MINUS)


def finding(comparison: Comparison, language: str) -> str:
    """The finding in one sentence, for the title of the figure."""
    found, measure = ranked(comparison), headline(comparison)
    deciding, name = [one for one in found if one.decides], _inside(measure, language)
    names = _listed([labels(language)[one.parameter] for one in moving(found)], language)
    if any(row["sign"] == "settles" for one in deciding for row in one.rows.values()) or not _clear(
        comparison, measure
    ):
        text = say("importance_title_open", language, measure=name)
    elif deciding:
        shown = [labels(language)[one.parameter] for one in deciding]
        text = say("importance_title_sign", language, measure=name, list=_listed(shown, language))
    else:
        text = say("importance_title_none", language, measure=name, count=len(found))
    return say("importance_title", language, text=text, list=names)


def sentences(comparison: Comparison, language: str) -> list[str]:
    """What the page says above the figure; nothing where the assumptions were not ranked."""
    found = ranked(comparison)
    if not found:
        return []
    measure, ends = headline(comparison), [row for one in found for row in one.rows.values()]
    asked = say("importance_asked", language, count=len(found), n=int(ends[0]["n"]))
    most = say(
        "importance_most",
        language,
        measure=_inside(measure, language),
        list=_listed([_named(one, measure, language) for one in moving(found)], language),
    )
    moved = say("importance_moved", language, moved=sum(row["p_adjusted"] <= 0.05 for row in ends), ends=len(ends))
    sign = sign_sentence(comparison, measure, language)
    gap = " " if language == "en" else ""
    paragraphs = (
        (asked, _now(comparison, measure, language)),
        (sign, most, moved),
        _others(comparison, language),
        (say("importance_local", language),),
    )
    return [gap.join(paragraph) for paragraph in paragraphs if paragraph]


def _now(comparison: Comparison, measure: str, language: str) -> str:
    """The difference at the values used, as the tables of the comparison have it."""
    arm = comparison.arm(str(comparison.table("importance")["arm"].iloc[0]))
    row = comparison.difference(arm.name, measure, _year(comparison, arm.name, measure))
    change, low, high = _three(row, ("mean", "low", "high"), measure, language)
    return say(
        "importance_now",
        language,
        arm=small(arm_title(arm, language), language),
        measure=_inside(measure, language),
        change=change,
        low=low,
        high=high,
    )


def sign_sentence(comparison: Comparison, measure: str, language: str) -> str:
    """On which assumptions the sign of the difference hangs."""
    found = ranked(comparison, measure)
    deciding = [one for one in found if one.decides]
    rest = len(found) - len(deciding)
    if not _clear(comparison, measure):
        names = [_end(one, "settles", "told", language) for one in deciding]
        return say(
            "importance_settles" if deciding else "importance_open", language, list=_listed(names, language), rest=rest
        )
    if not deciding:
        return say("importance_none", language, rest=rest)
    names = [_end(one, sign, sign, language) for sign in ("turns", "opens") for one in deciding if one.ends(sign)]
    return say(
        "importance_hangs" if rest else "importance_hangs_all", language, list=_listed(names, language), rest=rest
    )


def _others(comparison: Comparison, language: str) -> list[str]:
    """The same question of the other measures, a sentence each."""
    table, first = comparison.table("importance"), headline(comparison)
    lines = []
    for measure in [name for name in dict.fromkeys(table["measure"]) if name != first]:
        text = small(sign_sentence(comparison, measure, language), language)
        lines.append(say("importance_also", language, measure=_inside(measure, language), text=text))
    return lines


def _clear(comparison: Comparison, measure: str) -> bool:
    from qipan.experiments.findings.reading import clear

    arm = str(comparison.table("importance")["arm"].iloc[0])
    return clear(comparison.difference(arm, measure, _year(comparison, arm, measure)))


def _year(comparison: Comparison, arm: str, measure: str) -> str:
    table = comparison.table("differences")
    years = set(table.loc[(table["arm"] == arm) & (table["measure"] == measure), "year"].astype(str))
    return "total" if "total" in years else str(comparison.years[-1])


def _named(one: Assumption, measure: str, language: str) -> str:
    """An assumption with the difference at both ends."""
    rows = list(one.rows.values())
    texts = {"name": labels(language)[one.parameter]}
    for end, row in zip(("low", "high"), rows, strict=False):
        texts[end] = _three(row, ("difference", "difference_low", "difference_high"), measure, language)[0]
        texts[f"{end}_value"] = value_text(float(row["value"]))
    return say("importance_one" if len(rows) > 1 else "importance_one_end", language, **texts)


def _end(one: Assumption, sign: str, key: str, language: str) -> str:
    values = (" and " if language == "en" else "与").join(value_text(float(row["value"])) for row in one.ends(sign))
    return say(f"importance_{key}", language, name=labels(language)[one.parameter], values=values)


def _three(row: Any, keys: tuple[str, str, str], measure: str, language: str) -> tuple[str, str, str]:
    """Middle with its unit, low and high of an interval, with the decimal places its half-width calls for."""
    from qipan.experiments.findings.reading import unit_of

    middle, low, high = (float(row[key]) for key in keys)
    factor, unit = told_unit([middle], unit_of(measure), language)
    middle, low, high = middle * factor, low * factor, high * factor
    places = places_for((high - low) / 2) if math.isfinite(high - low) else 1
    gap = " " if unit and language == "en" else ""
    return fixed(middle, places, True) + gap + unit, fixed(low, places, True), fixed(high, places, True)


def _inside(measure: str, language: str) -> str:
    return small(measure_label(measure, language, unit=False), language)


def _listed(names: list[str], language: str) -> str:
    """Names joined inside a sentence, no more than a sentence can hold."""
    if len(names) > MOST_NAMED + 1:
        names = [*names[:MOST_NAMED], say("importance_more", language, count=len(names) - MOST_NAMED)]
    return listed(names, language) if names else ""
