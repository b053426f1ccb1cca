"""Folders that are made once in a run of the tests, whichever file or worker asks first, and then only read."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from qipan.experiments.store.lock import FolderLock
from qipan.model.errors import StoreError

SECONDS = 300.0
"""How long one worker waits for what another is making."""


class Once:
    """Keeps folders by name. A test that changes what is in one copies it first; `check` finds who did not."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder of this name, filled by `make` unless that was done before."""
        folder, note = self.root / name, self.root / f"{name}.made"
        with self._alone(self.root / f"{name}.waiting"):
            if not note.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                make(folder)
                note.write_text(listing(folder), encoding="utf-8")
        return folder

    def _alone(self, folder: Path) -> ExitStack:
        """Hold the lock of this name, after the process that holds it now."""
        limit, held = time.monotonic() + SECONDS, ExitStack()
        while True:
            try:
                held.enter_context(FolderLock(folder))
            except StoreError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.1)
            else:
                return held

    def check(self) -> None:
        """Raises AssertionError where a finished folder is not as it was made."""
        for note in self.root.glob("*.made"):
            assert listing(note.with_suffix("")) == note.read_text(encoding="utf-8"), f"a test changed {note.stem}"


def listing(folder: Path) -> str:
    """Name, size and time of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
