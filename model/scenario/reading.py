"""YAML text to plain data, on top of ruamel.yaml's event parser.

Loaded when the first file is read, not when `model` is imported. The text is parsed once: what scenario files do not
have is refused on the way, and the events become a tree of `Place`s.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario.source import Origin, Path, Source, named, plain_value

DEPTH_LIMIT = 20
NODE_LIMIT = 5_000


@dataclass(frozen=True)
class TextNode:
    """A node of the text: where it begins, and a scalar, a list of places, or a list of pairs of places.

    Attributes:
        line, column: From 1.
        quoted: Whether a scalar is in quotes or a block, so that it is text whatever it says.
        value: Text, list of places, or list of (key, value) pairs.
        mapping: Whether it is a mapping.
    """

    line: int
    column: int
    value: Any
    quoted: bool = False
    mapping: bool = False


def parsed(text: str, file: str, keys: frozenset[str] = frozenset()) -> Source:
    """Plain data of YAML text.

    Raises:
        ScenarioError: The syntax is broken, or something is used that scenario files do not have.
    """
    events: list[Event] = []
    try:
        for event in _limited(YAML(typ="safe", pure=True).parse(text), file):
            events.append(event)  # noqa: PERF402 (those before an error are wanted)
        odd = odd_lines(text, file, keys, events)
        if odd:
            raise ScenarioError(odd)
        root = _root(_checked(events, file))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        upto = mark.line + 1 if mark is not None else None
        problems = odd_lines(text, file, keys, events, upto) or [_syntax_problem(error, file, text)]
        raise ScenarioError(problems) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ScenarioError(Problem(file, "", f"not readable as YAML: {str(error).splitlines()[0]}")) from None
    if root is None:
        _refuse(file, "the file is empty", "write at least a title and `extends: baseline.yaml`")
    if not root.mapping:
        where = f"{file}:{root.line}:{root.column}"
        _refuse(
            where,
            "not a mapping of keys to values",
            "begin with keys such as `title:` and `policy:` (colon and space, both ASCII)",
        )
    source = Source()
    source.data = _mapping(root, (), file, source)
    return source


def _refuse(where: str, message: str, hint: str) -> NoReturn:
    raise ScenarioError(Problem(where, "", message, hint))


def _limited(events: Iterator[Event], file: str) -> Iterator[Event]:
    """The events, until there are too many: a bomb is never unpacked."""
    depth = documents = nodes = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        documents += isinstance(event, DocumentStartEvent)
        nodes += isinstance(event, NodeEvent)
        problem = _too_much(depth, documents, nodes)
        if problem:
            _refuse(f"{file}:{event.start_mark.line + 1}", *problem)
        yield event


def _too_much(depth: int, documents: int, nodes: int) -> tuple[str, str] | None:
    if depth > DEPTH_LIMIT:
        return f"nested more than {DEPTH_LIMIT} levels deep", "a scenario needs five"
    if nodes > NODE_LIMIT:
        return f"more than {NODE_LIMIT} values", "a scenario is a small diff on a base"
    if documents > 1:
        return "a second document begins (`---`)", "one scenario a file"
    return None


def _checked(events: list[Event], file: str) -> Iterator[Event]:
    """The events, if none of them is something that scenario files do not use."""
    problems = [
        Problem(
            f"{file}:{event.start_mark.line + 1}:{event.start_mark.column + 1}",
            "",
            f"{feature} is not used in scenario files",
            "write the value out",
        )
        for event in events
        if (feature := _feature(event))
    ]
    if problems:
        raise ScenarioError(problems[:20])
    return iter(events)


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


def _root(events: Iterator[Event]) -> TextNode | None:
    """The one node of the document; None where there is none."""
    first = next((event for event in events if isinstance(event, NodeEvent)), None)
    return None if first is None else _node(first, events)


def _node(event: Event, events: Iterator[Event]) -> TextNode:
    line, column = event.start_mark.line + 1, event.start_mark.column + 1
    if isinstance(event, ScalarEvent):
        return TextNode(line, column, event.value, quoted=event.style is not None)
    inside: list[TextNode] = []
    while not isinstance(event_inside := next(events), CollectionEndEvent):
        inside.append(_node(event_inside, events))
    if isinstance(event, MappingStartEvent):
        return TextNode(line, column, list(zip(inside[::2], inside[1::2], strict=True)), mapping=True)
    return TextNode(line, column, inside)


def _syntax_problem(error: MarkedYAMLError, file: str, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark is not None else file
    what = " ".join(str(error.problem or error.context or "syntax error").split())
    hint = "check indentation, colons and quotes near this line"
    if "mapping values" in what:
        hint = "put a text with a colon in quotes, or indent this line like its neighbours"
    line = lines_of(text)[mark.line : mark.line + 1] if mark is not None else []
    if line and (odd := named(re.sub(r"[^\W\d_]", "", line[0]))):
        hint = f"this line has {odd}; {hint}"
    return Problem(where, "", f"not valid YAML: {what}", hint)


def _mapping(node: TextNode, path: Path, file: str, source: Source) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        position = Origin(file, key_node.line, key_node.column)
        key = key_node.value if isinstance(key_node.value, str) else None
        inside = (*path, str(key))
        if key is None or (key == "<<" and not key_node.quoted):
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


def _value(node: TextNode, path: Path, file: str, source: Source) -> Any:
    if node.mapping:
        return _mapping(node, path, file, source)
    if isinstance(node.value, list):
        items = []
        for index, item in enumerate(node.value):
            source.positions[(*path, str(index))] = Origin(file, item.line, item.column)
            items.append(_value(item, (*path, str(index)), file, source))
        return items
    if node.quoted:
        return node.value
    if not node.value:
        source.empty.add(path)
    value = plain_value(node.value)
    if isinstance(value, Problem):
        place = f"{file}:{node.line}:{node.column}"
        source.problems.append(Problem(place, ".".join(path), value.message, value.hint))
        return None
    return value


_SPACE = "[\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
_INDENT = re.compile(rf" *(?P<odd>{_SPACE})(?: |{_SPACE})*\S")
_COLON = re.compile(
    rf" *[\"']?(?P<key>[A-Za-z_][\w.-]*)[\"']? *(?:(?P<odd>[：﹕︰∶]|{_SPACE}(?= *:))|:(?P<after>{_SPACE}))"
)


def odd_lines(
    text: str, file: str, keys: frozenset[str], events: Iterable[Event], upto: int | None = None
) -> list[Problem]:
    """Lines that a full-width colon or a space that is none keeps from being read as they look.

    Args:
        text: The text.
        file: Its name.
        keys: Names of keys: before a full-width colon anything else may be text.
        events: What the parser made of the text, as far as it came; the inside of texts is left alone.
        upto: Number of the last line to look at.
    """
    styled, plain = _inside(events)
    problems = []
    for number, line in enumerate(lines_of(text)[:upto], 1):
        indent, colon = _INDENT.match(line), _COLON.match(line)
        if indent and number not in styled | plain:
            message, column = f"{named(indent['odd'])} in the indentation", indent.start("odd")
            problems.append(Problem(f"{file}:{number}:{column + 1}", "", message, "indent with spaces of the keyboard"))
        elif colon and colon["key"] in keys and number not in styled:
            group = "odd" if colon["odd"] else "after"
            message, column = f"{named(colon[group])} after {colon['key']}", colon.start(group)
            hint = f"write `{colon['key']}: `, colon and space of the keyboard"
            problems.append(Problem(f"{file}:{number}:{column + 1}", "", message, hint))
    return problems[:20]


def _inside(events: Iterable[Event]) -> tuple[set[int], set[int]]:
    """Numbers of the lines inside texts in quotes or blocks, and inside plain ones, but for their first."""
    styled, plain = set[int](), set[int]()
    for event in events:
        if isinstance(event, ScalarEvent):
            block = event.style in ("|", ">")
            lines = range(event.start_mark.line + 2, event.end_mark.line + (1 if block else 2))
            (styled if event.style else plain).update(lines)
    return styled, plain


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    return re.split(r"\r\n|\r|\n", text)


def tab_problems(text: str, file: str) -> list[Problem]:
    """Every tab character of the text, the first of each line."""
    lines = lines_of(text)
    return [
        Problem(f"{file}:{number}:{line.index(chr(9)) + 1}", "", "a tab character", "indent and separate with spaces")
        for number, line in enumerate(lines, 1)
        if "\t" in line
    ]
