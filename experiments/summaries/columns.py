"""What a summary knows of a block: columns with a row for each replicate, made of the parts of all its arms together.

Columns come in groups, named `KIND/ARM` with the position of the arm:

* `value` every (measure, year) and whole-run measure, in the order of `single.columns_of`; `difference` the same less
  the baseline's, `ours` and `theirs` the two where both are finite (only in blocks in which some are not);
* `fan` output by year and region with a target; `money` by mechanism and stage, see `money_columns`;
* `obtained`, `met`, `shortfall`, `reached` of each target: value in its year, whether that is enough, share missed,
  and the year of the run in which its level is reached;
* `region`, `gain` discounted output of each region, and what it gains against the baseline; `welfare`, `transfer` what
  it gains in welfare and in net transfers;
* `borne`, `borne-against` every measure of one region, and the same less the baseline's;
* `votes` share of votes for the arm, by each weight.

`pair/KEY` are the differences between any two arms, `first/KEY` each arm's part in being best (ties shared), by the
keys of `ranking.ranked_columns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.summaries.paired import (
    AGAINST,
    BORNE,
    GAIN,
    REGIONAL,
    borne,
    is_obtained,
    target_paths,
    vote_shares,
    vote_weights,
)
from qipan.experiments.summaries.ranking import ranked_columns, ranked_values
from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.single import TOTAL, names_of
from qipan.experiments.summaries.targets import at_scope, scopes, shortfall

if TYPE_CHECKING:
    from qipan.model.parameters.market import Market
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

Array = NDArray[np.float64]
WITH_QUANTILES = ("value", "difference", "fan", "money", "obtained", "shortfall", "reached", "votes")
"""Kinds of groups of which quantiles are kept."""
MET = ("met", "narrow", "wide")
"""Whether a target is met: at the scope that is set, at the narrowest and at the widest (`targets.scopes`)."""


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """What columns need beside parts: calendar years, the one in which measures of a year are told, the world, and the
    market of each arm (value added, scope).
    """

    years: tuple[int, ...]
    told: int
    world: World
    markets: tuple[Market, ...]


def setting_of(arms: Sequence[Scenario], world: World) -> ColumnFacts:
    """The setting of some arms in their world."""
    run = arms[0].run
    years = tuple(range(run.first_year, run.last_year + 1))
    return ColumnFacts(years, run.programme_end, world, tuple(arm.world.market for arm in arms))


def block_columns(parts: Sequence[Part], setting: ColumnFacts) -> dict[str, Array]:
    """Every group of a block, (n, column) each.

    Args:
        parts: Of all arms, rows the same replicates.
        setting: Years and world.
    """
    groups: dict[str, Array] = {}
    for place, part in enumerate(parts):
        groups[f"value/{place}"] = values_of(part, setting.years)
        groups[f"fan/{place}"] = part["fan:output"].reshape(len(part["replicates"]), -1)
        groups[f"money/{place}"] = money_columns(part)
        groups[f"region/{place}"] = part[f"region:{GAIN}"]
        groups[f"{BORNE}/{place}"] = borne(part)
        groups |= {f"{kind}/{place}": values for kind, values in _targets(part, place, setting).items()}
        if place:
            groups |= {f"{kind}/{place}": values for kind, values in _against(groups, place).items()}
            groups[f"{AGAINST}/{place}"] = groups[f"{BORNE}/{place}"] - groups[f"{BORNE}/0"]
            for kind, measure in REGIONAL.items():
                groups[f"{kind}/{place}"] = part[f"region:{measure}"] - parts[0][f"region:{measure}"]
            gains = _gains(groups[f"gain/{place}"])
            weights = vote_weights(setting.world.population, parts[0][f"region:{GAIN}"].mean(axis=0))
            groups[f"votes/{place}"] = vote_shares(gains, weights)
    for key, (measure, _, place) in ranked_columns(parts[0], setting.years, setting.told).items():
        values = ranked_values(parts, measure, place)
        if values is not None:
            groups[f"pair/{key}"], groups[f"first/{key}"] = _between(values), _best(values, measure)
    return groups


def block_counts(groups: dict[str, Array]) -> dict[str, NDArray[np.int64]]:
    """Whole numbers a block adds to counts, by column of a group; a missing value counts nowhere.

    Of `difference` and `gain` twice the positive values plus the ties; of `votes` and `MET` twice those above one half.
    """
    found = {}
    for name, values in groups.items():
        kind = name.partition("/")[0]
        if kind in ("difference", "gain", "votes", *MET):
            finite = np.isfinite(values)
            known = values if finite.all() else np.where(finite, values, -1.0)
            if kind in ("votes", *MET):
                found[name] = 2 * np.count_nonzero(known > 0.5, axis=0)
            else:
                found[name] = 2 * np.count_nonzero(known > 0.0, axis=0) + np.count_nonzero(known == 0.0, axis=0)
    return found


def names_of_values(part: Part, years: Sequence[int]) -> list[list[str]]:
    """Measure and year of each column of `values_of`."""
    names = [[name, str(year)] for name in names_of(part, "year") for year in years]
    return names + [[name, TOTAL] for name in names_of(part, "total")]


def values_of(part: Part, years: Sequence[int]) -> Array:
    """Every measure and year of a part beside each other, (n, column)."""
    pieces = [part[f"year:{name}"][:, : len(years)] for name in names_of(part, "year")]
    return np.concatenate([*pieces, *(part[f"total:{name}"][:, None] for name in names_of(part, "total"))], axis=1)


def money_columns(part: Part) -> Array:
    """Money used by mechanism and stage, then by mechanism, then offered, returned and lost by mechanism."""
    used = part["money:used"]
    whole = np.add.reduce(used, axis=-1)
    rest = [part[f"money:{name}"] for name in ("offered", "returned", "lost")]
    return np.concatenate([used.reshape(len(used), -1), whole, *rest], axis=1)


def pairs_of(arms: int) -> list[tuple[int, int]]:
    """Any two arms, in the order of the columns of `pair`."""
    return list(combinations(range(arms), 2))


def _between(values: Array) -> Array:
    """Differences between any two arms, (n, pair)."""
    chosen = pairs_of(values.shape[1])
    return values[:, [one for one, _ in chosen]] - values[:, [other for _, other in chosen]]


def _best(values: Array, measure: str) -> Array:
    """Each arm's part in being best, (n, arm), rows sum to one."""
    from qipan.model.measures import MEASURES

    signed = values if MEASURES[measure].direction == "higher is better" else -values
    top = signed == signed.max(axis=1, keepdims=True)
    return np.asarray(top / np.maximum(top.sum(axis=1, keepdims=True), 1))


