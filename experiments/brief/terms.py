"""The words of a page that have a meaning of their own: which stand in it, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from qipan.experiments.brief.content import Term
from qipan.experiments.words.labels import Topic
from qipan.experiments.words.phrases import TEXT

TERM = "brief.term_"
words = Topic("brief")


@cache
def every_term(language: str) -> tuple[Term, ...]:
    """Return every term there is, in the order of the phrase table."""
    names = [key.removeprefix(TERM) for key in TEXT if key.startswith(TERM)]
    return tuple(Term(name, words(f"term_{name}", language), words(f"means_{name}", language)) for name in names)


def terms_of(texts: Iterable[str], language: str) -> tuple[Term, ...]:
    """Return the terms that stand in some texts, and those that their meanings use, in the order of the table."""
    found: dict[str, Term] = {}
    waiting = list(texts)
    while waiting:
        text = waiting.pop()
        for term in _in(text, language):
            if term.key not in found:
                found[term.key] = term
                waiting.append(term.meaning)
    return tuple(term for term in every_term(language) if term.key in found)


def _in(text: str, language: str) -> list[Term]:
    return [term for _, term in marked(text, language) if term is not None]


def marked(text: str, language: str) -> list[tuple[str, Term | None]]:
    """Return a text in pieces, each with the term that it is, the first time that one stands in the text.

    Example:
        >>> [(piece, term and term.key) for piece, term in marked("more welfare, less welfare", "en")]
        [('more ', None), ('welfare', 'welfare'), (', less welfare', None)]
    """
    pieces, told, end = list[tuple[str, Term | None]](), set[str](), 0
    names = {term.name.lower(): term for term in every_term(language)}
    for match in _pattern(language).finditer(text):
        term = names[match[0].lower()]
        if term.key in told:
            continue
        told.add(term.key)
        pieces += [(text[end : match.start()], None), (match[0], term)]
        end = match.end()
    return [piece for piece in (*pieces, (text[end:], None)) if piece[0]]


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """Whole words in English; the longest term first, so that one inside another is not taken for it."""
    names = "|".join(re.escape(term.name) for term in sorted(every_term(language), key=lambda term: -len(term.name)))
    return re.compile(names if language == "zh" else rf"\b(?:{names})\b", re.IGNORECASE)
