"""What a comparison costs with everything that belongs to it: its arms, exact layouts, the ranked assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from qipan.experiments.runs.estimate import FIGURES, TABLES, Estimate, estimate

if TYPE_CHECKING:
    from qipan.experiments.runs.executor import Name
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

ORACLE_NANOSECONDS_PER_CELL = 100.0
"""What a design with true values takes beside the run, for each region-sector-year: exact assignments, one core."""


@dataclass(frozen=True)
class Cost(Estimate):
    """An estimate that counts the trials of assumptions: so many scenarios with so many replicates."""

    trials: int = 0
    trial_replicates: int = 0

    def lines(self) -> list[str]:
        """The estimate in words, one fact a line; time, memory and disk are those of all together."""
        if not self.trials:
            return super().lines()
        first, *rest = super().lines()
        more = f"assumptions {self.trials} scenarios more, {self.trial_replicates} replicates of each"
        return [first, *rest[:2], more, *rest[2:]]


def cost_of(
    arms: Sequence[Scenario],
    world: World,
    replicates: int,
    workers: int,
    executor: Name,
    trials: tuple[int, int] = (0, 0),
    keep: str | None = None,
    drawn: bool = True,
) -> Cost:
    """Estimate a comparison.

    Args:
        arms: All arms, reference arms included.
        world: The world they share.
        replicates: Of each arm.
        workers: Worker processes.
        executor: Who carries out the years.
        trials: Scenarios that are run for the assumptions, and replicates of each.
        keep: What is kept of each replicate; None goes by their number.
        drawn: Whether figures and the page are made.
    """
    years = arms[0].run.last_year - arms[0].run.first_year + 1
    regions, sectors = len(world.region_codes), len(world.sector_codes)
    main = estimate(
        arms=len(arms),
        replicates=max(1, replicates),
        regions=regions,
        sectors=sectors,
        years=years,
        workers=workers,
        executor=executor,
        keep=keep,
        drawn=drawn,
    )
    values = {field.name: getattr(main, field.name) for field in fields(main)}
    oracles = sum(arm.policy.coordination.arm == "oracle" for arm in arms) * max(1, replicates)
    cells = oracles * regions * sectors * years
    times = dict(main.times)
    times["runs"] += cells * ORACLE_NANOSECONDS_PER_CELL * 1e-9 / max(1, min(workers, main.blocks))
    if trials[0] and trials[1]:
        more = estimate(
            arms=trials[0],
            replicates=trials[1],
            regions=regions,
            sectors=sectors,
            years=years,
            workers=workers,
            executor=executor,
            keep="followed",
        )
        ranking = more.times["runs"] + more.times[TABLES]
        values["disk"] += more.disk
        values["memory"] = max(values["memory"], more.memory)
        last = {name: times.pop(name) for name in (TABLES, FIGURES)}
        times |= {"assumptions": ranking, **last}
    return Cost(**{**values, "times": times}, trials=trials[0], trial_replicates=trials[1])
