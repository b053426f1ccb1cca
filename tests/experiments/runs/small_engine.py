"""A stand-in for the engine that is quick and can be told to fail: histories of the right shape from addressed draws.

The real engine is used by the end-to-end tests; here only what running, storing and gathering do with a history counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import SimpleNamespace

import numpy as np

from qipan.model.draws import Draws, Stream
from qipan.model.fields import FIELDS
from qipan.model.parameters import Policy, Run, WorldChoice

REGIONS, SECTORS, YEARS = 3, 2, 4
BY_REGION = [name for name, row in FIELDS.items() if row.axes == ("region",)]
WORLD = SimpleNamespace(
    region_codes=("CN-SH", "CN-HA", "CN-ZJ"),
    region_names=("Shanghai", "Henan", "Zhejiang"),
    region_names_zh=("上海", "河南", "浙江"),
    region_ids=np.array([31, 41, 33]),
    sector_codes=("quantum", "gene"),
    population=np.array([25.0, 98.0, 66.0]),
    gdp=np.array([4500.0, 6100.0, 7800.0]),
    size=np.full(3, 1 / 3),
    name="small",
    vintage="made up",
    files={},
    data_fit=np.ones((REGIONS, SECTORS)),
    median_value=np.array([600.0, 1000.0]),
    targets=(
        SimpleNamespace(
            identifier="shanghai-output",
            region="CN-SH",
            indicator="output",
            comparator=">=",
            value=100.0,
            unit="bn yuan",
            year=2026,
            simulated=True,
            measured_by="output",
            threshold=100.0,
            broad=True,
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class SmallScenario:
    """As much of a scenario as running needs: `level` moves every number, `fails` are replicates whose run raises."""

    name: str
    level: float = 1.0
    fails: tuple[int, ...] = ()
    title: str = ""
    title_zh: str = ""
    world: WorldChoice = field(default_factory=WorldChoice)
    policy: Policy = field(default_factory=Policy)
    run: Run = field(default_factory=lambda: Run(first_year=2023, last_year=2026, replicates=300))

    def replace(self, **values: object) -> SmallScenario:
        changed = {key.removeprefix("run."): value for key, value in values.items()}
        return replace(self, run=self.run.model_copy(update=changed))

    def digest(self, **run: int) -> str:
        return sha256(repr((self.level, self.fails, self.run.model_copy(update=run))).encode()).hexdigest()

    def to_yaml(self, tables: str = "") -> str:
        return f"title: {self.name}\n"


def run(scenario: SmallScenario, *, replicates: range, progress: object = None) -> SimpleNamespace:
    """A history in which output is `level` times a draw, and each replicate is the same alone or in a block."""
    for replicate in replicates:
        if replicate in scenario.fails:
            raise FloatingPointError(f"overflow in replicate {replicate}")
    numbers = np.arange(replicates.start, replicates.stop)
    draws = Draws(scenario.run.seed, numbers, np.arange(1, REGIONS + 1), np.arange(1, SECTORS + 1))
    by_year = [draws.uniform(Stream.VALUE, year=2023 + place) for place in range(YEARS)]
    cells = np.ascontiguousarray(np.stack(by_year, axis=1))
    nation, sector = (len(numbers), YEARS), (len(numbers), YEARS, SECTORS)
    arrays = {
        "layout": np.floor(cells + 0.5),
        "output": scenario.level * 100.0 * cells,
        "sold": scenario.level * 200.0 * cells,
        **{name: scenario.level * (place + 1.0) * cells[..., 0] for place, name in enumerate(BY_REGION)},
        "investment": 1.0 + cells,
        "money": np.ones((*nation, 6, 3)),
        "waiting": np.ones((*nation, 3)),
        "demand": np.ones(sector),
        "offered": np.full((*nation, 6), 4.0),
        "returned": np.full((*nation, 6), 2.0),
        "lost": np.ones((*nation, 6)),
    }
    years = np.arange(2023, 2023 + YEARS)
    return SimpleNamespace(arrays=arrays, closing={}, scenario=scenario, world=WORLD, years=years, replicates=numbers)
