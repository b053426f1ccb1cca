"""How numbers are written in titles, tables and sentences, in one place so that they agree everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qipan.experiments.words.labels import shown_unit

MINUS = "\N{MINUS SIGN}"
MISSING = "–"


def number(value: float, digits: int = 3, signed: bool = False) -> str:
    """Write a number with about this many significant digits and thousands separated; NaN is a dash.

    Example:
        >>> number(1234.56), number(0.012345), number(-3.2, signed=True)
        ('1,235', '0.0123', '\u22123.20')
    """
    if not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{decimals(value, digits)}f}"
    nothing = not any(character in "123456789" for character in text)
    sign = "" if nothing else MINUS if value < 0 else "+" if signed else ""
    return sign + text


def decimals(value: float, digits: int = 3) -> int:
    """Return how many decimal places show this many significant digits (at most six)."""
    if value == 0 or not math.isfinite(value):
        return 0
    return min(6, max(0, digits - 1 - math.floor(math.log10(abs(value)) + 1e-12)))


def places_for(half_width: float) -> int:
    """Return the decimal places that show one digit of an interval's half-width (at most six); three when it is zero.

    Example:
        >>> places_for(12.0), places_for(0.3), places_for(0.0006)
        (0, 1, 4)
    """
    if not math.isfinite(half_width) or half_width <= 0:
        return 3
    return min(6, max(0, -math.floor(math.log10(half_width))))


def places_apart(low: float, high: float, places: int) -> int:
    """Return so many decimal places (at most six) that an interval without zero does not seem to reach it.

    Example:
        >>> places_apart(-0.53, -0.04, 1), places_apart(-0.53, 0.04, 1)
        (2, 1)
    """
    while places < 6 and low * high > 0 and not round(min(abs(low), abs(high)), places):
        places += 1
    return places


def percent(share: float, signed: bool = False, places: int | None = None) -> str:
    """Write a share as a percentage: one decimal place under ten per cent, none above.

    Example:
        >>> percent(0.1234), percent(-0.0123, signed=True)
        ('12%', '\u22121.2%')
    """
    if not math.isfinite(share):
        return MISSING
    wanted = places if places is not None else (1 if abs(share) < 0.0995 else 0)
    text = f"{abs(share) * 100:,.{wanted}f}"
    nothing = not any(character in "123456789" for character in text)
    sign = "" if nothing else MINUS if share < 0 else "+" if signed else ""
    return f"{sign}{text}%"


def span(
    low: float, high: float, language: str, signed: bool = False, digits: int = 3, places: int | None = None
) -> str:
    """Write an interval "low to high" with so many decimal places, or those of its wider end.

    Example:
        >>> span(-1.234, 20.5, "en")
        '\u22121.2 to 20.5'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    places = decimals(max(abs(low), abs(high)), digits) if places is None else places
    ends = [fixed(value, places, signed) for value in (low, high)]
    return between(ends[0], ends[1], language)


def fixed(value: float, places: int, signed: bool = False) -> str:
    """Write a number with this many decimal places, thousands separated, a true minus sign, and no sign on zero."""
    if not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{places}f}"
    nothing = not any(character in "123456789" for character in text)
    return ("" if nothing else MINUS if value < 0 else "+" if signed else "") + text


def percent_span(low: float, high: float, language: str, signed: bool = False) -> str:
    """Write an interval of shares as percentages."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    places = 1 if max(abs(low), abs(high)) < 0.0995 else 0
    ends = [percent(value, signed, places) for value in (low, high)]
    return between(ends[0], ends[1], language)


def amount(value: float, unit: str, language: str, signed: bool = False) -> str:
    """Write a number with its unit."""
    factor, printed = told_unit([value], unit, language)
    gap = "" if language == "zh" or not printed else " "
    return number(value * factor, signed=signed) + gap + printed


def told_unit(amounts: Sequence[float], unit: str, language: str) -> tuple[float, str]:
    """Return what amounts kept in a unit are multiplied by in a sentence, and the unit they then have; tables and
    figures, where a unit holds for a whole column or axis, take `shown_unit`.

    Example:
        >>> told_unit([42.5], "bn yuan", "zh"), told_unit([-1500.0], "bn yuan/year", "zh"), told_unit([0.4], "1", "zh")
        ((10.0, '亿元'), (0.001, '万亿元/年'), (1.0, ''))
    """
    if language == "zh" and unit in ("bn yuan", "bn yuan/year"):
        factor, printed = yuan(amounts, language)
        return factor, printed + ("/年" if unit.endswith("year") else "")
    return shown_unit(unit, language)


def yuan(amounts: Sequence[float], language: str) -> tuple[float, str]:
    """Return what amounts in bn yuan are multiplied by, and the unit they then have: bn yuan; 亿元, or 万亿元 where the
    largest is 10,000 亿元 or more. Amounts that stand together are given together, so that they share their unit.

    Example:
        >>> yuan([42.5, -51.0], "zh"), yuan([8004.0], "zh"), yuan([8004.0], "en")
        ((10.0, '亿元'), (0.001, '万亿元'), (1.0, 'bn yuan'))
    """
    if language != "zh":
        return 1.0, "bn yuan"
    largest = max((abs(value) for value in amounts if math.isfinite(value)), default=0.0)
    return (0.001, "万亿元") if largest >= 1000.0 else (10.0, "亿元")


def money(value: float, language: str, signed: bool = False) -> str:
    """Write an amount given in bn yuan with the unit of `yuan`.

    Example:
        >>> money(42.54, "en"), money(42.54, "zh"), money(-8004.0, "zh")
        ('42.5 bn yuan', '425亿元', '\u22128.00万亿元')
    """
    factor, unit = yuan([value], language)
    return number(value * factor, signed=signed) + ("" if language == "zh" else " ") + unit


def money_between(mean: float, low: float, high: float, language: str) -> tuple[str, str]:
    """Write an amount given in bn yuan with its unit, and its interval in the same unit, both with signs and with the
    decimal places that the half-width calls for, but no more than three digits of the amount.

    Example:
        >>> money_between(42.5, -51.2, 136.0, "zh")
        ('+425亿元', '\u2212512至+1,360')
    """
    factor, unit = yuan([mean], language)
    values = [value * factor for value in (mean, low, high)]
    places = min(places_for((values[2] - values[1]) / 2), decimals(values[0])) if any(values) else 0
    places = places_apart(values[1], values[2], places)
    text, *ends = [fixed(value, places, True) for value in values]
    return text + ("" if language == "zh" else " ") + unit, between(ends[0], ends[1], language)


def between(low: str, high: str, language: str) -> str:
    """Join two written numbers into an interval.

    Example:
        >>> between("1", "2", "en"), between("1", "2", "zh")
        ('1 to 2', '1至2')
    """
    return f"{low}至{high}" if language == "zh" else f"{low} to {high}"


def in_ten(probability: float, language: str) -> str:
    """Write a probability as so many of ten futures; the ends are "fewer than 1" and "more than 9" in ten.

    Example:
        >>> in_ten(0.68, "en"), in_ten(0.999, "en"), in_ten(1.0, "en")
        ('7 of 10', 'more than 9 of 10', 'all')
    """
    if probability in (0.0, 1.0):
        ends = ("无一", "全部") if language == "zh" else ("no", "all")
        return ends[int(probability)]
    tenths = round(probability * 10)
    if language == "zh":
        return "10次中不足1次" if tenths == 0 else "10次中超过9次" if tenths == 10 else f"10次中约{tenths}次"
    return "fewer than 1 of 10" if tenths == 0 else "more than 9 of 10" if tenths == 10 else f"{tenths} of 10"
