"""Who gains: a map of equal tiles, one per region, filled where the gain is distinguishable from zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.figures.drawing import Plate, figure
from experiments.figures.finding import listed, named
from experiments.figures.reading import clear, has
from experiments.figures.sheet import DARK, MUTED, PAPER, Sheet
from experiments.labels import focus, luminance, region_label, say
from experiments.labels_numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison

SHORT_ZH = dict(zip(
    ("BJ", "TJ", "HE", "SX", "NM", "LN", "JL", "HL", "SH", "JS", "ZJ", "AH", "FJ", "JX", "SD", "HA", "HB", "HN", "GD",
     "GX", "HI", "CQ", "SC", "GZ", "YN", "XZ", "SN", "GS", "QH", "NX", "XJ"),
    "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔滇藏陕甘青宁新", strict=True,
))  # fmt: skip


@figure("map", 60)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw the tile-grid map of gains under the arm in question."""
    world = comparison.world
    if not has(comparison, "regions") or world.tile_column is None or world.tile_row is None:
        return None
    rows = comparison.table("regions")
    rows = rows[rows["arm"] == focus(comparison).name].set_index("region")
    limit = _limit(rows)
    side = (sheet.size.width - 0.3) / (int(max(world.tile_column)) + 1)
    drawing = sheet.figure(min(side, 0.72) * (int(max(world.tile_row)) + 1) + 1.7)
    axes = drawing.add_subplot()
    shades = _shades(limit)
    for index, code in enumerate(world.region_codes):
        tile(axes, comparison, index, rows.loc[code] if code in rows.index else None, shades, sheet)
    axes.set_xlim(-0.05, max(world.tile_column) + 1.05)
    axes.set_ylim(max(world.tile_row) + 1.05, -0.05)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _bar(drawing, axes, shades, comparison, sheet)
    title = finding(comparison, rows, sheet.language)
    note = say("map_note", sheet.language)
    return Plate(sheet.finish(drawing, title, note), title, _alternative(comparison, rows, sheet.language))


def _limit(rows: pd.DataFrame) -> float:
    """The largest relative gain or loss, rounded up to a round share, as the end of the colour scale."""
    largest = max((abs(float(value)) for value in rows["relative"] if math.isfinite(value)), default=0.01)
    step = 10.0 ** math.floor(math.log10(max(largest, 1e-3)))
    return math.ceil(largest / step - 1e-9) * step


def _shades(limit: float) -> Any:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(-limit, limit), colormaps["PuOr"])


def tile(axes: Any, comparison: Comparison, index: int, row: Any, shades: Any, sheet: Sheet) -> None:
    """Draw one region: its short name and its gain in per cent."""
    from matplotlib.patches import Rectangle

    world, size = comparison.world, sheet.size.type
    across, down = float(world.tile_column[index]), float(world.tile_row[index])
    code = world.region_codes[index].split("-")[-1]
    name = SHORT_ZH.get(code, code) if sheet.language == "zh" else code
    known, sure = row is not None and math.isfinite(float(row["relative"])), significant(row)
    face = shades.to_rgba(float(row["relative"])) if known and sure else PAPER
    shade = "#" + "".join(f"{round(255 * part):02X}" for part in face[:3]) if not isinstance(face, str) else face
    ink = DARK if luminance(shade) > 0.22 else PAPER
    axes.add_patch(Rectangle((across + 0.03, down + 0.03), 0.94, 0.94, facecolor=face, linewidth=0.9,
                             edgecolor=DARK if sure else MUTED, hatch=None if known else "////",
                             linestyle="-" if sure else (0, (2, 1.5)), gid="filled" if sure else "hollow"))  # fmt: skip
    axes.text(across + 0.5, down + 0.36, name, ha="center", va="center", fontsize=size + 1, fontweight="bold",
              color=ink)  # fmt: skip
    if known:
        axes.text(across + 0.5, down + 0.72, percent(float(row["relative"]), signed=True), ha="center", va="center",
                  fontsize=size - 1.5, color=ink)  # fmt: skip


def significant(row: Any) -> bool:
    """Say whether a region's gain stands after false-discovery control at 5% and by its own interval."""
    return row is not None and clear(row) and not float(row["p_adjusted"]) > 0.05


def _bar(drawing: Any, axes: Any, shades: Any, comparison: Comparison, sheet: Sheet) -> None:
    baseline = named(comparison.arm(comparison.baseline), sheet.language)
    bar = drawing.colorbar(shades, ax=axes, orientation="horizontal", fraction=0.025, pad=0.01, aspect=30, shrink=0.6)
    bar.outline.set_visible(False)
    limit = shades.norm.vmax
    bar.set_ticks([-limit, 0, limit])
    bar.ax.xaxis.set_major_formatter(lambda value, _: percent(value, signed=True))
    bar.set_label(sheet.wrap(say("map_axis", sheet.language, baseline=baseline), sheet.size.type - 0.5),
                  fontsize=sheet.size.type - 0.5)  # fmt: skip


def parted(rows: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Return the codes of regions that gain, lose and are not distinguishable, largest relative change first."""
    ordered = rows.reindex(rows["relative"].abs().sort_values(ascending=False, kind="stable").index)
    sure = {code: significant(row) for code, row in ordered.iterrows()}
    gain = [str(code) for code, row in ordered.iterrows() if sure[code] and row["gain"] > 0]
    lose = [str(code) for code, row in ordered.iterrows() if sure[code] and row["gain"] < 0]
    return gain, lose, [str(code) for code in ordered.index if str(code) not in {*gain, *lose}]


def finding(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    """Say how many regions gain, lose and are not distinguishable."""
    gain, lose, rest = parted(rows)
    return say("map_title", language, arm=named(focus(comparison), language), gain=len(gain), lose=len(lose),
               unclear=len(rest), total=len(rows))  # fmt: skip


def _alternative(comparison: Comparison, rows: pd.DataFrame, language: str) -> str:
    def words(codes: list[str]) -> str:
        changes = [percent(float(rows.loc[code, "relative"]), signed=True) for code in codes]
        names = [region_label(comparison.world, code, language) for code in codes]
        pairs = [f"{name} {change}" for name, change in zip(names, changes, strict=True)]
        return listed(pairs, language) if pairs else say("nobody", language)

    gain, lose, _ = parted(rows)
    return say("map_alt", language, arm=named(focus(comparison), language), gain=words(gain), lose=words(lose))
