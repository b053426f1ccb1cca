"""The append-only store of parts: what a block of replicates of one arm came to, kept under the hash of what made it.

A part is written once and never changed. Its name is the content key of everything that decides its numbers (scenario,
data, code of `model/`, seed, replicates), never the number of workers. So an experiment that was killed finds what it
had and goes on, and the final tables are the same bytes as if nothing had happened.

On disk: a first line `qipan part 2 <sha256 of the rest>`; a line of JSON with the part's own key, what it is of, and
name, kind, shape and order of each array; then the numbers, one array after the other, never compressed. So a part that
lies under another's name is noticed, and reading one needs no more memory than its file. A part is written to a
temporary file, flushed to the disk and renamed: a reader sees all of it or nothing.
"""

import hashlib
import json
import math
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.store.disk import disk
from qipan.model.errors import Problem, StoreError

HEADER = b"qipan part 2 "
NUMBERS = "biuf"
"""Kinds of number that a part may hold, as NumPy names them."""
PARTS = "parts"
"""Name of the sub-folder of parts."""
LONGEST_LINE = 10_000_000
"""Bytes of each of the two lines that a part begins with, at most."""
TEMPORARY = ".unfinished"
UNFINISHED = re.compile(r"\.qipan-.*\.unfinished")
"""Names of what a killed process leaves half-written: files, and the private folders they are gathered in."""

Arrays = Mapping[str, NDArray[np.generic]]


def store_error(path: Path | str, message: str, hint: str = "") -> StoreError:
    """A one-line error about a stored file."""
    return StoreError([Problem(where=str(path), key="", message=message, hint=hint)])


