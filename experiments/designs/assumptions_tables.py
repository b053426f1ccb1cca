"""Table `importance`: how far each assumption, at each end of its range, shifts the difference the design makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.designs.assumptions import Trial, Trials
from qipan.experiments.designs.precision import measured
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.statistics.multiplicity import holm
from qipan.experiments.statistics.paired import Array, mean_interval, p_value, t_quantile
from qipan.experiments.summaries.scores import FOLLOWED
from qipan.experiments.summaries.single import TOTAL, frame

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.runs.plan import RunPlan
    from qipan.experiments.store.parts import PartStore
    from qipan.model.parameters import Run

ERROR = 0.05
"""Chance of any false statement about a shift, and about a sign, over all ends of a measure together (Holm)."""
RowNumbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TrialScores:
    """One arm's replicates (n,) and, by measure, its values (n,)."""

    replicates: RowNumbers
    values: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Shifted:
    """What one trial did to one measure: the shift, and the difference there, each with 95% interval and p-value."""

    shift: float
    low: float
    high: float
    p: float
    difference: float
    difference_low: float
    difference_high: float
    difference_p: float
    n: int


def collect(plan: RunPlan, store: PartStore) -> list[TrialScores | None]:
    """What is stored of each arm of the trials' plan; None where a part is missing or no replicate succeeded."""
    pieces: list[list[Any]] = [[] for _ in plan.arms]
    missing = set()
    for task in plan.tasks():
        if not store.path(task.key).exists():
            missing.add(task.arm)
            continue
        part = store.read(task.key)
        if "replicates" in part:
            pieces[task.arm].append(part)
    return [None if place in missing or not parts else _scores(parts) for place, parts in enumerate(pieces)]


def _scores(parts: list[Any]) -> TrialScores:
    values = {
        name: np.concatenate([_kept(part, name) for part in parts])
        for name in FOLLOWED
        if all(f"total:{name}" in part or f"told:{name}" in part for part in parts)
    }
    return TrialScores(np.concatenate([part["replicates"] for part in parts]), values)


def _kept(part: Mapping[str, Any], name: str) -> Array:
    return np.asarray(part[f"total:{name}"] if f"total:{name}" in part else part[f"told:{name}"], dtype=np.float64)


def of_comparison(gathered: Gathered, place: int, run: Run) -> TrialScores:
    """The same of an arm of the comparison itself, in whose year trials are told."""
    part = gathered.parts[place]
    values = {
        name: np.asarray(measured(part, name, run), dtype=np.float64)
        for name in FOLLOWED
        if f"total:{name}" in part or f"year:{name}" in part
    }
    return TrialScores(np.asarray(part["replicates"]), values)


@dataclass(frozen=True)
class Whole:
    """A mean difference over all replicates of the comparison: mean, variance of that mean, p-value, replicates."""

    mean: float
    variance: float
    p: float
    n: int


def whole_of(row: Mapping[str, Any]) -> Whole:
    """The same from a row of table `differences`, whatever was kept of its replicates."""
    n = int(row["n"])
    error = (float(row["high"]) - float(row["low"])) / (2.0 * t_quantile(n - 1.0)) if n > 1 else np.inf
    return Whole(float(row["mean"]), error * error, chance(float(row["mean"]), error, n - 1.0), n)


def shifted(here: Array, there: Array, whole: Whole) -> Shifted:
    """The shift of a mean difference, and the difference it leads to.

    The difference at the values used is known from all N replicates, the shift from n of them. So the difference at the
    end is mean_N(d) + mean_n(s), with variance var(d)/N + var(s)/n + 2 cov(d, s)/N (two-phase sampling); with n = N it
    is the plain mean of what was run there.

    Args:
        here: Paired differences at the values used of the n replicates, at least 2, that were run at the end.
        there: Those at the end, (n,).
        whole: The difference at the values used over all N.
    """
    shifts, n = there - here, len(here)
    interval = mean_interval(shifts)
    covariance = np.cov(here, shifts)
    variance = whole.variance + covariance[1, 1] / n + 2.0 * covariance[0, 1] / whole.n
    middle = whole.mean + float(interval.estimate)
    error = float(np.sqrt(max(variance, 0.0)))
    half = t_quantile(n - 1.0) * error
    return Shifted(
        float(interval.estimate),
        float(interval.low),
        float(interval.high),
        float(p_value(shifts)),
        middle,
        middle - half,
        middle + half,
        chance(middle, error, n - 1.0),
        n,
    )


