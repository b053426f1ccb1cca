"""The brief as one slide, 16:9, of text, a table and squares that can be edited."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from qipan.experiments.brief.content import TILE_COLOURS
from qipan.experiments.words.labels import Topic

if TYPE_CHECKING:
    from qipan.experiments.brief.content import Brief, LosersMap

words = Topic("brief")
WIDTH, HEIGHT, EDGE = 338.7, 190.5, 10.0
"""Millimetres of the slide and of its edge."""
FONT = "Microsoft YaHei"
FEW = 2
"""Policies up to which the slide has the sentences of each verdict; of more it has the headings."""
MOST_ROWS = 9
"""Rows of numbers that a slide has room for."""


def brief_slide(brief: Brief) -> bytes:
    """Return the bytes of a presentation (.pptx)."""
    from pptx import Presentation
    from pptx.util import Mm

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Mm(WIDTH), Mm(HEIGHT)
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Mm(EDGE), Mm(5), Mm(WIDTH - 2 * EDGE), Mm(13)
    _write(title.text_frame, [(brief.title, 24, True, "222222")])
    wide, below = 205.0, 19.0
    _write(_box(slide, EDGE, below, WIDTH - 2 * EDGE, 6), [(" ".join(brief.changed), 10, False, "595959")])
    few = len(brief.verdicts) <= FEW
    lines = []
    for verdict in brief.verdicts:
        heading = verdict.heading if brief.language == "zh" else verdict.heading[:1].lower() + verdict.heading[1:]
        between = "——" if brief.language == "zh" else " – "
        lines.append((f"{verdict.title}{between}{heading}", 14 if few else 12, True, "222222"))
        colon = "：" if brief.language == "zh" else ": "
        points = 10 if len(brief.verdicts) == 1 else 7.5
        lines += [(f"{label}{colon}{text}", points, False, "222222") for label, text in verdict.aspects if few]
    _write(_box(slide, EDGE, 26, wide, 80), lines)
    bottom = _numbers(slide, brief, 108.0)
    last = [(brief.note, 8, False, "595959")] + [(text, 9, False, "222222") for text in brief.grounds[:3]]
    _write(_box(slide, EDGE, bottom + 2, WIDTH - 2 * EDGE, 14), last if few else last[:1])
    if brief.maps:
        _maps(slide, brief, EDGE + wide + 4, 26.0, WIDTH - 2 * EDGE - wide - 4, 70.0)
    _write(_box(slide, EDGE, HEIGHT - 9, WIDTH - 2 * EDGE, 7), [(brief.footer, 7, False, "595959")])
    slide.notes_slide.notes_text_frame.text = _notes(brief)
    deck.core_properties.title, deck.core_properties.author = brief.title, "qipan"
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def _notes(brief: Brief) -> str:
    """What has no room on the slide: every sentence of the verdicts, the grounds, the terms."""
    colon = "：" if brief.language == "zh" else ": "
    lines = [words("question", brief.language) + colon + brief.question]
    for verdict in brief.verdicts:
        lines += [verdict.title + colon + verdict.heading, *(label + colon + text for label, text in verdict.aspects)]
    lines += [*brief.warnings, *brief.grounds, *(term.name + colon + term.meaning for term in brief.terms)]
    return "\n".join(lines)


def _box(slide: Any, left: float, top: float, width: float, height: float) -> Any:
    from pptx.util import Mm

    return slide.shapes.add_textbox(Mm(left), Mm(top), Mm(width), Mm(height)).text_frame


def _write(frame: Any, lines: list[tuple[str, float, bool, str]]) -> None:
    """Write paragraphs (text, points, bold, colour) into a frame."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Mm, Pt

    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Mm(0)
    for place, (text, points, bold, colour) in enumerate(lines):
        line = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        line.alignment = PP_ALIGN.LEFT
        run = line.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.name = Pt(points), bold, FONT
        run.font.color.rgb = RGBColor.from_string(colour)


