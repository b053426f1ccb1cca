"""A scenario: everything needed to reproduce a run. Frozen, complete, and impossible to construct when invalid."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from qipan.model.errors import Problem, ScenarioError, UserError
from qipan.model.parameters import Policy, Run, WorldChoice
from qipan.model.scenario.checking import structure_problems, validated
from qipan.model.scenario.consistency import consistency_problems
from qipan.model.scenario.finding import printed_path
from qipan.model.scenario.merging import PYTHON, merged, settings_sources
from qipan.model.scenario.source import Origin, Source
from qipan.model.scenario.table import HEADER, SECTIONS, parameter_table


@dataclass(frozen=True, eq=False)
class Scenario:
    """A world, a policy and a run, and where each value comes from.

    Attributes:
        name: How it is called: `national-design`, `theory/game`, or the file's own name.
        title: What it is, in a few words.
        title_zh: The same in Chinese; empty when not given.
        question: The question it answers.
        question_zh: The same in Chinese; empty when not given.
        source: Where its numbers come from.
        not_modelled: What it leaves out, sentence by sentence, those of its base first.
        world: The exogenous world and how it behaves.
        policy: Funding and coordination.
        run: Years, replicates, seed.
        origins: File and line of each value that a file or the command line gives, by dotted path; the rest is default.
        cleared: Place of the null that took a parameter back to its default, by dotted path.
        notes: What each such null took away, in words.
        path: The file it was loaded from; None when made in Python.
        bases: The files it extends, the nearest first.

    Raises:
        ScenarioError: Values contradict each other.
    """

    name: str
    title: str
    world: WorldChoice
    policy: Policy
    run: Run
    title_zh: str = ""
    question: str = ""
    question_zh: str = ""
    source: str = ""
    not_modelled: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    cleared: Mapping[str, Origin] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()
    path: Path | None = None
    bases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        file = printed_path(self.path) if self.path else self.name
        problems = consistency_problems(self.world, self.policy, self.run, self.origins, file)
        if problems:
            raise ScenarioError(problems)

    def replace(self, **settings: object) -> "Scenario":
        """The same scenario with some values changed, by dotted key.

        Args:
            settings: New values; None takes a key back to its default.

        Raises:
            ScenarioError: An unknown key, a value of the wrong kind or out of range, or a contradiction.

        Example:
            >>> from qipan.model.scenario import load_scenario
            >>> load_scenario("baseline").replace(**{"run.replicates": 10}).run.replicates
            10
        """
        origins, cleared = (
            {tuple(key.split(".")): origin for key, origin in places.items()} for places in (self.origins, self.cleared)
        )
        source = Source(self._plain(), origins, cleared=cleared, notes=list(self.notes))
        problems = []
        for setting in settings_sources(settings, PYTHON):
            problems += [*setting.problems, *structure_problems(setting)]
            source = merged(source, setting)
        return build(source, self.name, self.path, problems, bases=self.bases)

    def to_yaml(self, tables: str | None = None) -> str:
        """The scenario fully resolved, as text of a file without a base that loads to the same values.

        Args:
            tables: Folder of own tables that the text names in place of the scenario's own.
        """
        plain = self._plain()
        if tables is not None:
            plain["world"]["tables"] = tables
        return scenario_yaml(plain)

    def digest(self, **run: int) -> str:
        """SHA-256 of every resolved value, in hexadecimal. Title, source, file and the place of own tables do not
        matter: what tables hold has digests of its own (`World.files`).

        Args:
            run: Settings of the run that are taken to be these, so that they do not matter either.
        """
        values = {name: value for name, value in self._plain().items() if name not in HEADER}
        values["run"].update(run)
        values["world"].pop("tables")
        return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        header = {name: getattr(self, name) for name in HEADER if name not in ("extends", "not_modelled")}
        sections = {name: getattr(self, name).model_dump() for name in ("world", "policy", "run")}
        return {**header, "not_modelled": list(self.not_modelled), **sections}


def build(
    source: Source, name: str, path: Path | None, problems: list[Problem], file: str = "", bases: tuple[str, ...] = ()
) -> Scenario:
    """A scenario from merged plain data.

    Args:
        source: Merged plain data and the place of each key.
        name: Name of the scenario.
        path: Its file.
        problems: Problems already found in the files; reported together with those found here.
        file: Name of the file, for a key whose place is unknown.
        bases: The files it extends.

    Raises:
        ScenarioError: With every problem found.
    """
    sections, found = validated(source.data, source.positions, file or name)
    reported = {(problem.where, problem.key) for problem in problems}
    every = [*problems, *(problem for problem in found if (problem.where, problem.key) not in reported)]
    origins = _origins(source.positions)
    if every:
        raise ScenarioError([*every, *_further(sections, every, origins, file or name)])
    try:
        return Scenario(
            name=name,
            **_header(source, name),
            **sections,
            origins=origins,
            cleared=_origins(source.cleared),
            notes=tuple(source.notes),
            path=path,
            bases=bases,
        )
    except ScenarioError as error:
        raise ScenarioError([*error.problems, *_misnamed(sections, origins, file or name)]) from None


def _further(
    sections: dict[str, Any], problems: list[Problem], origins: Mapping[str, Origin], fallback: str
) -> list[Problem]:
    """What else is wrong, where all that was found concerns the years, the regions and the plan of the policy."""
    varied = ("policy.timeline", "policy.regions", "policy.coordination.plan")
    apart = all(each.key.startswith(varied) or ("." not in each.key and ":" in each.where) for each in problems)
    if not apart or len(sections) < len(SECTIONS):
        return []
    return [
        *consistency_problems(**sections, origins=origins, fallback=fallback),
        *_misnamed(sections, origins, fallback),
    ]


def _misnamed(sections: dict[str, Any], origins: Mapping[str, Origin], fallback: str) -> list[Problem]:
    """Names in the policy that its world does not have; nothing where the world cannot be read."""
    policy: Policy = sections["policy"]
    if not (policy.coordination.plan or policy.regions or any("regions" in entry for entry in policy.timeline)):
        return []
    try:  # loaded where there are names to look up
        world = import_module("qipan.model.world").load_world(sections["world"])
    except UserError:
        return []
    named = SimpleNamespace(policy=policy, origins=origins, name=fallback)
    problems: list[Problem] = import_module("qipan.model.coordination.prescribed").name_problems(named, world)
    return problems


def _header(source: Source, name: str) -> dict[str, Any]:
    text: dict[str, Any] = {
        key: _one_line(source.data.get(key) or "") for key in HEADER if key not in ("extends", "not_modelled")
    }
    text["title"] = text["title"] or name
    text["not_modelled"] = tuple(_one_line(sentence) for sentence in source.data.get("not_modelled") or ())
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _origins(positions: Mapping[tuple[str, ...], Origin]) -> dict[str, Origin]:
    """Those of parameters, and of what a timeline or a region gives, by dotted path."""
    places, known = ((".".join(path), origin) for path, origin in positions.items()), parameter_table()
    varied = ("policy.timeline.", "policy.regions.", "policy.coordination.plan.")
    return {key: origin for key, origin in places if key in known or key.startswith(varied)}


def scenario_yaml(data: dict[str, Any]) -> str:
    """Plain data of a scenario as YAML text, one key a line, with units as comments."""
    return "\n".join(_lines(data, "", 0)) + "\n"


def _lines(data: dict[str, Any], path: str, depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        inside = f"{path}{key}"
        if inside in ("policy.timeline", "policy.coordination.plan") and value:
            lines += [f"{'  ' * depth}{key}:", *(f"{'  ' * depth}  - {written_value(entry)}" for entry in value)]
        elif isinstance(value, dict) and value:
            lines += [f"{'  ' * depth}{_key(key)}:", *_lines(value, f"{inside}.", depth + 1)]
        elif value != "" and (value != [] or inside in parameter_table()):
            lines.append(f"{'  ' * depth}{key}: {written_value(value)}{_unit(inside)}")
    return lines


def _unit(path: str) -> str:
    row = parameter_table().get(path)
    return f"  # {row.unit}" if row and row.unit != "1" else ""


def written_value(value: Any) -> str:
    """A value as a scenario file has it, on one line.

    Example:
        >>> written_value([0.5, True, "x2"])
        '[0.5, true, "x2"]'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(written_value(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_key(key)}: {written_value(item)}' for key, item in value.items())}}}"
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", key) else _quoted(key)


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(character) for character in text)}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
