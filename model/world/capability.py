"""Counts of what regions have in each sector before the start: projects, disciplines, firms, laboratories."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from qipan.model.axes import Array
from qipan.model.errors import DataError, Problem
from qipan.model.notices.notice import notice
from qipan.model.world.names import Names
from qipan.model.world.reading.own import Tables
from qipan.model.world.reading.tables import Column, DataTable
from qipan.model.world.sectors import FILES, Sectors

FILE, COUNTED_SECTORS = "capability.csv", "plan-6"
LAST_YEAR = 2022
"""What is counted later is an outcome and explains no start."""


def load_capability(tables: Tables, sectors: Sectors, regions: Names) -> Array:
    """Counts by indicator, region and sector, (indicator, R, K).

    Raises:
        DataError: A cell cannot be used, or an indicator lacks a pair of region and sector or has it twice.
    """
    names, beyond = sectors.names_of(), (tables.beyond("regions.csv"), tables.beyond(FILES[COUNTED_SECTORS]))
    columns = (
        Column("region", names=regions, beyond=beyond[0]),
        Column("sector", names=names, beyond=beyond[1]),
        Column("indicator"),
        Column("value", "number", 0.0, 1e9),
        Column("year", "whole", 1900, LAST_YEAR),
    )
    table = tables.read(FILE, columns)
    there = set(tables.left_out(table, "region", regions.codes, "regions.csv"))
    there &= set(tables.left_out(table, "sector", names.codes, FILES[COUNTED_SECTORS]))
    return _cube(table, sorted(there), regions.codes, names.codes)


def is_counted(tables: Tables, regions: tuple[str, ...], sectors: tuple[str, ...]) -> bool:
    """Whether counts can be had of every region and sector: by a table of one's own, or by the shipped one where own
    tables name nothing that it does not know; the reader is warned where they do.
    """
    known = tables.shipped_names("regions.csv").codes, tables.shipped_names(FILES[COUNTED_SECTORS]).codes
    new = [*sorted(set(regions) - set(known[0])), *sorted(set(sectors) - set(known[1]))]
    if new and not tables.is_own(FILE):
        tables.warn(Problem(f"data/{FILE}", "world.fit_data", notice("uncounted", names=", ".join(new[:3]))))
    return tables.is_own(FILE) or not new


def _cube(table: DataTable, rows: list[int], regions: tuple[str, ...], sectors: tuple[str, ...]) -> Array:
    """The rows that count as one array; every pair stands once in each indicator."""
    keys = list(zip(*(table.columns[name] for name in ("indicator", "region", "sector")), strict=True))
    first: dict[tuple[str, str, str], int] = {}
    for row in rows:
        first.setdefault(keys[row], row)
    hint = "one row for each indicator, region and sector"
    table.refuse(
        [
            (
                row,
                "indicator",
                f"{' '.join(keys[row])} stands twice, first on line {table.lines[first[keys[row]]]}",
                hint,
            )
            for row in rows
            if first[keys[row]] != row
        ]
    )
    indicators = tuple(dict.fromkeys(keys[row][0] for row in rows))
    missing = list(_missing(table.path, first, indicators, regions, sectors))
    if missing or not indicators:
        raise DataError(missing or Problem(table.path, "region", "names no region of this world", hint))
    value = table.columns["value"]
    return np.array([[[value[first[i, r, k]] for k in sectors] for r in regions] for i in indicators], dtype=np.float64)


def _missing(
    path: str,
    known: Mapping[tuple[str, str, str], int],
    indicators: Sequence[str],
    regions: Sequence[str],
    sectors: Sequence[str],
) -> Iterator[Problem]:
    """Each indicator that lacks pairs of region and sector."""
    for name in indicators:
        lacking = [f"{r} {k}" for r in regions for k in sectors if (name, r, k) not in known]
        if lacking:
            few = ", ".join(lacking[:3]) + (", ..." if len(lacking) > 3 else "")
            hint = "give every region and sector, 0 where there is none, or set `world.fit_data: frontier`"
            yield Problem(path, name, f"no row for {len(lacking)} of {len(regions) * len(sectors)} pairs ({few})", hint)
