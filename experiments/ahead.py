"""Worker processes that need no time to start: copies of a server that was started before its command read anything.

A worker that starts from nothing imports for half a second and loads compiled rules for another. The server (the
standard library's `forkserver`) does both once, while the command reads its scenarios, and a worker is a copy of it. On
Linux, in a process that is one command of its own; everywhere else workers start from nothing (`spawn`).
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

SERVER = "experiments.ahead_server"
ORDER = "QIPAN_AHEAD"
"""Environment variable that tells the server whose it is and what to load: "1234 compiled"."""
SURELY_COMPILED = 2_500
"""Runs above which the provinces, the smallest real world, are above the 5 million cells where compiled code begins."""
LONGEST = 300.0
"""Seconds that a server may load: compiling everything takes up to 45."""
_own: list[bool] = []
_loading: list[int] = []
"""Descriptor of a pipe that ends when the server has loaded, or died; kept once it has been started."""


def own_process() -> None:
    """Say that this process is one command: then, and only then, may a server outlive the call that started it."""
    _own.append(True)


def start_ahead(workers: object, dry_run: bool, executor: str, runs: int) -> None:
    """Start the server where worker processes of this machine will be wanted.

    Args:
        workers: How many there will be; something else than a number when they are elsewhere.
        dry_run: Nothing will be run.
        executor: "auto", "numpy" or "compiled".
        runs: Arms times replicates as far as they are known, to guess whether "auto" will be compiled.
    """
    wanted = isinstance(workers, int) and workers > 1 and not dry_run
    if not (wanted and _own and sys.platform == "linux") or _loading:
        return
    compiled = executor == "compiled" or (executor == "auto" and runs > SURELY_COMPILED)
    from multiprocessing import forkserver, get_context, resource_tracker

    resource_tracker.ensure_running()  # by itself: it lets interrupts through again
    get_context("forkserver").set_forkserver_preload([SERVER])
    with _environment(f"{os.getpid()} {'compiled' if compiled else 'numpy'}"), _interrupts_wait(), _input_is_a_pipe():
        forkserver.ensure_running()


def worker_context() -> BaseContext:
    """How worker processes are started; returns when that can be done at once."""
    from multiprocessing import get_context

    if not _loading:
        return get_context("spawn")
    select.select(_loading, [], [], LONGEST)
    return get_context("forkserver")


def end_server() -> None:
    """Let the server go when no more workers are wanted: it holds a hundred megabytes and more. Later ones are spawned.

    Python has a method for that which is not public; where it is missing, the server ends with the command.
    """
    from multiprocessing import forkserver

    stop = getattr(getattr(forkserver, "_forkserver", None), "_stop", None)
    if _loading and stop is not None:
        os.close(_loading.pop())
        stop()


@contextmanager
def _environment(order: str) -> Iterator[None]:
    """What the server finds in its environment: its order, and the modules of this process whatever folder it is in."""
    places = os.pathsep.join(os.path.abspath(place) for place in sys.path)
    wanted = {ORDER: order, "PYTHONPATH": places, "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _input_is_a_pipe() -> Iterator[None]:
    """A process started within has a pipe for its standard input, whose other end becomes that of `_loading`."""
    ours, theirs = os.pipe()
    before = os.dup(0)
    os.dup2(theirs, 0)
    try:
        yield
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(theirs)
    _loading.append(ours)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Ctrl-C waits until the end of the block; a process started within never hears of it, nor do its copies."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
