"""The break-even line of coordination: closed form and simulated points. Reached by `qipan plot theory/break-even`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np

from qipan.experiments.designs.break_even import (
    COMMON_ERRORS,
    GAME,
    PRIORS,
    REPLICATES,
    ErrorPoint,
    difference_expected,
    points,
)
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.sheet import MUTED, SIZES, Sheet, plain_axes, save
from qipan.experiments.store.parts import write_atomic
from qipan.experiments.words.labels import Topic
from qipan.model.theory.coordination import break_even_error

LARGEST = 13.0
words = Topic("break_even")
COLOURS = {"flat": "#D55E00", "bayes": "#0072B2"}
DASHES = {0.0: (4, 2), 2.0: (None, None)}


def draw(found: Sequence[ErrorPoint], sheet: Sheet) -> Plate:
    """Draw curves, points and break-evens on one pair of axes."""
    drawing = sheet.figure(3.9 if sheet.narrow else 4.3)
    axes = drawing.subplots()
    axes.axhline(0.0, color=MUTED, linewidth=0.8)
    for prior in PRIORS:
        for common in COMMON_ERRORS:
            _curve(axes, prior, common, sheet.language, sheet.narrow)
    for point in found:
        draw_point(axes, point)
    for common in COMMON_ERRORS:
        axes.plot(break_even_error(GAME, common), 0.0, "^", color=COLOURS["flat"], markersize=6, clip_on=False)
    axes.set(
        xlim=(-0.3, LARGEST + (3.6 if sheet.narrow else 2.9)),
        xlabel=words("x", sheet.language),
        ylabel=words("y", sheet.language),
        xticks=range(0, 14, 2),
    )
    plain_axes(axes)
    title = finding(found, sheet.language)
    return Plate(sheet.finish(drawing, title, words("note", sheet.language)), title, _alternative(found))


def _curve(axes: Any, prior: Any, common: float, language: str, narrow: bool) -> None:
    errors = np.linspace(0.0, LARGEST, 200)
    heights = [difference_expected(prior, common, error) for error in errors]
    axes.plot(errors, heights, color=COLOURS[prior], dashes=DASHES[common], linewidth=1.4)
    shared = words("common", language, common=common)
    label = words("label", language, prior=words(prior, language), common=shared)
    label = label.replace(", ", ",\n") if narrow else label
    axes.annotate(
        label, (LARGEST, heights[-1]), xytext=(4, 0), textcoords="offset points", color=COLOURS[prior], va="center"
    )


def draw_point(axes: Any, point: ErrorPoint) -> None:
    """A point is hollow where its interval holds zero: not distinguishable from no effect."""
    unclear = point.low <= 0.0 <= point.high
    axes.errorbar(
        point.planner_error,
        point.difference,
        [[point.difference - point.low], [point.high - point.difference]],
        fmt="o" if point.common_error else "s",
        color=COLOURS[point.prior],
        markersize=4,
        linewidth=1.0,
        capsize=2,
        markerfacecolor="white" if unclear else COLOURS[point.prior],
    )


def finding(found: Sequence[ErrorPoint], language: str) -> str:
    """What was found, from the numbers."""
    first, second = (break_even_error(GAME, common) for common in COMMON_ERRORS)
    near = sum(point.low <= point.expected <= point.high for point in found)
    return words("title", language, first=first, second=second, common=COMMON_ERRORS[1], near=near, count=len(found))


def _alternative(found: Sequence[ErrorPoint]) -> str:
    rows = (
        f"{point.prior}, shared error {point.common_error:g}, planner's error {point.planner_error:.2f}: "
        f"{point.difference:+.1f} (closed form {point.expected:+.1f})"
        for point in found
    )
    return "Planner less regions against the planner's own error. " + "; ".join(rows) + "."


def _table(found: Sequence[ErrorPoint]) -> bytes:
    """The points as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(ErrorPoint))
    writer.writerows(astuple(point) for point in found)
    return text.getvalue().encode()


def plot(folder: Path, language: str = "en", replicates: int = REPLICATES) -> str:
    """Simulate the points, write break-even.csv, .png, .svg and a narrow .svg into a folder, and say what was found."""
    footer = words("footer", language, replicates=replicates)
    return write(folder, "break-even", points(replicates), draw, language, footer)


def write(
    folder: Path,
    name: str,
    found: Sequence[ErrorPoint],
    draw: Callable[[Sequence[ErrorPoint], Sheet], Plate],
    language: str,
    footer: str,
) -> str:
    """Write the points as CSV and their figure as PNG, SVG and narrow SVG into a folder, and say what was found."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / f"{name}.csv", _table(found))
    title = ""
    for size, formats in (("page", ("png", "svg")), ("column", ("svg",))):
        sheet = Sheet(language, SIZES[size], footer)
        with matplotlib.rc_context(sheet.settings()):
            plate = draw(found, sheet)
            save(plate.drawing, folder / (name if size == "page" else f"{name}-{size}"), formats)
        title = plate.title
    return f"{folder / name}.png: {title}"


if __name__ == "__main__":
    print(plot(Path("docs") / "figures"))
