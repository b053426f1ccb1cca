"""Tables of a sweep: tidy runs, differences by point, regret and satisficing by arm, and where each arm is best.

`cells` maps (point, arm) to a part; within a point the rows of all arms are the same replicates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.designs.sweep_file import WELFARE
from qipan.experiments.statistics.estimates import estimated
from qipan.experiments.statistics.multiplicity import benjamini_hochberg, holm, rank_arms
from qipan.experiments.statistics.paired import IDENTICAL, Array, mean_interval, p_value, verdict, wilson_interval
from qipan.experiments.statistics.resampling import resample_counts
from qipan.experiments.summaries.rows import Part
from qipan.model.scenario.table import parameter_table

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.designs.sweep_points import Point

PointParts = Mapping[tuple[int, str], Part]
RESAMPLES = 500
FALSE_SHARE = 0.05
HELPS, HURTS, UNCLEAR = "helps", "hurts", "not distinguishable"
OUTCOMES = (HELPS, UNCLEAR, IDENTICAL, HURTS)


def measured(part: Part, measure: str) -> Array:
    """A measure's values (n,): of the whole run, or in the year told."""
    return np.asarray(part[f"total:{measure}"] if f"total:{measure}" in part else part[f"told:{measure}"])


def points_table(points: Sequence[Point]) -> pd.DataFrame:
    """Table `points`: number of the point, then a column for each parameter."""
    import pandas as pd

    table = pd.DataFrame([dict(point) for point in points])
    table.insert(0, "point", range(len(points)))
    return table


def still_parameters(points: Sequence[Point], cells: PointParts, measures: Sequence[str]) -> list[str]:
    """Parameters that move nothing: wherever points differ in one alone, every measure of every arm is the same.

    One that no two points differ in alone is not among them: of it nothing is known.
    """
    arms = list(dict.fromkeys(arm for _, arm in cells))
    run = sorted({point for point, _ in cells})
    found = []
    for key in points[0]:
        alike: dict[tuple[Any, ...], list[int]] = {}
        for point in run:
            alike.setdefault(tuple(value for name, value in points[point].items() if name != key), []).append(point)
        groups = [group for group in alike.values() if len(group) > 1]
        if groups and all(
            _same(cells[group[0], arm], cells[other, arm], measures)
            for group in groups
            for other in group[1:]
            for arm in arms
        ):
            found.append(key)
    return found


def _same(one: Part, other: Part, measures: Sequence[str]) -> bool:
    return one is other or all(
        np.array_equal(measured(one, name), measured(other, name), equal_nan=True) for name in measures
    )


def runs_table(cells: PointParts, measures: Sequence[str]) -> pd.DataFrame:
    """Table `runs`: a row for each point, arm and replicate, a column for each measure."""
    import pandas as pd

    frames = [
        pd.DataFrame(
            {
                "point": point,
                "arm": arm,
                "replicate": part["replicates"],
                **{name: measured(part, name) for name in measures},
            }
        )
        for (point, arm), part in cells.items()
    ]
    return pd.concat(frames, ignore_index=True)


