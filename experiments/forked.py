"""Pieces of work that need what this process holds (figures of its tables), shared with copies of this process."""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from experiments.workers import end_with_parent

Result = TypeVar("Result")
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

    This process begins with the first piece, the others with the last; a piece whose process was killed is done here.

    Raises:
        Exception: whatever a piece raised; results must be such as can be sent between processes.
    """
    others = min(_WORKERS.get(), count) - 1
    if others < 1:
        return [piece(place) for place in range(count)]
    _PIECE.append(piece)
    pool = ProcessPoolExecutor(others, multiprocessing.get_context("fork"), end_with_parent)
    try:
        with warnings.catch_warnings():  # Python 3.12 warns of threads: none of ours is used in the copies
            warnings.simplefilter("ignore", DeprecationWarning)
            coming = [pool.submit(_done, place) for place in reversed(range(count))][::-1]
        return [_result(piece, place, future) for place, future in enumerate(coming)]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _PIECE.pop()


def _done(place: int) -> Any:
    return _PIECE[-1](place)


def _result(piece: Callable[[int], Result], place: int, future: Future[Result]) -> Result:
    """What another process makes of a piece, or this one where none has begun with it."""
    if future.cancel():
        return piece(place)
    try:
        return future.result()
    except BrokenProcessPool:
        return piece(place)
