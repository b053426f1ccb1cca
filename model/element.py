"""Primitives that element rules are written in: plain functions of numbers or arrays, element by element.

A rule written with these and `+ - * /`, comparisons and `& | ~` is one text for two executors: NumPy arrays here, and
single numbers inside a compiled loop. None of them overflows, divides by zero or takes the log of a negative number:
the argument is guarded, not the result. Each body is NumPy; a compiled overload may be registered beside it. Results
are annotated as arrays; of numbers they are numbers.
"""

import numpy as np

from qipan.model.axes import Array, Element

LARGEST_EXPONENT = 700.0
"""exp(700) is about 1e304, the last power of e with room below the largest float64."""

SMALLEST = 1e-300
"""Stands for zero where a logarithm or a power needs a positive number."""

PIECE = 8192
"""Quantiles worked on at once, so that the work stays in the processor's cache. It changes the speed, never a value."""


def where(condition: Element, yes: Element, no: Element) -> Array:
    """`yes` where the condition holds, else `no`.

    >>> where(np.array([1.0, -1.0]) > 0.0, 5.0, 7.0).tolist()
    [5.0, 7.0]
    """
    return np.asarray(np.where(condition, yes, no), dtype=np.float64)


def smaller(a: Element, b: Element) -> Array:
    """The smaller of two values.

    >>> float(smaller(2.0, 3.0))
    2.0
    """
    result: Array = np.minimum(a, b)
    return result


def larger(a: Element, b: Element) -> Array:
    """The larger of two values.

    >>> float(larger(2.0, 3.0))
    3.0
    """
    result: Array = np.maximum(a, b)
    return result


def clip(values: Element, low: Element, high: Element) -> Array:
    """Values moved into [low, high]; where low exceeds high, high.

    >>> clip(np.array([-1.0, 0.5, 9.0]), 0.0, 1.0).tolist()
    [0.0, 0.5, 1.0]
    """
    result: Array = np.minimum(np.maximum(values, low), high)
    return result


def exp(values: Element) -> Array:
    """e to the power; the exponent is held in [-700, 700], so it neither overflows nor becomes zero.

    >>> float(exp(0.0))
    1.0
    """
    result: Array = np.exp(np.minimum(np.maximum(values, -LARGEST_EXPONENT), LARGEST_EXPONENT))
    return result


def log(values: Element) -> Array:
    """Natural logarithm; a value below 1e-300, zero and negative included, counts as 1e-300 (log -690.8).

    >>> float(log(1.0))
    0.0
    """
    result: Array = np.log(np.maximum(values, SMALLEST))
    return result


def power(base: Element, exponent: Element) -> Array:
    """base ** exponent for a base that is not negative, as exp(exponent log base); 0 ** 0 = 1, 0 ** positive = 0.

    The log of the result is held in [-700, 700]. A negative base counts as zero.

    >>> float(power(0.0, 2.0)), float(power(5.0, 0.0))
    (0.0, 1.0)
    """
    value = np.exp(np.minimum(np.maximum(exponent * log(base), -LARGEST_EXPONENT), LARGEST_EXPONENT))
    result: Array = np.where((np.less_equal(base, 0.0)) & (np.greater(exponent, 0.0)), 0.0, value)
    return result


def sqrt(values: Element) -> Array:
    """Square root; a negative value counts as zero.

    >>> float(sqrt(9.0))
    3.0
    """
    result: Array = np.sqrt(np.maximum(values, 0.0))
    return result


def logistic(values: Element) -> Array:
    """1 / (1 + exp(-x)), in (0, 1).

    >>> float(logistic(0.0))
    0.5
    """
    result: Array = 1.0 / (1.0 + exp(-np.asarray(values)))
    return result


def floor(values: Element) -> Array:
    """The largest whole number that is not above the value.

    >>> float(floor(-1.5))
    -2.0
    """
    result: Array = np.floor(values)
    return result


def absolute(values: Element) -> Array:
    """The distance from zero.

    >>> float(absolute(-2.0))
    2.0
    """
    result: Array = np.abs(values)
    return result


def normal_quantile(probability: Array) -> Array:
    """Standard normal quantile of probabilities in (0, 1), to a relative error below 1e-14.

    Wichura (1988), algorithm AS 241, procedure PPND16: one rational function for |p - 1/2| <= 0.425, two for the tails.
    Probabilities are held in [1e-300, 1 - 1e-16], so the result is finite.

    >>> [round(float(normal_quantile(p)), 6) for p in (0.025, 0.5, 0.975)]
    [-1.959964, 0.0, 1.959964]
    """
    given = np.asarray(probability, dtype=np.float64)
    p = np.minimum(np.maximum(given.reshape(-1), SMALLEST), 1.0 - 1e-16)
    result = np.empty(p.shape)
    for start in range(0, p.size, PIECE):
        result[start : start + PIECE] = _quantile(p[start : start + PIECE])
    return result.reshape(given.shape)


def _quantile(p: Array) -> Array:
    centred = p - 0.5
    result = _central(np.minimum(np.maximum(centred, -0.425), 0.425))
    tails = np.flatnonzero(np.abs(centred) > 0.425)
    result[tails] = _tail(p[tails])
    return result


def _central(q: Array) -> Array:
    r = 0.180625 - q * q
    return _ratio(r, q, CENTRE_TOP, CENTRE_BOTTOM)


def _tail(p: Array) -> Array:
    """Both tails: the quantile of the smaller side, with its sign."""
    low = p < 0.5
    r = np.sqrt(-np.log(np.where(low, p, 1.0 - p)))
    near = _ratio(np.minimum(r, 5.0) - 1.6, 1.0, NEAR_TOP, NEAR_BOTTOM)
    far = r > 5.0
    if far.any():
        near[far] = _ratio(r[far] - 5.0, 1.0, FAR_TOP, FAR_BOTTOM)
    return np.where(low, -near, near)


def _ratio(r: Array, factor: Element, top: tuple[float, ...], bottom: tuple[float, ...]) -> Array:
    """factor * polynomial(top) / polynomial(bottom), coefficients from the highest power down."""
    above, below = r * top[0], r * bottom[0]
    for a, b in zip(top[1:-1], bottom[1:-1], strict=True):
        above = np.multiply(np.add(above, a, out=above), r, out=above)
        below = np.multiply(np.add(below, b, out=below), r, out=below)
    above, below = np.add(above, top[-1], out=above), np.add(below, bottom[-1], out=below)
    return np.divide(np.multiply(above, factor, out=above), below, out=above)


CENTRE_TOP = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080,
)
CENTRE_BOTTOM = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
NEAR_TOP = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258,
    3.64784832476320460504,
    5.76949722146069140550,
    4.63033784615654529590,
    1.42343711074968357734,
)
NEAR_BOTTOM = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940,
    2.05319162663775882187,
    1.0,
)
FAR_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580,
    5.46378491116411436990,
    6.65790464350110377720,
)
FAR_BOTTOM = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)
