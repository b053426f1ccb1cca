"""Who gains where no map can be drawn: regions in order of their gain, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.figures.sheet import DARK, MUTED, PAPER, Sheet, plain_axes
from qipan.experiments.findings.gains import significant
from qipan.experiments.words.labels import say
from qipan.experiments.words.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

GAIN, LOSS = "#5E3C99", "#B35806"


def ranked(axes: Any, rows: pd.DataFrame, sheet: Sheet) -> None:
    """Draw relative gains in order, with 95% intervals; hollow where not distinguishable from zero."""
    ordered = rows[np.isfinite(rows["relative"].to_numpy(dtype=float))].sort_values("relative", kind="stable")
    for place, (_, row) in enumerate(ordered.iterrows()):
        sure, scale = significant(row), _scale(row)
        colour = (GAIN if row["gain"] > 0 else LOSS) if sure else MUTED
        axes.plot([place, place], [row["low"] * scale, row["high"] * scale], color=colour, linewidth=0.8)
        axes.plot(
            [place],
            [row["relative"]],
            marker="o",
            markersize=3.2,
            color=colour,
            linestyle="none",
            markerfacecolor=colour if sure else PAPER,
            gid="filled" if sure else "hollow",
        )
    axes.axhline(0, color=DARK, linewidth=0.8)
    axes.set_xticks([])
    axes.set_xlim(-1, len(ordered))
    axes.set_xlabel(say("map_axis_regions", sheet.language))
    axes.yaxis.set_major_formatter(lambda value, _: percent(value, signed=True))
    plain_axes(axes, "y")


def _scale(row: Any) -> float:
    """One over the baseline's output of a region: what turns a gain into a share of it."""
    return float(row["relative"]) / float(row["gain"]) if float(row["gain"]) else 0.0
