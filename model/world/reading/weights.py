"""What a yuan of welfare of each region counts for, by a user's own judgement: a small table, or a built-in choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qipan.model.axes import Array
from qipan.model.errors import COMMAND_LINE, DataError, Problem, UserError
from qipan.model.world.names import NameProblemError, Names, world_regions
from qipan.model.world.reading.cells import SUFFIXES, read_cells
from qipan.model.world.reading.tables import Column, DataTable, sheet_with, table_of
from qipan.model.world.record import World

EQUAL, PER_HEAD = "equal", "per-head"
BUILT_IN = (EQUAL, PER_HEAD)
OPTION = "--weights"
REGION = ("地区", "省份", "省市", "省", "区域", "城市", "province", "city")
WEIGHT = ("权重", "weights")
MOST_NAMED = 5


@dataclass(frozen=True)
class RegionWeights:
    """What a yuan of each region counts for.

    Args:
        name: The built-in choice, or the name of the file.
        values: By region in the order of the world, 0 or more; their mean is one, so that equal weights give welfare.
    """

    name: str
    values: tuple[float, ...]


def region_weights(choice: str, world: World) -> RegionWeights:
    """The weights that a choice stands for in a world.

    Args:
        choice: "equal" (a yuan counts alike everywhere: welfare as it is), "per-head" (regions count alike by what they
            gain per head: mean population over own), or a table with the columns `region` and `weight`.
        world: Whose regions are weighed.

    Raises:
        UserError: With every problem: no such file or choice, a region unknown, twice or missing, a weight that is no
            number of at least 0, all weights zero; per head where a population is not known.
    """
    if choice == EQUAL:
        return _made(choice, np.ones(len(world.region_codes)))
    if choice == PER_HEAD:
        return _made(choice, _per_head(world))
    path = Path(choice)
    if path.suffix.lower() not in SUFFIXES and not path.exists():
        hint = f"give a table with the columns region and weight, or one of: {', '.join(BUILT_IN)}"
        raise UserError(Problem(COMMAND_LINE, OPTION, f"{choice!r} is no file", hint))
    return _made(path.name, _read(path, world_regions(world)))


def _made(name: str, weights: Array) -> RegionWeights:
    mean = weights.mean()
    if abs(mean - 1.0) > 1e-12:  # else they were scaled before, and stay the same to the last digit
        weights = weights / mean
    return RegionWeights(name, tuple(weights.tolist()))


def _per_head(world: World) -> Array:
    population = np.asarray(world.population, dtype=np.float64)
    if not (unknown := np.flatnonzero(~(population > 0.0))).size:
        return np.asarray(population.mean() / population)
    named = _few([world.region_names[place] for place in unknown])
    raise UserError(Problem(COMMAND_LINE, OPTION, f"{PER_HEAD}: the population of {named} is not known", "give a file"))


def _read(path: Path, names: Names) -> Array:
    """The weights of a file by region; raises DataError with every problem of it."""
    columns = (Column("region", names=names, unique=True, aka=REGION), Column("weight", "number", low=0.0, aka=WEIGHT))
    cells = sheet_with(read_cells(path), columns)
    problems: list[Problem] = []
    try:
        table = table_of(cells, columns)
    except DataError as error:
        problems += error.problems
        try:  # so that regions without a row are told beside cells with a fault
            table = table_of(cells, [Column(each.name, blank=True, aka=each.aka) for each in columns])
        except DataError:
            raise error from None
    there = _regions(table, names)
    if absent := [names.shown[row] for row, code in enumerate(names.codes) if code not in there]:
        hint = "every region needs a weight; 0 leaves it out of the sum"
        problems.append(Problem(table.path, "region", f"no row of {_few(absent)}", hint))
    if not problems and not any(table.columns["weight"]):
        problems.append(Problem(table.path, "weight", "every weight is 0", "at least one must be above it"))
    if problems:
        raise DataError(problems)
    given = dict(zip(table.columns["region"], table.columns["weight"], strict=True))
    return np.array([given[code] for code in names.codes], dtype=np.float64)


def _regions(table: DataTable, names: Names) -> set[str]:
    """Codes of the regions that a table names."""
    found = set()
    for cell in table.columns["region"]:
        try:
            found.add(names.code(cell))
        except NameProblemError:
            continue
    return found


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
