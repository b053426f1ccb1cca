"""Checks of plain data against the parameter table: unknown keys, kinds, ranges, choices. Every problem is reported."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from qipan.model.errors import Problem
from qipan.model.scenario.source import Origin, Path, Source, in_ascii, named
from qipan.model.scenario.table import (
    HEADER,
    SECTIONS,
    allowed_text,
    closest,
    key_hint,
    known_keys,
    parameter_table,
    shown,
)

_WANTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list of numbers",
    "literal_error": "one of the choices",
    "finite_number": "a finite number",
}
_WHY_TEXT = (
    (r"[-+]?[0-9.,]+(e[-+]?[0-9]+)?", "this is text: remove the quotes"),
    (r"[-+]?[0-9.]+\s*%", "write a share as a fraction, 0.2 for 20%"),
    (r"(?i)[-+]?\.?(inf|nan)(inity)?", "infinity and not-a-number are not values"),
)
_SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def where(positions: dict[Path, Origin], path: Path, fallback: str) -> str:
    """The place of a key, or of the nearest key above it."""
    while path and path not in positions:
        path = path[:-1]
    return str(positions[path]) if path else fallback


def structure_problems(source: Source) -> list[Problem]:
    """Unknown keys at every level, and values where a group of keys belongs."""
    return list(_structure(source.data, (), source.positions, source.empty))


def _structure(data: dict[str, Any], path: Path, positions: dict[Path, Origin], empty: set[Path]) -> Iterator[Problem]:
    known = known_keys(path) or ()
    for key, value in data.items():
        inside = (*path, key)
        if key not in known:
            yield Problem(where(positions, inside, ""), _key(inside), "unknown key", _unknown_hint(inside))
        elif known_keys(inside) is None:
            if not path:
                yield from _header(key, value, positions)
            elif inside in empty:
                row = parameter_table()[".".join(inside)]
                hint = f"write one, or null to go back to the default ({row.default})"
                yield Problem(where(positions, inside, ""), _key(inside), "nothing is given", hint)
        elif isinstance(value, dict):
            yield from _structure(value, inside, positions, empty)
        elif value is not None:
            keys = ", ".join((known_keys(inside) or ())[:6])
            place = where(positions, inside, "")
            yield Problem(place, _key(inside), f"{shown(value)} where a group of keys belongs", f"such as {keys}")


def _unknown_hint(path: Path) -> str:
    plain = in_ascii(path[-1]).strip()
    if plain != path[-1] and plain in (known_keys(path[:-1]) or ()):
        return f"it has {named(path[-1]) or 'a space too many'}: write {plain}"
    return key_hint(path)


def _key(path: Path) -> str:
    text = ".".join(path)
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= 90 else f"{text[:87]}..."


def _header(key: str, value: Any, positions: dict[Path, Origin]) -> Iterator[Problem]:
    place = where(positions, (key,), "")
    if value is None:
        return
    if key == "not_modelled":
        if not isinstance(value, list):
            yield Problem(place, key, f"{shown(value)} where a list of sentences belongs", "begin each line with `- `")
            return
        for index, item in enumerate(value):
            if not isinstance(item, str):
                line = where(positions, (key, str(index)), place)
                yield Problem(line, key, f"{shown(item)} where a sentence belongs", "put it in quotes")
    elif not isinstance(value, str):
        hint = "put the text in quotes" if not isinstance(value, dict | list) else HEADER[key]
        yield Problem(place, key, f"{shown(value)} where text belongs", hint)
    elif not value.isprintable() and value.encode("utf-8", "replace").decode() != value:
        yield Problem(place, key, "text with broken characters", "write it again")


def validated(
    data: dict[str, Any], positions: dict[Path, Origin], fallback: str
) -> tuple[dict[str, Any], list[Problem]]:
    """The three sections, and every value of a wrong kind or out of its range.

    Args:
        data: Merged plain data with known keys only.
        positions: Where each key was given.
        fallback: Name of the file, for a key whose place is unknown.
    """
    sections: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, section in SECTIONS.items():
        try:
            sections[name] = section.model_validate(data.get(name, {}))
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=False):
                path = (name, *(str(part) for part in detail["loc"]))
                place = where(positions, path, fallback)
                problems.append(Problem(place, _key(path), *_described(detail["type"], detail["input"], path)))
    return sections, problems


def _described(kind: str, given: Any, path: Path) -> tuple[str, str]:
    row = parameter_table().get(".".join(path)) or parameter_table().get(".".join(path[:-1]))
    allowed = allowed_text(row) if row else ""
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"{shown(given)} is out of range", f"allowed {allowed}"
    wanted = _WANTED.get(kind, "")
    message = f"{shown(given)} is not {wanted}" if wanted else f"{shown(given)} cannot be used"
    return message, "; ".join(
        part for part in (_why(given, row.choices if row else (), wanted), _allowed(allowed, wanted)) if part
    )


def _allowed(allowed: str, wanted: str) -> str:
    return f"allowed {allowed}" if allowed and allowed != wanted else ""


def _why(given: Any, choices: tuple[str, ...], wanted: str) -> str:
    if not isinstance(given, str):
        return "a number is wanted, not a switch" if isinstance(given, bool) and "number" in wanted else ""
    if odd := named(given):
        return f"it has {odd}: write {in_ascii(given).strip()[:40]}"
    if choices:
        near = closest(given, choices)
        return f"did you mean {near}?" if near else ""
    if wanted == "true or false":
        switch = _SWITCHES.get(given.lower(), given.lower() if given.lower() in ("true", "false") else "")
        return f"write {switch} without quotes" if switch else ""
    return next((why for pattern, why in _WHY_TEXT if re.fullmatch(pattern, given.strip())), "")
