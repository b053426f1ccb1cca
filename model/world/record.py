"""What an exogenous world is: regions, sectors, what links them, and what regions have promised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import bool_, int64
from numpy.typing import NDArray

from qipan.model.axes import STAGES, Array
from qipan.model.errors import DataError, Problem
from qipan.model.extend.registry import MECHANISMS
from qipan.model.world.breadth import imputed_breadth
from qipan.model.world.derive import linked, row_shares, same_tier, shares
from qipan.model.world.reading.own import OwnData, Tables
from qipan.model.world.sectors import COLUMNS, load_mechanisms

if TYPE_CHECKING:
    import pandas

FIRST_ID = 10**9
"""Address of the first region without a code of its own."""
OUTSIDE_SCOPE = "outside scope: it counts industries that are in none of the sectors of this world"


@dataclass(frozen=True)
class Target:
    """A stated target as an object.

    A target is compared only with its own indicator. Three indicators are simulated: `output`, `main_business_income`
    (output sold, in the model the same flow, never mixed with other indicators in a table) and `value_added_share`; a
    fourth, `scale`, names no indicator in its document and is *read* as output, which `reading` says.

    Attributes:
        identifier: Name in files and tables, `shanghai-output-2030`.
        region: Code of the region (ISO 3166-2), of the city (GB/T 2260), or `CN`.
        comparator: `>`, `>=`, `=`, `~` (about).
        value: Corrected value: bn yuan, a share, or a count, as `unit` says.
        year: Year due; None when the document gives none.
        value_as_printed: Value in the English text, garbled in three rows.
        reading: How the document's words are read, and what was corrected; empty when nothing had to be decided.
        measured_by: Flow of the model it is held against, `output` or `value_added` (bn yuan a year); empty when none.
        threshold: Value that flow must reach, bn yuan; None when it is not simulated.
        simulated: Whether this world can say something about it.
        why_not: Reason when it is not simulated.
        broad: Whether it counts as published figures of a sector do, more than the model (`world.market.scope`).
    """

    identifier: str
    region: str
    region_name: str
    region_name_zh: str
    indicator: str
    comparator: str
    value: float
    unit: str
    year: int | None
    value_as_printed: float
    year_as_printed: int | None
    reading: str
    source: str
    issued: str
    level: str
    confidence: str
    measured_by: str
    threshold: float | None
    simulated: bool
    why_not: str
    broad: bool = False

    @property
    def outside(self) -> bool:
        """Whether it counts industries that are in none of the world's sectors, so that nothing can be said of it."""
        return self.why_not == OUTSIDE_SCOPE

    def as_printed(self) -> "Target":
        """The same target with the value and year as the English text prints them."""
        if self.threshold is None:
            return replace(self, value=self.value_as_printed, year=self.year_as_printed)
        threshold = self.threshold * self.value_as_printed / self.value
        return replace(self, value=self.value_as_printed, year=self.year_as_printed, threshold=threshold)


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """Everything exogenous that is not drawn: read-only arrays over R regions and K sectors.

    Money is in billion yuan at 2022 prices (stocks of 2022 a year), population in million persons.

    Attributes:
        region_ids: Addresses of the regions in random draws, (R,): GB/T 2260 codes; 10**9 + index where invented.
        region_codes: ISO 3166-2; cities have their GB/T 2260 code.
        provinces: Position of a region's province among the 31, (R,); invented regions: of their group.
        sector_ids: Addresses of the sectors in random draws, (K,).
        size: Mean of the national shares of R&D, high-tech revenue and invention patents in force, sums to 1, (R,).
        breadth: Most sectors a region may be in, whole numbers from 1 to K, (R,).
        breadth_announced: Whether documents of the region name any of the sectors, (R,).
        adopted_at_start: 1 for regions with a future-industry document at the start, (R,).
        announced_layout: 1 where the region's documents name the sector; a zero row when none is known, (R, K).
        neighbours: Weights of a region's neighbours; rows sum to 1, or to 0 for an island, (R, R).
        peers: Weights of the other regions of the same R&D tercile; rows sum to 1 or 0, (R, R).
        data_fit: Part of the log fit that statistics explain, (R, K).
        median_value: Median value of a sector at maturity, (K,).
        readiness: How near a sector is to the market, around 1, (K,).
        frontier: 1 for sectors inside the frontier understanding of future industry, (K,).
        links: Weights of the sectors up and down the chain; rows sum to 1 or 0, zero diagonal, (K, K).
        mechanism_stages: Share of a mechanism's money by stage, rows sum to 1, (mechanism, stage).
        tile_column: Column of a region on the tile map, (R,); None where there is no map.
        vintage: What the data are, in one line.
        files: SHA-256 of each table read.
        own: Which tables are the user's own, and how they differ from the shipped ones.
        fit_coarse: Whether `data_fit` knows frontier sectors and others only (the frontier rule).
    """

    name: str
    region_ids: NDArray[int64]
    region_codes: tuple[str, ...]
    region_names: tuple[str, ...]
    region_names_zh: tuple[str, ...]
    macro_regions: tuple[str, ...]
    provinces: NDArray[int64]
    sector_ids: NDArray[int64]
    sector_codes: tuple[str, ...]
    sector_names: tuple[str, ...]
    sector_names_zh: tuple[str, ...]
    size: Array
    rd: Array
    firm_rd: Array
    fiscal_science: Array
    gdp: Array
    population: Array
    breadth: NDArray[int64]
    breadth_announced: NDArray[bool_]
    adopted_at_start: Array
    announced_layout: Array
    neighbours: Array
    peers: Array
    data_fit: Array
    median_value: Array
    demand_2022: Array
    readiness: Array
    frontier: Array
    links: Array
    mechanism_stages: Array
    targets: tuple[Target, ...]
    tile_column: NDArray[int64] | None
    tile_row: NDArray[int64] | None
    vintage: str
    files: Mapping[str, str]
    own: OwnData = field(default_factory=OwnData)
    fit_coarse: bool = False

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "files": dict(self.files)}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        for name, value in kept.items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            object.__setattr__(self, name, MappingProxyType(value) if name == "files" else value)

    def __repr__(self) -> str:
        return f"<World {self.name}: {len(self.region_codes)} regions x {len(self.sector_codes)} sectors>"

    def subset(self, codes: Iterable[str]) -> "World":
        """Some of the regions by code, in the order of this world, as if there were no others.

        Sizes and the weights of neighbours and peers are shares of what is left; the nation's targets are left out.
        Random draws stay with the region: each has those it has here.

        Raises:
            DataError: A code is unknown, or none is given.
        """
        wanted = tuple(codes)
        problems = []
        for code in dict.fromkeys(wanted):
            if code not in self.region_codes:
                near = get_close_matches(str(code), self.region_codes, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else f"codes such as {', '.join(self.region_codes[:4])}"
                problems.append(Problem("World.subset", str(code), f"is no region of {self.name}", hint))
        if problems or not wanted:
            raise DataError(problems or Problem("World.subset", "", "no region is given", "give some of region_codes"))
        rows = [row for row, code in enumerate(self.region_codes) if code in wanted]
        taken: dict[str, Any] = {}
        for name in PER_REGION:
            values = getattr(self, name)
            taken[name] = tuple(values[row] for row in rows) if isinstance(values, tuple) else values[rows]
        for name in ("neighbours", "peers"):
            taken[name] = row_shares(getattr(self, name)[np.ix_(rows, rows)])
        if self.tile_column is not None and self.tile_row is not None:
            taken |= {"tile_column": self.tile_column[rows], "tile_row": self.tile_row[rows]}
        targets = tuple(target for target in self.targets if target.region in wanted)
        taken |= {"size": shares(self.size[rows]), "targets": targets, "name": f"{self.name}, {len(rows)} regions"}
        return sound_world(replace(self, **taken))

    @staticmethod
    def from_frames(
        regions: "pandas.DataFrame",
        sectors: "pandas.DataFrame",
        *,
        name: str = "own",
        neighbours: Sequence[tuple[str, str]] = (),
        links: Sequence[tuple[str, str]] = (),
    ) -> "World":
        """A world from tables of one's own.

        Args:
            regions: A row for each region with code, name, rd, firm_rd, fiscal_science, gdp (bn yuan) and population
                (million). Further columns are read where they are there: name_zh, macro_region, region_id (its address
                in random draws), size (any unit), breadth (sectors it may be in), adopted (0 or 1).
            sectors: A row for each sector with the columns of data/sectors.csv: sector_id, code, name, name_zh,
                median_value and demand_2022 (bn yuan a year), readiness, frontier (0 or 1).
            name: What it is called.
            neighbours: Pairs of codes of regions that touch.
            links: Pairs of codes of sectors that stand next to each other in the chain.

        Raises:
            DataError: A column is missing, a value cannot be used, or a pair names what is not there; all of it.
        """
        columns = [column.name for column in COLUMNS]
        lacking = [("regions", column) for column in NEEDED if column not in regions.columns]
        lacking += [("sectors", column) for column in columns if column not in sectors.columns]
        if lacking:
            raise DataError(Problem(f"table {table}", name, "column is missing", "add it") for table, name in lacking)
        codes, kinds = (tuple(str(code) for code in table["code"]) for table in (regions, sectors))
        for pairs, known, what in ((neighbours, codes, "neighbours"), (links, kinds, "links")):
            strangers = sorted({code for pair in pairs for code in pair if code not in known})
            if strangers:
                raise DataError(Problem("World.from_frames", what, f"{code} is not in the table") for code in strangers)

        def numbers(table: "pandas.DataFrame", column: str) -> Array:
            try:
                return np.array(table[column], dtype=np.float64)
            except (TypeError, ValueError) as error:
                raise DataError(Problem("World.from_frames", column, f"holds no number: {error}")) from None

        def texts(column: str, other: str) -> tuple[str, ...]:
            chosen = column if column in regions.columns else other
            known = chosen in regions.columns
            return tuple(str(value) for value in regions[chosen]) if known else (other,) * len(codes)

        def optional(column: str, default: Any) -> Array:
            return numbers(regions, column) if column in regions.columns else default

        rd, tables = numbers(regions, "rd"), Tables()
        of_regions: dict[str, Any] = {column: numbers(regions, column) for column in NEEDED[3:]}
        of_sectors: dict[str, Any] = {column: numbers(sectors, column) for column in columns[4:]}
        count, ids = len(codes), FIRST_ID + np.arange(len(codes))
        return sound_world(
            World(
                name=name,
                region_ids=optional("region_id", ids * 1.0).astype(np.int64),
                region_codes=codes,
                region_names=texts("name", "code"),
                region_names_zh=texts("name_zh", "name"),
                macro_regions=texts("macro_region", name),
                provinces=np.arange(count, dtype=np.int64),
                sector_ids=numbers(sectors, "sector_id").astype(np.int64),
                sector_codes=kinds,
                sector_names=tuple(map(str, sectors["name"])),
                sector_names_zh=tuple(map(str, sectors["name_zh"])),
                size=shares(optional("size", rd)),
                rd=rd,
                **of_regions,
                breadth=optional("breadth", imputed_breadth(rd, len(kinds)) * 1.0).astype(np.int64),
                breadth_announced=np.full(count, "breadth" in regions.columns),
                adopted_at_start=optional("adopted", np.zeros(count)),
                announced_layout=np.zeros((count, len(kinds))),
                neighbours=linked(codes, list(neighbours)),
                peers=same_tier(rd),
                data_fit=np.zeros((count, len(kinds))),
                **of_sectors,
                links=linked(kinds, list(links)),
                mechanism_stages=load_mechanisms(tables),
                targets=(),
                tile_column=None,
                tile_row=None,
                vintage="own tables",
                files=tables.files,
            )
        )


NEEDED = ("code", "name", "rd", "firm_rd", "fiscal_science", "gdp", "population")
"""Columns without which there is no region."""
PER_REGION = (
    "region_ids",
    "region_codes",
    "region_names",
    "region_names_zh",
    "macro_regions",
    "provinces",
    "rd",
    "firm_rd",
    "fiscal_science",
    "gdp",
    "population",
    "breadth",
    "breadth_announced",
    "adopted_at_start",
    "announced_layout",
    "data_fit",
)
"""Fields whose first axis is the region."""
PER_SECTOR = (
    "sector_ids",
    "sector_codes",
    "sector_names",
    "sector_names_zh",
    "median_value",
    "demand_2022",
    "readiness",
    "frontier",
)


def sound_world(world: World) -> World:
    """A world whose tables fit each other, arrays read-only.

    Raises:
        DataError: With every table that does not: its shape, a value that is no number or below zero, a code that
            stands twice.
    """
    problems = list(_unsound(world))
    if problems:
        raise DataError(Problem(f"world {world.name}", name, message, hint) for name, message, hint in problems)
    for each in fields(world):
        values = getattr(world, each.name)
        if isinstance(values, np.ndarray):
            values.setflags(write=False)
    return world


def _unsound(world: World) -> Iterator[tuple[str, str, str]]:
    regions, sectors = len(world.region_codes), len(world.sector_codes)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys((*PER_REGION, "size"), (regions,))
    shapes |= dict.fromkeys(PER_SECTOR, (sectors,))
    shapes |= dict.fromkeys(("announced_layout", "data_fit"), (regions, sectors))
    shapes |= dict.fromkeys(("neighbours", "peers"), (regions, regions))
    shapes |= {"links": (sectors, sectors), "mechanism_stages": (len(MECHANISMS), len(STAGES))}
    if not regions or not sectors:
        yield "region_codes", f"{regions} regions and {sectors} sectors", "at least one of each"
    for name, shape in shapes.items():
        values = getattr(world, name)
        found = (len(values),) if isinstance(values, tuple) else np.shape(values)
        if found != shape:
            yield name, f"has the shape {found}", f"{shape} is wanted"
        elif not isinstance(values, tuple) and not np.isfinite(values).all():
            yield name, "holds something that is not a finite number", ""
        elif not isinstance(values, tuple) and name != "data_fit" and (values < 0).any():
            yield name, f"holds {values.min():g}", "numbers from 0 on"
    for name in ("region_ids", "region_codes", "sector_ids", "sector_codes"):
        values = list(getattr(world, name))
        twice = sorted({str(value) for value in values if values.count(value) > 1})
        if twice:
            yield name, f"{', '.join(twice[:4])} stands twice", "each needs its own"
    for name in ("rd", "median_value", "demand_2022", "readiness", "breadth"):
        if np.shape(getattr(world, name)) == shapes[name] and (getattr(world, name) <= 0).any():
            yield name, "holds 0", "numbers above 0"


def same_tables(one: World, other: World) -> bool:
    """Whether two worlds hold the same regions, sectors and numbers."""
    names = (*PER_REGION, *PER_SECTOR, "size", "neighbours", "peers", "links", "mechanism_stages")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)
