"""A result as an Excel workbook: a cover with the answer and what made it, the figures, and a sheet for each table.

Codes are written in words of the chosen language, with the codes themselves in grey at the right. Numbers keep 16
digits and show four. What is not a finite number is an empty cell. No text becomes a formula.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qipan.experiments.exchange.workbook_words import WHOLE, cells_of, column_head, is_share, told, words_of
from qipan.experiments.results.provenance import provenance
from qipan.experiments.summaries.comparison import Comparison
from qipan.experiments.words.numbers import decimals

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from qipan.experiments.figures.drawing import DrawnFigure
    from qipan.experiments.results.study import Study
    from qipan.model.notices.notice import Notice

MOST_ROWS = 1_048_575
"""Rows of a sheet below its head."""
MOST_CHARACTERS = 32_767
"""Characters of a cell."""
NARROW, WIDE = 9, 48
"""Least and largest width of a column, in digits."""
LINE = 15.0
"""Height of a line in points."""
CREATED = datetime(2000, 1, 1)
"""The date of every workbook, so that the same result gives the same bytes."""
ORDER = (
    "arms",
    "differences",
    "regions",
    "incidence",
    "targets",
    "ranking",
    "horizons",
    "votes",
    "money",
    "importance",
    "worth",
    "bound",
    "shares",
    "effects",
    "interactions",
    "costs",
    "robustness",
    "best_points",
    "volume",
    "separates",
    "drivers",
    "points",
    "summary",
    "fans",
    "layouts",
)
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Story:
    """What the cover says, in the language of the workbook.

    Args:
        title: Of the result.
        question: What was asked; "" for none.
        sentences: The answer, as the report has it.
        warnings: What a reader must know.
    """

    title: str
    question: str
    sentences: Sequence[str]
    warnings: Sequence[Notice]


class Book:
    """A workbook that is being written, with its formats by name."""

    def __init__(self, language: str) -> None:
        """Begin one in a language, "en" or "zh"."""
        import xlsxwriter

        self.buffer = io.BytesIO()
        self.language = language
        self.file: Workbook = xlsxwriter.Workbook(self.buffer, OPTIONS)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def look(self, **properties: Any) -> Format:
        """A format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({"valign": "top", **properties})
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet; its name is cut to what Excel takes: 31 characters, none that means something, none twice."""
        wanted = re.sub(r"[\[\]:*?/\\]", "-", name).strip("'")[:31] or "sheet"
        found, number = wanted, 1
        while found.casefold() in {*self._names, "history"}:
            number += 1
            found = f"{wanted[: 30 - len(str(number))]}-{number}"
        self._names.add(found.casefold())
        return self.file.add_worksheet(found)

    def text(self, value: str) -> str:
        """A text that a cell can hold."""
        sound = value.encode("utf-8", "replace").decode()
        if len(sound) <= MOST_CHARACTERS:
            return sound
        cut = told("cover.cut", self.language)
        return sound[: MOST_CHARACTERS - len(cut)] + cut

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, **look: Any) -> None:
        """One cell: a number, a text or nothing."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look(**look))
        elif isinstance(value, int | float):
            if math.isfinite(value):
                sheet.write_number(row, column, value, self.look(**look))
        elif value is not None and str(value):
            sheet.write_string(row, column, self.text(str(value)), self.look(**look))

    def finished(self) -> bytes:
        """The bytes of the file."""
        self.file.close()
        return self.buffer.getvalue()


def workbook_bytes(
    result: Comparison | Study, story: Story, drawn: Mapping[str, DrawnFigure] | str, language: str
) -> bytes:
    """A comparison, sweep or attribution as a workbook. The same result gives the same bytes.

    Args:
        result: What was found.
        story: What the cover says.
        drawn: The figures as PNG files, or why there are none.
        language: "en" or "zh".
    """
    from qipan.experiments.exchange.workbook_cover import write_cover, write_figures

    book, tables = Book(language), tables_of(result)
    kept = {name: table for name, table in tables.items() if reason_left_out(name, table, language) is None}
    cover = book.sheet(told("sheet.answer", language))
    if not isinstance(drawn, str) and drawn:
        write_figures(book, drawn)
    words, names = words_of(result, language), {}
    for name, table in {**kept, "dictionary": dictionary_sheet(kept, language)}.items():
        sheet = book.sheet(told(f"sheet.{name}", language))
        write_table(book, sheet, name, table, words)
        names[name] = (sheet.get_name(), len(table))
    left_out = [text for name, table in tables.items() if (text := reason_left_out(name, table, language))]
    if isinstance(drawn, str):
        left_out.append(told("cover.no_figures", language, reason=drawn))
    manifest = result.manifest if isinstance(result, Comparison) else result.facts
    made = provenance(manifest)
    write_cover(book, cover, story, _arms(result, language), names, left_out, made)
    _properties(book, story.title, made)
    return book.finished()


