"""What a study of many arms keeps of a block: one number a replicate and measure, no paths.

Attribution and sweeps run tens to thousands of arms, so their parts hold only what their tables look at. Arrays are
named `kind:name`:

* `replicates` (n,): which replicates succeeded;
* `total:MEASURE` (n,): measures of the whole run; `told:MEASURE` (n,): yearly measures in the
  programme's last year (the run's, where it lasts as long);
* `target:IDENTIFIER` (n,): what was obtained in a target's year, in the target's own unit;
* `total:coordination_cost` (n,): what the coordinator spends or uses up, discounted, billion yuan.

Trials of assumptions, hundreds of arms of few replicates, keep of these the replicates and the measures `FOLLOWED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.summaries.rows import Part
from qipan.experiments.summaries.targets import counted
from qipan.model.ensemble import told_row

if TYPE_CHECKING:
    from qipan.model.history import History
    from qipan.model.world import Target

Array = NDArray[np.float64]
COST = "coordination_cost"
FOLLOWED = ("welfare", "output_discounted", "investment_duplication", "idle_share")
"""Measures whose difference is followed where assumptions vary; the first is the one that is ranked on the page."""
LOOKING_BACK = ("public_gap", "welfare_until")
"""Yearly measures whose value in a year depends on the years before; all others are computed of the year told alone."""


def make_scores(history: History) -> Part:
    """Reduce a history to scores. Pure: a replicate's scores are the same bytes whichever others are beside it."""
    from qipan.model.measures import MEASURES

    part = _measured(history, list(MEASURES))
    for target in history.world.targets:
        if target.simulated and target.year in history.years:
            part[f"target:{target.identifier}"] = obtained(history, target)
    part[f"total:{COST}"] = coordination_cost(history)
    return part


def make_followed(history: History) -> Part:
    """The same measures for a trial of an assumption: those that are followed."""
    return _measured(history, FOLLOWED)


def _measured(history: History, names: Sequence[str]) -> Part:
    """Replicates, and what is computable of these measures: of the whole run, yearly ones in the year told, (n,)."""
    from qipan.model.measures import MEASURES, computable, compute

    kinds = {("replicate", "year"): "told", ("replicate",): "total"}
    row, one = told_row(history.scenario, history.years), year_told(history)
    there = set(computable(one))
    wanted = {name: kinds[MEASURES[name].axes] for name in names if name in there and MEASURES[name].axes in kinds}
    whole = [name for name, kind in wanted.items() if kind == "total" or name in LOOKING_BACK]
    found = compute(one, [name for name in wanted if name not in whole])
    found |= {
        name: np.take(values, [row], 1) if name in LOOKING_BACK else values
        for name, values in compute(history, whole).items()
    }
    part: Part = {"replicates": np.asarray(history.replicates, dtype=np.int64)}
    for name, kind in wanted.items():
        part[f"{kind}:{name}"] = np.array(found[name][:, 0] if kind == "told" else found[name], dtype=np.float64)
    return part


def year_told(history: History) -> History:
    """The year in which measures of a year are told, as a history of its own."""
    from qipan.model.fields import FIELDS

    row = told_row(history.scenario, history.years)
    one = slice(row, row + 1)
    arrays = {name: values[:, one] if name in FIELDS else values for name, values in history.arrays.items()}
    return replace(history, years=history.years[one], arrays={**arrays, **history.closing}, closing={})


@lru_cache(maxsize=2)
def needed_fields(followed: bool = False) -> dict[str, tuple[str, ...]]:
    """Fields of a history that scores are made of, as `run` takes them: the others need not be recorded.

    Args:
        followed: Of the measures that trials follow, instead of all.

    Returns:
        `fields`, which are needed of every year, and `closing`, of which the year told is enough.
    """
    from qipan.model.fields import FIELDS, ONCE
    from qipan.model.measures import MEASURES
    from qipan.model.measures.registry import WHOLE_RUN

    names = FOLLOWED if followed else tuple(MEASURES)
    backward = [name for name in names if MEASURES[name].axes == WHOLE_RUN or name in LOOKING_BACK]
    every, read = _read_by(backward) | ({"output", "pools"} if not followed else set()), _read_by(names)
    yearly = [name for name in FIELDS if name in every]
    return {
        "fields": (*yearly, *(name for name in ONCE if name in read)),
        "closing": tuple(name for name in FIELDS if name in read - every),
    }


def _read_by(names: Sequence[str]) -> set[str]:
    """Everything that measures read, by way of other measures too."""
    from qipan.model.measures import MEASURES

    read = {key for name in names for key in MEASURES[name].inputs}
    return read | (_read_by([key for key in read if key in MEASURES]) if read else set())


def obtained(history: History, target: Target) -> Array:
    """What a target's region obtained in its year, in the target's unit, (n,)."""
    place = history.world.region_codes.index(target.region)
    year = int(np.flatnonzero(history.years == target.year)[0])
    flow = np.add.reduce(history["output"][:, year, place], axis=-1)
    return np.asarray(flow * counted(target, history.scenario.world.market))


def coordination_cost(history: History) -> Array:
    """Public money the coordinator spends or uses up, discounted to 2022, bn yuan, (n,).

    Shares of the mandate (administration, money of the levers, burned money) times the nation's public pools. A levy
    that is handed back costs its administration only.
    """
    from qipan.model.coordination.years import mandates
    from qipan.model.measures.outcome import discount_factors

    withheld = np.array([mandate.withheld for mandate in mandates(history.scenario)])
    factors = discount_factors(len(history.years), history.scenario.world.market.discount)
    return np.asarray(np.add.reduce(history["pools"] * (withheld * factors), axis=-1))


def make_observed(history: History) -> Part:
    """Reduce a history to what is set beside published facts. Pure, as `make_scores`.

    Arrays: `replicates` (n,); `observed:adopted` (n, T, R), `observed:layout` (n, T, R, K); of the nation
    `observed:output`, `observed:utilisation` (n, T, K) and `observed:offered` (n, T, M) by mechanism; `year:MEASURE`
    (n, T) of yearly measures.
    """
    from qipan.model.measures import MEASURES, computable, compute
    from qipan.model.measures.registry import YEARLY

    part: Part = {
        "replicates": np.asarray(history.replicates, dtype=np.int64),
        "observed:adopted": np.asarray(history["adopted"], dtype=np.float64),
        "observed:layout": np.asarray(history["layout"], dtype=np.float64),
        "observed:output": np.add.reduce(history["output"], axis=2),
        "observed:utilisation": np.asarray(history["utilisation"], dtype=np.float64),
        "observed:offered": np.asarray(history["offered"], dtype=np.float64),
    }
    names = [name for name in computable(history) if MEASURES[name].axes == YEARLY]
    for name, values in compute(history, names).items():
        part[f"year:{name}"] = np.asarray(values, dtype=np.float64)
    return part
