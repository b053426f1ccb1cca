"""The command line as processes of their own: started, sent a signal while they are at work, finished."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qipan.experiments.store.lock import LOCK_NAME
from qipan.model.draws import Draws, Stream

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"}
HUNG = 600.0
"""Seconds after which a command that takes some seconds is taken to hang, however busy the machine."""


def hear_ctrl_c() -> None:
    """Undo what a job in the background inherits: Ctrl-C ignored from the start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start Python with these arguments in a group of its own; its standard error is kept."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**ENVIRONMENT, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )


def qipan(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start a command."""
    return start("-m", "qipan.experiments.command_line", *arguments, **environment)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Status and standard error of a process that must end."""
    try:
        _, told = process.communicate(timeout=HUNG)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError(f"hung: {process.args}: {process.communicate()[1]}") from None
    return process.returncode, told


def finish(*arguments: str) -> None:
    """Run a command, which must succeed."""
    status, told = ended(qipan(*arguments))
    assert status == 0, told


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str]) -> bool:
    """Wait until something has happened; False where the process ended before."""
    limit = time.monotonic() + HUNG
    while not happened():
        if process.poll() is not None:
            return False
        assert time.monotonic() < limit, f"hung: {process.args}"
        time.sleep(0.002)
    return True


class Signals:
    """Sends signals to commands while they hold their result folder, at shares of the time that this takes.

    How long it takes is learned from those that end before their signal: a busy machine only makes it miss some.
    """

    def __init__(self) -> None:
        self.seconds = float("inf")
        self.inside = self.sent = 0

    def measure(self, folder: Path, *arguments: str) -> None:
        """Run a command undisturbed, and learn how long it holds the folder."""
        process = qipan(*arguments)
        wait_for((folder / LOCK_NAME).exists, process)
        began = time.monotonic()
        wait_for(lambda: not (folder / LOCK_NAME).exists(), process)
        self.seconds = time.monotonic() - began
        status, told = ended(process)
        assert status == 0, told

    def send(self, number: int, share: float, folder: Path, *arguments: str) -> tuple[int, str]:
        """Run a command and send it a signal at a share of the time for which it holds the folder; how it ended."""
        process = qipan(*arguments)
        lock = folder / LOCK_NAME
        held = wait_for(lock.exists, process)
        limit = time.monotonic() + share * self.seconds
        while held and time.monotonic() < limit and lock.exists():
            time.sleep(0.002)
        held = held and lock.exists()
        process.send_signal(number)
        status, told = ended(process)
        inside = held and status in (-number, 130)
        self.sent, self.inside = self.sent + 1, self.inside + inside
        self.seconds *= 1.0 if inside else 0.8
        return status, told


def nobody_left(group: int) -> bool:
    """Whether all processes of a group end soon; one that waits to be buried has ended."""
    limit = time.monotonic() + 60.0
    while time.monotonic() < limit:
        states = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True, check=False)
        if all(state.startswith("Z") for state in states.stdout.split()):
            return True
        time.sleep(0.05)
    return False


def content(folder: Path) -> dict[str, object]:
    """Everything a result folder holds, byte for byte; of the manifest all but its times."""
    held: dict[str, object] = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
    manifest = json.loads(held.pop("manifest.json"))  # type: ignore[arg-type]
    del manifest["times"]
    return {**held, "manifest.json": manifest}


def random_numbers(count: int) -> list[float]:
    """The same uniform numbers in every run of a test."""
    draws = Draws(5, np.arange(count), np.array([1]), np.array([1]))
    return [float(value) for value in draws.uniform(Stream.TIE, over="")]
