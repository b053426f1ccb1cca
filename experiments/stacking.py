"""Columns of one number a replicate as one table: scores have seventy, each dearer to write than its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.archive import as_numbers, from_numbers

Arrays = Mapping[str, NDArray[Any]]
ROWS, TABLE, NAMES = "replicates", "stack", "stack:names"


def stacked(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """The arrays in the order of their names, columns as long as `replicates` as rows of one table.

    Returns:
        Everything else under its name, the table under `stack` (columns, replicates), the names of its rows under
        `stack:names` as JSON.
    """
    size = arrays[ROWS].shape if ROWS in arrays else ()
    names = sorted(arrays)
    columns = [name for name in names if arrays[name].dtype == np.float64 and arrays[name].shape == size and size]
    if len(columns) < 2:
        return {name: arrays[name] for name in names}
    table = {TABLE: np.stack([arrays[name] for name in columns]), NAMES: as_numbers(columns)}
    others = {name: arrays[name] for name in names if name not in set(columns)} | table
    return {name: others[name] for name in sorted(others)}


def taken_apart(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """The arrays that `stacked` was given, in the order of their names; others come back as they are.

    Raises:
        ValueError: the names do not fit the table.
    """
    if TABLE not in arrays or NAMES not in arrays:
        return dict(arrays)
    columns = from_numbers(arrays[NAMES])
    if not isinstance(columns, list) or len(columns) != len(arrays[TABLE]) or {type(name) for name in columns} - {str}:
        raise ValueError("the names do not fit the table")
    every = {name: values for name, values in arrays.items() if name not in (TABLE, NAMES)}
    every |= dict(zip(columns, arrays[TABLE], strict=True))
    return {name: every[name] for name in sorted(every)}
