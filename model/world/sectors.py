"""Sector tables, the links between sectors, and the stages of funding mechanisms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import STAGES, Array
from qipan.model.errors import DataError, Problem
from qipan.model.extend.registry import MECHANISMS, SECTOR_TABLES
from qipan.model.notices.notice import notice
from qipan.model.world.derive import linked
from qipan.model.world.names import NameProblemError, Names, sector_names
from qipan.model.world.reading.own import Tables
from qipan.model.world.reading.tables import Column, DataTable, read_table

COLUMNS = (
    Column("sector_id", "whole", 1, 65535, unique=True),
    Column("code", unique=True),
    Column("name", unique=True),
    Column("name_zh", unique=True),
    Column("median_value", "number", 1e-6, 1e9),
    Column("demand_2022", "number", 1e-6, 1e9),
    Column("readiness", "number", 0.01, 100.0),
    Column("frontier", "whole", 0, 1),
)
FILES = {
    "plan-6": "sectors.csv",
    "directions-6": "sectors-directions-6.csv",
    "classes-13": "sectors-classes-13.csv",
}
"""Files of the sector tables that ship."""


@dataclass(frozen=True)
class Sectors:
    """The sectors of a world and how they hang together, (K,) each.

    Attributes:
        links: Weights of the sectors up and down the chain, (K, K).
        announced: Codes of the sectors that a region's documents name, by its code; empty for a table that ships, whose
            column of data/announced_layouts.csv says so.
        digests: SHA-256 of each file read, by its name.
    """

    ids: NDArray[np.int64]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    names_zh: tuple[str, ...]
    median_value: Array
    demand_2022: Array
    readiness: Array
    frontier: Array
    links: Array
    announced: Mapping[str, Sequence[str]] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)

    def names_of(self) -> Names:
        """What the sectors may be called."""
        return sector_names(self.codes, self.names, self.names_zh, self.ids.tolist())


@dataclass(frozen=True)
class SectorTable:
    """A sector table that a scenario may choose by `world.sectors`.

    Attributes:
        load: Takes the tables, gives the sectors.
        sectors: How many there are; an own table in place of one that ships may have another number.
    """

    load: Callable[[Tables], Sectors]
    sectors: int


def sector_table(
    name: str, *, label: str, label_zh: str, sectors: int
) -> Callable[[Callable[[], Sectors]], Callable[[], Sectors]]:
    """Add a sector table: the decorated function gives its `Sectors`, as `read_sectors` makes them of a file.

    Args:
        name: What scenarios call it, `world.sectors: NAME`.
        label: How it is called in English.
        label_zh: The same in Chinese.
        sectors: How many sectors it has.

    Raises:
        RegistryError: A table of this name exists, or it lacks a label.
    """

    def register(function: Callable[[], Sectors]) -> Callable[[], Sectors]:
        table = SectorTable(lambda tables: function(), sectors)
        SECTOR_TABLES.add(name, table, label=label, label_zh=label_zh, source=function)
        return function

    return register


def read_sectors(
    file: str | Path, links: Sequence[tuple[str, str]] = (), announced: Mapping[str, Sequence[str]] | None = None
) -> Sectors:
    """Sectors from a table with the columns of data/sectors.csv.

    Args:
        file: The table.
        links: Pairs of codes of sectors that stand next to each other in the chain.
        announced: Codes of the sectors that a region's documents name, by the region's code.

    Raises:
        DataError: The table cannot be used, or a link or an announced sector is not in it.
    """
    path = Path(file)
    table = read_table(path, COLUMNS)
    codes = table.texts("code")
    said = dict(announced or {})
    named = [*(code for pair in links for code in pair), *(code for layout in said.values() for code in layout)]
    hint = f"one of: {', '.join(codes)}"
    strangers = [code for code in dict.fromkeys(named) if code not in codes]
    if strangers:
        raise DataError(Problem(table.path, code, "is not a sector of this table", hint) for code in strangers)
    return _sectors(table, linked(codes, list(links)), said)


def load_sectors(tables: Tables, choice: str) -> Sectors:
    """Read a sector table and its links.

    Raises:
        DataError: The table is not known, or it or the links cannot be used.
    """
    if choice not in SECTOR_TABLES:
        hint = SECTOR_TABLES.advice(choice)
        raise DataError(Problem("scenario", "world.sectors", f"{choice} is not a sector table", hint))
    sectors: Sectors = SECTOR_TABLES[choice].load(tables)
    expected = SECTOR_TABLES[choice].sectors
    if len(sectors.codes) != expected and choice not in FILES:
        where, message = SECTOR_TABLES.entry(choice).where, f"{len(sectors.codes)} sectors, {expected} were declared"
        raise DataError(Problem(where, choice, message, "declare as many as the table has"))
    tables.files.update(sectors.digests)
    return sectors


def _sectors(table: DataTable, links: Array, announced: Mapping[str, Sequence[str]]) -> Sectors:
    return Sectors(
        ids=np.array(table.columns["sector_id"], dtype=np.int64),
        codes=table.texts("code"),
        names=table.texts("name"),
        names_zh=table.texts("name_zh"),
        median_value=table.array("median_value"),
        demand_2022=table.array("demand_2022"),
        readiness=table.array("readiness"),
        frontier=table.array("frontier"),
        links=links,
        announced=announced,
        digests={Path(table.path).name: table.digest},
    )


def _shipped(choice: str, tables: Tables) -> Sectors:
    """A table of data/ and its links."""
    sectors = _sectors(tables.read(FILES[choice], COLUMNS), np.zeros((0, 0)), {})
    return replace(sectors, links=_links(tables, choice, sectors.names_of()), digests={})


def _ship(name: str, sectors: int, label: str, label_zh: str) -> None:
    table = SectorTable(partial(_shipped, name), sectors)
    SECTOR_TABLES.add(name, table, label=label, label_zh=label_zh)


_ship("plan-6", 6, "14th Five-Year Plan", "“十四五”规划六领域")
_ship("directions-6", 6, "Directions of other countries", "国外六方向")
_ship("classes-13", 13, "Announced classes", "各地布局十三类")


def _links(tables: Tables, choice: str, names: Names) -> Array:
    """Chain links of the sectors of one table; rows of other tables are read by name only, not checked."""
    ends = ("a", "b")
    table = tables.read("sector_links.csv", (Column("sectors", among=tuple(FILES)), *map(Column, ends)))
    beyond = tables.beyond(FILES[choice])
    rows = [row for row, name in enumerate(table.columns["sectors"]) if name == choice]
    wrong, pairs, lost = [], [], 0
    for row in rows:
        pair = []
        for end in ends:
            given = table.columns[end][row]
            try:
                pair.append(names.code(given))
            except NameProblemError as error:
                if beyond is not None and given in beyond.codes:
                    lost += not (end == "b" and len(pair) == 0)
                    continue
                message = f"{given} is not a sector of {choice}"
                wrong.append((row, end, message, f"{error.hint}; one of: {', '.join(names.codes)}"))
        pairs += [(pair[0], pair[1])] if len(pair) == 2 else []
    table.refuse(wrong)
    if lost:
        told = notice("own_links", count=lost, s="s" * (lost != 1), file=FILES[choice])
        tables.warn(Problem(table.path, "sectors", told))
    return linked(names.codes, pairs)


def load_mechanisms(tables: Tables) -> Array:
    """Share of each mechanism's money by stage, in the order of the registry, (mechanism, stage).

    Raises:
        DataError: A mechanism is missing, or its shares do not sum to 1.
    """
    columns = (
        Column("mechanism", unique=True, among=tuple(MECHANISMS)),
        Column("name"),
        Column("name_zh"),
        *(Column(stage, "number", 0.0, 1.0) for stage in STAGES),
        Column("hurdle_low", "number", 0.0, 10.0),
        Column("hurdle_high", "number", 0.0, 10.0),
    )
    table = tables.read("mechanisms.csv", columns)
    given = table.texts("mechanism")
    stages = np.stack([table.array(stage) for stage in STAGES], axis=1)
    total = stages.sum(axis=1)
    hint = "research + pilot + industrial = 1"
    wrong = [r for r in range(len(given)) if abs(total[r] - 1.0) > 1e-9]
    table.refuse([(r, given[r], f"stage shares sum to {total[r]:g}", hint) for r in wrong])
    own = {name: each.stages for name, each in MECHANISMS.items() if name not in given and each.stages is not None}
    missing = [name for name in MECHANISMS if name not in given and name not in own]
    if missing:
        raise DataError(Problem(table.path, name, "no row for this mechanism", "add one") for name in missing)
    bad = [name for name, shares in own.items() if len(shares) != len(STAGES) or abs(sum(shares) - 1.0) > 1e-9]
    if bad:
        raise DataError(Problem(MECHANISMS.entry(name).where, name, f"`stages` is {own[name]}", hint) for name in bad)
    rows = [own[name] if name in own else stages[given.index(name)] for name in MECHANISMS]
    return np.ascontiguousarray(np.array(rows, dtype=np.float64))
