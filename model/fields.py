"""What a history records: one row per field, with its axes, unit and meaning."""

from dataclasses import dataclass

from qipan.model.axes import STAGES
from qipan.model.extend.registry import MECHANISMS
from qipan.model.world import World

REGION_SECTOR = ("region", "sector")
MONEY = "bn yuan"
PER_YEAR = "bn yuan/year"


@dataclass(frozen=True)
class Field:
    """A recorded quantity; axes after replicate and year."""

    name: str
    axes: tuple[str, ...]
    unit: str
    meaning: str

    def shape(self, world: World) -> tuple[int, ...]:
        """Lengths of the axes after replicate and year."""
        return tuple(len(labels) for labels in coordinates(world, self.axes).values())


def coordinates(world: World, axes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Labels along each axis."""
    known = {
        "region": world.region_codes,
        "sector": world.sector_codes,
        "mechanism": tuple(MECHANISMS),
        "stage": STAGES,
    }
    return {axis: known[axis] for axis in axes}


FIELDS: dict[str, Field] = {
    row[0]: Field(*row)
    for row in (
        ("layout", REGION_SECTOR, "1", "1 where the sector is in the region's layout"),
        ("portfolio", REGION_SECTOR, "1", "share of the region's money"),
        ("investment", REGION_SECTOR, MONEY, "money spent on projects"),
        ("capacity", REGION_SECTOR, PER_YEAR, "yearly output capacity before know-how"),
        ("output", REGION_SECTOR, MONEY, "gross output at the year's price"),
        ("sold", REGION_SECTOR, MONEY, "quantity sold at the base price"),
        ("adopted", ("region",), "1", "1 where the region has a future-industry document"),
        ("public_money", ("region",), MONEY, "public money offered to projects, co-funding included"),
        ("arrears", ("region",), MONEY, "non-performing loans on the books of banks"),
        ("public_used", ("region",), MONEY, "public money used in the region's projects, its own and national support"),
        ("private_used", ("region",), MONEY, "money of private mechanisms used in the region's projects"),
        ("overhead", ("region",), MONEY, "running cost of bases, paid from the programme's own public money"),
        ("general_budget", ("region",), MONEY, "running cost of bases, paid from the region's other revenue"),
        ("ordinary", ("region",), MONEY, "public money spent on ordinary projects under a new name"),
        ("small_cost", ("region",), MONEY, "extra operating cost of bases below efficient scale"),
        ("completed_research", ("region",), MONEY, "cost of research projects that ended in the year"),
        ("ecosystem_money", ("region",), MONEY, "spent on the ecosystem: the region's own, and the nation's by size"),
        ("support", ("region",), MONEY, "national support: money of the levers and the nation's for the ecosystem"),
        ("contributed", ("region",), MONEY, "levied from the region's pools and not handed back"),
        ("demand", ("sector",), PER_YEAR, "quantity the nation would buy at the base price"),
        ("supply", ("sector",), PER_YEAR, "what the nation could sell"),
        ("utilisation", ("sector",), "1", "share of supply that finds a buyer"),
        ("price", ("sector",), "1", "price relative to the base"),
        ("breakthrough", ("sector",), "1", "1 after the national breakthrough"),
        ("foreign", ("sector",), "1", "1 after foreign competitors broke through"),
        ("planner_count", ("sector",), "regions", "regions per sector that look efficient to a coordinator"),
        ("on_list", ("sector",), "1", "1 where the sector is on the national list"),
        ("money", ("mechanism", "stage"), MONEY, "money used"),
        ("offered", ("mechanism",), MONEY, "money offered"),
        ("returned", ("mechanism",), MONEY, "profit, or interest and principal, returned"),
        ("lost", ("mechanism",), MONEY, "money in failed projects, or loans gone bad"),
        ("waiting", ("stage",), MONEY, "cost of projects that waited in vain"),
        ("starts", ("stage",), MONEY, "cost of projects started"),
        ("successes", ("stage",), MONEY, "cost of projects that succeeded"),
        ("payoff", (), "payoff units", "what the present layouts would truly earn in the nation at maturity"),
        ("pools", (), MONEY, "public money before any levy"),
        ("levy", (), MONEY, "levied by the coordinator"),
        ("administration", (), MONEY, "spent on administration"),
        ("burned", (), MONEY, "levied and spent on nothing"),
        ("lapsed", (), MONEY, "public money gone back to the treasury"),
        ("public_balance", (), MONEY, "unused public money kept for next year"),
    )
}
"""Recorded every year, replicate first."""

ONCE: dict[str, Field] = {
    row[0]: Field(*row)
    for row in (
        ("value", ("sector",), PER_YEAR, "true value of the sector at maturity"),
        ("efficient_count", ("sector",), "regions", "regions per sector in the best layout on the true values"),
        ("understanding", ("region",), "1", "1 where the region understands future industry as frontier technology"),
    )
}
"""Recorded once per replicate."""
