"""Layout heat map: regions by sectors, probability of being in the sector, for two arms and the change between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.drawing import Plate, figure
from qipan.experiments.figures.output import arms_to_show
from qipan.experiments.figures.sheet import DARK, PAPER, Sheet
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.finding import joined_notes, named
from qipan.experiments.findings.gains import lies_nowhere, provinces
from qipan.experiments.words.labels import counted, luminance, region_label, say, sector_label
from qipan.experiments.words.numbers import MINUS, percent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison

MACRO = ("East", "Central", "West", "Northeast")
LARGEST = 60
SHOWN = 40
"""Rows above which regions are joined by province, and how many invented regions are shown, which have none."""
NOTABLE = 0.1


@dataclass(frozen=True)
class LayoutRow:
    """A row of the figure: its name, its macro-region ("" without) and the regions it is the mean of."""

    name: str
    macro: str
    regions: tuple[int, ...]


@figure("layout", 50)
def draw(comparison: Comparison, sheet: Sheet) -> Plate | None:
    """Draw three panels: the baseline, the arm in question, and the change of probability."""
    table = comparison.tables.get("layouts")
    if table is None or table.empty or not comparison.world.region_codes:
        return None
    rows, year = rows_of(comparison.world, sheet.language), comparison.year_told
    whole = [matrix(comparison, table, arm.name, year) for arm in arms_to_show(comparison)]
    before, after = (joined(values, rows) for values in whole)
    drawing = sheet.figure(1.9 + (0.165 if not sheet.narrow else 0.16) * max(len(rows), 12) + 0.6 * sheet.narrow)
    panels = drawing.subplots(1, 3, sharey=True)
    _three(drawing, panels, before, after, sheet, year)
    _names(comparison, panels, rows, sheet)
    rings(panels[0], joined(comparison.world.announced_layout, rows))
    title = finding(comparison, *whole, sheet.language)
    arms = [named(arm, sheet.language) for arm in arms_to_show(comparison)]
    shown = counted("count_regions", len(rows), sheet.language)
    words = say(
        "layout_alt",
        sheet.language,
        regions=shown,
        year=year,
        sectors=counted("count_sectors", before.shape[1], sheet.language),
        baseline=arms[0],
        arm=arms[1],
    )
    note = _note(comparison.world, len(rows), sheet.language)
    if len(comparison.policies) > 1:
        note = joined_notes([note, say("layout_others", sheet.language, arm=arms[1])], sheet.language)
    return Plate(sheet.finish(drawing, title, note), title, words)


def _note(world: Any, shown: int, language: str) -> str:
    """How to read the rows: all regions, provinces that stand for their cities, or the largest of many."""
    regions = len(world.region_codes)
    key = (
        "layout_note"
        if regions == shown
        else ("layout_note_largest" if lies_nowhere(world) else "layout_note_provinces")
    )
    return say(key, language, minus=MINUS, regions=regions, shown=shown)


def rows_of(world: Any, language: str) -> list[LayoutRow]:
    """Return the rows: each region; above 60 the provinces with their cities, or the largest of invented regions."""
    order = region_order(world)
    if len(order) <= LARGEST:
        return [
            LayoutRow(region_label(world, world.region_codes[i], language), world.macro_regions[i], (i,)) for i in order
        ]
    if lies_nowhere(world):
        largest = sorted(range(len(order)), key=lambda i: (-float(world.size[i]), i))[:SHOWN]
        return [LayoutRow(region_label(world, world.region_codes[i], language), "", (i,)) for i in largest]
    upper = provinces(world)
    members = {place: tuple(i for i in order if world.provinces[i] == place) for place in region_order(upper)}
    return [
        LayoutRow(region_label(upper, upper.region_codes[place], language), upper.macro_regions[place], inside)
        for place, inside in members.items()
        if inside
    ]


def joined(values: np.ndarray, rows: list[LayoutRow]) -> np.ndarray:
    """Return (row, sector) means over the regions of each row; NaN where one of them has none."""
    import numpy as np

    return np.stack([values[list(row.regions)].mean(axis=0) for row in rows])


def region_order(world: Any) -> list[int]:
    """Return region indices by macro-region, and inside it by size, largest first."""

    def place(index: int) -> tuple[int, float]:
        macro = world.macro_regions[index]
        return (MACRO.index(macro) if macro in MACRO else len(MACRO), -float(world.size[index]))

    return sorted(range(len(world.region_codes)), key=place)


def matrix(comparison: Comparison, table: pd.DataFrame, arm: str, year: int) -> np.ndarray:
    """Return (region, sector) probabilities of one arm and year in the world's order; NaN where there is none."""
    rows = table[(table["arm"] == arm) & (table["year"] == year)]
    wide = rows.pivot(index="region", columns="sector", values="probability")
    world = comparison.world
    return wide.reindex(index=list(world.region_codes), columns=list(world.sector_codes)).to_numpy(dtype=float)


