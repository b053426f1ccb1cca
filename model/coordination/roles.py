"""The three spatial roles of an overall regional layout: source of innovation, industry-bearing area, resource
guarantee.

Roles follow from public data: the third of regions whose frontier fit (basic and applied research against size) is
highest are sources of innovation; of the others, the larger half bear the industry; the rest guarantee resources.
"""

import numpy as np

from qipan.model.axes import Array
from qipan.model.world import World

ROLES = ("source of innovation", "industry-bearing area", "resource-guarantee area")

RESEARCH_MIX = np.array([1.0, 0.0, 0.5])
"""Share of layout money that goes by the stages of research funding, by role; the rest goes by those of guidance
funds."""


def spatial_roles(world: World) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Index into ROLES for each region, (region,)."""
    regions = world.size.size
    frontier = world.data_fit[:, world.frontier > 0.0]
    fit = frontier.mean(axis=1) if frontier.size else np.zeros(regions)
    role = np.full(regions, 2, dtype=np.intp)
    by_fit = np.argsort(-fit, kind="stable")
    sources, others = by_fit[: (regions + 2) // 3], by_fit[(regions + 2) // 3 :]
    by_size = others[np.argsort(-world.size[others], kind="stable")]
    role[by_size[: (by_size.size + 1) // 2]] = 1
    role[sources] = 0
    return role


def research_mix(world: World, by_role: bool = True) -> Array:
    """Share of a region's layout money that goes by the stages of research funding, (region,).

    Args:
        world: Where the regions' data stand.
        by_role: Follow the spatial roles; else one half everywhere.
    """
    return np.asarray(RESEARCH_MIX[spatial_roles(world)]) if by_role else np.full(world.size.size, 0.5)
