"""Scenarios: world, policy and run, loaded from YAML, validated once, able to say where each value comes from."""

from model.scenario.finding import list_scenarios, scenarios_folder
from model.scenario.loading import load_scenario
from model.scenario.record import Scenario
from model.scenario.source import Origin

__all__ = ["Origin", "Scenario", "list_scenarios", "load_scenario", "scenarios_folder"]
