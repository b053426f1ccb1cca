"""The searched set: every set of levers at three levies with true values, beside no coordinator, the design as it is,
and information alone. Its best in each replicate bounds what any policy of the set can gain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.findings.quoted.searched import BOUND, DESIGN, FIXED
from qipan.experiments.statistics.paired import Array, mean_interval, ratio_interval
from qipan.experiments.statistics.shapley import combinations_of
from qipan.experiments.summaries.family import COORDINATION
from qipan.experiments.summaries.rows import Part
from qipan.model.extend.registry import LEVERS
from qipan.model.parameters.stretches import without

if TYPE_CHECKING:
    import pandas as pd

    from qipan.model.scenario import Scenario

NONE, INFORMATION = "none", "information"
LEVIES = (0.0, 0.2, 0.4)


def searched_arms(scenario: Scenario) -> dict[str, Scenario]:
    """The arms of the set by name: "none", "design", "information", "key_areas+ecosystem-at-0.2", ...

    With true values means no error, true fit, no delay, full compliance. At a levy of zero no lever has money to
    spend: lists are published and followed, nothing is co-funded. Without a lever there is nothing to levy for, so that
    set stands once.
    """
    design = {f"{COORDINATION}arm": "design", f"{COORDINATION}plan": []}
    off = {f"{COORDINATION}{lever}": False for lever in LEVERS}
    found = {
        NONE: _made(scenario, {**off, **design, f"{COORDINATION}arm": "none", f"{COORDINATION}information": False}),
        DESIGN: scenario,
        INFORMATION: _made(scenario, {**off, **design, f"{COORDINATION}information": True}),
    }
    for levers in combinations_of(tuple(LEVERS)):
        for levy in LEVIES if levers else LEVIES[:1]:
            on = {f"{COORDINATION}{lever}": lever in levers for lever in LEVERS}
            settings = {**design, **on, f"{COORDINATION}arm": "oracle", f"{COORDINATION}levy": levy}
            found[arm_name(levers, levy)] = _made(scenario, settings)
    return found


def arm_name(levers: tuple[str, ...], levy: float) -> str:
    """The name of an arm with true values.

    Example:
        >>> arm_name(("key_areas", "ecosystem"), 0.2), arm_name((), 0.0)
        ('key_areas+ecosystem-at-0.2', 'no-lever')
    """
    return f"{'+'.join(levers)}-at-{levy:g}" if levers else "no-lever"


def _made(scenario: Scenario, settings: Mapping[str, Any]) -> Scenario:
    """A scenario with settings of the coordinator that hold in every year."""
    given = dict(settings)
    if scenario.policy.timeline:
        given["policy.timeline"] = without(
            scenario.policy.timeline, [key.removeprefix("policy.") for key in given if key.startswith(COORDINATION)]
        )
    return scenario.replace(**given)


def searched_tables(parts: Mapping[str, Part]) -> dict[str, pd.DataFrame]:
    """Tables `arms`, what each arm of the set gains against no coordinator, and `bound`, what the best of them gains.

    Args:
        parts: Scores by arm, "none" among them; rows of all are the same replicates.
    """
    import pandas as pd

    names = list(parts)
    welfare = np.stack([parts[name]["total:welfare"] for name in names], axis=1)
    gains = welfare - welfare[:, [names.index(NONE)]]
    best = gains.max(axis=1)
    chosen, halves = best_fixed(gains)
    found = mean_interval(gains)
    first = (gains == best[:, None]) / (gains == best[:, None]).sum(axis=1, keepdims=True)
    arms = pd.DataFrame(
        {
            "arm": names,
            "mean": found.estimate,
            "low": found.low,
            "high": found.high,
            "median": np.median(gains, axis=0),
            "probability_best": first.mean(axis=0),
            **_shares(gains, best),
            "n": len(gains),
        }
    )
    rows = [(BOUND, "", *_interval(best), len(best))]
    rows += [(FIXED, names[chosen], *_interval(halves[1]), len(halves[1]))]
    rows += [(f"{FIXED}_own_half", names[chosen], *_interval(halves[0]), len(halves[0]))]
    bound = pd.DataFrame(rows, columns=["quantity", "arm", "mean", "low", "high", "n"])
    order = arms["mean"].sort_values(ascending=False, kind="stable").index
    return {"arms": arms.loc[order].reset_index(drop=True), "bound": bound}


def best_fixed(gains: Array) -> tuple[int, tuple[Array, Array]]:
    """The arm with the highest mean over the replicates of even place, and its gains in those and in the others.

    The second half had no part in the choice: its mean is not flattered by it.
    """
    even, odd = gains[::2], gains[1::2]
    chosen = int(np.argmax(even.mean(axis=0)))
    return chosen, (even[:, chosen], odd[:, chosen])


def _interval(values: Array) -> tuple[float, float, float]:
    found = mean_interval(values)
    return float(found.estimate), float(found.low), float(found.high)


def _shares(gains: Array, best: Array) -> dict[str, Array]:
    """Each arm's mean gain as a share of the bound, with Fieller's interval; NaN where the bound may be zero."""
    ratios = [ratio_interval(gains[:, place], best) for place in range(gains.shape[1])]
    ends = {"share": "estimate", "share_low": "low", "share_high": "high"}
    return {
        name: np.array([np.nan if one is None else float(getattr(one, end)) for one in ratios])
        for name, end in ends.items()
    }
