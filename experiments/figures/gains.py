"""How the gains of regions are coloured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.sheet import DARK, PAPER
from qipan.experiments.findings.gains import significant
from qipan.experiments.words.labels import luminance

if TYPE_CHECKING:
    import pandas as pd


def limit(rows: pd.DataFrame) -> float:
    """Return the largest relative gain or loss, rounded up to a round share, as the end of the colour scale."""
    largest = max((abs(float(value)) for value in rows["relative"] if math.isfinite(value)), default=0.01)
    step = 10.0 ** math.floor(math.log10(max(largest, 1e-3)))
    return math.ceil(largest / step - 1e-9) * step


def shades(end: float) -> Any:
    """Return the colours of relative gains from -end to end: orange, white, purple."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(-end, end), colormaps["PuOr"])


def face_and_ink(row: Any, colours: Any) -> tuple[Any, str]:
    """Return the colour of a region's square, white where its gain is not distinguishable, and of text on it."""
    if row is None or not math.isfinite(float(row["relative"])) or not significant(row):
        return PAPER, DARK
    face = colours.to_rgba(float(row["relative"]))
    shade = "#" + "".join(f"{round(255 * part):02X}" for part in face[:3])
    return face, DARK if luminance(shade) > 0.22 else PAPER
