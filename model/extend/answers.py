"""What a class of one's own may answer, checked where the answer enters: kind, shape, range.

A method that the model asks is declared with `@answers(check)` in its base class. Every class that overrides it is held
to the same check, the classes that come with the model too; a check is a pass or two over the arrays.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from qipan.model.axes import Array
from qipan.model.errors import Problem, UserError

LARGEST = float(np.finfo(np.float64).max)
MOST_SHOWN = 12
"""Values of an array that a message shows."""

Check = Callable[..., Any]
"""Takes who answers, the answer, the object asked and what it was asked with; gives what the model goes on with."""
Method = TypeVar("Method", bound=Callable[..., Any])


class AnswerError(UserError):
    """A class of one's own answered something that cannot be used.

    Args:
        who: Class and method.
        message: What was given.
        hint: What must hold.
        pair: Rows of the region and of the sector concerned, as far as they are known.
    """

    def __init__(self, who: str, message: str, hint: str, pair: Mapping[str, int] | None = None) -> None:
        self.who, self.message, self.hint, self.pair = who, message, hint, dict(pair or {})
        place = ", ".join(f"{axis} {row}" for axis, row in self.pair.items())
        super().__init__(Problem(who, place, message, hint))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.who, self.message, self.hint, self.pair), {"problems": self.problems}

    def placed(self, year: int, names: Mapping[str, Sequence[str]]) -> "AnswerError":
        """The same with the year, and with names of region and sector in the place of their rows."""
        placed = type(self)(self.who, self.message, self.hint, self.pair)
        known = [names[axis][row] for axis, row in self.pair.items() if row < len(names.get(axis, ()))]
        placed.problems = (Problem(self.who, ", ".join([*known, str(year)]), self.message, self.hint),)
        return placed


@contextmanager
def placing(year: int, names: Callable[[], Mapping[str, Sequence[str]]]) -> Iterator[None]:
    """Within, an unusable answer is told with its year and names, and without the way through the model."""
    try:
        yield
    except AnswerError as error:
        raise error.placed(year, names()) from None


class Asked:
    """Base of what the model asks: an overriding method is held to the check that its base declares."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        for name, method in list(vars(cls).items()):
            declared = next((vars(base)[name] for base in cls.__mro__[1:] if name in vars(base)), None)
            check = getattr(declared, "check", None)
            if check is not None and callable(method):
                setattr(cls, name, _checked(method, check, name))


def answers(check: Check) -> Callable[[Method], Method]:
    """Declare the check of what a method answers, in its class and in all that override it.

    Example:
        >>> class Guess(Asked):
        ...     @answers(lambda who, given, asked: one_number(who, "the guess", given, least=0.0))
        ...     def guess(self): ...
        >>> class Mine(Guess):
        ...     def guess(self): return -1
        >>> Mine().guess()
        Traceback (most recent call last):
        ...
        qipan.model.extend.answers.AnswerError: Mine.guess: the guess is -1; a number from 0 on
    """

    def declare(method: Method) -> Method:
        checked: Method = _checked(method, check, method.__name__)
        return checked

    return declare


def _checked(method: Any, check: Check, name: str) -> Any:
    @functools.wraps(method)
    def answer(self: Any, *asked: Any, **named: Any) -> Any:
        return check(f"{type(self).__name__}.{name}", method(self, *asked, **named), self, *asked, **named)

    answer.check = check  # type: ignore[attr-defined]
    return answer


def of_kind(who: str, name: str, given: Any, kind: Any, wanted: str) -> None:
    """Refuse an answer that is of no class given in `kind`.

    Raises:
        AnswerError: It is one.
    """
    if not isinstance(given, kind):
        raise AnswerError(who, f"{name} is {shown(given)}", wanted)


