"""A notice: the key of a phrase and what its blanks hold, so that it can be said in any language, counted and found.

Phrases stand in tables with the columns key, en and zh; those of what the model itself tells are in notices.csv here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias, Union

LANGUAGES = ("en", "zh")
BETWEEN = ("; ", "；")
"""What stands between the parts of a value that is several."""
OWN = Path(__file__).resolve().parent / "notices.csv"
Phrases: TypeAlias = Mapping[str, tuple[str, str]]
Value: TypeAlias = Union[str, int, "Notice", tuple["Value", ...]]


@dataclass(frozen=True)
class Notice:
    """Something that a reader is told.

    Args:
        key: Of its phrase.
        values: What the blanks of the phrase hold: texts and counts as they are printed, other notices, several of one.
        text: The same in English.
    """

    key: str
    values: tuple[tuple[str, Value], ...]
    text: str

    def __str__(self) -> str:
        return self.text


def read_phrases(path: Path) -> dict[str, tuple[str, str]]:
    """English and Chinese of each phrase of a table by its key.

    Raises:
        ValueError: A key stands twice.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["key"], (row["en"], row["zh"])) for row in csv.DictReader(file)]
    found = dict(rows)
    if len(found) < len(rows):
        raise ValueError(f"{path.name}: a key stands twice")
    return found


@cache
def model_phrases() -> dict[str, tuple[str, str]]:
    """The phrases of what the model itself tells."""
    return read_phrases(OWN)


def notice(key: str, **values: Value) -> Notice:
    """A notice of the model; raises KeyError for a phrase that does not exist or a blank that nothing fills.

    Example:
        >>> print(notice("own_intensity", name="Henan", value="12.00%"))
        Henan: R&D over GDP is 12.00%
    """
    return made(model_phrases(), key, values)


def both(english: object, chinese: object) -> Notice:
    """A name in both languages, for a blank."""
    return notice("both", en=str(english), zh=str(chinese) or str(english))


def made(phrases: Phrases, key: str, values: Mapping[str, Value]) -> Notice:
    """A notice with a phrase of some table."""
    return Notice(key, tuple(values.items()), filled(phrases, key, values, "en"))


def filled(phrases: Phrases, key: str, values: Mapping[str, Value], language: str) -> str:
    """A phrase in a language with its blanks filled."""
    return phrases[key][LANGUAGES.index(language)].format(
        **{name: in_words(phrases, value, language) for name, value in values.items()}
    )


def in_words(phrases: Phrases, value: Value, language: str) -> str:
    """What a blank holds, in a language."""
    if isinstance(value, Notice):
        return filled(phrases, value.key, dict(value.values), language)
    if isinstance(value, tuple):
        return BETWEEN[LANGUAGES.index(language)].join(in_words(phrases, part, language) for part in value)
    return str(value)