def differences_table(cells: PointParts, arms: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Table `differences`: each arm less the first at every point, with the verdict.

    The verdict keeps the expected share of false ones among all verdicts of an arm and measure, over the points, at 5%
    (Benjamini and Hochberg 1995); p_adjusted is theirs.
    """
    import pandas as pd

    from qipan.model.measures import MEASURES

    frames = []
    for point in sorted({point for point, _ in cells}):
        base = np.stack([measured(cells[point, arms[0]], name) for name in measures], axis=1)
        for arm in arms[1:]:
            values = np.stack([measured(cells[point, arm], name) for name in measures], axis=1) - base
            good = np.isfinite(values).all(axis=0)
            table = estimated(np.where(good, values, 0.0), [MEASURES[name].direction for name in measures])
            table.loc[~good, ["mean", "low", "high", "boot_low", "boot_high", "median", "q05", "q95"]] = np.nan
            for place, (name, content) in enumerate(
                (("point", point), ("arm", arm), ("measure", list(measures)), ("baseline_mean", base.mean(axis=0)))
            ):
                table.insert(place, name, content)
            frames.append(table)
    return corrected_over_points(pd.concat(frames, ignore_index=True))


def corrected_over_points(table: pd.DataFrame) -> pd.DataFrame:
    """P-values adjusted over the points of each arm and measure, and verdicts that follow them."""
    from qipan.model.measures import MEASURES

    table["p_adjusted"] = table.groupby(["arm", "measure"])["p"].transform(
        lambda chances: benjamini_hochberg(chances.to_numpy(dtype=float))
    )
    table["verdict"] = [
        verdict(row.low, row.high, MEASURES[row.measure].direction, row.p_adjusted <= FALSE_SHARE)
        for row in table.itertuples()
    ]
    return table


def robustness_table(cells: PointParts, arms: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Table `robustness`: regret of each arm over the points, and the share of points where it is not below the first.

    Regret at a point is the best arm's mean less this arm's. max_regret_low, _high and mean_regret_low, _high: 95%
    bootstrap over replicates, the same resample at every point. Where arms are alike, noise alone makes regret
    positive: read it with `best`. satisficing: points where the mean is at least the baseline's; surely, possibly:
    points where the whole 95% interval is, and where some of it is. best: points where the mean is the best; proven:
    points where it is better than every other arm (Holm).
    """
    import pandas as pd

    from qipan.model.measures import MEASURES

    rows = []
    for name in measures:
        sign = {"higher is better": 1.0, "lower is better": -1.0, "neutral": 0.0}[MEASURES[name].direction]
        values = [
            np.stack([sign * measured(cells[point, arm], name) for arm in arms], axis=1)
            for point in sorted({point for point, _ in cells})
        ]
        if sign and all(np.isfinite(value).all() for value in values):
            rows += _robust_rows(name, arms, values)
    head = [
        "measure",
        "arm",
        "max_regret",
        "max_regret_low",
        "max_regret_high",
        "mean_regret",
        "mean_regret_low",
        "mean_regret_high",
        "satisficing",
        "satisficing_low",
        "satisficing_high",
        "surely",
        "possibly",
        "best",
        "proven",
        "points",
    ]
    return pd.DataFrame(rows, columns=head)


def _robust_rows(name: str, arms: Sequence[str], values: list[Array]) -> list[tuple[Any, ...]]:
    regret = np.stack([regret_of(value.mean(axis=0)) for value in values])
    drawn = resampled_regret(values)
    rows = []
    for place, arm in enumerate(arms):
        ends = [np.quantile(drawn[kind][:, place], (0.025, 0.975)) for kind in ("max", "mean")]
        apart = estimated(
            np.stack([value[:, place] - value[:, 0] for value in _common(values)], axis=1), ["neutral"] * len(values)
        )
        share = float((apart["mean"] >= 0).mean())
        wilson = wilson_interval(share, len(values))
        best, proven = _best(arms, values, arm)
        rows.append(
            (
                name,
                arm,
                float(regret[:, place].max()),
                *map(float, ends[0]),
                float(regret[:, place].mean()),
                *map(float, ends[1]),
                share,
                float(wilson.low),
                float(wilson.high),
                float((apart["low"] >= 0).mean()),
                float((apart["high"] >= 0).mean()),
                best,
                proven,
                len(values),
            )
        )
    return rows


def _best(arms: Sequence[str], values: list[Array], arm: str) -> tuple[float, float]:
    """Shares of points where an arm's mean is the best, and where that is proven."""
    ranks = [{rank.name: rank for rank in rank_arms(value, arms)} for value in values]
    first = [max(rank.mean for rank in by_arm.values()) == by_arm[arm].mean for by_arm in ranks]
    sure = [by_arm[arm].worst == 1 for by_arm in ranks]
    return float(np.mean(first)), float(np.mean(sure))


def regret_of(means: Array) -> Array:
    """Best mean less each mean, over the last axis."""
    return np.asarray(means.max(axis=-1, keepdims=True) - means)


def _common(values: list[Array]) -> list[Array]:
    """The same number of replicates at every point, so that one resample serves all."""
    least = min(len(value) for value in values)
    return [value[:least] for value in values]


def resampled_regret(values: list[Array]) -> dict[str, Array]:
    """Max and mean regret over points in each bootstrap resample of replicates, (resample, arm)."""
    whole = np.stack(_common(values), axis=1)
    counts = resample_counts(len(whole), np.arange(RESAMPLES), seed=1) / len(whole)
    means = (counts @ whole.reshape(len(whole), -1)).reshape(RESAMPLES, *whole.shape[1:])
    regret = regret_of(means)
    return {"max": regret.max(axis=1), "mean": regret.mean(axis=1)}


def volume_table(differences: pd.DataFrame, method: str) -> pd.DataFrame:
    """Table `volume`: share of the points where an arm helps, cannot be told apart, is identical, and hurts.

    low, high: Wilson's interval. Points of a Sobol sequence or Latin hypercube fill the volume more evenly than
    independent ones, so the interval is, if anything, too wide.
    """
    import pandas as pd

    rows = []
    for arm, column in outcomes(differences).items():
        for outcome in OUTCOMES:
            share = wilson_interval(float((column == outcome).mean()), len(column))
            ends = (float(end) for end in (share.estimate, share.low, share.high))
            rows.append((arm, WELFARE, outcome, *ends, len(column), method))
    return pd.DataFrame(rows, columns=["arm", "criterion", "outcome", "share", "low", "high", "points", "sampler"])


BEST = ("arm", "point", "mean", "low", "high", "alike", "alike_points", "edges", "points")
NEAR = 0.05
"""Share of a range from its end on within which a sampled point lies at its edge."""


def best_table(cells: PointParts, arms: Sequence[str], points: pd.DataFrame, grid: bool) -> pd.DataFrame:
    """Table `best_points`: of each arm the point with the largest mean gain in welfare against the first arm.

    alike: the other points that cannot be told apart from it (gains paired by replicate, Holm over all points, 5%), by
    their numbers in `alike_points`; edges: parameters of which it lies at an end of what was tried, where the table of
    parameters allows to go on; mean, low, high: of the gain at that point, not corrected for its having been chosen.
    """
    import pandas as pd

    rows = []
    for arm in arms[1:]:
        gains = {}
        for point in sorted({point for point, _ in cells}):
            ours, theirs = cells[point, arm], cells[point, arms[0]]
            gains[point] = pd.Series(measured(ours, WELFARE) - measured(theirs, WELFARE), index=ours["replicates"])
        table = pd.DataFrame(gains).dropna()
        if table.shape[1] < 2 or len(table) < 2:
            continue
        best = int(table.mean().idxmax())
        others = table.drop(columns=best)
        chances = holm(p_value(others.to_numpy() - table[[best]].to_numpy()))
        alike = [str(point) for point, chance in zip(others.columns, chances, strict=True) if chance > FALSE_SHARE]
        found = mean_interval(table[best].to_numpy())
        ends = (float(found.estimate), float(found.low), float(found.high))
        edges = edges_of(points, best, grid)
        rows.append((arm, best, *ends, len(alike), ", ".join(alike), ", ".join(edges), table.shape[1]))
    return pd.DataFrame(rows, columns=list(BEST))


def edges_of(points: pd.DataFrame, best: int, grid: bool) -> list[str]:
    """Parameters of which a point lies at an end of what was tried and beyond which more is allowed: "KEY low"."""
    found = []
    for key in points.columns.drop("point"):
        values, row = points[key], parameter_table().get(str(key))
        low, high = (row.allowed if row is not None and row.allowed else None) or (-np.inf, np.inf)
        if values.dtype.kind not in "iuf" or values.nunique() < 2:
            continue
        here, ends = float(values[points["point"] == best].iloc[0]), (float(values.min()), float(values.max()))
        room = 0.0 if grid else NEAR * (ends[1] - ends[0])
        if here <= ends[0] + room and ends[0] > low:
            found.append(f"{key} low")
        elif here >= ends[1] - room and ends[1] < high:
            found.append(f"{key} high")
    return found


def outcomes(differences: pd.DataFrame) -> dict[str, pd.Series]:
    """By arm, what it does to welfare at each point, in the order of the points; empty without welfare."""
    table = differences[differences["measure"] == WELFARE].sort_values("point", kind="stable")
    words = table["verdict"].map({"better": HELPS, "worse": HURTS, IDENTICAL: IDENTICAL}).fillna(UNCLEAR)
    return {str(arm): rows for arm, rows in words.groupby(table["arm"], sort=False)}
