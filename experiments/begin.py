"""The first step of the command `qipan`: Ctrl-C is heard before anything heavy is imported, which may take a second."""

import os
import signal
import sys
from types import FrameType

from qipan.experiments.console.interrupts import INTERRUPTED, NOTHING, end_now


def listen() -> None:
    """End at once at Ctrl-C, until `interrupts.hearing` takes over; a job in the background ignores it."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def _end(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, f"interrupted: {NOTHING}\n".encode())
    finally:
        os._exit(INTERRUPTED)


def finish(status: int) -> int:
    """The exit status of a command that ended by itself; one that Ctrl-C ended leaves here, without finalization.

    Python would take itself apart while threads of libraries that Ctrl-C found at work still use it, which can crash,
    and under `-m` it would kill itself if Ctrl-C fell into code made from a text. Everything is told and stored by now.
    """
    if status == INTERRUPTED:
        end_now(status)
    return status


def main() -> int:
    """Run the command line of this process; its exit status."""
    listen()
    from qipan.experiments.command_line import main as run

    return finish(run())


if __name__ == "__main__":
    sys.exit(main())
