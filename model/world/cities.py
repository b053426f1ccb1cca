"""The 293 prefecture-level cities, with the provinces above them.

City statistics of R&D, patents and science spending are not public as a set: each province's amount is apportioned to
its prefecture-level cities by GDP. Amounts of a province that lie in places which are not cities (autonomous
prefectures, leagues, counties run by the province) are thereby put on its cities. The four municipalities are
provinces and have no cities here: their money is outside, except when budgets are equal; then the national totals are
shared by all cities, so that 31 provinces and 293 cities spend the same.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.axes import Array
from model.parameters import WorldChoice
from model.world.derive import drawn_adopters, imputed_breadth, region_fit, region_size, row_shares, same_tier, shares
from model.world.provinces import VINTAGE, load_regions, sector_fields
from model.world.record import World
from model.world.sectors import Sectors, load_mechanisms, load_sectors
from model.world.tables import Column, Table, read_table
from model.world.targets import load_targets

ADOPTERS = 16
"""Of 293 prefecture-level cities in the survey of February 2023; three are named, the rest drawn by size."""


def load_cities(choice: WorldChoice, folder: Path) -> World:
    """The world of the 293 prefecture-level cities.

    Raises:
        DataError: A table cannot be used.
    """
    files: dict[str, str] = {}
    upper, sectors = load_regions(folder, files), load_sectors(folder, choice.sectors, files)
    table = _city_table(folder, upper, files)
    codes, ids = table.texts("code"), np.array(table.columns["region_id"], dtype=np.int64)
    provinces = np.array([upper.texts("code").index(code) for code in table.columns["province"]], dtype=np.int64)
    weight = _share_of_province(table.array("gdp"), provinces)
    rd = upper.array("rd")[provinces] * weight
    size, fit = _size_and_fit(upper, sectors, provinces, weight)
    return World(
        name="cities-293", region_ids=ids, region_codes=codes, region_names=table.texts("name"),
        region_names_zh=table.texts("name_zh"),
        macro_regions=tuple(upper.texts("macro_region")[place] for place in provinces), provinces=provinces,
        **sector_fields(sectors), size=size, rd=rd, firm_rd=upper.array("firm_rd")[provinces] * weight,
        fiscal_science=upper.array("fiscal_science")[provinces] * weight, gdp=table.array("gdp"),
        population=table.array("population"), breadth=imputed_breadth(rd, len(sectors.codes)),
        breadth_announced=np.zeros(len(codes), dtype=np.bool_),
        adopted_at_start=drawn_adopters(ids, size, table.array("adopted"), ADOPTERS),
        announced_layout=np.zeros((len(codes), len(sectors.codes))), neighbours=_rivals(provinces), peers=same_tier(rd),
        data_fit=fit, mechanism_stages=load_mechanisms(folder, files), targets=load_targets(folder, codes, {}, files),
        tile_column=None, tile_row=None, vintage=f"{VINTAGE}; city amounts apportioned by GDP", files=files,
    )  # fmt: skip


def national_totals(folder: Path) -> dict[str, float]:
    """Sums over the 31 provincial-level regions of what budgets are made of, bn yuan."""
    table = load_regions(folder, {})
    return {name: float(table.array(name).sum()) for name in ("rd", "firm_rd", "fiscal_science", "gdp")}


def _city_table(folder: Path, upper: Table, files: dict[str, str]) -> Table:
    columns = (
        Column("region_id", "whole", 1, 2**32 - 1, unique=True), Column("code", unique=True),
        Column("name", unique=True), Column("name_zh", unique=True), Column("province", among=upper.texts("code")),
        Column("gdp", "number", 1e-6, 1e6), Column("population", "number", 0.0, 100.0),
        Column("adopted", "whole", 0, 1),
    )  # fmt: skip
    table = read_table(folder, "cities.csv", columns)
    files["cities.csv"] = table.digest
    return table


def _share_of_province(gdp: Array, provinces: NDArray[np.int64]) -> Array:
    """GDP of each city over that of all cities of its province, (R,)."""
    total = np.zeros(int(provinces.max()) + 1)
    np.add.at(total, provinces, gdp)
    return np.asarray(gdp / total[provinces])


def _size_and_fit(upper: Table, sectors: Sectors, provinces: NDArray[np.int64], weight: Array) -> tuple[Array, Array]:
    """Size of each city: its province's by GDP; fit: as its province's, which is all that statistics say."""
    rd, revenue, patents = (upper.array(name) for name in ("rd", "hightech_revenue", "patents_in_force"))
    size = region_size(rd, revenue, patents)
    science = upper.array("rd_basic") + upper.array("rd_applied")
    fit = region_fit(size, science, revenue, sectors.frontier)
    return shares(size[provinces] * weight), np.ascontiguousarray(fit[provinces])


def _rivals(provinces: NDArray[np.int64]) -> Array:
    """Weights of the other cities of the same province, (R, R)."""
    return row_shares((provinces[:, None] == provinces[None, :]).astype(np.float64))
