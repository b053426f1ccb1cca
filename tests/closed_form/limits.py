"""Every limit of model section 8, once, in limits.csv: what is expected, how closely, and where the number comes from.

A test hands what the engine gave to the fixture `limits`; that compares, and keeps a row for docs/verification.md.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

ERRORS = None
"""Five standard errors from independent replicates, for each of the seeds 1, 2 and 3."""
REPORTED = float("inf")
"""Not a limit: a number the page tells."""
SPECIAL = {"5 s.e.": ERRORS, "reported": REPORTED}


@dataclass(frozen=True)
class Limit:
    """One row of the table.

    Args:
        key: Letter of the section and a number.
        what: What is reproduced, in words.
        where: Scenario, or rule functions called in a sequence.
        expected: Numbers from outside the code; empty where a closed form of model/theory gives them (see `source`).
        tolerance: Largest distance, or ERRORS. Half of the last of the printed digits, unless the source is coarser.
        kind: "closed form", "docking" on another published model, "bound", or "report".
        source: Where the expected value comes from.
    """

    key: str
    what: str
    where: str
    expected: tuple[float, ...]
    tolerance: float | None
    kind: str
    source: str

    @property
    def part(self) -> str:
        """Letter of the section."""
        return self.key[0]


def _read(row: dict[str, str]) -> Limit:
    expected = tuple(float(value) for value in row["expected"].split())
    allowed = row["allowed"]
    tolerance = SPECIAL[allowed] if allowed in SPECIAL else float(allowed)
    return Limit(row["key"], row["what"], row["where"], expected, tolerance, row["kind"], row["source"])


with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as table:
    LIMITS: dict[str, Limit] = {limit.key: limit for limit in map(_read, csv.DictReader(table))}
"""Every row of docs/verification.md, by key and in its order."""
