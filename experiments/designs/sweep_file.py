"""The file of a sweep: arms, parameters with their values, how points are chosen. Errors name file and line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario.checking import where
from qipan.model.scenario.finding import find_scenario, printed_path, read_text
from qipan.model.scenario.folders import full_path, names_folder
from qipan.model.scenario.source import Source, read_source
from qipan.model.scenario.table import allowed_text, closest, key_hint, key_names, parameter_table, shown

if TYPE_CHECKING:
    from qipan.model.parameters import Parameter

STRICT = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
Value = bool | int | float | str
WELFARE = "welfare"
TEXTS = ("title", "title_zh", "question", "question_zh")
"""Keys that only say what the experiment is: no number depends on them."""
NOT_SWEPT = (
    "run.first_year",
    "run.last_year",
    "run.replicates",
    "run.seed",
    "world.data",
    "world.tables",
    "world.sectors",
    "world.regions",
    "world.values",
    "world.initial_counts",
)


class Sweep(BaseModel):
    """An experiment as its file states it.

    Attributes:
        title, title_zh: What it is, in a few words; in Chinese.
        question, question_zh: What it asks; in Chinese.
        arms: Scenarios, at most 100; the first is the baseline of every difference.
        method: "grid" (every combination), "latin_hypercube" or "sobol" (points in the unit cube).
        points: Number of points of the last two.
        replicates: Replicates of each arm at each point, the same draws at all points.
        seed: Of the points and of all draws.
        parameters: By dotted key a list of two numbers (a range; for a grid with `steps`), or of values.
        prior: "all" adds every parameter of the table that has a plausible range.
        leave_out: Keys that `prior: all` leaves out.
        steps: Values a grid takes from a range.
        measures: Measures to keep; a yearly one is taken in the programme's last year.
        reject: Points to pass over: "delay_not_below_period" (a plan published when the next is due).
        set: Values all arms share.
    """

    model_config = STRICT

    title: str
    title_zh: str = ""
    question: str = ""
    question_zh: str = ""
    arms: list[str] = Field(min_length=1, max_length=100)
    method: Literal["grid", "latin_hypercube", "sobol"]
    points: int = Field(16, ge=1, le=100_000)
    replicates: int = Field(32, ge=2, le=1_000_000)
    seed: int = Field(1, ge=0, le=2**63 - 1)
    parameters: dict[str, list[Value]] = {}
    prior: Literal["none", "all"] = "none"
    leave_out: list[str] = []
    steps: int = Field(5, ge=2, le=1000)
    measures: list[str] = [WELFARE, "output_discounted", "investment_duplication", "excess_entry", "idle_share"]
    reject: list[Literal["delay_not_below_period"]] = []
    set: dict[str, Value] = {}

    def called(self, language: str) -> tuple[str, str]:
        """Title and question in "en" or "zh"; as they stand where the file has no Chinese ones."""
        if language == "zh":
            return self.title_zh or self.title, self.question_zh or self.question
        return self.title, self.question


def load_sweep(path: str | Path) -> tuple[Sweep, Path]:
    """Read and check the file of a sweep; a bare name is looked for in scenarios/experiments/ too.

    Raises:
        ScenarioError: every problem, with file and line.
    """
    found = _find(Path(path))
    file = printed_path(found)
    source = read_source(read_text(found), file, [*Sweep.model_fields, *parameter_table(), *key_names()])
    problems = list(source.problems)
    data = _with_dotted_keys(source.data, found.parent)
    try:
        sweep: Sweep | None = Sweep.model_validate(data)
    except ValidationError as error:
        sweep = None
        problems += _described(error, source, file)
    problems += [*_key_problems(data, source, file), *_measure_problems(data, source, file)]
    problems += _arm_problems(data, source, file)
    if sweep is None or problems:
        raise ScenarioError(dict.fromkeys(problems))
    return sweep, found


def line_of(file: Path, key: str, group: str = "parameters") -> str:
    """File and line of a parameter of a sweep's file, or of a key of another group."""
    return _place(read_source(read_text(file), printed_path(file)), printed_path(file), group, key)


ONLY_OF_SWEEPS = frozenset(Sweep.model_fields) - frozenset(TEXTS)
"""Keys that no scenario file has at its top."""


