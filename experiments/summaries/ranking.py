"""Arms ranked on the main measures with one error rate over all pairs, and shares of the achievable gain realised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.statistics.multiplicity import rank_arms
from qipan.experiments.statistics.paired import realised_share
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.single import frame

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison
    from qipan.experiments.summaries.family import Family

RANKED = (
    "welfare_terminal_0",
    "welfare_terminal_5",
    "welfare_terminal_10",
    "output_discounted",
    "lost_share",
    "excess_entry",
    "idle_share",
)
"""Measures of which more, or less, is better: a neutral measure has no best arm."""
REALISED = ("welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10", "output_discounted")


def ranking_table(names: Sequence[str], parts: Sequence[Part], last_year: int) -> pd.DataFrame:
    """Table `ranking`: for each measure the arms, best mean first, and the ranks each may hold among all of them."""
    from qipan.model.measures import MEASURES

    rows = []
    for measure in RANKED:
        whole = all(f"total:{measure}" in part for part in parts)
        if not whole and not all(f"year:{measure}" in part for part in parts):
            continue
        columns = [part[f"total:{measure}"] if whole else part[f"year:{measure}"][:, -1] for part in parts]
        values = np.stack(columns, axis=1)
        if len(values) < 2 or not np.isfinite(values).all():
            continue
        better = MEASURES[measure].direction == "higher is better"
        rows += [
            (
                measure,
                "total" if whole else str(last_year),
                rank.name,
                rank.mean,
                rank.low,
                rank.high,
                rank.best,
                rank.worst,
                rank.probability_best,
                ", ".join(rank.better_than),
                ", ".join(rank.worse_than),
                ", ".join(names),
            )
            for rank in rank_arms(values, names, better)
        ]
    return frame("ranking", rows)


def realised_table(family: Family, parts: Sequence[Part]) -> pd.DataFrame:
    """Table `realised`: share of the achievable gain, (arm - nobody) / (true values - nobody), by arm and measure.

    Silent (NaN) where true values cannot be told from nobody. The design with true values is exact for a static problem
    only, so a share above one is possible. An arm has a share of its own policy's gain, or none.
    """
    rows: list[tuple[Any, ...]] = []
    for member, nobody, best in family.achievable():
        for key in (f"total:{measure}" for measure in REALISED):
            if key in parts[member.run]:
                found = realised_share(parts[member.run][key], parts[nobody][key], parts[best][key])
                share = (np.nan,) * 3 if found is None else (found.estimate, found.low, found.high)
                rows.append((member.name, key[6:], *map(float, share), len(parts[nobody][key])))
    return frame("realised", rows)


def open_ranks(comparison: Comparison, arm: str, measure: str) -> str:
    """The ranks an arm may hold on a measure: "1", "2–4", or "" where it is not ranked."""
    table = comparison.tables["ranking"]
    rows = table[(table["arm"] == arm) & (table["measure"] == measure)]
    if rows.empty:
        return ""
    best, worst = int(rows["best"].iloc[0]), int(rows["worst"].iloc[0])
    return str(best) if best == worst else f"{best}–{worst}"
