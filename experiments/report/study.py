"""The page of a study (attribution, sweep): sentences, figures and tables in one HTML file that needs no network."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import DrawnFigure, Plate, fitted, merged
from qipan.experiments.figures.sheet import Sheet, save, size_of
from qipan.experiments.report.grids import Grid
from qipan.experiments.report.page import picture
from qipan.experiments.store.parts import made_folder, write_atomic
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from qipan.model.notices.notice import Notice

Drawing = Mapping[str, Sequence[str]]
"""File formats by name of size."""
PAGE: Drawing = {"page": ("svg",), "column": ("svg",)}
"""What the page needs: page width and telephone width; other formats and sizes are drawn when they are asked for."""


def draw_plates(
    plates: Mapping[str, Callable[[Sheet], Plate]],
    folder: Path,
    language: str,
    footer: str,
    drawing: Drawing = PAGE,
    made: str = "",
    title: str = "",
) -> dict[str, DrawnFigure]:
    """Draw figures into a folder, as NAME.FORMAT at page width and NAME-SIZE.FORMAT at others.

    Raises:
        StoreError: the folder cannot be written.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    import matplotlib

    made_folder(folder)
    pieces = []
    for name, size in [(name, size) for size in drawing for name in plates]:
        found = fitted(plates[name], Sheet(language, size_of(size), footer, title))
        assert found is not None, "figures of studies have data"
        plate, sheet = found
        with matplotlib.rc_context(sheet.settings()):
            stem = folder / (name if size == "page" else f"{name}-{sheet.size.name}")
            written = save(plate.drawing, stem, drawing[size], made)
        files = {kind if size == "page" else f"{size}.{kind}": path for kind, path in written.items()}
        pieces.append(DrawnFigure(name, plate.title, plate.alternative, files))
    return merged(pieces)


def write_page(
    path: Path,
    language: str,
    title: str,
    footer: str,
    sentences: Sequence[str],
    warnings: Sequence[Notice],
    drawn: Mapping[str, DrawnFigure],
    grids: Sequence[Grid],
) -> Path:
    """Write the page and return its path."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qipan.experiments.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    content: dict[str, Any] = {
        "language": "zh-CN" if language == "zh" else "en",
        "title": title,
        "footer": footer,
        "sentences": sentences,
        "warnings": [warned(text, language) for text in warnings],
        "pictures": [picture(figure) for figure in drawn.values()],
        "grids": grids,
    }
    write_atomic(path, environment.get_template("study.html.j2").render(**content).encode())
    return path
