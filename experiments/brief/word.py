"""The brief as a Word document: one A4 page of ordinary paragraphs and tables, so that it can be edited."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from qipan.experiments.brief.content import TILE_COLOURS
from qipan.experiments.brief.fitting import MANY, fit
from qipan.experiments.words.labels import Topic

if TYPE_CHECKING:
    from qipan.experiments.brief.content import Brief, LosersMap

words = Topic("brief")
FONTS = {"en": ("Calibri", "Microsoft YaHei"), "zh": ("Calibri", "Microsoft YaHei")}
"""Fonts of Latin and of Chinese text: those that Word has; others stand in where they are not."""
SIDES = ("top", "left", "bottom", "right")
USUAL = 7.5
"""Points of the usual size of type; other fonts are wider than those named."""


def brief_document(brief: Brief) -> bytes:
    """Return the bytes of a document (.docx)."""
    from docx import Document
    from docx.shared import Mm, Pt

    document: Any = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin, page.bottom_margin, page.footer_distance = Mm(11), Mm(13), Mm(5)
    size = round(2 * USUAL * fit(brief)) / 2  # Word counts in half points
    normal = document.styles["Normal"]
    _font(normal, size, brief.language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name, points in (("Title", size * 1.9), ("Heading 1", size * 1.05), ("Heading 2", size * 1.15)):
        style = document.styles[name]
        _font(style, points, brief.language)
        style.paragraph_format.space_before = Pt(0 if name == "Title" else 3)
        style.paragraph_format.space_after = Pt(1)
    _fill(document, brief, size)
    _paragraph(page.footer, brief.footer, size * 0.75, first=True)
    properties = document.core_properties
    properties.title, properties.author, properties.language = brief.title, "qipan", brief.language
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _fill(document: Any, brief: Brief, size: float) -> None:
    language = brief.language
    document.add_paragraph(brief.title, style="Title")
    _paragraph(document, " ".join(brief.changed), size * 0.9, muted=True)
    _heading(document, words("question", language))
    _paragraph(document, brief.question, size * 1.05)
    if brief.warnings:
        _heading(document, words("warnings", language))
        for warning in brief.warnings:
            _paragraph(document, warning, size * 0.9)
    _heading(document, words("verdict", language))
    for verdict in brief.verdicts:
        document.add_paragraph(_headed(verdict.title, verdict.heading, language), style="Heading 2")
        line = None
        for label, text in verdict.aspects:
            line = _paragraph(document, "", size) if line is None or len(brief.verdicts) < MANY else line
            run = line.add_run(label + ("：" if language == "zh" else ": "))
            run.bold = True
            line.add_run(text + ("" if language == "zh" else " "))
    _heading(document, words("numbers", language))
    _numbers(document, brief, size)
    _paragraph(document, brief.note, size * 0.8, muted=True)
    if brief.maps:
        _heading(document, words("map", language))
        _maps(document, brief, size)
    _heading(document, words("grounds", language))
    for ground in brief.grounds:
        _paragraph(document, "• " + ground, size * 0.95)
    _heading(document, words("glossary", language))
    line = _paragraph(document, "", size * 0.78)
    for term in brief.terms:
        for text, bold in ((f"{term.name}{'：' if language == 'zh' else ': '}", True), (term.meaning + " ", False)):
            run = line.add_run(text)
            run.bold = bold
            _sized(run, size * 0.78)


def _headed(title: str, heading: str, language: str) -> str:
    return f"{title}——{heading}" if language == "zh" else f"{title} – {heading[:1].lower()}{heading[1:]}"


def _font(style: Any, points: float, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    latin, chinese = FONTS[language]
    style.font.name, style.font.size, style.font.color.rgb = latin, Pt(points), RGBColor(0x22, 0x22, 0x22)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:hAnsi"), latin)


def _sized(run: Any, points: float, muted: bool = False, colour: str = "") -> None:
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(points)
    if muted or colour:
        run.font.color.rgb = RGBColor.from_string(colour or "595959")


def _paragraph(place: Any, text: str, points: float, muted: bool = False, first: bool = False) -> Any:
    """A paragraph at the end of a place, or its first one."""
    line = place.paragraphs[0] if first else place.add_paragraph()
    if text:
        _sized(line.add_run(text), points, muted)
    return line


def _heading(document: Any, text: str) -> None:
    document.add_paragraph(text, style="Heading 1")


def _numbers(document: Any, brief: Brief, size: float) -> None:
    table = document.add_table(rows=1, cols=len(brief.heads))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, brief.heads, strict=True):
        _paragraph(cell, head, size * 0.88, muted=True, first=True)
    _repeated(table.rows[0])
    for row in brief.rows:
        cells = table.add_row().cells
        run = cells[0].paragraphs[0].add_run(row.title)
        run.bold = row.main
        _sized(run, size)
        for cell, figure in zip(cells[1:], row.figures, strict=True):
            run = cell.paragraphs[0].add_run(figure.text)
            run.bold = row.main and figure.state != "open"
            _sized(run, size)
            if figure.note:
                _paragraph(cell, figure.note, size * 0.8, muted=True)


def _repeated(row: Any) -> None:
    """Mark a row as the head of its table, for a reader that speaks and for a table that breaks."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _maps(document: Any, brief: Brief, size: float) -> None:
    """A table of shaded cells for each map, side by side; the legend and the text for who cannot see them."""
    holder = document.add_table(rows=1, cols=max(1, len(brief.maps)))
    for cell, each in zip(holder.rows[0].cells, brief.maps, strict=True):
        if len(brief.maps) > 1:
            _paragraph(cell, each.title, size * 0.85, first=True)
        _map(cell, each, size, 62.0 if len(brief.maps) == 1 else 170.0 / len(brief.maps))
        cell.add_paragraph().paragraph_format.line_spacing = 0.1  # Word wants one after a table in a cell
    legend = document.add_paragraph()
    for state, text in brief.legend:
        run = legend.add_run("■ ")
        _sized(run, size, colour=TILE_COLOURS[state][1])
        _sized(legend.add_run(text + "   "), size * 0.85)
    if brief.map_note:
        _paragraph(document, brief.map_note, size * 0.8, muted=True)