def one_number(who: str, name: str, given: Any, least: float = -LARGEST, most: float = LARGEST) -> float:
    """A finite number within bounds.

    Raises:
        AnswerError: It is something else.
    """
    if type(given) is float and least <= given <= most:  # the usual case
        return given
    value = given.item() if isinstance(given, np.ndarray) and given.ndim == 0 else given
    plain = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not (plain and least <= value <= most):
        raise AnswerError(who, f"{name} is {shown(given)}", f"a number{bounds(least, most)}")
    return float(value)


def numbers(
    who: str,
    name: str,
    given: Any,
    shape: tuple[int, ...],
    least: float = -LARGEST,
    most: float = LARGEST,
    axes: Sequence[str] = ("region", "sector"),
) -> Array:
    """An array of finite numbers within bounds.

    Args:
        who: Class and method.
        name: What the array is called.
        given: The answer.
        shape: Shape that it must have.
        least: Least of its values.
        most: Largest of them.
        axes: Names of its last axes, for the message.

    Raises:
        AnswerError: It is something else.
    """
    values = _as_array(who, name, given, shape)
    if values.shape != shape:
        raise AnswerError(who, f"{name} has the shape {values.shape}", f"{shape} is wanted")
    if values.size and not (values.min() >= least and values.max() <= most):
        bad = np.argwhere(~((values >= least) & (values <= most)))[0]
        raise AnswerError(
            who, f"{name} holds {values[tuple(bad)]:.6g}", f"numbers{bounds(least, most)}", pair_at(bad, axes)
        )
    return values


def flags(who: str, name: str, given: Any, shape: tuple[int, ...], axes: Sequence[str] = ("region", "sector")) -> Array:
    """An array of 0 and 1.

    Raises:
        AnswerError: It is something else.
    """
    values = numbers(who, name, given, shape, axes=axes)
    odd = (values != 0.0) & (values != 1.0)
    if odd.any():
        bad = np.argwhere(odd)[0]
        raise AnswerError(who, f"{name} holds {values[tuple(bad)]:.6g}", "0 or 1 is wanted", pair_at(bad, axes))
    return values


def pair_at(index: Any, axes: Sequence[str] = ("region", "sector")) -> dict[str, int]:
    """Names of the last axes with their rows."""
    rows = [int(row) for row in index][-len(axes) :] if axes else []
    return dict(zip(axes[len(axes) - len(rows) :], rows, strict=True))


def bounds(least: float, most: float) -> str:
    """Bounds in words, to follow "numbers"."""
    if least <= -LARGEST and most >= LARGEST:
        return ", finite"
    if most >= LARGEST:
        return f" from {least:g} on"
    return f" from {least:g} to {most:g}"


def shown(given: Any) -> str:
    """A given value as a message shows it."""
    if isinstance(given, np.ndarray) and given.size > MOST_SHOWN:
        return f"an array of the shape {given.shape} and the type {given.dtype}"
    text = " ".join(repr(given).split())
    return text if len(text) <= 100 else f"{text[:97]}..."


def _as_array(who: str, name: str, given: Any, shape: tuple[int, ...]) -> Array:
    if type(given) is np.ndarray and given.dtype == np.float64:
        return given
    try:
        values = np.asarray(given)
    except (TypeError, ValueError):
        values = np.array(None)
    if values.dtype.kind not in "biuf":
        raise AnswerError(who, f"{name} is {shown(given)}", f"an array of numbers of the shape {shape} is wanted")
    return values.astype(np.float64)


def made(kinds: Mapping[str, Any], name: str, base: type, *given: Any) -> Any:
    """An object of a registered class.

    Args:
        kinds: The registry.
        name: Name in it.
        base: Class that it must be derived from.
        given: What it is made of.

    Raises:
        AnswerError: It is no such class, or lacks a method.
    """
    kind = kinds[name]
    if not (isinstance(kind, type) and issubclass(kind, base)):
        raise AnswerError(name, f"{shown(kind)} is registered", f"a class derived from {base.__name__} is wanted")
    missing = ", ".join(sorted(getattr(kind, "__abstractmethods__", ())))
    if missing:
        raise AnswerError(kind.__name__, f"no {missing}", f"a class derived from {base.__name__} must have it")
    return kind(*given)
