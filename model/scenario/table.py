"""The parameter table as the loader reads it: every key of a scenario file, and what is said about it in messages."""

import difflib
from collections.abc import Iterable
from functools import cache
from typing import Any

from qipan.model.errors import Problem, ScenarioError
from qipan.model.extend.registry import LEVERS, additions
from qipan.model.parameters import Parameter, Policy, Run, Section, WorldChoice, parameters

SECTIONS: dict[str, type[Section]] = {"world": WorldChoice, "policy": Policy, "run": Run}
HEADER = {
    "title": "What the scenario is, in a few words.",
    "title_zh": "The title in Chinese.",
    "question": "The question the scenario answers.",
    "question_zh": "The question in Chinese.",
    "source": "Where its numbers come from.",
    "not_modelled": "What it leaves out: a list of sentences. Those of the base are kept.",
    "extends": "The base: a scenario file or name whose values hold where this file is silent.",
}


VARIED = {
    "policy.timeline": "a list of entries",
    "policy.regions": "settings by region",
    "policy.coordination.plan": "a file of a plan, or its rows",
}
"""Keys that hold settings of other keys."""


def parameter_table() -> dict[str, Parameter]:
    """Every parameter by its dotted path in a scenario file, in the order of the sections."""
    return _parameter_table(_stamp())


def _stamp() -> tuple[int, int]:
    """Changes when something is added, after what was asked for has been: it may have brought keys."""
    return len(LEVERS), additions()


@cache
def _parameter_table(stamp: tuple[int, int]) -> dict[str, Parameter]:
    rows = (row for name, section in SECTIONS.items() for row in parameters(section, f"{name}."))
    return {row.path: row for row in rows}


@cache
def key_names() -> frozenset[str]:
    """Every name that a key of a scenario file may have, at any depth."""
    return frozenset({*HEADER, *(name for path in parameter_table() for name in path.split("."))})


@cache
def known_keys(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """Keys allowed under a path of the file, or None when the path is a value or unknown."""
    return _known_keys(path, _stamp())


@cache
def _known_keys(path: tuple[str, ...], stamp: tuple[int, int]) -> tuple[str, ...] | None:
    if not path:
        return (*HEADER, *SECTIONS)
    section = SECTIONS.get(path[0])
    for name in path[1:]:
        field = section.model_fields.get(name) if section else None
        kind = field.annotation if field else None
        section = kind if isinstance(kind, type) and issubclass(kind, Section) else None
    return tuple(section.model_fields) if section else None


def setting_path(name: str, where: str) -> str:
    """The dotted path of a parameter that is given by its last name alone, such as `levy`, or by its path.

    Raises:
        ScenarioError: No parameter has this name, or several have.

    Example:
        >>> setting_path("levy", "PolicyModel")
        'policy.coordination.levy'
    """
    if name in parameter_table() or "." in name:
        return name
    paths = [path for path in parameter_table() if path.rpartition(".")[2] == name]
    if len(paths) == 1:
        return paths[0]
    if paths:
        hint = f"give {' or '.join(paths)}, as in **{{{paths[0]!r}: ...}}"
        raise ScenarioError(Problem(where, name, "several settings have this name", hint))
    near = closest(name, {path.rpartition(".")[2]: None for path in parameter_table()})
    hint = f"did you mean {near}?{_range(near)}" if near else "see `qipan list parameters`"
    raise ScenarioError(Problem(where, name, "unknown setting", hint))


def allowed_text(row: Parameter) -> str:
    """What a parameter may be, in words: its range with unit, its choices, or its kind.

    Example:
        >>> allowed_text(parameter_table()["run.first_year"])
        '1900 to 9000 year'
    """
    if row.choices:
        return " | ".join(row.choices)
    if row.path in VARIED:
        return VARIED[row.path]
    if row.allowed:
        unit = "" if row.unit == "1" else f" {row.unit}"
        low, high = (f"{limit:g}" if isinstance(limit, float) else str(limit) for limit in row.allowed)
        return f"{low} to {high}{unit}"
    return {bool: "true or false", str: "text", list: "a list of numbers"}.get(type(row.default), "")


def closest(word: str, words: Iterable[str], likeness: float = 0.6) -> str:
    """The known word most like a given one, or an empty text when none is near.

    Example:
        >>> closest("leverge", ["leverage", "levy"])
        'leverage'
    """
    close = difflib.get_close_matches(word.lower()[:80], list(words), n=1, cutoff=likeness)
    return close[0] if close else ""


def key_hint(path: tuple[str, ...]) -> str:
    """What to write instead of an unknown key: a neighbour with a similar name, or the same name elsewhere."""
    siblings = known_keys(path[:-1]) or ()
    near = closest(path[-1], siblings)
    if near:
        return f"did you mean {near}?{_range('.'.join((*path[:-1], near)))}"
    elsewhere = {row.rpartition(".")[2]: row for row in reversed(parameter_table())}
    far = elsewhere.get(closest(path[-1], elsewhere, likeness=0.8))
    if far:
        return f"did you mean {far}?{_range(far)}"
    return f"known here: {', '.join(siblings)}" if len(siblings) <= 12 else "see `qipan list parameters`"


def _range(path: str) -> str:
    row = parameter_table().get(path)
    return f" ({allowed_text(row)})" if row and allowed_text(row) else ""


def shown(value: Any) -> str:
    """A given value as a message shows it."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false"}.get(value, "nothing") if value is not None else "nothing"
    if isinstance(value, dict | list | tuple):
        return "a group of keys" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
