"""The first step of the command `qipan`: Ctrl-C is heard before anything else is imported, which may take a second."""

import os
import signal
import sys
from types import FrameType


def listen() -> None:
    """End at once at Ctrl-C, until `interrupting` takes over; a job in the background ignores it."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def _end(number: int, frame: FrameType | None) -> None:
    try:
        os.write(2, b"interrupted: nothing had been stored yet; give the same command again\n")
    finally:
        os._exit(130)


def main() -> int:
    """Run the command line of this process; its exit status."""
    listen()
    from qipan.experiments.command_line import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
