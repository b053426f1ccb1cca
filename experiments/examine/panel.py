"""A province panel as the statistics office gives it out: title lines, a head, one column a year, notes at the end.

Which column names the regions, which holds the year, in what unit, and what lines are no region is read from the file.
Nothing is guessed that changes a number: without a unit, or with two columns that fit, the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from qipan.experiments.examine.panel_text import DERIVED, half_width, number_in, unit_of, years_in
from qipan.model.errors import DataError, Problem
from qipan.model.world.names import OUTSIDE, TOGETHER, NameProblemError, Names, plain_name
from qipan.model.world.provinces import AKA
from qipan.model.world.reading.cells import Cells, read_cells, shown_path

USUAL_YEAR = 2022
"""Year of the shipped statistics, which is taken when none is asked for."""
NOTE = re.compile(r"^(注|备注|说明|数据来源|资料来源|来源|note|source|remark)", re.IGNORECASE)
DATED = {"年份", "年度", "年", "时间", "year", "date", "time"}
"""Heads of a column that gives each line its year."""


@dataclass(frozen=True)
class PanelEntry:
    """One number of a panel: line of the file, what the region is called there, the number in the file's unit."""

    line: int
    called: str
    number: Decimal


@dataclass(frozen=True)
class Panel:
    """One indicator of one year as a file gives it.

    Attributes:
        file: Name of the file; `how` it was read; its `digest`.
        titles: Lines above the head.
        head: Head of the column that was taken.
        year: Year of the numbers; None when the file names none.
        unit: Unit of the file, and how much of ours one of it is.
        entries: By code of the region.
        without: Regions that stand there without a number, by code: line.
        skipped: Line, text and reason of every other line below the head.
        nation: The nation's number in the file, if it has one.
    """

    file: str
    how: str
    digest: str
    titles: tuple[str, ...]
    head: str
    year: int | None
    unit: str
    factor: Decimal
    entries: Mapping[str, PanelEntry]
    without: Mapping[str, int]
    skipped: tuple[tuple[int, str, str], ...]
    nation: Decimal | None

    def ours(self, code: str) -> Decimal:
        """The number of a region in the unit of the tables."""
        return self.entries[code].number * self.factor


def column_of(indicator: str) -> str:
    """The column of regions.csv that an indicator means: its name, or what the statistics office calls it.

    Raises:
        DataError: it is none of those that can be brought in.
    """
    wanted = plain_name(indicator)
    for name, words in AKA.items():
        if wanted in (plain_name(name), *map(plain_name, words)):
            return name
    known = ", ".join(f"{name} ({words[0]})" for name, words in AKA.items())
    raise DataError(Problem("command line", "--indicator", f"{indicator!r} is not known", f"one of: {known}"))


def read_panel(
    path: Path,
    column: str,
    regions: Names,
    cities: Names,
    *,
    year: int | None = None,
    unit: str | None = None,
    head: str | None = None,
) -> Panel:
    """Read one indicator of one year.

    Args:
        path: The file.
        column: Column of regions.csv that is wanted, a key of AKA.
        regions: What regions may be called.
        cities: What cities may be called; their lines are passed over.
        year: Year wanted; 2022, or the only one of the file, when None.
        unit: Unit of the numbers, where the file does not say it.
        head: Head of the column to take, where several fit.

    Raises:
        DataError: every problem of the file, with its line.
    """
    sheets = [(cells, place) for cells in read_cells(path) if (place := _region_column(cells, regions)) is not None]
    if not sheets:
        message, hint = (
            "no column names regions",
            "a column 地区 with a line for each region; regions in columns: turn it",
        )
        raise DataError(Problem(shown_path(path), "", message, hint))
    if len(sheets) > 1:
        message = f"several sheets name regions: {', '.join(cells.sheet for cells, _ in sheets)}"
        raise DataError(Problem(shown_path(path), "", message, "keep one of them"))
    cells, place = sheets[0]
    first = next(at for at, (_, row) in enumerate(cells.rows) if _is_region(_cell(row, place), regions))
    while first and plain_name(_cell(cells.rows[first - 1][1], place)) in _words(TOGETHER):
        first -= 1
    titles, heads = _above(cells.rows[:first], place)
    if not heads:
        message = "there is no head above the regions"
        raise DataError(Problem(f"{cells.path}:1", "", message, "a line such as 地区, 2022年(亿元)"))
    cells, heads, year = _of_one_year(cells, first, heads, year)
    taken, found = _column(cells, titles, heads, column, year, head)
    named, factor = unit_of(cells, titles, heads[taken], column, unit)
    entries, without, skipped, nation = _entries(cells, first, place, taken, regions, cities)
    return Panel(
        cells.path,
        cells.how,
        cells.digest,
        titles,
        heads[taken],
        found,
        named,
        factor,
        entries,
        without,
        skipped,
        nation,
    )


