"""NumPy archives in the very bytes that `numpy.savez` writes, written and read in one pass.

A study has hundreds of parts with dozens of small arrays each, for which NumPy's and zipfile's general way costs more
than the numbers in them. Only plain numbers in archives below 2 GiB go this way; everything else goes NumPy's.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]
LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
HEAD, EXTRA = struct.Struct("<4s5H3L2H"), struct.Struct("<2H2Q")
ENTRY, LAST = struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")
VERSION, UNIX, UTF8, DAY = 45, 3, 0x800, 33  # zip with 64-bit lengths; 33 is 1 January 1980, the date NumPy writes
PRIVATE = 0o600 << 16
UNKNOWN = 0xFFFFFFFF
MAGIC = b"\x93NUMPY\x01\x00"
MOST = 2**31
NUMBERS = "biuf"


def as_numbers(value: object) -> NDArray[np.uint8]:
    """JSON of a value as an array that an archive can hold; the same value, the same bytes."""
    return np.frombuffer(json.dumps(value, sort_keys=True).encode(), dtype=np.uint8)


def from_numbers(values: NDArray[np.generic]) -> Any:
    """What `as_numbers` was given.

    Raises:
        ValueError: not JSON.
    """
    return json.loads(values.tobytes())


def archived(arrays: Arrays) -> bytes:
    """The bytes of `numpy.savez(**arrays)`, arrays in the order given."""
    if any(values.dtype.kind not in NUMBERS for values in arrays.values()):
        return _by_numpy(arrays)
    pieces: list[bytes] = []
    entries: list[bytes] = []
    place = 0
    for key, values in arrays.items():
        content = _head_of(values.dtype.str, values.shape, _reversed(values)) + _body_of(values)
        name = f"{key}.npy".encode()
        flags, checksum = (0 if key.isascii() else UTF8), zlib.crc32(content)
        local = HEAD.pack(LOCAL, VERSION, flags, 0, 0, DAY, checksum, UNKNOWN, UNKNOWN, len(name), EXTRA.size)
        entries.append(ENTRY.pack(CENTRAL, VERSION, UNIX, VERSION, 0, flags, 0, 0, DAY, checksum, len(content),
                                  len(content), len(name), 0, 0, 0, 0, PRIVATE, place) + name)  # fmt: skip
        pieces += [local, name, EXTRA.pack(1, EXTRA.size - 4, len(content), len(content)), content]
        place += HEAD.size + len(name) + EXTRA.size + len(content)
        if place > MOST:
            return _by_numpy(arrays)
    directory = b"".join(entries)
    end = LAST.pack(END, 0, 0, len(entries), len(entries), len(directory), place, 0)
    return b"".join([*pieces, directory, end])


def _by_numpy(arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _reversed(values: NDArray[np.generic]) -> bool:
    """Whether an array is written last axis first, as NumPy does with one that lies that way."""
    return bool(values.flags.f_contiguous and not values.flags.c_contiguous)


def _body_of(values: NDArray[np.generic]) -> bytes:
    return values.tobytes("F" if _reversed(values) else "C")


@lru_cache(maxsize=256)
def _head_of(descr: str, shape: tuple[int, ...], last_axis_first: bool) -> bytes:
    """What stands before an array's numbers."""
    head = io.BytesIO()
    told = {"descr": descr, "fortran_order": last_axis_first, "shape": shape}
    np.lib.format.write_array_header_1_0(head, told)
    return head.getvalue()


def opened(content: bytes) -> dict[str, NDArray[np.generic]]:
    """The arrays of an archive whose bytes are known to be whole, by name; they may be written to.

    Raises:
        ValueError, zipfile.BadZipFile: not an archive of plain arrays.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    place = 0
    try:
        while content[place : place + 4] == LOCAL:
            name, values, place = _array_at(content, place)
            arrays[name] = values
    except (ValueError, struct.error):
        arrays = {}
    if arrays and content[place : place + 4] == CENTRAL:
        return arrays
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _array_at(content: bytes, place: int) -> tuple[str, NDArray[np.generic], int]:
    """Name and numbers of the array whose entry begins at a place, and where the next begins.

    Raises:
        ValueError, struct.error: not an entry as `archived` writes it.
    """
    _, _, flags, packing, _, _, _, _, _, length, extra = HEAD.unpack_from(content, place)
    start = place + HEAD.size + length + extra
    _, _, size, _ = EXTRA.unpack_from(content, start - extra)
    name = content[place + HEAD.size : place + HEAD.size + length]
    if packing or flags not in (0, UTF8) or extra != EXTRA.size or not name.endswith(b".npy"):
        raise ValueError("not an entry of this kind")
    if content[start : start + len(MAGIC)] != MAGIC:
        raise ValueError("not an array of plain numbers")
    first = start + len(MAGIC) + 2
    (told,) = struct.unpack_from("<H", content, first - 2)
    shape, last_axis_first, kind = _told(content[first - 2 : first + told])
    values = np.frombuffer(content[first + told : start + size], kind)  # one of another length does not fit the shape
    laid = values.reshape(shape[::-1]).T if last_axis_first else values.reshape(shape)
    return name[:-4].decode(), laid.copy("K"), start + size


@lru_cache(maxsize=256)
def _told(head: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order of the axes and type of number from what stands before an array's numbers.

    Raises:
        ValueError: anything but plain numbers.
    """
    shape, last_axis_first, kind = np.lib.format.read_array_header_1_0(io.BytesIO(head))
    if kind.kind not in NUMBERS or any(length < 0 for length in shape):
        raise ValueError("not an array of plain numbers")
    return shape, last_axis_first, kind
