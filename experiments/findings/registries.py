"""What there is, in lines of text, read from the registries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from qipan.model.extend.registry import (
    ARMS,
    LEVERS,
    MECHANISMS,
    OURS,
    PAYOFFS,
    REVISIONS,
    RULES,
    SECTOR_TABLES,
    WORLDS,
    Registry,
)

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario

DEFAULT = "default"
KINDS: dict[str, Registry[Any]] = {
    "mechanisms": MECHANISMS,
    "levers": LEVERS,
    "arms": ARMS,
    "rules": RULES,
    "revisions": REVISIONS,
    "payoffs": PAYOFFS,
    "worlds": WORLDS,
    "sector-tables": SECTOR_TABLES,
}
"""Registries whose entries are a name and a label."""


def describe_scenario(scenario: Scenario, *, changed: bool) -> list[str]:
    """One line for each value: key, value, unit, and where it comes from ("default" when no file gives it).

    Args:
        scenario: A loaded scenario.
        changed: Leave out what is at its default.
    """
    from qipan.model.scenario import explain_values
    from qipan.model.scenario.explaining import varied_rows
    from qipan.model.scenario.table import VARIED

    lines = [f"{scenario.name}: {scenario.title}"]
    if scenario.source:
        lines.append(f"source: {' '.join(scenario.source.split())}")
    if scenario.bases:
        lines.append(f"extends: {', which extends '.join(scenario.bases)}")
    rows = []
    values = [row for row in explain_values(scenario) if row.path not in VARIED or not row.value]
    for row in (*values, *varied_rows(scenario)):
        if row.file != DEFAULT or not changed:
            unit = "" if row.unit == "1" else f" {row.unit}"
            rows.append((row.path, f"{_printed(row.value)}{unit}", f"{row.file}:{row.line}" if row.line else row.file))
    return lines + aligned(rows)


def _printed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)


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
    from qipan.model.scenario import list_scenarios, load_scenario

    for name in list_scenarios():
        scenario = load_scenario(name)
        yield name, (scenario.title_zh if language == "zh" else "") or scenario.title


def _registered(registry: Registry[Any], language: str) -> Iterator[tuple[str, ...]]:
    """Name, label, and where it comes from if it does not ship."""
    for entry in registry.entries():
        yield entry.name, registry.label(entry.name, language), "" if entry.where == OURS else entry.where


def _measures(language: str) -> Iterator[tuple[str, ...]]:
    from qipan.model.measures import MEASURES

    for name, measure in MEASURES.items():
        where = MEASURES.entry(name).where
        label = MEASURES.label(name, language)
        yield name, label, measure.unit, measure.direction, "" if where == OURS else where


def _parameters(language: str) -> Iterator[tuple[str, ...]]:
    from qipan.model.scenario import parameter_rows
    from qipan.model.scenario.table import allowed_text

    for row in parameter_rows():
        meaning = row.zh if language == "zh" and row.zh else row.meaning
        unit = "" if row.unit == "1" else row.unit
        yield row.path, _printed(row.default), unit, allowed_text(row), row.grade, meaning


LISTS = {
    "scenarios": _scenarios,
    **{kind: partial(_registered, registry) for kind, registry in KINDS.items()},
    "measures": _measures,
    "parameters": _parameters,
}
