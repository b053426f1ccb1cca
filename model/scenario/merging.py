"""How a scenario is put together: a base, a diff on it, values set on the command line.

Mappings merge key by key; lists and single values replace; null takes a key back to its default in the parameter table.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from qipan.model.errors import COMMAND_LINE, Problem, ScenarioError
from qipan.model.notices.notice import notice
from qipan.model.scenario.folders import place_folders, place_plan
from qipan.model.scenario.source import Origin, Path, Source, in_ascii, named, plain_value, read_source
from qipan.model.scenario.table import parameter_table, shown
from qipan.model.scenario.timeline import arranged

PYTHON = "set in Python"
NULL_HINT = "write key=value, or key=null to go back to the default"
SET_HINT = "write key=value, such as policy.coordination.levy=0.1"

Settings = Mapping[str, object] | Sequence[str]


def merged(base: Source, diff: Source) -> Source:
    """A diff laid over a base; neither is changed."""
    result = Source(
        _copied(base.data), dict(base.positions), cleared={**base.cleared}, notes=[*base.notes, *diff.notes]
    )
    _lay(result, result.data, diff.data, (), diff)
    return result


def _copied(data: dict[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}


def _lay(result: Source, below: dict[str, Any], above: dict[str, Any], path: Path, diff: Source) -> None:
    places = result.positions
    for key, value in above.items():
        inside = (*path, key)
        if inside in diff.empty:
            continue
        if isinstance(value, dict):
            if not isinstance(below.get(key), dict):
                below[key] = {}
            places[inside] = diff.positions[inside]
            _lay(result, below[key], value, inside, diff)
            continue
        lost = _lost(below.get(key), inside, places) if value is None else {}
        for known in (places, result.cleared):
            for place in [place for place in known if place[: len(inside)] == inside]:
                del known[place]
        below.pop(key, None)
        if value is not None:
            below[key] = value
            places.update({place: origin for place, origin in diff.positions.items() if place[: len(inside)] == inside})
        elif lost:
            origin = diff.positions[inside]
            result.cleared.update(dict.fromkeys(lost, origin))
            message = notice("null_takes_one" if len(lost) == 1 else "null_takes", lost=", ".join(lost.values()))
            result.notes.append(Problem(str(origin), ".".join(inside), message))


def _lost(value: Any, path: Path, places: Mapping[Path, Origin]) -> dict[Path, str]:
    """Parameters that a null takes back to their defaults, with both values in words."""
    known = {inside: given for inside, given in _leaves(value, path) if ".".join(inside) in parameter_table()}
    return {
        inside: f"{'.'.join(inside[len(path) :]) or path[-1]} {shown(given)} ({places[inside]}) -> "
        f"{shown(parameter_table()['.'.join(inside)].default)}"
        for inside, given in known.items()
    }


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _leaves(inside, (*path, key))
    elif value is not None:
        yield path, value


def settings_sources(settings: Settings, file: str = COMMAND_LINE) -> list[Source]:
    """One source for each value set from outside the files, in order, with its problems: the last one wins.

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
        raise ScenarioError(Problem(file, text[:60], _odd_equals(text) or "no key=value", SET_HINT))
    if not value.strip():
        raise ScenarioError(Problem(file, key.strip()[:60], "nothing is given", NULL_HINT))
    return key, _read_value(key.strip(), value.strip(), file)


def _odd_equals(text: str) -> str:
    return f"{named(text)} instead of =" if "=" in in_ascii(text) else ""


def _read_value(key: str, text: str, file: str) -> object:
    if text.startswith(("[", "{", '"', "'")):
        try:
            source = read_source(f"value: {text}", file)
        except ScenarioError as error:
            raise ScenarioError(Problem(file, key, error.problems[0].message, error.problems[0].hint)) from None
        if source.problems:
            raise ScenarioError(Problem(file, key, source.problems[0].message, source.problems[0].hint))
        if source.empty:
            inside = ".".join([key, *min(source.empty)[1:]])
            raise ScenarioError(Problem(file, inside, "nothing is given", NULL_HINT))
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
    source.problems = [*place_folders(source, FilePath()), *place_plan(source, FilePath()), *arranged(source)]
    return source


def _plain(value: Any, path: Path, source: Source, file: str) -> Any:
    if isinstance(value, Mapping):
        for key in value:
            source.positions[(*path, str(key))] = Origin(file)
        return {str(key): _plain(item, (*path, str(key)), source, file) for key, item in value.items()}
    if isinstance(value, list | tuple):
        places = [(*path, str(place)) for place in range(len(value))]
        source.positions.update(dict.fromkeys(places, Origin(file)))
        return [_plain(item, place, source, file) for place, item in zip(places, value, strict=True)]
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