def _of_one_year(
    cells: Cells, first: int, heads: Mapping[int, str], year: int | None
) -> tuple[Cells, Mapping[int, str], int | None]:
    """Where each line has its year in a column of its own, the lines of the year wanted, without that column."""
    place = next((at for at, head in heads.items() if plain_name(head) in DATED), None)
    if place is None:
        return cells, heads, year
    wanted = USUAL_YEAR if year is None else year
    below = cells.rows[first:]
    kept = [(line, row) for line, row in below if years_in(_cell(row, place)) in ([], [wanted])]
    there = sorted({each for _, row in below for each in years_in(_cell(row, place))})
    if wanted not in there:
        message, hint = f"no line of {wanted}", f"years there: {', '.join(map(str, there))}; name one with --year"
        raise DataError(Problem(cells.path, "--year", message, hint))
    return replace(cells, rows=[*cells.rows[:first], *kept]), {k: v for k, v in heads.items() if k != place}, wanted


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _words(words: Sequence[str]) -> set[str]:
    return {plain_name(word) for word in words}


def _is_region(cell: str, regions: Names) -> bool:
    try:
        regions.row(cell)
    except NameProblemError:
        return False
    return True


def _region_column(cells: Cells, regions: Names) -> int | None:
    """The column that names most regions; one of codes only where none has names, for amounts may look like codes."""
    across = max(sum(_is_region(cell, regions) for cell in row if cell.strip(" .0123456789")) for _, row in cells.rows)
    width = max(len(row) for _, row in cells.rows)
    named, coded = [0] * width, [0] * width
    for _, row in cells.rows:
        for place, cell in enumerate(row):
            if cell.strip() and _is_region(cell, regions):
                (coded if re.fullmatch(r"[\d.\s]+", cell.strip()) else named)[place] += 1
    if across > max(1, *named):
        hint = "turn the table, so that each region has a line"
        raise DataError(Problem(cells.path, "", "regions stand in columns", hint))
    for counts in (named, coded):
        if max(counts) > 0 and (counts is named or max(counts) > 1):
            return counts.index(max(counts))
    return None


def _above(rows: Sequence[tuple[int, list[str]]], place: int) -> tuple[tuple[str, ...], dict[int, str]]:
    """Title lines, and the head of each column: all its cells above the first region, merged ones spread to the right.

    A line with one cell is a title.
    """
    titles, heads, under = [], {}, [row for _, row in rows]
    for row in under:
        filled = [at for at, cell in enumerate(row) if cell.strip()]
        if len(filled) == 1 and filled[0] <= place and row is not under[-1]:
            titles.append(row[filled[0]].strip())
            continue
        last = ""
        for at in range(place + 1, max(map(len, under))):
            cell = _cell(row, at)
            last = cell or (last if row is not under[-1] else "")
            if last and last not in heads.get(at, ""):
                heads[at] = f"{heads[at]} {last}" if at in heads else last
    return tuple(titles), heads


