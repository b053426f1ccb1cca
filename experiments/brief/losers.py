"""Who loses: each region's state, who is counted how, and the map."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.brief.content import TILES, Figure, LosersMap, Tile
from qipan.experiments.brief.told import words
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import named
from qipan.experiments.findings.gains import lies_nowhere, provinces, short_name, significant
from qipan.experiments.findings.reading import has
from qipan.experiments.statistics.paired import IDENTICAL, NO_INTERVAL, NO_VALUE
from qipan.experiments.words.labels import enumerated, region_label
from qipan.experiments.words.numbers import MISSING, percent

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import ArmResult, Comparison

NAMED = 5
"""Losers that a sentence names."""
ACROSS = 20
"""Squares beside each other where regions lie nowhere."""
MOST_SQUARES = 400
"""Regions that lie nowhere and are drawn, one square each."""


def states_of(comparison: Comparison, arm: ArmResult) -> dict[str, str]:
    """Return what is told of every region, one of `TILES`, by its code: it loses where it is told to lose output or
    welfare, gains where it is told to gain one and does not lose; empty where there are no figures by region.
    """
    if not has(comparison, "regions"):
        return {}
    table = comparison.table("regions")
    return {str(row["region"]): _state(row) for row in table[table["arm"] == arm.name].to_dict("records")}


def _state(row: Any) -> str:
    output = (1 if float(row["gain"]) > 0 else -1) if significant(row) else 0
    welfare = {"better": 1, "worse": -1}.get(str(row["welfare_verdict"]), 0)
    if -1 in (output, welfare):
        return "lose"
    if 1 in (output, welfare):
        return "gain"
    verdicts = {str(row["verdict"]), str(row["welfare_verdict"])} - {NO_VALUE}
    return "none" if not verdicts else "same" if verdicts == {IDENTICAL} else "open"


def places(comparison: Comparison) -> str:
    """Return what the regions of a world are: "provinces", "cities" or "regions"."""
    kind = str(comparison.world.name).partition("-")[0]
    return kind if kind in ("provinces", "cities") else "regions"


def losers_text(comparison: Comparison, arm: ArmResult, language: str) -> str:
    """Say how many regions lose, the first of them by name, how many gain, and of how many it cannot be told."""
    states = states_of(comparison, arm)
    if not states:
        return words("losers_absent", language)
    counts, total = Counter(states.values()), len(states)
    among = {"total": total, "places": words(f"places_{places(comparison)}", language)}
    if counts["same"] == total:
        return words("losers_same", language, **among)
    if all(each == NO_INTERVAL for each in _verdicts(comparison, arm)):
        return words("losers_one", language, **among)
    names = [region_label(comparison.world, code, language) for code, each in states.items() if each == "lose"]
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], words("more", language, count=len(names) - NAMED)]
    if names:
        listed = words("losers_names", language, list=enumerated(names, language))
        text = words("losers", language, lose=counts["lose"], names=listed, **among)
    else:
        text = words("losers_none", language, **among)
    return ("；" if language == "zh" else "; ").join([text, *_rest("", counts, total, language)])


def _rest(end: str, counts: Counter[str], total: int, language: str) -> list[str]:
    """How many gain, and of how many it cannot be told; nothing of none."""
    unclear = total - counts["lose"] - counts["gain"]
    gain = [words(f"losers_gain{end}", language, gain=counts["gain"])] if counts["gain"] else []
    return gain + ([words(f"losers_open{end}", language, open=unclear)] if unclear else [])


def _verdicts(comparison: Comparison, arm: ArmResult) -> list[str]:
    table = comparison.table("regions")
    return [str(each) for each in table.loc[table["arm"] == arm.name, "verdict"]]


def losers_figure(comparison: Comparison, arm: ArmResult, language: str) -> Figure:
    """Return the number of regions that lose, as a cell of the five numbers."""
    states = states_of(comparison, arm)
    if not states:
        return Figure(MISSING, "", "none")
    counts, total = Counter(states.values()), len(states)
    if counts["same"] == total:
        return Figure(words("cell_same", language), "", "same")
    if all(each == NO_INTERVAL for each in _verdicts(comparison, arm)):
        return Figure(MISSING, words("cell_one", language), "one")
    here = "worse" if counts["lose"] else "better" if counts["gain"] else "open"
    text = words("cell_losers", language, lose=counts["lose"], total=total)
    note = ("，" if language == "zh" else ", ").join(_rest("_short", counts, total, language))
    return Figure(text, note, here)


def losers_maps(comparison: Comparison, arms: list[ArmResult], language: str) -> tuple[LosersMap, ...]:
    """Return a map for every policy; none without figures by region."""
    found = []
    for arm in arms:
        states = states_of(comparison, arm)
        if states:
            text = words(
                "map_alt",
                language,
                arm=named(arm, language),
                text=losers_text(comparison, arm, language),
            )
            found.append(LosersMap(arm.name, arm_title(arm, language), text, _tiles(comparison, arm, states, language)))
    return tuple(found)


def map_note(comparison: Comparison, language: str) -> str:
    """Say what a square of the map is, where it is not a region in its place."""
    if _in_place(comparison.world):
        return ""
    return words("map_invented" if _nowhere(comparison.world) else "map_cities", language)


def legend(maps: tuple[LosersMap, ...], language: str) -> tuple[tuple[str, str], ...]:
    """Return the states that the maps have, each in words."""
    there = {tile.state for each in maps for tile in each.tiles}
    return tuple((each, words(f"legend_{each}", language)) for each in TILES if each in there)


def _in_place(world: Any) -> bool:
    return getattr(world, "tile_column", None) is not None and world.tile_row is not None


def _nowhere(world: Any) -> bool:
    return lies_nowhere(world) or getattr(world, "provinces", None) is None


def _tiles(comparison: Comparison, arm: ArmResult, states: dict[str, str], language: str) -> tuple[Tile, ...]:
    world = comparison.world
    told = _told(comparison, arm, language)
    if _in_place(world):
        return tuple(
            Tile(
                int(world.tile_column[place]),
                int(world.tile_row[place]),
                short_name(code, language),
                "",
                states.get(code, "none"),
                told.get(code, region_label(world, code, language)),
            )
            for place, code in enumerate(world.region_codes)
        )
    if _nowhere(world):
        codes = list(world.region_codes)[:MOST_SQUARES]
        across = min(ACROSS, max(1, len(codes)))
        return tuple(
            Tile(place % across, place // across, "", "", states.get(code, "none"), told.get(code, code))
            for place, code in enumerate(codes)
        )
    return _of_cities(world, states, language)


def _told(comparison: Comparison, arm: ArmResult, language: str) -> dict[str, str]:
    """What is told of each region in words, by its code."""
    table, found = comparison.table("regions"), {}
    for row in table[table["arm"] == arm.name].to_dict("records"):
        alike = "cell_same" if str(row["verdict"]) == IDENTICAL else "cell_open"
        output = percent(float(row["relative"]), signed=True) if significant(row) else words(alike, language)
        verdicts = {"better": "tile_up", "worse": "tile_down", IDENTICAL: "cell_same"}
        welfare = verdicts.get(str(row["welfare_verdict"]), "cell_open")
        found[str(row["region"])] = words(
            "tile_region",
            language,
            name=region_label(comparison.world, str(row["region"]), language),
            output=output,
            welfare=words(welfare, language),
        )
    return found


def _of_cities(world: Any, states: dict[str, str], language: str) -> tuple[Tile, ...]:
    """One square for each province, with how many of its cities lose."""
    upper, found = provinces(world), []
    for place, code in enumerate(upper.region_codes):
        cities = np.flatnonzero(np.asarray(world.provinces) == place)
        counts = Counter(states.get(world.region_codes[city], "none") for city in cities)
        total = len(cities)
        here = next((each for each in ("lose", "gain", "open", "same") if counts[each]), "none")
        name = region_label(upper, code, language)
        rest = {"lose": counts["lose"], "gain": counts["gain"], "open": total - counts["lose"] - counts["gain"]}
        text = words("tile_province", language, name=name, total=total, **rest) if total else name
        below = f"{counts['lose']}/{total}" if total else ""
        column, row = int(upper.tile_column[place]), int(upper.tile_row[place])
        found.append(Tile(column, row, short_name(code, language), below, here, text))
    return tuple(found)
