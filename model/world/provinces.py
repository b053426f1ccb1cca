"""The 31 provincial-level regions, from their statistics and documents."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.errors import DataError, Problem
from qipan.model.parameters import WorldChoice
from qipan.model.world.breadth import predicted_breadth
from qipan.model.world.capability import COUNTED_SECTORS, is_counted, load_capability
from qipan.model.world.derive import (
    capability_fit,
    linked,
    region_fit,
    region_size,
    same_tier,
)
from qipan.model.world.layouts import load_layouts
from qipan.model.world.names import Names, region_names
from qipan.model.world.reading.own import Tables
from qipan.model.world.reading.plausible import impossible, regions_told
from qipan.model.world.reading.tables import Column, DataTable
from qipan.model.world.record import World
from qipan.model.world.sectors import Sectors, load_mechanisms, load_sectors
from qipan.model.world.targets import load_targets

AKA = {
    "gdp": ("地区生产总值", "生产总值", "国内生产总值"),
    "rd": (
        "研究与试验发展经费",
        "研究与试验发展(R&D)经费内部支出",
        "R&D经费",
        "R&D经费内部支出",
        "R&D经费支出",
        "研发经费",
    ),
    "rd_basic": ("基础研究", "基础研究经费", "基础研究支出"),
    "rd_applied": ("应用研究", "应用研究经费", "应用研究支出"),
    "firm_rd": ("企业资金", "企业研发经费", "R&D经费企业资金"),
    "fiscal_science": ("科学技术支出", "地方财政科学技术支出", "财政科技支出", "一般公共预算科学技术支出"),
    "hightech_revenue": ("高技术制造业营业收入", "高技术产业营业收入", "高技术产业主营业务收入"),
    "secondary_value_added": ("第二产业增加值",),
    "population": ("年末常住人口", "常住人口", "人口"),
    "patents_in_force": ("有效发明专利", "有效发明专利数", "发明专利有效量"),
}
"""What statistics are called in Chinese tables."""
MONEY = tuple(name for name in AKA if name not in ("population", "patents_in_force"))
MACRO_REGIONS = {
    "East": ("东部", "东部地区"),
    "Central": ("中部", "中部地区"),
    "West": ("西部", "西部地区"),
    "Northeast": ("东北", "东北地区"),
}
COLUMNS = (
    Column("region_id", "whole", 1, 2**32 - 1, unique=True),
    Column("code", unique=True),
    Column("name", unique=True),
    Column("name_zh", unique=True),
    Column("macro_region", among=MACRO_REGIONS),
    *(Column(name, "number", 0.0, 1e7, aka=AKA[name], unit="bn yuan") for name in MONEY),
    Column("population", "number", 0.0, 2000.0, aka=AKA["population"], unit="million persons"),
    Column("patents_in_force", "number", 0.0, 1e9, aka=AKA["patents_in_force"], unit="patents"),
    Column("adopted", "whole", 0, 1),
)
NATIONAL = (Column("item"), Column("value", "number"))
Tiles: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
VINTAGE = "statistics of 2022, first print; documents of 2021 to 2025"


def load_regions(tables: Tables) -> DataTable:
    """Read the table of provincial-level regions.

    Raises:
        DataError: With every problem of the table.
    """
    table = tables.read("regions.csv", COLUMNS)
    table.refuse(regions_problems(table))
    if tables.is_own("regions.csv"):
        national = tables.read("national.csv", NATIONAL, told=False)
        totals = dict(zip(national.columns["item"], national.columns["value"], strict=True))
        for problem in regions_told(table, tables.shipped("regions.csv", COLUMNS), totals):
            tables.warn(problem)
    return table


def regions_problems(table: DataTable) -> list[tuple[int, str, str, str]]:
    """What cannot be in a table of regions whose cells are good one by one: row, column, message, hint."""
    lacking = [
        (row, "rd", "0 is outside what is allowed", "a number above 0")
        for row, value in enumerate(table.columns["rd"])
        if value <= 0.0
    ]
    return lacking + impossible(table)


def names_of(table: DataTable) -> Names:
    """What the regions of a table may be called."""
    return region_names(*(table.columns[column] for column in ("code", "name", "name_zh", "region_id")))


def load_provinces(choice: WorldChoice, tables: Tables) -> World:
    """The world of the 31 provincial-level regions.

    Raises:
        DataError: A table cannot be used.
    """
    table, sectors = load_regions(tables), load_sectors(tables, choice.sectors)
    codes, names = table.texts("code"), names_of(table)
    layout = load_layouts(tables, choice.sectors, sectors, names)
    rd, science = table.array("rd"), table.array("rd_basic") + table.array("rd_applied")
    size = region_size(rd, table.array("hightech_revenue"), table.array("patents_in_force"))
    by_capability = choice.fit_data == "capability" and choice.sectors == COUNTED_SECTORS
    by_capability = by_capability and is_counted(tables, codes, sectors.codes)
    named = layout.sum(axis=1)
    breadth, announced = predicted_breadth(named, rd, len(sectors.codes)), named > 0.0
    if choice.breadth == "announced":
        breadth = np.where(announced, named.astype(np.int64), breadth)
    secondary = dict(zip(codes, table.columns["secondary_value_added"], strict=True))
    column, row = _tiles(tables, names)
    return World(
        name="provinces-31",
        region_ids=np.array(table.columns["region_id"], dtype=np.int64),
        region_codes=codes,
        region_names=table.texts("name"),
        region_names_zh=table.texts("name_zh"),
        macro_regions=table.texts("macro_region"),
        provinces=np.arange(len(codes), dtype=np.int64),
        **sector_fields(sectors),
        size=size,
        rd=rd,
        firm_rd=table.array("firm_rd"),
        fiscal_science=table.array("fiscal_science"),
        gdp=table.array("gdp"),
        population=table.array("population"),
        breadth=breadth,
        breadth_announced=announced,
        adopted_at_start=table.array("adopted"),
        announced_layout=layout,
        neighbours=_neighbours(tables, names),
        peers=same_tier(rd),
        data_fit=capability_fit(load_capability(tables, sectors, names), size)
        if by_capability
        else region_fit(size, science, table.array("hightech_revenue"), sectors.frontier),
        mechanism_stages=load_mechanisms(tables),
        targets=load_targets(tables, names, secondary),
        tile_column=column,
        tile_row=row,
        vintage=VINTAGE,
        files=tables.files,
        fit_coarse=not by_capability,
    )


def sector_fields(sectors: Sectors) -> dict[str, Any]:
    """The fields of a world that come from its sector table."""
    return {
        "sector_ids": sectors.ids,
        "sector_codes": sectors.codes,
        "sector_names": sectors.names,
        "sector_names_zh": sectors.names_zh,
        "median_value": sectors.median_value,
        "demand_2022": sectors.demand_2022,
        "readiness": sectors.readiness,
        "frontier": sectors.frontier,
        "links": sectors.links,
    }


def _neighbours(tables: Tables, names: Names) -> Array:
    beyond = tables.beyond("regions.csv")
    ends = ("a", "b")
    table = tables.read("neighbours.csv", [Column(end, names=names, beyond=beyond) for end in ends])
    pairs = list(zip(table.columns["a"], table.columns["b"], strict=True))
    hint = "name two regions"
    table.refuse([(r, "b", f"{a} is its own neighbour", hint) for r, (a, b) in enumerate(pairs) if a == b])
    there = [set(tables.left_out(table, end, names.codes, "regions.csv")) for end in ends]
    return linked(names.codes, [pairs[row] for row in sorted(there[0] & there[1])])


def _tiles(tables: Tables, names: Names) -> Tiles:
    """Column and row of each region on the tile map, (R,) each."""
    columns = (
        Column("region", unique=True, names=names, beyond=tables.beyond("regions.csv")),
        Column("column", "whole", 0, 1000),
        Column("row", "whole", 0, 1000),
    )
    table = tables.read("tile_grid.csv", columns)
    tables.left_out(table, "region", names.codes, "regions.csv")
    given, codes = table.texts("region"), names.codes
    missing = [Problem(table.path, code, "no tile for this region", "add a row") for code in codes if code not in given]
    if missing:
        raise DataError(missing)
    order = [given.index(code) for code in codes]
    return (
        np.array(table.columns["column"], dtype=np.int64)[order],
        np.array(table.columns["row"], dtype=np.int64)[order],
    )
