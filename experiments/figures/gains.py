"""Gains of regions: who gains for sure, how gains are coloured, and where a region lies. Shared by map and report."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.sheet import DARK, PAPER
from qipan.experiments.findings.reading import clear
from qipan.experiments.words.labels import luminance

if TYPE_CHECKING:
    import pandas as pd

INVENTED = 10**9
"""Addresses of invented regions start here (see `qipan.model.world.record`)."""


def significant(row: Any) -> bool:
    """Say whether a region's gain stands after false-discovery control at 5% and by its own interval."""
    return row is not None and clear(row) and not float(row["p_adjusted"]) > 0.05


def parted(rows: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Return the codes of regions that gain, lose and are not distinguishable, largest relative change first."""
    ordered = rows.reindex(rows["relative"].abs().sort_values(ascending=False, kind="stable").index)
    sure = {code: significant(row) for code, row in ordered.iterrows()}
    gain = [str(code) for code, row in ordered.iterrows() if sure[code] and row["gain"] > 0]
    lose = [str(code) for code, row in ordered.iterrows() if sure[code] and row["gain"] < 0]
    return gain, lose, [str(code) for code in ordered.index if str(code) not in {*gain, *lose}]


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


def lies_nowhere(world: Any) -> bool:
    """Say whether the regions of a world are invented, so that no map of them can be drawn."""
    identifiers = getattr(world, "region_ids", ())
    return len(identifiers) > 0 and int(min(identifiers)) >= INVENTED


def provinces(world: Any) -> Any:
    """Return the world of the provinces above a world's cities, which has their names, macro-regions and tiles."""
    from qipan.model.parameters import WorldChoice
    from qipan.model.world import load_world, shipped_folder

    own = getattr(world, "own", None)
    return load_world(WorldChoice(), Path(own.folder) if own is not None and own.folder else shipped_folder())
