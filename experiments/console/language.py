"""The language of the terminal: help, messages, warnings, errors. Files follow --lang alone.

It is that of --lang, else of QIPAN_LANG, else of the system (LC_ALL, LC_MESSAGES, LANG), English where that is not
Chinese. Texts stand in English where they are made; `words/help.csv` and `words/messages.csv` have their Chinese.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qipan.model.errors import Problem

LANGUAGES = ("en", "zh")
VARIABLE = "QIPAN_LANG"
SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the system, the strongest first."""
TABLES = tuple(Path(__file__).resolve().parent.parent / "words" / f"{name}.csv" for name in ("help", "messages"))
PLACES = {"command line": "命令行", "environment": "环境变量"}
"""Where a problem may be, beside files."""
INNER = "what"
"""A blank whose name begins so holds another sentence, or several after commas."""
NUMBERED = re.compile(r"n\d?|low|high")
"""Names of blanks that hold a number."""
TEXT = "(?:(?!; ).)+?"
NUMBER = r"[-+\d.,]+(?:e[-+]?\d+)?"


class _Terminal:
    language = "en"


def spoken() -> str:
    """The language of the terminal, "en" or "zh"."""
    return _Terminal.language


def speak(given: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Choose the language of the terminal.

    Args:
        given: The command line.
        environment: Variables; None takes those of the process.

    Raises:
        UserError: QIPAN_LANG names another language.
    """
    environment = os.environ if environment is None else environment
    own = environment.get(VARIABLE, "").strip()
    usual = next(filter(None, (environment.get(name) for name in SYSTEM)), "")
    _Terminal.language = "zh" if (own or usual).lower().startswith("zh") else "en"
    if (asked := _asked(given)) is not None:
        _Terminal.language = asked
    elif own and own not in LANGUAGES:
        from qipan.model.errors import Problem, UserError

        raise UserError(
            Problem("environment", VARIABLE, f"{own!r} is not a language of qipan", f"allowed: {', '.join(LANGUAGES)}")
        )


def forget() -> None:
    """Speak English again: a command that was run inside another process has ended."""
    _Terminal.language = "en"


def _asked(given: Sequence[str]) -> str | None:
    """What --lang names on a command line; None where it names no language."""
    found = None
    for word, after in zip(given, [*given[1:], ""], strict=False):
        if word == "--":
            break
        option, _, value = word.partition("=")
        value = value or after
        if option == "--lang" and value in LANGUAGES:
            found = value
    return found


def said(text: str) -> str:
    """A text made in English, in the language of the terminal; as it stands where its Chinese is not known."""
    if spoken() == "en":
        return text
    flat = " ".join(text.split())
    return _exact().get(flat) or _filled(flat) or _in_parts(text)


def told(problem: Problem) -> str:
    """A problem as one line, in the language of the terminal."""
    if spoken() == "en":
        return str(problem)
    from qipan.model.notices.notice import Notice, filled, model_phrases

    def part(text: str | Notice) -> str:
        return filled(model_phrases(), text.key, dict(text.values), "zh") if isinstance(text, Notice) else said(text)

    head = "：".join(
        each for each in (PLACES.get(problem.line, problem.line), problem.key, part(problem.message)) if each
    )
    return f"{head}；{part(problem.hint)}" if problem.hint else head


@cache
def _texts() -> dict[str, str]:
    """Chinese by English."""
    from qipan.model.notices.notice import read_phrases

    return {" ".join(en.split()): zh for table in TABLES for en, zh in read_phrases(table).values()}


@cache
def _exact() -> dict[str, str]:
    return {en: zh for en, zh in _texts().items() if "{" not in en}


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with blanks: those that begin with fixed text first, then those with most of it."""
    found = [(en, zh) for en, zh in _texts().items() if "{" in en]
    found.sort(key=lambda pair: (pair[0].startswith("{"), -len(re.sub(r"\{\w+\}", "", pair[0]))))
    return tuple((re.compile(re.sub(r"\\\{(\w+)\\\}", _blank, re.escape(en))), zh) for en, zh in found)


def _blank(found: re.Match[str]) -> str:
    """What a blank may hold: a number, or any text that is one part of a sentence."""
    return f"(?P<{found[1]}>{NUMBER if NUMBERED.fullmatch(found[1]) else TEXT})"


def _filled(sentence: str) -> str:
    """The Chinese of a sentence that a template fits, "" where none does."""
    for pattern, zh in _templates():
        if match := pattern.fullmatch(sentence):
            held = match.groupdict().items()
            return zh.format(**{name: _inner(text) if name.startswith(INNER) else text for name, text in held})
    return ""


def _inner(text: str) -> str:
    """The Chinese of a sentence inside another, or of each part of a list."""
    whole, parts = said(text), text.split(", ")
    return whole if whole != text or len(parts) < 2 else "、".join(map(said, parts))


def _in_parts(text: str) -> str:
    """Each part of a sentence by itself, where one of them is known; the text as it stands where none is."""
    parts = text.split("; ")
    chinese = [said(part) for part in parts] if len(parts) > 1 else parts
    return text if chinese == parts else "；".join(chinese)


WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’]")
PIECE = re.compile(r"[（“《]*(?:[!-~]+|\S)[，。；：、？！）”》]*|\s+")
"""What is not parted at the end of a line: a word or a Chinese character with the marks that belong to it."""


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return len(text) + len(WIDE.findall(text))


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The lines of a paragraph of Chinese and English."""
    line = ""
    for piece in PIECE.findall(" ".join(text.split())):
        if line and width(line + piece.rstrip()) > columns:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line:
        yield line.rstrip()
