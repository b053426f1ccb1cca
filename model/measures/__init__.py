"""Measures: one pure function each, declared with label, unit, axes, direction, bounds, formula, null and source.

Three different things, never mixed: similarity and duplication (positive) and waste (normative).
"""

from model.measures import similarity  # first, for tables list measures in the order in which they are declared

# isort: split
from model.measures import duplication, outcome, waste, welfare
from model.measures.registry import Measure, MissingInputError, computable, compute, dictionary, measure
from model.registry import MEASURES

__all__ = [
    "MEASURES", "Measure", "MissingInputError", "computable", "compute", "dictionary", "duplication", "measure",
    "outcome", "similarity", "waste", "welfare",
]  # fmt: skip
