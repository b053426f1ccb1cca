"""Announced layouts: which sectors the regions' own documents name, one field a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qipan.model.axes import Array
from qipan.model.world.names import Names
from qipan.model.world.reading.own import Tables
from qipan.model.world.reading.tables import CONFIDENCE, Column, DataTable, read_table
from qipan.model.world.sectors import FILES, Sectors

REGION = ("地区", "省份", "省市", "省", "区域", "城市", "province", "city")
SECTOR = ("sector", "产业", "未来产业", "部门", "领域")
CERTAINTY = ("置信度", "可信度", "把握", "certainty")
NOT_COUNTED = "low"
"""Grade of confidence whose rows do not count as a layout."""


@dataclass(frozen=True, eq=False)
class Layouts:
    """A file of layouts as read.

    Attributes:
        layout: 1 where a row that counts names region and sector, (R, K).
        rows: Rows of the file.
        left_out: Reason (a key of `measure.REASONS`) and number of the rows that do not count.
    """

    layout: Array
    rows: int
    left_out: dict[str, int]


def layout_columns(
    choice: str, sectors: Names, regions: Names, beyond: tuple[Names | None, Names | None] = (None, None)
) -> Sequence[Column]:
    """The columns of a file of layouts; any sector table is named by its code, or `sector` in a file of one table.

    Args:
        choice: Sector table.
        sectors: What its sectors may be called.
        regions: What the regions may be called.
        beyond: Sectors and regions of the shipped tables that own ones do not have.
    """
    return (
        Column("region", names=regions, beyond=beyond[1], aka=REGION),
        Column(choice, names=sectors, beyond=beyond[0], blank=True, aka=SECTOR),
        Column("confidence", among=CONFIDENCE, blank=True, absent=True, aka=CERTAINTY),
    )


def read_layouts(path: Path, choice: str, sectors: Names, regions: Names) -> Layouts:
    """Read a file of layouts.

    Raises:
        DataError: every problem of the file, with its line.
    """
    table = read_table(path, layout_columns(choice, sectors, regions))
    return counted(table, range(len(table.lines)), choice, sectors, regions)


def load_layouts(tables: Tables, choice: str, sectors: Sectors, regions: Names) -> Array:
    """Which sectors the regions' own documents name (confidence high or medium), 0 or 1, (R, K).

    A blank means not found, not absent.
    """
    if choice not in FILES:
        return _layouts_of(sectors, regions.codes)
    names, beyond = sectors.names_of(), (tables.beyond(FILES[choice]), tables.beyond("regions.csv"))
    table = tables.read("announced_layouts.csv", layout_columns(choice, names, regions, beyond))
    there = set(tables.left_out(table, "region", regions.codes, "regions.csv"))
    there &= set(tables.left_out(table, choice, sectors.codes, FILES[choice]))
    return counted(table, sorted(there), choice, names, regions).layout


def named_per_document(tables: Tables, choice: str) -> float:
    """Sectors that a document which names any names on average (confidence high or medium); 0 where none does."""
    if choice not in FILES:
        return 0.0
    texts = (Column(name, blank=True, absent=True) for name in ("document", choice))
    certainty = Column("confidence", among=CONFIDENCE, blank=True, absent=True, aka=CERTAINTY)
    table = tables.read("announced_layouts.csv", (Column("region", aka=REGION), *texts, certainty), told=False)
    rows = zip(*(table.columns[name] for name in ("region", "document", choice, "confidence")), strict=True)
    named = {row[:3] for row in rows if row[2] and row[3] != NOT_COUNTED}
    return len(named) / max(1, len({pair[:2] for pair in named}))


def _layouts_of(sectors: Sectors, regions: tuple[str, ...]) -> Array:
    """What a table of somebody's own says that regions have announced; regions of another world are left out."""
    layout = np.zeros((len(regions), len(sectors.codes)))
    for region, codes in sectors.announced.items():
        if region in regions:
            layout[regions.index(region), [sectors.codes.index(code) for code in codes]] = 1.0
    return layout


def counted(table: DataTable, rows: Sequence[int], choice: str, sectors: Names, regions: Names) -> Layouts:
    """The layout that some rows of a table make; rows without a sector or of low confidence do not count."""
    layout = np.zeros((len(regions.codes), len(sectors.codes)))
    region, sector = ({code: place for place, code in enumerate(names.codes)} for names in (regions, sectors))
    left_out: dict[str, int] = {}
    for row in rows:
        code, confidence = table.columns[choice][row], table.columns["confidence"][row]
        why = "no_sector" if not code else "low_confidence" if confidence == NOT_COUNTED else ""
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            layout[region[table.columns["region"][row]], sector[code]] = 1.0
    return Layouts(layout, len(rows), left_out)