def plain_sheets(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Frames as sheets with the names of their columns as heads, for programs to read."""
    book = Book("en")
    for name, table in tables.items():
        sheet = book.sheet(name)
        for at, column in enumerate(table.columns):
            book.write(sheet, 0, at, str(column), bold=True)
        for row, values in enumerate(table.itertuples(index=False), 1):
            for at, value in enumerate(cells_of(values)):
                book.write(sheet, row, at, value)
        sheet.freeze_panes(1, 0)
    book.file.set_properties({"author": "qipan", "created": CREATED})
    return book.finished()


def tables_of(result: Comparison | Study) -> dict[str, pd.DataFrame]:
    """The tables that have rows, in the order of the sheets."""
    known = [name for name in ORDER if name in result.tables]
    rest = [name for name in result.tables if name not in known]
    return {name: result.tables[name] for name in [*known, *rest] if len(result.tables[name])}


def reason_left_out(name: str, table: pd.DataFrame, language: str) -> str | None:
    """Why a table is not in the workbook, in words; None where it is."""
    if "replicate" in table.columns:
        return told("cover.by_replicate", language, name=name, rows=len(table))
    return told("cover.too_long", language, name=name, rows=len(table)) if len(table) > MOST_ROWS else None


def dictionary_sheet(tables: Mapping[str, pd.DataFrame], language: str) -> pd.DataFrame:
    """What every column of the sheets is called, holds and is measured in."""
    import pandas as pd

    from qipan.experiments.results.write import explained

    rows = []
    for name, table in tables.items():
        for column in table.columns:
            rest = explained(name, column)[2:]
            rows.append((name, column, column_head(name, column, language), *rest))
    head = ["table", "column", "head", "label", "label_zh", "unit", "direction", "formula", "source"]
    return pd.DataFrame(rows, columns=head)


def write_table(book: Book, sheet: Worksheet, name: str, table: pd.DataFrame, words: Mapping[str, Any]) -> None:
    """One table: heads that stay in sight and filter, codes in words, numbers that show four digits."""
    spoken = {column: words[column] for column in table.columns if column in words and name != "dictionary"}
    coded = [column for column in spoken if column != "year"]
    heads = [*(column_head(name, column, book.language) for column in table.columns), *coded]
    width = len(table.columns)
    for at, head in enumerate(heads):
        grey = {"font_color": "#808080"} if at >= width else {}
        book.write(sheet, 0, at, head, bold=True, text_wrap=True, bottom=1, bg_color="#EDEDED", **grey)
    shares = [is_share(name, column) for column in table.columns]
    widths = [float(NARROW)] * len(heads)
    place = {column: at for at, column in enumerate(table.columns)}
    said: dict[tuple[str, str], str] = {}
    for row, values in enumerate(map(cells_of, table.itertuples(index=False)), 1):
        for at, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            if column == "year" and str(value).isdigit():
                value = int(value)
            elif column in spoken and isinstance(value, str):
                key = (column, value)
                if key not in said:
                    said[key] = spoken[column](value)
                value = said[key]
            look = number_look(column, value, shares[at])
            book.write(sheet, row, at, value, **look)
            widths[at] = max(widths[at], _width(value))
        for at, column in enumerate(coded, width):
            book.write(sheet, row, at, values[place[column]], font_color="#808080")
            widths[at] = max(widths[at], _width(values[place[column]]))
    for at, most in enumerate(widths):
        sheet.set_column(at, at, min(most, WIDE) + 1.5)
    sheet.set_row(0, LINE * max(lines(head, min(most, WIDE)) for head, most in zip(heads, widths, strict=True)) + 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(table)), len(heads) - 1)


def number_look(column: str, value: Any, share: bool) -> dict[str, Any]:
    """How a number is shown: whole, in per cent, or with four digits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return {}
    if column in WHOLE and value == int(value):
        return {"num_format": "0"}
    if share:
        return {"num_format": "0.0%"}
    if value != 0 and abs(value) < 1e-5:
        return {"num_format": "0.00E+00"}
    places = decimals(float(value), 4)
    return {"num_format": "#,##0" + ("." + "0" * places if places else "")}


def _width(value: Any) -> float:
    """Room that a value takes, in digits."""
    return text_width(value) if isinstance(value, str) else 10.0


def text_width(text: str) -> float:
    """Width of the longest line of a text in digits: Chinese characters take two."""
    return max(
        (
            sum(2.0 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in line)
            for line in text[:500].split("\n")
        ),
        default=0.0,
    )


def lines(text: str, width: float) -> int:
    """Lines that a text takes in a column of this width in digits."""
    return sum(max(1, math.ceil(text_width(line) * 1.1 / max(width, 1.0))) for line in text.split("\n"))


def _arms(result: Comparison | Study, language: str) -> Iterable[tuple[str, str, str]]:
    """Title, name and one line of explanation of every arm; none where the table of arms would be long."""
    if not isinstance(result, Comparison):
        return []
    from qipan.experiments.findings.arms import arm_title, kind
    from qipan.experiments.words.labels import say

    return [(arm_title(arm, language), arm.name, say(f"arm_{kind(arm)}", language)) for arm in result.arms]


def _properties(book: Book, title: str, made: Mapping[str, Any]) -> None:
    """The same facts where a file's properties are shown."""
    book.file.set_properties(
        {
            "title": title[:255],
            "author": made["software"],
            "created": CREATED,
            "comments": f"seed {made['seed']}, scenarios {made['scenario_digest']}",
        }
    )
    for key in ("software", "seed", "scenario_digest"):
        book.file.set_custom_property(key, str(made[key]), "text")
