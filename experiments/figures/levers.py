"""Figures of an attribution: shares of each lever, and what is left beyond information and beyond random lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qipan.experiments.designs.levers_tables import REMAINDER, TOTAL, WELFARE
from qipan.experiments.figures.differences import intervals, number_axis
from qipan.experiments.figures.drawing import Plate
from qipan.experiments.figures.panels import grid
from qipan.experiments.figures.sheet import DARK, Sheet, plain_axes
from qipan.experiments.findings.arms import KINDS, ArmStyle
from qipan.experiments.findings.attribution import (
    comparisons_finding,
    key_factor,
    key_label,
    lever_label,
    phrase,
    shares_finding,
)

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    f"total:{WELFARE}",
    "total:output_discounted",
    "told:investment_duplication",
    "told:excess_entry",
)
BESIDE = ("raw", "beyond_information", "beyond_random")
LOOKS = dict(zip(BESIDE, (KINDS["none"], KINDS["information"], KINDS["random"]), strict=True))


def draw_shares(shares: pd.DataFrame, sheet: Sheet) -> Plate:
    """Draw the share of every lever of the main measures, all levers together in the last line."""
    keys = [key for key in SHOWN if key in set(shares["measure"])] or list(shares["measure"].unique()[:6])
    levers = list(shares["lever"].unique())
    columns = min(len(keys), sheet.columns(3, 1))
    drawing, panels = grid(sheet, len(keys), columns, 0.55 + 0.22 * len(levers), share=False)
    for index, (axes, key) in enumerate(zip(panels, keys, strict=True)):
        rows = shares[shares["measure"] == key].set_index("lever")
        labels = [_wrapped(lever_label(lever, sheet.language), sheet) for lever in levers]
        _frame(axes, labels if index % columns == 0 else [""] * len(levers), key, sheet, columns)
        places = [(rows.loc[lever], len(levers) - 1 - place) for place, lever in enumerate(levers)]
        whole = levers.index(TOTAL)
        intervals(axes, places[:whole] + places[whole + 1 :], ArmStyle("#0072B2", (), "o"))
        intervals(axes, places[whole : whole + 1], KINDS["design"])
    title = shares_finding(shares, sheet.language)
    note = phrase("half_note" if REMAINDER in levers else "shares_note", sheet.language)
    words = phrase("alternative", sheet.language, text=title)
    return Plate(sheet.finish(drawing, title, note), title, words)


def draw_comparisons(effects: pd.DataFrame, sheet: Sheet) -> Plate:
    """Draw each lever raw, beyond information alone and beyond its random twin, for welfare and output."""
    keys = [key for key in SHOWN[:2] if key in set(effects["measure"])]
    columns = min(len(keys), sheet.columns(2, 1))
    levers = list(effects["lever"].unique())
    drawing, panels = grid(sheet, len(keys), columns, 0.6 + 0.42 * len(levers), share=False)
    labels = [_wrapped(lever_label(lever, sheet.language), sheet) for lever in levers]
    for index, (axes, key) in enumerate(zip(panels, keys, strict=True)):
        _frame(axes, labels if index % columns == 0 else [""] * len(levers), key, sheet, columns)
        rows = effects[effects["measure"] == key].set_index(["lever", "comparison"])
        for step, name in enumerate(BESIDE):
            heights = {lever: len(levers) - 1 - place + 0.25 * (1 - step) for place, lever in enumerate(levers)}
            intervals(
                axes,
                [(rows.loc[(lever, name)], height) for lever, height in heights.items() if (lever, name) in rows.index],
                LOOKS[name],
            )
    title = comparisons_finding(effects, sheet.language)
    note = phrase("comparisons_note", sheet.language)
    return Plate(sheet.finish(drawing, title, note), title, phrase("alternative", sheet.language, text=title))


def _frame(axes: Any, labels: list[str], key: str, sheet: Sheet, columns: int) -> None:
    """Zero line, names of the levers, title, numbers."""
    axes.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_yticks(range(len(labels)), labels[::-1])
    title = key_label(key, sheet.language)
    width = (sheet.size.width - 1.8 * sheet.scale) / columns - 0.1
    axes.set_title(sheet.wrap(title, sheet.size.type, width=width), fontweight="bold", fontsize=sheet.size.type - 0.5)
    plain_axes(axes, "x")
    number_axis(axes, key_factor(key, sheet.language))


def _wrapped(text: str, sheet: Sheet) -> str:
    return sheet.wrap(text, sheet.size.type - 0.5, width=1.75 * sheet.scale)
