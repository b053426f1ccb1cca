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
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            return chinese.format(**{name: warned(part, language) for name, part in found.groupdict().items()})
    if PIECES in sentence:
        return "；".join(warned(part, language) for part in sentence.split(PIECES))
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pattern and Chinese of each phrase of a warning, in the order of the table."""
    found = []
    for key, (english, chinese) in TEXT.items():
        if key.startswith(PREFIXES):
            text = re.escape(english).replace(COUNT, NUMBER)
            found.append((re.compile(BLANK.sub(ONE if key.startswith(OWN) else ANY, text), re.DOTALL), chinese))
    return tuple(found)
