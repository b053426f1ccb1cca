"""What is kept of a block of replicates: a few numbers per replicate and year, and sums over replicates.

A history of 128 replicates is tens of megabytes; its part is a tenth of one. Arrays are named `kind:name`:

* `replicates` (n,): which replicates succeeded;
* `year:MEASURE` (n, T) and `total:MEASURE` (n,): the measures of the registry, per replicate;
* `fan:output` (n, T, F): output by year of the nation (first) and of each region that has a target;
* `region:MEASURE` (n, R): measures of one region over the run;
* `path:output` (n, P, R): output of every region in the years of the programme, where there are few regions;
* `money:used` (n, M, S), `money:offered`, `money:returned`, `money:lost` (n, M): billion yuan over the run;
* `left`: what a compiled run left to NumPy, as JSON; absent when nothing;
* `sum:FIELD`: sum over replicates of a field of the history, for means of layouts, capacity, queues, ...
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qipan.model.history import History
    from qipan.model.world import World

Part = dict[str, NDArray[Any]]
LEFT = "left"
"""Name of the array of a part that says what a compiled run left to NumPy."""
PATH = "path:output"
MOST_PATHS = 64
"""Regions above which the output of each by replicate and year is not kept: for cities it would be most of a part."""


def fan_regions(world: World) -> tuple[int, ...]:
    """Positions of the regions that have a target the model simulates, in the order of the world."""
    codes = {target.region for target in world.targets if target.simulated}
    return tuple(place for place, code in enumerate(world.region_codes) if code in codes)


def make_part(history: History) -> Part:
    """Reduce a block's history to what is kept of it. Pure: the same history gives the same bytes."""
    from qipan.model.fields import FIELDS
    from qipan.model.measures.sharing import sharing

    arrays = history.arrays
    part: Part = {"replicates": np.asarray(history.replicates, dtype=np.int64)}
    with sharing():
        part.update(_measures(history))
        part.update(_output(history))
    part["money:used"] = _over_years(arrays["money"])
    for name in ("offered", "returned", "lost"):
        part[f"money:{name}"] = _over_years(arrays[name])
    for name in FIELDS:
        if name in arrays:
            part[f"sum:{name}"] = _over_replicates(arrays[name])
    return part


def _measures(history: History) -> Part:
    from qipan.model.measures import MEASURES, compute

    part: Part = {}
    for name, values in compute(history).items():
        axes = tuple(MEASURES[name].axes)
        if axes == ("replicate", "year"):
            part[f"year:{name}"] = np.ascontiguousarray(values, dtype=np.float64)
        elif axes == ("replicate",):
            part[f"total:{name}"] = np.ascontiguousarray(values, dtype=np.float64)
        elif axes == ("replicate", "region"):
            part[f"region:{name}"] = np.ascontiguousarray(values, dtype=np.float64)
        elif axes[0] == "replicate":
            part[f"sum:measure:{name}"] = _over_replicates(values)
    return part


def _output(history: History) -> Part:
    from qipan.model.measures.reduce import add_up
    from qipan.model.measures.sharing import row_sums

    output = row_sums(history.arrays["output"])
    fan = np.concatenate([add_up(output, keep=True), output[:, :, list(fan_regions(history.world))]], axis=-1)
    part: Part = {"fan:output": np.ascontiguousarray(fan)}
    if output.shape[-1] <= MOST_PATHS:
        run = history.scenario.run
        part[PATH] = np.ascontiguousarray(output[:, : run.programme_end - run.first_year + 1])
    return part


def _over_years(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over axis 1: with several numbers a year one year after the other, whatever a replicate's neighbours."""
    return np.asarray(np.add.reduce(values, axis=1))


def _over_replicates(values: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(np.add.reduce(np.asarray(values, dtype=np.float64), axis=0))


def join_parts(parts: Sequence[Part]) -> Part:
    """Put parts of one arm together, in the order given: sums are added, everything else is stacked."""
    joined: Part = {}
    for name in parts[0]:
        pieces = [part[name] for part in parts]
        if name == LEFT:  # the same whatever the replicates
            joined[name] = pieces[0]
        elif name.startswith("sum:"):
            total = pieces[0].copy()
            for piece in pieces[1:]:
                total += piece
            joined[name] = total
        else:
            joined[name] = np.concatenate(pieces, axis=0)
    return joined
