"""Ctrl-C: once keeps what is under way, twice ends the command at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended."""
NOTHING = "nothing had been stored yet; give the same command again"
AGAIN_SECONDS = 0.05


class _Heard:
    """What was heard since the command began."""

    presses = 0
    noting = 0
    own = False
    kept = NOTHING


@contextmanager
def hearing(own: bool = False) -> Iterator[None]:
    """Hear Ctrl-C until the end of the block: the first raises KeyboardInterrupt, unless it is `noted`.

    Outside the main thread, where Python allows no signal handlers, and in a process told to ignore Ctrl-C from the
    start (a job in the background), nothing is changed.

    Args:
        own: The process is one command: the second Ctrl-C ends it at once, whatever its threads do. Elsewhere (a
            notebook, a test) every further one raises KeyboardInterrupt.
    """
    before = signal.getsignal(signal.SIGINT)
    if before in (signal.SIG_IGN, _hear) or threading.current_thread() is not threading.main_thread():
        yield
        return
    _Heard.presses, _Heard.noting, _Heard.own, _Heard.kept = 0, 0, own, NOTHING
    hook = sys.unraisablehook
    signal.signal(signal.SIGINT, _hear)
    sys.unraisablehook = _again(hook)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN if own else before)  # of its own: all is done, and told
        sys.unraisablehook = hook
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0.0)


@contextmanager
def noted() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C within is not raised; ask what is given whether it was pressed, from time to time."""
    with hearing():
        _Heard.noting += 1
        try:
            yield pressed
        finally:
            _Heard.noting -= 1


def pressed() -> bool:
    """Whether Ctrl-C was pressed since the command began."""
    return _Heard.presses > 0


@contextmanager
def keeping(text: str) -> Iterator[None]:
    """What an interruption within leaves behind and how to go on, for the sentence that tells of it."""
    from qipan.experiments.console.language import said

    before, _Heard.kept = _Heard.kept, said(text)
    yield
    _Heard.kept = before  # not after an interruption: it is told later


def kept() -> str:
    """What an interruption leaves behind, and how to go on."""
    return _Heard.kept


def _hear(number: int, frame: FrameType | None) -> None:
    _Heard.presses += 1
    if _Heard.presses > 1 and _Heard.own:
        _leave()
    if _Heard.presses > 1 or not _Heard.noting:
        raise KeyboardInterrupt


def _leave() -> None:
    """End without waiting: files are written whole or not at all, and worker processes end by themselves."""
    with suppress(OSError):
        shown = "\x1b[?25h\n" if os.isatty(2) else ""  # the cursor, which a progress bar hides
        os.write(2, f"{shown}ended at once: {_Heard.kept}\n".encode("utf-8", "backslashreplace"))
    _gone(INTERRUPTED)


def end_now(status: int) -> None:
    """End this process without Python's finalization; what was printed is on its way."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    _gone(status)


def _gone(status: int) -> None:
    if (cache := sys.modules.get("qipan.model.compiled.cache")) is not None:
        cache.remove_private()
    os._exit(status)


def _again(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Python drops an interrupt that falls into a callback or a destructor, and complains: raise it again instead."""

    def dropped(unraisable: Any) -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            hook(unraisable)
        elif hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, _raise)
            signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)

    return dropped


def _raise(number: int, frame: FrameType | None) -> None:
    if not _Heard.noting:
        raise KeyboardInterrupt