def _numbers(slide: Any, brief: Brief, top: float) -> float:
    """The table of numbers; returns where it ends."""
    from pptx.dml.color import RGBColor
    from pptx.util import Mm

    shown = brief.rows if len(brief.rows) <= MOST_ROWS else [row for row in brief.rows if row.main][:MOST_ROWS]
    height, points = (10.5, 10.5) if len(shown) <= 4 else (7.0, 8.0)
    shape = slide.shapes.add_table(
        len(shown) + 1, len(brief.heads), Mm(EDGE), Mm(top), Mm(WIDTH - 2 * EDGE), Mm(height * (len(shown) + 1))
    )
    table = shape.table
    cells = [[(head, "") for head in brief.heads]]
    cells += [[(row.title, ""), *((figure.text, figure.note) for figure in row.figures)] for row in shown]
    for number, line in enumerate(cells):
        table.rows[number].height = Mm(height)
        main = number == 0 or shown[number - 1].main
        for place, (text, note) in enumerate(line):
            cell = table.cell(number, place)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("E8EAEE" if number == 0 else "FFFFFF")
            _write(cell.text_frame, [(text, points, main and number > 0, "222222")])
            cell.margin_left, cell.margin_top, cell.margin_bottom = Mm(1.5), Mm(0.6), Mm(0.4)
            if note:
                _more(cell.text_frame, note, points * 0.75, apart=len(shown) <= 4)
    return top + height * (len(shown) + 1)


def _more(frame: Any, text: str, points: float, apart: bool) -> None:
    """Write a note behind a number, or below it."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = (frame.add_paragraph() if apart else frame.paragraphs[0]).add_run()
    run.text = text if apart else "  " + text
    run.font.size, run.font.name, run.font.bold = Pt(points), FONT, False
    run.font.color.rgb = RGBColor.from_string("595959")


def _maps(slide: Any, brief: Brief, left: float, top: float, width: float, height: float) -> None:
    """The maps in rows, and their legend below."""
    count = len(brief.maps)
    across = 1 if count == 1 else 2 if count <= 4 else 3
    down = -(-count // across)
    for place, each in enumerate(brief.maps[: across * down]):
        row, column = divmod(place, across)
        wide, high = width / across, height / down
        _map(slide, each, (left + column * wide, top + row * high, wide, high), named=count > 1)
    legend = "   ".join(f"{words(f'colour_{state}', brief.language)} {text}" for state, text in brief.legend)
    note = [(legend, 8, False, "222222")] + ([(brief.map_note, 7, False, "595959")] if brief.map_note else [])
    _write(_box(slide, left, top + height + 1, width, 8), note)


def _map(slide: Any, each: LosersMap, place: tuple[float, float, float, float], named: bool) -> None:
    """One map in a place (left, top, width, height), under its title where it is one of several."""
    from pptx.dml.color import RGBColor
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Mm

    left, top, width, height = place
    head = 4.0 if named else 0.0
    if head:
        _write(_box(slide, left, top, width - 2, head), [(each.title, 7.5, True, "222222")])
    columns, rows = each.extent
    side = min((width - 2) / columns, (height - head - 1) / rows)
    for tile in each.tiles:
        fill, edge, ink = TILE_COLOURS[tile.state]
        shape = slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            Mm(left + tile.column * side),
            Mm(top + head + tile.row * side),
            Mm(side * 0.94),
            Mm(side * 0.94),
        )
        shape.name = tile.words
        shape.shadow.inherit = False
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(fill)
        shape.line.color.rgb, shape.line.width = RGBColor.from_string(edge), Mm(0.2)
        if side >= 4.5:
            lines = [(text, side * (1.0 if tile.below else 1.2), True, ink) for text in (tile.name, tile.below) if text]
            _write(shape.text_frame, lines)
            for line in shape.text_frame.paragraphs:
                line.alignment = PP_ALIGN.CENTER
