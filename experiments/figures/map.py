"""Who gains: a map of equal tiles, one per region, filled where the gain is distinguishable from zero.

Cities stand inside the tile of their province. Invented regions lie nowhere and are drawn in order of their gain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.city_map import tiles as cities
from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.gains import face_and_ink, limit, shades
from qipan.experiments.figures.panels import panel_title
from qipan.experiments.figures.ranked_gains import ranked
from qipan.experiments.figures.sheet import DARK, MUTED, Sheet
from qipan.experiments.findings.arms import arm_title, styles
from qipan.experiments.findings.finding import joined_notes, named, regions_words
from qipan.experiments.findings.gains import lies_nowhere, parted, provinces, short_name, significant
from qipan.experiments.findings.reading import has, note_of, principal
from qipan.experiments.words.labels import listed, region_label, say
from qipan.experiments.words.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import ArmResult, Comparison


SMALLEST_WITH_NUMBER = 0.34
"""Inches of a page below which a tile bears its name alone."""
MOST_NAMED = 20
"""Regions that the text for those who cannot see the figure names, the largest changes first."""


@figure("map", 60)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw gains under each policy: on tiles, on cities inside tiles, or in order where regions lie nowhere."""
    if not has(comparison, "regions"):
        return None
    table, world = comparison.table("regions"), comparison.world
    arms = [arm for arm in principal(comparison) if arm.role == "policy"]
    rows = {arm.name: table[table["arm"] == arm.name].set_index("region") for arm in arms}
    if lies_nowhere(world):
        drawing, note = _in_order(comparison, arms, rows, sheet), "map_note_invented"
    elif world.tile_column is None or world.tile_row is None:
        drawing, note = _on_tiles(comparison, arms, rows, provinces(world), sheet), "map_note_cities"
    else:
        drawing, note = _on_tiles(comparison, arms, rows, world, sheet), "map_note"
    title = finding(comparison, rows[comparison.asked.name], sheet.language)
    words = " ".join(_alternative(comparison, arm, rows[arm.name], sheet.language) for arm in arms)
    below = joined_notes([say(note, sheet.language), note_of(comparison, sheet.language)], sheet.language)
    return Plate(sheet.finish(drawing, title, below), title, words)


RegionRows = Mapping[str, "pd.DataFrame"]


