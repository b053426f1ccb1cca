"""Worlds without statistics: the games of the theory, and synthetic worlds of any size for scale studies."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.errors import DataError, Problem
from qipan.model.parameters import WorldChoice
from qipan.model.world.breadth import imputed_breadth
from qipan.model.world.cities import national_totals
from qipan.model.world.derive import EARLY_SHARE, drawn_adopters, row_shares, same_tier
from qipan.model.world.reading.own import Tables
from qipan.model.world.record import World
from qipan.model.world.sectors import load_mechanisms, load_sectors

FIRST_ID = 10**9
MOST_SYNTHETIC, MOST_PEERS = 5000, 512


def load_game(choice: WorldChoice, tables: Tables) -> World:
    """A game: sectors with the values given in the scenario, equal regions without statistics, one sector each.

    Every other region is a peer in games of up to 512 regions; beyond, nobody is.

    Raises:
        DataError: No values are given.
    """
    if not choice.values:
        raise DataError(
            Problem("scenario", "world.values", "no value is given", "a list with the value of each sector")
        )
    regions, sectors = choice.regions, len(choice.values)
    values = np.array(choice.values, dtype=np.float64)
    peers = row_shares(np.ones((regions, regions))) if regions <= MOST_PEERS else _nothing(regions, regions)
    codes = tuple(f"sector-{k + 1}" for k in range(sectors))
    return World(
        name="game",
        **_places("game", regions),
        sector_ids=np.arange(1, sectors + 1, dtype=np.int64),
        sector_codes=codes,
        sector_names=tuple(f"Sector {k + 1}" for k in range(sectors)),
        sector_names_zh=tuple(f"部门{k + 1}" for k in range(sectors)),
        **_even(regions, {"rd": regions, "firm_rd": regions, "fiscal_science": regions, "gdp": regions}),
        population=np.ones(regions),
        breadth=np.ones(regions, dtype=np.int64),
        breadth_announced=np.zeros(regions, dtype=np.bool_),
        adopted_at_start=np.zeros(regions),
        announced_layout=_layout_of(choice.initial_counts, regions, sectors),
        neighbours=_nothing(regions, regions),
        peers=peers,
        data_fit=np.zeros((regions, sectors)),
        median_value=values,
        demand_2022=np.maximum(values, 1e-6),
        readiness=np.ones(sectors),
        frontier=np.zeros(sectors),
        links=np.zeros((sectors, sectors)),
        mechanism_stages=load_mechanisms(tables),
        targets=(),
        tile_column=None,
        tile_row=None,
        vintage="none: a game",
        files=tables.files,
    )


def load_synthetic(choice: WorldChoice, tables: Tables) -> World:
    """A synthetic world: Zipf sizes (the i-th region has size 1/i), national totals as in the data, no known fit.

    Sectors repeat the six plan sectors in turn and share their total value and demand. Regions stand on a ring, each a
    neighbour of the next and the one before; groups of about equal number stand for provinces.

    Raises:
        DataError: More than 5,000 regions are asked for (weights between regions are held as a full matrix).
    """
    regions = choice.regions
    if regions > MOST_SYNTHETIC:
        hint = f"at most {MOST_SYNTHETIC} synthetic regions"
        raise DataError(Problem("scenario", "world.regions", f"{regions} is too many", hint))
    totals, places = national_totals(tables), _places("synthetic", regions)
    size = 1.0 / np.arange(1.0, regions + 1.0)
    size /= size.sum()
    rd = size * totals["rd"]
    early = max(1, round(EARLY_SHARE * regions))
    return World(
        name="synthetic",
        **places,
        **_repeated_sectors(tables, choice.sector_count),
        size=size,
        rd=rd,
        firm_rd=size * totals["firm_rd"],
        fiscal_science=size * totals["fiscal_science"],
        gdp=size * totals["gdp"],
        population=size * 1409.75,
        breadth=imputed_breadth(rd, choice.sector_count, choice.sector_count / 6.0),
        breadth_announced=np.zeros(regions, dtype=np.bool_),
        adopted_at_start=drawn_adopters(places["region_ids"], size, np.zeros(regions), early),
        announced_layout=np.zeros((regions, choice.sector_count)),
        neighbours=_ring(regions),
        peers=same_tier(rd),
        data_fit=np.zeros((regions, choice.sector_count)),
        mechanism_stages=load_mechanisms(tables),
        targets=(),
        tile_column=None,
        tile_row=None,
        vintage="synthetic: not data",
        files=tables.files,
    )


def _layout_of(counts: list[float], regions: int, sectors: int) -> Array:
    """The first regions in the first sector, the next in the second and so on, (R, K); the rest in none."""
    layout = np.zeros((regions, sectors))
    chosen = np.repeat(np.arange(len(counts)), np.array(counts, dtype=np.int64))
    layout[np.arange(chosen.size), chosen] = 1.0
    return layout


def _places(kind: str, regions: int) -> dict[str, Any]:
    """Identifiers and names of invented regions."""
    width = len(str(regions))
    return {
        "region_ids": FIRST_ID + np.arange(regions, dtype=np.int64),
        "region_codes": tuple(f"{kind[0].upper()}{r + 1:0{width}d}" for r in range(regions)),
        "region_names": tuple(f"{kind.capitalize()} region {r + 1}" for r in range(regions)),
        "region_names_zh": tuple(f"{'虚拟' if kind == 'synthetic' else '博弈'}地区{r + 1}" for r in range(regions)),
        "macro_regions": (kind,) * regions,
        "provinces": np.arange(regions, dtype=np.int64) * min(regions, 31) // regions,
    }


def _even(regions: int, totals: dict[str, float]) -> dict[str, Any]:
    """Equal size and equal money, (R,) each."""
    return {"size": np.full(regions, 1.0 / regions)} | {k: np.full(regions, v / regions) for k, v in totals.items()}


def _nothing(rows: int, columns: int) -> Array:
    """A matrix of zeros that takes no memory."""
    return np.broadcast_to(np.zeros(()), (rows, columns))


def _ring(regions: int) -> Array:
    weights = np.zeros((regions, regions))
    index: NDArray[np.int64] = np.arange(regions)
    weights[index, (index + 1) % regions] = weights[(index + 1) % regions, index] = 1.0
    return row_shares(weights)


def _repeated_sectors(tables: Tables, count: int) -> dict[str, Any]:
    """Sectors that repeat the plan sectors in turn, with the same totals, chained to the next and the one before."""
    plan = load_sectors(tables, "plan-6")
    turn = np.arange(count) % len(plan.codes)
    value, demand = plan.median_value[turn], plan.demand_2022[turn]
    return {
        "sector_ids": np.arange(1, count + 1, dtype=np.int64),
        "sector_codes": tuple(f"sector-{k + 1}" for k in range(count)),
        "sector_names": tuple(f"Synthetic sector {k + 1}" for k in range(count)),
        "sector_names_zh": tuple(f"虚拟部门{k + 1}" for k in range(count)),
        "median_value": value * (plan.median_value.sum() / value.sum()),
        "demand_2022": demand * (plan.demand_2022.sum() / demand.sum()),
        "readiness": plan.readiness[turn],
        "frontier": plan.frontier[turn],
        "links": _ring(count),
    }
