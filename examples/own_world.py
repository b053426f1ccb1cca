"""A set of regions and a sector table of one's own.

qipan --plugin examples/own_world.py run baseline --set world.data=central-6 --set world.sectors=pair
"""

from pathlib import Path

from qipan.model.parameters import WorldChoice
from qipan.model.world import Sectors, Tables, World, load_world, read_sectors, sector_table, world

CENTRAL = ("CN-SX", "CN-AH", "CN-JX", "CN-HA", "CN-HB", "CN-HN")


@world("central-6", label="Six central provinces", label_zh="中部六省", regions=len(CENTRAL), reads=("sectors",))
def central(choice: WorldChoice, tables: Tables) -> World:
    """The six provinces of central China, as if there were no others."""
    return load_world(choice.model_copy(update={"data": "provinces-31"})).subset(CENTRAL)


@sector_table("pair", label="Two sectors", label_zh="两个领域", sectors=2)
def pair() -> Sectors:
    """Two sectors, one near the market and one at the frontier, chained to each other."""
    return read_sectors(
        Path(__file__).with_name("own_sectors.csv"),
        links=[("storage", "fusion")],
        announced={"CN-AH": ["fusion"], "CN-HA": ["storage"]},
    )
