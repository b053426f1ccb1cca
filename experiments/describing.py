"""Scenarios, mechanisms, levers, measures and parameters in lines of text, read from the registries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.scenario import Scenario

DEFAULT = "default"


def describe_scenario(scenario: Scenario, *, changed: bool) -> list[str]:
    """One line for each value: key, value, unit, and where it comes from ("default" when no file gives it).

    Args:
        scenario: A loaded scenario.
        changed: Leave out what is at its default.
    """
    from model.scenario import explain_values

    lines = [f"{scenario.name}: {scenario.title}"]
    if scenario.source:
        lines.append(f"source: {' '.join(scenario.source.split())}")
    rows = []
    for row in explain_values(scenario):
        if row.file != DEFAULT or not changed:
            unit = "" if row.unit == "1" else f" {row.unit}"
            rows.append((row.path, f"{_printed(row.value)}{unit}", f"{row.file}:{row.line}" if row.line else row.file))
    return lines + aligned(rows)


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def aligned(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows of text as lines with aligned columns.

    Example:
        >>> aligned([("a", "1"), ("long", "2")])
        ['a     1', 'long  2']
    """
    table = [tuple(str(cell) for cell in row) for row in rows]
    if not table:
        return []
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def list_lines(kind: str, language: str) -> list[str]:
    """What there is of a kind, one line each, labels in a language ("en" or "zh")."""
    return aligned(LISTS[kind](language))


def _scenarios(language: str) -> Iterator[tuple[str, ...]]:
    from model.scenario import list_scenarios, load_scenario

    for name in list_scenarios():
        scenario = load_scenario(name)
        yield name, (scenario.title_zh if language == "zh" else "") or scenario.title


def _mechanisms(language: str) -> Iterator[tuple[str, ...]]:
    from model.world.tables import Column, data_folder, read_table

    name = "name_zh" if language == "zh" else "name"
    table = read_table(data_folder(), "mechanisms.csv", (Column("mechanism"), Column(name)))
    yield from zip(table.texts("mechanism"), table.texts(name), strict=True)


def _levers(language: str) -> Iterator[tuple[str, ...]]:
    from model.parameters import LEVERS, Coordination

    for name in LEVERS:
        field = Coordination.model_fields[name]
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        meaning = str(extra.get("zh", "")) if language == "zh" else (field.description or "").removeprefix("Lever: ")
        yield name, meaning


def _measures(language: str) -> Iterator[tuple[str, ...]]:
    from model.measures import MEASURES

    for name, measure in MEASURES.items():
        yield name, measure.label_zh if language == "zh" else measure.label, measure.unit, measure.direction


def _parameters(language: str) -> Iterator[tuple[str, ...]]:
    from model.scenario import parameter_rows
    from model.scenario.table import allowed_text

    for row in parameter_rows():
        meaning = row.zh if language == "zh" and row.zh else row.meaning
        unit = "" if row.unit == "1" else row.unit
        yield row.path, _printed(row.default), unit, allowed_text(row), row.grade, meaning


LISTS = {
    "scenarios": _scenarios,
    "mechanisms": _mechanisms,
    "levers": _levers,
    "measures": _measures,
    "parameters": _parameters,
}
