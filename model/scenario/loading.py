"""From a file or a name to a scenario."""

from pathlib import Path
from typing import Any

from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario.checking import structure_problems, where
from qipan.model.scenario.finding import find_scenario, printed_path, read_text, scenario_name
from qipan.model.scenario.folders import place_folders
from qipan.model.scenario.merging import Settings, merged, settings_sources
from qipan.model.scenario.record import Scenario, build
from qipan.model.scenario.source import Source, read_source
from qipan.model.scenario.table import key_names


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
    source = read_source(read_text(path), file, key_names())
    problems = [*source.problems, *place_folders(source, path.parent), *structure_problems(source)]
    whole = merged(Source(), source)
    if isinstance(source.data.get("extends"), str):
        base, base_problems = _base(source, path, file)
        problems += base_problems
        whole = _over(base, source)
    for setting in _settings(set, problems):
        problems += structure_problems(setting)
        whole = merged(whole, setting)
    return build(whole, scenario_name(path), path, _in_order(problems), file)


def _settings(settings: Settings, problems: list[Problem]) -> list[Source]:
    try:
        return settings_sources(settings)
    except ScenarioError as error:
        problems.extend(error.problems)
        return []


def _base(source: Source, path: Path, file: str) -> tuple[Source, list[Problem]]:
    place = where(source.positions, ("extends",), file)
    try:
        base_path = find_scenario(source.data["extends"], path.parent, place, "extends")
        if base_path.resolve() == path.resolve():
            raise ScenarioError(
                Problem(place, "extends", "the scenario extends itself", "name another file as the base")
            )
        base_file = printed_path(base_path)
        base = read_source(read_text(base_path), base_file, key_names())
    except ScenarioError as error:
        return Source(), list(error.problems)
    problems = [*base.problems, *place_folders(base, base_path.parent), *structure_problems(base)]
    if base.data.get("extends") is not None:
        problems.append(_second_level(base, base_path, path, place, base_file))
    return base, problems


def _second_level(base: Source, base_path: Path, path: Path, place: str, base_file: str) -> Problem:
    further = str(base.data["extends"])
    try:
        circle = find_scenario(further, base_path.parent).resolve() == path.resolve()
    except ScenarioError:
        circle = False
    if circle:
        return Problem(place, "extends", f"a circle: {base_file} extends this file", "one of the two must be a base")
    message = f"{base_file} has a base of its own ({further[:60]}); there is one level of bases"
    return Problem(place, "extends", message, f"extend {further[:60]}, and repeat here what you need")


HEADER_OF_A_FILE = ("title", "title_zh", "question", "source", "extends")


def _over(base: Source, source: Source) -> Source:
    """The file over its base: a header describes its own file only, but what a base leaves out stays left out."""
    kept: dict[str, Any] = {key: value for key, value in base.data.items() if key not in HEADER_OF_A_FILE}
    whole = merged(merged(Source(), Source(kept, base.positions, empty=base.empty)), source)
    lists = [data.get("not_modelled") for data in (base.data, source.data)]
    whole.data["not_modelled"] = [line for lines in lists if isinstance(lines, list) for line in lines]
    return whole


def _in_order(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))