def _against(groups: dict[str, Array], place: int) -> dict[str, Array]:
    """An arm against the first: differences of all values."""
    ours, theirs = groups[f"value/{place}"], groups["value/0"]
    good = np.isfinite(ours) & np.isfinite(theirs)
    if good.all():
        return {"difference": ours - theirs}
    ours, theirs = np.where(good, ours, 0.0), np.where(good, theirs, 0.0)
    return {
        "difference": np.where(good, ours - theirs, np.nan),
        "ours": np.where(good, ours, np.nan),
        "theirs": np.where(good, theirs, np.nan),
    }


def _gains(gain: Array) -> Array:
    """One for a region that gains, one half for a tie."""
    return (gain > 0) + 0.5 * (gain == 0)


def _targets(part: Part, place: int, setting: ColumnFacts) -> dict[str, Array]:
    """What was obtained of each target, the share missed, and in which year of the run it was reached (from 1)."""
    found: dict[str, list[Array]] = {kind: [] for kind in (*MET, "obtained", "shortfall", "reached")}
    market = setting.markets[place]
    for target, path in target_paths(part, setting.years, setting.world, market):
        obtained = path[:, setting.years.index(target.year)]
        reached = path >= target.value
        found["obtained"].append(obtained)
        for kind, scope in zip(MET, (market.scope, *scopes()), strict=True):
            found[kind].append(is_obtained(at_scope(obtained, target, market, scope), target) * 1.0)
        found["shortfall"].append(shortfall(obtained, target.value))
        found["reached"].append(np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.nan))
    return {kind: np.stack(columns, axis=1) for kind, columns in found.items() if columns}
