"""`qipan data import`: a province panel into the user's own regions.csv, with a page to check it by."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from shlex import quote

from qipan.experiments.examine.panel import USUAL_YEAR, Panel, column_of, read_panel
from qipan.experiments.examine.panel_text import KINDS
from qipan.experiments.store.ownership import beside, from_journal, from_manifest
from qipan.experiments.words.labels import Topic
from qipan.experiments.words.warned import warned, warning
from qipan.model.errors import DataError, Problem
from qipan.model.notices.notice import Notice
from qipan.model.scenario.folders import names_folder
from qipan.model.world.provinces import COLUMNS, NATIONAL, names_of, regions_problems
from qipan.model.world.reading.cells import Cells, cells_of, read_cells, shown_path
from qipan.model.world.reading.own import Tables, found_tables, shipped_folder
from qipan.model.world.reading.plausible import FACTOR, outliers, regions_told
from qipan.model.world.reading.tables import DataTable, find_columns, table_of

TABLE = "regions.csv"
MOST_TOLD = 3
UNTOUCHED = 1e-9


@dataclass(frozen=True)
class PanelRow:
    """One region of the table: code, English and Chinese name, shipped value, value before and now."""

    code: str
    name: str
    name_zh: str
    shipped: float | None
    before: float
    now: float


@dataclass(frozen=True)
class Imported:
    """What came in.

    Attributes:
        column: Column of regions.csv.
        panel: What was read.
        path: The table written; `page` the check page.
        rows: Every region of the table.
        missing: Regions of the table that the file gives no number for; they keep theirs.
        strangers: Regions of the file that the table does not have.
        warnings: What is hardly plausible.
    """

    column: str
    panel: Panel
    path: Path
    page: Path
    rows: tuple[PanelRow, ...]
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    warnings: tuple[Notice, ...]


def bring_in(
    file: Path,
    indicator: str,
    into: Path,
    *,
    year: int | None = None,
    unit: str | None = None,
    head: str | None = None,
    force: bool = False,
    language: str = "en",
) -> Imported:
    """Put one indicator of a panel into `into`/regions.csv, which is begun from the shipped table where it is new.

    Other columns stay as they are. Table and check page are written both or not at all.

    Raises:
        DataError: the file, or the folder, is not as it must be, or the column was changed before (unless forced).
        StoreError: the folder cannot be written.
    """
    column = column_of(indicator)
    names = Tables().shipped_names(TABLE)
    panel = read_panel(file, column, names, Tables().shipped_names("cities.csv"), year=year, unit=unit, head=head)
    path = _place(into)
    cells = read_cells(path if path.exists() else shipped_folder() / TABLE)[0]
    before, shipped = table_of(cells, COLUMNS), Tables().shipped(TABLE, COLUMNS)
    content, rows = _changed(cells, before, shipped, panel, column)
    if not force:
        _refuse_lost(rows, path, column)
    now = table_of(cells_of(content, shown_path(path))[0], COLUMNS)
    now.refuse(regions_problems(now))
    codes = {row.code for row in rows}
    result = Imported(
        column,
        panel,
        path,
        into / f"check-{column}.html",
        rows,
        tuple(row.name for row in rows if row.code not in panel.entries),
        tuple(entry.called for code, entry in panel.entries.items() if code not in codes),
        _warnings(now, shipped, panel, column),
    )
    _check_page(result.page, force)
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            Problem(shown_path(into), "", f"cannot be made: {error.strerror}", "name another --into")
        ) from None
    with beside(into, force=True) as place:
        (place / path.name).write_bytes(content)
        (place / result.page.name).write_text(page(result, language), encoding="utf-8")
    return result


def _check_page(path: Path, force: bool) -> None:
    """Refuse to replace what is no check page of ours; raises DataError."""
    if not path.is_symlink() and (not path.exists() or (path.is_file() and force)):
        return
    if path.is_symlink() or not path.is_file():
        raise DataError(Problem(shown_path(path), "", "is a link or no file", "take it away, or name another folder"))
    if _styled() not in path.read_text(encoding="utf-8", errors="replace"):
        message = "is no check page that qipan wrote, and would be replaced"
        raise DataError(Problem(shown_path(path), "", message, "move it elsewhere, or replace it with --force"))


def _styled() -> str:
    """What every check page holds."""
    return f"<style>{STYLE}</style>"


def _place(into: Path) -> Path:
    """Where the table goes; raises DataError where it must not."""
    shown = shown_path(into)
    if into.exists() and not into.is_dir():
        raise DataError(Problem(shown, "", "is a file, not a folder", "name a folder with --into"))
    if into.resolve() == shipped_folder().resolve():
        raise DataError(Problem(shown, "", "holds the tables that come with qipan", "name another folder with --into"))
    if from_journal(into) or from_manifest(into):
        raise DataError(Problem(shown, "", "is a result of qipan, no folder of own data", "name another folder"))
    path = into / TABLE
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise DataError(Problem(shown_path(path), "", "is a link or no file", "take it away, or name another folder"))
    if into.is_dir() and any(into.iterdir()):
        try:
            found = found_tables(into, shipped_folder())[0].get(TABLE, path)
        except DataError as error:
            if not any("holds no table" in problem.message for problem in error.problems):
                raise
            found = path
        if found.name != TABLE:
            message = f"{found.name} is there: an import writes {TABLE}"
            raise DataError(Problem(shown, TABLE, message, f"save it as {TABLE}, or name another folder"))
    return path


def _changed(
    cells: Cells, before: DataTable, shipped: DataTable, panel: Panel, column: str
) -> tuple[bytes, tuple[PanelRow, ...]]:
    """The table with the new numbers as CSV, everything else as it stood, and what changes."""
    names, places = names_of(before), find_columns(cells.rows[0][1], COLUMNS)
    known = {code: row for row, code in enumerate(shipped.columns["code"])}
    lines, rows = [cells.rows[0][1]], []
    for number, (_, line) in enumerate(cells.rows[1:]):
        code, was = before.columns["code"][number], float(before.columns[column][number])
        text = _written(panel.ours(code)) if code in panel.entries else ""
        new = list(line)
        if text and not math.isclose(float(text), was, rel_tol=UNTOUCHED):
            new[places[column][0]] = text
        lines.append(new)
        value = float(shipped.columns[column][known[code]]) if code in known else None
        now = float(text) if text else was
        rows.append(PanelRow(code, before.columns["name"][number], before.columns["name_zh"][number], value, was, now))
    assert names.codes == tuple(row.code for row in rows)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(lines)
    return stream.getvalue().encode("utf-8-sig"), tuple(rows)


def _written(value: Decimal) -> str:
    """A number as short as it can be read back exactly."""
    return f"{value.normalize():f}"


def _refuse_lost(rows: Sequence[PanelRow], path: Path, column: str) -> None:
    """Refuse to replace values that were changed before: somebody may have put them there by hand."""
    lost = [
        row
        for row in rows
        if row.shipped is not None and not _same(row.before, row.shipped) and not _same(row.before, row.now)
    ]
    if lost:
        few = ", ".join(f"{row.name} {row.shipped:.10g} -> {row.before:.10g}" for row in lost[:MOST_TOLD])
        more = ", ..." if len(lost) > MOST_TOLD else ""
        message = f"{len(lost)} values were changed before and would be replaced ({few}{more})"
        raise DataError(Problem(shown_path(path), column, message, "replace them all the same with --force"))


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=UNTOUCHED)


def _warnings(now: DataTable, shipped: DataTable, panel: Panel, column: str) -> tuple[Notice, ...]:
    national = Tables().shipped("national.csv", NATIONAL)
    totals = dict(zip(national.columns["item"], national.columns["value"], strict=True))
    told = [
        *outliers(now, shipped, [each for each in COLUMNS if each.name == column], "code"),
        *regions_told(now, shipped, totals),
    ]
    found = [problem.notice() for problem in told]
    if panel.year != USUAL_YEAR:
        key = "warning_panel_no_year" if panel.year is None else "warning_panel_year"
        found.insert(0, warning(key, column=column, year=panel.year or "", usual=USUAL_YEAR))
    total = sum((entry.number for entry in panel.entries.values()), Decimal(0))
    if panel.nation and abs(total / panel.nation - 1) > Decimal("0.02") and len(panel.entries) >= len(now.lines):
        found.append(warning("warning_panel_sum", total=str(total), nation=str(panel.nation)))
    return tuple(found)


def summary(result: Imported, into: str) -> list[str]:
    """What was done, in lines for the terminal; the last are the commands to give next."""
    panel, rows = result.panel, result.rows
    changed = [row for row in rows if not _same(row.before, row.now)]
    year = "a year the file does not name" if panel.year is None else str(panel.year)
    lines = [
        f"read     {panel.file} ({panel.how}): {panel.head}, {year}, {len(panel.entries)} regions",
        f"unit     {panel.unit} -> {KINDS[result.column]} (times {_written(panel.factor)})",
        f"written  {shown_path(result.path)}: {result.column}, {len(changed)} of {len(rows)} values changed",
    ]
    if result.missing:
        lines.append(f"missing  {', '.join(result.missing)}: no number in the file, the value before stands")
    if result.strangers:
        lines.append(f"left out {', '.join(result.strangers)}: not in the table")
    lines += [f"warning  {text}" for text in result.warnings]
    lines.append(f"check    {shown_path(result.page)}")
    folder = quote(into if names_folder(into) else f"./{into}")
    lines += [
        f"next     qipan data check {quote(into)}",
        f"         qipan compare baseline national-design --set world.data={folder}",
    ]
    return lines


say = Topic("panel")
HEADS = ("code", "region", "called", "number", "shipped", "before", "now", "change")
STYLE = (
    "body{font:15px/1.5 sans-serif;margin:2em auto;max-width:60em;color:#222}table{border-collapse:collapse}"
    "td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #ddd}td:nth-child(-n+3),th:nth-child(-n+3)"
    "{text-align:left}.far{background:#fde0c5}dt{color:#595959}dd{margin:0 0 .5em}"
)


def lines_told(panel: Panel) -> Iterator[str]:
    """What was passed over, for people."""
    for line, text, reason in panel.skipped:
        yield f"line {line}: {text[:60]}: {reason}"
    for code, line in panel.without.items():
        yield f"line {line}: {code}: no number"


def page(result: Imported, language: str) -> str:
    """The check page: what was read, the unit, old and new values and how far they moved, what was passed over."""
    panel, none = result.panel, say("none", language)
    changed = [row for row in result.rows if not _same(row.before, row.now)]
    told = {
        "file": panel.file,
        "how": panel.how,
        "digest": panel.digest,
        "titles": " / ".join(panel.titles) or none,
        "column": panel.head,
        "year": none if panel.year is None else str(panel.year),
        "unit": f"{panel.unit} → {KINDS[result.column]} (× {_written(panel.factor)})",
        "into": result.column,
        "changed": f"{len(changed)} / {len(result.rows)} ({len(changed) / len(result.rows):.0%})",
        "without": ", ".join((*result.missing, *result.strangers)) or none,
        "skipped": "; ".join(lines_told(panel)) or none,
        "warnings": "; ".join(warned(told, language) for told in result.warnings) or none,
    }
    facts = ((say(f"fact.{name}", language), text) for name, text in told.items())
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts)
    title = f"{escape(say('title', language))}: {result.column}"
    heads = "".join(f"<th>{escape(say(f'head.{name}', language))}</th>" for name in HEADS)
    table = "".join(_row(row, panel, language) for row in result.rows)
    return (
        f'<!doctype html><html lang="{"zh-CN" if language == "zh" else "en"}"><meta charset="utf-8">'
        f"<title>{title}</title>{_styled()}<h1>{title}</h1><dl>{listed}</dl>"
        f"<table><tr>{heads}</tr>{table}</table></html>\n"
    )


def _row(row: PanelRow, panel: Panel, language: str) -> str:
    entry = panel.entries.get(row.code)
    share = row.now / row.before - 1.0 if row.before else math.inf
    ratio = row.now / row.shipped if row.shipped else 1.0
    far = not 1.0 / FACTOR <= ratio <= FACTOR
    cells = (
        row.code,
        row.name_zh if language == "zh" else row.name,
        entry.called if entry else "",
        str(entry.number) if entry else "",
        "" if row.shipped is None else f"{row.shipped:.10g}",
        f"{row.before:.10g}",
        f"{row.now:.10g}",
        f"{share:+.1%}" if math.isfinite(share) else "",
    )
    mark = ' class="far"' if far else ""
    return f"<tr{mark}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"
