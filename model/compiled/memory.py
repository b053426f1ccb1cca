"""Room for arrays in lanes, kept from year to year and block to block: a new page costs the system microseconds."""

import math
from itertools import count

import numpy as np

from qipan.model.axes import Array

PAGE = 512
"""Numbers in a page of 4,096 bytes."""

STEP = 40
"""Numbers, five cache lines, between the beginnings of one array and the next within their pages."""

MOST_WAITING = 2
"""Blocks whose room waits for the next block in a process."""


class Rooms:
    """One array for each name. What was in it is gone when the name is taken again."""

    def __init__(self) -> None:
        self._buffers: dict[str, Array] = {}
        self._arrays: dict[str, Array] = {}

    def take(self, name: str, *shape: int) -> Array:
        """The room of this name. It begins at a cache line of its own: arrays whose rows lie a whole number of pages
        apart would drive each other out of the processor's cache.
        """
        array = self._arrays.get(name)
        if array is None or array.shape != shape:
            array = self._arrays[name] = self._cut(name, shape)
        return array

    def besides(self, name: str, *others: Array) -> Array:
        """Room of this name for an array like the others, and none of them."""
        for number in count():
            array = self.take(f"{name} {number}" if number else name, *others[0].shape)
            if all(array is not other for other in others):
                return array
        raise AssertionError

    def _cut(self, name: str, shape: tuple[int, ...]) -> Array:
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size + 2 * PAGE:
            buffer = self._buffers[name] = np.empty(size + 2 * PAGE)
        place = list(self._buffers).index(name)
        start = -(buffer.ctypes.data // 8) % PAGE + (place * STEP) % PAGE
        return buffer[start : start + size].reshape(shape)


_waiting: list[Rooms] = []


def opened() -> Rooms:
    """Room for a block: that of an earlier one, if there is any."""
    try:
        return _waiting.pop()
    except IndexError:
        return Rooms()


def given_back(rooms: Rooms) -> None:
    """Nobody reads what is in these rooms any more."""
    if len(_waiting) < MOST_WAITING:
        _waiting.append(rooms)
