"""Addressed random draws: every random number has an address, and the address alone decides its value.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011), counter based: key = the two halves of the seed,
counter = (replicate, region id, year << 16 | sector id, round << 16 | stream // 4); stream % 4 picks one of four words.
So replicate k is the same alone or among 100,000, a longer horizon keeps its prefix, adding a region, a sector or a
stream moves nobody else, and switching a policy changes no draw. Nothing else in this project makes randomness.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qipan.model.axes import Array
from qipan.model.element import normal_quantile

Words: TypeAlias = NDArray[np.uint64]
"""32-bit words, each kept in 64 bits so that products do not wrap."""

Group: TypeAlias = list[NDArray[np.uint32]]
"""The four words of a group of streams."""

ROUNDS = 10
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
PIECE = 6144
"""Cells worked on at once. It changes the speed, never a value."""


class Stream(IntEnum):
    """What a draw is for. A number, once given, is given for ever: new streams are added at the end.

    Four streams, 4g to 4g + 3, share one call of the generator, so streams met in the same cell stand together.
    """

    PRIVATE_SIGNAL = 0
    CHOICE = 1
    RESULT_OWN = 2
    TIE = 3
    VALUE = 4
    COMMON_ERROR = 5
    OFFICIAL_ERROR = 6
    PLANNER_SIGNAL = 7
    RESULT_COMMON = 8
    BREAKTHROUGH = 9
    FOREIGN = 10
    RANDOM_LIST = 11
    REVISION = 12
    ADOPTION = 13
    UNDERSTANDING = 14
    REVISER = 15
    FIT = 16
    RANDOM_PILOT = 17
    RANDOM_LAYOUT = 18
    ADOPTERS = 19
    BOOTSTRAP = 20


def philox(counter: tuple[Any, Any, Any, Any], key: tuple[int, int]) -> tuple[NDArray[np.uint32], ...]:
    """The four 32-bit words at a counter.

    Args:
        counter: Four unsigned integers below 2^32, or arrays of them that broadcast together.
        key: Two unsigned integers below 2^32.

    >>> [hex(int(word)) for word in philox((0, 0, 0, 0), (0, 0))]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    shape = np.broadcast_shapes(*(np.shape(word) for word in counter))
    words = _philox([np.array(word, dtype=np.uint64, ndmin=max(1, len(shape))) for word in counter], key)
    return tuple(np.broadcast_to(word, shape or (1,)).reshape(shape).astype(np.uint32) for word in words)


def _philox(words: list[Words], key: tuple[int, int]) -> list[Words]:
    """Ten rounds; words keep the smallest shape that holds them, so the first rounds work on single axes."""
    first, second = key
    for _ in range(ROUNDS):
        low, high = words[0] * MULTIPLIERS[0], words[2] * MULTIPLIERS[1]
        words = [_mixed(high, words[1], first), _low(high), _mixed(low, words[3], second), _low(low)]
        first, second = (first + KEY_STEPS[0]) & 0xFFFFFFFF, (second + KEY_STEPS[1]) & 0xFFFFFFFF
    return words


def _mixed(product: Words, word: Words, key: int) -> Words:
    """High half of the product, xor the word, xor the key."""
    mixed: Words = (product >> HALF) ^ word
    mixed ^= np.uint64(key)
    return mixed


def _low(product: Words) -> Words:
    """Low half of the product, in its place."""
    product &= MASK
    return product


