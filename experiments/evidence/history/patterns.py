"""Published facts as patterns: what the model has against each, and the file that states them.

A pattern names a measure, a year, what was observed, how uncertain the observation is, and how far the model may be off
although its assumptions are right (the discrepancy). Nothing is refuted without the last, so it must be given.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qipan.experiments.statistics.paired import Array
from qipan.model.errors import Problem, ScenarioError
from qipan.model.extend.registry import MECHANISMS
from qipan.model.scenario.checking import where
from qipan.model.scenario.finding import printed_path, read_text
from qipan.model.scenario.source import Source, read_source
from qipan.model.scenario.table import closest

if TYPE_CHECKING:
    from qipan.experiments.summaries.rows import Part
    from qipan.model.world import World

STRICT = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
SHIPPED = "provinces"
"""The file that comes with the model."""


class Pattern(BaseModel):
    """One fact.

    Attributes:
        measure: A yearly measure of the registry, or one of `QUANTITIES`.
        year: In which it was observed.
        value: What was observed, in the unit of the measure.
        observation_sd: Standard deviation of the observation about the truth.
        discrepancy_sd: How far the model may be off although its assumptions are right, as a standard deviation.
        source: Where it comes from.
        held_out: Kept for checking what is left: rules nothing out.
        regions: Codes of the regions it is about; all where none is named.
        sector: Code of the sector, where the measure has them.
        mechanism: Name of the mechanism, where the measure has them.
    """

    model_config = STRICT

    measure: str
    year: int = Field(ge=2023, le=2100)
    value: float
    observation_sd: float = Field(ge=0.0)
    discrepancy_sd: float = Field(ge=0.0)
    source: str
    held_out: bool = False
    regions: list[str] = []
    sector: str = ""
    mechanism: str = ""


class Patterns(BaseModel):
    """The file of a calibration.

    Attributes:
        title, title_zh: What it is; in Chinese.
        question, question_zh: What it asks; in Chinese.
        scenario: What is run.
        vary: Assumptions that are uncertain, "KEY" or "KEY=LOW:HIGH".
        untouched: Assumptions that no fact can tell anything about: drawn from their priors in the worlds left.
        points: Points of each wave.
        replicates: Replicates at each point.
        patterns: By name.
    """

    model_config = STRICT

    title: str
    title_zh: str = ""
    question: str = ""
    question_zh: str = ""
    scenario: str = "baseline"
    vary: list[str] = Field(min_length=1)
    untouched: list[str] = []
    points: int = Field(80, ge=8, le=2048)
    replicates: int = Field(32, ge=8, le=10_000)
    patterns: dict[str, Pattern] = Field(min_length=1)


ALLOWED = {
    "year": "a year from 2023",
    "value": "a number",
    "observation_sd": "a number not below zero",
    "discrepancy_sd": "a number not below zero: how far the model may be off although its assumptions are right",
    "held_out": "true or false",
    "regions": "a list of codes of regions",
    "vary": "a list of parameters, KEY or KEY=LOW:HIGH",
    "untouched": "a list of parameters, KEY or KEY=LOW:HIGH",
    "points": "a whole number from 8 to 2048",
    "replicates": "a whole number from 8 to 10000",
    "patterns": "a group of patterns by name",
}
"""What keys may be, in words; the rest is text."""


def load_patterns(name: str | Path) -> tuple[Patterns, Path]:
    """Read and check a file of patterns; a bare name is looked for in scenarios/patterns/ too.

    Raises:
        ScenarioError: every problem, with file and line.
    """
    found = _find(Path(name))
    file = printed_path(found)
    known = {*Patterns.model_fields, *Pattern.model_fields}
    source = read_source(read_text(found), file, sorted(known))
    problems = list(source.problems)
    try:
        asked: Patterns | None = Patterns.model_validate(_numbers(source.data))
    except ValidationError as error:
        asked = None
        problems += [_problem(detail, source, file) for detail in error.errors(include_url=False)]
    if asked is not None:
        problems += [
            Problem(where(source.positions, ("patterns", name, key), file), f"{name}.{key}", told, hint)
            for name, pattern in asked.patterns.items()
            for key, told, hint in unfit(pattern)
        ]
        if all(pattern.held_out for pattern in asked.patterns.values()):
            problems.append(Problem(file, "patterns", "every pattern is held out: nothing can be ruled out", ""))
    if asked is None or problems:
        raise ScenarioError(dict.fromkeys(problems))
    return asked, found


def is_patterns(name: str) -> bool:
    """Whether a file states patterns, to be checked as such."""
    path = Path(name)
    if not os.path.isfile(path) or path.suffix not in (".yaml", ".yml"):
        return False
    return "patterns" in read_source(read_text(path), str(path), []).data


def checked_patterns(name: str) -> Iterator[str]:
    """The line that says a file of patterns is good.

    Raises:
        ScenarioError: every problem, with file and line.
    """
    from qipan.model.scenario import load_scenario
    from qipan.model.world import load_world

    asked, file = load_patterns(name)
    check_codes(asked, load_world(load_scenario(asked.scenario).world), file)
    count = len(asked.patterns)
    yield f"{name}: good; {count} pattern{'s' * (count != 1)}"


def _find(path: Path) -> Path:
    from qipan.model.scenario.finding import scenarios_folder

    folder = scenarios_folder() / "patterns"
    for candidate in (path, folder / path.name, folder / f"{path.name}.yaml"):
        if os.path.isfile(candidate):
            return candidate
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    hint = f"did you mean {near}?" if (near := closest(path.name, names)) else f"there are {', '.join(names)}"
    raise ScenarioError(Problem(str(path), "", "no such file of patterns", hint))


def _numbers(data: Any) -> Any:
    """Whole numbers where a number may stand."""
    floats = ("value", "observation_sd", "discrepancy_sd")
    groups = data.get("patterns")
    if not isinstance(groups, dict):
        return data
    plain = {
        name: {key: float(v) if key in floats and type(v) is int else v for key, v in group.items()}
        if isinstance(group, dict)
        else group
        for name, group in groups.items()
    }
    return {**data, "patterns": plain}


def _problem(detail: Any, source: Source, file: str) -> Problem:
    path = tuple(str(part) for part in detail["loc"])
    key = path[-1]
    place = where(source.positions, path if detail["type"] != "missing" else path[:-1], file)
    label = ".".join(path[1:] if path[0] == "patterns" and len(path) > 1 else path)
    if detail["type"] == "missing":
        hint = ALLOWED.get(key, "text")
        return Problem(place, label, "is missing", hint)
    if detail["type"] == "extra_forbidden":
        names = Pattern.model_fields if path[0] == "patterns" else Patterns.model_fields
        near = closest(key, names)
        return Problem(place, label, "unknown key", f"did you mean {near}?" if near else f"known: {', '.join(names)}")
    return Problem(place, label, f"{detail['input']!r} cannot be used", f"allowed: {ALLOWED.get(key, 'text')}")


def unfit(pattern: Pattern) -> list[tuple[str, str, str]]:
    """What a pattern lacks or has too much, each as key, what is wrong and a hint."""
    from qipan.model.measures import MEASURES
    from qipan.model.measures.registry import YEARLY

    yearly = [name for name, item in MEASURES.items() if item.axes == YEARLY]
    if pattern.measure not in QUANTITIES and pattern.measure not in yearly:
        near = closest(pattern.measure, [*QUANTITIES, *yearly])
        return [("measure", f"no measure {pattern.measure!r}", f"did you mean {near}?" if near else "a yearly measure")]
    reads = QUANTITIES[pattern.measure][1] if pattern.measure in QUANTITIES else ()
    found = []
    for key in ("sector", "mechanism", "regions"):
        given = bool(getattr(pattern, key))
        if given and key not in reads:
            found.append((key, f"{pattern.measure} has none", "leave it out"))
        if key in reads and key != "regions" and not given:
            found.append(("measure", f"{pattern.measure} is of one {key}", f"name the {key}"))
    if pattern.mechanism and pattern.mechanism not in MECHANISMS:
        found.append(("mechanism", f"no mechanism {pattern.mechanism!r}", f"there are {', '.join(MECHANISMS)}"))
    if pattern.observation_sd == pattern.discrepancy_sd == 0.0:
        found.append(("discrepancy_sd", "both standard deviations are 0", "no model hits a fact exactly"))
    return found


def check_codes(asked: Patterns, world: World, file: Path) -> None:
    """Refuse codes of regions and sectors that the world lacks.

    Raises:
        ScenarioError: each of them, with file and line.
    """
    source = read_source(read_text(file), printed_path(file), [])
    problems = []
    for name, pattern in asked.patterns.items():
        at = where(source.positions, ("patterns", name), printed_path(file))
        wrong = [code for code in pattern.regions if code not in world.region_codes]
        problems += [Problem(at, f"{name}.regions", f"no region {code!r}", "codes as in regions.csv") for code in wrong]
        if pattern.sector and pattern.sector not in world.sector_codes:
            hint = f"there are {', '.join(world.sector_codes)}"
            problems.append(Problem(at, f"{name}.sector", f"no sector {pattern.sector!r}", hint))
    if problems:
        raise ScenarioError(problems)


def observed_of(part: Part, pattern: Pattern, world: World, first_year: int) -> Array:
    """What the model has against a pattern, (n,): one number a replicate.

    Args:
        part: As `make_observed` reduces a run.
        pattern: The fact.
        world: Where regions and sectors stand.
        first_year: Of the run.
    """
    if pattern.measure not in QUANTITIES:
        return np.asarray(part[f"year:{pattern.measure}"][:, pattern.year - first_year], dtype=np.float64)
    rows = [world.region_codes.index(code) for code in pattern.regions] or list(range(len(world.region_codes)))
    place = Place(
        pattern.year - first_year,
        rows,
        world.sector_codes.index(pattern.sector) if pattern.sector else 0,
        list(MECHANISMS).index(pattern.mechanism) if pattern.mechanism else 0,
    )
    return np.asarray(QUANTITIES[pattern.measure][0](part, place), dtype=np.float64)


@dataclass(frozen=True)
class Place:
    """Where in the arrays of a part a pattern looks: row of the year, regions, columns of sector and mechanism."""

    year: int
    regions: list[int]
    sector: int
    mechanism: int


def documents(part: Part, at: Place) -> Array:
    """Regions that have a document."""
    return np.asarray(part["observed:adopted"][:, at.year, at.regions].sum(axis=1))


def breadth(part: Part, at: Place) -> Array:
    """Sectors that a region with a document names, on average."""
    layout = part["observed:layout"][:, at.year, at.regions]
    return np.asarray(layout.sum(axis=(1, 2)) / np.maximum(documents(part, at), 1.0))


def sector_share(part: Part, at: Place) -> Array:
    """Share of the regions with a document that name a sector."""
    layout = part["observed:layout"][:, at.year, at.regions, at.sector]
    return np.asarray(layout.sum(axis=1) / np.maximum(documents(part, at), 1.0))


def output_growth(part: Part, at: Place) -> Array:
    """Growth of a sector's output a year, from the first year of the run."""
    output = part["observed:output"][:, :, at.sector]
    return np.asarray((output[:, at.year] / output[:, 0]) ** (1.0 / max(at.year, 1)) - 1.0)


