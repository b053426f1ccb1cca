"""Warnings, and what scenarios and parameters state, in the reader's language. A result stores them in English; their
Chinese is in the phrase table.

Every phrase whose key begins with `warning_` or `stated_` is a pattern: what its blanks stand for is put into the
Chinese one, after parts of it that are phrases themselves. What no pattern knows (the message of an error, a file of
the user) stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from qipan.experiments.words.phrases import TEXT

PREFIXES = ("warning_", "stated_")
OWN = "warning_own_"
"""Of what is said of own data: each piece between semicolons is a phrase."""
PIECES = "; "
ANY, ONE = r"(?P<\1>.*?)", r"(?P<\1>[^;]*?)"
COUNT, NUMBER = r"\{count\}", r"(?P<count>[\d,]+)"
BLANK = re.compile(r"\\\{(\w+)\\\}")


def warned(sentence: str, language: str) -> str:
    """A warning, or a part of one, in a language.

    Example:
        >>> warned("The ranking of assumptions is unfinished; the same command goes on.", "zh")
        '假设排序尚未完成；执行相同命令可继续。'
    """
    if language != "zh":
        return sentence
    for pattern, chinese, own in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            parts = {name: warned(part, language) for name, part in found.groupdict().items()}
            return chinese.format(**{name: _with_regions(part) if own else part for name, part in parts.items()})
    if sentence in _measures():
        return _measures()[sentence]
    if PIECES in sentence:
        return "；".join(warned(part, language) for part in sentence.split(PIECES))
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    """Pattern and Chinese of each phrase of a warning, in the order of the table; whether it is of own data."""
    found = []
    for key, (english, chinese) in TEXT.items():
        if key.startswith(PREFIXES):
            text = re.escape(english).replace(COUNT, NUMBER)
            own = key.startswith(OWN)
            found.append((re.compile(BLANK.sub(ONE if own else ANY, text), re.DOTALL), chinese, own))
    return tuple(found)


@cache
def _measures() -> dict[str, str]:
    """Chinese labels of the measures by their English ones."""
    from qipan.model.measures import MEASURES

    return {each.label: each.label_zh for each in map(MEASURES.get, MEASURES) if each is not None and each.label_zh}


def _with_regions(text: str) -> str:
    """A part of what is said of own data with regions called by their Chinese names."""
    names = _regions()
    return re.sub(r"[A-Z][A-Za-z' ]*[a-z]", lambda found: names.get(found[0], found[0]), text)


@cache
def _regions() -> dict[str, str]:
    """Chinese names of the shipped regions by their English ones; a province before a city of its name."""
    from qipan.model.world.reading.own import Tables
    from qipan.model.world.reading.tables import Column

    found: dict[str, str] = {}
    for name in ("cities.csv", "regions.csv"):
        table = Tables().shipped(name, [Column("name"), Column("name_zh")])
        found |= dict(zip(map(str, table.columns["name"]), map(str, table.columns["name_zh"]), strict=True))
    return found
