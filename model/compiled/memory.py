"""Room for arrays of a block, used again as soon as nobody looks at it: a new page costs the system microseconds."""

import math
from sys import getrefcount

import numpy as np

from model.axes import Array

PAGE = 512
"""Numbers in a page of 4,096 bytes."""

STEP = 40
"""Numbers, five cache lines, between the beginnings of one array and the next within their pages."""

UNUSED = 3
"""References to a buffer that only the list of its size and the loop over that list hold."""

MOST_WAITING = 2
"""Blocks whose room waits for the next block in a process."""


class Rooms:
    """Buffers by size. An array that is still looked at anywhere, be it through a view, keeps its buffer.

    As few buffers as can be: what is written and soon read again then stays in the processor's cache.
    """

    def __init__(self) -> None:
        self._buffers: dict[int, list[Array]] = {}
        self._free: dict[int, list[Array]] = {}
        self._made = 0

    def take(self, *shape: int) -> Array:
        """Room for an array; what was in it is gone. It begins at a cache line of its own: arrays whose rows lie a
        whole number of pages apart would drive each other out of the processor's cache.
        """
        size = math.prod(shape)
        free = self._free.get(size)
        if not free:
            free = self._free[size] = self._unused(size)
        return free.pop().reshape(shape)

    def _unused(self, size: int) -> list[Array]:
        buffers = self._buffers.setdefault(size, [])
        free = [buffer for buffer in buffers if getrefcount(buffer) == UNUSED]
        if not free:
            buffers.append(self._cut(size))
            free = buffers[-1:]
        return free

    def _cut(self, size: int) -> Array:
        whole = np.empty(size + 2 * PAGE)
        self._made += 1
        start = -(whole.ctypes.data // 8) % PAGE + (self._made * STEP) % PAGE
        return np.frombuffer(whole.data, count=size, offset=8 * start)


_waiting: list[Rooms] = []


def opened() -> Rooms:
    """Room for a block: that of an earlier one, if there is any."""
    try:
        return _waiting.pop()
    except IndexError:
        return Rooms()


def given_back(rooms: Rooms) -> None:
    """The block is done; what is still looked at keeps its buffer."""
    if len(_waiting) < MOST_WAITING:
        _waiting.append(rooms)
