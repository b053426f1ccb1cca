"""What an experiment will cost in time, memory and disk, said before it starts; what is too large is refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qipan.experiments.runs.executor import Name
from qipan.experiments.runs.keeping import WORDS, kept
from qipan.experiments.runs.plan import SUMMARY, blocks_together
from qipan.experiments.store.parts import PARTS
from qipan.experiments.summaries.spool import MOST_IN_MEMORY
from qipan.experiments.summaries.summary import MOST_ROWS
from qipan.model.axes import BLOCK
from qipan.model.compiled import cache
from qipan.model.errors import Problem, UserError

RUN_NANOSECONDS: dict[Name, float] = {"numpy": 1400.0, "compiled": 140.0}
"""Time of one region-sector-year of one replicate, one core."""
CALL_SECONDS: dict[Name, float] = {"numpy": 0.0, "compiled": 0.03}
"""Time that running an arm takes beside it, however few replicates are run together."""
REDUCE_NANOSECONDS = {"all": 150.0, SUMMARY: 350.0, "scores": 15.0, "followed": 5.0, "observed": 100.0}
"""Time of its measures, and of what is kept of it."""
START_SECONDS = 1.0
POOL_SECONDS: dict[Name, float] = {"numpy": 1.5, "compiled": 1.0}
"""Worker processes until they work; reading compiled code."""
TABLE_SECONDS = 1.5
TABLE_SECONDS_PER_RUN = {"all": 2.0e-4, SUMMARY: 4.0e-5, "scores": 1.5e-5, "followed": 1.5e-5, "observed": 1e-4}
FIGURE_SECONDS = {"comparison": 11.5, "run": 6.5, "study": 4.0}
"""Figures in all sizes and formats, and the page; a study is a sweep or an attribution."""
STUDIES = ("scores", "observed")
"""What studies keep."""
PARENT_MEMORY = 300e6
WORKER_MEMORY: dict[Name, float] = {"numpy": 150e6, "compiled": 220e6}
BYTES_PER_CELL_REDUCED = 250.0
"""What measures need while they are made, for each cell of a block."""
BYTES_PER_CELL_RECORDED = 60.0
KEPT_BYTES_PER_RUN_YEAR = {"all": 560.0, SUMMARY: 75.0, "scores": 40.0, "followed": 3.0, "observed": 2500.0}
"""What a part holds of one replicate and year: every replicate 7.3 kB over 13 years, a summary 1 kB."""
KEPT_BYTES_PER_CELL = {"all": 35.0, SUMMARY: 35.0, "scores": 0.0, "followed": 0.0, "observed": 0.0}
"""Sums and means of a block of one arm."""
BIN_BYTES_PER_YEAR = 2e6
"""Counts for quantiles of one arm in a summary, however many replicates."""
LONGEST_HOURS = 24.0
STARTING, COMPILING, TABLES, FIGURES = "starting", "compiling", "tables", "figures and page"


@dataclass(frozen=True)
class Estimate:
    """The size of an experiment: wall time in seconds, peak memory and disk in bytes, and what it consists of.

    `times` names the parts of the wall time, in the order in which they come.
    """

    arms: int
    replicates: int
    blocks: int
    workers: int
    times: Mapping[str, float]
    memory: float
    disk: float
    executor: Name = "numpy"
    keep: str = "all"

    @property
    def seconds(self) -> float:
        """Wall time of all parts."""
        return sum(self.times.values())

    @property
    def compiling(self) -> float:
        """Seconds until the rules are compiled, where they are not yet."""
        return self.times.get(COMPILING, 0.0)

    def lines(self) -> list[str]:
        """The estimate in words, one fact a line."""
        first = f", which compiles the rules first: {duration(self.compiling)}" if self.compiling else ""
        return [
            f"arms        {self.arms}",
            f"replicates  {self.replicates:,} of each arm",
            f"chunks      {self.blocks:,} (blocks of replicates, all arms together)"
            if self.keep == SUMMARY
            else f"chunks      {self.blocks * self.arms:,} ({self.blocks:,} blocks of replicates x {self.arms} arms)",
            f"kept        {WORDS[self.keep]}",
            f"workers     {self.workers}",
            f"executor    {self.executor}{first}",
            f"time        about {duration(self.seconds)}: "
            + ", ".join(f"{name} {duration(part)}" for name, part in self.times.items() if part >= 0.05),
            f"memory      about {size(self.memory)}",
            f"disk        about {size(self.disk)}",
        ]


def estimate(
    *,
    arms: int,
    replicates: int,
    regions: int,
    sectors: int,
    years: int,
    workers: int,
    executor: Name = "numpy",
    keep: str | None = None,
    drawn: bool = True,
) -> Estimate:
    """Estimate an experiment from its dimensions; what is kept goes by the number of replicates unless it is given.

    Without being `drawn` it ends with its tables.

    Example:
        >>> small = estimate(arms=1, replicates=128, regions=31, sectors=6, years=13, workers=1)
        >>> large = estimate(arms=1, replicates=128_000, regions=31, sectors=6, years=13, workers=1)
        >>> large.times["runs"] > 500 * small.times["runs"], large.memory < 2 * small.memory
        (True, True)
    """
    keep = keep or kept(None, replicates)
    blocks = -(-replicates // BLOCK)
    cells = float(regions) * sectors * years
    runs = float(arms) * replicates
    busy = min(workers, max(1, blocks * (1 if keep == SUMMARY else arms)))
    compiling = cache.SECONDS if executor == "compiled" and not cache.is_warm() else 0.0
    nanoseconds = RUN_NANOSECONDS[executor] + REDUCE_NANOSECONDS[keep]
    calls = arms * -(-blocks // blocks_together(executor, keep, regions * sectors))
    working = runs * cells * nanoseconds * 1e-9 + calls * CALL_SECONDS[executor]
    times = {
        STARTING: START_SECONDS + POOL_SECONDS[executor],
        COMPILING: compiling,
        "runs": working / busy,
        TABLES: TABLE_SECONDS + runs * TABLE_SECONDS_PER_RUN[keep],
        FIGURES: FIGURE_SECONDS["study" if keep in ("scores", "observed") else "run" if arms == 1 else "comparison"]
        * drawn,
    }
    memory = PARENT_MEMORY + rows_in_memory(arms, replicates, years, keep) + 24.0 * regions * regions
    memory += busy * (
        working_memory(min(BLOCK, replicates), regions * sectors, years, executor, keep) + 24.0 * regions**2
    )
    disk = arms * blocks * cells * KEPT_BYTES_PER_CELL[keep] + 1.5 * runs * years * KEPT_BYTES_PER_RUN_YEAR[keep] + 20e6
    return Estimate(arms, replicates, blocks, workers, times, memory, disk, executor, keep)


def rows_in_memory(arms: int, replicates: int, years: int, keep: str) -> float:
    """Bytes of what the process that makes the tables holds: rows, or the first rows and counts for quantiles."""
    kept_rows = min(replicates, MOST_ROWS if keep == SUMMARY else MOST_IN_MEMORY)
    a_row = KEPT_BYTES_PER_RUN_YEAR["all" if keep == SUMMARY else keep]
    return arms * years * (kept_rows * a_row + (BIN_BYTES_PER_YEAR if keep == SUMMARY else 0.0))


def working_memory(block: int, pairs: int, years: int, executor: Name, keep: str) -> float:
    """Bytes of a process that runs blocks: compiled code records several before measures are made of each."""
    together = block * blocks_together(executor, keep, pairs)
    return WORKER_MEMORY[executor] + pairs * years * (
        block * BYTES_PER_CELL_REDUCED + together * BYTES_PER_CELL_RECORDED
    )


def refuse_oversized(planned: Estimate, folder: Path | None) -> None:
    """Refuse what cannot be done here; without a folder the disk is not looked at.

    Raises:
        UserError: longer than 24 hours, more memory than the machine has, or more disk than is free.
    """
    reasons = []
    if planned.seconds > LONGEST_HOURS * 3600:
        reasons.append(f"about {duration(planned.seconds)}, more than {LONGEST_HOURS:.0f} hours")
    if planned.memory > (available := total_memory()):
        reasons.append(f"about {size(planned.memory)} of memory, more than the {size(available)} here")
    if folder is not None and (missing := planned.disk - stored_already(folder)) > (free := free_disk(folder)):
        reasons.append(f"about {size(missing)} of disk, more than the {size(free)} free")
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


def stored_already(folder: Path) -> float:
    """Bytes of the parts in a result folder: what goes on there needs so much less, what replaces it removes them."""
    return float(sum(path.stat().st_size for path in (folder / PARTS).glob("*.part")))


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
