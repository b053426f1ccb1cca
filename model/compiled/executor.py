"""The compiled executor: the year as it is written, its cells as compiled loops.

Choices alone are a loop of their own, over the regions that revise; a rule of behaviour, an order of revision or a
payoff form that it does not know stays in NumPy and is named in `left`.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from model.axes import MOST_PAIRS, MOST_TOGETHER, Array
from model.choice import FictitiousPlay, Logit
from model.compiled import choices
from model.compiled.forms import form_of
from model.compiled.greedy import CompiledSolvers
from model.compiled.kernels import mean_over_lists
from model.compiled.loops import Loops
from model.compiled.memory import given_back, opened
from model.compiled.neighbours import neighbours_in
from model.compiled.words import CompiledDraws
from model.coordination.assignment import Solvers
from model.draws import Draws
from model.executor import Executor, Phase
from model.lift import Cell
from model.peers import tiers_in
from model.phases import choices as reference
from model.revision import Partial, Synchronous
from model.world import World

if TYPE_CHECKING:
    from model.case import Case


class CompiledExecutor(Executor):
    """Carries out one block."""

    name = "compiled"

    def __init__(self) -> None:
        self._rooms = opened()
        self._loops: Loops | None = None
        self._phases: tuple[Phase, ...] = ()

    def block(self, pairs: int) -> int:
        """Enough for calls to cost little, few enough for the stocks to stay in the processor's cache."""
        return max(8, min(MOST_TOGETHER, MOST_PAIRS // pairs))

    def draws(self, seed: int, replicates: Any, region_ids: Any, sector_ids: Any) -> Draws:
        """The same words, compiled."""
        self._loops = Loops(len(replicates), len(region_ids), self._rooms)
        return CompiledDraws(seed, replicates, region_ids, sector_ids, rooms=self._rooms)

    @property
    def solvers(self) -> Solvers:
        """The same searches, compiled."""
        return CompiledSolvers()

    @cached_property
    def loops(self) -> Loops:
        """What carries out cells."""
        assert self._loops is not None, "draws are asked for first"
        return self._loops

    def run(self, cell: Cell, arrays: Sequence[Any], settings: Mapping[str, Any]) -> Any:
        """What a cell gives, by its compiled loop."""
        return self.loops.run(cell, arrays, settings)

    def mean_over_neighbours(self, values: Array, world: World) -> Array:
        """The same, by lists of neighbours."""
        laid = self.loops.laid(values)
        out = self._rooms.take(*laid.shape)
        near = neighbours_in(world)
        mean_over_lists(laid, near.starts, near.others, near.weights, out)
        return out.transpose(2, 0, 1)

    def done(self) -> None:
        """Room goes to the next block."""
        given_back(self._rooms)

    def year(self, phases: Sequence[Phase], case: "Case") -> Sequence[Phase]:
        """The listed phases; choices are compiled where they can be."""
        if not self._phases:
            self.left = reasons(case)
            self._phases = tuple(phases)
            if not self.left:
                made = choices.Choices(case, self.loops, self._rooms)
                self._phases = tuple(made.choose if phase is reference.choose else phase for phase in phases)
        return self._phases


def reasons(case: "Case") -> tuple[str, ...]:
    """Phases of a case that are not compiled, each with the reason; empty when all are."""
    if type(case.rule) not in (Logit, FictitiousPlay):
        return (f"choose: the rule {type(case.rule).__name__} is not compiled",)
    if type(case.revision) not in (Synchronous, Partial):
        return (f"choose: revision by {type(case.revision).__name__} is not compiled",)
    if form_of(case.payoff) is None:
        return (f"choose: the payoff {type(case.payoff).__name__} is not compiled",)
    if tiers_in(case.world) is None:
        return ("choose: peers are not groups of equal weight",)
    return ()
