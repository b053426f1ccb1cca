"""Who gains: a map of equal tiles, one per region, filled where the gain is distinguishable from zero.

Cities stand inside the tile of their province. Invented regions lie nowhere and are drawn in order of their gain.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.figures.city_map import tiles as cities
from experiments.figures.drawing import Plate, figure
from experiments.figures.finding import named
from experiments.figures.gains import face_and_ink, lies_nowhere, limit, parted, provinces, shades, significant
from experiments.figures.ranked_gains import ranked
from experiments.figures.reading import has
from experiments.figures.sheet import DARK, MUTED, Sheet
from experiments.labels import listed, region_label, say
from experiments.labels_numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison

SHORT_ZH = dict(zip(
    ("BJ", "TJ", "HE", "SX", "NM", "LN", "JL", "HL", "SH", "JS", "ZJ", "AH", "FJ", "JX", "SD", "HA", "HB", "HN", "GD",
     "GX", "HI", "CQ", "SC", "GZ", "YN", "XZ", "SN", "GS", "QH", "NX", "XJ"),
    "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新", strict=True,
))  # fmt: skip


MOST_NAMED = 20
"""Regions that the text for those who cannot see the figure names, the largest changes first."""


@figure("map", 60)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw gains under the arm in question: on tiles, on cities inside tiles, or in order where regions lie nowhere."""
    if not has(comparison, "regions"):
        return None
    rows = comparison.table("regions")
    rows = rows[rows["arm"] == comparison.asked.name].set_index("region")
    if lies_nowhere(comparison.world):
        drawing, note = _in_order(comparison, rows, sheet), "map_note_invented"
    elif comparison.world.tile_column is None or comparison.world.tile_row is None:
        drawing, note = _on_tiles(comparison, rows, provinces(), sheet), "map_note_cities"
    else:
        drawing, note = _on_tiles(comparison, rows, comparison.world, sheet), "map_note"
    title = finding(comparison, rows, sheet.language)
    words = _alternative(comparison, rows, sheet.language)
    return Plate(sheet.finish(drawing, title, say(note, sheet.language)), title, words)


def _on_tiles(comparison: Comparison, rows: pd.DataFrame, grid: Any, sheet: Sheet) -> Any:
    """Draw the map on the tiles of a world: its own regions, or the cities in them."""
    columns, lines = int(max(grid.tile_column)) + 1, int(max(grid.tile_row)) + 1
    drawing = sheet.figure(min((sheet.size.width - 0.3) / columns / sheet.scale, 0.72) * lines + 1.7)
    axes, colours = drawing.add_subplot(), shades(limit(rows))
    if grid is comparison.world:
        for index, code in enumerate(grid.region_codes):
            tile(axes, comparison, index, rows.loc[code] if code in rows.index else None, colours, sheet)
        axes.set_xlim(-0.05, columns + 0.05)
        axes.set_ylim(lines + 0.05, -0.05)
    else:
        cities(axes, comparison, rows, colours, sheet)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _bar(drawing, axes, colours, comparison, sheet)
    return drawing


def _in_order(comparison: Comparison, rows: pd.DataFrame, sheet: Sheet) -> Any:
    drawing = sheet.figure(4.2)
    axes = drawing.add_subplot()
    ranked(axes, rows, sheet)
    baseline = named(comparison.arm(comparison.baseline), sheet.language)
    axes.set_ylabel(sheet.wrap(say("map_axis", sheet.language, baseline=baseline), sheet.size.type,
                               width=2.2 * sheet.scale))  # fmt: skip
    return drawing


def tile(axes: Any, comparison: Comparison, index: int, row: Any, colours: Any, sheet: Sheet) -> None:
    """Draw one region: its short name and its gain in per cent."""
    from matplotlib.patches import Rectangle

    world, size = comparison.world, sheet.size.type
    across, down = float(world.tile_column[index]), float(world.tile_row[index])
    code = world.region_codes[index].split("-")[-1]
    name = SHORT_ZH.get(code, code) if sheet.language == "zh" else code
    known, sure = row is not None and math.isfinite(float(row["relative"])), significant(row)
    face, ink = face_and_ink(row, colours)
    axes.add_patch(Rectangle((across + 0.03, down + 0.03), 0.94, 0.94, facecolor=face, linewidth=0.9,
                             edgecolor=DARK if sure else MUTED, hatch=None if known else "////",
                             linestyle="-" if sure else (0, (2, 1.5)), gid="filled" if sure else "hollow"))  # fmt: skip
    axes.text(across + 0.5, down + 0.36, name, ha="center", va="center", fontsize=size + 1, fontweight="bold",
              color=ink)  # fmt: skip
    if known:
        axes.text(across + 0.5, down + 0.72, percent(float(row["relative"]), signed=True), ha="center", va="center",
                  fontsize=size - 1.5, color=ink)  # fmt: skip


def _bar(drawing: Any, axes: Any, colours: Any, comparison: Comparison, sheet: Sheet) -> None:
    baseline = named(comparison.arm(comparison.baseline), sheet.language)
    bar = drawing.colorbar(colours, ax=axes, orientation="horizontal", fraction=0.025, pad=0.01, aspect=30, shrink=0.6)
    bar.outline.set_visible(False)
    end = colours.norm.vmax
    bar.set_ticks([-end, 0, end])
    bar.ax.xaxis.set_major_formatter(lambda value, _: percent(value, signed=True))
    bar.set_label(sheet.wrap(say("map_axis", sheet.language, baseline=baseline), sheet.size.type - 0.5),
                  fontsize=sheet.size.type - 0.5)  # fmt: skip


def finding(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    """Say how many regions gain, lose and are not distinguishable."""
    gain, lose, rest = parted(rows)
    return say("map_title", language, arm=named(comparison.asked, language), gain=len(gain), lose=len(lose),
               unclear=len(rest), total=len(rows))  # fmt: skip


def _alternative(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    def words(codes: list[str]) -> str:
        changes = [percent(float(rows.loc[code, "relative"]), signed=True) for code in codes]
        names = [region_label(comparison.world, code, language) for code in codes]
        pairs = [f"{name} {change}" for name, change in zip(names, changes, strict=True)]
        if len(pairs) > MOST_NAMED:
            left = len(pairs) - MOST_NAMED
            pairs = [*pairs[:MOST_NAMED], f"另{left}个" if language == "zh" else f"{left} more"]
        return listed(pairs, language) if pairs else say("nobody", language)

    gain, lose, _ = parted(rows)
    return say("map_alt", language, arm=named(comparison.asked, language), gain=words(gain), lose=words(lose))
