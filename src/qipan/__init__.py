"""qipan: how regions choose future industries, how much they duplicate each other, and what a coordinator changes.

The public names. `load_scenario` reads a scenario, `run` simulates it, `History` is what comes back; `compare` stores a
comparison of several, `open_result` opens one and `region` tells what it says of one region.
Each name is loaded when first asked for: `PolicyModel` (the Mesa view) needs Mesa, which takes its time.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qipan.experiments.examine.region import region
    from qipan.experiments.studies.python import compare, open_result
    from qipan.model.agents import CoordinatorAgent, PolicyModel, RegionAgent
    from qipan.model.ensemble import run
    from qipan.model.errors import UserError
    from qipan.model.exploring import evaluate, space
    from qipan.model.extend.plugins import load_plugin
    from qipan.model.history import History
    from qipan.model.scenario import Scenario, load_scenario
    from qipan.model.world import World, load_world

__all__ = [
    "CoordinatorAgent",
    "History",
    "PolicyModel",
    "RegionAgent",
    "Scenario",
    "UserError",
    "World",
    "compare",
    "evaluate",
    "load_plugin",
    "load_scenario",
    "load_world",
    "open_result",
    "region",
    "run",
    "space",
]

_HERE = Path(__file__).resolve().parent
if not (_HERE / "_shipped").is_dir():
    # A checkout, where model/ and experiments/ stand at the top; a wheel holds them inside the package.
    __path__.insert(0, str(_HERE.parent.parent))

__version__ = "0.1.0"

_HOMES = {
    "CoordinatorAgent": "qipan.model.agents",
    "History": "qipan.model.history",
    "PolicyModel": "qipan.model.agents",
    "RegionAgent": "qipan.model.agents",
    "Scenario": "qipan.model.scenario",
    "UserError": "qipan.model.errors",
    "World": "qipan.model.world",
    "compare": "qipan.experiments.studies.python",
    "evaluate": "qipan.model.exploring",
    "load_plugin": "qipan.model.extend.plugins",
    "load_scenario": "qipan.model.scenario",
    "load_world": "qipan.model.world",
    "open_result": "qipan.experiments.studies.python",
    "region": "qipan.experiments.examine.region",
    "run": "qipan.model.ensemble",
    "space": "qipan.model.exploring",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'qipan' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
