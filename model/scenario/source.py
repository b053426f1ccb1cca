"""The text of a YAML file as plain data, and where each value stands. Nothing is lost in silence.

Anchors, aliases, tags, merge keys, directives, several documents, duplicate keys, tabs, and numbers that are not plain
decimal numbers are refused, each with its line.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from model.errors import Problem, ScenarioError

SIZE_LIMIT = 64 * 1024
DEPTH_LIMIT = 20
NODE_LIMIT = 5_000
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
    _refuse_tabs(text, file)
    try:
        _refuse_features(YAML(typ="safe", pure=True).parse(text), file)
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise ScenarioError(_syntax_problem(error, file)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ScenarioError(Problem(file, "", f"not readable as YAML: {str(error).splitlines()[0]}")) from None
    source = Source()
    if root is None:
        raise ScenarioError(
            Problem(file, "", "the file is empty", "write at least a title and `extends: baseline.yaml`")
        )
    if not isinstance(root, MappingNode):
        raise ScenarioError(Problem(str(_origin(root, file)), "", "not a mapping of keys to values", _MAPPING_HINT))
    source.data = _mapping(root, (), file, source)
    return source


_MAPPING_HINT = "begin with keys such as `title:` and `policy:` (colon and space, both ASCII)"


def _refuse_tabs(text: str, file: str) -> None:
    lines = re.split(r"\r\n|\r|\n", text)
    problems = [
        Problem(f"{file}:{number}:{line.index(chr(9)) + 1}", "", "a tab character", "indent and separate with spaces")
        for number, line in enumerate(lines, 1)
        if "\t" in line
    ]
    if problems:
        raise ScenarioError(problems[:20])


def _refuse_features(events: Iterator[Event], file: str) -> None:
    depth = documents = nodes = 0
    problems: list[Problem] = []
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        documents += isinstance(event, DocumentStartEvent)
        nodes += isinstance(event, NodeEvent)
        problem = _too_much(depth, documents, nodes)
        if problem:
            raise ScenarioError(Problem(f"{file}:{event.start_mark.line + 1}", "", *problem))
        feature = _feature(event)
        if feature:
            where = f"{file}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"
            problems.append(Problem(where, "", f"{feature} is not used in scenario files", "write the value out"))
    if problems:
        raise ScenarioError(problems[:20])


def _too_much(depth: int, documents: int, nodes: int) -> tuple[str, str] | None:
    if depth > DEPTH_LIMIT:
        return f"nested more than {DEPTH_LIMIT} levels deep", "a scenario needs five"
    if nodes > NODE_LIMIT:
        return f"more than {NODE_LIMIT} values", "a scenario is a small diff on a base"
    if documents > 1:
        return "a second document begins (`---`)", "one scenario a file"
    return None


def _feature(event: Event) -> str:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, AliasEvent):
        return f"the alias *{anchor}"
    if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
        return "a % directive"
    if anchor:
        return f"the anchor &{anchor}"
    if tag:
        return f"the tag {tag}"
    return ""


def _syntax_problem(error: MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark is not None else file
    what = " ".join(str(error.problem or error.context or "syntax error").split())
    hint = "check indentation, colons and quotes near this line"
    if "mapping values" in what:
        hint = "put a text with a colon in quotes, or indent this line like its neighbours"
    return Problem(where, "", f"not valid YAML: {what}", hint)


def _origin(node: Node, file: str) -> Origin:
    return Origin(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _mapping(node: MappingNode, path: Path, file: str, source: Source) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        position = _origin(key_node, file)
        key = key_node.value if isinstance(key_node, ScalarNode) else None
        inside = (*path, str(key))
        if key is None or (key == "<<" and getattr(key_node, "style", None) is None):
            what = "a list or mapping as a key" if key is None else "the merge key <<"
            source.problems.append(Problem(str(position), ".".join(path), f"{what} is not used in scenario files"))
        elif key in result:
            first = source.positions[inside].line
            source.problems.append(
                Problem(str(position), ".".join(inside), f"given twice, first in line {first}", "keep one")
            )
        else:
            source.positions[inside] = position
            result[key] = _value(value_node, inside, file, source)
    return result


def _value(node: Node, path: Path, file: str, source: Source) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, path, file, source)
    if isinstance(node, SequenceNode):
        items = []
        for index, item in enumerate(node.value):
            source.positions[(*path, str(index))] = _origin(item, file)
            items.append(_value(item, (*path, str(index)), file, source))
        return items
    if not isinstance(node, ScalarNode) or getattr(node, "style", None) is not None:
        return node.value
    value = plain_value(node.value)
    if isinstance(value, Problem):
        source.problems.append(Problem(str(_origin(node, file)), ".".join(path), value.message, value.hint))
        return None
    return value


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
