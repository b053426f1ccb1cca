"""The command line under watch: what it answers, its time and memory, which files and programs it touches."""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from qipan.experiments.command_line import main

SECONDS = 5.0
"""Processor time that one case may take."""
MEMORY = 400e6
"""Bytes by which the peak memory may grow in one case."""
RUNS_PROGRAMS = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "socket.connect",
    "pickle.find_class",
    "ctypes.dlopen",
)
CHANGES_FILES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate")


@dataclass
class Watch:
    """What happened while it was active: writing outside `allowed`, and programs that were started."""

    allowed: tuple[Path, ...] = ()
    active: bool = False
    seen: list[str] | None = None

    def hear(self, event: str, arguments: tuple) -> None:
        """Called by Python before it opens a file, starts a program, ..."""
        if not self.active:
            return
        if event in RUNS_PROGRAMS:
            self.note(f"{event} {arguments[:1]}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.check(event, arguments[0])
        elif event in CHANGES_FILES:
            self.check(event, arguments[0])

    def check(self, event: str, path: str | bytes | os.PathLike) -> None:
        """Note a change of a file that may not be changed."""
        if isinstance(path, int):
            return
        place = Path(os.path.abspath(os.fsdecode(path)))
        if place == Path(os.devnull) or "__pycache__" in place.parts:
            return
        if not any(place.is_relative_to(folder) for folder in self.allowed):
            self.note(f"{event} {place}")

    def note(self, text: str) -> None:
        """Keep what was seen."""
        self.seen = [*(self.seen or []), text]


WATCH = Watch()
sys.addaudithook(WATCH.hear)


@contextmanager
def watching(*allowed: Path):
    """Watch; only below `allowed` may files change."""
    WATCH.allowed, WATCH.active, WATCH.seen = tuple(folder.resolve() for folder in allowed), True, []
    try:
        yield WATCH
    finally:
        WATCH.active = False


@dataclass(frozen=True)
class Answer:
    """Exit status, output, error output and processor seconds of a command."""

    status: int
    output: str
    told: str
    seconds: float


@dataclass
class Tally:
    """Of all cases of this process: commands answered, the slowest in seconds, the largest growth in bytes."""

    commands: int = 0
    seconds: float = 0.0
    memory: float = 0.0

    def count(self, seconds: float, memory: float) -> None:
        """Add a case."""
        self.commands += 1
        self.seconds, self.memory = max(self.seconds, seconds), max(self.memory, memory)


TALLY = Tally()


def peak_memory() -> float:
    """Bytes this process had at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1.0 if sys.platform == "darwin" else 1024.0)


def answered(arguments: list[str], *allowed: Path) -> Answer:
    """Run the command line and demand what must hold whatever it was given; returns the answer."""
    output, told = io.StringIO(), io.StringIO()
    began, memory = time.process_time(), peak_memory()
    with redirect_stdout(output), redirect_stderr(told), watching(*allowed) as watch:
        status = main(arguments)
    answer = Answer(status, output.getvalue(), told.getvalue(), time.process_time() - began)
    TALLY.count(answer.seconds, peak_memory() - memory)
    assert watch.seen == [], f"{arguments}: {watch.seen}"
    assert status in (0, 1, 2), f"{arguments}: status {status}"
    assert "Traceback" not in answer.told + answer.output, f"{arguments}: {answer.told}"
    assert answer.seconds < SECONDS, f"{arguments}: {answer.seconds:.1f} s"
    assert peak_memory() - memory < MEMORY, f"{arguments}: {(peak_memory() - memory) / 1e6:.0f} MB"
    if status == 2:
        assert answer.told.strip(), f"{arguments}: refused without a word"
        assert max(map(len, answer.told.splitlines())) < 2000, f"{arguments}: {answer.told[:300]}"
    return answer
