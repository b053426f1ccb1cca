"""A plan of one's own: lists that a scenario brings in the place of those that the coordinator would draft."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from qipan.model.axes import Array
from qipan.model.coordination.years import region_problems
from qipan.model.errors import Problem, ScenarioError
from qipan.model.scenario import Scenario
from qipan.model.scenario.consistency import PLANNED
from qipan.model.world import World
from qipan.model.world.names import NameProblemError, world_regions, world_sectors


class Prescribed:
    """The lists of a plan of one's own, by year.

    Args:
        scenario: Whose plan; it may have none.
        world: Its world.

    Raises:
        ScenarioError: Rows name what the world does not have, or the same twice; each with file, line and column.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self._shape = world.size.size, world.sector_ids.size
        problems = list[Problem]()
        self._rows = tuple(_placed(scenario, world, problems))
        if problems:
            raise ScenarioError(problems)
        self._last: tuple[tuple[Any, ...], dict[str, Array]] | None = None

    def lists(self, year: int, replicates: int) -> dict[str, Array]:
        """The lists in force in a year, each (replicate, region, sector), key areas (replicate, sector)."""
        on = tuple(row for row in self._rows if row[3] <= year)
        if self._last is None or self._last[0] != (on, replicates):
            self._last = (on, replicates), dict(self._filled(on, replicates))
        return self._last[1]

    def _filled(self, rows: tuple[tuple[str, int, int, int], ...], replicates: int) -> Iterator[tuple[str, Array]]:
        for name in dict.fromkeys(row[0] for row in self._rows):
            one = np.zeros(self._shape[1:] if name == "key_areas" else self._shape)
            for _, region, sector, _ in (row for row in rows if row[0] == name):
                one[(sector,) if name == "key_areas" else (region, sector)] = 1.0
            yield name, np.ascontiguousarray(np.broadcast_to(one, (replicates, *one.shape)))


def _placed(scenario: Any, world: World, problems: list[Problem]) -> Iterator[tuple[str, int, int, int]]:
    """List, region, sector and first year of each row; the region of a key area is 0. Problems go to the list."""
    regions, sectors = world_regions(world), world_sectors(world)
    first: dict[tuple[str, int, int], str] = {}
    for place, row in enumerate(scenario.policy.coordination.plan):
        where = str(scenario.origins.get(f"policy.coordination.plan.{place}", scenario.name))
        found: dict[str, int] = {"region": 0}
        for column, names in (("region", regions), ("sector", sectors)):
            if column in row:
                try:
                    found[column] = names.row(row[column])
                except NameProblemError as error:
                    problems.append(Problem(where, column, error.message, error.hint))
        if "sector" not in found or ("region" in row and any(each.where == where for each in problems)):
            continue
        entry = PLANNED[row["role"]], found["region"], found["sector"]
        if entry in first:
            problems.append(Problem(where, "sector", f"the same stands in {first[entry]}", "keep one"))
        first.setdefault(entry, where)
        yield *entry, row.get("from", 0)


def check_names(scenario: Scenario, world: World) -> None:
    """Refuse a policy that names regions or sectors that its world does not have.

    Raises:
        ScenarioError: With the place of each name.
    """
    if problems := name_problems(scenario, world):
        raise ScenarioError(problems)


def name_problems(scenario: Any, world: World) -> list[Problem]:
    """What is wrong with the regions and sectors that a policy names; of anything with `policy`, `origins`, `name`."""
    problems = region_problems(scenario, world)
    for _ in _placed(scenario, world, problems):
        pass
    return problems