MOST_REPLICATES = 2**32
"""How many replicates a seed has."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Random numbers for a block of replicates in a world.

    Attributes:
        seed: 0 to 2^64 - 1.
        replicates: Numbers of the replicates, 0 to 2^32 - 1, (n,).
        region_ids: Ids of the regions, 1 to 2^32 - 1, (R,): administrative codes, never row numbers.
        sector_ids: Ids of the sectors, 1 to 65535, (K,).

    >>> draws = Draws(seed=1, replicates=np.arange(2), region_ids=np.array([31, 33]), sector_ids=np.array([1, 2, 3]))
    >>> draws.uniform(Stream.CHOICE, year=2023).shape
    (2, 2, 3)
    """

    seed: int
    replicates: NDArray[Any]
    region_ids: NDArray[Any]
    sector_ids: NDArray[Any]
    _last: dict[str, tuple[tuple[int, int, int], Group]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**64:
            raise ValueError(f"seed is {self.seed}; it must be a whole number from 0 to 2^64 - 1")
        _check_ids("replicates", self.replicates, 0, MOST_REPLICATES - 1)
        _check_ids("region_ids", self.region_ids, 1, 2**32 - 1)
        _check_ids("sector_ids", self.sector_ids, 1, 2**16 - 1)

    def uniform(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """Uniform draws, (word + 1/2) / 2^32: never 0, never 1.

        Args:
            stream: What the draws are for.
            year: Calendar year, 0 to 65535; 0 where the draw does not vary by year.
            over: "" -> (n,), "r" -> (n, region), "k" -> (n, sector), "rk" -> (n, region, sector).
            round: Revision round inside the year, 0 to 65535.
        """
        word = self._words(stream // 4, year, over, round)[stream % 4]
        return np.multiply(np.add(word, 0.5), 2.0**-32)

    def normal(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """Standard normal draws: the quantile of the uniform draw at the same address, |z| <= 6.34."""
        return normal_quantile(self.uniform(stream, year=year, over=over, round=round))

    def gumbel(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """Standard Gumbel draws, -log(-log u): the noise whose best choice is a logit."""
        return np.asarray(-np.log(-np.log(self.uniform(stream, year=year, over=over, round=round))))

    def gumbel_of_rows(self, stream: Stream, rows: NDArray[np.intp], *, year: int, round: int) -> Array:
        """The Gumbel draws of one region in each replicate, (n, 1, sector): those `gumbel` gives at the same address.

        Args:
            stream: What the draws are for.
            rows: Row of the region in each replicate, (n,).
            year: Calendar year.
            round: Revision round inside the year.
        """
        region = self.region_ids[rows].astype(np.uint64)[:, None]
        cell = self.sector_ids.astype(np.uint64) | np.uint64(year << 16)
        counter = (self.replicates.astype(np.uint64)[:, None], region, cell, (round << 16) | (stream // 4))
        word = philox(counter, (self.seed & 0xFFFFFFFF, self.seed >> 32))[stream % 4]
        return np.asarray(-np.log(-np.log(np.multiply(np.add(word, 0.5), 2.0**-32))))[:, None, :]

    def _words(self, group: int, year: int, over: str, round: int) -> Group:
        """The four words of a group; the last group asked for is kept, since its four streams meet in one cell."""
        address = (group, year, round)
        kept = self._last.get(over)
        if kept is None or kept[0] != address:
            kept = (address, self._generated(group, year, over, round))
            self._last[over] = kept
        return kept[1]

    def _generated(self, group: int, year: int, over: str, round: int) -> Group:
        if not (0 <= year < 2**16 and 0 <= round < 2**16):
            raise ValueError(f"year {year} and round {round} must lie between 0 and 65535")
        regions = self.region_ids.astype(np.uint64) if "r" in over else np.zeros(1, np.uint64)
        sectors = self.sector_ids.astype(np.uint64) if "k" in over else np.zeros(1, np.uint64)
        region, sector = np.repeat(regions, sectors.size), np.tile(sectors | np.uint64(year << 16), regions.size)
        last = np.array([(round << 16) | group], dtype=np.uint64)
        words = self._in_pieces(region, sector, last)
        shape = {"": (), "r": regions.shape, "k": sectors.shape, "rk": regions.shape + sectors.shape}[over]
        return [word.reshape(self.replicates.shape + shape) for word in words]

    def _in_pieces(self, region: Words, sector: Words, last: Words) -> Group:
        """Words for all replicates, a few replicates at a time: the work then stays in the processor's cache."""
        words = [np.empty((self.replicates.size, region.size), dtype=np.uint32) for _ in range(4)]
        rows = max(1, PIECE // region.size)
        for start in range(0, self.replicates.size, rows):
            replicate = self.replicates[start : start + rows].astype(np.uint64)[:, None]
            piece = _philox([replicate, region, sector, last], (self.seed & 0xFFFFFFFF, self.seed >> 32))
            for word, values in zip(words, piece, strict=True):
                word[start : start + rows] = values
        return words


def _check_ids(name: str, ids: NDArray[Any], least: int, most: int) -> None:
    """Refuse ids that are not distinct whole numbers in their range: two equal ids would share their draws."""
    if ids.ndim != 1 or ids.size == 0 or ids.dtype.kind not in "iu":
        raise ValueError(f"{name} must be a non-empty row of whole numbers")
    if ids.min() < least or ids.max() > most or np.unique(ids).size != ids.size:
        raise ValueError(f"{name} must be distinct and lie between {least} and {most}")
