"""Arms ranked on the main measures with one error rate over all pairs, and on welfare counted to several years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.multiplicity import rank_arms
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.single import TOTAL, frame

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.summaries.comparison import Comparison

RANKED = ("welfare", "output_discounted", "lost_share", "excess_entry", "idle_share")
"""Measures of which more, or less, is better: a neutral measure has no best arm."""
UNTIL = "welfare_until"
"""Welfare counted to a year."""


def horizon_years(years: Sequence[int]) -> list[int]:
    """The years to which welfare is counted side by side: the horizons that a run reaches, and its last year."""
    from qipan.model.measures.welfare import HORIZONS

    return [*(year for year in HORIZONS if years[0] <= year < years[-1]), years[-1]]


def ranked_columns(part: Part, years: Sequence[int], told: int) -> dict[str, tuple[str, str, int]]:
    """What arms are ranked on, by a key: measure, text of the year, and place of the year.

    Args:
        part: What is kept of one arm.
        years: Calendar years simulated, in order.
        told: The year in which measures of a year are ranked.
    """
    found: dict[str, tuple[str, str, int]] = {}
    for measure in RANKED:
        if f"total:{measure}" in part or f"year:{measure}" in part:
            found[measure] = (measure, TOTAL if f"total:{measure}" in part else str(told), years.index(told))
    if f"year:{UNTIL}" in part:
        found |= {f"{UNTIL} {year}": (UNTIL, str(year), years.index(year)) for year in horizon_years(years)}
    return found


def ranked_values(parts: Sequence[Part], measure: str, place: int) -> NDArray[np.float64] | None:
    """A measure of all arms, (n, arm): of the whole run, or in the year of a place; None where an arm has none."""
    for kind in ("total", "year"):
        key = f"{kind}:{measure}"
        if all(key in part for part in parts):
            return np.stack([part[key] if kind == "total" else part[key][:, place] for part in parts], axis=1)
    return None


def ranking_table(names: Sequence[str], parts: Sequence[Part], years: Sequence[int], told: int) -> pd.DataFrame:
    """Table `ranking`: for each measure the arms, best mean first, and the ranks each may hold among all of them."""
    from qipan.model.measures import MEASURES

    rows = []
    for measure, year, place in ranked_columns(parts[0], years, told).values():
        values = ranked_values(parts, measure, place)
        if values is None or len(values) < 2 or not np.isfinite(values).all():
            continue
        better = MEASURES[measure].direction == "higher is better"
        rows += [
            (
                measure,
                year,
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


def horizons_table(differences: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Table `horizons`: what each arm does to welfare counted to several years; its ranks there are in `ranking`.

    All rows are counted from one run; years beyond it are not there.
    """
    horizons = [str(year) for year in horizon_years(years)]
    rows = differences[(differences["measure"] == UNTIL) & differences["year"].isin(horizons)]
    found = [
        (row.arm, int(row.year), row.mean, row.low, row.high, row.median, row.verdict, row.n)
        for row in rows.itertuples()
    ]
    return frame("horizons", found)


def open_ranks(comparison: Comparison, arm: str, measure: str, year: str = "") -> str:
    """The ranks an arm may hold on a measure (in a year, where several are ranked): "1", "2–4", or "" for none."""
    table = comparison.tables["ranking"]
    same = comparison.arm(arm).same_as or arm
    rows = table[(table["arm"] == same) & (table["measure"] == measure)]
    rows = rows[rows["year"].astype(str) == year] if year else rows
    return "" if rows.empty else ranks_text(rows.iloc[-1])


def ranks_text(row: Any) -> str:
    """The ranks that a row of `ranking` leaves open: "1" or "2–4"."""
    best, worst = int(row["best"]), int(row["worst"])
    return str(best) if best == worst else f"{best}–{worst}"
