"""Sector tables, the links between sectors, and what regions have announced."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.axes import MECHANISMS, STAGES, Array
from model.errors import DataError, Problem
from model.world.derive import linked
from model.world.tables import Column, Table, read_table

TABLES = {
    "plan-6": "sectors.csv",
    "directions-6": "sectors-directions-6.csv",
    "classes-13": "sectors-classes-13.csv",
}
"""Sector tables a scenario may choose, and their files."""

COLUMNS = (
    Column("sector_id", "whole", 1, 65535, unique=True), Column("code", unique=True), Column("name", unique=True),
    Column("name_zh", unique=True), Column("median_value", "number", 1e-6, 1e9),
    Column("demand_2022", "number", 1e-6, 1e9), Column("readiness", "number", 0.01, 100.0),
    Column("frontier", "whole", 0, 1),
)  # fmt: skip
SHOWN = ("high", "medium")


@dataclass(frozen=True)
class Sectors:
    """The sectors of a world and how they hang together."""

    ids: NDArray[np.int64]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    names_zh: tuple[str, ...]
    median_value: Array
    demand_2022: Array
    readiness: Array
    frontier: Array
    links: Array


def load_sectors(folder: Path, choice: str, files: dict[str, str]) -> Sectors:
    """Read a sector table and its links.

    Raises:
        DataError: The table is not known, or it or the links cannot be used.
    """
    if choice not in TABLES:
        known = ", ".join(TABLES)
        raise DataError(Problem("scenario", "world.sectors", f"{choice} is not a sector table", f"one of: {known}"))
    table = read_table(folder, TABLES[choice], COLUMNS)
    codes = table.texts("code")
    files[TABLES[choice]] = table.digest
    return Sectors(
        ids=np.array(table.columns["sector_id"], dtype=np.int64), codes=codes, names=table.texts("name"),
        names_zh=table.texts("name_zh"), median_value=table.array("median_value"),
        demand_2022=table.array("demand_2022"), readiness=table.array("readiness"), frontier=table.array("frontier"),
        links=_links(folder, choice, codes, files),
    )  # fmt: skip


def _links(folder: Path, choice: str, codes: tuple[str, ...], files: dict[str, str]) -> Array:
    table = read_table(folder, "sector_links.csv", (Column("sectors", among=tuple(TABLES)), Column("a"), Column("b")))
    files["sector_links.csv"] = table.digest
    rows = [row for row, name in enumerate(table.columns["sectors"]) if name == choice]
    wrong = [
        (row, end, f"{table.columns[end][row]} is not a sector of {choice}", f"one of: {', '.join(codes)}")
        for row in rows
        for end in ("a", "b")
        if table.columns[end][row] not in codes
    ]
    table.refuse(wrong)
    return linked(codes, [(table.columns["a"][row], table.columns["b"][row]) for row in rows])


def load_layouts(folder: Path, choice: str, sectors: Sectors, regions: tuple[str, ...], files: dict[str, str]) -> Array:
    """Which sectors the regions' own documents name (confidence high or medium), 0 or 1, (R, K).

    A blank means not found, not absent.
    """
    table = _announced(folder, choice, sectors.codes, regions)
    files["announced_layouts.csv"] = table.digest
    layout = np.zeros((len(regions), len(sectors.codes)))
    rows = zip(table.columns["region"], table.columns[choice], table.columns["confidence"], strict=True)
    for region, sector, confidence in rows:
        if sector and confidence in SHOWN:
            layout[regions.index(region), sectors.codes.index(sector)] = 1.0
    return layout


def _announced(folder: Path, choice: str, codes: tuple[str, ...], regions: tuple[str, ...]) -> Table:
    confidence = ("high", "medium", "low")
    columns = (Column("region", among=regions), Column(choice, among=codes, blank=True),
               Column("confidence", among=confidence))  # fmt: skip
    return read_table(folder, "announced_layouts.csv", columns)


def load_mechanisms(folder: Path, files: dict[str, str]) -> Array:
    """Share of each mechanism's money by stage, in the order of `axes.MECHANISMS`, (mechanism, stage).

    Raises:
        DataError: A mechanism is missing, or its shares do not sum to 1.
    """
    columns = (Column("mechanism", unique=True, among=MECHANISMS), Column("name"), Column("name_zh"),
               *(Column(stage, "number", 0.0, 1.0) for stage in STAGES),
               Column("hurdle_low", "number", 0.0, 10.0), Column("hurdle_high", "number", 0.0, 10.0))  # fmt: skip
    table = read_table(folder, "mechanisms.csv", columns)
    files["mechanisms.csv"] = table.digest
    given = table.texts("mechanism")
    missing = [name for name in MECHANISMS if name not in given]
    if missing:
        raise DataError(Problem(table.path, name, "no row for this mechanism", "add one") for name in missing)
    stages = np.stack([table.array(stage) for stage in STAGES], axis=1)
    total = stages.sum(axis=1)
    hint = "research + pilot + industrial = 1"
    wrong = [r for r in range(len(given)) if abs(total[r] - 1.0) > 1e-9]
    table.refuse([(r, given[r], f"stage shares sum to {total[r]:g}", hint) for r in wrong])
    return np.ascontiguousarray(stages[[given.index(name) for name in MECHANISMS]])
