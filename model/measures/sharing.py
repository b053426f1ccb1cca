"""What several measures are made of, computed once for all measures of one history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from qipan.model.axes import Array
from qipan.model.measures.reduce import add_up

_KEPT: ContextVar[dict[tuple[Any, ...], tuple[tuple[Any, ...], Array]] | None] = ContextVar("kept", default=None)
"""By function and identities of the tables: the tables, kept so that no others take these, and the result."""


@contextmanager
def sharing() -> Iterator[None]:
    """Keep what shared functions come to until the end of the block; tables must not change meanwhile."""
    if _KEPT.get() is not None:
        yield
        return
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def shared(function: Callable[..., Array]) -> Callable[..., Array]:
    """A pure function of tables that is computed once for the same ones inside `sharing`. Its result is read only."""

    @wraps(function)
    def once(*tables: Array | None) -> Array:
        kept = _KEPT.get()
        if kept is None:
            return function(*tables)
        key = (function, *map(id, tables))
        if key not in kept:
            kept[key] = (tables, function(*tables))
        return kept[key][1]

    return once


@shared
def row_sums(table: Array) -> Array:
    """Sum over the last axis."""
    return add_up(table)
