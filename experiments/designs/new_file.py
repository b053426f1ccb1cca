"""A commented file of a scenario or of a sweep, made from another scenario and what is to differ."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.sweep_file import load_sweep
from qipan.experiments.designs.sweep_schema import sweep_schema
from qipan.experiments.store.parts import made_folder, write_atomic
from qipan.experiments.words.labels import Topic, enumerated, unit_label
from qipan.experiments.words.statements import stated
from qipan.model.errors import COMMAND_LINE, Problem, UserError
from qipan.model.scenario import list_scenarios, load_scenario, scenarios_folder, schema
from qipan.model.scenario.merging import settings_sources
from qipan.model.scenario.record import written_value
from qipan.model.scenario.table import allowed_text, key_hint, parameter_table

if TYPE_CHECKING:
    from qipan.model.parameters import Parameter
    from qipan.model.scenario import Scenario

say = Topic("new")
SUFFIX = ".yaml"
NAME = re.compile(r"\w[\w.-]{0,99}")
WIDTH = 110
SCHEMAS = {"scenario.schema.json": schema, "experiment.schema.json": sweep_schema}
"""Files that editors complete and check with, and what makes each."""


def write_scenario(
    name: str, base: str, settings: Sequence[str], folder: Path, language: str
) -> tuple[Path, list[str]]:
    """Write a scenario that differs from another in some values; returns its file and what was left out.

    Args:
        name: Of the file, without suffix.
        base: Scenario that it extends, a name or a file.
        settings: Texts `key=value`; those that say what the base has are left out.
        folder: Where; made when absent.
        language: Of the comments.

    Raises:
        UserError: Every problem of the name, the base and the values; there is such a file already.
        StoreError: The folder cannot be written.
    """
    problems, path = _name_problems(name, folder), folder / f"{name}{SUFFIX}"
    try:
        below, above = load_scenario(base), load_scenario(base, settings)
    except UserError as error:
        raise UserError([*problems, *error.problems]) from None
    if problems:
        raise UserError(problems)
    given = dict(_leaves(settings))
    same = [key for key, value in given.items() if value is not None and _value(below, key) == _value(above, key)]
    kept = {key: value for key, value in given.items() if key not in same}
    text = scenario_text(name, below, kept, folder, language)
    _write_checked(path, text, lambda: load_scenario(path))
    return path, [say("left_out", language, setting=key, base=base) for key in same]


def scenario_text(name: str, base: Scenario, given: Mapping[str, Any], folder: Path, language: str) -> str:
    """The text of a scenario file: a header to be filled in, then each value with what it is and may be."""
    titles = {tongue: _title(base, given, tongue) or name for tongue in ("en", "zh")}
    lines = [
        "# yaml-language-server: $schema=scenario.schema.json",
        *_comment(say("check", language, file=(folder / f"{name}{SUFFIX}").as_posix())),
        f"title: {written_value(titles['en'])}",
        f"title_zh: {written_value(titles['zh'])}",
        *(f"# {key}: {say(f'fill.{key}', language)}" for key in ("question", "question_zh", "source")),
        "# not_modelled:",
        f"#   - {say('fill.not_modelled', language)}",
        f"extends: {written_value(_extends(base, folder))}",
    ]
    return "\n".join([*lines, *_tree(given, base, folder, language)]) + "\n"


def write_experiment(
    name: str, base: str, vary: Sequence[str], settings: Sequence[str], folder: Path, language: str
) -> tuple[Path, list[str]]:
    """Write the file of a sweep of a scenario beside the baseline; returns its file and nothing left out.

    Args:
        name: Of the file, without suffix.
        base: Scenario that is run beside the baseline, a name or a file.
        vary: Texts `key=low,high` or `key` alone, for its plausible range.
        settings: Texts `key=value` that hold in both.
        folder: Where; made when absent.
        language: Of the comments.

    Raises:
        UserError: Every problem of the name, the scenario and the values; there is such a file already.
        StoreError: The folder cannot be written.
    """
    problems, path = _name_problems(name, folder), folder / f"{name}{SUFFIX}"
    axes = [_axis(text, problems) for text in vary]
    try:
        given, scenario = dict(_leaves(settings)), load_scenario(base)
    except UserError as error:
        raise UserError([*problems, *error.problems]) from None
    if problems:
        raise UserError(problems)
    arms = ["baseline"] if base == "baseline" else ["baseline", base]
    lines = [
        "# yaml-language-server: $schema=experiment.schema.json",
        *_comment(say("check_sweep", language, file=path.as_posix())),
        f"title: {written_value(say('title_sweep', 'en', scenario=scenario.title))}",
        f"title_zh: {written_value(say('title_sweep', 'zh', scenario=scenario.title_zh or scenario.title))}",
        *(f"# {key}: {say(f'fill.{key}', language)}" for key in ("question", "question_zh")),
        f"arms: {written_value(arms)}",
        "method: grid",
        "steps: 5",
        "replicates: 64",
    ]
    if given:
        lines += ["set:", *(f"  {key}: {written_value(value)}" for key, value in given.items())]
    lines.append("parameters:")
    for key, values in axes:
        about = about_parameter(parameter_table()[key], _value(scenario, key), language)
        lines += [f"  {text}" for text in _comment(about, WIDTH - 2)]
        lines.append(f"  {key}: [{', '.join(values)}]")
    _write_checked(path, "\n".join(lines) + "\n", lambda: load_sweep(path))
    return path, []


def _axis(text: str, problems: list[Problem]) -> tuple[str, list[str]]:
    """A key and its values as they were given, or the ends of its plausible range."""
    key, _, values = (part.strip() for part in text.partition("="))
    row = parameter_table().get(key)
    if row is None:
        problems.append(Problem(COMMAND_LINE, key[:60], "unknown key", key_hint(tuple(key.split(".")))))
        return key, []
    if not values and row.plausible is None:
        problems.append(Problem(COMMAND_LINE, key, "has no plausible range", f"write --vary {key}=LOW,HIGH"))
    ends = [f"{end:g}" for end in row.plausible] if not values and row.plausible else values.split(",")
    return key, [end.strip() for end in ends]


def _name_problems(name: str, folder: Path) -> list[Problem]:
    """What keeps a name from being that of a new file."""
    path = folder / f"{name}{SUFFIX}"
    if not NAME.fullmatch(name) or name.endswith(SUFFIX):
        hint = "letters, digits, - and _; the folder is given with --out"
        return [Problem(COMMAND_LINE, "NAME", f"{name[:60]!r} is no name of a file without suffix", hint)]
    if name in list_scenarios():
        hint = "choose another, so that the two are not mistaken for each other"
        return [Problem(COMMAND_LINE, "NAME", f"{name} is a scenario that comes with the model", hint)]
    if os.path.lexists(path):
        return [Problem(str(path), "", "is there already, and nothing is overwritten", "choose another name")]
    return []


def _write_checked(path: Path, text: str, check: Any) -> None:
    """Write a new file and its schema, and read it as `qipan check` does; what is not good does not stay."""
    made_folder(path.parent)
    write_atomic(path, text.encode())
    try:
        check()
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, UserError):
            hint = "nothing is written"
            told = [Problem(COMMAND_LINE, each.key, each.message, each.hint or hint) for each in error.problems]
            raise UserError(told) from None
        raise
    for name, made in SCHEMAS.items():
        beside = path.parent / name
        if f"$schema={name}" in text and not os.path.lexists(beside):
            write_atomic(beside, schema_bytes(made()))


def schema_bytes(made: Mapping[str, Any]) -> bytes:
    """A JSON Schema as a file."""
    return (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode()


def _leaves(settings: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Every value that settings give, by dotted key; the last one wins."""
    for source in settings_sources(settings):
        yield from _walk(source.data, ())


