"""The primitives of `element.py` for compiled loops: plain comparisons, and exp and log that a loop can vectorise.

The exponential and the logarithm reduce by ln 2 in two parts and then take a polynomial: the logarithm that of fdlibm
(Sun Microsystems 1993), the exponential the one of degree 11 through the Chebyshev nodes of [-ln 2 / 2, ln 2 / 2],
which is within 4e-18. Both are exact to the last bit or the one before it, without branches and without calls into a
library, so that a loop over them becomes vector instructions. Powers are gathered in pairs: a long chain of products,
each waiting for the last, would leave the processor idle.
"""

from collections.abc import Callable
from typing import Any

from llvmlite.ir import FunctionType
from numba import types
from numba.extending import intrinsic, overload

from qipan.model import element
from qipan.model.compiled.compiling import OPTIONS, Function, inlined

ROUND = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the low bits
ONE_BITS = 4607182418800017408  # bits of 1.0
FRACTION = 4503599627370495  # bits of the fraction of a float64
SHIFTED = 4841369599423283200  # bits of 2^52
TWO_52 = 4503599627370496.0
INVERSE_LN2 = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
LARGEST = element.LARGEST_EXPONENT
SMALLEST = element.SMALLEST


def _bits_of(context: Any, value: Any) -> Any:
    """The bits of a float64 as a whole number."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.int64))

    return types.int64(types.float64), generate


bits_of: Any = intrinsic(_bits_of)


def _float_of(context: Any, value: Any) -> Any:
    """The float64 that has these bits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(types.int64), generate


float_of: Any = intrinsic(_float_of)


def _fused(context: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


fused: Any = intrinsic(_fused)


def _bounded(context: Any, value: Any, low: Any, high: Any) -> Any:
    """A number held between two others, as two instructions: two comparisons in a row would become five."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = context.get_value_type(types.float64)
        two = FunctionType(kind, [kind, kind])
        for name, bound in (("llvm.maxnum", arguments[1]), ("llvm.minnum", arguments[2])):
            function = builder.module.declare_intrinsic(name, [kind], two)
            arguments = [builder.call(function, [arguments[0], bound], fastmath=("nnan",)), *arguments[1:]]
        return arguments[0]

    return types.float64(types.float64, types.float64, types.float64), generate


bounded: Any = intrinsic(_bounded)


@inlined
def exponential(values: float) -> Any:
    """`element.exp` of one number: the argument held in [-700, 700]."""
    x = bounded(values, -LARGEST, LARGEST)
    shifted = fused(x, INVERSE_LN2, ROUND)
    whole = shifted - ROUND
    r = fused(whole, -LN2_LOW, fused(whole, -LN2_HIGH, x))
    square = r * r
    fourth = square * square
    low = fused(fused(0.1666666666666668, r, 0.5000000000000019), square, 1.0 + r)
    middle = fused(0.00019841269890076403, r, 0.0013888888952352863)
    middle = fused(middle, square, fused(0.008333333333319589, r, 0.04166666666648795))
    high = fused(2.5110049204818658e-08, r, 2.763265472252779e-07)
    high = fused(high, square, fused(2.755724088722987e-06, r, 2.4801485441561313e-05))
    p = fused(fused(high, fourth, middle), fourth, low)
    return p * float_of((bits_of(shifted) << 52) + ONE_BITS)


@inlined
def logarithm(values: float) -> Any:
    """`element.log` of one number: a value below 1e-300 counts as 1e-300."""
    x = values if values > SMALLEST else SMALLEST
    bits = bits_of(x)
    exponent = float_of((bits >> 52) | SHIFTED) - TWO_52
    fraction = float_of((bits & FRACTION) | ONE_BITS)
    large = fraction > 1.4142135623730951
    f = (0.5 * fraction if large else fraction) - 1.0
    e = exponent - 1022.0 if large else exponent - 1023.0
    s = f / (2.0 + f)
    z = s * s
    square = z * z
    high = fused(1.479819860511658591e-01, square, fused(1.531383769920937332e-01, z, 1.818357216161805012e-01))
    high = fused(high, square, fused(2.222219843214978396e-01, z, 2.857142874366239149e-01))
    p = fused(high, square, fused(3.999999999940941908e-01, z, 6.666666666666735130e-01))
    half = 0.5 * f * f
    return e * LN2_HIGH - ((half - (s * (half + p * z) + e * LN2_LOW)) - f)


def primitive(function: Callable[..., Any]) -> Callable[[Function], Function]:
    """Register the compiled body of a primitive."""
    options: Any = OPTIONS
    registered: Callable[[Function], Function] = overload(function, strict=False, jit_options=options)
    return registered


@primitive(element.where)
def _where(condition: Any, yes: Any, no: Any) -> Any:
    return lambda condition, yes, no: yes if condition else no


@primitive(element.smaller)
def _smaller(a: Any, b: Any) -> Any:
    return lambda a, b: a if a < b else b


@primitive(element.larger)
def _larger(a: Any, b: Any) -> Any:
    return lambda a, b: a if a > b else b


@primitive(element.clip)
def _clip(values: Any, low: Any, high: Any) -> Any:
    return lambda values, low, high: bounded(values, low, high)


@primitive(element.exp)
def _exp(values: Any) -> Any:
    return lambda values: exponential(values)


@primitive(element.log)
def _log(values: Any) -> Any:
    return lambda values: logarithm(values)


@primitive(element.power)
def _power(base: Any, exponent: Any) -> Any:
    def body(base: float, exponent: float) -> Any:
        value = exponential(exponent * logarithm(base))
        return 0.0 if (base <= 0.0) & (exponent > 0.0) else value

    return body


@primitive(element.sqrt)
def _sqrt(values: Any) -> Any:
    return lambda values: (values if values > 0.0 else 0.0) ** 0.5


@primitive(element.logistic)
def _logistic(values: Any) -> Any:
    return lambda values: 1.0 / (1.0 + exponential(-values))


@primitive(element.floor)
def _floor(values: Any) -> Any:
    import numpy as np

    return lambda values: np.floor(values)


@primitive(element.absolute)
def _absolute(values: Any) -> Any:
    return lambda values: abs(values)
