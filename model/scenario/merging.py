"""How a scenario is put together: a base, a diff on it, values set on the command line.

Mappings merge key by key; lists and single values replace; null takes a key back to its default in the parameter table.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from model.errors import Problem, ScenarioError
from model.scenario.folders import place_folders
from model.scenario.source import Origin, Path, Source, plain_value, read_source

COMMAND_LINE = "command line"
SET_HINT = "write key=value, such as policy.coordination.levy=0.1"

Settings = Mapping[str, object] | Sequence[str]


def merged(base: Source, diff: Source) -> Source:
    """A diff laid over a base; neither is changed."""
    result = Source(_copied(base.data), dict(base.positions))
    _lay(result.data, diff.data, (), result.positions, diff.positions)
    return result


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}


def _lay(
    below: dict[str, Any], above: dict[str, Any], path: Path, places: dict[Path, Origin], new: Mapping[Path, Origin]
) -> None:
    for key, value in above.items():
        inside = (*path, key)
        if isinstance(value, dict):
            if not isinstance(below.get(key), dict):
                below[key] = {}
            places[inside] = new[inside]
            _lay(below[key], value, inside, places, new)
            continue
        for place in [place for place in places if place[: len(inside)] == inside]:
            del places[place]
        below.pop(key, None)
        if value is not None:
            below[key] = value
            places.update({place: origin for place, origin in new.items() if place[: len(inside)] == inside})


def settings_sources(settings: Settings, file: str = COMMAND_LINE) -> list[Source]:
    """One source for each value set from outside the files, in order: the last one wins.

    Args:
        settings: Texts `key=value`, or values by dotted key.
        file: What messages and origins call the place.

    Raises:
        ScenarioError: A text has no `=`, or its value cannot be read.
    """
    if isinstance(settings, str):
        settings = (settings,)
    pairs = [*settings.items()] if isinstance(settings, Mapping) else [_parted(text, file) for text in settings]
    return [_setting(str(key).strip(), value, file) for key, value in pairs]


def _parted(text: str, file: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ScenarioError(Problem(file, text[:60], "no key=value", SET_HINT))
    return key, _read_value(key.strip(), value.strip(), file)


def _read_value(key: str, text: str, file: str) -> object:
    if text.startswith(("[", "{", '"', "'")):
        try:
            source = read_source(f"value: {text}", file)
        except ScenarioError as error:
            raise ScenarioError(Problem(file, key, error.problems[0].message, error.problems[0].hint)) from None
        if source.problems:
            raise ScenarioError(Problem(file, key, source.problems[0].message, source.problems[0].hint))
        return source.data["value"]
    value = plain_value(text)
    if isinstance(value, Problem):
        raise ScenarioError(Problem(file, key, value.message, value.hint))
    return value


def _setting(key: str, value: object, file: str) -> Source:
    path = tuple(key.split("."))
    if path[0] == "extends":
        raise ScenarioError(
            Problem(file, key, "the base cannot be changed from outside the file", "name another scenario")
        )
    source = Source()
    data = source.data
    for depth, name in enumerate(path, 1):
        source.positions[path[:depth]] = Origin(file)
        data[name] = {} if depth < len(path) else _plain(value, path, source, file)
        data = data[name]
    problems = place_folders(source, FilePath())
    if problems:
        raise ScenarioError(problems)
    return source


def _plain(value: Any, path: Path, source: Source, file: str) -> Any:
    if isinstance(value, Mapping):
        for key in value:
            source.positions[(*path, str(key))] = Origin(file)
        return {str(key): _plain(item, (*path, str(key)), source, file) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, path, source, file) for item in value]
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
