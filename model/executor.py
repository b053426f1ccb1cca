"""Who carries out a year: NumPy, the reference, or compiled code. A setting of speed, not of the model.

Choices, counts and every whole number are the same under both; other numbers agree to 1e-12. So a result names its
executor, and which one runs is settled before the run, by the size of the work alone.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from qipan.model.axes import BLOCK, Array
from qipan.model.coordination.assignment import Solvers
from qipan.model.draws import Draws
from qipan.model.kernels import total_over_regions
from qipan.model.nation import weighted_mean
from qipan.model.state import State

Phase = Callable[[Any], None]
"""A phase of the year: takes the moment."""

Choice = Literal["auto", "numpy", "compiled"]

WORTH_COMPILING = 5_000_000
"""Region-sector-years above which `auto` takes compiled code: below, loading it takes longer than it saves."""


class Executor:
    """The reference: every phase as it is written, in NumPy.

    Attributes:
        name: "numpy" or "compiled".
        left: Phases that a compiled run leaves to NumPy, each with the reason.
    """

    name = "numpy"
    left: tuple[str, ...] = ()

    def block(self, pairs: int) -> int:
        """Replicates worked on at once in a world of so many regions times sectors: it changes the speed, no value."""
        return BLOCK

    def anew(self) -> "Executor":
        """One of the same kind for another block."""
        return type(self)()

    def draws(self, seed: int, replicates: Any, region_ids: Any, sector_ids: Any) -> Draws:
        """The addressed draws of a block."""
        return Draws(seed, replicates, region_ids, sector_ids)

    @property
    def solvers(self) -> Solvers:
        """How the coordinator's planning problems are solved."""
        return Solvers()

    def total_over_regions(self, state: State, stock: str, weights: Array | None = None) -> Array:
        """Sum over regions of a stock by region and sector, with weights (region,) if they are given, (n, sector)."""
        values: Array = getattr(state, stock)
        return total_over_regions(values) if weights is None else weighted_mean(values, weights)

    def done(self) -> None:
        """The block has been run and recorded; nobody looks at it again."""

    def record(self, flows: Mapping[str, Array], name: str, out: Array, start: int, row: int) -> None:
        """Write what is recorded of a block's year into a field, (replicate, year, ...), from replicate `start` on."""
        values = flows[name]
        out[start : start + values.shape[0], row] = values

    def year(self, phases: Sequence[Phase], case: Any) -> Sequence[Phase]:
        """What is carried out in the place of the listed phases, in their order."""
        return phases


def compiled_available() -> bool:
    """Whether Numba is installed."""
    return find_spec("numba") is not None


def settled(choice: Choice, region_sector_years: int, loaded: bool = False) -> Literal["numpy", "compiled"]:
    """The executor that `auto` stands for, by the size of the work; the others stand for themselves.

    Args:
        choice: What was asked for.
        region_sector_years: The size of the work.
        loaded: Whether compiled code is there already, so that any size pays.

    Raises:
        ValueError: Compiled code is asked for and Numba is not installed, or the name is unknown.
    """
    if choice == "auto":
        pays = loaded or region_sector_years >= WORTH_COMPILING
        return "compiled" if pays and compiled_available() else "numpy"
    if choice not in ("numpy", "compiled"):
        raise ValueError(f"executor is {choice!r}; it must be auto, numpy or compiled")
    if choice == "compiled" and not compiled_available():
        raise ValueError("executor is compiled, but Numba is not installed: pip install 'qipan[fast]'")
    return choice


def executor_named(name: Literal["numpy", "compiled"]) -> Executor:
    """A new executor for one block."""
    if name == "numpy":
        return Executor()
    import_module("qipan.model.compiled.cache").ready()
    compiled: Executor = import_module("qipan.model.compiled.executor").CompiledExecutor()
    return compiled
