"""A table with its regions and sectors first and the rows (replicate, year) last, as the measures of tables use it.

Along the rows every step of a measure is one operation on long contiguous arrays, where a table's own last axis, the
sectors, has six numbers. Sums keep the order in which NumPy adds them in the table, and with it every byte.
"""

from math import prod

import numpy as np

from qipan.model.axes import Array
from qipan.model.measures.reduce import ratio
from qipan.model.measures.sharing import shared

TURNED = 256
"""Rows turned at a time: of tables of the provinces 0.4 MB, which stays in a core's cache; a third faster than all."""

ROWS = 2
"""Fewest rows: with one, NumPy would add along another axis, in another order."""

LANES, BLOCK = 8, 128
"""NumPy adds a contiguous axis in eight lanes, and a longer one than 128 as two halves."""


def rows_last(view: Array) -> Array:
    """A contiguous copy of a transposed table (..., row), whose rows are first in memory."""
    turned = np.empty(view.shape)
    for start in range(0, view.shape[-1], TURNED):
        turned[..., start : start + TURNED] = view[..., start : start + TURNED]
    return turned


def rows_first(view: Array) -> Array:
    """A contiguous copy of a transposed table (row, ...), whose rows are last in memory."""
    turned = np.empty(view.shape)
    for start in range(0, len(view), TURNED):
        turned[start : start + TURNED] = view[start : start + TURNED]
    return turned


@shared
def planes(table: Array) -> Array:
    """The table (..., region, sector) as (region, sector, row), contiguous; a single row is there twice."""
    rows = table.reshape(prod(table.shape[:-2]), *table.shape[-2:])
    if len(rows) == 1:
        rows = np.repeat(rows, ROWS, axis=0)
    return rows_last(rows.transpose(1, 2, 0))


def unfolded(values: Array, table: Array) -> Array:
    """Results (..., row) of a table in the table's own leading axes: (row axes, ...), contiguous."""
    leading = table.shape[:-2]
    rows = values[..., : prod(leading)]
    turned = rows_first(rows.transpose(values.ndim - 1, *range(values.ndim - 1))) if values.ndim > 1 else rows
    return np.asarray(turned.reshape(leading + values.shape[:-1]))


def added(values: Array, axis: int = 0) -> Array:
    """Sum over the first or second axis, not the last, with the bytes of NumPy's sum of contiguous numbers."""
    values = values.swapaxes(0, axis)
    count = len(values)
    if count < LANES:
        return np.asarray(np.add.reduce(values, axis=0))
    if count > BLOCK:
        half = count // 2 // LANES * LANES
        return added(values[:half]) + added(values[half:])
    whole = count // LANES * LANES
    lanes = np.add.reduce(values[:whole].reshape(count // LANES, LANES, *values.shape[1:]), axis=0)
    while len(lanes) > 1:
        lanes = lanes[0::2] + lanes[1::2]
    return np.asarray(np.add.reduce(np.concatenate((lanes, values[whole:])), axis=0))


def over_sectors(one: Array, other: Array) -> Array:
    """Sum over sectors of the products of two tables (region, sector, row): (region, row)."""
    if one.shape[1] < LANES:  # one after the other either way, and no table of products
        return np.asarray(np.einsum("rkn,rkn->rn", one, other))
    return added(one * other, axis=1)


@shared
def region_sums(table: Array) -> Array:
    """Sum of each region's row over sectors: (region, row)."""
    return added(planes(table), axis=1)


@shared
def sector_sums(table: Array) -> Array:
    """Sum of each sector over regions, one region after the other: (sector, row)."""
    return np.asarray(np.add.reduce(planes(table), axis=0))


@shared
def totals(table: Array) -> Array:
    """Sum of the whole table: (row,)."""
    return added(region_sums(table))


@shared
def share_planes(table: Array) -> Array:
    """Each region's shares over sectors: rows sum to 1, empty rows stay 0. (region, sector, row)."""
    return ratio(planes(table), region_sums(table)[:, None])


@shared
def concentrations(table: Array) -> Array:
    """Herfindahl index of each region's shares over sectors: (region, row)."""
    return over_sectors(share_planes(table), share_planes(table))
