"""Arms ranked on the main measures, with one error rate over all pairs; "not distinguishable" keeps ranks open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.multiplicity import rank_arms
from experiments.partial import Part
from experiments.tables import frame

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison import Comparison

RANKED = (
    "welfare_terminal_0", "welfare_terminal_5", "welfare_terminal_10", "output_discounted", "lost_share",
    "excess_entry", "idle_share",
)  # fmt: skip
"""Measures of which more, or less, is better: a neutral measure has no best arm."""


def ranking_table(names: Sequence[str], parts: Sequence[Part], last_year: int) -> pd.DataFrame:
    """Table `ranking`: for each measure the arms, best mean first, and the ranks each may hold."""
    from model.measures import MEASURES

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
            (measure, "total" if whole else str(last_year), rank.name, rank.mean, rank.low, rank.high, rank.best,
             rank.worst, rank.probability_best, ", ".join(rank.better_than), ", ".join(rank.worse_than))
            for rank in rank_arms(values, names, better)
        ]  # fmt: skip
    return frame("ranking", rows)


def open_ranks(comparison: Comparison, arm: str, measure: str) -> str:
    """The ranks an arm may hold on a measure: "1", "2–4", or "" where it is not ranked."""
    table = comparison.tables["ranking"]
    rows = table[(table["arm"] == arm) & (table["measure"] == measure)]
    if rows.empty:
        return ""
    best, worst = int(rows["best"].iloc[0]), int(rows["worst"].iloc[0])
    return str(best) if best == worst else f"{best}–{worst}"