def chance(mean: float, error: float, degrees: float) -> float:
    """Two-sided p of Student's t that a mean with this standard error is zero: 1 at zero, 0 when it has no error."""
    from scipy.special import stdtr

    if mean == 0.0 or error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2.0 * stdtr(degrees, -abs(mean) / error))


def importance_table(
    trials: Trials, done: list[TrialScores | None], gathered: Gathered, arm: str, differences: pd.DataFrame, run: Run
) -> pd.DataFrame:
    """Table `importance`: two rows (low and high end) for each assumption and measure, largest swing first.

    Args:
        trials: What was tried.
        done: What was stored of each of the trials' scenarios.
        gathered: Of the comparison; replicates that its parts do not list are left out of the shifts.
        arm: Name of the arm that is set against the baseline.
        differences: The comparison's table of that name.
        run: Of the comparison: measures of a year are told in its programme's last.
    """
    base, design = (of_comparison(gathered, place, run) for place in (0, trials.design))
    told = differences[(differences["arm"] == arm) & differences["year"].isin((TOTAL, str(run.programme_end)))]
    rows: list[tuple[Any, ...]] = []
    for measure in FOLLOWED:
        known = told[told["measure"] == measure]
        if measure not in base.values or known.empty:
            continue
        whole = whole_of(known.iloc[0].to_dict())
        found = [
            (trial, one) for trial in trials.trials if (one := _of_trial(trial, measure, done, (base, design), whole))
        ]
        rows += _rows(arm, measure, found, whole)
    return frame("importance", rows)


def _of_trial(
    trial: Trial, measure: str, done: list[TrialScores | None], used: tuple[TrialScores, TrialScores], whole: Whole
) -> Shifted | None:
    """One trial on one measure, over the replicates that all arms concerned have; None with fewer than two."""
    at_end = [here if place is None else done[place] for place, here in zip(trial.arms, used, strict=True)]
    if at_end[0] is None or at_end[1] is None:
        return None
    four = (*used, at_end[0], at_end[1])
    common = four[0].replicates
    for one in four[1:]:
        common = np.intersect1d(common, one.replicates)
    values = [one.values[measure][np.searchsorted(one.replicates, common)] for one in four]
    if len(common) < 2 or not all(np.isfinite(column).all() for column in values):
        return None
    return shifted(values[1] - values[0], values[3] - values[2], whole)


def _rows(arm: str, measure: str, found: list[tuple[Trial, Shifted]], whole: Whole) -> list[tuple[Any, ...]]:
    """The rows of one measure, corrected over all of them, largest swing first."""
    moved = holm(np.array([one.p for _, one in found]))
    told = holm(np.array([one.difference_p for _, one in found]))
    swings: dict[str, list[float]] = {}
    for trial, one in found:
        swings.setdefault(trial.parameter.path, [0.0]).append(one.shift)
    now = float(np.sign(whole.mean)) if whole.p <= ERROR else 0.0
    rows = [
        (
            arm,
            measure,
            trial.parameter.path,
            trial.parameter.grade,
            trial.used,
            trial.end,
            trial.value,
            one.shift,
            one.low,
            one.high,
            p,
            one.difference,
            one.difference_low,
            one.difference_high,
            sign_word(now, float(np.sign(one.difference)) if sure <= ERROR else 0.0),
            max(swings[trial.parameter.path]) - min(swings[trial.parameter.path]),
            one.n,
        )
        for (trial, one), p, sure in zip(found, moved, told, strict=True)
    ]
    return sorted(rows, key=lambda row: -row[-2])


def sign_word(before: float, after: float) -> str:
    """What becomes of a difference's sign (0: cannot be told from zero): "keeps", "turns", "opens" or "settles".

    Example:
        >>> sign_word(1.0, 1.0), sign_word(1.0, -1.0), sign_word(1.0, 0.0), sign_word(0.0, 1.0), sign_word(0.0, 0.0)
        ('keeps', 'turns', 'opens', 'settles', 'keeps')
    """
    if before == after:
        return "keeps"
    if before and after:
        return "turns"
    return "opens" if before else "settles"
