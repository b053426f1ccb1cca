"""qipan: how regions choose future industries, how much they duplicate each other, and what a coordinator changes.

The public names of the model. `load_scenario` reads a scenario, `run` simulates it, `History` is what comes back.
Each name is loaded when first asked for: `PolicyModel` (the Mesa view) needs Mesa, which takes its time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.agents import CoordinatorAgent, PolicyModel, RegionAgent
    from model.ensemble import run
    from model.errors import UserError
    from model.exploring import evaluate, space
    from model.history import History
    from model.plugins import load_plugin
    from model.scenario import Scenario, load_scenario
    from model.world import World, load_world

__all__ = [
    "CoordinatorAgent",
    "History",
    "PolicyModel",
    "RegionAgent",
    "Scenario",
    "UserError",
    "World",
    "evaluate",
    "load_plugin",
    "load_scenario",
    "load_world",
    "run",
    "space",
]

__version__ = "0.1.0"

_HOMES = {
    "CoordinatorAgent": "model.agents",
    "History": "model.history",
    "PolicyModel": "model.agents",
    "RegionAgent": "model.agents",
    "Scenario": "model.scenario",
    "UserError": "model.errors",
    "World": "model.world",
    "evaluate": "model.exploring",
    "load_plugin": "model.plugins",
    "load_scenario": "model.scenario",
    "load_world": "model.world",
    "run": "model.ensemble",
    "space": "model.exploring",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'model' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
