"""A measure over two parameters of a sweep: cells of a grid, or points of a sample, coloured by what an arm does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, PAPER, Sheet, thousands
from qipan.experiments.figures.sweeps import measures_of, plate, short, shown_rows, titled
from qipan.experiments.findings.reading import direction_of
from qipan.experiments.findings.sweep import parameter_label
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.words.labels import luminance, shown_measure

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.results.study import Study


def heat(study: Study, baseline: str, arm: str, parameters: tuple[str, str], sheet: Sheet) -> Plate:
    """What an arm does over two parameters, one panel a measure; a ring marks what is not distinguishable."""
    rows = shown_rows(study)
    rows = rows[rows["arm"] == arm]
    measures = measures_of(rows)
    columns = min(len(measures), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(measures), columns, 2.6 if sheet.narrow else 2.0, share=False)
    gridded = not rows[rows["measure"] == measures[0]].duplicated(list(parameters)).any() and _is_grid(rows, parameters)
    for index, (axes, measure) in enumerate(zip(panels, measures, strict=True)):
        part = rows[rows["measure"] == measure]
        colours = _colours(part, measure, "differences" in study.tables)
        (_cells if gridded else _points)(axes, part, parameters, colours)
        bar = drawing.colorbar(colours, ax=axes, fraction=0.06, pad=0.02)
        bar.outline.set_visible(False)
        bar.ax.locator_params(nbins=5)
        factor, label = shown_measure(measure, sheet.language)
        thousands(bar.ax.yaxis, factor)
        titled(axes, label, sheet, columns)
        axes.grid(False)
        if index + columns >= len(measures):
            axes.set_xlabel(parameter_label(parameters[0], sheet.language, unit=True))
        if index % columns == 0:
            axes.set_ylabel(parameter_label(parameters[1], sheet.language, unit=True))
    note = "heat_note" if "differences" in study.tables else "level_heat_note"
    return plate(drawing, study, baseline, [arm], sheet, note, list(parameters))


def _is_grid(rows: pd.DataFrame, parameters: tuple[str, str]) -> bool:
    """Whether the points are all combinations of a few values."""
    count = len(rows["point"].unique())
    return bool(np.prod([len(rows[name].unique()) for name in parameters]) == count)


def _colours(part: pd.DataFrame, measure: str, differences: bool) -> Any:
    """Purple for better and orange for worse, white at zero; shades of blue for levels."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    values = part["mean"].to_numpy(dtype=float)
    if not differences:
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        return ScalarMappable(Normalize(low, high if high > low else low + 1.0), colormaps["Blues"])
    limit = float(np.nanmax(np.abs(values))) or 1.0
    name = "PuOr_r" if direction_of(measure) == "lower is better" else "PuOr"
    return ScalarMappable(Normalize(-limit, limit), colormaps[name])


def _cells(axes: Any, part: pd.DataFrame, parameters: tuple[str, str], colours: Any) -> None:
    across, down = parameters
    wide = part.pivot(index=down, columns=across, values="mean")
    unclear = part.pivot(index=down, columns=across, values="verdict").isin(UNTOLD)
    axes.pcolormesh(
        np.ma.masked_invalid(wide.to_numpy()), cmap=colours.cmap, norm=colours.norm, edgecolors=PAPER, linewidth=0.6
    )
    for row, column in np.argwhere(unclear.to_numpy()):
        face = colours.to_rgba(wide.to_numpy()[row, column])
        shade = "#" + "".join(f"{round(255 * one):02X}" for one in face[:3])
        axes.plot(
            [column + 0.5],
            [row + 0.5],
            marker="o",
            markerfacecolor="none",
            markersize=5,
            gid="hollow",
            markeredgecolor=DARK if luminance(shade) > 0.22 else PAPER,
        )
    few = max(1, -(-len(wide.columns) // 6)), max(1, -(-len(wide.index) // 8))
    columns, rows = np.arange(len(wide.columns))[:: few[0]], np.arange(len(wide.index))[:: few[1]]
    axes.set_xticks(columns + 0.5, [short(wide.columns[place]) for place in columns])
    axes.set_yticks(rows + 0.5, [short(wide.index[place]) for place in rows])
    if any(isinstance(value, str) for value in wide.columns):
        axes.tick_params(axis="x", rotation=30)


def _points(axes: Any, part: pd.DataFrame, parameters: tuple[str, str], colours: Any) -> None:
    """A dot for each point of a sample, with a thick edge where it is distinguishable."""
    across, down = (part[name].astype(float) for name in parameters)
    sure = ~part["verdict"].isin(UNTOLD).to_numpy()
    axes.scatter(
        across,
        down,
        c=colours.to_rgba(part["mean"].to_numpy(dtype=float)),
        s=26,
        linewidths=np.where(sure, 1.0, 0.4),
        edgecolors=DARK,
    )
    axes.plot(
        across[~sure],
        down[~sure],
        linestyle="none",
        marker="o",
        markersize=9,
        markerfacecolor="none",
        markeredgecolor=DARK,
        markeredgewidth=0.5,
        gid="hollow",
    )
