"""The first sheets of a workbook: the answer with what made it, and the figures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.exchange.workbook import LINE, Book, lines
from qipan.experiments.exchange.workbook_words import told
from qipan.experiments.words.labels import counted
from qipan.experiments.words.phrases import HEADS
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from qipan.experiments.figures.drawing import DrawnFigure

COLUMNS = (32.0, 46.0, 74.0)
"""Widths of the columns of the cover, in digits."""
ALL = sum(COLUMNS)
BLUE, RED = "#0072B2", "#A33B00"


class Cover:
    """The cover, filled from its first row on."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        """Begin at the top."""
        self.book, self.sheet, self.row = book, sheet, 0
        for at, width in enumerate(COLUMNS):
            sheet.set_column(at, at, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def across(self, text: str, scale: float = 1.0, **look: Any) -> None:
        """A text over all columns, as high as it needs."""
        shown = self.book.text(text)
        self.sheet.merge_range(self.row, 0, self.row, len(COLUMNS) - 1, "", self.book.look(text_wrap=True, **look))
        self.sheet.write_string(self.row, 0, shown, self.book.look(text_wrap=True, **look))
        self.sheet.set_row(self.row, LINE * scale * lines(shown, ALL / scale) + 3)
        self.row += 1

    def head(self, key: str) -> None:
        """The head of a section, after an empty row."""
        self.row += 1
        self.across(told(key, self.book.language), 1.1, bold=True, font_size=12, font_color=BLUE, bottom=1)

    def line(self, *cells: Any, link: str | None = None) -> None:
        """One row of up to three cells; the first leads to a sheet where `link` names one."""
        for at, value in enumerate(cells):
            if at == 0 and link is not None:
                target = f"internal:'{link.replace(chr(39), chr(39) * 2)}'!A1"
                self.sheet.write_url(self.row, 0, target, self.book.look(font_color=BLUE, underline=1), str(value))
            else:
                self.book.write(self.sheet, self.row, at, value, text_wrap=True, align="left")
        texts = zip(map(str, cells), COLUMNS, strict=False)
        self.sheet.set_row(self.row, LINE * max(lines(text, width) for text, width in texts) + 1)
        self.row += 1


def write_cover(
    book: Book,
    sheet: Worksheet,
    story: Any,
    arms: Iterable[tuple[str, str, str]],
    sheets: Mapping[str, tuple[str, int]],
    left_out: Iterable[str],
    made: Mapping[str, Any],
) -> None:
    """The answer in sentences, warnings, who is who, what each sheet holds, and what made all of it."""
    language, cover = book.language, Cover(book, sheet)
    cover.across(story.title, 1.5, bold=True, font_size=16)
    if story.question:
        cover.across(story.question, 1.1, italic=True, font_size=12)
    cover.head("cover.answer")
    for sentence in story.sentences:
        cover.across(sentence)
    if story.warnings:
        cover.head("cover.warnings")
        for warning in story.warnings:
            cover.across(warned(warning, language), font_color=RED)
    arms = list(arms)
    if arms:
        cover.head("cover.arms")
        for title, name, what in arms:
            cover.line(title, name, what)
    cover.head("cover.sheets")
    for name, (shown, rows) in sheets.items():
        count = counted("count_rows", rows, language)
        cover.line(shown, count, told(_about(name, made["kind"]), language), link=shown)
    left_out = list(left_out)
    if left_out:
        cover.head("cover.left_out")
        for text in left_out:
            cover.across(text)
    cover.head("cover.made")
    for row in _made(made, language):
        cover.line(*row)


def _about(name: str, kind: str) -> str:
    """The key of what a sheet holds; a table of one name may hold another thing in a study."""
    key = f"about.{kind}.{name}"
    return key if key in HEADS else f"about.{name}"


def _made(made: Mapping[str, Any], language: str) -> Iterator[tuple[str, str, str]]:
    """Everything that made the result: what, of which, and its value; warnings stand above."""
    for key, value in made.items():
        if key == "warnings" or value in ({}, [], ""):
            continue
        label = told(f"made.{key}", language)
        if isinstance(value, Mapping):
            for name, one in value.items():
                yield label, name, _plain(one)
                label = ""
        else:  # a seed is a text here: it may have more digits than a number of Excel
            text = _plain(value)
            yield (label, text, "") if len(text) <= COLUMNS[1] else (label, "", text)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def write_figures(book: Book, drawn: Mapping[str, DrawnFigure]) -> None:
    """The figures one below the other, each with its text for those who cannot see it."""
    sheet, row = book.sheet(told("sheet.figures", book.language)), 0
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    for figure in drawn.values():
        path = figure.files.get("png")
        if path is not None:
            about = {"description": f"{figure.title}. {figure.alternative}"[:2000]}
            sheet.insert_image(row, 0, str(path), about)
            row += math.ceil(_height(path.read_bytes()) * 72 / LINE) + 2


def _height(content: bytes) -> float:
    """Height of a PNG file in inches, by its header (RFC 2083: IHDR)."""
    from qipan.experiments.figures.sheet import DOTS

    return int.from_bytes(content[20:24], "big") / DOTS
