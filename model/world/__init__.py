"""The exogenous world, read from data/: regions, sectors, fit, budgets, neighbours, early adopters, targets."""

from model.registry import SECTOR_TABLES, WORLDS
from model.world.loading import load_world, world
from model.world.record import Target, World
from model.world.sectors import Sectors, read_sectors, sector_table
from model.world.tables import data_folder

__all__ = [
    "SECTOR_TABLES",
    "WORLDS",
    "Sectors",
    "Target",
    "World",
    "data_folder",
    "load_world",
    "read_sectors",
    "sector_table",
    "world",
]