def _column(
    cells: Cells, titles: Sequence[str], heads: Mapping[int, str], column: str, year: int | None, head: str | None
) -> tuple[int, int | None]:
    """Place and year of the column to take."""
    where = f"{cells.path}:{cells.rows[0][0]}"
    listed = ", ".join(heads.values())[:300] or "none"
    if head is not None:
        places = [place for place, text in heads.items() if plain_name(text) == plain_name(head)]
        if len(places) != 1:
            message = f"{head!r} is the head of {len(places) or 'no'} column{'s' * (len(places) > 1)}"
            raise DataError(Problem(where, "--column", message, f"heads: {listed}"))
        years = years_in(heads[places[0]]) or years_in(" ".join(titles))
        return places[0], year if year is not None else years[0] if len(years) == 1 else None
    dated = {place: years[0] for place, text in heads.items() if len(years := years_in(text)) == 1}
    if dated:
        wanted = year if year is not None else USUAL_YEAR
        if year is None and wanted not in dated.values() and len(set(dated.values())) == 1:
            message = f"no column of {wanted}, the year of the other statistics; there is {next(iter(dated.values()))}"
            raise DataError(Problem(where, "--year", message, "name it with --year if it is meant"))
        places = [place for place, each in dated.items() if each == wanted]
        if not places:
            there = ", ".join(str(each) for each in sorted(set(dated.values())))
            raise DataError(Problem(where, "--year", f"no column of {wanted}", f"years there: {there}"))
        return _only(where, heads, _fitting(heads, places, column), listed), wanted
    places = _fitting(heads, list(heads), column)
    years = years_in(" ".join(titles))
    if year is not None and years and year not in years:
        raise DataError(Problem(where, "--year", f"the file is of {years[0]}, not of {year}", "give the right year"))
    return _only(where, heads, places, listed), year if year is not None else years[0] if len(years) == 1 else None


def _fitting(heads: Mapping[int, str], places: Sequence[int], column: str) -> list[int]:
    """Of some columns those whose head names the indicator and no rate of it, or all where none names it."""
    words = [plain_name(word) for word in (column, *AKA[column])]
    named = [place for place in places if any(word in plain_name(heads[place]) for word in words)]
    amounts = [place for place in named or places if not DERIVED.search(half_width(heads[place]))]
    return amounts or list(named or places)


def _only(where: str, heads: Mapping[int, str], places: Sequence[int], listed: str) -> int:
    if len(places) == 1:
        return places[0]
    message = "no column of numbers" if not places else f"{len(places)} columns fit"
    hint = f"name one with --column; heads: {', '.join(heads[place] for place in places) or listed}"
    raise DataError(Problem(where, "--column", message, hint))


def _entries(
    cells: Cells, first: int, place: int, taken: int, regions: Names, cities: Names
) -> tuple[dict[str, PanelEntry], dict[str, int], tuple[tuple[int, str, str], ...], Decimal | None]:
    entries: dict[str, PanelEntry] = {}
    without: dict[str, int] = {}
    skipped, problems, nation = [], [], None
    for line, row in cells.rows[first:]:
        called, text = _cell(row, place), _cell(row, taken)
        where = f"{cells.path}:{line}"
        try:
            reason = _no_region(called, row, regions, cities)
            if reason:
                nation = number_in(text) if plain_name(called) in _words(TOGETHER[:12]) else nation
                skipped.append((line, called or " ".join(filter(None, row)).strip(), reason))
                continue
            code = regions.code(called)
            if code in entries or code in without:
                before = entries[code].line if code in entries else without[code]
                message = f"{called} stands twice, first on line {before}"
                raise ValueError(message, "keep the lines of one year and one indicator")
            number = number_in(text)
            if number is None:
                without[code] = line
            else:
                entries[code] = PanelEntry(line, called, number)
        except ValueError as error:
            problems.append(Problem(where, called[:40], *error.args))
    if problems:
        raise DataError(problems)
    if not entries:
        raise DataError(Problem(cells.path, "", "no region has a number", "is this the column that is meant?"))
    return entries, without, tuple(skipped), nation


def _no_region(called: str, row: Sequence[str], regions: Names, cities: Names) -> str:
    """Why a line is passed over; empty for one that should be a region."""
    plain = plain_name(called)
    if _is_region(called, regions):
        return ""
    if NOTE.match(called or next((cell.strip() for cell in row if cell.strip()), "")):
        return "a note"
    if plain in _words(TOGETHER):
        return "several regions together"
    if plain in _words(OUTSIDE):
        return "outside the regions of the tables"
    if "兵团" in called or "单列市" in called or _is_region(called, cities):
        return "part of a province"
    filled = [cell for cell in row if cell.strip()]
    if not called or (len(filled) == 1 and len(filled[0]) > 8):
        return "no region"
    return ""
