"""The file of a sweep: arms, parameters with their values, how points are chosen. Errors name file and line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model.errors import Problem, ScenarioError
from model.scenario.checking import where
from model.scenario.finding import printed_path, read_text
from model.scenario.folders import full_path, names_folder
from model.scenario.source import Source, read_source
from model.scenario.table import allowed_text, closest, key_hint, parameter_table, shown

if TYPE_CHECKING:
    from model.parameters import Parameter

STRICT = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
Value = bool | int | float | str
WELFARE = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10")
NOT_SWEPT = ("run.first_year", "run.last_year", "run.replicates", "run.seed", "world.data", "world.tables",
             "world.sectors",
             "world.regions", "world.values", "world.initial_counts")  # fmt: skip


class Sweep(BaseModel):
    """An experiment as its file states it.

    Attributes:
        title, question: What it is and asks.
        arms: Scenarios, at most 100; the first is the baseline of every difference.
        method: "grid" (every combination), "latin_hypercube" or "sobol" (points in the unit cube).
        points: Number of points of the last two.
        replicates: Replicates of each arm at each point, the same draws at all points.
        seed: Of the points and of all draws.
        parameters: By dotted key a list of two numbers (a range; for a grid with `steps`), or of values.
        prior: "all" adds every parameter of the table that has a plausible range.
        leave_out: Keys that `prior: all` leaves out.
        steps: Values a grid takes from a range.
        measures: Measures to keep; a yearly one is taken in the last year.
        reject: Points to pass over: "delay_not_below_period" (a plan published when the next is due).
        set: Values all arms share.
    """

    model_config = STRICT

    title: str
    question: str = ""
    arms: list[str] = Field(min_length=1, max_length=100)
    method: Literal["grid", "latin_hypercube", "sobol"]
    points: int = Field(16, ge=1, le=100_000)
    replicates: int = Field(32, ge=2, le=1_000_000)
    seed: int = Field(1, ge=0, le=2**63 - 1)
    parameters: dict[str, list[Value]] = {}
    prior: Literal["none", "all"] = "none"
    leave_out: list[str] = []
    steps: int = Field(5, ge=2, le=1000)
    measures: list[str] = [*WELFARE, "output_discounted", "investment_duplication", "excess_entry", "idle_share"]
    reject: list[Literal["delay_not_below_period"]] = []
    set: dict[str, Value] = {}


def load_sweep(path: str | Path) -> tuple[Sweep, Path]:
    """Read and check the file of a sweep; a bare name is looked for in scenarios/experiments/ too.

    Raises:
        ScenarioError: every problem, with file and line.
    """
    found = _find(Path(path))
    file = printed_path(found)
    source = read_source(read_text(found), file)
    problems = list(source.problems)
    try:
        sweep = Sweep.model_validate(_with_dotted_keys(source.data, found.parent))
    except ValidationError as error:
        raise ScenarioError([*problems, *_described(error, source, file)]) from None
    problems += [*_key_problems(sweep, source, file), *_measure_problems(sweep, source, file)]
    if problems:
        raise ScenarioError(problems)
    return sweep, found


def _find(path: Path) -> Path:
    from model.scenario.finding import scenarios_folder

    folder = scenarios_folder() / "experiments"
    for candidate in (path, path.parent / f"{path.name}.yaml", folder / path.name, folder / f"{path.name}.yaml"):
        if os.path.isfile(candidate):  # no error over a name that no file can have
            return candidate
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
        place = _place(source, file, section, key) if section in ("parameters", "set") else where(
            source.positions, path, file)  # fmt: skip
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
    allowed = {"parameters": "a list of values, or two numbers for a range", "method": "grid, latin_hypercube or sobol",
               "arms": "a list of 1 to 100 scenarios"}.get(path[0], detail["msg"])  # fmt: skip
    return f"{shown(detail['input'])} cannot be used", f"allowed: {allowed}"


def _key_problems(sweep: Sweep, source: Source, file: str) -> list[Problem]:
    problems = []
    for section, keys in (("parameters", list(sweep.parameters)), ("set", list(sweep.set))):
        for key in keys:
            place, row = _place(source, file, section, key), parameter_table().get(key)
            if row is None:
                problems.append(Problem(place, key, "unknown key", key_hint(tuple(key.split(".")))))
            elif section == "parameters":
                problems += _value_problems(row, sweep.parameters[key], place)
    if not sweep.parameters and sweep.prior == "none":
        problems.append(Problem(file, "parameters", "nothing is varied", "name parameters, or write prior: all"))
    if sweep.prior == "all" and sweep.method == "grid":
        problems.append(Problem(where(source.positions, ("prior",), file), "prior", "a grid over all parameters",
                                "use latin_hypercube or sobol"))  # fmt: skip
    return problems


def _value_problems(row: Parameter, values: list[Value], place: str) -> list[Problem]:
    if row.path in NOT_SWEPT:
        return [Problem(place, row.path, "cannot be swept: arms could not be paired", "put it under set:")]
    if not values:
        return [Problem(place, row.path, "no values", "two numbers for a range, or a list of values")]
    low, high = row.allowed or (float("-inf"), float("inf"))
    wrong = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and not low <= v <= high]
    return [Problem(place, row.path, f"{shown(v)} is out of range", f"allowed {allowed_text(row)}") for v in wrong]


def _measure_problems(sweep: Sweep, source: Source, file: str) -> list[Problem]:
    from model.measures import MEASURES

    known = [name for name, item in MEASURES.items() if item.axes[1:] in ((), ("year",))]
    return [
        Problem(where(source.positions, ("measures", str(place)), file), "measures", f"no measure {name!r}",
                f"did you mean {near}?" if (near := closest(name, known)) else "see qipan list measures")
        for place, name in enumerate(sweep.measures) if name not in known
    ]  # fmt: skip
