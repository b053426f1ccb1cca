"""What the server of worker processes does before it is asked for the first copy: imports, and loads compiled rules.

Imported by the server that `experiments.ahead` starts, which finds its order in the environment; without an order,
importing this does nothing.
"""

from __future__ import annotations

import atexit
import gc
import os
import threading
from contextlib import suppress

from experiments.ahead import ORDER

OFTEN = 0.05
"""Seconds after which the server looks whether its command is still there, while it loads."""


def load(parent: int, compiled: bool) -> None:
    """Have in memory what every worker needs; leave as soon as the command has ended."""
    atexit.register(os._exit, 0)  # at once: who reads the command's output waits for the last process that may write it
    done = threading.Event()
    watching = threading.Thread(target=_leave_with, args=[parent, done])
    watching.start()
    with suppress(Exception):  # told by the worker that misses it
        _import_all()
        if compiled:
            _load_rules()
    done.set()
    watching.join()  # a process with one thread can be copied
    gc.freeze()  # what is there stays: copies share its memory and do not search it for rubbish
    _end_input()


def _leave_with(parent: int, done: threading.Event) -> None:
    while not done.wait(OFTEN):
        if os.getppid() != parent:
            os._exit(0)


def _end_input() -> None:
    """Let go of the pipe that is our standard input: the command waits for that before it asks for a copy."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _import_all() -> None:
    import click  # noqa: F401

    import experiments.workers  # noqa: F401


def _load_rules() -> None:
    """Run one year of two replicates, which loads all compiled code that there is."""
    from experiments.block import computed
    from model import load_scenario

    scenario = load_scenario("national-design")
    computed(scenario.replace(**{"run.last_year": scenario.run.first_year}), range(2), "scores", "compiled")


_order = os.environ.pop(ORDER, "")
if _order:
    load(int(_order.split()[0]), _order.endswith(" compiled"))