def experiment_file(path: Path) -> Path | None:
    """The file of an experiment, by its own name or that of one that comes with the model; None where there is none."""
    from qipan.model.scenario.finding import scenarios_folder

    folder = scenarios_folder() / "experiments"
    for candidate in (path, path.parent / f"{path.name}.yaml", folder / path.name, folder / f"{path.name}.yaml"):
        if os.path.isfile(candidate):  # no error over a name that no file can have
            return candidate
    return None


def is_sweep(name: str) -> bool:
    """Whether a name is that of an experiment, or a file with the keys of one."""
    try:
        found = find_scenario(name)
    except ScenarioError:
        return experiment_file(Path(name)) is not None
    try:
        return bool(ONLY_OF_SWEEPS & read_source(read_text(found), name).data.keys())
    except ScenarioError:
        return found.resolve().parent.name == "experiments"


def _find(path: Path) -> Path:
    from qipan.model.scenario.finding import scenarios_folder

    folder = scenarios_folder() / "experiments"
    if (found := experiment_file(path)) is not None:
        return found
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    hint = f"did you mean {near}?" if (near := closest(path.name, names)) else f"there are {', '.join(names)}"
    raise ScenarioError(Problem(str(path), "", "no such experiment file", hint))


def _with_dotted_keys(data: dict[str, Any], beside: Path) -> dict[str, Any]:
    """Parameters and settings may be written nested, as in a scenario, or dotted; dotted they become.

    A folder of own tables is relative to the folder of the file.
    """
    flat = dict(data)
    for key in ("parameters", "set"):
        if isinstance(data.get(key), dict):
            flat[key] = dict(_flat(data[key], ()))
    for key, value in flat["set"].items() if isinstance(flat.get("set"), dict) else ():
        if isinstance(value, str) and (names_folder(value) if key == "world.data" else key == "world.tables"):
            flat["set"][key] = full_path(value, beside).as_posix()
    return flat


def _flat(data: dict[str, Any], path: tuple[str, ...]) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        inside = (*path, key)
        pairs += _flat(value, inside) if isinstance(value, dict) else [(".".join(inside), value)]
    return pairs


def _place(source: Source, file: str, section: str, key: str) -> str:
    """File and line of a dotted or nested key of a section."""
    if (section, key) in source.positions:
        return str(source.positions[section, key])
    return where(source.positions, (section, *key.split(".")), file)


def _described(error: ValidationError, source: Source, file: str) -> list[Problem]:
    problems = []
    for detail in error.errors(include_url=False):
        path = tuple(str(part) for part in detail["loc"])
        section, key = path[0], path[1] if len(path) > 1 else ""
        place = (
            _place(source, file, section, key)
            if section in ("parameters", "set")
            else where(source.positions, path, file)
        )
        message, hint = _worded(detail, path)
        problems.append(Problem(place, ".".join(part for part in path[:2] if part), message, hint))
    return list(dict.fromkeys(problems))


