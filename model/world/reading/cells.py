"""The cells of a small table, whatever program saved it: CSV in any usual encoding and separator, or a workbook."""

import csv
import datetime
import hashlib
import io
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from qipan.model.errors import DataError, Problem

SIZE_LIMIT = 16 * 2**20
UNPACKED_LIMIT = 64 * 2**20
MOST_ROWS, MOST_PARTS = 100_000, 2_000
SUFFIXES = (".csv", ".xlsx", ".xlsm", ".tsv", ".txt")
"""Ends of names of files that may be tables."""
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "a table is a CSV file (UTF-8, GBK or UTF-16) or an Excel workbook (.xlsx)"


@dataclass(frozen=True)
class Cells:
    """One sheet as text.

    Attributes:
        path: How the file is called in messages.
        sheet: Name of the sheet; empty in a text file.
        how: How it was read, for people: encoding and separator, or the sheet.
        digest: SHA-256 of the file.
        rows: Cells of each row that is not blank, with its line (in a workbook: its row) from 1.
    """

    path: str
    sheet: str
    how: str
    digest: str
    rows: list[tuple[int, list[str]]]


def shown_path(path: Path) -> str:
    """A path as a reader would type it: relative when below the current folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return str(path)


def read_cells(path: Path) -> list[Cells]:
    """The sheets of a file that are not empty: one of a text file, one or more of a workbook.

    Raises:
        DataError: it cannot be read, is too large, empty, no table at all, or a text whose quotes are broken.
    """
    return cells_of(table_bytes(path), shown_path(path))


def cells_of(raw: bytes, shown: str) -> list[Cells]:
    """The same of the content of a file, `shown` being its name in messages."""
    if not raw.strip():
        raise DataError(Problem(shown, "", "the file is empty", "a table needs a head and rows"))
    digest = hashlib.sha256(raw).hexdigest()
    if raw.startswith(OLD_WORKBOOK):
        message = "is an old Excel workbook (.xls), or one with a password"
        raise DataError(Problem(shown, "", message, "save it as .xlsx without a password, or as CSV"))
    if raw.startswith(b"PK\x03\x04"):
        sheets = [
            Cells(shown, name, f"workbook, sheet {name}", digest, rows) for name, rows in _workbook(raw, shown) if rows
        ]
        if not sheets:
            raise DataError(Problem(shown, "", "the workbook is empty", "a table needs a head and rows"))
        return sheets
    text, encoding = decoded(raw, shown)
    if not text.strip():
        raise DataError(Problem(shown, "", "the file is empty", "a table needs a head and rows"))
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text[:200], re.IGNORECASE):
        message = "is a web page or XML, whatever its name ends in"
        raise DataError(Problem(shown, "", message, "open it in a spreadsheet and save it as .xlsx or CSV"))
    separator, text, first = _separator(text)
    rows = _rows(text, separator, shown, first)
    return [Cells(shown, "", f"{encoding}, separated by {SEPARATORS[separator]}", digest, rows)]


def table_bytes(path: Path) -> bytes:
    """The content of a file that may hold a table; raises DataError where it cannot be read or is too large."""
    shown = shown_path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise DataError(Problem(shown, "", "cannot be read: no such file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(Problem(shown, "", f"cannot be read: {reason}")) from None
    if len(raw) > SIZE_LIMIT:
        raise DataError(Problem(shown, "", f"larger than {SIZE_LIMIT // 2**20} MiB", "this is no table of ours"))
    return raw


def decoded(raw: bytes, shown: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding: UTF-8, UTF-16 or GB 18030 (which holds GBK and GB 2312).

    Raises:
        DataError: it is in none of them, or holds what no text holds.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or _wide(raw):
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else _wide(raw)
        text, name = _attempt(raw, encoding), "UTF-16"
    else:
        text, name = _attempt(raw, "utf-8-sig"), "UTF-8"
        if text is None:
            text, name = _attempt(raw, "gb18030"), "GBK"
            text = text if text is not None and _is_chinese(text) else None
    if b"\0" in raw and name != "UTF-16":
        raise DataError(Problem(shown, "", "is a binary file, no table", TEXT))
    if text is None:
        line = _line_of_fault(raw)
        message = "is neither UTF-8 nor GBK nor UTF-16 text"
        raise DataError(Problem(f"{shown}:{line}", "", message, "save the file as UTF-8"))
    return text, name


def _attempt(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    """Whether text read as GB 18030 was meant so: common characters, none inside a Latin word (as cp1252 gives)."""
    foreign = [sign for sign in text if not sign.isascii()]
    rare = sum(1 for sign in foreign if not sign.encode("gb2312", "ignore"))
    return rare <= 0.2 * len(foreign) and not re.search("[a-z][\u4e00-\u9fff][a-z]", text)


def _wide(raw: bytes) -> str:
    """UTF-16 without its mark, as some programs save it: every other byte of plain digits and commas is zero."""
    if b"\0" not in raw or len(raw) % 2:
        return ""
    zeros = [raw[place::2].count(0) * 4 / len(raw) for place in (0, 1)]
    return ("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le") if max(zeros) > 0.5 and min(zeros) < 0.05 else ""


def _line_of_fault(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return raw.count(b"\n", 0, error.start) + 1
    return 1


def _separator(text: str) -> tuple[str, str, int]:
    """The separator, the text without a line that only names it (`sep=;`), and the number of the first line left."""
    named = re.match(r"sep=([,;\t])\r?\n", text)
    if named:
        return named[1], text[named.end() :], 2
    sample = text[:65536].rsplit("\n", 1)[0] if len(text) > 65536 else text
    scores = {separator: _regularity(sample, separator) for separator in SEPARATORS}
    return max(scores, key=lambda separator: scores[separator]), text, 1


def _regularity(sample: str, separator: str) -> int:
    """How many rows have the same number of cells, more than one."""
    try:
        rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=separator), 500))
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)


def _rows(text: str, separator: str, shown: str, first: int) -> list[tuple[int, list[str]]]:
    """Rows with the line each begins on; blank lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    rows, begins = [], first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
                if len(rows) > MOST_ROWS:
                    raise DataError(Problem(shown, "", f"more than {MOST_ROWS:,} rows", "this is no table of ours"))
            begins = reader.line_num + first
    except csv.Error as error:
        message = f"cannot be read as CSV: {error}"
        raise DataError(Problem(f"{shown}:{begins}", "", message, "check the quotes")) from None
    return rows


