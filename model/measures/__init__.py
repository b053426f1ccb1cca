"""Measures: one pure function each, declared with label, unit, axes, direction, bounds, formula, null and source.

Three different things, never mixed: similarity and duplication (positive) and waste (normative).
"""

from qipan.model.measures import similarity  # first, for tables list measures in the order in which they are declared

# isort: split
from qipan.model.extend.registry import MEASURES
from qipan.model.measures import duplication, outcome, waste, welfare

# isort: split
from qipan.model.measures import regional
from qipan.model.measures.registry import Measure, MissingInputError, computable, compute, dictionary, measure

__all__ = [
    "MEASURES",
    "Measure",
    "MissingInputError",
    "computable",
    "compute",
    "dictionary",
    "duplication",
    "measure",
    "outcome",
    "regional",
    "similarity",
    "waste",
    "welfare",
]
