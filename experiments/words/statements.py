"""What scenarios and parameters state, in the reader's language: they hold English, statements.csv the Chinese."""

from __future__ import annotations

from functools import cache

from qipan.experiments.words.labels import say
from qipan.experiments.words.phrases import TEXT

PREFIX = "stated_"
PIECES = "; "
SECTION = say("stated_source_section", "en", number="")


def stated(text: str, language: str) -> str:
    """A statement, or one piece after another, in a language; what no phrase knows (a user's own) stays as it is.

    Example:
        >>> stated("theory scenarios; model section 4", "zh"), stated("own words", "zh")
        ('理论情景；模型说明第4节', 'own words')
    """
    if language != "zh":
        return text
    if text in _chinese():
        return _chinese()[text]
    if PIECES in text:
        return "；".join(stated(part, language) for part in text.split(PIECES))
    if text.startswith(SECTION):
        return say("stated_source_section", language, number=text.removeprefix(SECTION))
    return text


@cache
def _chinese() -> dict[str, str]:
    return {english: chinese for key, (english, chinese) in TEXT.items() if key.startswith(PREFIX)}
