"""The 31 provincial-level regions, from their statistics and documents."""

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.axes import Array
from model.errors import DataError, Problem
from model.parameters import WorldChoice
from model.world.derive import PLAN_SECTORS, imputed_breadth, linked, region_fit, region_size, same_tier
from model.world.record import World
from model.world.sectors import Sectors, load_layouts, load_mechanisms, load_sectors
from model.world.tables import Column, Table, read_table
from model.world.targets import load_targets

MONEY = ("gdp", "rd", "rd_basic", "rd_applied", "firm_rd", "fiscal_science", "hightech_revenue",
         "secondary_value_added")  # fmt: skip
MACRO_REGIONS = ("East", "Central", "West", "Northeast")
COLUMNS = (
    Column("region_id", "whole", 1, 2**32 - 1, unique=True), Column("code", unique=True), Column("name", unique=True),
    Column("name_zh", unique=True), Column("macro_region", among=MACRO_REGIONS),
    *(Column(name, "number", 0.0, 1e7) for name in MONEY), Column("population", "number", 0.0, 2000.0),
    Column("patents_in_force", "number", 0.0, 1e9), Column("adopted", "whole", 0, 1),
)  # fmt: skip
Tiles: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
VINTAGE = "statistics of 2022, first print; documents of 2021 to 2025"


def load_regions(folder: Path, files: dict[str, str]) -> Table:
    """Read the table of provincial-level regions.

    Raises:
        DataError: With every problem of the table.
    """
    table = read_table(folder, "regions.csv", COLUMNS)
    files["regions.csv"] = table.digest
    lacking = [(row, "rd", "0 is outside what is allowed", "a number above 0")
               for row, value in enumerate(table.columns["rd"]) if value <= 0.0]  # fmt: skip
    table.refuse(lacking)
    return table


def load_provinces(choice: WorldChoice, folder: Path) -> World:
    """The world of the 31 provincial-level regions.

    Raises:
        DataError: A table cannot be used.
    """
    files: dict[str, str] = {}
    table, sectors = load_regions(folder, files), load_sectors(folder, choice.sectors, files)
    codes = table.texts("code")
    layout = load_layouts(folder, choice.sectors, sectors, codes, files)
    rd, science = table.array("rd"), table.array("rd_basic") + table.array("rd_applied")
    size = region_size(rd, table.array("hightech_revenue"), table.array("patents_in_force"))
    breadth, announced = announced_breadth(folder, layout, rd, sectors, codes, files)
    secondary = dict(zip(codes, table.columns["secondary_value_added"], strict=True))
    column, row = _tiles(folder, codes, files)
    return World(
        name="provinces-31", region_ids=np.array(table.columns["region_id"], dtype=np.int64), region_codes=codes,
        region_names=table.texts("name"), region_names_zh=table.texts("name_zh"),
        macro_regions=table.texts("macro_region"), provinces=np.arange(len(codes), dtype=np.int64),
        **sector_fields(sectors), size=size, rd=rd, firm_rd=table.array("firm_rd"),
        fiscal_science=table.array("fiscal_science"), gdp=table.array("gdp"), population=table.array("population"),
        breadth=breadth, breadth_announced=announced, adopted_at_start=table.array("adopted"), announced_layout=layout,
        neighbours=_neighbours(folder, codes, files), peers=same_tier(rd),
        data_fit=region_fit(size, science, table.array("hightech_revenue"), sectors.frontier),
        mechanism_stages=load_mechanisms(folder, files), targets=load_targets(folder, codes, secondary, files),
        tile_column=column, tile_row=row, vintage=VINTAGE, files=files,
    )  # fmt: skip


def sector_fields(sectors: Sectors) -> dict[str, Any]:
    """The fields of a world that come from its sector table."""
    return {
        "sector_ids": sectors.ids, "sector_codes": sectors.codes, "sector_names": sectors.names,
        "sector_names_zh": sectors.names_zh, "median_value": sectors.median_value,
        "demand_2022": sectors.demand_2022, "readiness": sectors.readiness, "frontier": sectors.frontier,
        "links": sectors.links,
    }  # fmt: skip


def announced_breadth(
    folder: Path, layout: Array, rd: Array, sectors: Sectors, codes: tuple[str, ...], files: dict[str, str]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Breadth of each region and whether its documents say so, (R,).

    Where a region has named no sector of the table, the formula on R&D stands in, stretched by the mean of what the
    others announced in this table over what they announced in the six plan sectors; where nobody announced anything in
    it, by its number of sectors over six.
    """
    named = layout.sum(axis=1)
    plan = load_layouts(folder, "plan-6", load_sectors(folder, "plan-6", files), codes, files).sum(axis=1)
    stretch = _mean_of_positive(named) / _mean_of_positive(plan) if named.any() else len(sectors.codes) / PLAN_SECTORS
    imputed = imputed_breadth(rd, len(sectors.codes), stretch)
    announced = named > 0.0
    return np.where(announced, named.astype(np.int64), imputed), announced


def _mean_of_positive(values: Array) -> float:
    positive = values[values > 0.0]
    return float(positive.mean()) if positive.size else 1.0


def _neighbours(folder: Path, codes: tuple[str, ...], files: dict[str, str]) -> Array:
    table = read_table(folder, "neighbours.csv", (Column("a", among=codes), Column("b", among=codes)))
    files["neighbours.csv"] = table.digest
    pairs = list(zip(table.columns["a"], table.columns["b"], strict=True))
    hint = "name two regions"
    table.refuse([(r, "b", f"{a} is its own neighbour", hint) for r, (a, b) in enumerate(pairs) if a == b])
    return linked(codes, pairs)


def _tiles(folder: Path, codes: tuple[str, ...], files: dict[str, str]) -> Tiles:
    """Column and row of each region on the tile map, (R,) each."""
    columns = (Column("region", unique=True, among=codes), Column("column", "whole", 0, 1000),
               Column("row", "whole", 0, 1000))  # fmt: skip
    table = read_table(folder, "tile_grid.csv", columns)
    files["tile_grid.csv"] = table.digest
    given = table.texts("region")
    missing = [Problem(table.path, code, "no tile for this region", "add a row") for code in codes if code not in given]
    if missing:
        raise DataError(missing)
    order = [given.index(code) for code in codes]
    return (np.array(table.columns["column"], dtype=np.int64)[order],
            np.array(table.columns["row"], dtype=np.int64)[order])  # fmt: skip
