"""One writer per result folder: a second process is told so in one sentence and changes nothing."""

import os
from pathlib import Path
from types import TracebackType
from typing import IO

from experiments.store import store_error

LOCK_NAME = ".lock"


class FolderLock:
    """Holds a result folder for this process. The system lets go of it when the process dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Prepare a lock on `folder`; entering the context takes it."""
        self.path = folder / LOCK_NAME
        self._file: IO[str] | None = None

    def __enter__(self) -> "FolderLock":
        """Take the lock.

        Raises:
            StoreError: another process holds it, or the folder cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = self.path.open("a+", encoding="ascii")
        except OSError as error:
            reason = error.strerror or str(error)
            raise store_error(
                self.path.parent, f"cannot be used as a result folder: {reason}", "choose another with --out"
            ) from error
        if not _take(file):
            owner = _owner(file)
            file.close()
            hint = "wait for it, or choose another folder with --out"
            raise store_error(self.path.parent, f"another qipan process{owner} is writing here", hint)
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go and remove the lock file."""
        if self._file is not None:
            if os.name != "nt":
                self.path.unlink(missing_ok=True)
            self._file.close()
            self._file = None


def _owner(file: IO[str]) -> str:
    file.seek(0)
    number = file.read(20).strip()
    return f" (number {number})" if number.isdigit() else ""


def _take(file: IO[str]) -> bool:
    """Lock an open file without waiting; False when another process has it or has just removed it."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(1000)  # beyond the text, which others may read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
            return True
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file.fileno()), os.stat(file.name))
    except OSError:
        return False
