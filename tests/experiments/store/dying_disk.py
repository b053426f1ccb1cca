"""Disks that fail: at a chosen step the process dies, is interrupted, has no room left, or the power goes.

A step is a write, a flush, a rename or a flush of the folder; a death is before it, inside it or after it. Inside a
write half of the content has arrived.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from qipan.experiments.store.disk import Disk

PLACES = ("before", "inside", "after")
Death = Callable[[], None]


class Died(BaseException):
    """The process is gone: no code of ours catches this."""


def die() -> NoReturn:
    raise Died


def kill() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a killed process goes on")


def interrupt() -> None:
    """Ctrl-C, in the foreground."""
    before = signal.getsignal(signal.SIGINT)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def fill_up() -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class QuickDisk(Disk):
    """Does not wait for the real disk, which a test of thousands of writes has no time for."""

    @staticmethod
    def _flush(handle: int) -> None:
        os.close(handle)


class FailingDisk(QuickDisk):
    """Counts steps and fails at number `fatal` (from 1; 0: never), at one of `PLACES`."""

    def __init__(self, fatal: int = 0, place: str = "before", death: Death = die):
        self.fatal, self.place, self.death = fatal, place, death
        self.steps: list[tuple[str, Path]] = []

    def points(self) -> list[tuple[int, str]]:
        """Every (step, place) at which this disk, having counted, could fail; only a write has an inside."""
        return [
            (number, place)
            for number, (name, _) in enumerate(self.steps, 1)
            for place in PLACES
            if name == "write" or place != "inside"
        ]

    def _step(self, name: str, path: Path, whole: Callable[[], None], half: Callable[[], None] | None = None) -> None:
        self.steps.append((name, path))
        fatal = len(self.steps) == self.fatal
        if fatal and self.place == "before":
            self.death()
        if fatal and self.place == "inside" and half is not None:
            half()
            self.death()
        whole()
        if fatal and self.place == "after":
            self.death()

    def write(self, path: Path, content: bytes) -> None:
        half = content[: len(content) // 2]
        self._step(
            "write", path, lambda: QuickDisk.write(self, path, content), lambda: QuickDisk.write(self, path, half)
        )

    def sync(self, path: Path) -> None:
        self._step("sync", path, lambda: QuickDisk.sync(self, path))

    def rename(self, old: Path, new: Path) -> None:
        self._step("rename", new, lambda: QuickDisk.rename(self, old, new))

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder", folder, lambda: QuickDisk.sync_folder(self, folder))


class ForgetfulDisk(FailingDisk):
    """A disk that, when the power goes, keeps only what was flushed.

    Args:
        keeps_names: Whether renames outlive the loss although the folder was not flushed: both happen.
        lies: Whether flushing does nothing, as on some cheap disks.
    """

    def __init__(self, fatal: int = 0, place: str = "before", keeps_names: bool = False, lies: bool = False):
        super().__init__(fatal, place, self.lose_power)
        self.keeps_names, self.lies = keeps_names, lies
        self.unsure: set[Path] = set()
        self.renamed: list[tuple[Path, Path, bytes | None]] = []

    def write(self, path: Path, content: bytes) -> None:
        self.unsure.add(path)
        super().write(path, content)

    def sync(self, path: Path) -> None:
        super().sync(path)
        if not self.lies:
            self.unsure.discard(path)

    def rename(self, old: Path, new: Path) -> None:
        before = new.read_bytes() if new.exists() else None
        if old in self.unsure:
            self.unsure.add(new)
        self.renamed.append((old, new, before))
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        super().sync_folder(folder)
        if not self.lies:
            self.renamed = [entry for entry in self.renamed if entry[1].parent != folder]

    def lose_power(self) -> NoReturn:
        """Forget what was not flushed, then die."""
        for old, new, before in reversed([] if self.keeps_names else self.renamed):
            if new.exists() and not old.exists():
                new.replace(old)
            if before is not None:
                new.write_bytes(before)
        for path in self.unsure:
            if path.exists():
                path.write_bytes(b"")
        raise Died
