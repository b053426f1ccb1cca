"""How large the type of a brief may be on one A4 sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qipan.experiments.brief.content import Brief

SHEET, ROW, HEADS, SMALL = 4500.0, 250.0, 500.0, 0.6
"""Letters that one A4 sheet holds at the usual size of type, those whose room a row of numbers and all heads take, and
the area of a letter of the glossary; measured on pages of one to seven policies in both languages."""
LATIN = 0x2E80
"""First character that is as wide as two letters."""
MANY = 4
"""Policies from which each verdict is one paragraph."""


def fit(brief: Brief) -> float:
    """Return the size of type, 1 for the usual one, at which the page fills about one sheet: by how much it says."""
    said = sum(map(_width, [*brief.texts, brief.question, *brief.changed, *brief.warnings]))
    terms = sum(_width(term.name + term.meaning) for term in brief.terms)
    return min(1.1, max(0.6, (SHEET / (said + ROW * len(brief.rows) + SMALL * terms + HEADS)) ** 0.5))


def _width(text: str) -> int:
    """Letters of a text; a Chinese character is as wide as two."""
    return sum(2 if ord(letter) > LATIN else 1 for letter in text)
