"""qipan: how regions choose future industries, how much they duplicate each other, and what a coordinator changes.

The public names of the model. `load_scenario` reads a scenario, `run` simulates it, `History` is what comes back.
`PolicyModel` (the Mesa view) is imported when first asked for, since Mesa takes its time.
"""

from typing import Any

from model.ensemble import run
from model.errors import UserError
from model.history import History
from model.scenario import Scenario, load_scenario
from model.world import World, load_world

__all__ = [
    "History",
    "PolicyModel",
    "RegionAgent",
    "Scenario",
    "UserError",
    "World",
    "load_scenario",
    "load_world",
    "run",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("PolicyModel", "RegionAgent"):
        from model import agents

        return getattr(agents, name)
    raise AttributeError(f"module 'model' has no attribute {name!r}")
