"""Own tables over the shipped ones: which file each table is read from, and what differs from what was shipped."""

from __future__ import annotations

import hashlib
import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from qipan.model.errors import DataError, Problem
from qipan.model.notices.notice import Notice, notice
from qipan.model.world.names import Names, region_names, sector_names
from qipan.model.world.reading.cells import SUFFIXES, shown_path
from qipan.model.world.reading.plausible import outliers
from qipan.model.world.reading.tables import Column, DataTable, read_table

KEYS = {
    "regions.csv": "code",
    "cities.csv": "code",
    "sectors.csv": "code",
    "sectors-directions-6.csv": "code",
    "sectors-classes-13.csv": "code",
    "mechanisms.csv": "mechanism",
    "targets.csv": "identifier",
    "tile_grid.csv": "region",
}
"""Column that names a row; the rows of other tables have no name."""
THINGS = {
    "regions.csv": ("region", "个地区"),
    "cities.csv": ("city", "个城市"),
    "mechanisms.csv": ("mechanism", "种资金"),
    "targets.csv": ("target", "个目标"),
    "sectors.csv": ("sector", "个产业"),
    "sectors-directions-6.csv": ("sector", "个产业"),
    "sectors-classes-13.csv": ("sector", "个产业"),
}
MOST_TOLD = 3


def shipped_folder() -> Path:
    """The folder of the tables that come with the model: beside the packages, or the copy an installation has."""
    package = Path(__file__).resolve().parents[2]
    beside = package.parent / "data"
    return beside if (beside / "regions.csv").is_file() else package.parent / "_shipped" / "data"


def own_folder() -> Path | None:
    """The folder that `QIPAN_DATA` names; None when it names none."""
    named = os.environ.get("QIPAN_DATA", "").strip()
    return Path(named).expanduser() if named else None


