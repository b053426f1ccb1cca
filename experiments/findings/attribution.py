"""What an attribution says in words and calls its parts, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.levers_tables import TOTAL, WELFARE
from qipan.experiments.statistics.paired import IDENTICAL, NOT_DISTINGUISHABLE, UNTOLD
from qipan.experiments.words.labels import Topic, listed, measure_label, shown_measure, shown_unit, unit_label
from qipan.experiments.words.numbers import fixed, places_apart, places_for
from qipan.model.extend.registry import LEVERS

if TYPE_CHECKING:
    import pandas as pd


phrase = Topic("attribution")


def lever_label(lever: str, language: str) -> str:
    """What a lever, or a row beside the levers, is called."""
    if lever in LEVERS:
        return LEVERS.label(lever, language)
    return phrase(lever, language) if lever in phrase else lever.replace("_", " ")


def key_label(key: str, language: str, unit: bool = True, stored: bool = False) -> str:
    """What a key of scores ("total:welfare", "met:...") is called."""
    kind, _, name = key.partition(":")
    if kind in ("met", "shortfall"):
        return phrase(kind, language, name=name)
    if name != "coordination_cost":
        return shown_measure(name, language)[1] if unit and not stored else measure_label(name, language, unit)
    money = unit_label("bn yuan", language) if stored else shown_unit("bn yuan", language)[1]
    return phrase("cost", language) + (f"（{money}）" if unit and language == "zh" else "")


def key_factor(key: str, language: str) -> float:
    """What the values of a key of scores are multiplied by under the unit of its label."""
    kind, _, name = key.partition(":")
    if kind in ("met", "shortfall"):
        return 1.0
    unit = shown_unit("bn yuan", language) if name == "coordination_cost" else shown_measure(name, language)
    return unit[0]


def agreed(table: pd.DataFrame) -> list[str]:
    """Levers whose effect on welfare can be told from zero."""
    rows = table[(table["measure"] == f"total:{WELFARE}") & ~table["verdict"].isin(UNTOLD)]
    return [lever for lever in LEVERS if lever in set(rows["lever"])]


def shares_finding(shares: pd.DataFrame, language: str) -> str:
    """Which levers have a share of welfare that can be told from zero, in one sentence."""
    found, between = agreed(shares), "、" if language == "zh" else ", "
    rest = between.join(lever_label(lever, language) for lever in LEVERS if lever not in found)
    if not found:
        return phrase("none_title", language)
    rows = shares[shares["measure"] == f"total:{WELFARE}"].set_index("lever")
    order = sorted(found, key=lambda lever: -abs(float(rows.loc[lever, "mean"])))
    levers = between.join(_with_share(lever_label(lever, language), rows.loc[lever], language) for lever in order)
    text = phrase("some_title", language, levers=levers, rest=rest)
    return text if rest else text.partition("；" if language == "zh" else "; ")[0]


def comparisons_finding(effects: pd.DataFrame, language: str) -> str:
    """Which levers still do something beyond information alone, and beyond random lists, in one sentence."""
    between = "、" if language == "zh" else ", "

    def named(comparison: str) -> str:
        found = agreed(effects[effects["comparison"] == comparison])
        return between.join(lever_label(lever, language) for lever in found) or phrase("nothing", language)

    return phrase("comparisons_title", language, informed=named("beyond_information"), random=named("beyond_random"))


def _with_share(label: str, row: Any, language: str) -> str:
    said = _signed(row, shown_unit("bn yuan", language)[0])
    return f"{label}（{said}）" if language == "zh" else f"{label} ({said})"


def _signed(row: Any, factor: float) -> str:
    return fixed(factor * float(row["mean"]), places_for(factor * (row["high"] - row["low"]) / 2), True)


def claims(ranking: pd.DataFrame, language: str) -> list[str]:
    """What may be said about the order of the levers, in sentences."""
    found = [
        phrase(
            "claim",
            language,
            lever=lever_label(row.lever, language),
            others=listed([lever_label(name, language) for name in row.above.split(", ")], language),
        )
        for row in ranking.itertuples()
        if row.above
    ]
    return found or [phrase("no_claim", language)]


def total_sentence(shares: pd.DataFrame, language: str) -> str:
    """What all levers do together to welfare."""
    row = shares[(shares["measure"] == f"total:{WELFARE}") & (shares["lever"] == TOTAL)].iloc[0]
    factor, label = shown_measure(WELFARE, language)
    mean, low, high = (factor * float(row[column]) for column in ("mean", "low", "high"))
    places = places_apart(low, high, places_for((high - low) / 2))
    ends = [fixed(value, places, True) for value in (mean, low, high)]
    key = {IDENTICAL: "together_identical", NOT_DISTINGUISHABLE: "together_unclear"}
    return phrase(
        key.get(row["verdict"], "together"),
        language,
        measure=label[:1].lower() + label[1:],
        change=ends[0],
        low=ends[1],
        high=ends[2],
    )
