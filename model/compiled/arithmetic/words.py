"""The draws of `draws.py` for compiled loops: the same words, the same uniforms, and normals by the same quantile."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qipan.model import element
from qipan.model.axes import Array
from qipan.model.compiled.arithmetic.primitives import SHIFTED, float_of, fused, logarithm
from qipan.model.compiled.compiling import called, entry, inlined
from qipan.model.draws import KEY_STEPS, MULTIPLIERS, Draws, Group, Stream

FIRST, SECOND = MULTIPLIERS
STEP_FIRST, STEP_SECOND = np.uint64(KEY_STEPS[0]), np.uint64(KEY_STEPS[1])
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
CENTRE_TOP, CENTRE_BOTTOM = element.CENTRE_TOP, element.CENTRE_BOTTOM
NEAR_TOP, NEAR_BOTTOM = element.NEAR_TOP, element.NEAR_BOTTOM
SMALL = 2**14
"""Most replicates times pairs of a block whose draws are kept, 0.4 MB a year: 64 of the provinces are 11,904."""


@inlined
def words(a: Any, b: Any, c: Any, d: Any, first: Any, second: Any) -> Any:
    """Philox4x32-10: the four words at the counter (a, b, c, d)."""
    for _ in range(10):
        low, high = a * FIRST, c * SECOND
        a, b, c, d = (high >> HALF) ^ b ^ first, high & MASK, (low >> HALF) ^ d ^ second, low & MASK
        first, second = (first + STEP_FIRST) & MASK, (second + STEP_SECOND) & MASK
    return a, b, c, d


@inlined
def uniform_of(word: Any) -> Any:
    """(word + 1/2) / 2^32, exactly."""
    return (float_of(np.int64(word) | SHIFTED) - 4503599627370495.5) * 2.0**-32


@inlined
def septic(r: float, c: Any) -> Any:
    """A polynomial of degree seven, coefficients from the highest power down."""
    square = r * r
    high = fused(fused(c[0], r, c[1]), square, fused(c[2], r, c[3]))
    return fused(high, square * square, fused(fused(c[4], r, c[5]), square, fused(c[6], r, c[7])))


@inlined
def ratio(r: float, top: Any, bottom: Any) -> Any:
    """Two polynomials of degree seven."""
    return septic(r, top), septic(r, bottom)


@inlined
def central(uniform: float) -> Any:
    """Normal quantile for |u - 1/2| <= 0.425."""
    q = uniform - 0.5
    q = q if q > -0.425 else -0.425
    q = q if q < 0.425 else 0.425
    above, below = ratio(0.180625 - q * q, CENTRE_TOP, CENTRE_BOTTOM)
    return above * q / below


@inlined
def tail(uniform: float) -> Any:
    """Normal quantile in the tails. A word's uniform is 2^-33 from 0 and 1 at the least, so r is below 4.79: the far
    tail of the algorithm is never met.
    """
    low = uniform < 0.5
    r = np.sqrt(-logarithm(uniform if low else 1.0 - uniform))
    above, below = ratio(r - 1.6, NEAR_TOP, NEAR_BOTTOM)
    return -above / below if low else above / below


@called
def normals(uniform: Any, place: Any, far: Any, out: Any) -> None:
    """Standard normal quantiles of a row of uniforms; `place` and `far` are work space.

    The tails, some 15%, are gathered, worked on side by side, and put back.
    """
    count = 0
    for c in range(uniform.size):
        out[c] = central(uniform[c])
    for c in range(uniform.size):
        place[count] = c
        count += abs(uniform[c] - 0.5) > 0.425
    for j in range(count):
        far[j] = uniform[place[j]]
    for j in range(count):
        far[j] = tail(far[j])
    for j in range(count):
        out[place[j]] = far[j]


@entry
def fill_words(
    replicates: Any, region: Any, sector: Any, last: Any, first: Any, second: Any, x: Any, y: Any, z: Any, w: Any
) -> None:
    """All four words of all cells of all replicates, each (n, cells), uint32."""
    for i in range(replicates.size):
        for c in range(region.size):
            a, b, d, e = words(replicates[i], region[c], sector[c], last, first, second)
            x[i, c], y[i, c], z[i, c], w[i, c] = a, b, d, e


@entry
def fill_uniforms(
    replicates: Any, region: Any, sector: Any, last: Any, first: Any, second: Any, x: Any, y: Any, z: Any
) -> None:
    """Uniforms of the first three streams of a group, in lanes: replicates and sectors by row, regions one by one."""
    blocks, row = replicates.shape
    for b in range(blocks):
        for r in range(region.size):
            for c in range(row):
                d, e, f, _ = words(replicates[b, c], region[r], sector[c], last, first, second)
                x[b, r, c], y[b, r, c], z[b, r, c] = uniform_of(d), uniform_of(e), uniform_of(f)


@entry
def fill_normals(uniform: Any, place: Any, far: Any, out: Any) -> None:
    """Standard normal quantiles of rows."""
    for i in range(uniform.shape[0]):
        normals(uniform[i], place, far, out[i])


@dataclass(frozen=True, eq=False)
class CompiledDraws(Draws):
    """Addressed draws whose words come from compiled code: the same words, normals to the last bits.

    Attributes:
        kept: What was drawn of a small block, for the next arm over the same replicates; nobody writes into it.
    """

    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def small(self) -> bool:
        """Whether it is cheap to keep what is drawn in all years."""
        return self.replicates.size * self.region_ids.size * self.sector_ids.size <= SMALL

    def same(self, other: "CompiledDraws") -> bool:
        """Whether the other gives the same numbers."""
        ours, theirs = ((one.replicates, one.region_ids, one.sector_ids) for one in (self, other))
        return self.seed == other.seed and all(map(np.array_equal, ours, theirs))

    def normal(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """As in `Draws`."""
        if over != "k" or not self.small:
            return self._normal(stream, year, over, round)
        address = (stream, year, round)
        if address not in self.kept:
            self.kept[address] = self._normal(stream, year, over, round)
            self.kept[address].flags.writeable = False
        values: Array = self.kept[address]
        return values

    def _normal(self, stream: Stream, year: int, over: str, round: int) -> Array:
        uniform = self.uniform(stream, year=year, over=over, round=round)
        out = np.empty(uniform.shape)
        rows = uniform.reshape(uniform.shape[0], -1)
        place, far = np.empty(rows.shape[1], dtype=np.int64), np.empty(rows.shape[1])
        fill_normals(rows, place, far, out.reshape(rows.shape))
        return out

    def _in_pieces(self, region: Any, sector: Any, last: Any) -> Group:
        out = [np.empty((self.replicates.size, region.size), dtype=np.uint32) for _ in range(4)]
        first, second = np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)
        fill_words(self.replicates.astype(np.uint64), region, sector, last[0], first, second, *out)
        return out
