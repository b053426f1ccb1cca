"""From a scenario's choice to a world: which tables, then what the choice changes."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from qipan.model.errors import DataError, Problem
from qipan.model.extend.registry import WORLDS, additions
from qipan.model.parameters import WorldChoice
from qipan.model.world.cities import load_cities, national_totals
from qipan.model.world.invented import load_game, load_synthetic
from qipan.model.world.provinces import load_provinces
from qipan.model.world.reading.cells import SUFFIXES
from qipan.model.world.reading.own import Tables, own_folder, shipped_folder
from qipan.model.world.record import World, sound_world

Loader = Callable[[WorldChoice, Tables], World]


@dataclass(frozen=True)
class RegionSet:
    """A data world that a scenario may choose by `world.data`.

    Attributes:
        load: Takes the choice and the tables, gives the world.
        regions: How many regions it has; None where the scenario says so.
        sectors: How many sectors; None where the scenario says so.
        reads: Keys of `world` that it reads, of those that not every world does.
    """

    load: Loader
    regions: int | None
    sectors: int | None
    reads: tuple[str, ...]


def world(
    name: str,
    *,
    label: str,
    label_zh: str,
    regions: int | None = None,
    sectors: int | None = None,
    reads: tuple[str, ...] = (),
) -> Callable[[Loader], Loader]:
    """Add a data world: the decorated function takes the `WorldChoice` and the `Tables` and gives a `World`.

    Args:
        name: What scenarios call it, `world.data: NAME`.
        label: How it is called in English.
        label_zh: The same in Chinese.
        regions: How many regions it has, if that is fixed.
        sectors: How many sectors it has, if it brings its own.
        reads: Which of `sectors`, `values`, `initial_counts`, `regions` and `sector_count` it reads; a scenario that
            gives another of them is refused.

    Raises:
        RegistryError: A world of this name exists, or it lacks a label.
    """

    def register(load: Loader) -> Loader:
        WORLDS.add(name, RegionSet(load, regions, sectors, reads), label=label, label_zh=label_zh, source=load)
        return load

    return register


world("provinces-31", label="31 provincial-level regions", label_zh="31个省级地区", regions=31, reads=("sectors",))(
    load_provinces
)
world("cities-293", label="293 prefecture-level cities", label_zh="293个地级市", regions=293, reads=("sectors",))(
    load_cities
)
world("synthetic", label="Synthetic regions", label_zh="虚拟地区", reads=("regions", "sector_count"))(load_synthetic)
world("game", label="Game", label_zh="博弈", reads=("values", "initial_counts", "regions"))(load_game)

MATTERS = (
    "data",
    "tables",
    "sectors",
    "breadth",
    "equal_breadth",
    "fit_data",
    "budgets",
    "early_adopters",
    "values",
    "regions",
    "sector_count",
    "targets",
    "initial_counts",
)


def load_world(choice: WorldChoice, data: Path | None = None) -> World:
    """The exogenous world a scenario chooses; the same choice from the same files gives the same object.

    Args:
        choice: The scenario's choice of world.
        data: Folder of own tables; where it has none of a name the shipped one is read. When None, the folder
            `choice.tables`, else the one that QIPAN_DATA names, else the shipped tables alone.

    Raises:
        DataError: The world is not known, or a table cannot be used: every problem of the table is told.

    Example:
        >>> from qipan.model.parameters import WorldChoice
        >>> world = load_world(WorldChoice())
        >>> world.region_names[:2], world.sector_codes[0], int(world.adopted_at_start.sum())
        (('Beijing', 'Tianjin'), 'brain', 4)
    """
    folder = data or (Path(choice.tables) if choice.tables else own_folder())
    folders = (shipped_folder(), *((folder.resolve(),) if folder is not None else ()))
    stamp = tuple(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for place in folders
        if place.is_dir()
        for path in sorted(place.iterdir())
        if path.suffix.casefold() in SUFFIXES
    )
    choice_json = choice.model_dump_json(include=set(MATTERS))
    return _load(choice_json, folders[-1], stamp, str(Path.cwd()), (len(WORLDS), additions()))


@lru_cache(maxsize=16)
def _load(
    choice_json: str, folder: Path, stamp: tuple[tuple[str, int, int], ...], where: str, added: tuple[int, int]
) -> World:
    """Load, adjust and freeze; stamp, current folder (for paths in messages) and additions are part of the key only."""
    choice = WorldChoice.model_validate_json(choice_json)
    if choice.data not in WORLDS:
        raise DataError(Problem("scenario", "world.data", f"{choice.data} is not a world", WORLDS.advice(choice.data)))
    tables = Tables(folder)
    found = WORLDS[choice.data].load(choice, tables)
    if choice.data not in WORLDS.shipped:
        found = _declared(choice.data, found)
    changed = replace(found, **_changes(choice, found, tables))
    return _frozen(replace(changed, files={**changed.files, **tables.files}, own=tables.told()))


def _declared(name: str, found: Any) -> World:
    """A world of somebody's own under the name it was added by, if it is what was declared."""
    if not isinstance(found, World):
        message = f"its function gives {type(found).__name__}"
        raise DataError(Problem(WORLDS.entry(name).where, name, message, "a World is wanted"))
    kind, (regions, sectors) = WORLDS[name], found.announced_layout.shape
    if kind.regions not in (None, regions) or kind.sectors not in (None, sectors):
        message = f"{regions} regions and {sectors} sectors, declared are {kind.regions} and {kind.sectors}"
        raise DataError(Problem(WORLDS.entry(name).where, name, message, "declare what it has"))
    return sound_world(replace(found, name=name))


def _changes(choice: WorldChoice, world: World, tables: Tables) -> dict[str, Any]:
    """What the choice changes in a world: breadth, budgets, early adopters, reading of targets."""
    changes: dict[str, Any] = {}
    regions, sectors = world.announced_layout.shape
    if choice.breadth == "equal":
        changes["breadth"] = np.full(regions, min(choice.equal_breadth, sectors), dtype=np.int64)
    if choice.budgets == "equal" and choice.data != "game":
        totals = national_totals(tables)
        changes |= {name: np.full(regions, total / regions) for name, total in totals.items()}
    if choice.budgets == "national" and choice.data != "game":
        changes |= _rescaled(world, national_totals(tables))
    if choice.early_adopters != "survey":
        changes["adopted_at_start"] = np.full(regions, float(choice.early_adopters == "all"))
    if choice.targets == "as_printed":
        changes["targets"] = tuple(target.as_printed() for target in world.targets)
    return changes


def _rescaled(world: World, totals: dict[str, float]) -> dict[str, Any]:
    """Money of each region in the world's own proportions, with the given national totals."""
    return {name: getattr(world, name) * (total / getattr(world, name).sum()) for name, total in totals.items()}


def _frozen(world: World) -> World:
    """Arrays contiguous and read-only, digests unchangeable."""
    for field in fields(world):
        value = getattr(world, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return replace(world, files=MappingProxyType(dict(world.files)))
