"""The append-only store of parts: what a block of replicates of one arm came to, kept under the hash of what made it.

A part is written once and never changed. Its name is the content key of everything that decides its numbers (scenario,
data, code of `model/`, seed, replicates), never the number of workers. So an experiment that was killed finds what it
had and goes on, and the final tables are the same bytes as if nothing had happened.

On disk: a first line `qipan part 1 <sha256 of the rest>`, then a NumPy archive. A part is written to a temporary file,
flushed to the disk and renamed: a reader sees all of it or nothing.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.archive import archived, opened
from experiments.disk import disk
from experiments.stacking import stacked, taken_apart
from model.errors import Problem, StoreError

HEADER = b"qipan part 1 "
TEMPORARY = ".unfinished"

Arrays = Mapping[str, NDArray[np.generic]]


def store_error(path: Path | str, message: str, hint: str = "") -> StoreError:
    """A one-line error about a stored file."""
    return StoreError([Problem(where=str(path), key="", message=message, hint=hint)])


def content_key(facts: Mapping[str, object]) -> str:
    """The name of a part: SHA-256 over the facts that decide its numbers, as canonical JSON.

    Example:
        >>> content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1})
        True
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that it is there completely or not at all, even when the power fails.

    The content goes to a temporary file beside it, is flushed to the disk, and takes the name in one step.

    Raises:
        StoreError: the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    place = disk()
    try:
        place.write(temporary, content)
        place.sync(temporary)
        place.rename(temporary, path)
        place.sync_folder(path.parent)
    except OSError as error:
        place.remove(temporary)
        reason = error.strerror or str(error)
        raise store_error(path, f"cannot be written: {reason}", "what is already stored is kept") from error
    except KeyboardInterrupt:
        place.remove(temporary)
        raise


def pack(arrays: Arrays) -> bytes:
    """Turn named arrays into the bytes of a part, checksum first. Same arrays, same bytes."""
    body = archived(stacked(arrays))
    return HEADER + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpack(content: bytes, path: Path | str = "part") -> dict[str, NDArray[np.generic]]:
    """Read the bytes of a part back.

    Raises:
        StoreError: not a part, or a part that was damaged.
    """
    head, separator, body = content.partition(b"\n")
    again = "remove it and run again: it is computed anew"
    if not head.startswith(HEADER) or not separator:
        raise store_error(path, "is not a part of a stored result", again)
    if hashlib.sha256(body).hexdigest().encode() != head[len(HEADER) :]:
        raise store_error(path, "is damaged: its checksum does not fit", again)
    try:
        return taken_apart(opened(body))
    except (ValueError, zipfile.BadZipFile) as error:
        raise store_error(path, f"is damaged: {error}", again) from error


def remove_unfinished(result: Path) -> int:
    """Remove what a killed process left half-written in a result folder; returns how many files."""
    leftovers = [*result.glob(f"*{TEMPORARY}"), *result.glob(f"*/*{TEMPORARY}")]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)


class PartStore:
    """The parts of one result folder. Reading checks; writing is atomic; nothing is ever overwritten."""

    def __init__(self, folder: Path) -> None:
        """Open (and create) `folder`."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise store_error(
                folder, f"cannot be made a result folder: {reason}", "choose another with --out"
            ) from error

    def path(self, key: str) -> Path:
        """Where the part of this key lies."""
        return self.folder / f"{key}.part"

    def find(self, key: str) -> dict[str, NDArray[np.generic]] | None:
        """The part of this key, or None. A damaged one is removed, so that it is computed anew."""
        path = self.path(key)
        if not path.is_file():
            return None
        try:
            return unpack(path.read_bytes(), path)
        except StoreError:
            disk().remove(path)
            return None

    def read(self, key: str) -> dict[str, NDArray[np.generic]]:
        """The arrays of a part.

        Raises:
            StoreError: no such part, or damaged.
        """
        path = self.path(key)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise store_error(path, "is missing", "run the same command again, which computes it") from error
        return unpack(content, path)

    def write(self, key: str, content: bytes) -> None:
        """Store the bytes of a part unless they are there already."""
        path = self.path(key)
        if not path.exists():
            write_atomic(path, content)

    def remove_unfinished(self) -> int:
        """Remove what a killed run left half-written; returns how many files."""
        return remove_unfinished(self.folder.parent)

    def stored(self) -> Iterator[str]:
        """The keys of the parts on disk, sorted."""
        yield from sorted(path.stem for path in self.folder.glob("*.part"))
