"""The exogenous world, read from data/: regions, sectors, fit, budgets, neighbours, early adopters, targets."""

from model.world.loading import WORLDS, load_world
from model.world.record import Target, World
from model.world.sectors import TABLES
from model.world.tables import data_folder

__all__ = ["TABLES", "WORLDS", "Target", "World", "data_folder", "load_world"]