def _workbook(raw: bytes, shown: str) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """Sheets of a workbook with their rows."""
    import openpyxl

    _safe_archive(raw, shown)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which are of no interest here
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            return [(sheet.title, _sheet_rows(sheet, shown)) for sheet in book.worksheets]
    except DataError:
        raise
    except Exception as error:  # the library lets through whatever a broken part makes its parsers raise
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        message = f"cannot be read as a workbook: {reason}"
        raise DataError(Problem(shown, "", message, "open it in a spreadsheet and save it as .xlsx again")) from None


def _safe_archive(raw: bytes, shown: str) -> None:
    """Refuse what would unpack to far more than a table, no workbook, and documents that define entities."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                hint = "copy its table into a new workbook, or save it as CSV"
                message = f"unpacks to more than {UNPACKED_LIMIT // 2**20} MiB"
                raise DataError(Problem(shown, "", message, hint))
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise DataError(Problem(shown, "", "is an archive or document, no Excel workbook", TEXT))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:4096].upper():
                    raise DataError(Problem(shown, "", "holds XML that defines entities", "save it as .xlsx again"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        message = f"cannot be read as a workbook: {error}"
        raise DataError(Problem(shown, "", message, "save it as .xlsx again, without a password")) from None


def _sheet_rows(sheet: Any, shown: str) -> list[tuple[int, list[str]]]:
    rows = []
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [_cell_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            rows.append((line, cells))
        if line > MOST_ROWS:
            raise DataError(Problem(shown, "", f"more than {MOST_ROWS:,} rows", "this is no table of ours"))
    return rows


def _cell_text(value: Any) -> str:
    """A value of a spreadsheet as one would type it."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    return str(value)
