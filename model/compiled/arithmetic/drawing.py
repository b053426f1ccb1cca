"""Uniform draws of a year in lanes, straight from the generator."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.compiled.arithmetic.words import CompiledDraws, fill_uniforms
from qipan.model.compiled.lanes import Lanes
from qipan.model.draws import Draws, Stream

OVER = {0: "rk", 2: "k", 3: "r"}
"""What the streams of a group vary over: region and sector, sector, region. Only the first three of each are drawn."""


class DrawnUniforms:
    """Uniforms at the addresses of `Draws`, the three of a group by one call of the generator.

    Args:
        draws: Where the numbers come from.
        lanes: How the replicates lie.
        stay: Whether those of all years are kept, each in room of its own; else of the last year alone.
    """

    def __init__(self, draws: Draws, lanes: Lanes, stay: bool = False) -> None:
        self._key = np.uint64(draws.seed & 0xFFFFFFFF), np.uint64(draws.seed >> 32)
        self._blocks, nowhere = lanes.blocks, np.zeros(1, dtype=np.uint64)
        self._rooms = None if stay else lanes.rooms
        self._regions = {"r": draws.region_ids.astype(np.uint64), "k": nowhere}
        self._sectors = {
            "k": np.repeat(draws.sector_ids.astype(np.uint64), lanes.width),
            "r": nowhere.repeat(lanes.width),
        }
        one = lanes.numbers(draws.replicates)
        self._replicates = {"k": np.tile(one, draws.sector_ids.size), "r": one}
        self._kept: dict[tuple[int, int], tuple[tuple[int, int], list[Array]]] = {}

    def uniform(self, stream: Stream, year: int, round: int = 0) -> Array:
        """Uniforms of a stream, (block, region, sector * lane), without the axes it does not vary over.

        Those of a round after the first stay until the next such round.
        """
        group, place = divmod(stream, 4)
        address = (year, round)
        room = (group, year if self._rooms is None and not round else -(round > 0))
        kept = self._kept.get(room)
        if kept is None or kept[0] != address:
            kept = self._kept[room] = (address, self._group(group, year, round))
        return kept[1][place]

    def _group(self, group: int, year: int, round: int) -> list[Array]:
        over = OVER[group]
        regions, sectors = self._regions[over[0]], self._sectors[over[-1]] | np.uint64(year << 16)
        shape = (self._blocks, regions.size, sectors.size)
        if self._rooms is None:
            out = [np.empty(shape) for _ in range(3)]
        else:
            names = (f"uniform {group} {place}{' again' if round else ''}" for place in range(3))
            out = [self._rooms.take(name, *shape) for name in names]
        last = np.uint64(round << 16 | group)
        fill_uniforms(self._replicates[over[-1]], regions, sectors, last, *self._key, *out)
        return out if "r" in over else [values[:, 0] for values in out]


def drawn_uniforms(draws: Draws, lanes: Lanes) -> DrawnUniforms:
    """Uniforms of a block; those of a small one are drawn once for all arms over the same replicates."""
    if not isinstance(draws, CompiledDraws) or not draws.small:
        return DrawnUniforms(draws, lanes)
    uniforms: DrawnUniforms = draws.kept.setdefault("in lanes", DrawnUniforms(draws, lanes, stay=True))
    return uniforms
