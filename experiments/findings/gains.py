"""Which regions gain and lose for sure, and where they lie; figures, brief and report say the same of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.reading import clear

if TYPE_CHECKING:
    import pandas as pd

INVENTED = 10**9
"""Addresses of invented regions start here (see `qipan.model.world.record`)."""
PROVINCES = (
    "BJ京 TJ津 HE冀 SX晋 NM蒙 LN辽 JL吉 HL黑 SH沪 JS苏 ZJ浙 AH皖 FJ闽 JX赣 SD鲁 HA豫 "
    "HB鄂 HN湘 GD粤 GX桂 HI琼 CQ渝 SC川 GZ黔 YN滇 XZ藏 SN陕 GS甘 QH青 NX宁 XJ新"
)
SHORT_ZH = {pair[:2]: pair[2] for pair in PROVINCES.split()}
"""One character for each province, by the end of its ISO code."""


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


def short_name(code: str, language: str) -> str:
    """Return a region's shortest name: the end of its code, or one Chinese character."""
    end = code.split("-")[-1]
    return SHORT_ZH.get(end, end) if language == "zh" else end
