"""Warnings and notes: made where they arise, said in the reader's language when they are shown, stored as they are.

A stored one has its key, its values and its English sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qipan.experiments.words.phrases import TEXT
from qipan.model.notices.notice import Notice, Value, filled, made


def warning(key: str, **values: Value) -> Notice:
    """A warning with a phrase of the phrase table; raises KeyError for a phrase or a blank that does not exist.

    Example:
        >>> print(warning("warning_points_left", count=2, points=16))
        2 of 16 points left out: too few replicates.
    """
    return made(TEXT, key, values)


def warned(told: Notice, language: str) -> str:
    """A warning in a language.

    Example:
        >>> warned(warning("warning_trials_unfinished"), "zh")
        '假设排序尚未完成；执行相同命令可继续。'
    """
    return filled(TEXT, told.key, dict(told.values), language)


def stored(told: Notice) -> dict[str, Any]:
    """A warning as a manifest holds it."""
    return {**_plain(told), "text": told.text}


def _plain(value: Value) -> Any:
    if isinstance(value, Notice):
        return {"key": value.key, "values": {name: _plain(part) for name, part in value.values}}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def from_stored(entry: Mapping[str, Any]) -> Notice:
    """A warning of a manifest; raises KeyError, TypeError or ValueError where it is none."""
    value = _value({"key": entry["key"], "values": entry["values"]})
    assert isinstance(value, Notice)
    warned(value, "zh")
    return value


def _value(entry: Any) -> Value:
    if isinstance(entry, Mapping):
        if not isinstance(entry["key"], str) or not isinstance(entry["values"], Mapping):
            raise TypeError("a warning")
        return warning(entry["key"], **{str(name): _value(part) for name, part in entry["values"].items()})
    if isinstance(entry, list):
        return tuple(map(_value, entry))
    if isinstance(entry, str | int):
        return entry
    raise TypeError("a warning")
