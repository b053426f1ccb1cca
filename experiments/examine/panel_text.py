"""What the cells and titles of a province panel say: a number, its unit, a year, which indicator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from qipan.model.errors import DataError, Problem
from qipan.model.world.names import plain_name
from qipan.model.world.provinces import AKA
from qipan.model.world.reading.cells import Cells

YEAR = re.compile(r"(?<![0-9])(19[5-9][0-9]|20[0-9]{2})(?![0-9])")


NOTHING = {"", "-", "--", "—", "——", "–", "…", "……", "...", "..", "#", "na", "n/a", "n.a.", "无", "缺", "空"}
"""Cells that say that there is no number."""


DERIVED = re.compile("人均|指数|增长|增速|同比|比重|占比|构成|per capita|index|growth", re.IGNORECASE)
"""Words of an indicator that is not the amount itself."""


UNITS: dict[str, dict[str, str]] = {
    "bn yuan": {
        "万亿元": "1000",
        "十亿元": "1",
        "10亿元": "1",
        "亿元": "0.1",
        "千万元": "0.01",
        "百万元": "0.001",
        "万元": "0.00001",
        "千元": "0.000001",
        "元": "0.000000001",
        "bn yuan": "1",
        "billion yuan": "1",
        "100 million yuan": "0.1",
        "million yuan": "0.001",
        "10 000 yuan": "0.00001",
        "10,000 yuan": "0.00001",
        "yuan": "0.000000001",
    },
    "million persons": {
        "亿人": "100",
        "百万人": "1",
        "万人": "0.01",
        "千人": "0.001",
        "人": "0.000001",
        "million persons": "1",
        "10 000 persons": "0.01",
        "10,000 persons": "0.01",
        "persons": "0.000001",
    },
    "patents": {"万件": "10000", "万项": "10000", "件": "1", "项": "1", "个": "1", "patents": "1", "pieces": "1"},
}
"""How much of a column's unit one of a unit of files is."""


KINDS = {
    name: "million persons" if name == "population" else "patents" if name == "patents_in_force" else "bn yuan"
    for name in AKA
}
"""Unit of each column of regions.csv that can be brought in."""


def half_width(text: str) -> str:
    """A text with half-width letters, digits and signs."""
    return unicodedata.normalize("NFKC", text)


def years_in(text: str) -> list[int]:
    """Years that a text names, each once."""
    return [int(year) for year in dict.fromkeys(YEAR.findall(half_width(text)))]


def unit_of(cells: Cells, titles: Sequence[str], head: str, column: str, given: str | None) -> tuple[str, Decimal]:
    """Unit of the file and how much of ours one of it is; the indicator named in head or titles is checked too."""
    where, known = f"{cells.path}:{cells.rows[0][0]}", UNITS[KINDS[column]]
    allowed = f"units: {', '.join(known)}"
    same_indicator(where, [head, *titles], column)
    told = next((units for text in (head, "\n".join(titles)) if (units := units_in(text))), [])
    fitting = [unit for unit in told if unit in known]
    if given is not None:
        unit = " ".join(half_width(given).split())
        if unit not in known:
            raise DataError(Problem("command line", "--unit", f"{given!r} is no unit of {KINDS[column]}", allowed))
        if told and unit not in fitting:
            message = f"the file says {', '.join(told)}, the command {unit}"
            raise DataError(Problem(where, "--unit", message, "leave --unit out, or mend the file"))
        return unit, Decimal(known[unit])
    if len(fitting) == 1:
        return fitting[0], Decimal(known[fitting[0]])
    if told and not fitting:
        message = f"the file is in {', '.join(told)}, {column} is counted in {KINDS[column]}"
        raise DataError(Problem(where, column, message, allowed))
    message = f"several units are named: {', '.join(fitting)}" if fitting else "no unit is named in head or title"
    raise DataError(Problem(where, "--unit", message, f"say it: --unit 亿元; {allowed}"))


def units_in(text: str) -> list[str]:
    """Units that stand in brackets or after 单位."""
    plain = half_width(text)
    parts = re.findall(r"\(([^()]*)\)", plain) + re.findall(
        r"(?:单位|unit)\s*[::]\s*([^\s();;。]+(?: [^\s();]+)*)", plain, re.I
    )
    every = {unit for units in UNITS.values() for unit in units} | {"%", "元/人", "元/平方米"}
    found = [
        " ".join(piece.split())
        for part in parts
        for piece in re.split("[、,/和]" if "/" not in part else "[、,]", part)
    ]
    return list(dict.fromkeys(unit for unit in found if unit in every or re.search("元|人|件|项|%|yuan|persons", unit)))


def same_indicator(where: str, texts: Sequence[str], column: str) -> None:
    """Refuse a file whose title names another indicator, or a rate or index of this one."""
    for text in texts:
        plain = plain_name(re.sub(r"\([^()]*\)", "", half_width(text)))
        found = {
            name: max((len(word) for word in map(plain_name, words) if word in plain), default=0)
            for name, words in AKA.items()
        }
        best = max(found, key=lambda name: found[name])
        if found[best] and found[column] < found[best]:
            message, hint = f"the file says {text[:60]!r}, which is {best}", f"give --indicator {best}"
            raise DataError(Problem(where, "--indicator", message, hint))
        if found[best] and DERIVED.search(half_width(text)):
            raise DataError(Problem(where, column, f"the file says {text[:60]!r}", "bring in the amount itself"))


def number_in(text: str) -> Decimal | None:
    """The number of a cell, None where it says that there is none; separators of thousands and marks are dropped.

    Raises:
        ValueError: it is no number, or below zero: message and hint.
    """
    plain = re.sub(r"(?<=[0-9])\s*[*†‡#①-⑳]+$", "", text.strip())
    plain = half_width(plain).replace("−", "-").strip()
    if plain.casefold() in NOTHING:
        return None
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?", plain):
        raise ValueError(
            f"{text[:30]!r} is not a number", "the number alone, such as 61345.05; blank where there is none"
        )
    if plain.startswith("-"):
        raise ValueError(f"{text} is below zero", "an amount of at least 0")
    return Decimal(plain)
