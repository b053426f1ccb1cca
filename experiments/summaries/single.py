"""Tables of a comparison that describe each arm by itself. Columns as in `comparison.COLUMNS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.summaries.comparison import COLUMNS, LEVELS, TOTAL
from qipan.experiments.summaries.rows import PATH, Part, fan_regions
from qipan.model.axes import STAGES
from qipan.model.extend.registry import MECHANISMS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.world import World

Array = NDArray[np.float64]
Described = tuple[float, float, float, float, float, float, int]
"""Mean, 5, 25, 50, 75 and 95% quantiles, and how many values they are of."""
EXPECT_RETURN = ("guidance_fund", "enterprise", "venture_capital", "bank_credit")
WHOLE = "all"
NATION = "nation"
TOGETHER = 2**18
"""Numbers whose quantiles are taken at a time: 2 MB."""
MOST_LISTED = 4_096
"""Replicates that tables with a row for each replicate hold; all others are in the statistics and in the parts."""


def frame(name: str, rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """A table of the comparison from rows in the order of its columns."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(COLUMNS[name]))


def names_of(part: Part, kind: str) -> list[str]:
    """Names of the arrays of one kind ("year", "total", "sum", ...) in a part, in the order stored."""
    return sorted(name.partition(":")[2] for name in part if name.startswith(f"{kind}:"))


def first_rows(part: Part) -> Part:
    """A part with no more replicates than tables with a row for each replicate hold."""
    if len(part["replicates"]) <= MOST_LISTED:
        return part
    return {name: values if name.startswith("sum:") else values[:MOST_LISTED] for name, values in part.items()}


def measures_table(arms: Sequence[str], parts: Sequence[Part], years: Sequence[int]) -> pd.DataFrame:
    """Table `measures`: a row for each arm, replicate and year, a column for each yearly measure."""
    import pandas as pd

    frames = []
    for arm, part in zip(arms, map(first_rows, parts), strict=True):
        replicates = part["replicates"]
        columns: dict[str, Any] = {
            "arm": np.repeat(np.array([arm], dtype=object), len(replicates) * len(years)),
            "replicate": np.repeat(replicates, len(years)),
            "year": np.tile(np.asarray(years, dtype=np.int64), len(replicates)),
        }
        columns.update({name: part[f"year:{name}"].ravel() for name in names_of(part, "year")})
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def paths_table(arms: Sequence[str], parts: Sequence[Part], years: Sequence[int], world: World) -> pd.DataFrame:
    """Table `paths`: output of every region by replicate and year of the programme; no rows where it is not kept."""
    import pandas as pd

    frames = []
    for arm, part in zip(arms, map(first_rows, parts), strict=True):
        if PATH not in part:
            return frame("paths", [])
        values, replicates = part[PATH], part["replicates"]
        told = np.asarray(years[: values.shape[1]], dtype=np.int64)
        columns: dict[str, Any] = {
            "arm": np.repeat(np.array([arm], dtype=object), len(replicates) * len(told)),
            "replicate": np.repeat(replicates, len(told)),
            "year": np.tile(told, len(replicates)),
        }
        columns.update(zip(world.region_codes, values.reshape(-1, values.shape[2]).T, strict=True))
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def totals_table(arms: Sequence[str], parts: Sequence[Part]) -> pd.DataFrame:
    """Table `totals`: a row for each arm and replicate, a column for each whole-run measure."""
    import pandas as pd

    frames = []
    for arm, part in zip(arms, map(first_rows, parts), strict=True):
        columns: dict[str, Any] = {
            "arm": np.repeat(np.array([arm], dtype=object), len(part["replicates"])),
            "replicate": part["replicates"],
        }
        columns.update({name: part[f"total:{name}"] for name in names_of(part, "total")})
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def described(values: Array) -> Described:
    """Mean, 5, 25, 50, 75 and 95% quantiles and number of the finite values.

    Example:
        >>> described(np.array([1.0, 2.0, 3.0]))[0]
        2.0
    """
    good = values[np.isfinite(values)]
    if not len(good):
        return (np.nan,) * 6 + (0,)
    low, lower, middle, upper, high = (float(level) for level in np.quantile(good, LEVELS))
    return float(good.mean()), low, lower, middle, upper, high, len(good)


