"""Tables of an attribution: shares, effects, interactions, costs, targets, and which order of levers may be claimed.

`scores` everywhere maps an arm's key to its part (see `qipan.experiments.summaries.scores`); rows of all
parts are the same replicates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.designs.levers import Layout
from qipan.experiments.statistics import shapley as attribution
from qipan.experiments.statistics.estimates import estimated
from qipan.experiments.statistics.multiplicity import rank_arms
from qipan.experiments.statistics.paired import Array, mean_interval, ratio_interval
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.scores import COST
from qipan.experiments.summaries.targets import is_met, shortfall
from qipan.model.extend.registry import LEVERS

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.world import World

Scores = Mapping[str, Part]
WELFARE = "welfare"
TOTAL, REMAINDER = "all_levers", "interactions_of_three_or_more"
MEASURES = (
    WELFARE,
    "output_discounted",
    "lost_share",
    "output_total",
    "investment_duplication",
    "layout_cosine_excess",
    "excess_entry",
    "idle_share",
    "breakthroughs",
    "adopters",
    "leverage",
    "arrears_total",
)
"""Measures attributed unless others are asked for: whole-run ones, and yearly ones in the year told."""


def measured(part: Part, names: Iterable[str]) -> list[str]:
    """Keys of a part ("total:welfare", "told:idle_share") for the measures it holds."""
    return [key for name in names for key in (f"total:{name}", f"told:{name}") if key in part]


def value_table(scores: Scores, arms: Sequence[str], keys: Sequence[str]) -> Array:
    """(replicate, arm, key) values."""
    return np.stack([np.stack([scores[arm][key] for key in keys], axis=-1) for arm in arms], axis=1)


def finite_keys(scores: Scores, arms: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Keys whose values are finite in every arm and replicate."""
    return [key for key in keys if all(np.isfinite(scores[arm][key]).all() for arm in arms)]


def direction_of(key: str) -> str:
    """Direction of the measure behind a key; a met target is good, a shortfall is not, money is neither."""
    from qipan.model.measures import MEASURES as DECLARED

    kind, _, name = key.partition(":")
    if kind in ("met", "shortfall"):
        return "higher is better" if kind == "met" else "lower is better"
    return DECLARED[name].direction if name in DECLARED else "neutral"


def shares_of(values: Array, layout: Layout) -> Array:
    """Share of each lever, then what is left of the total: (replicate, L + 1, column); they sum to the total.

    With all combinations the shares are Shapley's and nothing is left. With the half fraction they are main effects,
    and what is left are interactions of three levers or more.
    """
    count = len(LEVERS)
    total = values[:, -1] - values[:, 0]
    if layout.full:
        shares = attribution.shapley_shares(values)
    else:
        half = [place for place, number in enumerate(layout.numbers) if number]
        numbers = tuple(layout.numbers[place] for place in half)
        shares = attribution.fraction_effects(values[:, half], numbers, count)
    left = total - shares.sum(axis=1) if not layout.full else np.zeros_like(total)
    return np.concatenate([shares, left[:, None]], axis=1)


def shares_table(scores: Scores, layout: Layout, keys: Sequence[str]) -> pd.DataFrame:
    """Table `shares`: measure, lever (also all levers together), its share of the total with intervals."""
    values = value_table(scores, layout.combinations, keys)
    shares = shares_of(values, layout)
    names = [*LEVERS, REMAINDER, TOTAL] if not layout.full else [*LEVERS, TOTAL]
    rows = np.concatenate([shares[:, : len(names) - 1], shares.sum(axis=1, keepdims=True)], axis=1)
    table = _long(rows, names, keys)
    totals = table[table["lever"] == TOTAL].set_index("measure")
    sure = (totals["low"] > 0) | (totals["high"] < 0)
    whole = table["measure"].map(totals["mean"].where(sure))
    table.insert(2, "share_of_total", table["mean"] / whole)
    return table


def _long(values: Array, levers: Sequence[str], keys: Sequence[str], families: Any = None) -> pd.DataFrame:
    """(replicate, lever, key) estimated: a row for each measure and lever, corrected over the levers of a measure."""
    flat = values.transpose(0, 2, 1).reshape(len(values), -1)
    columns = [(key, lever) for key in keys for lever in levers]
    family = [key if lever in LEVERS else (key, lever) for key, lever in columns]
    table = estimated(flat, [direction_of(key) for key, _ in columns], family)
    table.insert(0, "measure", [key for key, _ in columns])
    table.insert(1, "lever", [lever for _, lever in columns])
    return table


