"""Who revises when. A turn names the rows that decide together; a year has one or more turns."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array, Element
from qipan.model.draws import Draws, Stream
from qipan.model.element import larger, where
from qipan.model.extend.answers import AnswerError, Asked, answers, flags, numbers, of_kind, one_number
from qipan.model.extend.registry import REVISIONS
from qipan.model.kernels import total_over_regions
from qipan.model.parameters import Behaviour
from qipan.model.parameters.adding import with_parameters


def may_revise(adopted: Element, newly: Element, uniform: Element, chance: float) -> Element:
    """1 where a region revises: with a chance where it has a document, always in the year it issues one.

    Args:
        adopted: 1 where the region has a document.
        newly: 1 where it was issued this year; 0 in later rounds of a year.
        uniform: Uniform draws.
        chance: In [0, 1].
    """
    return larger(newly, where(uniform < chance, adopted, 0.0))


@dataclass(frozen=True, eq=False)
class Turn:
    """One round of decisions.

    Attributes:
        round: Number of the round in the year; it is part of the address of the noise.
        revises: 1 where the region may revise, (n, region), or (n, 1) where only `rows` decide.
        rows: Index of the one region that decides in each replicate, (n,), or None where all do.
    """

    round: int
    revises: Array
    rows: NDArray[np.intp] | None = None

    def take(self, values: Array) -> Array:
        """The rows that decide: (n, region, ...) -> (n, region, ...) or (n, 1, ...)."""
        if self.rows is None:
            return values
        return values[np.arange(self.rows.size), self.rows][:, None]

    def gumbel(self, draws: Draws, year: int) -> Array:
        """The noise of those who decide, (n, region, sector) or (n, 1, sector)."""
        if self.rows is None:
            return draws.gumbel(Stream.CHOICE, year=year, round=self.round)
        return draws.gumbel_of_rows(Stream.CHOICE, self.rows, year=year, round=self.round)

    def counted(self, count: Array, layout: Array, answers: Array) -> Array:
        """Regions per sector after the answers, (n, sector); the counts are whole numbers, so the sum is exact."""
        change = where(self.revises[..., None] > 0.0, answers - self.take(layout), 0.0)
        return count + total_over_regions(change)

    def put(self, values: Array, answers: Array) -> Array:
        """The stock after the answers: those who may not revise keep what they had.

        Where one row decides, `values` is written into and must be the caller's own.
        """
        revises = self.revises[..., None]
        if self.rows is None:
            return where(revises > 0.0, answers, values)
        kept = where(revises > 0.0, answers, self.take(values))
        values[np.arange(self.rows.size), self.rows] = kept[:, 0]
        return values


MOST_TURNS = 2**16
"""Rounds of a year that random numbers have addresses for."""


def _turns(
    who: str, given: Any, asked: "Revision", year: int, adopted: Array, newly: Array, draws: Draws
) -> Iterator[Turn]:
    """Each turn as it comes: a Turn, with whole numbers of rows there are, and 0 or 1 for each."""
    of_kind(who, "the turns", given, Iterable, "an iterator of Turn is wanted")
    n, regions = adopted.shape
    for turns, turn in enumerate(given):
        if turns == MOST_TURNS:
            raise AnswerError(who, f"more than {MOST_TURNS} turns", "a year has an end")
        of_kind(who, "a turn", turn, Turn, "an iterator of Turn is wanted")
        of_kind(who, "round", turn.round, int | np.integer, "a whole number is wanted")
        one_number(who, "round", turn.round, 0, MOST_TURNS - 1)
        rows = turn.rows
        if rows is not None:
            numbers(who, "rows", rows, (n,), 0, regions - 1, axes=())
            rows = np.asarray(rows).astype(np.intp)
        revises = flags(who, "revises", turn.revises, (n, regions if rows is None else 1), ("region",))
        may = adopted if rows is None else np.take_along_axis(adopted, rows[:, None], axis=1)
        if (revises > may).any():
            row = np.argwhere(revises > may)[0]
            region = int(row[1] if rows is None else rows[row[0]])
            raise AnswerError(
                who, "a region without a document revises", "only regions with one do", {"region": region}
            )
        yield turn if revises is turn.revises and rows is turn.rows else Turn(turn.round, revises, rows)


class Revision(Asked, ABC):
    """Order of decisions in a year."""

    name: ClassVar[str]
    label: ClassVar[str]
    label_zh: ClassVar[str]

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour

    @answers(_turns)
    @abstractmethod
    def turns(self, year: int, adopted: Array, newly: Array, draws: Draws) -> Iterator[Turn]:
        """The turns of a year.

        Args:
            year: Calendar year.
            adopted: 1 where the region has a document (only those decide), (n, region).
            newly: 1 where it was issued this year (those decide always), (n, region).
            draws: Where the order comes from.
        """


Kind = TypeVar("Kind", bound=type[Revision])


def revision(kind: Kind) -> Kind:
    """Add an order of revision: a class with `name`, `label` and `label_zh`, chosen by
    `world.behaviour.revision: NAME`. Its `parameters`, if it has some, become keys of that section.

    Raises:
        RegistryError: An order of this name exists, or something it must say is missing.
    """
    return with_parameters(REVISIONS, kind, Revision)


@revision
@final
class Synchronous(Revision):
    """All regions with a document revise every year, on last year's public information."""

    name, label, label_zh = "synchronous", "All every year", "同步修订"

    def turns(self, year: int, adopted: Array, newly: Array, draws: Draws) -> Iterator[Turn]:
        """One turn a round, everybody in it."""
        for number in range(self.behaviour.rounds):
            yield Turn(round=number, revises=adopted)


@revision
@final
class Partial(Revision):
    """Each region with a document revises with a probability; always in the year it issues one."""

    name, label, label_zh = "partial", "Some every year", "部分修订"

    def turns(self, year: int, adopted: Array, newly: Array, draws: Draws) -> Iterator[Turn]:
        """One turn a round; who revises is drawn by address."""
        for number in range(self.behaviour.rounds):
            uniform = draws.uniform(Stream.REVISION, year=year, over="r", round=number)
            yield Turn(number, may_revise(adopted, newly if number == 0 else 0.0, uniform, self.behaviour.revise))


@revision
@final
class OneAtATime(Revision):
    """One region a round sees the others' present choices plus itself; in random order, nobody twice before all had a
    turn.

    The stationary state of logit choices is that of a Gibbs sampler with a random scan: the order does not move it.
    """

    name, label, label_zh = "one_at_a_time", "One at a time", "逐一修订"

    def turns(self, year: int, adopted: Array, newly: Array, draws: Draws) -> Iterator[Turn]:
        """`rounds` turns, one region in each."""
        regions = adopted.shape[1]
        for number in range(self.behaviour.rounds):
            sweep, place = divmod(number, regions)
            if place == 0:
                uniform = draws.uniform(Stream.REVISER, year=year, over="r", round=sweep)
                order = np.argsort(uniform, axis=1, kind="stable")
            rows = order[:, place]
            yield Turn(round=number, revises=np.take_along_axis(adopted, rows[:, None], axis=1), rows=rows)