def _on_tiles(comparison: Comparison, arms: Sequence[ArmResult], rows: RegionRows, tiling: Any, sheet: Sheet) -> Any:
    """Draw a map for each arm on the tiles of a world: its own regions, or the cities in them; one scale of colours."""
    import pandas as pd

    columns, lines = int(max(tiling.tile_column)) + 1, int(max(tiling.tile_row)) + 1
    across = 1 if len(arms) == 1 else sheet.columns(2 if len(arms) < 5 else 3)
    side = min((sheet.size.width - 0.3) / across / columns / sheet.scale, 0.72)
    head = 0.0 if len(arms) == 1 else 0.45
    side = min(side, ((sheet.room - 1.7) / -(-len(arms) // across) - head) / lines)
    drawing = sheet.figure((side * lines + head) * -(-len(arms) // across) + 1.7)
    colours = shades(limit(pd.concat([rows[arm.name] for arm in arms])))
    panels = drawing.subplots(-(-len(arms) // across), across, squeeze=False).ravel()
    for axes, arm in zip(panels, arms, strict=False):
        mine = rows[arm.name]
        if tiling is comparison.world:
            for index, code in enumerate(tiling.region_codes):
                row = mine.loc[code] if code in mine.index else None
                tile(axes, comparison, index, row, colours, sheet, side * sheet.scale)
            axes.set_xlim(-0.05, columns + 0.05)
            axes.set_ylim(lines + 0.05, -0.05)
        else:
            cities(axes, comparison, mine, colours, sheet)
        axes.set_aspect("equal")
        if len(arms) > 1:
            _head(axes, comparison, arm, mine, sheet, across)
    for axes in panels:
        axes.set_axis_off()
    _bar(drawing, list(panels), colours, comparison, sheet)
    return drawing


def _in_order(comparison: Comparison, arms: Sequence[ArmResult], rows: RegionRows, sheet: Sheet) -> Any:
    """Draw the regions of each arm in order of their gain, vertical axes shared."""
    across = 1 if len(arms) == 1 else sheet.columns(2)
    down = -(-len(arms) // across)
    drawing = sheet.figure(4.2 if len(arms) == 1 else 2.8 * down + 0.9)
    panels = drawing.subplots(down, across, squeeze=False, sharey=True).ravel()
    baseline = named(comparison.arm(comparison.baseline), sheet.language)
    label = sheet.wrap(say("map_axis", sheet.language, baseline=baseline), sheet.size.type, width=2.2 * sheet.scale)
    for place, (axes, arm) in enumerate(zip(panels, arms, strict=False)):
        ranked(axes, rows[arm.name], sheet)
        if not place % across:
            axes.set_ylabel(label)
        if len(arms) > 1:
            _head(axes, comparison, arm, rows[arm.name], sheet, across)
    for axes in panels[len(arms) :]:
        axes.set_axis_off()
    return drawing


def _head(axes: Any, comparison: Comparison, arm: ArmResult, rows: pd.DataFrame, sheet: Sheet, across: int) -> None:
    """Title of one of several panels: the arm, and how many regions gain and lose under it."""
    gain, lose, _ = parted(rows)
    verbs = {
        "gains": say(f"regions_gain{'_one' * (len(gain) == 1)}", sheet.language),
        "loses": say(f"regions_lose{'_one' * (len(lose) == 1)}", sheet.language),
    }
    text = say("map_head", sheet.language, arm=arm_title(arm, sheet.language), gain=len(gain), lose=len(lose), **verbs)
    panel_title(axes, text, styles(comparison)[arm.name], sheet, across)


def tile(axes: Any, comparison: Comparison, index: int, row: Any, colours: Any, sheet: Sheet, side: float) -> None:
    """Draw one region: its short name and its gain in per cent, in type that fits a tile of `side` inches."""
    from matplotlib.patches import Rectangle

    world, size = comparison.world, sheet.size.type * min(1.0, side / (0.5 * sheet.scale))
    across, down = float(world.tile_column[index]), float(world.tile_row[index])
    name = short_name(world.region_codes[index], sheet.language)
    known, sure = row is not None and math.isfinite(float(row["relative"])), significant(row)
    face, ink = face_and_ink(row, colours)
    axes.add_patch(
        Rectangle(
            (across + 0.03, down + 0.03),
            0.94,
            0.94,
            facecolor=face,
            linewidth=0.9,
            edgecolor=DARK if sure else MUTED,
            hatch=None if known else "////",
            linestyle="-" if sure else (0, (2, 1.5)),
            gid="filled" if sure else "hollow",
        )
    )
    small = side < SMALLEST_WITH_NUMBER * sheet.scale
    axes.text(
        across + 0.5,
        down + (0.5 if small else 0.36),
        name,
        ha="center",
        va="center",
        fontsize=size + 1,
        fontweight="bold",
        color=ink,
    )
    if known and not small:
        axes.text(
            across + 0.5,
            down + 0.72,
            percent(float(row["relative"]), signed=True),
            ha="center",
            va="center",
            fontsize=size - 1.5,
            color=ink,
        )


def _bar(drawing: Any, panels: list[Any], colours: Any, comparison: Comparison, sheet: Sheet) -> None:
    baseline = named(comparison.arm(comparison.baseline), sheet.language)
    bar = drawing.colorbar(
        colours, ax=panels, orientation="horizontal", fraction=0.025, pad=0.01, aspect=30, shrink=0.6
    )
    bar.outline.set_visible(False)
    end = colours.norm.vmax
    bar.set_ticks([-end, 0, end])
    bar.ax.xaxis.set_major_formatter(lambda value, _: percent(value, signed=True))
    bar.set_label(
        sheet.wrap(say("map_axis", sheet.language, baseline=baseline), sheet.size.type - 0.5),
        fontsize=sheet.size.type - 0.5,
    )


def finding(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    """Say how many regions gain, lose and are not distinguishable."""
    gain, lose, rest = parted(rows)
    words = regions_words(len(gain), len(lose), [str(rows.loc[code, "verdict"]) for code in rest], language)
    key = "map_title_one" if "does" in words else "map_title"
    return say(
        key, language, arm=named(comparison.asked, language), gain=len(gain), lose=len(lose), total=len(rows), **words
    )


def _alternative(comparison: Comparison, arm: ArmResult, rows: pd.DataFrame, language: str) -> str:
    def words(codes: list[str]) -> str:
        changes = [percent(float(rows.loc[code, "relative"]), signed=True) for code in codes]
        names = [region_label(comparison.world, code, language) for code in codes]
        pairs = [f"{name} {change}" for name, change in zip(names, changes, strict=True)]
        if len(pairs) > MOST_NAMED:
            left = len(pairs) - MOST_NAMED
            pairs = [*pairs[:MOST_NAMED], say("and_more", language, count=left)]
        return listed(pairs, language) if pairs else say("nobody", language)

    gain, lose, _ = parted(rows)
    return say("map_alt", language, arm=named(arm, language), gain=words(gain), lose=words(lose))
