"""Cells as compiled loops: the loop is made from the axes a cell declares, the rule inside it from its own text."""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from sys import getrefcount
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.lib.mixins import NDArrayOperatorsMixin

from model import element
from model.axes import Array
from model.compiled.cache import cache_folder, caching
from model.compiled.compiling import COMPILED, entry, inlined
from model.compiled.memory import Rooms
from model.lift import Cell

PRIMITIVES = frozenset(value for value in vars(element).values() if isinstance(value, FunctionType))
"""What compiled code has bodies of its own for, beside the functions (`primitives.py`)."""


@cache
def compiled_rule(rule: Callable[..., Any]) -> Any:
    """A rule that becomes part of the loop that calls it; the rules it calls are compiled from their text too."""
    if rule in PRIMITIVES:
        return rule
    known = rule.__globals__
    called = {name: known[name] for name in rule.__code__.co_names if name in known}
    space = known | {name: compiled_rule(it) for name, it in called.items() if isinstance(it, FunctionType)}
    code = rule.__code__
    code = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
    plain = FunctionType(code, space, rule.__name__)
    plain.__module__, plain.__qualname__ = rule.__module__, rule.__qualname__
    return inlined(plain)


def at(name: str, *places: str) -> str:
    """A row of an array at the indices of the loops around it, or the array itself where it has no other axis."""
    return f"{name}[{', '.join(places)}]" if places else name


class Step(NamedTuple):
    """A cell that waits to be carried out.

    Attributes:
        takes: Slots of its arguments: of layers, a tuple of slots where each is an array, else (slot, -layers).
        gives: Slots of its results.
        layers: How many layers each result has, 0 for those that have none.
    """

    cell: Cell
    takes: tuple[Any, ...]
    gives: tuple[int, ...]
    layers: tuple[int, ...]


def text_of(steps: Sequence[Step], short: frozenset[int]) -> str:
    """The loop over cells, one after the other in each region.

    Args:
        steps: The cells.
        short: Slots of results that nobody looks at afterwards: a region's are written over those of the last.
    """
    slots = sorted({slot for step in steps for slot in (*flat(step.takes), *step.gives)})
    names = [f"a{slot}" for slot in slots] + [f"t{place}" for place in range(len(steps))]
    national, regional, sizes = list[str](), list[str](), dict[str, str]()
    looped = "r" in steps[0].cell.loops
    for place, step in enumerate(steps):
        zeros, lines = text_of_step(place, step, short, sizes)
        national += [line for far, line in zeros if far]
        regional += [line for far, line in zeros if not far] + lines
    head = [f"def loop({', '.join(names)}):", *(f"    {letter}s = {size}" for letter, size in sizes.items())]
    body = [f"    {line}" for line in national]
    if looped:
        body.append("    for r in range(rs):")
    body += [f"    {'    ' * looped}{line}" for line in regional]
    return "\n".join([*head, *body]) + "\n"


def text_of_step(
    place: int, step: Step, short: frozenset[int], sizes: dict[str, str]
) -> tuple[list[tuple[bool, str]], list[str]]:
    """Lines that set sums to zero, those of the whole nation marked, and the loop of one cell."""
    cell, rows, handed, stores, zeros = step.cell, list[str](), list[str](), list[str](), list[tuple[bool, str]]()

    def row(slot: int, axes: str, name: str, *lead: str) -> str:
        indices = [letter for letter in axes if letter != "n" and not (letter == "r" and slot in short)]
        rows.append(f"{name} = {at(f'a{slot}', *lead, *indices)}")
        if slot not in short:
            for number, letter in enumerate(axes):
                sizes.setdefault(letter, f"a{slot}.shape[{number + len(lead)}]")
        return f"{name}[n]" if "n" in axes else name

    for number, (taken, axes) in enumerate(zip(step.takes, cell.takes, strict=True)):
        if isinstance(taken, int):
            handed.append(row(taken, axes, f"x{number}"))
        elif taken[1] < 0:
            layers = [row(taken[0], axes[1:], f"x{number}_{layer}", str(layer)) for layer in range(-taken[1])]
            handed.append(f"({', '.join(layers)},)")
        else:
            layers = [row(slot, axes[1:], f"x{number}_{layer}") for layer, slot in enumerate(taken)]
            handed.append(f"({', '.join(layers)},)")
    region = "r" if "r" in cell.loops else "0"
    rows += [f"s{number} = t{place}[{number}, {region}]" for number in range(len(cell.settings))]
    handed += [f"s{number}" for number in range(len(cell.settings))]
    for number, (slot, axes, count) in enumerate(zip(step.gives, cell.gives, step.layers, strict=True)):
        small, value = (axes[1:] if count else axes), f"found[{number}]" if len(cell.gives) > 1 else "found"
        summed = bool(set(cell.loops) - set(small))
        for layer in range(count or 1):
            row(slot, small, f"y{number}_{layer}", *([str(layer)] if count else []))
            one = f"{value}[{layer}]" if count else value
            stores.append(f"y{number}_{layer}[n] {'+=' if summed else '='} {one}")
        if summed:
            zeros += zeroed(slot, small, count, slot in short)
    lines, depth = list[str](), 0
    for letter in (letter for letter in cell.loops if letter not in "rn"):
        lines.append(f"{'    ' * depth}for {letter} in range({letter}s):")
        depth += 1
    lines += [f"{'    ' * depth}{line}" for line in rows] + [f"{'    ' * depth}for n in range(ns):"]
    lines += [f"{'    ' * (depth + 1)}{line}" for line in [f"found = rule{place}({', '.join(handed)})", *stores]]
    return zeros, lines


