"""Parts that several figures are put together from: grids of panels, panel titles, axes of years, keys of arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.sheet import DARK, Sheet
from qipan.experiments.findings.arms import ArmStyle, arm_title, styles
from qipan.experiments.words.labels import ink, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qipan.experiments.summaries.comparison import ArmResult, Comparison


def grid(
    sheet: Sheet, count: int, columns: int, height: float, share: bool = True, arms: Sequence[ArmResult] = ()
) -> tuple[Figure, list[Axes]]:
    """Return a figure with `count` panels in rows of `columns`, each `height` inches high, axes shared where wanted.

    Where arms are given, a strip below the panels is kept for their key (see `key`); it is the figure's last axes.
    """
    rows = -(-count // columns)
    strip = 0.2 * -(-len(arms) // sheet.columns(3, 2)) if arms else 0.0
    drawing = sheet.figure(rows * height + strip + (1.4 if sheet.narrow else 0.9))
    strips = drawing.add_gridspec(1 + bool(arms), 1, height_ratios=[height * rows, strip][: 1 + bool(arms)])
    cells = strips[0].subgridspec(rows, columns)
    panels: list[Axes] = []
    for index in range(count):
        first = panels[0] if share and panels else None
        axes = drawing.add_subplot(cells[index // columns, index % columns], sharex=first, sharey=first)
        axes.tick_params(labelbottom=not share or index + columns >= count, labelleft=not share or not index % columns)
        panels.append(axes)
    if arms:
        drawing.add_subplot(strips[1], gid="key").set_axis_off()
    return drawing, panels


def panel_title(axes: Axes, text: str, look: ArmStyle | None, sheet: Sheet, columns: int) -> None:
    """Write a panel's title in the arm's colour, wrapped to the panel."""
    size = sheet.size.type
    width = (sheet.size.width - 0.5) / columns - 0.35
    axes.set_title(
        sheet.wrap(text, size, bold=True, width=width),
        fontsize=size,
        fontweight="bold",
        color=DARK if look is None else ink(look.colour),
    )


def year_axis(axes: Axes, years: Sequence[int]) -> None:
    """Put whole years on the horizontal axis, few enough to be read, the first and the last among them; a single year
    stands in the middle.
    """
    parts = min(3, years[-1] - years[0])
    room = 0.5 if years[0] == years[-1] else 0.0
    axes.set_xlim(years[0] - room, years[-1] + room)
    marks = [years[0] + round(part * (years[-1] - years[0]) / max(parts, 1)) for part in range(parts + 1)]
    axes.set_xticks(marks)


def name_years(panels: Sequence[Axes], columns: int, language: str) -> None:
    """Write "Year" under the lowest panel of each column."""
    for axes in list(panels)[-columns:]:
        axes.set_xlabel(say("year", language))


def name_values(panels: Sequence[Axes], text: str, sheet: Sheet, columns: int, height: float) -> None:
    """Write one label for the vertical axes of all panels: at the only row, else in the middle of the figure."""
    rows = -(-len(panels) // columns)
    if rows == 1:
        panels[0].set_ylabel(sheet.wrap(text, sheet.size.type, width=height * sheet.scale * 0.72), linespacing=1.1)
        return
    label = sheet.wrap(text, sheet.size.type, width=height * rows * sheet.scale)
    panels[0].get_figure().supylabel(label, fontsize=sheet.size.type, linespacing=1.1)


def arm_handle(look: ArmStyle, line: bool = True) -> Any:
    """Return a legend entry of an arm's look: line and marker, or marker alone."""
    from matplotlib.lines import Line2D

    handle = Line2D([], [], color=look.colour, marker=look.marker, markersize=4.5, linewidth=look.width)
    if not line:
        handle.set_linestyle("none")
    elif look.dash:
        handle.set_dashes(look.dash)
    return handle


def key(drawing: Figure, comparison: Comparison, sheet: Sheet, arms: Sequence[ArmResult], line: bool = True) -> None:
    """Put one key of the arms into the strip that `grid` kept for it."""
    looks = styles(comparison)
    drawing.axes[-1].legend(
        [arm_handle(looks[arm.name], line) for arm in arms],
        [arm_title(arm, sheet.language) for arm in arms],
        loc="center",
        ncols=sheet.columns(3, 2),
        frameon=False,
        handlelength=2.6,
        columnspacing=1.2,
        fontsize=sheet.size.type - 0.5,
        borderaxespad=0.0,
        borderpad=0.0,
        labelspacing=0.35,
    )
