"""From a file or a name to a scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qipan.model.errors import COMMAND_LINE, Problem, ScenarioError
from qipan.model.scenario.checking import structure_problems, where
from qipan.model.scenario.consistency import idle_settings
from qipan.model.scenario.finding import find_scenario, printed_path, read_text, scenario_name
from qipan.model.scenario.folders import place_folders, place_plan
from qipan.model.scenario.merging import PYTHON, Settings, merged, settings_sources
from qipan.model.scenario.record import Scenario, build
from qipan.model.scenario.source import Source, read_source
from qipan.model.scenario.table import key_names
from qipan.model.scenario.timeline import arranged


def load_scenario(name_or_path: str | Path, set: Settings = ()) -> Scenario:
    """Load a scenario, lay it over its base, apply settings, and check all of it.

    Args:
        name_or_path: A path, or the name of a scenario that comes with the model (`national-design`, `theory/game`).
        set: Values that win over the files: texts `key=value`, or values by dotted key.

    Raises:
        ScenarioError: With every problem of the files and the settings: where, what was given, what is allowed.

    Example:
        >>> load_scenario("baseline", {"run.replicates": 10}).run.replicates
        10
    """
    path = find_scenario(name_or_path)
    file = printed_path(path)
    sources, problems = _with_bases(path, file)
    whole = merged(Source(), sources[-1][1])
    for _, source in reversed(sources[:-1]):
        whole = _over(whole, source)
    for setting in _settings(set, problems):
        problems += [*setting.problems, *structure_problems(setting)]
        whole = merged(whole, setting)
    bases = tuple(base for base, _ in sources[1:])
    scenario = build(whole, scenario_name(path), path, _in_order(problems), file, bases)
    _no_idle_settings(scenario, sources[0][1])
    return scenario


def _no_idle_settings(scenario: Scenario, source: Source) -> None:
    """Refuse settings of a coordinator in a diff that has none; a base may bring them for those that have one."""
    own = {".".join(path): origin for path, origin in source.positions.items()}
    idle = [problem for key, problem in idle_settings(scenario) if scenario.origins.get(key) == own.get(key, "")]
    if idle and source.data.get("extends"):
        raise ScenarioError(idle)


def _settings(settings: Settings, problems: list[Problem]) -> list[Source]:
    try:
        return settings_sources(settings, PYTHON if isinstance(settings, Mapping) else COMMAND_LINE)
    except ScenarioError as error:
        problems.extend(error.problems)
        return []


def _with_bases(path: Path, file: str) -> tuple[list[tuple[str, Source]], list[Problem]]:
    """The file and the bases below it, from the top down, each with its name, and the problems of all of them."""
    source = read_source(read_text(path), file, key_names())
    sources, paths = [(file, source)], [path.resolve()]
    problems = _problems(source, path)
    while isinstance(named := source.data.get("extends"), str):
        place = where(source.positions, ("extends",), file)
        try:
            path = find_scenario(named, path.parent, place, "extends")
            _no_circle(path.resolve(), paths, place, file)
            file = printed_path(path)
            source = read_source(read_text(path), file, key_names())
        except ScenarioError as error:
            problems += error.problems
            break
        sources.append((file, source))
        paths.append(path.resolve())
        problems += _problems(source, path)
    return sources, problems


def _problems(source: Source, path: Path) -> list[Problem]:
    return [
        *source.problems,
        *place_folders(source, path.parent),
        *place_plan(source, path.parent),
        *arranged(source),
        *structure_problems(source),
    ]


def _no_circle(base: Path, paths: list[Path], place: str, file: str) -> None:
    if len(paths) > MOST_BASES:
        raise ScenarioError(Problem(place, "extends", f"more than {MOST_BASES} bases below each other", "join some"))
    if base not in paths:
        return
    if base == paths[-1]:
        raise ScenarioError(Problem(place, "extends", "the scenario extends itself", "name another file as the base"))
    first = printed_path(base)
    hint = "one of them must be a base without a base"
    raise ScenarioError(Problem(place, "extends", f"a circle: {file} extends {first}, which is based on it", hint))


MOST_BASES = 100
HEADER_OF_A_FILE = ("title", "title_zh", "question", "question_zh", "source", "extends")


def _over(base: Source, source: Source) -> Source:
    """A file over what is below it: a header describes its own file only, but what a base leaves out stays left out."""
    kept: dict[str, Any] = {key: value for key, value in base.data.items() if key not in HEADER_OF_A_FILE}
    below = merged(Source(), Source(kept, base.positions, empty=base.empty))
    below.cleared, below.notes = base.cleared, base.notes
    whole = merged(below, source)
    lists = [data.get("not_modelled") for data in (base.data, source.data)]
    whole.data["not_modelled"] = [line for lines in lists if isinstance(lines, list) for line in lines]
    return whole


def _in_order(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