def utilisation(part: Part, at: Place) -> Array:
    """Use of capacity in a sector."""
    return np.asarray(part["observed:utilisation"][:, at.year, at.sector])


def money_growth(part: Part, at: Place) -> Array:
    """Change of what a mechanism offers against the year before."""
    offered = part["observed:offered"][:, :, at.mechanism]
    before = offered[:, max(at.year - 1, 0)]
    return np.asarray(np.where(before > 0.0, offered[:, at.year] / np.where(before > 0.0, before, 1.0) - 1.0, 0.0))


QUANTITIES: Mapping[str, tuple[Callable[[Any, Place], Array], tuple[str, ...]]] = {
    "documents": (documents, ("regions",)),
    "breadth": (breadth, ("regions",)),
    "sector_share": (sector_share, ("regions", "sector")),
    "output_growth": (output_growth, ("sector",)),
    "utilisation": (utilisation, ("sector",)),
    "money_growth": (money_growth, ("mechanism",)),
}
"""What patterns may be about beside yearly measures, and the keys that each reads."""


def pattern_schema() -> dict[str, Any]:
    """The JSON Schema of a file of patterns."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Patterns.model_json_schema()}


def label_of(name: str) -> str:
    """What a pattern is called: its name in words."""
    return name.replace("-", " ").replace("_", " ")