def _three(drawing: Any, panels: Any, before: np.ndarray, after: np.ndarray, sheet: Sheet, year: int) -> None:
    """Colour the three panels and add the two colour bars below."""
    images = [heat(axes, values, "Blues", (0.0, 1.0)) for axes, values in zip(panels, (before, after), strict=False)]
    change = heat(panels[2], after - before, "PuOr", (-0.6, 0.6))
    signs(panels[2], after - before, sheet)
    bars = (
        (images[0], panels[:2], say("layout_axis", sheet.language, year=year)),
        (change, panels[2:], say("layout_change", sheet.language)),
    )
    for image, axes, label in bars:
        bar = drawing.colorbar(
            image, ax=list(axes), orientation="horizontal", fraction=0.03, pad=0.01, aspect=30 // len(axes)
        )
        bar.outline.set_visible(False)
        limits = image.get_clim()
        bar.set_ticks([limits[0], sum(limits) / 2, limits[1]])
        bar.set_ticklabels([percent(value, signed=limits[0] < 0, places=0) for value in bar.get_ticks()])
        width = sheet.size.width * len(axes) / 4 - 0.1
        bar.set_label(sheet.wrap(label, sheet.size.type - 0.5, width=width), fontsize=sheet.size.type - 0.5)


def heat(axes: Any, values: np.ndarray, colours: str, limits: tuple[float, float]) -> Any:
    """Draw a matrix with thin white lines between the cells; missing cells are hatched."""
    import numpy as np
    from matplotlib.patches import Rectangle

    image = axes.pcolormesh(
        np.ma.masked_invalid(values), cmap=colours, vmin=limits[0], vmax=limits[1], edgecolors=PAPER, linewidth=0.6
    )
    for row, column in np.argwhere(np.isnan(values)):
        axes.add_patch(Rectangle((column, row), 1, 1, fill=False, hatch="////", linewidth=0, gid="missing"))
    axes.set_ylim(values.shape[0], 0)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return image


def signs(axes: Any, change: np.ndarray, sheet: Sheet) -> None:
    """Write + and - into cells whose probability changes by more than a tenth, for prints in grey."""
    for (row, column), value in _cells(change):
        if abs(value) > NOTABLE:
            face = axes.collections[0].cmap(axes.collections[0].norm(value))
            shade = "#" + "".join(f"{round(255 * part):02X}" for part in face[:3])
            axes.text(
                column + 0.5,
                row + 0.5,
                "+" if value > 0 else MINUS,
                ha="center",
                va="center",
                fontsize=sheet.size.type - 0.5,
                color=DARK if luminance(shade) > 0.25 else PAPER,
            )


def _cells(values: np.ndarray) -> list[tuple[tuple[int, int], float]]:
    return [((i, k), float(values[i, k])) for i in range(values.shape[0]) for k in range(values.shape[1])]


def rings(axes: Any, announced: np.ndarray) -> None:
    """Put a small ring into each pair (row, sector) that the region's own documents announce."""
    places = [(k + 0.5, i + 0.5) for (i, k), value in _cells(announced) if value > 0]
    if places:
        across, down = zip(*places, strict=True)
        axes.plot(
            across,
            down,
            linestyle="none",
            marker="o",
            markersize=3.2,
            markerfacecolor="none",
            markeredgecolor="#D55E00",
            markeredgewidth=0.9,
        )


def _names(comparison: Comparison, panels: Any, rows: list[LayoutRow], sheet: Sheet) -> None:
    """Name rows and columns, draw a line between macro-regions and title the panels."""
    world, language, size = comparison.world, sheet.language, sheet.size.type
    heads = [*(arm_title(arm, language) for arm in arms_to_show(comparison)), say("layout_change", language)]
    longest = 9.0 if sheet.narrow else 1.3 * sheet.scale
    sectors = [sheet.wrap(sector_label(world, code, language), size - 1, width=longest) for code in world.sector_codes]
    for axes, head in zip(panels, heads, strict=True):
        axes.set_title(sheet.wrap(head, size, True, sheet.size.width / 4 - 0.1), fontweight="bold")
        axes.set_xticks(
            [k + 0.5 for k in range(len(sectors))], sectors, rotation=90, fontsize=size - 1, linespacing=0.95
        )
        for place in range(1, len(rows)):
            if rows[place].macro != rows[place - 1].macro:
                axes.axhline(place, color=DARK, linewidth=0.8)
    panels[0].set_yticks([i + 0.5 for i in range(len(rows))], [row.name for row in rows], fontsize=size - 1)


def finding(comparison: Comparison, before: np.ndarray, after: np.ndarray, language: str) -> str:
    """Say how many pairs change by more than a tenth, and which sector gains and loses most regions."""
    import numpy as np

    change = np.nan_to_num(after - before)
    count, arm = int((np.abs(change) > NOTABLE).sum()), named(arms_to_show(comparison)[1], language)
    if not count:
        return say("layout_title_none", language, total=f"{change.size:,}", arm=arm)
    by_sector, codes = change.sum(axis=0), comparison.world.sector_codes
    most, least = int(by_sector.argmax()), int(by_sector.argmin())
    return say(
        "layout_title",
        language,
        count=count,
        total=f"{change.size:,}",
        arm=arm,
        most=sector_label(comparison.world, codes[most], language),
        least=sector_label(comparison.world, codes[least], language),
    )
