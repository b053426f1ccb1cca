"""What a scenario names outside itself: the folder of own tables (its full path, so that it means the same wherever a
command runs) and the file of a plan (its rows, so that a scenario is whole without it).
"""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from qipan.model.errors import Problem, UserError
from qipan.model.scenario.source import Origin, Source
from qipan.model.scenario.table import closest, shown

DATA, TABLES = ("world", "data"), ("world", "tables")
PLAN = ("policy", "coordination", "plan")
COLUMNS = ("region", "sector", "role", "from")
"""Columns of a plan, and keys of its rows."""
ROW = "a file such as plan.csv, or rows such as `- {region: Henan, sector: quantum, role: pilot, from: 2026}`"
HINT = "a path is relative to the file that names it; on the command line to the current folder"


def names_folder(value: object) -> bool:
    """Whether a value of `world.data` is a path, not the name of a world: it has a slash or begins with a dot.

    Example:
        >>> names_folder("./mydata"), names_folder("cities-293")
        (True, False)
    """
    if isinstance(value, os.PathLike):
        return True
    return isinstance(value, str) and (value.startswith((".", "~")) or "/" in value or "\\" in value)


def full_path(value: object, beside: Path) -> Path:
    """The folder that a value names, relative to a folder; a path as Windows writes it is understood anywhere."""
    text = os.fspath(value) if isinstance(value, os.PathLike) else str(value)
    path = Path(str(text)).expanduser()
    if "\\" in str(text) and not (beside / path).exists():
        path = Path(str(text).replace("\\", "/")).expanduser()
    return Path(os.path.abspath(beside / path))


def place_folders(source: Source, beside: Path) -> list[Problem]:
    """Put the full path of a folder of own tables under `world.tables`; `world.data: ./folder` is short for that.

    Args:
        source: Plain data of one file or setting; changed.
        beside: Folder that relative paths are relative to.

    Returns:
        What is wrong: there is no such folder, or two are named.
    """
    world = source.data.get("world")
    if not isinstance(world, dict):
        return []
    problems = []
    short = names_folder(world.get("data"))
    if short and world.get("tables"):
        where = str(source.positions.get(DATA, ""))
        problems.append(Problem(where, "world.data", "a folder, and world.tables names one too", "give one of them"))
    if short:
        world["tables"] = world.pop("data")
        if DATA in source.positions:
            source.positions[TABLES] = source.positions.pop(DATA)
    value: Any = world.get("tables")
    if not isinstance(value, str | os.PathLike) or not str(value).strip():
        return problems
    key = "world.data" if short else "world.tables"
    where = str(source.positions.get(TABLES, ""))
    try:
        path = full_path(value, beside)
        good = path.is_dir()
    except (OSError, ValueError, RuntimeError):
        good, path = False, Path()
    if good:
        world["tables"] = path.as_posix()
    else:
        problems.append(Problem(where, key, f"{str(value)[:80]!r} is no folder", HINT))
        world["tables"] = ""
    return problems


def place_plan(source: Source, beside: Path) -> list[Problem]:
    """Put the rows of a plan in the place of the name of its file; each row has its place in that file.

    Args:
        source: Plain data of one file or setting; changed.
        beside: Folder that a relative path is relative to.

    Returns:
        What is wrong with the file or the rows.
    """
    policy = source.data.get("policy")
    coordination = policy.get("coordination") if isinstance(policy, dict) else None
    given = coordination.get("plan") if isinstance(coordination, dict) else None
    if coordination is None or given is None:
        return []
    if not isinstance(given, str | os.PathLike):
        problems, rows = list[Problem](), given if isinstance(given, list) else []
        kept = [place for place, row in enumerate(rows) if _sound(row, place, source, problems)]
        coordination["plan"] = [rows[place] for place in kept]
        if not isinstance(given, list):
            where = str(source.positions.get(PLAN, ""))
            problems.append(Problem(where, ".".join(PLAN), "neither a file nor a list of rows", ROW))
        source.move(PLAN, kept)
        return problems
    coordination["plan"], where = [], str(source.positions.get(PLAN, ""))
    if not str(given).strip():
        return [Problem(where, ".".join(PLAN), "no file is named", ROW)]
    try:  # loaded where there is a plan to read; the names in it are resolved where the world is known
        read = import_module("qipan.model.world.reading.plan").read_plan
        file, rows, problems, notes = read(full_path(given, beside))
    except UserError as error:
        return [
            each if each.key or ":" in each.where else Problem(where, ".".join(PLAN), str(each), ROW)
            for each in error.problems
        ]
    except (OSError, ValueError, RuntimeError) as error:
        return [Problem(where, ".".join(PLAN), f"{str(given)[:80]!r} cannot be read: {error}"[:200], ROW)]
    for place, (line, row) in enumerate(rows):
        coordination["plan"].append(row)
        source.positions[(*PLAN, str(place))] = Origin(file, line)
    source.notes += notes
    found: list[Problem] = problems
    return found


def _sound(row: Any, place: int, source: Source, problems: list[Problem]) -> bool:
    """Whether a row that stands in the scenario itself can be used; what is wrong with it is added to the list."""
    wrong = list(_row_problems(row))
    where, key = str(source.positions.get((*PLAN, str(place)), source.positions.get(PLAN, ""))), ".".join(PLAN)
    named = f"{key}[row {place + 1}]"
    problems += [Problem(where, f"{named}.{name}" if name else named, *words) for name, *words in wrong]
    return not wrong


def _row_problems(row: Any) -> Iterator[tuple[str, str, str]]:
    """Column, message and advice."""
    if not isinstance(row, dict):
        yield "", f"{shown(row)} where a row belongs", ROW
        return
    plan = import_module("qipan.model.world.reading.plan")
    for name in row:
        if name not in COLUMNS:
            near = closest(str(name), COLUMNS)
            yield str(name), "unknown key", f"did you mean {near}?" if near else f"a row has {', '.join(COLUMNS)}"
    for name in ("sector", "role"):
        if name not in row and not any(closest(str(other), [name]) for other in row if other not in COLUMNS):
            yield name, "nothing is given", "a row has `sector` and `role`, some `region` and `from`"
    for name in ("sector", "region"):
        if not isinstance(row.get(name, ""), str):
            yield name, f"{shown(row[name])} is no name", ROW
    if "role" in row and row["role"] not in plan.ROLES:
        yield "role", f"{shown(row['role'])} is not known", plan.role_hint(str(row["role"]))
    elif "role" in row and (wrong := plan.odd(row)):
        yield wrong
    since = row.get("from", 1900)
    if type(since) is not int or not 1900 <= since <= 9000:
        yield "from", f"{shown(since)} is no year", "a whole number from 1900 to 9000"