def zeroed(slot: int, axes: str, count: int, short: bool) -> list[tuple[bool, str]]:
    """Lines that set a sum to zero: of the nation before all regions, of a region before it."""
    lines, depth, places = list[tuple[bool, str]](), 0, list[str]()
    far = "r" not in axes
    for letter in ("l" if count else "") + axes:
        if letter == "r":
            places += [] if short else ["r"]
            continue
        lines.append((far, f"{'    ' * depth}for {letter} in range({count if letter == 'l' else f'{letter}s'}):"))
        places.append(letter)
        depth += 1
    return [*lines, (far, f"{'    ' * depth}{at(f'a{slot}', *places)} = 0.0")]


def flat(takes: Any) -> list[int]:
    """The slots among arguments."""
    found = list[int]()
    for taken in takes:
        found += [taken] if isinstance(taken, int) else [taken[0]] if taken[1] < 0 else list(taken)
    return found


@cache
def loop_of(steps: tuple[Step, ...], short: frozenset[int]) -> Any:
    """The compiled loop over cells; it is kept in the cache where all are of this package."""
    text = text_of(steps, short)
    with caching():
        space: dict[str, Any] = {f"rule{place}": compiled_rule(step.cell.rule) for place, step in enumerate(steps)}
        own = __name__.split(".")[0]
        if any(step.cell.rule.__module__.split(".")[0] != own for step in steps):  # an edit would not be noticed
            exec(text, space)
            return njit(**COMPILED | {"nogil": True})(space["loop"])
        name = "-".join(step.cell.rule.__name__ for step in steps)[:100]
        key = text + "".join(step.cell.name for step in steps)
        exec(compile(text, str(kept(name, key, text)), "exec"), space | {"__name__": __name__}, space)
        return entry(space["loop"])


def kept(name: str, key: str, text: str) -> Path:
    """The file that holds the text of a loop: Numba keeps compiled code by the file it was written in."""
    folder = cache_folder() / "loops"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{sha256(key.encode()).hexdigest()[:12]}.py"
    if not path.exists():
        handle, scratch = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w") as out:
            out.write(text)
        os.replace(scratch, path)
    return path


def result_type(cell: Cell) -> Any:
    """The named tuple that a rule says it returns, or None."""
    found = cell.rule.__annotations__.get("return")
    return found if isinstance(found, type) and hasattr(found, "_fields") else None


class Pending(NDArrayOperatorsMixin):
    """A result that is worked out as soon as anybody but a cell looks at it.

    Cells of one region after the other then read what was written a moment ago, from the processor's cache.
    """

    def __init__(self, loops: "Loops", axes: str) -> None:
        self._loops, self.axes, self.found = loops, axes, None

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """The array, (replicate, ...)."""
        if self.found is None:
            self._loops.settle()
        return np.asarray(self.found) if dtype is None else np.asarray(self.found, dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """As of the array."""
        given = [np.asarray(one) if isinstance(one, Pending) else one for one in inputs]
        return getattr(ufunc, method)(*given, **options)

    def __getitem__(self, place: Any) -> Any:
        return np.asarray(self)[place]

    def __len__(self) -> int:
        return len(np.asarray(self))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)


