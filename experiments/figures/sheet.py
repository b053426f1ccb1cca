"""The sheet a figure is drawn on: size, type, the finding as title, the footer, and files that never differ."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.fonts import families
from qipan.experiments.store.parts import write_atomic
from qipan.model.errors import COMMAND_LINE, Problem, UserError
from qipan.model.scenario.table import closest

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS = 150
PAPER = "#FFFFFF"
DARK = "#222222"
FAINT = "#D9D9D9"
MUTED = "#595959"
# Type drawn on a pixel grid is up to this much wider than its outline: PNG against SVG.
HINTING = 0.93


@dataclass(frozen=True)
class Size:
    """Width in inches and type size in points of one way of showing a figure."""

    name: str
    width: float
    type: float
    narrow: bool = False
    height: float | None = None
    """Height in inches where it is given: what is drawn is made to fit."""


SIZES: dict[str, Size] = {
    "page": Size("page", 8.0, 8.5),
    "column": Size("column", 3.75, 7.5, narrow=True),
    "slide": Size("slide", 40 / 3, 14.0, height=7.5),
    "a4": Size("a4", 8.27, 8.5, height=11.69),
}
SMALLEST_TYPE = 6.0
"""Points below which nobody reads: what does not fit at this size is refused."""
INCH = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4}
LEAST, MOST = 1.95, 59.1
"""Inches of an edge of a size of one's own: 5 and 150 cm."""


def size_of(name: str) -> Size:
    """One of `SIZES`, or a size of one's own such as 25x14cm or 10x5.6in: width, then height.

    Raises:
        UserError: Neither, or too small or large.

    Example:
        >>> size_of("25.4x12.7cm").height
        5.0
    """
    if name in SIZES:
        return SIZES[name]
    matched = re.fullmatch(r"\s*([0-9.]+)\s*[x×]\s*([0-9.]+)\s*(in|cm|mm)\s*", name.lower())
    try:
        edges = [] if matched is None else [float(matched[place]) * INCH[matched[3]] for place in (1, 2)]
    except ValueError:
        edges = []
    if not edges or not all(LEAST <= edge <= MOST for edge in edges):
        near = closest(name, SIZES)
        hint = f"did you mean {near}?" if near else f"{', '.join(SIZES)}, or WIDTHxHEIGHT such as 25x14cm, 5 to 150 cm"
        raise UserError(Problem(COMMAND_LINE, "--size", f"no size {name[:40]!r}", hint))
    called = re.sub(r"\s+", "", name.lower()).replace("×", "x")
    narrow = edges[0] < 5.0
    type_size = 7.5 if narrow else 8.5 * max(1.0, (edges[0] / 8.0) ** 0.75)
    return Size(called, round(edges[0], 4), type_size, narrow, round(edges[1], 4))


