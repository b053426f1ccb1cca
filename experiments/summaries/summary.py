"""Blocks reduced to what a summary keeps of them, and summaries of many blocks put together in order.

The part of a block holds, for all arms together and beside `replicates` and `names`: `moments:GROUP` (5, column),
`keys:GROUP` (the bins of its values, packed), `exact:GROUP`, `counts:GROUP`, `sum:ARM:FIELD`; the first blocks also
hold `row:ARM:NAME`, what a part of one arm holds, so that tables with a row for each replicate have something to list.
Groups are those of `qipan.experiments.summaries.columns`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.bins import BinCounts, binned
from qipan.experiments.statistics.moments import Moments, joined, moments_of
from qipan.experiments.store.parts import as_numbers, from_numbers
from qipan.experiments.summaries.columns import (
    MET,
    WITH_QUANTILES,
    ColumnFacts,
    block_columns,
    block_counts,
    names_of_values,
)
from qipan.experiments.summaries.rows import Part

Array = NDArray[np.float64]
MOST_ROWS = 1_024
"""Replicates of which rows are kept beside the summary: the first ones."""
INSTEAD = {"ours": "value/{arm}", "theirs": "value/0"}
"""Groups that a block leaves out when nothing is missing, and what they are then equal to."""


def summarised(parts: Sequence[Part], setting: ColumnFacts, start: int) -> Part:
    """Reduce the parts of all arms of a block, rows already the same replicates, to what a summary keeps.

    Args:
        parts: One for each arm, at least one replicate.
        setting: Years and world.
        start: Number of the block's first replicate.
    """
    names = as_numbers(names_of_values(parts[0], setting.years))
    kept: Part = {"replicates": parts[0]["replicates"], "names": names}
    groups = block_columns(parts, setting)
    for name, values in groups.items():
        if name.partition("/")[0] not in MET:
            found = moments_of(values)
            kept[f"moments:{name}"] = np.stack([getattr(found, item.name) for item in fields(Moments)])
        if name.partition("/")[0] in WITH_QUANTILES:
            keys, kept[f"exact:{name}"] = binned(values)
            kept[f"keys:{name}"] = packed(keys)
    kept |= {f"counts:{name}": values for name, values in block_counts(groups).items()}
    for place, part in enumerate(parts):
        for name, values in part.items():
            if name.startswith("sum:"):
                kept[f"sum:{place}:{name[4:]}"] = values
            elif start < MOST_ROWS:
                kept[f"row:{place}:{name}"] = values
    return kept


def packed(keys: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Keys (n, column) in few bytes, sorted within each column: which replicate a value was of is given up."""
    ascending = np.sort(np.ascontiguousarray(keys.T), axis=1).astype("<i2").view("<u2")
    steps = np.diff(ascending, axis=1, prepend=np.zeros((len(ascending), 1), "<u2"))
    planes = np.moveaxis(steps.view(np.uint8).reshape(*steps.shape, 2), -1, 0)
    return np.frombuffer(zlib.compress(planes.tobytes(), 1), dtype=np.uint8)


def unpacked(content: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.int16]:
    """The keys (row, column) that were packed.

    Raises:
        ValueError, zlib.error: they are not so many; no more is unpacked than so many take.
    """
    size = 2 * columns * rows
    planes = zlib.decompressobj().decompress(content.tobytes(), size + 1)
    if len(planes) != size:
        raise ValueError("packed values are of another number than is told")
    low, high = np.frombuffer(planes, dtype=np.uint8).reshape(2, columns, rows)
    steps = high.astype(np.uint16)
    steps <<= 8
    steps |= low
    return np.add.accumulate(steps, axis=1, out=steps).view(np.int16).T


@dataclass
class Summary:
    """What many blocks come to.

    Attributes:
        moments: By group.
        counts: Twice the positive values plus the ties, by group.
        bins: Counts for quantiles, by group.
        exact: Whether quantiles of a column are exact, by group.
        sums: Sums over replicates, by "ARM:FIELD".
        setting: Years and world.
        arms: How many.
        names: Measure and year of each column of `value` and `difference`.
    """

    setting: ColumnFacts
    arms: int
    names: tuple[tuple[str, str], ...] = ()
    moments: dict[str, Moments] = field(default_factory=dict)
    counts: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    bins: dict[str, BinCounts] = field(default_factory=dict)
    exact: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    sums: Part = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Add the part of one block; blocks come in the order of their replicates.

        Raises:
            ValueError, KeyError, zlib.error: the part contradicts itself.
        """
        self.names = self.names or tuple((name, year) for name, year in from_numbers(part["names"]))
        found = {name: Moments(*part[f"moments:{name}"]) for name in _groups(part, "moments")}
        for arm in range(1, self.arms):
            found |= {
                f"{kind}/{arm}": found[instead.format(arm=arm)]
                for kind, instead in INSTEAD.items()
                if f"{kind}/{arm}" not in found
            }
        for name, moments in found.items():
            self.moments[name] = joined(self.moments[name], moments) if name in self.moments else moments
        for name in _groups(part, "keys"):
            exact = part[f"exact:{name}"]
            keys = unpacked(part[f"keys:{name}"], len(part["replicates"]), len(exact))
            self.bins.setdefault(name, BinCounts()).add(keys)
            self.exact[name] = self.exact.get(name, True) & exact
        for kind, totals in (("counts", self.counts), ("sum", self.sums)):
            for name in _groups(part, kind):
                values = part[f"{kind}:{name}"]
                totals[name] = totals[name] + values if name in totals else values

    def quantiles(self, group: str, levels: Sequence[float]) -> Array:
        """Quantiles of a group's columns, (level, column)."""
        moments = self.moments[group]
        return self.bins[group].quantiles(levels, moments.low, moments.high, self.exact[group])

    def sums_of(self, arm: int) -> Part:
        """Sums of one arm as a part holds them."""
        return {
            f"sum:{name.partition(':')[2]}": values
            for name, values in self.sums.items()
            if name.partition(":")[0] == str(arm)
        }


def rows_of(part: Part, arms: int) -> list[Part]:
    """The rows that a block's summary keeps of each arm; empty parts where it keeps none."""
    found: list[Part] = [{} for _ in range(arms)]
    for name in _groups(part, "row"):
        place, _, rest = name.partition(":")
        found[int(place)][rest] = part[f"row:{name}"]
    return found


def _groups(part: Part, kind: str) -> list[str]:
    return [name.partition(":")[2] for name in part if name.startswith(f"{kind}:")]