@dataclass(frozen=True)
class Change:
    """How one own table differs from the shipped one.

    Attributes:
        table: Name of the file.
        cells: Row (English, Chinese), column, shipped value and own value of each cell that differs.
        added: Rows that only the own table has, by what they are called in English and Chinese.
        removed: Rows that only the shipped table has.
    """

    table: str
    cells: tuple[tuple[tuple[str, str], str, Any, Any], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()

    def sentence(self, language: str) -> str:
        """What differs in a few words; empty when nothing does."""
        chinese = language == "zh"
        parts = [
            part
            for part in (
                _cells_told(self.cells, chinese),
                _rows_told(self.table, self.added, "added", chinese),
                _rows_told(self.table, self.removed, "removed", chinese),
            )
            if part
        ]
        return ("，" if chinese else ", ").join([self.table, *parts]) if parts else ""


@dataclass(frozen=True)
class OwnData:
    """Which tables of a world are the user's own.

    Attributes:
        folder: Full path of the folder they are in; empty when all are shipped.
        files: Content of each own table that was read, by the name of its file.
        changes: What differs, by table.
        warnings: What is hardly plausible; files are named without the folder.
    """

    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    warnings: tuple[Notice, ...] = ()

    def sentence(self, language: str = "en") -> str:
        """What differs from the shipped tables in one sentence; empty when nothing does."""
        told = [text for change in self.changes if (text := change.sentence(language))]
        if language == "zh":
            return f"自有数据：{'；'.join(told)}" if told else ""
        return f"own data: {'; '.join(told)}" if told else ""


class Tables:
    """The tables a world is read from: those of an own folder, and the shipped ones where it has none.

    Attributes:
        files: SHA-256 of each table that was read, by name.

    Raises:
        DataError: the folder does not exist, holds no table, or one table twice.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._shipped = shipped_folder()
        own = folder is not None and folder.resolve() != self._shipped.resolve()
        self._folder = folder if own else None
        self._found, strangers = found_tables(folder, self._shipped) if own and folder is not None else ({}, ())
        self.files: dict[str, str] = {}
        self._changes: dict[str, Change] = {}
        self._warnings = list(strangers)
        self._names: dict[str, Names] = {}
        self._contents: dict[str, bytes] = {}

    def read(self, name: str, columns: Sequence[Column], *, told: bool = True) -> DataTable:
        """Read and check a table; what differs in an own one is kept.

        Args:
            name: Name of the shipped file.
            columns: What it must hold.
            told: Whether results depend on it, so that its digest and changes belong to the world.

        Raises:
            DataError: every problem of the table.
        """
        table = read_table(self._found.get(name, self._shipped / name), columns)
        if not told:
            return table
        self.files[name] = table.digest
        if name in self._found:
            self._contents[self._found[name].name] = _unchanged(self._found[name], table)
            shipped = self.shipped(name, columns)
            known = self._changes.get(name)
            if known is None or not known.sentence("en"):
                self._changes[name] = compared(name, table, shipped)
                if name in KEYS:
                    self._warnings += outliers(table, shipped, columns, KEYS[name])
        return table

    def shipped(self, name: str, columns: Sequence[Column]) -> DataTable:
        """The shipped table of this name, values as they are."""
        plain = [
            replace(column, among=None, names=None, beyond=None, unique=False, low=-math.inf, high=math.inf)
            for column in columns
        ]
        return read_table(self._shipped / name, plain)

    def is_own(self, name: str) -> bool:
        """Whether a table is the user's own."""
        return name in self._found

    def beyond(self, name: str) -> Names | None:
        """Regions or sectors of the shipped table `name` where it has been replaced, so that rows of other tables that
        name one of them can be told from errors; None where it is the shipped one.
        """
        return self.shipped_names(name) if self.is_own(name) else None

    def shipped_names(self, name: str) -> Names:
        """What the regions or sectors of a shipped table may be called."""
        if name not in self._names:
            identifier = "region_id" if name in ("regions.csv", "cities.csv") else "sector_id"
            table = self.shipped(name, [*map(Column, ("code", "name", "name_zh")), Column(identifier, "whole")])
            making = region_names if identifier == "region_id" else sector_names
            self._names[name] = making(*(table.columns[each] for each in ("code", "name", "name_zh", identifier)))
        return self._names[name]

    def warn(self, problem: Problem) -> None:
        """Keep what is hardly plausible."""
        self._warnings.append(problem)

    def left_out(self, table: DataTable, column: str, known: Sequence[str], kept_by: str) -> list[int]:
        """Rows of a table whose `column` names what the own table `kept_by` does not have are left out, and told.

        Returns:
            The rows that count.
        """
        cells = table.columns[column]
        lost = Counter(cell for cell in cells if cell and cell not in known)
        if lost:
            few = ", ".join(list(lost)[:MOST_TOLD]) + (", ..." if len(lost) > MOST_TOLD else "")
            count = sum(lost.values())
            told = notice("own_rows", count=count, s="s" * (count != 1), file=kept_by, few=few)
            self.warn(Problem(table.path, column, told))
        return [row for row, cell in enumerate(cells) if not cell or cell in known]

    def told(self) -> OwnData:
        """What is own in what was read so far."""
        if self._folder is None:
            return OwnData()
        folders = [f"{shown_path(folder)}/" for folder in (self._folder, self._shipped)]
        places = [problem.where.replace(folders[0], "").replace(folders[1], "") for problem in self._warnings]
        told = (replace(each, where=where).notice() for each, where in zip(self._warnings, places, strict=True))
        warnings = tuple(dict.fromkeys(told))
        return OwnData(str(self._folder.resolve()), self._contents, tuple(self._changes.values()), warnings)


def _unchanged(path: Path, table: DataTable) -> bytes:
    """The content that a table was read from."""
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != table.digest:
        raise DataError(Problem(table.path, "", "was changed while it was read", "give the command again"))
    return content


def found_tables(folder: Path, shipped: Path) -> tuple[dict[str, Path], tuple[Problem, ...]]:
    """The tables of an own folder by the names of the shipped ones, and what is said of other files.

    A table may be CSV or a workbook, its name in any case.

    Raises:
        DataError: the folder does not exist, holds no table, or one table twice.
    """
    from difflib import get_close_matches

    shown = shown_path(folder)
    if not folder.is_dir():
        raise DataError(Problem(shown, "", "no such folder of data tables", "world.data and QIPAN_DATA name a folder"))
    names = {path.stem.casefold(): path.name for path in shipped.glob("*.csv")}
    found: dict[str, Path] = {}
    strangers = []
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.casefold() in SUFFIXES)
    except OSError as error:
        raise DataError(Problem(shown, "", f"cannot be read: {error.strerror}")) from None
    for path in files:
        stem = path.stem.casefold()
        if path.name.startswith(("~$", ".")):
            continue  # of a spreadsheet that has the file open, or hidden
        if stem not in names:
            near = get_close_matches(stem, names, n=1, cutoff=0.6)
            known = ", ".join(sorted(names.values()))
            hint = notice("own_meant", name=names[near[0]]) if near else notice("own_tables", names=known)
            strangers.append(Problem(shown_path(path), "", notice("own_stranger"), hint))
        elif names[stem] in found:
            message = f"stands twice: {found[names[stem]].name} and {path.name}"
            raise DataError(Problem(shown, names[stem], message, "keep one of them"))
        else:
            found[names[stem]] = path
    if not found:
        any_of = f"any of: {', '.join(sorted(names.values()))}"
        raise DataError([*strangers, Problem(shown, "", "holds no table of qipan", any_of)])
    return found, tuple(strangers)


