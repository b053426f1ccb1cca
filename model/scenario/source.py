"""The text of a YAML file as plain data, and where each value stands. Nothing is lost in silence.

Anchors, aliases, tags, merge keys, directives, several documents, duplicate keys, tabs, and numbers that are not plain
decimal numbers are refused, each with its line.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from model.errors import Problem, ScenarioError

SIZE_LIMIT = 64 * 1024
DIGIT_LIMIT = 19

Path = tuple[str, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?")
_NUMBER_LIKE = re.compile(r"[-+]?(0[xob][0-9a-fA-F_]+|[0-9][0-9_]*|\.(inf|Inf|INF|nan|NaN|NAN))")
_CONSTANTS = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True,
              "false": False, "False": False, "FALSE": False}  # fmt: skip


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
    """Plain data of one file, where each key stands, and the problems met on the way."""

    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_source(text: str, file: str) -> Source:
    """Read YAML text.

    Args:
        text: Decoded text of the file.
        file: Name of the file for messages.

    Raises:
        ScenarioError: The syntax is broken, or something is used that scenario files do not have.
    """
    from model.scenario.reading import parsed, tab_problems

    problems = tab_problems(text, file)
    if problems:
        raise ScenarioError(problems[:20])
    return parsed(text, file)


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


def in_ascii(text: str) -> str:
    """Text with full-width letters, digits and punctuation made ASCII.

    Example:
        >>> in_ascii("０．５")
        '0.5'
    """
    return unicodedata.normalize("NFKC", text)
