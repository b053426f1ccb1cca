"""A province panel as the statistics office gives it out: title lines, a head, one column a year, notes at the end.

Which column names the regions, which holds the year, in what unit, and what lines are no region is read from the file.
Nothing is guessed that changes a number: without a unit, or with two columns that fit, the file is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from qipan.model.errors import DataError, Problem
from qipan.model.world.names import OUTSIDE, TOGETHER, NameProblemError, Names, plain_name
from qipan.model.world.provinces import AKA
from qipan.model.world.reading.cells import Cells, read_cells, shown_path

YEAR = re.compile(r"(?<![0-9])(19[5-9][0-9]|20[0-9]{2})(?![0-9])")
USUAL_YEAR = 2022
"""Year of the shipped statistics, which is taken when none is asked for."""
NOTE = re.compile(r"^(注|备注|说明|数据来源|资料来源|来源|note|source|remark)", re.IGNORECASE)
NOTHING = {"", "-", "--", "—", "——", "–", "…", "……", "...", "..", "#", "na", "n/a", "n.a.", "无", "缺", "空"}
"""Cells that say that there is no number."""
DATED = {"年份", "年度", "年", "时间", "year", "date", "time"}
"""Heads of a column that gives each line its year."""
DERIVED = re.compile("人均|指数|增长|增速|同比|比重|占比|构成|per capita|index|growth", re.IGNORECASE)
"""Words of an indicator that is not the amount itself."""
UNITS: dict[str, dict[str, str]] = {
    "bn yuan": {
        "万亿元": "1000", "十亿元": "1", "亿元": "0.1", "千万元": "0.01", "百万元": "0.001", "万元": "0.00001",
        "千元": "0.000001", "元": "0.000000001", "bn yuan": "1", "billion yuan": "1", "100 million yuan": "0.1",
        "million yuan": "0.001", "10 000 yuan": "0.00001", "10,000 yuan": "0.00001", "yuan": "0.000000001",
    },
    "million persons": {
        "亿人": "100", "百万人": "1", "万人": "0.01", "千人": "0.001", "人": "0.000001", "million persons": "1",
        "10 000 persons": "0.01", "10,000 persons": "0.01", "persons": "0.000001",
    },
    "patents": {"万件": "10000", "万项": "10000", "件": "1", "项": "1", "个": "1", "patents": "1", "pieces": "1"},
}  # fmt: skip
"""How much of a column's unit one of a unit of files is."""
KINDS = {name: "million persons" if name == "population" else "patents" if name == "patents_in_force" else "bn yuan"
         for name in AKA}  # fmt: skip
"""Unit of each column of regions.csv that can be brought in."""


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
    path: Path, column: str, regions: Names, cities: Names, *, year: int | None = None, unit: str | None = None,
    head: str | None = None,
) -> Panel:  # fmt: skip
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
    named, factor = _unit(cells, titles, heads[taken], column, unit)
    entries, without, skipped, nation = _entries(cells, first, place, taken, regions, cities)
    return Panel(cells.path, cells.how, cells.digest, titles, heads[taken], found, named, factor, entries, without,
                 skipped, nation)  # fmt: skip


def _of_one_year(
    cells: Cells, first: int, heads: Mapping[int, str], year: int | None
) -> tuple[Cells, Mapping[int, str], int | None]:
    """Where each line has its year in a column of its own, the lines of the year wanted, without that column."""
    place = next((at for at, head in heads.items() if plain_name(head) in DATED), None)
    if place is None:
        return cells, heads, year
    wanted = USUAL_YEAR if year is None else year
    below = cells.rows[first:]
    kept = [(line, row) for line, row in below if _years(_cell(row, place)) in ([], [wanted])]
    there = sorted({each for _, row in below for each in _years(_cell(row, place))})
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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _years(text: str) -> list[int]:
    return [int(year) for year in dict.fromkeys(YEAR.findall(_plain(text)))]


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
        years = _years(heads[places[0]]) or _years(" ".join(titles))
        return places[0], year if year is not None else years[0] if len(years) == 1 else None
    dated = {place: years[0] for place, text in heads.items() if len(years := _years(text)) == 1}
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
    years = _years(" ".join(titles))
    if year is not None and years and year not in years:
        raise DataError(Problem(where, "--year", f"the file is of {years[0]}, not of {year}", "give the right year"))
    return _only(where, heads, places, listed), year if year is not None else years[0] if len(years) == 1 else None


def _fitting(heads: Mapping[int, str], places: Sequence[int], column: str) -> list[int]:
    """Of some columns those whose head names the indicator and no rate of it, or all where none names it."""
    words = [plain_name(word) for word in (column, *AKA[column])]
    named = [place for place in places if any(word in plain_name(heads[place]) for word in words)]
    amounts = [place for place in named or places if not DERIVED.search(_plain(heads[place]))]
    return amounts or list(named or places)


