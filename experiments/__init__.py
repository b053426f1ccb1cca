"""Experiments with the model: run and compare arms, store results, draw figures, write the report, the command line.

`compare` and `open_result` are its public names, loaded when first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qipan.experiments.studies.python import compare, open_result

__all__ = ["compare", "open_result"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'qipan.experiments' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module("qipan.experiments.studies.python"), name)
    return value