def made_folder(folder: Path) -> Path:
    """Make a folder unless it is there; returns it.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise store_error(folder, f"cannot be made a folder for results: {reason}", "choose another") from error
    return folder


def content_key(facts: Mapping[str, object]) -> str:
    """The name of a part: SHA-256 over the facts that decide its numbers, as canonical JSON.

    Example:
        >>> content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1})
        True
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_atomic(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write a file so that it is there completely or not at all, even when the power fails.

    The content goes to a temporary file beside it, is flushed to the disk, and takes the name in one step.

    Args:
        path: The file.
        content: What it is to hold.
        lasting: Wait for the disk, which takes longer than writing. Not for what tells by itself whether it is whole:
            after a loss of power it may not be.

    Raises:
        StoreError: the disk is full or the folder cannot be written.
    """
    digest = hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    temporary = path.with_name(f".qipan-{digest}-{os.getpid()}{TEMPORARY}")
    place = disk()
    try:
        place.remove(temporary)
        place.write(temporary, content)
        if lasting:
            place.sync(temporary)
        place.rename(temporary, path)
        if lasting:
            place.sync_folder(path.parent)
    except OSError as error:
        place.remove(temporary)
        reason = error.strerror or str(error)
        raise store_error(path, f"cannot be written: {reason}", "what is already stored is kept") from error
    except KeyboardInterrupt:
        place.remove(temporary)
        raise


def as_numbers(value: object) -> NDArray[np.uint8]:
    """JSON of a value as an array that a part can hold; the same value, the same bytes."""
    return np.frombuffer(json.dumps(value, sort_keys=True).encode(), dtype=np.uint8)


def from_numbers(values: NDArray[np.generic]) -> Any:
    """What `as_numbers` was given.

    Raises:
        ValueError: not JSON.
    """
    return json.loads(values.tobytes())


def pack(arrays: Arrays, key: str = "", about: str = "") -> bytes:
    """Turn named arrays of plain numbers into the bytes of a part. Same arrays, key and words: same bytes.

    Args:
        arrays: By name.
        key: The content key that the part is stored under.
        about: What it is of, for a reader: the arm and its replicates.

    Raises:
        ValueError: an array of anything but plain numbers.
    """
    entries, numbers = [], []
    for name, values in sorted(arrays.items()):
        if values.dtype.kind not in NUMBERS:
            raise ValueError(f"{name} does not hold plain numbers")
        order = "F" if values.flags.f_contiguous and not values.flags.c_contiguous else "C"
        entries.append([name, values.dtype.str, list(values.shape), order])
        numbers.append(values.tobytes(order))  # type: ignore[arg-type]
    head = json.dumps({"key": key, "about": about, "arrays": entries}, separators=(",", ":"))
    body = b"".join([head.encode(), b"\n", *numbers])
    return HEADER + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def unpack(content: bytes, path: Path | str = "part", key: str | None = None) -> dict[str, NDArray[np.generic]]:
    """Read the bytes of a part back, arrays in the order of their names; they may be written to.

    Args:
        content: What was stored.
        path: Where, for messages.
        key: The content key that it must have; None takes any.

    Raises:
        StoreError: not a part, one that was damaged, or one with another key.
    """
    first, separator, body = content.partition(b"\n")
    again = "remove it and run again: it is computed anew"
    if not first.startswith(HEADER) or not separator:
        raise store_error(path, "is not a part of a stored result, or one of another version", again)
    if hashlib.sha256(body).hexdigest().encode() != first[len(HEADER) :]:
        raise store_error(path, "is damaged: its checksum does not fit", again)
    head, _, numbers = body.partition(b"\n")
    try:
        told = json.loads(head)
        if key is not None and told["key"] != key:
            raise store_error(path, f"holds another part ({str(told['about'])[:200]}) than its name says", again)
        return _arrays(told["arrays"], numbers)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise store_error(path, f"is damaged: {error}", again) from error


def read_part(path: Path) -> bytes:
    """The bytes of a part; one that is larger than it tells is never read, however large it is.

    Raises:
        StoreError: it cannot be read, or is of another size than it tells.
    """
    again = "remove it and run again: it is computed anew"
    try:
        with path.open("rb") as file:
            first, head = file.readline(LONGEST_LINE), file.readline(LONGEST_LINE)
            if first.startswith(HEADER):
                arrays = json.loads(head)["arrays"]
                told = sum(math.prod(shape) * np.dtype(kind).itemsize for _, kind, shape, _ in arrays)
                if len(first) + len(head) + told != os.fstat(file.fileno()).st_size:
                    raise store_error(path, "is damaged: its checksum does not fit", again)  # nor its size
            file.seek(0)
            return file.read(None if first.startswith(HEADER) else LONGEST_LINE)
    except OSError as error:
        raise store_error(path, f"cannot be read: {error.strerror or error}", again) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise store_error(path, f"is damaged: {error}", again) from error


def _arrays(entries: list[list[Any]], numbers: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays that lie one after the other in `numbers`; raises ValueError where the sizes told do not fit."""
    arrays: dict[str, NDArray[np.generic]] = {}
    place = 0
    for name, kind, shape, order in entries:
        dtype = np.dtype(kind)
        if dtype.kind not in NUMBERS or not isinstance(name, str) or order not in ("C", "F"):
            raise ValueError("not an array of plain numbers")
        if any(not isinstance(length, int) or length < 0 for length in shape):
            raise ValueError("not a shape")
        count = math.prod(shape)
        if place + count * dtype.itemsize > len(numbers):
            raise ValueError("less is there than it tells")
        arrays[name] = np.frombuffer(numbers, dtype, count, place).reshape(shape, order=order).copy(order)
        place += count * dtype.itemsize
    if place != len(numbers):
        raise ValueError("more is there than it tells")
    return arrays


def remove_unfinished(result: Path) -> int:
    """Remove what a killed process left half-written in a result folder; returns how many files and folders."""
    leftovers = [
        path for path in (*result.glob(".qipan-*"), *result.glob("*/.qipan-*")) if UNFINISHED.fullmatch(path.name)
    ]
    for leftover in leftovers:
        remove_private(leftover)
    return len(leftovers)


def remove_private(path: Path) -> None:
    """Remove a file or folder of our own with all that is in it, as far as that can be; no link is followed."""
    for below in (*sorted(path.rglob("*"), reverse=True), path):
        with suppress(OSError):
            below.rmdir() if below.is_dir() and not below.is_symlink() else below.unlink(missing_ok=True)


class PartStore:
    """The parts of one result folder. Reading checks; writing is atomic; nothing is ever overwritten."""

    def __init__(self, folder: Path) -> None:
        """Open (and create) `folder`."""
        self.folder = folder
        self.refused: list[str] = []
        made_folder(folder)

    def path(self, key: str) -> Path:
        """Where the part of this key lies."""
        return self.folder / f"{key}.part"

    def find(self, key: str) -> dict[str, NDArray[np.generic]] | None:
        """The part of this key, or None. A wrong one is noted in `refused` and removed, so that it is computed anew."""
        path = self.path(key)
        if not path.is_file():
            return None
        try:
            return unpack(read_part(path), path, key)
        except StoreError as error:
            self.refused.append(f"{path}: {error.problems[0].message}")
            disk().remove(path)
            return None

    def tell_refused(self) -> None:
        """Say on stderr, in one line, which stored parts were wrong and are computed anew; nothing where none was."""
        if self.refused:
            more = f" (and {len(self.refused) - 1} more)" if len(self.refused) > 1 else ""
            print(f"{self.refused[0]}{more}; computed anew", file=sys.stderr)
            self.refused.clear()

    def read(self, key: str) -> dict[str, NDArray[np.generic]]:
        """The arrays of a part.

        Raises:
            StoreError: no such part, damaged, or another one.
        """
        path = self.path(key)
        if not path.is_file():
            raise store_error(path, "is missing", "run the same command again, which computes it")
        return unpack(read_part(path), path, key)

    def write(self, key: str, content: bytes) -> None:
        """Store the bytes of a part unless they are there already."""
        path = self.path(key)
        if not path.exists():
            write_atomic(path, content, lasting=False)  # a part has a checksum; a broken one is computed anew

    def remove_unfinished(self) -> int:
        """Remove what a killed run left half-written; returns how many files."""
        return remove_unfinished(self.folder.parent)

    def stored(self) -> Iterator[str]:
        """The keys of the parts on disk, sorted."""
        yield from sorted(path.stem for path in self.folder.glob("*.part"))


def json_bytes(content: Mapping[str, Any] | list[Any]) -> bytes:
    """JSON with two spaces, Chinese as it is, a line feed at the end."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
