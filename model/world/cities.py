"""The 293 prefecture-level cities, with the provinces above them.

City statistics of R&D, patents and science spending are not public as a set: each province's amount is apportioned to
its prefecture-level cities by GDP. Amounts of a province that lie in places which are not cities (autonomous
prefectures, leagues, counties run by the province) are thereby put on its cities. The four municipalities are
provinces and have no cities here: their money is outside, except when budgets are equal; then the national totals are
shared by all cities, so that 31 provinces and 293 cities spend the same.
"""

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.parameters import WorldChoice
from qipan.model.world.breadth import PLAN_LINE, PLAN_SECTORS, city_breadth, fitted_line
from qipan.model.world.derive import (
    drawn_adopters,
    region_fit,
    region_size,
    row_shares,
    same_tier,
    shares,
)
from qipan.model.world.layouts import load_layouts, named_per_document
from qipan.model.world.names import Names, region_names
from qipan.model.world.provinces import VINTAGE, load_regions, names_of, sector_fields
from qipan.model.world.reading.own import Tables
from qipan.model.world.reading.tables import Column, DataTable
from qipan.model.world.record import World
from qipan.model.world.sectors import Sectors, load_mechanisms, load_sectors
from qipan.model.world.targets import load_targets

ADOPTERS = 16
"""Of 293 prefecture-level cities in the survey of February 2023; three are named, the rest drawn by size."""


def load_cities(choice: WorldChoice, tables: Tables) -> World:
    """The world of the 293 prefecture-level cities.

    Raises:
        DataError: A table cannot be used.
    """
    upper, sectors = load_regions(tables), load_sectors(tables, choice.sectors)
    table = _city_table(tables, names_of(upper))
    codes, ids = table.texts("code"), np.array(table.columns["region_id"], dtype=np.int64)
    names = region_names(codes, table.texts("name"), table.texts("name_zh"), ids.tolist())
    provinces = np.array([upper.texts("code").index(code) for code in table.columns["province"]], dtype=np.int64)
    weight = _share_of_province(table.array("gdp"), provinces)
    rd = upper.array("rd")[provinces] * weight
    size, fit = _size_and_fit(upper, sectors, provinces, weight)
    adopted = drawn_adopters(ids, size, table.array("adopted"), ADOPTERS)
    slope, named = _of_provinces(tables, choice.sectors, sectors, upper)
    return World(
        name="cities-293",
        region_ids=ids,
        region_codes=codes,
        region_names=table.texts("name"),
        region_names_zh=table.texts("name_zh"),
        macro_regions=tuple(upper.texts("macro_region")[place] for place in provinces),
        provinces=provinces,
        **sector_fields(sectors),
        size=size,
        rd=rd,
        firm_rd=upper.array("firm_rd")[provinces] * weight,
        fiscal_science=upper.array("fiscal_science")[provinces] * weight,
        gdp=table.array("gdp"),
        population=table.array("population"),
        breadth=city_breadth(rd, adopted, slope, named, len(sectors.codes)),
        breadth_announced=np.zeros(len(codes), dtype=np.bool_),
        adopted_at_start=adopted,
        announced_layout=np.zeros((len(codes), len(sectors.codes))),
        neighbours=_rivals(provinces),
        peers=same_tier(rd),
        data_fit=fit,
        mechanism_stages=load_mechanisms(tables),
        targets=load_targets(tables, names, {}),
        tile_column=None,
        tile_row=None,
        vintage=f"{VINTAGE}; city amounts apportioned by GDP",
        files=tables.files,
        fit_coarse=True,
    )


def _of_provinces(tables: Tables, choice: str, sectors: Sectors, upper: DataTable) -> tuple[float, float]:
    """What documents of provinces say of breadth: sectors per unit of ln R&D, and sectors that one document names."""
    named = load_layouts(tables, choice, sectors, names_of(upper)).sum(axis=1)
    line = fitted_line(named, upper.array("rd"), named > 0.0)
    slope = PLAN_LINE[1] * len(sectors.codes) / PLAN_SECTORS if line is None else line[1]
    return slope, named_per_document(tables, choice) or len(sectors.codes) / 2.0


def national_totals(tables: Tables) -> dict[str, float]:
    """Sums over the provincial-level regions of what budgets are made of, bn yuan."""
    table = load_regions(tables)
    return {name: float(table.array(name).sum()) for name in ("rd", "firm_rd", "fiscal_science", "gdp")}


def _city_table(tables: Tables, upper: Names) -> DataTable:
    columns = (
        Column("region_id", "whole", 1, 2**32 - 1, unique=True),
        Column("code", unique=True),
        Column("name", unique=True),
        Column("name_zh", unique=True),
        Column("province", names=upper, beyond=tables.beyond("regions.csv")),
        Column("gdp", "number", 1e-6, 1e6, unit="bn yuan"),
        Column("population", "number", 0.0, 100.0, unit="million persons"),
        Column("adopted", "whole", 0, 1),
    )
    table = tables.read("cities.csv", columns)
    there = tables.left_out(table, "province", upper.codes, "regions.csv")
    kept = {name: [values[row] for row in there] for name, values in table.columns.items()}
    return DataTable(table.path, table.digest, kept, [table.lines[row] for row in there])


def _share_of_province(gdp: Array, provinces: NDArray[np.int64]) -> Array:
    """GDP of each city over that of all cities of its province, (R,)."""
    total = np.zeros(int(provinces.max()) + 1)
    np.add.at(total, provinces, gdp)
    return np.asarray(gdp / total[provinces])


def _size_and_fit(
    upper: DataTable, sectors: Sectors, provinces: NDArray[np.int64], weight: Array
) -> tuple[Array, Array]:
    """Size of each city: its province's by GDP; fit: as its province's, which is all that statistics say."""
    rd, revenue, patents = (upper.array(name) for name in ("rd", "hightech_revenue", "patents_in_force"))
    size = region_size(rd, revenue, patents)
    science = upper.array("rd_basic") + upper.array("rd_applied")
    fit = region_fit(size, science, revenue, sectors.frontier)
    return shares(size[provinces] * weight), np.ascontiguousarray(fit[provinces])


def _rivals(provinces: NDArray[np.int64]) -> Array:
    """Weights of the other cities of the same province, (R, R)."""
    return row_shares((provinces[:, None] == provinces[None, :]).astype(np.float64))
