"""The assumptions a result rests on, made from the parameter table: changed ones first, then the least known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.assumptions import value_at
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.settings import every_parameter, printed
from qipan.experiments.report.grids import Cell, Grid, heads
from qipan.experiments.words.labels import enumerated, say, unit_label
from qipan.experiments.words.statements import stated

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison
    from qipan.model.parameters import Parameter

GRADES = ("assumed", "literature", "measured", "choice")


def assumptions_grid(comparison: Comparison, language: str) -> Grid:
    """Return one row per parameter: value in the baseline and where an arm differs, default, range, grade, source."""
    rows = sorted(_rows(comparison, language), key=lambda row: row[0])
    columns = heads(language, "parameter", "meaning", "value", "default", "plausible", "unit", "grade", "source")
    return Grid("assumptions", say("caption_assumptions", language), columns, tuple(row for _, row in rows))


def _rows(comparison: Comparison, language: str) -> Iterator[tuple[tuple[int, int, str], tuple[Cell, ...]]]:
    for parameter, values in used(comparison):
        base = values[comparison.baseline]
        differing = {arm: value for arm, value in values.items() if value != base}
        changed = base != parameter.default or bool(differing)
        grade = GRADES.index(parameter.grade) if parameter.grade in GRADES else len(GRADES)
        text = printed(base, language) + "".join(
            f"; {_names(comparison, arms, language)}: {value}" for value, arms in _grouped(differing, language).items()
        )
        yield (
            (not changed, grade, parameter.path),
            (
                Cell(parameter.path),
                Cell(parameter.zh if language == "zh" and parameter.zh else stated(parameter.meaning, language)),
                Cell(text, strong=changed),
                Cell(printed(parameter.default, language)),
                Cell(_range(parameter, language)),
                Cell(unit_label(parameter.unit, language)),
                Cell(say(f"grade_{parameter.grade}", language), float(grade)),
                Cell(stated(parameter.source, language)),
            ),
        )


def used(comparison: Comparison) -> Iterator[tuple[Parameter, dict[str, Any]]]:
    """Yield each parameter with its value in every arm, by the arm's name."""
    for parameter in every_parameter():
        yield parameter, {arm.name: value_at(arm.scenario, parameter.path) for arm in comparison.arms}


def _grouped(differing: Mapping[str, Any], language: str) -> dict[str, list[str]]:
    """Arms by the printed value in which they differ from the baseline."""
    groups: dict[str, list[str]] = {}
    for arm, value in differing.items():
        groups.setdefault(printed(value, language), []).append(arm)
    return groups


def _names(comparison: Comparison, arms: list[str], language: str) -> str:
    return enumerated([arm_title(comparison.arm(arm), language) for arm in arms], language)


def _range(parameter: Parameter, language: str) -> str:
    if parameter.plausible is None:
        return ""
    low, high = (printed(value, language) for value in parameter.plausible)
    return f"{low}至{high}" if language == "zh" else f"{low} to {high}"


def provenance(manifest: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the manifest as (dotted name, value) pairs, except its times."""
    for name, value in manifest.items():
        if not prefix and name == "times":
            continue
        if isinstance(value, Mapping):
            yield from provenance(value, f"{prefix}{name}.")
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            yield f"{prefix}{name}", text
