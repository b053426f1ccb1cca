"""What a study of many arms keeps of a block: one number a replicate and measure, no paths.

Attribution and sweeps run tens to thousands of arms, so their parts hold only what their tables look at. Arrays are
named `kind:name`:

* `replicates` (n,): which replicates succeeded;
* `total:MEASURE` (n,): measures of the whole run; `last:MEASURE` (n,): yearly measures in the last year;
* `target:IDENTIFIER` (n,): what was obtained in a target's year, in the target's own unit;
* `total:coordination_cost` (n,): what the coordinator spends or uses up, discounted, billion yuan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.partial import Part

if TYPE_CHECKING:
    from model.history import History
    from model.world import Target

Array = NDArray[np.float64]
COST = "coordination_cost"
VALUE_ADDED = "value_added"


def make_scores(history: History) -> Part:
    """Reduce a block's history to scores. Pure: the same history gives the same bytes."""
    from model.measures import MEASURES, compute

    part: Part = {"replicates": np.asarray(history.replicates, dtype=np.int64)}
    for name, values in compute(history).items():
        axes = tuple(MEASURES[name].axes)
        if axes == ("replicate", "year"):
            part[f"last:{name}"] = np.array(values[:, -1], dtype=np.float64)
        elif axes == ("replicate",):
            part[f"total:{name}"] = np.array(values, dtype=np.float64)
    for target in history.world.targets:
        if target.simulated and target.year in history.years:
            part[f"target:{target.identifier}"] = obtained(history, target)
    part[f"total:{COST}"] = coordination_cost(history)
    return part


def obtained(history: History, target: Target) -> Array:
    """What a target's region obtained in its year, in the target's unit, (n,)."""
    assert target.threshold is not None, "a simulated target has a threshold"
    place = history.world.region_codes.index(target.region)
    year = int(np.flatnonzero(history.years == target.year)[0])
    flow = np.add.reduce(history["output"][:, year, place], axis=-1)
    share = history.scenario.world.market.value_added_share if target.measured_by == VALUE_ADDED else 1.0
    return np.asarray(flow * share * (target.value / target.threshold))


def coordination_cost(history: History) -> Array:
    """Public money the coordinator spends or uses up, discounted to 2022, bn yuan, (n,).

    Shares of the mandate (administration, money of the levers, burned money) times the nation's public pools. A levy
    that is handed back costs its administration only.
    """
    from model.coordination.arms import ARMS
    from model.measures.outcome import discount_factors

    settings = history.scenario.policy.coordination
    coordinator = ARMS[settings.arm](settings)
    withheld = np.array([coordinator.mandate(since).withheld for since in range(len(history.years))])
    factors = discount_factors(len(history.years), history.scenario.world.market.discount)
    return np.asarray(np.add.reduce(history["pools"] * (withheld * factors), axis=-1))
