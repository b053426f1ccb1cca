"""What a process does with memory that it has freed."""

import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Two settings of glibc's allocator, by their numbers in its header malloc.h."""

LARGEST_KEPT = 30 * 1024 * 1024
"""Bytes: arrays up to this size come from memory that the process keeps."""

MOST_KEPT = 2**31 - 1
"""Bytes of freed memory kept at the end of the heap."""


def keep_freed_memory() -> None:
    """Keep freed memory for the next array instead of giving it back to the system and asking again.

    A page costs the system up to some microseconds, more than the arithmetic on the 512 numbers it holds; making
    measures of a block took a tenth of its time for it. Does nothing where the C library is another.
    """
    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(MMAP_THRESHOLD, LARGEST_KEPT)
        library.mallopt(TRIM_THRESHOLD, MOST_KEPT)
