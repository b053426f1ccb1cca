"""Who gains, by city: the tile of each province cut into squares of equal size, one for each of its cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.figures.gains import face_and_ink
from qipan.experiments.figures.sheet import DARK, MUTED, Sheet
from qipan.experiments.findings.gains import provinces, significant
from qipan.experiments.words.labels import region_label

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison

HEAD = 0.17
"""Share of a tile's height that its province's name takes."""


def cities_by_province(world: Any) -> dict[int, list[int]]:
    """Return the rows of a province's cities, largest first, by the row of the province."""
    order = np.argsort(-np.asarray(world.size), kind="stable")
    found: dict[int, list[int]] = {}
    for city in order:
        found.setdefault(int(world.provinces[city]), []).append(int(city))
    return dict(sorted(found.items()))


def tiles(axes: Any, comparison: Comparison, rows: pd.DataFrame, colours: Any, sheet: Sheet) -> None:
    """Draw every province's tile with its cities; provinces without cities are named in grey."""
    upper, groups = provinces(comparison.world), cities_by_province(comparison.world)
    across = int(np.ceil(np.sqrt(max(len(cities) for cities in groups.values()))))
    for place in range(len(upper.region_codes)):
        corner = float(upper.tile_column[place]), float(upper.tile_row[place])
        cities = groups.get(place, [])
        _name(axes, corner, upper, place, bool(cities), sheet)
        for number, city in enumerate(cities):
            code = comparison.world.region_codes[city]
            row = rows.loc[code] if code in rows.index else None
            square(axes, corner, divmod(number, across), across, row, colours)
    axes.set_xlim(-0.05, max(upper.tile_column) + 1.05)
    axes.set_ylim(max(upper.tile_row) + 1.05, -0.05)


def _name(axes: Any, corner: tuple[float, float], upper: Any, place: int, known: bool, sheet: Sheet) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle(
            (corner[0] + 0.02, corner[1] + 0.02), 0.96, 0.96, fill=False, linewidth=0.4, edgecolor=MUTED, gid="province"
        )
    )
    label = region_label(upper, upper.region_codes[place], sheet.language)
    if sheet.language == "en":
        label = upper.region_codes[place].split("-")[-1] if sheet.narrow or len(label) > 12 else label
    axes.text(
        corner[0] + 0.5,
        corner[1] + 0.02 + HEAD / 2,
        label,
        ha="center",
        va="center",
        fontsize=sheet.size.type - 2,
        fontweight="bold",
        color=DARK if known else MUTED,
    )


def square(axes: Any, corner: tuple[float, float], cell: tuple[int, int], across: int, row: Any, colours: Any) -> None:
    """Draw one city in a cell (row, column) of its province's tile."""
    from matplotlib.patches import Rectangle

    side, high = 0.92 / across, (0.94 - HEAD) / across
    left, top = corner[0] + 0.04 + cell[1] * side, corner[1] + HEAD + 0.02 + cell[0] * high
    face, _ = face_and_ink(row, colours)
    sure = significant(row)
    axes.add_patch(
        Rectangle(
            (left, top),
            side * 0.9,
            high * 0.9,
            facecolor=face,
            linewidth=0.6 if sure else 0.4,
            edgecolor=DARK if sure else MUTED,
            hatch=None if row is not None else "////",
            linestyle="-" if sure else (0, (1.2, 1.2)),
            gid="filled" if sure else "hollow",
        )
    )
