"""The folder of own tables that a scenario names: full paths, so that it means the same wherever a command runs."""

import os
from pathlib import Path
from typing import Any

from qipan.model.errors import Problem
from qipan.model.scenario.source import Source

DATA, TABLES = ("world", "data"), ("world", "tables")
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
