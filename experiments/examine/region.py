"""One region of a stored comparison: what each arm changes for it and by which terms, its sectors, its targets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qipan.experiments.results.read import AGAIN
from qipan.experiments.results.stored import load_comparison
from qipan.experiments.results.write import TABLES
from qipan.experiments.statistics.paired import wilson_interval
from qipan.experiments.store.parts import store_error
from qipan.experiments.summaries.rows import MOST_PATHS
from qipan.model.errors import Problem, StoreError, UserError
from qipan.model.measures.regional import REGION_COSTS, REGION_GAINS
from qipan.model.world.names import world_regions

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison

WELFARE, OUTPUT, NET = "welfare_by_region", "region_output", "net_transfer_discounted"
MONEY = ("region_support", "region_levy", NET, "region_public_used")
TERMS = (*REGION_GAINS, *REGION_COSTS)
OWN_TARGET = "own_target"


@dataclass(frozen=True, eq=False)
class RegionView:
    """What a comparison says of one region.

    Args:
        comparison: All of it.
        place: Position of the region in the world.
        tables: `effects`, the rows of table `incidence`; `sectors`, by arm and sector the share of futures in which the
            region is in the sector when the programme ends, and its mean capacity, bn yuan a year; `targets`, its
            stated targets; `own_target`, the target that was asked about, if one was.
    """

    comparison: Comparison
    place: int
    tables: dict[str, pd.DataFrame]

    @property
    def code(self) -> str:
        """Code of the region."""
        return str(self.comparison.world.region_codes[self.place])


def region(
    name: str, result: str | Path, *, target: float | None = None, by: int | None = None
) -> dict[str, pd.DataFrame]:
    """What a stored comparison says of one region, as `qipan region` does.

    Args:
        name: English or Chinese name or code of the region.
        result: Folder of the comparison.
        target: Output of the region, bn yuan a year; with `by`, in how many futures it is reached.
        by: Year of the programme by which it is to be reached.

    Returns:
        Tables `effects`, `sectors`, `targets` and, with a target, `own_target`: see `RegionView`.

    Raises:
        UserError: No such region, or a target that cannot be held against this result.
        StoreError: No such comparison, or it is damaged or too old.
    """
    return view(name, Path(result), target, by).tables


def view(name: str, folder: Path, target: float | None, by: int | None) -> RegionView:
    """Read all that a comparison says of one region; raises as `region`."""
    comparison = load_comparison(folder)
    problems = list(_target_problems(comparison, target, by))
    try:
        place = world_regions(comparison.world).find(name, "command line", "REGION")
    except UserError as error:
        raise UserError([*error.problems, *problems]) from None
    if problems:
        raise UserError(problems)
    code = comparison.world.region_codes[place]
    tables = {
        "effects": _of(comparison, folder, "incidence", code),
        "sectors": _sectors(comparison, place),
        "targets": _targets(comparison, code),
    }
    if target is not None and by is not None:
        tables[OWN_TARGET] = _reached(comparison, folder, code, target, by)
    return RegionView(comparison, place, tables)


def _target_problems(comparison: Comparison, target: float | None, by: int | None) -> list[Problem]:
    first, last = comparison.years[0], comparison.year_told
    problems = []
    if (target is None) != (by is None):
        missing = "--by" if by is None else "--target"
        problems.append(Problem("command line", missing, "is missing", "a target is given as --target 500 --by 2030"))
    if target is not None and not (math.isfinite(target) and target > 0):
        problems.append(Problem("command line", "--target", f"{target:g} is no output", "above 0, bn yuan a year"))
    if by is not None and not first <= by <= last:
        message = f"{by} is not a year of the programme"
        problems.append(Problem("command line", "--by", message, f"allowed {first} to {last}"))
    return problems


def _of(comparison: Comparison, folder: Path, name: str, code: str) -> pd.DataFrame:
    """The rows of one region in a table that earlier versions did not keep."""
    table = comparison.table(name)
    if table.empty and len(comparison.arms) > 1:
        raise _older(folder, name)
    return table[table["region"] == code].reset_index(drop=True)


def _older(folder: Path, table: str) -> StoreError:
    return store_error(folder, f"was made by a version of qipan that kept no table {table}", AGAIN)


def _sectors(comparison: Comparison, place: int) -> pd.DataFrame:
    """Share of futures in each sector and mean capacity there, when the programme ends, in every arm."""
    import pandas as pd

    world, at = comparison.world, comparison.years.index(comparison.year_told)
    base = comparison.arm(comparison.baseline)
    rows = []
    for arm in comparison.arms:
        here, there = (one.arrays["capacity"][at, place] for one in (arm, base))
        held = arm.arrays["layout"][at, place]
        for number, sector in enumerate(world.sector_codes):
            change = float(here[number] - there[number])
            rows.append((arm.name, sector, comparison.year_told, float(held[number]), float(here[number]), change))
    return pd.DataFrame(rows, columns=["arm", "sector", "year", "share", "capacity", "capacity_change"])


def _targets(comparison: Comparison, code: str) -> pd.DataFrame:
    """The region's stated targets, with the share of futures in which each is met."""
    table = comparison.table("targets")
    kept = ["arm", "target", "region", "indicator", "year", "value", "unit", "probability", "low", "high"]
    rows = table.loc[table["region"] == code, [*kept, "obtained_median", "shortfall_median", "n", "scope"]]
    return rows.rename(columns={"probability": "share"}).reset_index(drop=True)


def _reached(comparison: Comparison, folder: Path, code: str, target: float, by: int) -> pd.DataFrame:
    """In how many futures the region's output reaches a target in any year up to the one given, in every arm.

    Raises:
        UserError: Paths of output by region are not kept of so large a world.
        StoreError: The result is of an earlier version.
    """
    import pandas as pd

    paths, regions = comparison.table("paths"), len(comparison.world.region_codes)
    if paths.empty and f"{TABLES}/paths.parquet" not in comparison.manifest["files"]:
        raise _older(folder, "paths")
    if code not in paths.columns:
        if regions > MOST_PATHS:
            message = f"the result holds no output of single futures by region: its world has {regions:,} regions"
            raise UserError(Problem(str(folder), "--target", message, f"it is kept of at most {MOST_PATHS}"))
        hint = "run it again with --keep replicates"
        raise UserError(Problem(str(folder), "--target", "the result is a summary without single futures", hint))
    rows = []
    for arm in comparison.arms:
        mine = paths[(paths["arm"] == arm.name) & (paths["year"] <= by)]
        most = mine.groupby("replicate")[code].max().to_numpy()
        met = wilson_interval(float(np.mean(most >= target)), len(most))
        rows.append((arm.name, code, target, by, *map(float, (met.estimate, met.low, met.high)), len(most)))
    return pd.DataFrame(rows, columns=["arm", "region", "value", "year", "share", "low", "high", "n"])


def effect(seen: RegionView, arm: str, measure: str) -> pd.Series | None:
    """The row of one arm and measure; None where there is none."""
    table = seen.tables["effects"]
    rows = table[(table["arm"] == arm) & (table["measure"] == measure)]
    return None if rows.empty else rows.iloc[0]