def effects_table(scores: Scores, layout: Layout, keys: Sequence[str]) -> pd.DataFrame:
    """Table `effects`: what each lever does, seen six ways.

    main: averaged over all settings of the others; alone: from no lever; beside_all: what is lost without it; raw:
    alone and without information, against nobody; beyond_information: with information, against information alone;
    beyond_random: raw, against its random twin, which has the same money and random lists; a lever without a list has
    no twin and no such row.
    """
    import pandas as pd

    tables = []
    for comparison, values in _comparisons(scores, layout, keys):
        table = _long(values, tuple(layout.random if comparison == "beyond_random" else LEVERS), keys)
        table.insert(2, "comparison", comparison)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _comparisons(scores: Scores, layout: Layout, keys: Sequence[str]) -> Iterable[tuple[str, Array]]:
    def against(arms: Mapping[str, str], base: Mapping[str, str]) -> Array:
        chosen = [[table[lever] for lever in base] for table in (arms, base)]
        return value_table(scores, chosen[0], keys) - value_table(scores, chosen[1], keys)

    values = value_table(scores, layout.combinations, keys)
    if layout.full:
        yield "main", attribution.main_effects(values)
        yield "alone", attribution.first_effects(values)
        yield "beside_all", attribution.last_effects(values)
    yield "raw", against(layout.alone, dict.fromkeys(LEVERS, layout.none))
    yield "beyond_information", against(layout.informed, dict.fromkeys(LEVERS, layout.information))
    yield "beyond_random", against(layout.alone, layout.random)


def interactions_table(scores: Scores, layout: Layout, keys: Sequence[str]) -> pd.DataFrame:
    """Table `interactions`: how much one lever's step grows when another is on, for each pair; full factorial only."""
    import pandas as pd

    levers = tuple(LEVERS)
    pairs = [(i, j) for i in range(len(levers)) for j in range(i + 1, len(levers))]
    if not layout.full:
        return pd.DataFrame()
    values = attribution.interactions(value_table(scores, layout.combinations, keys))
    flat = np.stack([values[:, i, j] for i, j in pairs], axis=-1).reshape(len(values), -1)
    columns = [(key, levers[i], levers[j]) for key in keys for i, j in pairs]
    table = estimated(flat, [direction_of(key) for key, *_ in columns], [key for key, *_ in columns])
    for place, name in enumerate(("measure", "lever", "other")):
        table.insert(place, name, [column[place] for column in columns])
    return table


def costs_table(scores: Scores, layout: Layout, keys: Sequence[str]) -> pd.DataFrame:
    """Table `costs`: share of the coordinator's spending by lever, and cost for one unit of effect.

    Silent (NaN) where the lever's share of the effect is not distinguishable from zero: there is nothing to divide by.
    Intervals are Fieller's.
    """
    import pandas as pd

    values = value_table(scores, layout.combinations, [f"total:{COST}", *keys])
    shares = shares_of(values, layout)
    cost = mean_interval(shares[:, :, 0])
    rows = []
    for column, key in enumerate(keys, start=1):
        for place, lever in enumerate(LEVERS):
            ratio = ratio_interval(shares[:, place, 0], shares[:, place, column])
            ends = (np.nan,) * 3 if ratio is None else tuple(map(float, (ratio.estimate, ratio.low, ratio.high)))
            effect = float(shares[:, place, column].mean())
            rows.append((key, lever, *_three(cost, place), effect, *ends))
    head = ["measure", "lever", "cost", "cost_low", "cost_high", "effect", "cost_per_unit", "low", "high"]
    return pd.DataFrame(rows, columns=head)


def _three(interval: Any, place: int) -> tuple[float, float, float]:
    return float(interval.estimate[place]), float(interval.low[place]), float(interval.high[place])


def with_targets(scores: Scores, world: World) -> tuple[dict[str, Part], list[str]]:
    """Scores with `met:` (0 or 1) and `shortfall:` for each target they hold, and the names of those keys."""
    added: dict[str, Part] = {}
    for arm, part in scores.items():
        added[arm] = dict(part)
        for target in world.targets:
            values = part.get(f"target:{target.identifier}")
            if values is not None:
                added[arm][f"met:{target.identifier}"] = is_met(values, target.value, target.comparator) * 1.0
                added[arm][f"shortfall:{target.identifier}"] = shortfall(values, target.value)
    return added, [key for key in next(iter(added.values())) if key.startswith(("met:", "shortfall:"))]


def ranking_table(scores: Scores, layout: Layout) -> pd.DataFrame:
    """Table `ranking`: levers by their share of welfare.

    A lever is above another only when the paired difference survives Holm's correction. best, worst: the ranks that
    this leaves open.
    """
    import pandas as pd

    keys = [f"total:{WELFARE}"]
    shares = shares_of(value_table(scores, layout.combinations, keys), layout)[:, : len(LEVERS), 0]
    ranks = {rank.name: rank for rank in rank_arms(shares, tuple(LEVERS))}
    rows = [
        (rank.name, rank.mean, rank.best, rank.worst, ", ".join(sorted(rank.better_than)))
        for rank in sorted(ranks.values(), key=lambda rank: -rank.mean)
    ]
    return pd.DataFrame(rows, columns=["lever", WELFARE, "best", "worst", "above"])
