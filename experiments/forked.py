"""Pieces of work that need what this process holds (figures of its tables), shared with copies of this process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from experiments.workers import end_with_parent

Result = TypeVar("Result")
WIDTH = 4
"""Bytes of the number of a piece in a pipe: so few are read in one go, by one process."""
_WORKERS: ContextVar[int] = ContextVar("workers", default=1)
_PIECE: list[Callable[[int], Any]] = []
"""The work under way, which copies of this process find here."""


@contextmanager
def side_by_side(workers: int) -> Iterator[None]:
    """Let `shared_out` use so many processes of this machine until the end of the block."""
    token = _WORKERS.set(min(workers, os.cpu_count() or 1) if sys.platform == "linux" else 1)
    try:
        yield
    finally:
        _WORKERS.reset(token)


def shared_out(piece: Callable[[int], Result], count: int) -> list[Result]:
    """Results of piece(0) to piece(count - 1), in order, by this process and copies of it where there may be more.

    This process begins with the first piece, the others with the last ones; then each takes the next that nobody has,
    from the front. A piece whose process was killed is done here.

    Raises:
        Exception: whatever a piece raised; results must be such as can be sent between processes.
    """
    others = min(_WORKERS.get(), count) - 1
    if others < 1:
        return [piece(place) for place in range(count)]
    heap = _heap(range(1, count - others))
    gc.freeze()  # what is there is neither searched for rubbish meanwhile nor copied into each process by the search
    _PIECE.append(piece)
    pool = ProcessPoolExecutor(others, multiprocessing.get_context("fork"), end_with_parent)
    try:
        with warnings.catch_warnings():  # Python 3.12 warns of threads: none of ours is used in the copies
            warnings.simplefilter("ignore", DeprecationWarning)
            coming = [pool.submit(_done, count - 1 - other, heap) for other in range(others)]
        found = _done(0, heap)
        for future in coming:
            found |= _result(future)
        return [found[place] if place in found else piece(place) for place in range(count)]
    finally:
        while _taken(heap) is not None:  # nothing new after a failure or Ctrl-C
            pass
        pool.shutdown(wait=True, cancel_futures=True)
        os.close(heap)
        _PIECE.pop()
        gc.unfreeze()


def _heap(places: Iterable[int]) -> int:
    """A pipe that holds the numbers of pieces nobody has begun with, and from which any process may take the next."""
    heap, filling = os.pipe()
    os.write(filling, b"".join(place.to_bytes(WIDTH, "big") for place in places))
    os.close(filling)
    return heap


def _taken(heap: int) -> int | None:
    """The next piece that nobody has begun with; None when there is none."""
    return int.from_bytes(number, "big") if (number := os.read(heap, WIDTH)) else None


def _done(place: int | None, heap: int) -> dict[int, Any]:
    """Results of a piece, and of those that are taken after it."""
    found = {}
    while place is not None:
        found[place] = _PIECE[-1](place)
        place = _taken(heap)
    return found


def _result(future: Future[dict[int, Any]]) -> dict[int, Any]:
    """What another process made; nothing where it was killed."""
    try:
        return future.result()
    except BrokenProcessPool:
        return {}
