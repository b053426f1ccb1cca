"""What differs between two scenarios or results, printed and stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.examine.diff import ALL, EFFECT, LEVEL, SetBeside
from qipan.experiments.findings.terminal import OF_A_YEAR, WHOLE_RUN, new_console
from qipan.experiments.store.requests import Request
from qipan.experiments.summaries.comparison import TOTAL
from qipan.experiments.words.labels import Topic, enumerated, shown_measure
from qipan.experiments.words.numbers import number

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

say = Topic("diff")


def print_difference(found: SetBeside, language: str) -> None:
    """Print settings that differ, what the two were made of, and the main numbers."""
    console = new_console()
    one, other = found.sides
    console.print(say("sides", language, a=one.name, b=other.name), markup=False, highlight=False)
    if len(found.settings):
        console.print(_settings(found.settings, language))
    for text in of_arms(found, language):
        console.print(text, markup=False, highlight=False)
    console.print(say("made" if len(found.made) else "no_made", language), markup=False, highlight=False)
    if len(found.made):
        console.print(_printed(found.made, ("what", "name", "a", "b"), language))
    for text in of_numbers(found, language):
        console.print(text, markup=False, highlight=False)
    if found.numbers is not None and len(told := main_numbers(found)):
        console.print(_numbers(told, language))


def of_arms(found: SetBeside, language: str) -> Iterator[str]:
    """Whether settings are the same, and which arms one result has alone."""
    if not len(found.settings):
        yield say("no_settings", language)
    if found.only:
        yield say("only", language, arms=enumerated(list(found.only), language))


def of_numbers(found: SetBeside, language: str) -> Iterator[str]:
    """How many numbers differ."""
    if found.numbers is not None:
        count = len(found.numbers)
        yield say("numbers" if count else "no_numbers", language, count=f"{count:,}", all=f"{found.compared:,}")
        if count:
            yield say("paired", language, a=found.sides[0].name, b=found.sides[1].name)


def main_numbers(found: SetBeside) -> pd.DataFrame:
    """The numbers that differ, of the measures and the year that the terminal shows: the levels of the baseline and the
    effects of the policies.
    """
    assert found.numbers is not None and found.sides[0].result is not None, "called for two results"
    result = found.sides[0].result
    policies = [arm.name for arm in result.policies]
    first = found.numbers["arm"].str.split(" / ").str[0]
    shown = (first == result.baseline) | ((found.numbers["kind"] == EFFECT) & first.isin(policies))
    table, told = found.numbers[shown], str(result.year_told)
    whole = table["measure"].isin(WHOLE_RUN) & (table["year"] == TOTAL)
    yearly = table["measure"].isin(OF_A_YEAR) & (table["year"] == told)
    return table[whole | yearly]


def _settings(table: pd.DataFrame, language: str) -> Table:
    columns = ("arm", "key", "a", "b", "unit", "where_a", "where_b")
    kept = [name for name in columns if name != "arm" or table["arm"].any()]
    return _printed(table, tuple(kept), language)


def _printed(table: pd.DataFrame, columns: tuple[str, ...], language: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    made = Table()
    for name in columns:
        made.add_column(say(name, language), overflow="fold")
    for row in table.to_dict("records"):
        made.add_row(*(Text(_worded(name, str(row[name]), language)) for name in columns))
    return made


def _worded(column: str, value: str, language: str) -> str:
    if column == "what":
        return say(f"what.{value}", language)
    return say("all", language) if (column, value) == ("arm", ALL) else value


def _numbers(table: pd.DataFrame, language: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    made = Table()
    for name in ("arm", "kind", "measure", "year", "a", "b", "change"):
        justify: Any = "right" if name in ("a", "b", "change") else "left"
        made.add_column(say(name, language), overflow="fold", justify=justify)
    for row in table.itertuples():
        factor, label = shown_measure(str(row.measure), language)
        made.add_row(
            Text(str(row.arm)),
            say({LEVEL: "level", EFFECT: "effect"}[str(row.kind)], language),
            label,
            say("whole", language) if row.year == TOTAL else str(row.year),
            *(number(factor * float(value)) for value in (row.a, row.b)),  # type: ignore[arg-type]
            number(factor * float(row.change), signed=True),  # type: ignore[arg-type]
        )
    return made


def request_of_diff(found: SetBeside) -> Request:
    """What `qipan diff` with the same two is asked for."""
    sides = [side.facts.get("digest") or side.scenario.digest() for side in found.sides]
    return {"kind": "difference", "sides": sides, "names": [side.name for side in found.sides]}


def store_difference(found: SetBeside, folder: str, force: bool) -> Path:
    """Store all that differs as tables; returns the folder.

    Raises:
        StoreError: The folder holds something else, or cannot be written.
    """
    from qipan.experiments.results.study import store_tables
    from qipan.experiments.store.folder import place_for

    request = request_of_diff(found)
    place = place_for(folder, "", request, force=force)
    tables = {"settings": found.settings, "made": found.made, "numbers": found.numbers}
    there = {name: table for name, table in tables.items() if table is not None and len(table)}
    scenarios = {side: one.scenario.digest() for side, one in zip("AB", found.sides, strict=True)}
    store_tables(place, request, there, force, by="side", scenarios=scenarios)
    return place
