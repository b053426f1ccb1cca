"""One writer per result folder: a second process is told so in one sentence and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from qipan.experiments.store.parts import made_folder, store_error

if TYPE_CHECKING:
    from filelock import FileLock

LOCK_NAME = ".lock"


class FolderLock:
    """Holds a folder for this process. The system lets go of it when the process dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Prepare a lock on `folder`; entering the context takes it."""
        self.path = folder / LOCK_NAME
        self._lock: FileLock | None = None

    def __enter__(self) -> FolderLock:
        """Take the lock; the folder is made when absent.

        Raises:
            StoreError: another process holds it, the folder cannot be written, or the lock is a link.
        """
        from filelock import FileLock, Timeout

        folder = made_folder(self.path.parent)
        lock = FileLock(self.path, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            hint = "wait for it, or choose another folder"
            raise store_error(folder, "another qipan process is writing here", hint) from error
        except OSError as error:
            reason = "it is a link" if self.path.is_symlink() else error.strerror or str(error)
            raise store_error(self.path, f"cannot be locked: {reason}", "choose another folder") from error
        self._lock = lock
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the lock file and let go; who waits for the removed file is not let in by it."""
        if self._lock is not None:
            if os.name != "nt":
                self.path.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None