def compared(name: str, own: DataTable, shipped: DataTable) -> Change:
    """What differs in the columns that were read."""
    key = KEYS.get(name)
    if key is None or key not in own.columns:
        mine, before = (Counter(zip(*table.columns.values(), strict=True)) for table in (own, shipped))
        return Change(name, (), _rows_called(mine - before), _rows_called(before - mine))
    ours, theirs = ({cell: row for row, cell in enumerate(table.columns[key])} for table in (own, shipped))
    cells = tuple(
        (_called(own, ours[which], key), column, before, after)
        for which in theirs
        if which in ours
        for column in shipped.columns
        if (before := shipped.columns[column][theirs[which]]) != (after := own.columns[column][ours[which]])
    )
    added = tuple(_called(own, row, key) for which, row in ours.items() if which not in theirs)
    removed = tuple(_called(shipped, row, key) for which, row in theirs.items() if which not in ours)
    return Change(name, cells, added, removed)


def _called(table: DataTable, row: int, key: str) -> tuple[str, str]:
    """What a row is called in English and Chinese."""
    code = str(table.columns[key][row])
    return str(table.columns.get("name", {row: code})[row]), str(table.columns.get("name_zh", {row: code})[row])


def _rows_called(rows: Counter[tuple[Any, ...]]) -> tuple[tuple[str, str], ...]:
    words = (" ".join(str(cell) for cell in row if cell != "") for row in rows.elements())
    return tuple((word, word) for word in words)


def _cells_told(cells: Sequence[tuple[tuple[str, str], str, Any, Any]], chinese: bool) -> str:
    if not cells:
        return ""
    arrow = "→" if chinese else " -> "
    few = [
        f"{row[chinese]} {column} {_value(before)}{arrow}{_value(after)}"
        for row, column, before, after in sorted(cells, key=_size, reverse=True)[:MOST_TOLD]
    ]
    counts = Counter(column for _, column, _, _ in cells)
    more = ", ..." if len(cells) > len(few) else ""
    if chinese:
        where = f"，{'、'.join(f'{name}列{count}格' for name, count in _first(counts))}" if more else ""
        return f"改动{len(cells)}格{where}（{'，'.join(few)}{'等' if more else ''}）"
    where = f" in {', '.join(f'{name} ({count})' for name, count in _first(counts))}" if more else ""
    return f"{len(cells)} cell{'s' * (len(cells) > 1)} changed{where} ({', '.join(few)}{more})"


def _first(counts: Counter[str]) -> Iterator[tuple[str, str]]:
    listed = counts.most_common()
    yield from ((name, str(count)) for name, count in listed[:MOST_TOLD])
    if len(listed) > MOST_TOLD:
        yield "...", str(sum(count for _, count in listed[MOST_TOLD:]))


def _size(cell: tuple[tuple[str, str], str, Any, Any]) -> float:
    """How far a number was moved, as a factor; texts come last."""
    before, after = cell[2], cell[3]
    if isinstance(before, str) or isinstance(after, str):
        return -1.0
    if min(before, after) <= 0.0:
        return math.inf
    return abs(math.log(after / before))


def _rows_told(table: str, rows: Sequence[tuple[str, str]], what: str, chinese: bool) -> str:
    if not rows:
        return ""
    thing, counter = THINGS.get(table, ("row", "行"))
    few = [row[chinese][:40] for row in rows[:MOST_TOLD]]
    if chinese:
        verb = {"added": "增加", "removed": "删去"}[what]
        return f"{verb}{len(rows)}{counter}（{'、'.join(few)}{'等' if len(rows) > len(few) else ''}）"
    plural = {"city": "cities"}.get(thing, f"{thing}s") if len(rows) > 1 else thing
    return f"{len(rows)} {plural} {what} ({', '.join(few)}{', ...' if len(rows) > len(few) else ''})"


def _value(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)[:30] or '""'