def _worded(detail: Any, path: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong and what is allowed, in the words of the file."""
    if detail["type"] == "extra_forbidden":
        near = closest(path[0], Sweep.model_fields)
        return "unknown key", f"did you mean {near}?" if near else f"known here: {', '.join(Sweep.model_fields)}"
    if detail["type"] == "missing":
        return "is missing", {"method": "grid, latin_hypercube or sobol", "arms": "a list of scenarios"}.get(
            path[0], ""
        )
    return f"{shown(detail['input'])} cannot be used", f"allowed: {ALLOWED[path[0]]}"


def _span(name: str) -> str:
    """Bounds of a whole number of the file, in words."""
    limits = {type(limit).__name__: limit for limit in Sweep.model_fields[name].metadata}
    return f"a whole number from {limits['Ge'].ge} to {limits['Le'].le}"


ALLOWED = {
    **dict.fromkeys(TEXTS, "text"),
    "arms": "a list of 1 to 100 scenarios",
    "method": "grid, latin_hypercube or sobol",
    **{name: _span(name) for name in ("points", "replicates", "seed", "steps")},
    "parameters": "a list of values, or two numbers for a range",
    "prior": "none or all",
    "leave_out": "a list of keys",
    "measures": "a list of measures",
    "reject": "a list with delay_not_below_period",
    "set": "a number, text, true or false for each key",
}
"""What each key of the file may be, in words."""


def _key_problems(data: dict[str, Any], source: Source, file: str) -> list[Problem]:
    """Problems of the parameters; of what is no list of values the form of the file has been told already."""
    problems = []
    varied, fixed = (
        data.get(section) if isinstance(data.get(section), dict) else {} for section in ("parameters", "set")
    )
    for section, keys in (("parameters", varied), ("set", fixed)):
        for key, values in keys.items():
            place, row = _place(source, file, section, key), parameter_table().get(key)
            if row is None:
                problems.append(Problem(place, key, "unknown key", key_hint(tuple(key.split(".")))))
            elif section == "parameters" and isinstance(values, list):
                problems += _value_problems(row, [value for value in values if isinstance(value, Value)], place)
    if not varied and data.get("prior") in (None, "none"):
        problems.append(Problem(file, "parameters", "nothing is varied", "name parameters, or write prior: all"))
    if data.get("prior") == "all" and data.get("method") == "grid":
        problems.append(
            Problem(
                where(source.positions, ("prior",), file),
                "prior",
                "a grid over all parameters",
                "use latin_hypercube or sobol",
            )
        )
    return problems


def _value_problems(row: Parameter, values: list[Value], place: str) -> list[Problem]:
    if row.path in NOT_SWEPT:
        return [Problem(place, row.path, "cannot be swept: arms could not be paired", "put it under set:")]
    if not values:
        return [Problem(place, row.path, "no values", "two numbers for a range, or a list of values")]
    if said := _unfit(row, values):
        return [Problem(place, row.path, *said)]
    low, high = row.allowed or (float("-inf"), float("inf"))
    wrong = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and not low <= v <= high]
    return [Problem(place, row.path, f"{shown(v)} is out of range", f"allowed {allowed_text(row)}") for v in wrong]


def _unfit(row: Parameter, values: list[Value]) -> tuple[str, str] | None:
    """What keeps values from being varied, and what to write."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if row.whole:
        part = next((value for value in numbers if value != int(value)), None)
        if part is not None:
            return f"{shown(part)} is not a whole number", f"allowed {allowed_text(row)}"
    if len(values) > 1 and len({(isinstance(value, str), value) for value in values}) == 1:
        return f"every value is {shown(values[0])}: nothing is varied", "give different ones, or put it under set:"
    twice = next((value for place, value in enumerate(values) if value in values[:place]), None)
    if twice is not None:
        return f"{shown(twice)} stands twice", "give each value once"
    if len(numbers) == len(values) == 2 and values[0] > values[1]:  # type: ignore[operator]
        return f"{shown(values[0])} is above {shown(values[1])}", "a range goes from the lower number to the higher"
    return None


def _arm_problems(data: dict[str, Any], source: Source, file: str) -> list[Problem]:
    """Arms that no scenario is called by."""
    given, problems = data.get("arms"), list[Problem]()
    for place, name in enumerate(given if isinstance(given, list) else []):
        at = where(source.positions, ("arms", str(place)), file)
        try:
            if isinstance(name, str):
                find_scenario(name, where=at, key="arms")
        except ScenarioError as error:
            problems += error.problems
    return problems


def _measure_problems(data: dict[str, Any], source: Source, file: str) -> list[Problem]:
    from qipan.model.measures import MEASURES
    from qipan.model.measures.regional import welfare_weighted

    own = welfare_weighted.__name__
    known = [name for name, item in MEASURES.items() if item.axes[1:] in ((), ("year",)) and name != own]
    given = data.get("measures")
    given = given if isinstance(given, list) else []
    problems = []
    for place, name in enumerate(given):
        at = where(source.positions, ("measures", str(place)), file)
        if name == own:
            message = f"{own} needs weights of regions, which a sweep has not"
            problems.append(Problem(at, "measures", message, "see qipan compare --weights"))
        elif isinstance(name, str) and name not in known:
            hint = f"did you mean {near}?" if (near := closest(name, known)) else "see qipan list measures"
            problems.append(Problem(at, "measures", f"no measure {name!r}", hint))
    return problems