def described_each(columns: Sequence[Array]) -> list[Described]:
    """As `described` of each column, all of one length; some of them at a time, which costs a tenth of one by one."""
    size = max(1, TOGETHER // max(1, len(columns[0]))) if columns else 1
    pieces = [columns[start : start + size] for start in range(0, len(columns), size)]
    return [facts for piece in pieces for facts in _described_together(piece)]


def _described_together(columns: Sequence[Array]) -> list[Described]:
    table = np.stack(columns)
    if not table.size or not np.isfinite(table).all():
        return [described(column) for column in columns]
    levels = np.quantile(table, LEVELS, axis=-1).T.tolist()
    means = np.ascontiguousarray(table).mean(axis=-1).tolist()
    return [
        (mean, low, lower, middle, upper, high, table.shape[-1])
        for mean, (low, lower, middle, upper, high) in zip(means, levels, strict=True)
    ]


def columns_of(part: Part, years: Sequence[int]) -> list[tuple[str, str, Array]]:
    """Every (measure, year as text, values (n,)) of a part; whole-run measures have the year "total"."""
    found = [
        (name, str(year), part[f"year:{name}"][:, place])
        for name in names_of(part, "year")
        for place, year in enumerate(years)
    ]
    return found + [(name, TOTAL, part[f"total:{name}"]) for name in names_of(part, "total")]


def summary_table(arms: Sequence[str], parts: Sequence[Part], years: Sequence[int]) -> pd.DataFrame:
    """Table `summary`: mean and quantiles of every measure in every year."""
    rows = []
    for arm, part in zip(arms, parts, strict=True):
        columns = columns_of(part, years)
        for (name, year, _), facts in zip(columns, described_each([values for _, _, values in columns]), strict=True):
            mean, q05, q25, median, q75, q95, number = facts
            rows.append((arm, name, year, mean, median, q05, q25, q75, q95, number))
    return frame("summary", rows)


def fans_table(arms: Sequence[str], parts: Sequence[Part], years: Sequence[int], world: World) -> pd.DataFrame:
    """Table `fans`: output by year of the nation and of the regions with a target."""
    regions = (NATION, *(world.region_codes[place] for place in fan_regions(world)))
    rows = []
    for arm, part in zip(arms, parts, strict=True):
        keys = [(region, int(year)) for region in regions for year in years]
        columns = part["fan:output"].T.reshape(len(keys), -1)
        for key, facts in zip(keys, described_each(list(columns)), strict=True):
            rows.append((arm, *key, *facts[:6]))
    return frame("fans", rows)


def layouts_table(
    arms: Sequence[str], parts: Sequence[Part], counts: Sequence[int], years: Sequence[int], world: World
) -> pd.DataFrame:
    """Table `layouts`: probability that a region is in a sector, by year."""
    import pandas as pd

    frames = []
    shape = (len(years), len(world.region_codes), len(world.sector_codes))
    year, region, sector = (axis.ravel() for axis in np.indices(shape))
    for arm, part, count in zip(arms, parts, counts, strict=True):
        frames.append(
            pd.DataFrame(
                {
                    "arm": np.repeat(np.array([arm], dtype=object), year.size),
                    "region": np.array(world.region_codes, dtype=object)[region],
                    "sector": np.array(world.sector_codes, dtype=object)[sector],
                    "year": np.asarray(years, dtype=np.int64)[year],
                    "probability": (part["sum:layout"] / count).ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def money_table(arms: Sequence[str], parts: Sequence[Part]) -> pd.DataFrame:
    """Table `money`: what each mechanism put into each stage over the run and what came back, billion yuan."""
    rows: list[tuple[Any, ...]] = []
    for arm, part in zip(arms, parts, strict=True):
        for place, mechanism in enumerate(MECHANISMS):
            used = part["money:used"][:, place]
            whole = np.add.reduce(used, axis=-1)
            offered, returned, lost = (
                float(part[f"money:{name}"][:, place].mean()) for name in ("offered", "returned", "lost")
            )
            mean = float(whole.mean())
            rate = returned / mean - 1.0 if mechanism in EXPECT_RETURN and mean > 0 else np.nan
            rows.append((arm, mechanism, WHOLE, mean, *_outer(whole), offered, returned, lost, rate))
            for number, stage in enumerate(STAGES):
                values = used[:, number]
                rows.append((arm, mechanism, stage, float(values.mean()), *_outer(values), *(np.nan,) * 4))
    return frame("money", rows)


def _outer(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)
