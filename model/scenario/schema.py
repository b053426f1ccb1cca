"""The JSON Schema of scenario files, for editors that complete and check while one types."""

from typing import Any

from qipan.model.extend.registry import SECTOR_TABLES, WORLDS
from qipan.model.parameters import Parameter
from qipan.model.parameters.stretches import FACTOR
from qipan.model.scenario.consistency import PLANNED
from qipan.model.scenario.table import HEADER, SECTIONS, VARIED, known_keys, parameter_table

NAMES = {"world.data": WORLDS, "world.sectors": SECTOR_TABLES}
FOLDER = r"^[.~]|[/\\]"
"""What a path of a folder looks like, in place of the name of a world."""
_KINDS = {type(None): "integer", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, made from the parameter table.

    Every key has its description, unit, range or choices, default, grade, source and, where there is one, Chinese name.
    null is allowed everywhere: it takes a key back to its default.

    Example:
        >>> schema()["properties"]["run"]["properties"]["seed"]["minimum"]
        0
    """
    properties: dict[str, Any] = {
        key: {"type": ["string", "null"], "description": text} for key, text in HEADER.items()
    }
    properties["not_modelled"] = {**properties["not_modelled"], "type": ["array", "null"], "items": {"type": "string"}}
    properties.update({name: _section((name,)) for name in SECTIONS})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "qipan scenario",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _section(path: tuple[str, ...]) -> dict[str, Any]:
    properties = {}
    for key in known_keys(path) or ():
        inside = (*path, key)
        row = parameter_table().get(".".join(inside))
        properties[key] = _parameter(row) if row else _section(inside)
    section: Any = SECTIONS[path[0]]
    for name in path[1:]:
        section = section.model_fields[name].annotation
    words = " ".join((section.__doc__ or "").split())
    return {"type": ["object", "null"], "description": words, "additionalProperties": False, "properties": properties}


def _parameter(row: Parameter) -> dict[str, Any]:
    if row.path in VARIED:
        return _varied(row)
    kind = _KINDS[type(row.default)]
    result: dict[str, Any] = {"type": [kind, "null"], "description": describe(row), "default": row.default}
    choices = row.choices or tuple(NAMES.get(row.path, ()))
    if choices:
        result["enum"] = [*choices, None]
    if row.path == "world.data":
        result["anyOf"] = [{"enum": result.pop("enum")}, {"type": "string", "pattern": FOLDER}]
    if row.allowed:
        result["minimum"], result["maximum"] = row.allowed
    if kind == "array":
        result["items"] = {"type": "number"}
    return result


def _varied(row: Parameter) -> dict[str, Any]:
    """A timeline, or settings by region, whose keys are paths below `policy`; or a plan."""
    if row.path == "policy.coordination.plan":
        return _plan(row)
    inside = {
        path.removeprefix("policy."): each
        for path, each in parameter_table().items()
        if path.startswith("policy.") and path not in VARIED
    }
    regional = {name: _or_multiple(each) for name, each in inside.items() if each.by_region}
    region = {"type": "object", "additionalProperties": False, "properties": {**regional, **_groups(regional)}}
    regions = {"type": ["object", "null"], "additionalProperties": region}
    about = {"description": describe(row), "default": row.default}
    if row.path == "policy.regions":
        return {**regions, **about}
    year = _parameter(inside["coordination.from"])
    yearly = {name: _or_multiple(each) for name, each in inside.items() if not each.steady}
    entry = {
        "type": "object",
        "additionalProperties": False,
        "required": ["from"],
        "properties": {"from": year, "regions": regions, **yearly, **_groups(yearly)},
    }
    return {"type": ["array", "null"], "items": entry, **about}


def _plan(row: Parameter) -> dict[str, Any]:
    year = {"type": "integer", "minimum": 1900, "maximum": 9000}
    kinds = {
        "region": {"type": "string"},
        "sector": {"type": "string"},
        "role": {"type": "string", "enum": [*PLANNED]},
        "from": year,
    }
    entry = {"type": "object", "additionalProperties": False, "required": ["sector", "role"], "properties": kinds}
    return {"type": ["string", "array", "null"], "items": entry, "description": describe(row), "default": row.default}


def _groups(rules: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same keys below each other, as `funding:` with `guidance_share:` in it."""
    groups: dict[str, dict[str, Any]] = {}
    for name, rule in rules.items():
        group, _, key = name.partition(".")
        groups.setdefault(group, {"type": "object", "additionalProperties": False, "properties": {}})
        groups[group]["properties"][key] = rule
    return groups


def _or_multiple(row: Parameter) -> dict[str, Any]:
    """A parameter as a timeline or a region may give it: a number also as a multiple, such as x2."""
    rule = _parameter(row)
    if not isinstance(row.default, float):
        return rule
    return {**rule, "type": [*rule["type"], "string"], "pattern": f"^{FACTOR.pattern}$"}


def describe(row: Parameter) -> str:
    """A parameter in one line: Chinese name, meaning, unit, plausible range, grade and source."""
    unit = "" if row.unit == "1" else f"Unit: {row.unit}."
    plausible = f"Plausible: {row.plausible[0]:g} to {row.plausible[1]:g}." if row.plausible else ""
    known = f"{row.grade.capitalize()}: {row.source}."
    return " ".join(part for part in (f"{row.zh}." if row.zh else "", row.meaning, unit, plausible, known) if part)