def _only(where: str, heads: Mapping[int, str], places: Sequence[int], listed: str) -> int:
    if len(places) == 1:
        return places[0]
    message = "no column of numbers" if not places else f"{len(places)} columns fit"
    hint = f"name one with --column; heads: {', '.join(heads[place] for place in places) or listed}"
    raise DataError(Problem(where, "--column", message, hint))


def _unit(cells: Cells, titles: Sequence[str], head: str, column: str, given: str | None) -> tuple[str, Decimal]:
    """Unit of the file and how much of ours one of it is; the indicator named in head or titles is checked too."""
    where, known = f"{cells.path}:{cells.rows[0][0]}", UNITS[KINDS[column]]
    allowed = f"units: {', '.join(known)}"
    _same_indicator(where, [head, *titles], column)
    told = next((units for text in (head, "\n".join(titles)) if (units := _units_in(text))), [])
    fitting = [unit for unit in told if unit in known]
    if given is not None:
        unit = " ".join(_plain(given).split())
        if unit not in known:
            raise DataError(Problem("command line", "--unit", f"{given!r} is no unit of {KINDS[column]}", allowed))
        if told and unit not in fitting:
            message = f"the file says {', '.join(told)}, the command {unit}"
            raise DataError(Problem(where, "--unit", message, "leave --unit out, or mend the file"))
        return unit, Decimal(known[unit])
    if len(fitting) == 1:
        return fitting[0], Decimal(known[fitting[0]])
    if told and not fitting:
        message = f"the file is in {', '.join(told)}, {column} is counted in {KINDS[column]}"
        raise DataError(Problem(where, column, message, allowed))
    message = f"several units are named: {', '.join(fitting)}" if fitting else "no unit is named in head or title"
    raise DataError(Problem(where, "--unit", message, f"say it: --unit 亿元; {allowed}"))


def _units_in(text: str) -> list[str]:
    """Units that stand in brackets or after 单位."""
    plain = _plain(text)
    parts = re.findall(r"\(([^()]*)\)", plain) + re.findall(
        r"(?:单位|unit)\s*[::]\s*([^\s();;。]+(?: [^\s();]+)*)", plain, re.I
    )
    every = {unit for units in UNITS.values() for unit in units} | {"%", "元/人", "元/平方米"}
    found = [
        " ".join(piece.split())
        for part in parts
        for piece in re.split("[、,/和]" if "/" not in part else "[、,]", part)
    ]
    return list(dict.fromkeys(unit for unit in found if unit in every or re.search("元|人|件|项|%|yuan|persons", unit)))


def _same_indicator(where: str, texts: Sequence[str], column: str) -> None:
    """Refuse a file whose title names another indicator, or a rate or index of this one."""
    for text in texts:
        plain = plain_name(re.sub(r"\([^()]*\)", "", _plain(text)))
        found = {name: max((len(word) for word in map(plain_name, words) if word in plain), default=0)
                 for name, words in AKA.items()}  # fmt: skip
        best = max(found, key=lambda name: found[name])
        if found[best] and found[column] < found[best]:
            message, hint = f"the file says {text[:60]!r}, which is {best}", f"give --indicator {best}"
            raise DataError(Problem(where, "--indicator", message, hint))
        if found[best] and DERIVED.search(_plain(text)):
            raise DataError(Problem(where, column, f"the file says {text[:60]!r}", "bring in the amount itself"))


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
                nation = _number(text) if plain_name(called) in _words(TOGETHER[:12]) else nation
                skipped.append((line, called or " ".join(filter(None, row)).strip(), reason))
                continue
            code = regions.code(called)
            if code in entries or code in without:
                before = entries[code].line if code in entries else without[code]
                message = f"{called} stands twice, first on line {before}"
                raise ValueError(message, "keep the lines of one year and one indicator")
            number = _number(text)
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


def _number(text: str) -> Decimal | None:
    """The number of a cell, None where it says that there is none; separators of thousands and marks are dropped.

    Raises:
        ValueError: it is no number, or below zero: message and hint.
    """
    plain = re.sub(r"(?<=[0-9])\s*[*†‡#①-⑳]+$", "", text.strip())
    plain = _plain(plain).replace("−", "-").strip()
    if plain.casefold() in NOTHING:
        return None
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?", plain):
        raise ValueError(
            f"{text[:30]!r} is not a number", "the number alone, such as 61345.05; blank where there is none"
        )
    if plain.startswith("-"):
        raise ValueError(f"{text} is below zero", "an amount of at least 0")
    return Decimal(plain)