@dataclass(frozen=True)
class Sheet:
    """Everything about the paper and nothing about the data.

    Args:
        language: "en" or "zh".
        size: One of SIZES.
        footer: Scenario, replicates, seed, data vintage in one line.
        title: Of the reader's own, in place of the finding.
    """

    language: str
    size: Size
    footer: str
    title: str = ""

    @property
    def narrow(self) -> bool:
        """True on a sheet as narrow as a telephone."""
        return self.size.narrow

    def columns(self, wide: int, narrow: int = 1) -> int:
        """Return how many panels stand side by side, more on a slide, fewer on a high sheet."""
        if self.narrow or self.size.height is None:
            return narrow if self.narrow else wide
        return (
            wide + 1
            if self.size.width > 1.5 * self.size.height
            else max(1, wide - (self.size.width < self.size.height))
        )

    @property
    def scale(self) -> float:
        """How much larger than on a page everything is that is measured in inches: lengths follow the type."""
        ratio = self.size.type / SIZES["page"].type
        return max(1.0, ratio) if self.size.height is None else ratio

    @property
    def room(self) -> float:
        """Inches of a page that the sheet is high; infinite where its height follows what is drawn."""
        return math.inf if self.size.height is None else self.size.height / self.scale

    def settings(self) -> dict[str, Any]:
        """Return the matplotlib settings of this sheet, to be used inside a context."""
        size = self.size.type
        return {
            "font.family": families(self.language),
            "font.size": size,
            "axes.titlesize": size,
            "axes.labelsize": size,
            "xtick.labelsize": size - 0.5,
            "ytick.labelsize": size - 0.5,
            "legend.fontsize": size - 0.5,
            "text.color": DARK,
            "axes.labelcolor": DARK,
            "axes.edgecolor": MUTED,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": DARK,
            "ytick.labelcolor": DARK,
            "axes.linewidth": 0.6,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "axes.axisbelow": True,
            "hatch.linewidth": 0.5,
            "hatch.color": "#9A9A9A",
            "xtick.major.pad": 5.5,
            "svg.fonttype": "none",
            "svg.hashsalt": "qipan",
            "pdf.fonttype": 42,
            "path.simplify": True,
            "axes.unicode_minus": True,
            "lines.solid_capstyle": "butt",
            "lines.dash_capstyle": "butt",
            "mathtext.default": "regular",
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
        }

    def figure(self, height: float) -> Figure:
        """Return an empty figure of the sheet's width and this height in inches of a page, with constrained layout."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        needed = height * self.scale
        figure = Figure(figsize=(self.size.width, self.size.height or needed), dpi=DOTS, layout="constrained")
        figure.needed = needed  # type: ignore[attr-defined]
        FigureCanvasAgg(figure)
        figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06, wspace=0.03, hspace=0.04)
        return figure

    def finish(self, figure: Figure, title: str, note: str = "") -> Figure:
        """Put the finding above, and how to read the figure and the footer below, wrapped to the sheet."""
        size, title = self.size.type, self.title or title
        left = 0.08 / self.size.width
        figure.suptitle(
            self.wrap(title, size + 1.5, bold=True),
            x=left,
            ha="left",
            fontsize=size + 1.5,
            fontweight="bold",
            linespacing=1.25,
        )
        below = "\n".join(self.wrap(text, size - 1.5) for text in (note[:1].upper() + note[1:], self.footer) if text)
        figure.supxlabel(below, x=left, ha="left", fontsize=size - 1.5, color=MUTED, linespacing=1.3)
        return figure

    def wrap(self, text: str, points: float, bold: bool = False, width: float | None = None) -> str:
        """Break a text into lines that fit the sheet (or a width in inches) at a type size in points."""
        if "\n" in text:
            return "\n".join(self.wrap(line, points, bold, width) for line in text.split("\n"))
        limit = (self.size.width - 0.2 if width is None else width) * 72 * HINTING
        lines, line = [], ""
        for piece in pieces(text):
            if line and self.text_width(line + piece.rstrip(), points, bold) > limit:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return "\n".join([*lines, line.rstrip()])

    def text_width(self, text: str, points: float, bold: bool = False) -> float:
        """Return the width of one line of text in points."""
        return _text_width(text, points, bold, self.language)


@lru_cache(maxsize=8192)
def _text_width(text: str, points: float, bold: bool, language: str) -> float:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    face = FontProperties(family=families(language), size=points, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, face, ismath=False)[0])


# A unit in brackets at the end of a label stays in one line.
UNIT = "（[^（）]{1,8}）[，。；：、）]*|\\([^()]{1,12}\\)[^\\s⺀-鿿]*\\s*"
PIECE = "[（“]*(?:[⺀-鿿]|[^\\s⺀-鿿＀-￯“”]+)[，。；：、）！？”]*\\s*"


def pieces(text: str) -> list[str]:
    """Split a text where a line may end: after spaces and Chinese characters, never inside punctuation.

    A closing mark stays with what it closes, an opening one with what it opens. The pieces joined are the text.
    """
    return re.findall(f"{UNIT}|{PIECE}|\\s+|.", text)


def save(figure: Figure, stem: Path, formats: Sequence[str], made: str = "") -> dict[str, Path]:
    """Write a figure once per format, without dates, and return the paths by format. A file is there whole or not.

    `made` tells what made it, in the metadata of the file.

    Raises:
        StoreError: the disk is full or the folder cannot be written; the old files are kept.
    """
    files = {}
    settle(figure)
    for kind in formats:
        path = stem.with_name(f"{stem.name}.{kind}")
        write_atomic(path, _drawn(figure, kind, made))
        files[kind] = path
    return files


def _drawn(figure: Figure, kind: str, made: str = "") -> bytes:
    """The bytes of one format, by the canvas of that format: `savefig` would draw everything twice."""
    content = io.BytesIO()
    if kind == "svg":
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        FigureCanvasSVG(figure).print_svg(content, metadata=_metadata(kind, made))
    elif kind == "png":
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg(figure).print_png(content, metadata=_metadata(kind, made))
    elif kind == "pdf":
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        FigureCanvasPdf(figure).print_pdf(content, metadata=_metadata(kind, made))
    else:
        figure.savefig(content, format=kind, metadata=_metadata(kind, made))
    return content.getvalue()


def settle(figure: Figure) -> None:
    """Place everything once, and on a fine grid: the layout solver's last digits vary from one process to the next."""
    engine = figure.get_layout_engine()
    if engine is None:
        return
    engine.execute(figure)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position([round(value, 4) for value in axes.get_position(original=True).bounds])
    for text in figure.texts:
        text.set_position(tuple(round(value, 4) for value in text.get_position()))


def _metadata(kind: str, made: str) -> dict[str, Any]:
    """Metadata without any date, so that the same numbers give the same bytes."""
    if kind == "svg":
        return {"Date": None, "Creator": "qipan", **({"Description": made} if made else {})}
    if kind == "pdf":
        about = {"Subject": made} if made else {}
        return {"CreationDate": None, "ModDate": None, "Producer": "qipan", "Creator": "qipan", **about}
    return {"Software": "qipan", **({"Description": made} if made else {})}


def plain_axes(axes: Axes, grid: str = "y") -> None:
    """Faint grid lines along one axis ("x", "y", "both" or "") behind the data."""
    if grid:
        axes.grid(axis=grid, color=FAINT, linewidth=0.5)  # type: ignore[arg-type]
    axes.tick_params(length=2.5)


RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


def thousands(axis: Any, factor: float = 1.0) -> None:
    """Separate thousands in the numbers of an axis, with a true minus sign; very small ones as powers of ten. The
    factor is that of `shown_unit`: what is drawn keeps its unit.
    """
    axis.set_major_formatter(lambda value, _: tick_text(factor * value))


def tick_text(value: float) -> str:
    """Write a number of an axis.

    Example:
        >>> tick_text(1250000.0), tick_text(-0.5), tick_text(-2e-6)
        ('1,250,000', '\u22120.5', '\u22122\u00d710\u207b\u2076')
    """
    digits, _, power = (f"{value:,.0f}" if 1e5 <= abs(value) < 1e12 else f"{value:,g}").partition("e")
    raised = f"\N{MULTIPLICATION SIGN}10{str(int(power)).translate(RAISED)}" if power else ""
    return digits.replace("-", "\N{MINUS SIGN}") + raised
