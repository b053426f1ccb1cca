"""The text of a YAML file as plain data, and where each value stands. Nothing is lost in silence.

Anchors, aliases, tags, merge keys, directives, several documents, duplicate keys, tabs, and numbers that are not plain
decimal numbers are refused, each with its line.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from qipan.model.errors import Problem, ScenarioError

SIZE_LIMIT = 64 * 1024
DIGIT_LIMIT = 19

Path = tuple[str, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_NUMBER_LIKE = re.compile(r"[-+]?(0[xob][0-9a-fA-F_]+|[0-9][0-9_]*|\.(inf|Inf|INF|nan|NaN|NAN))")
_CONSTANTS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass(frozen=True)
class Origin:
    """Where a value stands: file, line and column, both from 1 (0: the whole file)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass
class Source:
    """Plain data of one file, where each key stands, and the problems met on the way.

    Attributes:
        empty: Keys with nothing after the colon: not the null that takes a key back to its default.
        cleared: Keys that a null took back to their defaults, with its place.
        notes: What each such null took away.
    """

    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    empty: set[Path] = field(default_factory=set)
    cleared: dict[Path, Origin] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)

    def move(self, path: Path, places: Iterable[int]) -> None:
        """Positions of the items of a list of which only those that stood at `places` are kept, in that order."""
        kept = {str(old): str(new) for new, old in enumerate(places)}
        depth = len(path)
        inside = {key: origin for key, origin in self.positions.items() if key[:depth] == path and len(key) > depth}
        for key in inside:
            del self.positions[key]
        self.positions.update(
            {(*path, kept[key[depth]], *key[depth + 1 :]): each for key, each in inside.items() if key[depth] in kept}
        )


def read_source(text: str, file: str, keys: Iterable[str] = ()) -> Source:
    """Read YAML text.

    Args:
        text: Decoded text of the file.
        file: Name of the file for messages.
        keys: Names of keys, by which a line is known that begins with one and a full-width colon.

    Raises:
        ScenarioError: The syntax is broken, or something is used that scenario files do not have.
    """
    from qipan.model.scenario.reading import parsed, tab_problems

    problems = tab_problems(text, file)
    if problems:
        raise ScenarioError(problems[:20])
    return parsed(text, file, frozenset(keys))


def plain_value(text: str) -> Any:
    """The value of unquoted text: null, true or false, a decimal number, or text; a Problem when it is a bad number.

    Example:
        >>> plain_value("0.5"), plain_value("yes"), plain_value("0x10").message
        (0.5, 'yes', '0x10 is not a plain decimal number')
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= DIGIT_LIMIT else Problem("", "", f"{text[:25]}... is too large", "")
    if _DECIMAL.fullmatch(text) and not re.fullmatch(r"[-+]?0[0-9]+", text):
        number = float(text)
        return number if abs(number) < float("inf") else Problem("", "", f"{text[:25]} is too large", "")
    if _NUMBER_LIKE.fullmatch(text):
        return Problem("", "", f"{text[:25]} is not a plain decimal number", "write it as 12 or 0.5 or 1.5e3")
    return text


_ALIKE = str.maketrans(
    "“”„‟″「」『』‘’‚‛′−‐‑‒–—。、【】〔〕《》\u200b\u200c\u200d\u2060\ufeff\u00ad",
    '"""""""""\'\'\'\'\'------.,[][]<>' + "\0" * 6,
)


def in_ascii(text: str) -> str:
    """Text with full-width and typographic letters, digits, punctuation and spaces made ASCII.

    Example:
        >>> in_ascii("０．５"), in_ascii("−0.5"), in_ascii("“a”")
        ('0.5', '-0.5', '"a"')
    """
    return unicodedata.normalize("NFKC", text.translate(_ALIKE)).replace("\0", "")


def named(text: str) -> str:
    """The first character of a text that should be ASCII and is not, by its name; empty where there is none.

    Example:
        >>> named("0．5"), named("0.5")
        ('a fullwidth full stop (．, U+FF0E)', '')
    """
    odd = next((character for character in text if in_ascii(character) != character), "")
    if not odd:
        return ""
    name, shown = (
        unicodedata.name(odd, "odd character").lower(),
        f"{odd}, " if odd.strip() and odd.isprintable() else "",
    )
    return f"{'an' if name[0] in 'aeio' else 'a'} {name} ({shown}U+{ord(odd):04X})"
