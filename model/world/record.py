"""What an exogenous world is: regions, sectors, what links them, and what regions have promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from numpy import bool_, int64
from numpy.typing import NDArray

from model.axes import Array
from model.world.own import OwnData


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

    def as_printed(self) -> "Target":
        """The same target with the value and year as the English text prints them."""
        if self.threshold is None:
            return replace(self, value=self.value_as_printed, year=self.year_as_printed)
        threshold = self.threshold * self.value_as_printed / self.value
        return replace(self, value=self.value_as_printed, year=self.year_as_printed, threshold=threshold)


@dataclass(frozen=True, eq=False)
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
        breadth_announced: Whether the region's documents say so; where False a formula on R&D stands in, (R,).
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
