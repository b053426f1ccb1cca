"""The draws of `draws.py` for compiled loops: the same words, the same uniforms, and normals by the same quantile."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model import element
from model.axes import Array
from model.compiled.compiling import called, entry, inlined
from model.compiled.memory import Rooms
from model.compiled.primitives import SHIFTED, float_of, fused, logarithm
from model.draws import KEY_STEPS, MULTIPLIERS, Draws, Group, Stream

FIRST, SECOND = MULTIPLIERS
STEP_FIRST, STEP_SECOND = np.uint64(KEY_STEPS[0]), np.uint64(KEY_STEPS[1])
MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
CENTRE_TOP, CENTRE_BOTTOM = element.CENTRE_TOP, element.CENTRE_BOTTOM
NEAR_TOP, NEAR_BOTTOM = element.NEAR_TOP, element.NEAR_BOTTOM


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
    """All four words of all cells of all replicates, each (cells, n), uint32."""
    for c in range(region.size):
        x_row, y_row, z_row, w_row = x[c], y[c], z[c], w[c]
        for i in range(replicates.size):
            a, b, d, e = words(replicates[i], region[c], sector[c], last, first, second)
            x_row[i], y_row[i], z_row[i], w_row[i] = a, b, d, e


@entry
def fill_uniforms(word: Any, out: Any) -> None:
    """The uniforms of a row of words."""
    for c in range(out.size):
        out[c] = uniform_of(word[c])


@entry
def fill_normals(word: Any, place: Any, far: Any, uniform: Any, out: Any) -> None:
    """Standard normal quantiles of rows of words; the others are work space."""
    for i in range(out.shape[0]):
        row = word[i]
        for c in range(uniform.size):
            uniform[c] = uniform_of(row[c])
        normals(uniform, place, far, out[i])


@dataclass(frozen=True, eq=False)
class CompiledDraws(Draws):
    """Addressed draws by compiled code: the same words and uniforms, normals to the last bits.

    Attributes:
        rooms: Room for them.
    """

    rooms: Rooms = field(default_factory=Rooms)

    def uniform(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """As in `Draws`."""
        word = self._words(stream // 4, year, over, round)[stream % 4]
        out = self.rooms.take(*word.shape[1:], word.shape[0])
        fill_uniforms(rows_of(word).reshape(-1), out.reshape(-1))
        return np.moveaxis(out, -1, 0)

    def normal(self, stream: Stream, *, year: int = 0, over: str = "rk", round: int = 0) -> Array:
        """As in `Draws`."""
        word = self._words(stream // 4, year, over, round)[stream % 4]
        out, count = self.rooms.take(*word.shape[1:], word.shape[0]), self.replicates.size
        work = np.empty(count, dtype=np.int64), np.empty(count), np.empty(count)
        fill_normals(rows_of(word), *work, out.reshape(-1, count))
        return np.moveaxis(out, -1, 0)

    def _in_pieces(self, region: Any, sector: Any, last: Any) -> Group:
        replicates = self.replicates.astype(np.uint64)
        size = region.size * replicates.size  # two words in the room of a number
        room = (self.rooms.take(-(-size // 2)).view(np.uint32)[:size] for _ in range(4))
        out = [words.reshape(region.size, -1) for words in room]
        first, second = np.uint64(self.seed & 0xFFFFFFFF), np.uint64(self.seed >> 32)
        fill_words(replicates, region, sector, last[0], first, second, *out)
        return out


def rows_of(values: Any) -> Any:
    """An array, (replicate, ...), as it lies in memory, (places, replicate)."""
    return values.transpose(*range(1, values.ndim), 0).reshape(-1, values.shape[0])
