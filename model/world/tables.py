"""Reading a table of data/: every problem of a file is found and reported at once, with file, line and column."""

import csv
import hashlib
import io
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from model.axes import Array
from model.errors import DataError, Problem

SIZE_LIMIT = 16 * 2**20


def data_folder() -> Path:
    """The folder of the tables: `QIPAN_DATA` when set, else data/ beside the packages, else the installed copy."""
    named = os.environ.get("QIPAN_DATA")
    if named:
        return Path(named)
    package = Path(__file__).resolve().parent.parent
    beside = package.parent / "data"
    return beside if (beside / "regions.csv").is_file() else package / "_shipped" / "data"


@dataclass(frozen=True)
class Column:
    """What a column must hold.

    Args:
        name: Head of the column.
        kind: `text`, `number` or `whole` (a whole number).
        low: Least value allowed.
        high: Largest value allowed.
        unique: Whether each value may stand once only.
        among: Values allowed, and what they are called in a message; None for any.
        blank: Whether a cell may be empty (text: "", numbers: NaN is never made, 0 stands in).
    """

    name: str
    kind: str = "text"
    low: float = -math.inf
    high: float = math.inf
    unique: bool = False
    among: Sequence[str] | None = None
    blank: bool = False


@dataclass
class Table:
    """A table read and checked: values by column, the line of each row, the digest of the file."""

    path: str
    digest: str
    columns: dict[str, list[Any]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def array(self, name: str) -> Array:
        """A column of numbers, (row,)."""
        return np.array(self.columns[name], dtype=np.float64)

    def texts(self, name: str) -> tuple[str, ...]:
        """A column of text."""
        return tuple(self.columns[name])

    def refuse(self, problems: Sequence[tuple[int, str, str, str]]) -> None:
        """Raise a DataError if there are problems, each (row, column, message, hint)."""
        if problems:
            raise DataError(Problem(f"{self.path}:{self.lines[r]}", c, m, h) for r, c, m, h in problems)


def read_table(folder: Path, name: str, columns: Sequence[Column]) -> Table:
    """Read and check a table; columns not asked for are ignored.

    Raises:
        DataError: With every problem of the file: it is absent, empty, binary or not UTF-8; a column is missing or
            stands twice; a row has too few or too many cells; a cell is not a finite number, is outside its range, is
            not among the values allowed, or stands twice.
    """
    path = _shown(folder / name)
    raw = _bytes(folder / name, path)
    rows = _rows(_decoded(raw, path), path)
    table = Table(path, hashlib.sha256(raw).hexdigest(), lines=[line for line, _ in rows[1:]])
    head = [cell.strip() for cell in rows[0][1]]
    problems = _head_problems(path, rows[0][0], head, columns)
    for line, cells in rows[1:]:
        if len(cells) != len(head):
            hint = "each row needs one cell per column; quote a cell that holds a comma"
            problems.append(Problem(f"{path}:{line}", "", f"{len(cells)} cells where the head has {len(head)}", hint))
    if not problems:
        for column in columns:
            place = head.index(column.name)
            cells_of = [(line, cells[place].strip()) for line, cells in rows[1:]]
            table.columns[column.name] = _values(path, column, cells_of, problems)
    if problems:
        raise DataError(sorted(problems, key=lambda problem: int(problem.where.rsplit(":", 1)[-1])))
    return table


def _shown(path: Path) -> str:
    """A path as a reader would type it: relative when below the current folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > SIZE_LIMIT:
            raise DataError(Problem(shown, "", f"larger than {SIZE_LIMIT // 2**20} MiB", "this is not a table of ours"))
        return path.read_bytes()
    except FileNotFoundError:
        hint = "give a folder that holds all tables; QIPAN_DATA names another one than data/"
        raise DataError(Problem(shown, "", "no such table", hint)) from None
    except OSError as error:
        raise DataError(Problem(shown, "", f"cannot be read: {error.strerror}")) from None


def _decoded(raw: bytes, path: str) -> str:
    if not raw.strip():
        raise DataError(Problem(path, "", "the file is empty", "a table needs a head and rows"))
    try:
        text = raw.decode("utf-8-sig")
        if "\0" not in text:
            return text
    except UnicodeDecodeError as error:
        if b"\0" not in raw:
            line = raw.count(b"\n", 0, error.start) + 1
            message, hint = "is not UTF-8 text" + _looks_like(raw), "save the file as UTF-8"
            raise DataError(Problem(f"{path}:{line}", "", message, hint)) from None
    raise DataError(Problem(path, "", "this is a binary file or UTF-16, not a CSV table", "save the file as UTF-8 CSV"))


def _looks_like(raw: bytes) -> str:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (it looks like GBK)" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else ""


def _rows(text: str, path: str) -> list[tuple[int, list[str]]]:
    """Rows with the line each begins on; blank lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, begins = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        raise DataError(Problem(f"{path}:{begins}", "", message, "check the quotes")) from None
    if len(rows) < 2:
        raise DataError(Problem(f"{path}:1", "", "there are no rows below the head", "a table needs a head and rows"))
    return rows


def _head_problems(path: str, line: int, head: list[str], columns: Sequence[Column]) -> list[Problem]:
    hint = f"the head is: {', '.join(head[:20])}"
    where = f"{path}:{line}"
    problems = [Problem(where, c.name, "column is missing", hint) for c in columns if c.name not in head]
    twice = [column.name for column in columns if head.count(column.name) > 1]
    return problems + [Problem(where, name, "column stands twice", "keep one") for name in twice]


def _values(path: str, column: Column, cells: list[tuple[int, str]], problems: list[Problem]) -> list[Any]:
    """The cells of a column as values; problems are added to the list."""
    convert: Callable[[Column, str], Any] = _text if column.kind == "text" else _number
    values: list[Any] = []
    first: dict[Any, int] = {}
    for line, cell in cells:
        try:
            value = convert(column, cell)
            if column.unique and value in first:
                raise ValueError(f"{cell} stands twice, first on line {first[value]}", "each row needs its own")
            first[value] = line
            values.append(value)
        except ValueError as error:
            message, hint = error.args
            problems.append(Problem(f"{path}:{line}", column.name, message, hint))
    return values


def _text(column: Column, cell: str) -> str:
    if not cell and not column.blank:
        raise ValueError("the cell is empty", "give a value")
    if column.among is not None and cell not in column.among and not (column.blank and not cell):
        few = ", ".join(list(column.among)[:8]) + (", ..." if len(column.among) > 8 else "")
        raise ValueError(f"{cell} is not known", f"one of: {few}")
    return cell


def _number(column: Column, cell: str) -> float | int:
    if not cell and column.blank:
        return 0
    wanted = "a whole number" if column.kind == "whole" else "a number"
    allowed = f"{wanted} {_range(column)}".strip()
    try:
        value = float(cell) if cell.isascii() and "_" not in cell else math.nan
    except ValueError:
        raise ValueError(f"{cell or 'an empty cell'} is not a number", allowed) from None
    if not math.isfinite(value):
        raise ValueError(f"{cell} is not a finite number", allowed)
    if column.kind == "whole" and value != int(value):
        raise ValueError(f"{cell} is not a whole number", allowed)
    if not column.low <= value <= column.high:
        raise ValueError(f"{cell} is outside what is allowed", allowed)
    return int(value) if column.kind == "whole" else value


def _range(column: Column) -> str:
    if math.isfinite(column.low) and math.isfinite(column.high):
        return f"from {column.low:g} to {column.high:g}"
    if math.isfinite(column.low):
        return f"of at least {column.low:g}"
    return f"of at most {column.high:g}" if math.isfinite(column.high) else ""
