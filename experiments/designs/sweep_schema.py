"""The JSON Schema of the files of sweeps, for editors, made from the form of the file and the parameter table."""

from __future__ import annotations

from typing import Any

from qipan.experiments.designs.sweep_file import NOT_SWEPT, Sweep
from qipan.model.scenario.schema import describe
from qipan.model.scenario.table import parameter_table

MEANINGS = {
    "title": "What the experiment is, in a few words.",
    "title_zh": "The title in Chinese.",
    "question": "The question it answers.",
    "question_zh": "The question in Chinese.",
    "arms": "Scenarios, names or files; the first is the baseline of every difference.",
    "method": "How points are chosen: every combination (grid), or points in the unit cube (latin_hypercube, sobol).",
    "points": "Number of points of latin_hypercube and sobol.",
    "replicates": "Replicates of each arm at each point, the same draws at all points.",
    "seed": "Seed of the points and of all draws.",
    "parameters": "What is varied: by key two numbers for a range, or a list of values.",
    "prior": "all: vary every parameter that has a plausible range.",
    "leave_out": "Keys that `prior: all` leaves as they are.",
    "steps": "Values that a grid takes from a range.",
    "measures": "Measures to keep; one of a year is taken in the programme's last year.",
    "reject": "Points to pass over: delay_not_below_period, a plan published when the next is due.",
    "set": "Values that hold in all arms, by key.",
}
"""What each key of the file means."""


def sweep_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the file of a sweep; keys of parameters are dotted or nested.

    Example:
        >>> sweep_schema()["properties"]["replicates"]["minimum"]
        2
    """
    made = Sweep.model_json_schema()["properties"]
    properties = {
        name: {key: value for key, value in made[name].items() if key != "title"} | {"description": MEANINGS[name]}
        for name in Sweep.model_fields
    }
    varied = {path: row for path, row in parameter_table().items() if path not in NOT_SWEPT}
    values = {"type": "array", "minItems": 1, "items": {"type": ["number", "string", "boolean"]}}
    properties["parameters"] |= {
        "type": "object",
        "properties": {path: {**values, "description": describe(row)} for path, row in varied.items()},
        "additionalProperties": {"type": ["object", "array"]},
    }
    properties["set"] |= {
        "type": "object",
        "properties": {path: {"description": describe(row)} for path, row in parameter_table().items()},
        "additionalProperties": True,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "qipan experiment",
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "arms", "method"],
        "properties": properties,
    }
