"""How a command ends: its sentences, its exit status, streams that are closed or full, and what nobody expected."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from qipan.experiments.console.language import said

STOPPED = 1
"""Exit status of a command that could not end as it should, through no mistake in what was asked."""
DEBUG = "QIPAN_DEBUG"
MOST_LINES, LONGEST_LINE = 200, 1000


_faults: list[OSError] = []
"""What went wrong with standard output since the command began."""


class Output(io.FileIO):
    """Standard output that notes what goes wrong with it: libraries turn the error into others."""

    def write(self, content: Any) -> int | None:
        """As the base, and note what it raises."""
        try:
            return super().write(content)
        except OSError as error:
            _faults.append(error)
            raise


def provide_streams() -> None:
    """Open what the process was started without: nothing to read, nowhere to print, errors that nobody hears.

    Otherwise the next file that is opened would take their place, and whatever a library prints would go into it.
    """
    _faults.clear()
    for number, way in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):  # to print is an error, to complain not
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, way)  # takes the lowest free number
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    raw, encoding = Output(1, "w", closefd=False), getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=raw.isatty()
    )  # what the terminal cannot show is spelled out
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def say(lines: Sequence[str], status: int) -> int:
    """Print what is wrong, at most 200 lines of 1,000 characters, none of which steers the terminal; the status."""
    shown = [plain(said(line)) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(said(f"and {len(lines) - MOST_LINES} more"))
    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # nobody hears it: the status tells
            print("\n".join(shown), file=sys.stderr, flush=True)
    return status


def plain(line: str) -> str:
    """A line of at most 1,000 characters, none of which steers the terminal."""
    cut = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line[:LONGEST_LINE])
    return cut if len(line) <= LONGEST_LINE else f"{cut}..."


def output_fault() -> OSError | None:
    """Why what was printed does not arrive; None where it does."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return error
    return _faults[0] if _faults else None


def without_output(fault: OSError) -> int:
    """End a command whose output does not arrive: in silence where its reader has gone, as `head` does; the status."""
    _faults.clear()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):  # not a real stream
        os.dup2(nowhere, sys.stdout.fileno())  # so that Python does not complain when it flushes at the end
    os.close(nowhere)
    if isinstance(fault, BrokenPipeError):
        return 0
    return say([f"standard output cannot be written: {fault.strerror or fault}"], STOPPED)


def unexpected(error: BaseException, given: Sequence[str]) -> int:
    """Tell of an error that is ours, or a plug-in's, in one sentence, with the details in a file of their own; the
    status.

    Args:
        error: What was raised.
        given: The command line.
    """
    details = "".join(traceback.format_exception(error))
    told = " ".join(str(error).split())[:300]
    kind = f"{type(error).__name__}: {told}" if told else type(error).__name__
    where = _logged(f"qipan {' '.join(given)}\nPython {sys.version}\n\n{details}")
    if os.environ.get(DEBUG) and sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(details, end="", file=sys.stderr)
    with suppress(Exception):  # where plug-ins cannot be told the sentence stands
        from qipan.model.extend.plugins import place_in_plugin

        if (place := place_in_plugin(error)) is not None:
            return say([f"{place[0]}:{place[1]}: {kind}: mend the plug-in ({where})"], STOPPED)
    return say([f"qipan went wrong, and that is its own fault: {kind} ({where})"], STOPPED)


def _logged(text: str) -> str:
    """Where the details are: in a file that only this user can read."""
    try:
        handle, path = tempfile.mkstemp(prefix="qipan-", suffix=".log")
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return f"{DEBUG}=1 shows where"
    return f"details in {path}"