def _map(cell: Any, each: LosersMap, size: float, width: float) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    columns, rows = each.extent
    side = min(width / columns, 0.8 * size)
    table = cell.add_table(rows=rows, cols=columns)
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    _described(table, each.words)
    for column in table.columns:
        column.width = Mm(side)
    for line in table.rows:
        line.height, line.height_rule = Mm(side * 0.62), WD_ROW_HEIGHT_RULE.EXACTLY
        for place in line.cells:
            place.width = Mm(side)
    for tile in each.tiles:
        place = table.cell(tile.row, tile.column)
        fill, _, ink = TILE_COLOURS[tile.state]
        _shaded(place, fill)
        if side >= 4.0:
            line = place.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            text = f"{tile.name} {tile.below}" if tile.below else tile.name
            _sized(line.add_run(text), size * (0.62 if tile.below else 0.85), colour=ink)
    for line in table.rows:  # after the shades: the parts of a cell's properties have their order
        for place in line.cells:
            _margins(place)


def _described(table: Any, text: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), text)
    table._tbl.tblPr.append(described)


def _shaded(cell: Any, fill: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="8A8A8A"/>' for side in ("top", "left", "bottom", "right")
    )
    properties = cell._tc.get_or_add_tcPr()
    properties.append(parse_xml(f"<w:tcBorders {nsdecls('w')}>{sides}</w:tcBorders>"))
    properties.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'))


def _margins(cell: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in SIDES)
    cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:tcMar {nsdecls('w')}>{sides}</w:tcMar>"))