class Loops:
    """Carries out cells for one block.

    Args:
        count: Replicates, 1 or more.
        regions: Regions.
        rooms: Room for results.
    """

    def __init__(self, count: int, regions: int, rooms: Rooms) -> None:
        self.count, self.regions, self._rooms = count, regions, rooms
        self._tables: dict[tuple[Any, ...], Array] = {}
        self._written: dict[int, tuple[Array, Array]] = {}
        self._begin()

    def _begin(self) -> None:
        self._steps, self._settings, self._plain = list[Step](), list[Array](), set[int]()
        self._slots, self._handed, self._results = dict[int, int](), list[Any](), dict[int, Pending]()

    def run(self, cell: Cell, arrays: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """The results of a cell, (replicate, ...)."""
        one_by_one = "r" in cell.loops
        flat_arrays = [one for array in arrays for one in (array if isinstance(array, list) else [array])]
        for one in flat_arrays:
            if type(one) is Pending and one.found is None and ("r" not in one.axes or not one_by_one):
                self.settle()
                break
        if self._steps and not one_by_one:
            self.settle()
        takes, sizes = list[Any](), {"n": self.count, "r": self.regions}
        for array, axes in zip(arrays, cell.takes, strict=True):
            if isinstance(array, list):
                takes.append(tuple(self._slot(one, axes[1:]) for one in array))
                sizes["M"] = len(array)
                continue
            shape = self._shape(array)
            order = ("n" if "n" in axes else "") + axes.replace("n", "")
            for letter, size in zip(order, shape, strict=True):
                sizes.setdefault(letter, size)
            slot = self._slot(array, axes)
            takes.append((slot, -sizes[axes[0]]) if axes[0].isupper() else slot)
        sizes.setdefault("M", sizes.get("m", 0))
        sizes.setdefault("S", 3)
        gives, layers, found = list[int](), list[int](), list[Pending]()
        for axes in cell.gives:
            result = Pending(self, axes)
            result.__dict__["size"] = tuple(sizes[letter] for letter in axes)
            gives.append(self._new(result))
            layers.append(sizes[axes[0]] if axes[0].isupper() else 0)
            found.append(result)
            self._results[gives[-1]] = result
        self._steps.append(Step(cell, tuple(takes), tuple(gives), tuple(layers)))
        self._settings.append(self._table(cell, settings))
        if not one_by_one:
            self.settle()
            found = [np.asarray(one) for one in found]
        if len(found) == 1:
            return found[0]
        named = result_type(cell)
        return named(*found) if named else tuple(found)

    def _shape(self, array: Any) -> tuple[int, ...]:
        if type(array) is Pending and array.found is None:
            size = dict(zip(array.axes, array.size, strict=True))
            order = "n" + array.axes.replace("n", "")
            return tuple(size[letter] for letter in order)
        return np.shape(array)

    def _slot(self, array: Any, axes: str) -> int:
        if type(array) is Pending:
            if array.found is None:
                return self._slots[id(array)]
            array = array.found
        slot = self._slots.get(id(array))
        if slot is None:
            slot = self._new(array)
            if "n" not in axes:
                self._plain.add(slot)
        return slot

    def _new(self, array: Any) -> int:
        slot = self._slots[id(array)] = len(self._handed)
        self._handed.append(array)
        return slot

    def settle(self) -> None:
        """Carry out what waits."""
        steps, handed, results, tables = self._steps, self._handed, self._results, self._settings
        plain = self._plain
        if not steps:
            return
        self._begin()
        # references: the list of slots, the results by slot, the loop below and the call
        short = frozenset(slot for slot, result in results.items() if getrefcount(result) <= 4 and "r" in result.axes)
        given, views = list[Array](), dict[int, Array]()
        for slot, array in enumerate(handed):
            if slot in results:
                axes, size = results[slot].axes, results[slot].size
                kept = [length for letter, length in zip(axes, size, strict=True) if letter != "r" or slot not in short]
                laid = self._rooms.take(*kept)
                given.append(laid)
                views[slot] = laid
            elif slot in plain:
                given.append(np.ascontiguousarray(array, dtype=np.float64))
            else:
                given.append(self.laid(array))
        loop_of(tuple(steps), short)(*given, *tables)
        for slot, laid in views.items():
            if slot not in short:
                results[slot].found = laid.transpose(PLAIN[laid.ndim])

    def _table(self, cell: Cell, settings: Mapping[str, Any]) -> Array:
        """Settings of a cell by region, (setting, region)."""
        values = tuple(settings[name] for name in cell.settings)
        try:
            table = self._tables.get((cell, values))
        except TypeError:  # one differs by region
            return self._tabled(values)
        if table is None:
            table = self._tables[cell, values] = self._tabled(values)
        return table

    def _tabled(self, values: Sequence[Any]) -> Array:
        table = np.empty((len(values), self.regions))
        for place, value in enumerate(values):
            table[place] = value
        return table

    def laid(self, array: Array) -> Array:
        """An array as it lies in memory, (..., replicate); one that is the same in many places is written out once."""
        array = np.asarray(array)
        laid = array.transpose(TURNED[array.ndim])
        if laid.flags.c_contiguous and laid.shape[-1] == self.count:
            return laid
        known = self._written.get(id(array))
        if known is None or known[0] is not array:
            full = np.ascontiguousarray(np.broadcast_to(laid, (*laid.shape[:-1], self.count)))
            if len(self._written) > MOST_WRITTEN:
                self._written.clear()
            known = self._written[id(array)] = (array, full)
        return known[1]


TURNED = {axes: (*range(1, axes), 0) for axes in range(1, 6)}
"""The order of memory, by number of axes."""

PLAIN = {axes: (axes - 1, *range(axes - 1)) for axes in range(1, 6)}
"""The order of an array, by number of axes."""

MOST_WRITTEN = 64
"""Arrays that are kept written out."""
