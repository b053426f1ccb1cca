"""The few steps by which a file of a result reaches the disk, in one place: tests stop the process at any of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Disk:
    """The disk of this machine. Every method may raise OSError, as when the disk is full."""

    def write(self, path: Path, content: bytes) -> None:
        """Make a file, or empty one that is there, and write its content; nothing is sure yet. No link is followed."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags, 0o666), "wb") as file:
            file.write(content)

    def sync(self, path: Path) -> None:
        """Wait until the content of a file would outlive a loss of power."""
        self._flush(os.open(path, os.O_RDWR))

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name in one step, in the place of what had the name before."""
        old.replace(new)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder would outlive a loss of power; Windows has no such call and needs none."""
        if os.name != "nt":
            self._flush(os.open(folder, os.O_RDONLY))

    def remove(self, path: Path) -> None:
        """Remove a file; one that is not there is no error."""
        path.unlink(missing_ok=True)

    @staticmethod
    def _flush(handle: int) -> None:
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_IN_USE = [Disk()]


def disk() -> Disk:
    """The disk that results are written to."""
    return _IN_USE[-1]


@contextmanager
def writing_to(other: Disk) -> Iterator[None]:
    """Write results through another disk, one that counts, fills up, or dies."""
    _IN_USE.append(other)
    try:
        yield
    finally:
        _IN_USE.pop()
