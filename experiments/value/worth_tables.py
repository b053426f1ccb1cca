"""Tables of the value of a yuan: what welfare gains for a yuan more of each source, before the yuan itself is paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.statistics.paired import Array, mean_interval, ratio_interval
from qipan.experiments.summaries.rows import Part
from qipan.experiments.value.sources import BASE, SOURCES, MoneySource

if TYPE_CHECKING:
    import pandas as pd

WORTH, NOT_WORTH, OPEN = "worth it", "not worth it", "not distinguishable"
TENTH = 10
"""One in so many replicates is left out at either end of the trimmed mean, and is of the highest gains."""
COLUMNS = (
    "source",
    "public",
    "needed",
    "worth",
    "low",
    "high",
    "verdict",
    "median",
    "trimmed",
    "top_tenth",
    "changed",
    "worth_unchanged",
    "gain",
    "cost",
    "n",
)


def worth_tables(parts: Mapping[str, Part], funds_cost: float) -> dict[str, pd.DataFrame]:
    """Tables `worth`, a row for each source, and `runs`, its gain and cost in each replicate.

    worth: mean of gain over mean of cost; low, high: Fieller's 95% interval (NaN where the cost may be zero). gain is
    the change in welfare before the money itself is paid, cost the change in public (or private) money used,
    discounted. needed: what a yuan must be worth: the social cost of public money, or 1 for private. median, trimmed:
    of the replicates' gains, over the mean cost, so that all three are in the same unit. top_tenth: share of the whole
    gain that the tenth of the replicates with the highest gain holds (NaN where the whole is not above zero). Fewer
    than ten replicates have no tenth: trimmed and top_tenth are NaN. changed:
    share of the replicates in which a breakthrough comes at another time; worth_unchanged: the ratio of means in the
    others.

    Args:
        parts: Scores by arm, `BASE` among them; rows of all are the same replicates.
        funds_cost: Social cost of a yuan of public money.
    """
    import pandas as pd

    rows, runs = [], []
    for source in (each for each in SOURCES if each.mechanism in parts):
        gain, cost = gain_and_cost(parts[source.mechanism], parts[BASE], source, funds_cost)
        moved = parts[source.mechanism]["total:breakthrough_years"] != parts[BASE]["total:breakthrough_years"]
        needed = funds_cost if source.public else 1.0
        rows.append((source.mechanism, source.public, needed, *worth_of(gain, cost, moved, needed), len(gain)))
        named = {"source": source.mechanism, "replicate": parts[BASE]["replicates"]}
        runs.append(pd.DataFrame({**named, "gain": gain, "cost": cost, "moved": moved}))
    return {"worth": pd.DataFrame(rows, columns=list(COLUMNS)), "runs": pd.concat(runs, ignore_index=True)}


def gain_and_cost(part: Part, base: Part, source: MoneySource, funds_cost: float) -> tuple[Array, Array]:
    """Change in welfare before the money is paid, and the money, (n,) each, billion yuan, discounted."""

    def change(measure: str) -> Array:
        return np.asarray(part[f"total:{measure}"] - base[f"total:{measure}"])

    cost = change("public_discounted" if source.public else "private_discounted")
    return change("welfare") + (funds_cost if source.public else 1.0) * cost, cost


def worth_of(gain: Array, cost: Array, moved: Any, needed: float) -> tuple[Any, ...]:
    """The columns of a source from `worth` to `cost`."""
    found = ratio_interval(gain, cost)
    low, high = (np.nan, np.nan) if found is None else (float(found.low), float(found.high))
    per_yuan = gain / cost.mean() if cost.mean() != 0 else np.full(len(gain), np.nan)
    still = ~moved
    unchanged = gain[still].sum() / cost[still].sum() if cost[still].sum() != 0 else np.nan
    return (
        float(per_yuan.mean()),
        low,
        high,
        WORTH if low > needed else NOT_WORTH if high < needed else OPEN,
        float(np.median(per_yuan)),
        trimmed_mean(per_yuan),
        top_tenth(gain),
        float(moved.mean()),
        float(unchanged),
        float(mean_interval(gain).estimate),
        float(mean_interval(cost).estimate),
    )


def trimmed_mean(values: Array) -> float:
    """Mean without a tenth of the values at either end (the whole number below); NaN of fewer than ten.

    Example:
        >>> trimmed_mean(np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 1000]))
        4.5
    """
    cut = len(values) // TENTH
    return float(np.sort(values)[cut : len(values) - cut].mean()) if cut else float("nan")


def top_tenth(gain: Array) -> float:
    """Share of a sum that the highest tenth of the values holds; NaN of fewer than ten or where it is not above zero.

    Example:
        >>> top_tenth(np.array([0.0, 1, 1, 1, 1, 1, 1, 1, 1, 8]))
        0.5
    """
    count, whole = len(gain) // TENTH, gain.sum()
    return float(np.sort(gain)[-count:].sum() / whole) if count and whole > 0 else float("nan")
