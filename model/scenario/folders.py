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
        problems = list(_row_problems(given, source))
        coordination["plan"] = [] if problems else given
        return problems
    coordination["plan"], where = [], str(source.positions.get(PLAN, ""))
    if not str(given).strip():
        return [Problem(where, ".".join(PLAN), "no file is named", ROW)]
    try:  # loaded where there is a plan to read; the names in it are resolved where the world is known
        read = import_module("qipan.model.world.reading.plan").read_plan
        file, rows = read(full_path(given, beside))
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
    return []


def _row_problems(given: Any, source: Source) -> Iterator[Problem]:
    """What is wrong with rows that stand in the scenario itself."""
    place, key = str(source.positions.get(PLAN, "")), ".".join(PLAN)
    if not isinstance(given, list):
        yield Problem(place, key, "neither a file nor a list of rows", ROW)
        return
    plan = import_module("qipan.model.world.reading.plan")
    for number, row in enumerate(given):
        where = str(source.positions.get((*PLAN, str(number)), place))
        if not isinstance(row, dict) or not {"sector", "role"} <= set(row) <= set(COLUMNS):
            yield Problem(where, key, "a row has `sector` and `role`, some `region` and `from`", ROW)
        elif row["role"] not in plan.ROLES:
            yield Problem(where, f"{key}.role", f"{row['role']!r} is not known", f"one of: {', '.join(plan.ROLES)}")
        elif not all(isinstance(row.get(name, ""), str) for name in ("sector", "region")):
            yield Problem(where, key, "a region or a sector is a name", ROW)
        elif type(row.get("from", 1900)) is not int or not 1900 <= row.get("from", 1900) <= 9000:
            yield Problem(where, f"{key}.from", f"{row['from']!r} is no year", "a whole number from 1900 to 9000")
        elif wrong := plan.odd(row):
            yield Problem(where, f"{key}.{wrong[0]}", *wrong[1:])
