"""What an experiment will cost in time, memory and disk, said before it starts; what is too large is refused."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from experiments.executing import Name
from experiments.spool import MOST_IN_MEMORY
from model.axes import BLOCK
from model.errors import Problem, UserError

NANOSECONDS_PER_CELL: dict[Name, float] = {"numpy": 1900.0, "compiled": 700.0}
"""Time of one region-sector-year of one replicate with its measures, one core."""
START_SECONDS = 5.0
TABLE_SECONDS_PER_RUN = 2.0e-4
PARENT_MEMORY = 300e6
WORKER_MEMORY = 200e6
BYTES_PER_CELL_AT_WORK = 300.0
KEPT_BYTES_PER_RUN_YEAR = 560.0
"""What a part holds of one replicate and year: 7.3 kB over 13 years."""
KEPT_BYTES_PER_CELL = 35.0
"""Sums and means of a block of one arm."""
LONGEST_HOURS = 24.0


@dataclass(frozen=True)
class Estimate:
    """The size of an experiment: wall time in seconds, peak memory and disk in bytes, and what it consists of."""

    arms: int
    replicates: int
    blocks: int
    workers: int
    seconds: float
    memory: float
    disk: float
    executor: Name = "numpy"

    def lines(self) -> list[str]:
        """The estimate in words, one fact a line."""
        return [
            f"arms        {self.arms}",
            f"replicates  {self.replicates:,} of each arm",
            f"chunks      {self.blocks * self.arms:,} ({self.blocks:,} blocks of replicates x {self.arms} arms)",
            f"workers     {self.workers}",
            f"executor    {self.executor}",
            f"time        about {duration(self.seconds)}",
            f"memory      about {size(self.memory)}",
            f"disk        about {size(self.disk)}",
        ]


def estimate(
    *, arms: int, replicates: int, regions: int, sectors: int, years: int, workers: int, executor: Name = "numpy"
) -> Estimate:
    """Estimate an experiment from its dimensions.

    Example:
        >>> small = estimate(arms=1, replicates=128, regions=31, sectors=6, years=13, workers=1)
        >>> large = estimate(arms=1, replicates=128_000, regions=31, sectors=6, years=13, workers=1)
        >>> large.seconds > 100 * small.seconds
        True
    """
    blocks = -(-replicates // BLOCK)
    cells = float(regions) * sectors * years
    runs = float(arms) * replicates
    busy = min(workers, max(1, blocks * arms))
    seconds = START_SECONDS + runs * (cells * NANOSECONDS_PER_CELL[executor] * 1e-9 / busy + TABLE_SECONDS_PER_RUN)
    in_memory = arms * min(replicates, MOST_IN_MEMORY)
    memory = PARENT_MEMORY + in_memory * years * KEPT_BYTES_PER_RUN_YEAR + 24.0 * regions * regions
    memory += busy * (
        WORKER_MEMORY + min(BLOCK, replicates) * cells * BYTES_PER_CELL_AT_WORK + 24.0 * regions * regions
    )
    disk = arms * blocks * cells * KEPT_BYTES_PER_CELL + 1.5 * runs * years * KEPT_BYTES_PER_RUN_YEAR + 20e6
    return Estimate(arms, replicates, blocks, workers, seconds, memory, disk, executor)


def refuse_oversized(planned: Estimate, folder: Path) -> None:
    """Refuse what cannot be done here.

    Raises:
        UserError: longer than 24 hours, more memory than the machine has, or more disk than is free.
    """
    reasons = []
    if planned.seconds > LONGEST_HOURS * 3600:
        reasons.append(f"about {duration(planned.seconds)}, more than {LONGEST_HOURS:.0f} hours")
    if planned.memory > (available := total_memory()):
        reasons.append(f"about {size(planned.memory)} of memory, more than the {size(available)} here")
    if planned.disk > (free := free_disk(folder)):
        reasons.append(f"about {size(planned.disk)} of disk, more than the {size(free)} free")
    if reasons:
        message = f"too large: {planned.replicates:,} replicates of {planned.arms} arm(s) would take " + "; ".join(
            reasons
        )
        hint = "lower --replicates, or see --dry-run for the estimate of a smaller one"
        raise UserError([Problem(where="command line", key="run.replicates", message=message, hint=hint)])


def total_memory() -> float:
    """Memory of this machine in bytes; infinity where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * float(os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return float("inf")


def free_disk(folder: Path) -> float:
    """Free bytes where `folder` is or would be made."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return float(shutil.disk_usage(place).free)


def duration(seconds: float) -> str:
    """Seconds in words: '40 seconds', '3 minutes', '2.5 hours', '4 years'."""
    for limit, unit, name in (
        (90, 1, "seconds"),
        (5400, 60, "minutes"),
        (172800, 3600, "hours"),
        (6.3e7, 86400, "days"),
    ):
        if seconds < limit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds / 31557600:,.3g} years" if seconds < 3e13 else f"{seconds / 31557600:.2g} years"


def size(count: float) -> str:
    """Bytes in words: '400 MB', '1.2 GB'."""
    for limit, unit, name in ((1e6, 1e3, "kB"), (1e9, 1e6, "MB"), (1e12, 1e9, "GB")):
        if count < limit:
            return f"{count / unit:.3g} {name}"
    return f"{count / 1e12:,.4g} TB"
