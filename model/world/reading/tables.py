"""Tables with a head: columns by name; every problem of a file reported at once, with file, line and column."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from qipan.model.axes import Array
from qipan.model.errors import DataError, Problem
from qipan.model.world.names import NameProblemError, Names
from qipan.model.world.reading.cells import Cells, read_cells

CONFIDENCE = {"high": ("高", "较高"), "medium": ("中", "中等", "mid"), "low": ("低", "较低")}
"""Grades of confidence and what else they are called."""
UNITS = {"bn yuan": ("十亿元", "billion yuan", "bn rmb", "bn cny"), "million persons": ("百万人", "million")}
"""Units that a head may repeat in brackets."""


@dataclass(frozen=True)
class Column:
    """What a column must hold.

    Args:
        name: Head of the column.
        kind: `text`, `number` or `whole` (a whole number).
        low: Least value allowed.
        high: Largest value allowed.
        unique: Whether each value may stand once only.
        among: Codes allowed, and what else each may be called; None for any.
        names: What a cell names: it comes back as a code.
        beyond: Codes that are understood too although `names` does not hold them.
        blank: Whether a cell may be empty (text: "", numbers: NaN is never made, 0 stands in).
        absent: Whether the column may be missing: then all its cells are empty.
        aka: What else the head may be called.
        unit: Unit of a number, which the head may repeat in brackets.
    """

    name: str
    kind: str = "text"
    low: float = -math.inf
    high: float = math.inf
    unique: bool = False
    among: Mapping[str, Sequence[str]] | Sequence[str] | None = None
    names: Names | None = None
    beyond: Names | None = None
    blank: bool = False
    absent: bool = False
    aka: tuple[str, ...] = ()
    unit: str = ""


@dataclass
class DataTable:
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


def read_table(path: Path, columns: Sequence[Column]) -> DataTable:
    """Read and check the table of a file; columns not asked for are ignored.

    Raises:
        DataError: With every problem of the file: it cannot be read (`read_cells`); a column is missing or stands
            twice, or its head names another unit; a row has too few or too many cells; a cell is not a finite number,
            is outside its range, is not among the values allowed, or stands twice.
    """
    return table_of(sheet_with(read_cells(path), columns), columns)


def sheet_with(sheets: Sequence[Cells], columns: Sequence[Column]) -> Cells:
    """The one sheet whose first row has the columns; the first sheet when none has.

    Raises:
        DataError: several have.
    """
    fitting = [sheet for sheet in sheets if not _missing(find_columns(sheet.rows[0][1], columns), columns)]
    if len(fitting) > 1:
        message = f"several sheets hold this table: {', '.join(sheet.sheet for sheet in fitting)}"
        raise DataError(Problem(sheets[0].path, "", message, "keep one of them"))
    return fitting[0] if fitting else sheets[0]


def table_of(cells: Cells, columns: Sequence[Column]) -> DataTable:
    """The same of cells whose first row is the head; raises DataError as `read_table`."""
    path, (line_of_head, head), rows = cells.path, cells.rows[0], cells.rows[1:]
    if not rows:
        raise DataError(Problem(f"{path}:1", "", "there are no rows below the head", "a table needs a head and rows"))
    width = max((place for place, cell in enumerate(head, 1) if cell.strip()), default=0)
    places = find_columns(head, columns)
    problems = _head_problems(f"{path}:{line_of_head}", head[:width], places, columns)
    for line, row in rows:
        given = max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)
        if given > width or (len(row) < width and not cells.sheet):
            hint = "each row needs one cell per column; quote a cell that holds the separator"
            problems.append(Problem(f"{path}:{line}", "", f"{len(row)} cells where the head has {width}", hint))
    table = DataTable(path, cells.digest, lines=[line for line, _ in rows])
    if not problems:
        for column in columns:
            place = places[column.name]
            found = [(line, row[place[0]].strip() if place and place[0] < len(row) else "") for line, row in rows]
            table.columns[column.name] = _values(path, column, found, problems) if place else [""] * len(rows)
    if problems:
        raise DataError(sorted(problems, key=lambda problem: int(problem.where.rsplit(":", 1)[-1])))
    return table


def plain_head(text: str) -> str:
    """A head as it is compared: no case, spaces, marks or full-width characters, and no unit in brackets.

    Example:
        >>> plain_head("Plan_6"), plain_head(" 地区 生产总值（亿元）")
        ('plan6', '地区生产总值')
    """
    bare = re.sub(r"\([^()]*\)\s*$", "", unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"[\W_]+", "", bare.casefold())


def unit_in(head: str) -> str:
    """The unit that stands in brackets at the end of a head; empty when there is none.

    Example:
        >>> unit_in("地区生产总值（亿元）"), unit_in("gdp")
        ('亿元', '')
    """
    found = re.search(r"\(([^()]*)\)\s*$", unicodedata.normalize("NFKC", head).strip())
    return found[1].strip() if found else ""


def find_columns(head: Sequence[str], columns: Sequence[Column]) -> dict[str, list[int]]:
    """Where each column stands, by its name or, where no head is called exactly so, by another name."""
    plain = [plain_head(cell) for cell in head]
    places = {}
    for column in columns:
        wanted = {plain_head(word) for word in (column.name, *column.aka)}
        exact = [place for place, cell in enumerate(head) if cell.strip() == column.name]
        places[column.name] = exact or [place for place, cell in enumerate(plain) if cell in wanted]
    return places


def _missing(places: Mapping[str, Sequence[int]], columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if not places[column.name] and not column.absent]


def _head_problems(
    where: str, head: Sequence[str], places: Mapping[str, Sequence[int]], columns: Sequence[Column]
) -> list[Problem]:
    hint = f"the head is: {', '.join(cell.strip() for cell in head[:20])}"
    if len(head) == 1:
        hint += "; columns are separated by comma, semicolon or tab"
    taken = {place for found in places.values() for place in found}
    loose = {plain_head(cell): cell.strip() for place, cell in enumerate(head) if place not in taken}
    problems = []
    for column in _missing(places, columns):
        near = get_close_matches(plain_head(column.name), loose, n=1)
        advice = f"{hint}; did you mean {column.name} by {loose[near[0]]}?" if near else hint
        problems.append(Problem(where, column.name, "column is missing", advice))
    for column in columns:
        if len(places[column.name]) > 1:
            problems.append(Problem(where, column.name, "column stands twice", "keep one"))
        elif places[column.name]:
            unit = unit_in(head[places[column.name][0]])
            if unit and column.unit and unit.casefold() not in (column.unit, *UNITS.get(column.unit, ())):
                message = f"the head says {unit}, the column is in {column.unit}"
                advice = "convert it, or bring the file in with `qipan data import`"
                problems.append(Problem(where, column.name, message, advice))
    return problems


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
    if not cell:
        if column.blank:
            return ""
        raise ValueError("the cell is empty", "give a value")
    if column.names is not None:
        return _code(column, cell)
    return cell if column.among is None else coded(cell, column.among)


def _code(column: Column, cell: str) -> str:
    assert column.names is not None
    try:
        return column.names.code(cell)
    except NameProblemError:
        if column.beyond is None:
            raise
        try:
            return column.beyond.code(cell)
        except NameProblemError:
            pass
        raise


def coded(cell: str, among: Mapping[str, Sequence[str]] | Sequence[str]) -> str:
    """The code that a cell of a closed list means; case, spaces and full-width characters do not matter.

    Raises:
        ValueError: it is none of them: message and hint.

    Example:
        >>> coded(" High", CONFIDENCE), coded("高", CONFIDENCE)
        ('high', 'high')
    """
    words = among if isinstance(among, Mapping) else dict.fromkeys(among, ())
    given = _folded(cell)
    for code, others in words.items():
        if given in (_folded(code), *map(_folded, others)):
            return code
    few = ", ".join(list(words)[:8]) + (", ..." if len(words) > 8 else "")
    raise ValueError(f"{cell} is not known", f"one of: {few}")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number(column: Column, cell: str) -> float | int:
    if not cell and column.blank:
        return 0
    wanted = "a whole number" if column.kind == "whole" else "a number"
    unit = f" in {column.unit}" if column.unit else ""
    allowed = f"{wanted}{unit} {_range(column)}".strip()
    value = plain_number(cell, allowed)
    if column.kind == "whole" and value != int(value):
        raise ValueError(f"{cell} is not a whole number", allowed)
    if not column.low <= value <= column.high:
        raise ValueError(f"{cell} is outside what is allowed", allowed)
    return int(value) if column.kind == "whole" else value


def plain_number(cell: str, allowed: str) -> float:
    """The number a cell holds; full-width digits are understood, separators of thousands and text are not.

    Raises:
        ValueError: it holds none: message, and `allowed` or what to write instead.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}", text):
        both = f"{text.replace(',', '')} or {text.replace(',', '.')}"
        raise ValueError(f"{cell} has a comma, of thousands or decimal", f"write {both}; {allowed}")
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}([,'\u2019 ][0-9]{3})+(\.[0-9]+)?", text):
        plain = re.sub(r"[,'\u2019 ]", "", text)
        raise ValueError(f"{cell} has separators of thousands", f"write {plain}; {allowed}")
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text):
        raise ValueError(f"{cell} has a decimal comma", f"write {text.replace(',', '.')}; {allowed}")
    beside = re.fullmatch(r"([-+]?[0-9][0-9.,]*)\s*([^0-9\s.,eE].*)", text)
    if beside:
        raise ValueError(f"{cell} has text beside the number ({beside[2][:20]})", f"the number alone; {allowed}")
    try:
        if not text.isascii() or "_" in text:  # float() knows digits of other scripts, and underlines
            raise ValueError
        value = float(text)
    except ValueError:
        raise ValueError(f"{cell or 'an empty cell'} is not a number", allowed) from None
    if not math.isfinite(value):
        raise ValueError(f"{cell} is not a finite number", allowed)
    return value


def _range(column: Column) -> str:
    if math.isfinite(column.low) and math.isfinite(column.high):
        return f"from {column.low:g} to {column.high:g}"
    if math.isfinite(column.low):
        return f"of at least {column.low:g}"
    return f"of at most {column.high:g}" if math.isfinite(column.high) else ""
