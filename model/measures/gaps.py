"""Sums of the gaps between shares, which the Krugman index and its null are made of, by sorting.

Of sorted values x_1 <= ... <= x_n the sum of |x_i - x_j| over ordered pairs is 2 sum_i (2 i - n - 1) x_i.
"""

from functools import cache

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.planes import rows_first, rows_last, share_planes
from qipan.model.measures.reduce import add_up
from qipan.model.measures.sharing import shared

COLUMN = 2**18
"""Bytes of a column sorted at a time, so that a few columns stay in a core's cache: a quarter faster than all."""


def _ranks(count: int) -> Array:
    """What each of ``count`` sorted values counts in the sum of the gaps between all of them."""
    return np.asarray(2.0 * np.arange(count) - (count - 1.0), dtype=np.float64)


@shared
def _sorted_shares(table: Array) -> Array:
    """Shares of every sector in ascending order: (row, sector, region)."""
    values = rows_first(share_planes(table).transpose(2, 1, 0))
    values.sort(axis=-1)
    return values


def gaps_of_all(table: Array) -> Array:
    """Sum of |x_i - x_j| over ordered pairs of all shares of a row, by sorting them: (row,)."""
    regions, sectors = table.shape[-2:]
    values = np.sort(_sorted_shares(table).reshape(-1, regions * sectors), axis=-1)
    values *= _ranks(values.shape[-1])
    return 2.0 * add_up(values)


def gaps_of_regions(table: Array) -> Array:
    """Sum of |x_i - x_j| over ordered pairs of regions' shares of a sector, by sorting: (sector, row)."""
    values = rows_last(_sorted_shares(table).transpose(2, 1, 0))
    return np.asarray(2.0 * np.einsum("rkn,r->kn", values, _ranks(len(values))))


def gaps_of_sectors(table: Array) -> Array:
    """Sum of |x_i - x_j| over ordered pairs of sectors within a region: (region, row)."""
    values = share_planes(table)
    width = max(COLUMN // (values.itemsize * max(values.shape[-1], 1)), 1)
    return np.concatenate([_gaps_within(values[at : at + width]) for at in range(0, len(values), width)])


def _gaps_within(values: Array) -> Array:
    """Sum of |x_i - x_j| over ordered pairs along the second axis, by a sorting network: (region, row)."""
    columns = [values[:, place] for place in range(values.shape[1])]
    for one, other in comparators(len(columns)):
        small, large = columns[one], columns[other]
        columns[one], columns[other] = np.minimum(small, large), np.maximum(small, large)
    return np.asarray(2.0 * np.einsum("krn,k->rn", np.stack(columns), _ranks(len(columns))))


@cache
def comparators(count: int) -> tuple[tuple[int, int], ...]:
    """Places whose values to compare and put in order, one pair after the other, so that ``count`` values get sorted.

    Batcher's merge exchange (Knuth 1998, volume 3, section 5.2.2, algorithm M): 12 comparisons for six values.
    """
    found: list[tuple[int, int]] = []
    top = 1 << max((count - 1).bit_length() - 1, 0)
    step = top
    while step:
        width, rest, distance = top, 0, step
        while distance:
            found += [(place, place + distance) for place in range(count - distance) if place & step == rest]
            width, rest, distance = width // 2, step, width - step
        step //= 2
    return tuple(found)
