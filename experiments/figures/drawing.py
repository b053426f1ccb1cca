"""The list of figures, and how all of them are drawn to files.

A figure is one module of this package with one function decorated by `figure`. The function gets the comparison and a
sheet and returns a `Plate`, or None when the comparison lacks the data.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.sheet import SMALLEST_TYPE, Sheet, save, size_of
from qipan.experiments.findings.reading import footer
from qipan.experiments.results.provenance import in_one_line
from qipan.model.errors import COMMAND_LINE, Problem, UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qipan.experiments.summaries.comparison import Comparison


@dataclass(frozen=True, eq=False)
class Plate:
    """A figure not yet on disk: the drawing, its finding, and the same in words for those who cannot see it."""

    drawing: Figure
    title: str
    alternative: str


Draw = Callable[["Comparison", Sheet], Plate | None]


@dataclass(frozen=True)
class Declared:
    """One entry of the list of figures."""

    name: str
    order: int
    draw: Draw


@dataclass(frozen=True)
class DrawnFigure:
    """One figure on disk: its finding (title), alternative text and files: "png", "svg", "column.svg", ..."""

    name: str
    title: str
    alternative: str
    files: Mapping[str, Path]


FIGURES: dict[str, Declared] = {}


def figure(name: str, order: int) -> Callable[[Draw], Draw]:
    """Declare the decorated function as a figure; `order` is its place in the reading order."""

    def register(draw: Draw) -> Draw:
        FIGURES[name] = Declared(name, order, draw)
        return draw

    return register


def declared() -> list[Declared]:
    """Return every figure of this package in reading order, importing the modules that declare them."""
    package = importlib.import_module("qipan.experiments.figures")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"qipan.experiments.figures.{module.name}")
    return sorted(FIGURES.values(), key=lambda entry: entry.order)


def draw_all(
    comparison: Comparison,
    folder: Path,
    language: str = "en",
    formats: Sequence[str] = ("svg",),
    sizes: Sequence[str] = ("page", "column"),
    plain: str | None = None,
    chosen: Sequence[Declared] | None = None,
    title: str = "",
) -> dict[str, DrawnFigure]:
    """Draw every figure that has data into a folder and return what was drawn, in reading order.

    Args:
        comparison: The arms and their tables.
        folder: Where the files go; made when absent.
        language: "en" or "zh".
        formats: File formats of the page size: png, svg, pdf.
        sizes: Names of sizes; sizes other than the first are written as SVG only, as NAME-SIZE.svg.
        plain: The size whose files are called by the figure alone; default the first.
        chosen: The figures to draw; default all.
        title: What stands above each in place of its finding.

    Raises:
        UserError: Chinese is asked for and no installed font has the characters.
    """
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    below, made = footer(comparison, language), in_one_line(comparison.manifest)
    pieces = []
    for entry, size in [(entry, size) for size in sizes for entry in chosen or declared()]:
        first, sheet = size == sizes[0], Sheet(language, size_of(size), below, title)
        fitting = fitted(partial(entry.draw, comparison), sheet)
        if fitting is None:
            continue
        plate, sheet = fitting
        with matplotlib.rc_context(sheet.settings()):
            stem = folder / (entry.name if size == (plain or sizes[0]) else f"{entry.name}-{sheet.size.name}")
            files = save(plate.drawing, stem, formats if first else ("svg",), made)
        keyed = {kind if first else f"{size}.{kind}": path for kind, path in files.items()}
        pieces.append(DrawnFigure(entry.name, plate.title, plate.alternative, keyed))
    return merged(pieces)


def fitted(draw: Callable[[Sheet], Plate | None], sheet: Sheet) -> tuple[Plate, Sheet] | None:
    """Draw a figure on a sheet; on one of a given height in the largest type, up to its own, at which it fits.

    Returns:
        The figure and the sheet that it was drawn on; None where there is nothing to draw.

    Raises:
        UserError: It does not fit in the smallest type.
    """
    import matplotlib

    while True:
        with matplotlib.rc_context(sheet.settings()):
            plate = draw(sheet)
        height = sheet.size.height
        if plate is None or height is None:
            return None if plate is None else (plate, sheet)
        over = plate.drawing.needed / height  # type: ignore[attr-defined]
        if over <= 1.0:
            return plate, sheet
        if sheet.size.type <= SMALLEST_TYPE:
            message = (
                f"{sheet.size.name} is too small for this figure: its type would be below {SMALLEST_TYPE:g} points"
            )
            hint = "give a larger one, or fewer measures, arms or regions"
            raise UserError(Problem(COMMAND_LINE, "--size", message, hint))
        smaller = max(SMALLEST_TYPE, sheet.size.type / min(max(over, 1.02), 1.5))
        sheet = replace(sheet, size=replace(sheet.size, type=smaller))


def merged(pieces: Sequence[DrawnFigure]) -> dict[str, DrawnFigure]:
    """Figures by name, the files of their sizes together."""
    drawn: dict[str, DrawnFigure] = {}
    for piece in pieces:
        before = drawn.get(piece.name)
        drawn[piece.name] = piece if before is None else replace(before, files={**before.files, **piece.files})
    return drawn


def draw_one(comparison: Comparison, name: str, sheet: Sheet) -> Plate | None:
    """Draw one figure of the list without saving it; raises KeyError for a name that is not on the list."""
    entries: dict[str, Any] = {entry.name: entry for entry in declared()}
    found = fitted(partial(entries[name].draw, comparison), sheet)
    return None if found is None else found[0]
