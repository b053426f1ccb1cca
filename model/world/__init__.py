"""The exogenous world, read from data/: regions, sectors, fit, budgets, neighbours, early adopters, targets."""

from qipan.model.extend.registry import SECTOR_TABLES, WORLDS
from qipan.model.world.loading import load_world, world
from qipan.model.world.reading.own import OwnData, Tables, shipped_folder
from qipan.model.world.record import Target, World
from qipan.model.world.sectors import Sectors, read_sectors, sector_table

__all__ = [
    "SECTOR_TABLES",
    "WORLDS",
    "OwnData",
    "Sectors",
    "Tables",
    "Target",
    "World",
    "load_world",
    "read_sectors",
    "sector_table",
    "shipped_folder",
    "world",
]
