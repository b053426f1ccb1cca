"""Which executor carries out an experiment: settled from its size before it begins, and told in its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.store.parts import as_numbers, from_numbers
from qipan.experiments.summaries.rows import LEFT
from qipan.model.errors import Problem, UserError
from qipan.model.executor import Choice, compiled_available, settled

if TYPE_CHECKING:
    from qipan.model.scenario import Scenario
    from qipan.model.world import World

Name = Literal["numpy", "compiled"]
OPTION = "--executor"
INSTALL = "pip install 'qipan[fast]', or give --executor numpy"


def chosen(choice: Choice, first: Scenario, world: World, arms: int, replicates: int) -> Name:
    """The executor of an experiment: by the region-sector-years of all its arms together where the choice is "auto".

    Args:
        choice: What was asked for.
        first: One of its arms, for the years.
        world: The world they share.
        arms: How many there are.
        replicates: Of each arm.

    Raises:
        UserError: compiled code is asked for and Numba is not installed.
    """
    years = first.run.last_year + 1 - first.run.first_year
    require(choice)
    return settled(choice, max(0, arms * replicates * years * world.data_fit.size))


def named(choice: Choice) -> dict[str, str]:
    """What the manifest's arguments say of the choice: nothing where it was left to the size of the work."""
    return {} if choice == "auto" else {"executor": choice}


def require(choice: Choice) -> None:
    """Refuse compiled code where there is none.

    Raises:
        UserError: Numba is not installed.
    """
    if choice == "compiled" and not compiled_available():
        raise UserError(Problem("command line", OPTION, "compiled needs Numba, which is not installed", INSTALL))


def packed_reasons(left: tuple[str, ...]) -> dict[str, NDArray[np.uint8]]:
    """What a block left to NumPy as an array that a part can hold; nothing when all was compiled."""
    return {LEFT: as_numbers(left)} if left else {}


def reasons_of(values: NDArray[np.generic]) -> tuple[str, ...]:
    """What `packed_reasons` packed."""
    return tuple(str(text) for text in from_numbers(values))
