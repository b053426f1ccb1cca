"""The progress bar: replicates done, time gone, time that remains. On standard error, so that output stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qipan.experiments.console.language import said

QUIET: Callable[[int], None] = lambda count: None  # noqa: E731


@contextmanager
def progress(title: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar for `total` replicates of all arms; yields the function that moves it on.

    Nothing is drawn when quiet or when standard error is not a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield QUIET
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(said("replicates,")),
        TimeElapsedColumn(),
        TextColumn(said("gone,")),
        TimeRemainingColumn(),
        TextColumn(said("left")),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda count: bar.advance(task, count)


@contextmanager
def step(title: str, *, quiet: bool) -> Iterator[None]:
    """Say what is under way while it takes a moment (tables, figures)."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(said(title)):
        yield
