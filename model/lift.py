"""One text for two executors: a cell is a rule for one pair, region or sector of one replicate.

What each argument varies over is declared once, beside the rule. NumPy calls the rule with whole arrays; compiled code
calls it with one number after another, in a loop made from the declaration (`model.compiled.loops`).

    @cell("rkn rkn kn -> rkn kn")
    def started(offer, waiting, cost, *, execution): ...

Letters: m mechanism, s stage, r region, k sector, n replicate, in this order. A capital hands over all layers at once,
as a tuple. A result that lacks a letter that is looped over is summed over it. Parameters after the `*` are settings,
found by their names: one number, or one for each region.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from model.axes import Array, layered

MEMORY = "MSmsrkn"
"""Letters in the order in which axes lie in memory, and in which they are written."""

@dataclass(frozen=True, eq=False)
class Cell:
    """A rule with the axes of its arguments and results.

    Attributes:
        rule: Its text: numbers and tuples in, one value or a tuple of values out.
        takes: Axes of its positional arguments.
        gives: Axes of its results.
        settings: Names of the settings it looks at.
    """

    rule: Callable[..., Any]
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    settings: tuple[str, ...]

    def __post_init__(self) -> None:
        positional = len(inspect.signature(self.rule).parameters) - len(self.settings)
        if positional != len(self.takes):
            raise TypeError(f"{self.name} takes {positional} arguments; axes are declared for {len(self.takes)}")
        for axes in (*self.takes, *self.gives):
            if axes != "".join(letter for letter in MEMORY if letter in axes):
                raise TypeError(f"{self.name}: axes {axes!r} must be letters of {MEMORY!r} in this order")
        if strange := set("".join(self.gives)) - set("".join(self.takes)) - {"M", "S"}:
            raise TypeError(f"{self.name}: a result varies over {sorted(strange)}, but no argument does")

    @property
    def name(self) -> str:
        """Module and name of the rule."""
        return f"{self.rule.__module__}.{self.rule.__qualname__}"

    @cached_property
    def loops(self) -> str:
        """Letters that are looped over, in the order of memory."""
        return "".join(letter for letter in MEMORY if letter.islower() and letter in "".join(self.takes))

    def __call__(self, *arrays: Any, **settings: Any) -> Any:
        """The rule of whole arrays by NumPy, (replicate, ...); results as declared.

        Layers of pairs that are looped over are worked on one after the other: they stay in the processor's cache.
        """
        layer = next((letter for letter in "ms" if letter in self.loops and "r" in self.loops), None)
        if layer is not None:
            return self._layer_by_layer(layer, arrays, settings)
        given = [spread(array, axes, self.loops) for array, axes in zip(arrays, self.takes, strict=True)]
        chosen = {name: over_regions(settings[name], name, self) for name in self.settings}
        shape = np.broadcast(*numbers(given)).shape
        found = self.rule(*given, **chosen)
        if len(self.gives) == 1:
            return gathered(found, self.gives[0], self.loops, shape)
        return like(found, [gathered(*pair, self.loops, shape) for pair in zip(found, self.gives, strict=True)])

    @cached_property
    def _of_one_layer(self) -> "Cell":
        """The same rule of one layer."""
        letter = "m" if "m" in self.loops else "s"
        takes, gives = ([axes.replace(letter, "") for axes in all_axes] for all_axes in (self.takes, self.gives))
        return Cell(self.rule, tuple(takes), tuple(gives), self.settings)

    def _layer_by_layer(self, letter: str, arrays: Any, settings: Mapping[str, Any]) -> Any:
        places = [place_of(letter, axes) for axes in self.takes]
        count = next(np.shape(array)[place] for array, place in zip(arrays, places, strict=True) if place is not None)
        found = []
        for layer in range(count):
            given = [
                array if place is None else array[(slice(None),) * place + (layer,)]
                for array, place in zip(arrays, places, strict=True)
            ]
            one = self._of_one_layer(*given, **settings)
            found.append([one] if len(self.gives) == 1 else one)
        results = []
        for axes, layers in zip(self.gives, zip(*found, strict=True), strict=True):
            place = place_of(letter, axes)
            results.append(total_over_layers(layers) if place is None else layered(layers, place))
        return results[0] if len(results) == 1 else like(found[0], results)


def cell(axes: str) -> Callable[[Callable[..., Any]], Cell]:
    """Declare what the arguments of a rule vary over, and its results."""
    takes, gives = axes.split("->")

    def declared(rule: Callable[..., Any]) -> Cell:
        parameters = inspect.signature(rule).parameters.values()
        settings = tuple(each.name for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY)
        return Cell(rule, tuple(takes.split()), tuple(gives.split()), settings)

    return declared


def place_of(letter: str, axes: str) -> int | None:
    """Where an axis stands in an array, (replicate, ...); None where it does not."""
    order = ("n" if "n" in axes else "") + axes.replace("n", "")
    return order.index(letter) if letter in axes else None


def like(found: Any, results: list[Any]) -> Any:
    """Results under the names that a rule gives them."""
    return type(found)(*results) if hasattr(found, "_fields") else tuple(results)


def total_over_layers(layers: Sequence[Array]) -> Array:
    """Sum of layers, one after the other."""
    total = layers[0]
    for layer in layers[1:]:
        total = total + layer
    return total


def layers_of(array: Any, axes: str) -> list[Any] | None:
    """The layers of an argument that is handed over whole, or None where there is no such axis."""
    if not axes or axes[0].islower():
        return None
    if isinstance(array, list | tuple):
        return list(array)
    place = 1 if "n" in axes else 0
    return [array[(slice(None),) * place + (layer,)] for layer in range(array.shape[place])]


def spread(array: Any, axes: str, loops: str) -> Any:
    """An argument as it lies in memory, meeting all axes of the loops; its layers as a tuple."""
    layers = layers_of(array, axes)
    if layers is not None:
        return tuple(spread(layer, axes[1:], loops) if axes[1:] else layer for layer in layers)
    order, index = met_by(axes, loops)
    return (array.transpose(order) if order else array)[index]


@cache
def met_by(axes: str, loops: str) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """How an array, (replicate, ...), is turned to the order of memory, and the index by which it meets the loops."""
    order = (*range(1, len(axes)), 0) if "n" in axes else ()
    return order, tuple(slice(None) if letter in axes else None for letter in loops)


def over_regions(value: Any, name: str, cell: Cell) -> Any:
    """A setting that meets all axes of the loops of a cell.

    Raises:
        ValueError: It differs by region, and the cell is national.
    """
    if np.ndim(value) == 0:
        return value
    if "r" not in cell.loops:
        raise ValueError(f"{name} differs by region; {cell.name} is national")
    return np.reshape(value, [-1 if letter == "r" else 1 for letter in cell.loops])


def numbers(given: Any) -> list[Any]:
    """All arrays among arguments, those in tuples too."""
    return [each for value in given for each in (numbers(value) if isinstance(value, tuple) else [value])]


def gathered(value: Any, axes: str, loops: str, shape: tuple[int, ...]) -> Array:
    """A result, (replicate, ...), with the axes that are declared, summed over the others that are looped over."""
    if axes[:1].isupper():
        return layered([gathered(layer, axes[1:], loops, shape) for layer in value])
    if np.ndim(value) == 0:
        sizes = dict(zip(loops, shape, strict=True))
        times = math.prod(size for letter, size in sizes.items() if letter not in axes)
        total = np.broadcast_to(value * float(times), [sizes[letter] for letter in axes])
    else:
        total = value if value.shape == shape else np.ascontiguousarray(np.broadcast_to(value, shape))
        for place, letter in reversed(list(enumerate(loops))):
            if letter not in axes:
                total = summed(total, place)
    return total.transpose(total.ndim - 1, *range(total.ndim - 1))


def summed(values: Array, axis: int) -> Array:
    """Sum over an axis, one layer after the other. NumPy would add in pairs along rows without a break."""
    if values[(0,) * (axis + 1)].size > 1:
        return np.asarray(np.add.reduce(values, axis=axis))
    return np.add.accumulate(values, axis=axis)[(slice(None),) * axis + (-1,)]


def chosen(cell: Cell, settings: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a cell looks at.

    Raises:
        KeyError: One is not known.
    """
    return {name: more[name] if name in more else settings[name] for name in cell.settings}
