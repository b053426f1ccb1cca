"""How a measure is declared, found and computed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from qipan.model.axes import Array
from qipan.model.extend.answers import AnswerError, shown
from qipan.model.extend.registry import MEASURES
from qipan.model.measures.sharing import sharing

Direction = Literal["neutral", "lower is better", "higher is better"]
YEARLY = ("replicate", "year")
WHOLE_RUN = ("replicate",)

PARAMETERS = {
    "social_surplus": "world.market.social_surplus",
    "research_spillover": "world.market.research_spillover",
    "public_funds_cost": "world.market.public_funds_cost",
    "discount": "world.market.discount",
    "terminal_years": "world.market.terminal_years",
    "inequality_aversion": "world.market.inequality_aversion",
    "value_added_share": "world.market.value_added_share",
    "industrial_cost": "world.technology.industrial_cost",
    "capital_productivity": "world.technology.capital_productivity",
}


@dataclass(frozen=True)
class Measure:
    """One number about a history, with everything needed to print, judge and check it.

    Args:
        name: The function's name, the column's name in every table.
        function: Pure function; its argument names are the inputs.
        label, label_zh: What a figure prints.
        unit: Unit of the result, "1" for a pure number.
        direction: Whether more is better; "neutral" where neither is.
        axes: Names of the result's axes, replicate first.
        bounds: Smallest and largest value the measure can take.
        formula: The formula in words and symbols.
        source: Where it comes from.
        null: Name of the measure that holds its value under chance, "" when it needs none.
    """

    name: str
    function: Callable[..., Array]
    label: str
    label_zh: str
    unit: str
    direction: Direction
    axes: tuple[str, ...]
    bounds: tuple[float, float]
    formula: str
    source: str
    null: str = ""

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of history fields, ``world_`` fields, parameters or other measures that the function reads."""
        return tuple(inspect.signature(self.function).parameters)


ByName = Mapping[str, Measure]
"""Measures by name: the registry as it stands when a computation begins, for it looks for plug-ins when it is read."""


def measure(**declared: Any) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    """Declare the decorated function as a measure; the keywords are those of :class:`Measure`.

    Raises:
        RegistryError: Another module has a measure of this name, or a label is missing.
    """
    declared.setdefault("axes", YEARLY)

    def register(function: Callable[..., Array]) -> Callable[..., Array]:
        item = Measure(name=function.__name__, function=function, **declared)
        MEASURES.add(item.name, item, label=item.label, label_zh=item.label_zh, source=function)
        return function

    return register


def field(history: Any, name: str) -> Any:
    """Return one input by name from a History (arrays, world, scenario) or from a plain mapping.

    Raises:
        KeyError: the history has no such field.
    """
    if not hasattr(history, "arrays"):
        return history[name]
    if name in history.arrays:
        return history.arrays[name]
    if name in PARAMETERS:
        value: Any = history.scenario
        for part in PARAMETERS[name].split("."):
            value = getattr(value, part)
        return value
    owner, attribute = (history.world, name[6:]) if name.startswith("world_") else (history, name)
    if name == "arrays" or not hasattr(owner, attribute):
        raise KeyError(name)
    return getattr(owner, attribute)


def compute(history: Any, names: Iterable[str] | None = None) -> dict[str, Array]:
    """Compute measures of a history.

    Args:
        history: A History, or a mapping from input names to arrays (``layout``, ``world_size``, ``discount``, ...).
        names: Measures wanted; None means all whose inputs the history has.

    Returns:
        name -> array with the axes the measure declares.

    Raises:
        KeyError: a measure asked for by name does not exist or lacks an input.
    """
    done: dict[str, Any] = {}
    declared = dict(MEASURES)
    with sharing():
        wanted = computable(history) if names is None else names
        return {name: _value(history, name, done, declared) for name in wanted}


def computable(history: Any) -> tuple[str, ...]:
    """Measures whose inputs a history (or mapping) has, in the order declared; nothing is computed."""
    known: dict[str, bool] = {}
    declared = dict(MEASURES)
    return tuple(name for name in declared if _has_inputs(history, name, known, declared))


def _has_inputs(history: Any, name: str, known: dict[str, bool], declared: ByName) -> bool:
    if name not in known:
        known[name] = (
            all(_has_inputs(history, key, known, declared) for key in declared[name].inputs)
            if name in declared
            else _holds(history, name)
        )
    return known[name]


def _holds(history: Any, key: str) -> bool:
    try:
        field(history, key)
    except KeyError:
        return False
    return True


class MissingInputError(KeyError):
    """A measure cannot be computed because the history lacks one of its inputs."""


def _value(history: Any, name: str, done: dict[str, Any], declared: ByName) -> Array:
    """A measure; ``done`` holds the measures and inputs that there are already, by name."""
    if name not in declared:
        raise KeyError(f"no measure {name!r}; {MEASURES.advice(name)}")
    if name not in done:
        item = declared[name]
        given = item.function(**{key: _input(history, key, name, done, declared) for key in item.inputs})
        done[name] = _checked(item, given, history)
    value: Array = done[name]
    return value


def _checked(item: Measure, given: Any, history: Any) -> Array:
    """A measure that holds numbers along the axes it declares; a plain mapping may have any lead axes."""
    who, axes = f"measure {item.name}", " x ".join(item.axes)
    values = np.asarray(given) if isinstance(given, np.ndarray | list | tuple | float | int | np.generic) else None
    if values is None or values.dtype.kind not in "biuf":
        raise AnswerError(who, f"the result is {shown(given)}", f"an array of numbers ({axes}) is wanted")
    if not hasattr(history, "world"):
        return values
    lengths = {"replicate": len(history.replicates), "year": len(history.years)}
    lengths |= dict(zip(("region", "sector"), history.world.data_fit.shape, strict=True))
    shape = tuple(lengths[axis] for axis in item.axes)
    if values.shape != shape:
        raise AnswerError(who, f"the result has the shape {values.shape}", f"its axes are {axes}, here {shape}")
    return values


def _input(history: Any, key: str, name: str, done: dict[str, Any], declared: ByName) -> Any:
    if key in done:
        return done[key]
    if key in declared:
        return _value(history, key, done, declared)
    try:
        done[key] = field(history, key)
        return done[key]
    except KeyError:
        raise MissingInputError(f"measure {name} needs {key!r}, which this history does not hold") from None


def dictionary() -> list[dict[str, str]]:
    """The data dictionary: one row per measure with everything declared about it, as text, in the order declared."""
    return [
        {
            "measure": item.name,
            "label": item.label,
            "label_zh": item.label_zh,
            "unit": item.unit,
            "direction": item.direction,
            "axes": ", ".join(item.axes),
            "lowest": f"{item.bounds[0]:g}",
            "highest": f"{item.bounds[1]:g}",
            "formula": item.formula,
            "null": item.null,
            "inputs": ", ".join(item.inputs),
            "source": item.source,
        }
        for item in MEASURES.values()
    ]
