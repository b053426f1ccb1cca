"""Scenarios: world, policy and run, loaded from YAML, validated once, able to say where each value comes from."""

from qipan.model.scenario.explaining import ValueRow, explain_values, parameter_rows
from qipan.model.scenario.finding import list_scenarios, scenarios_folder
from qipan.model.scenario.loading import load_scenario
from qipan.model.scenario.record import Scenario
from qipan.model.scenario.schema import schema
from qipan.model.scenario.source import Origin
from qipan.model.scenario.table import setting_path

__all__ = [
    "Origin",
    "Scenario",
    "ValueRow",
    "explain_values",
    "list_scenarios",
    "load_scenario",
    "parameter_rows",
    "scenarios_folder",
    "schema",
    "setting_path",
]
