"""Sector tables in which every sector of the plan is cut into equal segments: the same demand, narrower markets."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from qipan import World, load_scenario, load_world
from qipan.model.world import SECTOR_TABLES, Sectors, sector_table

CUTS = (3, 6)
"""Segments of a sector; a table is called segments-18, segments-36."""


@lru_cache(maxsize=1)
def _plan() -> World:
    """The world of the shipped sectors."""
    return load_world(load_scenario("baseline").world)


def cut(pieces: int) -> Sectors:
    """Each sector as so many segments with equal parts of its value and demand, linked piece by piece.

    A document that names a sector names one of its segments, in turn by region, for no table tells which.
    """
    plan = _plan()
    names = [(at, piece) for at in range(len(plan.sector_codes)) for piece in range(pieces)]
    at = np.array([sector for sector, _ in names])
    announced = {
        code: [f"{plan.sector_codes[sector]}_{region % pieces + 1}" for sector in np.flatnonzero(said)]
        for region, (code, said) in enumerate(zip(plan.region_codes, plan.announced_layout, strict=True))
    }
    return Sectors(
        ids=np.arange(301, 301 + len(names)),
        codes=tuple(f"{plan.sector_codes[sector]}_{piece + 1}" for sector, piece in names),
        names=tuple(f"{plan.sector_names[sector]} {piece + 1}" for sector, piece in names),
        names_zh=tuple(f"{plan.sector_names_zh[sector]}{piece + 1}" for sector, piece in names),
        median_value=plan.median_value[at] / pieces,
        demand_2022=plan.demand_2022[at] / pieces,
        readiness=plan.readiness[at],
        frontier=plan.frontier[at],
        links=np.kron(plan.links, np.eye(pieces)),
        announced=announced,
    )


def add() -> None:
    """Add the tables to those that a scenario may choose, once."""
    for pieces in CUTS:
        name = f"segments-{6 * pieces}"
        if name not in SECTOR_TABLES:
            made = sector_table(
                name, label=f"{6 * pieces} segments", label_zh=f"{6 * pieces}个细分领域", sectors=6 * pieces
            )
            made(partial(cut, pieces))