def _walk(data: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        inside = (*path, key)
        if isinstance(value, dict) and ".".join(inside) not in parameter_table():
            yield from _walk(value, inside)
        else:
            yield ".".join(inside), value


def _value(scenario: Scenario, key: str) -> Any:
    value: Any = scenario
    for name in key.split("."):
        value = getattr(value, name)
    return value


def _title(base: Scenario, given: Mapping[str, Any], language: str) -> str:
    """The base and what differs, in few words."""
    name = (base.title_zh or base.title) if language == "zh" else base.title
    words = [_short(key, value, language) for key, value in list(given.items())[:3]]
    return say("title", language, base=name, changes=enumerated(words, language)) if words else ""


def _short(key: str, value: Any, language: str) -> str:
    row = parameter_table()[key]
    label = row.zh if language == "zh" and row.zh else key.rpartition(".")[2].replace("_", " ")
    if isinstance(value, bool):
        return say("with" if value else "without", language, name=label)
    return label if isinstance(value, list | dict) else f"{label} {value_in_words(value)}"


def value_in_words(value: Any) -> str:
    """A single value as text."""
    return written_value(value).strip('"')


def _extends(base: Scenario, folder: Path) -> str:
    """How a file in a folder names its base: one that comes with the model by name, another by the way to it."""
    assert base.path is not None, "loaded from a file"
    shipped, here = scenarios_folder().resolve(), base.path.resolve()
    if here.parent == folder.resolve():
        return here.name
    return base.name if here.is_relative_to(shipped) else Path(os.path.relpath(here, folder.resolve())).as_posix()


def _tree(given: Mapping[str, Any], base: Scenario, folder: Path, language: str) -> list[str]:
    """Values below their sections, in the order of the parameter table, each with its comment."""
    lines: list[str] = []
    above: tuple[str, ...] = ()
    for key in (each for each in parameter_table() if each in given):
        *groups, last = key.split(".")
        shared = 0
        while shared < min(len(groups), len(above)) and groups[shared] == above[shared]:
            shared += 1
        lines += [f"{'  ' * depth}{groups[depth]}:" for depth in range(shared, len(groups))]
        above, margin = tuple(groups), "  " * len(groups)
        about = about_parameter(parameter_table()[key], _value(base, key), language)
        lines += [f"{margin}{text}" for text in _comment(about, WIDTH - len(margin))]
        lines.append(f"{margin}{last}: {written_value(_placed(key, given[key], folder))}")
    return lines


def _placed(key: str, value: Any, folder: Path) -> Any:
    """A folder of own tables is written relative to the file."""
    if key != "world.tables" or not value:
        return value
    return f"./{Path(os.path.relpath(value, folder.resolve())).as_posix()}"


def about_parameter(row: Parameter, before: Any, language: str) -> str:
    """What a parameter is, its unit, what it may be, and what the base has."""
    label = row.zh if language == "zh" and row.zh else ""
    meaning = stated(row.meaning, language)
    parts = [f"{label}：{meaning}" if label and label != meaning else meaning]
    if row.unit != "1":
        parts.append(say("unit", language, unit=unit_label(row.unit, language)))
    if allowed := allowed_text(row):
        parts.append(say("allowed", language, allowed=allowed))
    if row.plausible:
        parts.append(say("plausible", language, low=f"{row.plausible[0]:g}", high=f"{row.plausible[1]:g}"))
    if not isinstance(before, list | dict | tuple):
        parts.append(say("before", language, value="none" if before is None else value_in_words(before)))
    return (" " if language == "en" else "").join(part for part in parts if part)


def _comment(text: str, width: int = WIDTH) -> list[str]:
    """Text as lines of a comment."""
    lines = textwrap.wrap(text, width - 2, break_on_hyphens=False) or [""]
    return [f"# {line}" for line in lines]
