"""Rows of many parts laid one after the other, in memory while they are few, in a nameless file when they are many.

A comparison of 100,000 replicates has gigabytes of rows; the tables look at one measure at a time. So the rows of each
array lie together, and what is not being looked at need not be in memory.
"""

from __future__ import annotations

import math
import mmap
import os
import tempfile
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.store.parts import store_error
from qipan.experiments.summaries.rows import Part

MOST_IN_MEMORY = 8_192
"""Replicates above which rows go to a file."""


RELEASE = 8_192
"""Rows after which memory behind a file is let go of."""
ZEROS = bytes(1_048_576)


class Spool:
    """Collects the parts of one arm in order: sums are added, rows are laid one after the other."""

    def __init__(self, rows: int, folder: Path) -> None:
        """Prepare for at most `rows` replicates; a file, if needed, has no name and lies on the disk of `folder`."""
        self._limit = rows
        self._folder = folder
        self._used = 0
        self._arrays: Part = {}

    def add(self, part: Part) -> None:
        """Append one part."""
        if not self._arrays:
            self._arrays = self._made_for(part)
        count = len(part["replicates"])
        for name, values in part.items():
            if name.startswith("sum:"):
                self._arrays[name] += values
            else:
                self._arrays[name][self._used : self._used + count] = values
        self._used += count
        if self._used % RELEASE < count:
            self.release()

    def release(self) -> None:
        """Let go of the memory behind rows that lie in a file; they stay readable. Where the system cannot: nothing."""
        for values in self._arrays.values():
            mapped = getattr(values, "_mmap", None)
            if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
                mapped.madvise(mmap.MADV_DONTNEED)

    def finish(self) -> Part:
        """Everything collected; empty when nothing was."""
        self.release()
        return {
            name: values if name.startswith("sum:") else values[: self._used] for name, values in self._arrays.items()
        }

    def _made_for(self, part: Part) -> Part:
        """Room for rows of the shapes of `part`, and zero sums."""
        shapes = {
            name: (self._limit, *values.shape[1:]) for name, values in part.items() if not name.startswith("sum:")
        }
        made: Part = {name: np.zeros_like(values) for name, values in part.items() if name.startswith("sum:")}
        if self._limit <= MOST_IN_MEMORY:
            made.update({name: np.empty(shape, part[name].dtype) for name, shape in shapes.items()})
            return made
        sizes = {name: math.prod(shape) * part[name].itemsize for name, shape in shapes.items()}
        places = dict(zip(sizes, accumulate((size + -size % 64 for size in sizes.values()), initial=0), strict=False))
        try:
            with tempfile.TemporaryFile(dir=self._folder) as file:  # a mapping keeps what it needs of the file open
                _reserve(file.fileno(), sum(size + -size % 64 for size in sizes.values()))
                for name, shape in shapes.items():
                    rows: NDArray[np.generic] = np.memmap(file, part[name].dtype, "w+", places[name], shape)
                    made[name] = rows
        except OSError as error:
            message = f"rows of {self._limit:,} replicates find no room: {error.strerror or error}"
            hint = "make room and give the same command again: what is stored is kept"
            raise store_error(self._folder, message, hint) from error
        return made


def _reserve(handle: int, size: int) -> None:
    """Take room for a file before it is mapped: on a full disk, writing to a mapping without it kills the process.

    Raises:
        OSError: there is not so much.
    """
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    for start in range(0, size, len(ZEROS)):
        os.write(handle, ZEROS[: size - start])
