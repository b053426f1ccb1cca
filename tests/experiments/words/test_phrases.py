"""The phrase table: both languages, blanks that agree, no key twice, none missing, none that nobody says."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from qipan.experiments.words.phrases import HERE, TEXT, TOPICS
from qipan.model.notices.notice import LANGUAGES, model_phrases, read_phrases

ROOT = Path(__file__).resolve().parents[3]
SAYING = {"say", "counted", "phrase", "words", "warning", "notice", "label"}
"""Functions whose first argument is a key."""
FREE = {"s", "gains", "loses"}
"""Blanks that only English needs: endings and verbs."""
OTHER = {"both", "sweep.volume_grid"}
"""Phrases whose blanks differ: a name in both languages, a number of points that Chinese has with its unit."""


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def sources() -> dict[Path, ast.Module]:
    """Every module of the product, and what writes the documents."""
    paths = [path for folder in ("model", "experiments", "pages") for path in (ROOT / folder).rglob("*.py")]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def topic_of(tree: ast.Module) -> str:
    """The topic that a module says its phrases from, with a dot; nothing where it has none."""
    found = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Topic" and isinstance(node.args[0], ast.Constant)
    ]
    return f"{found[0]}." if found else ""


def test_every_table_is_read_and_no_key_stands_twice() -> None:
    tables = {path.stem for path in HERE.glob("*.csv")}
    assert tables == {*TOPICS, "labels_columns", "labels_units", "help", "messages"}
    counts = Counter(key for topic in TOPICS for key in read_phrases(HERE / f"{topic}.csv")) + Counter(
        [*model_phrases()]
    )
    assert not [key for key, count in counts.items() if count > 1] and counts.keys() == TEXT.keys()


@pytest.mark.parametrize("place", range(len(LANGUAGES)))
def test_every_phrase_stands_in_both_languages(place: int) -> None:
    assert not [key for key, words in TEXT.items() if not words[place].strip()]


def test_blanks_of_both_languages_agree() -> None:
    """What English says is said in Chinese; a singular may spell out its number."""
    wrong = [
        key
        for key, (english, chinese) in TEXT.items()
        if blanks(chinese) - blanks(english) - FREE or blanks(english) - blanks(chinese) - FREE
    ]
    assert set(wrong) == OTHER


def test_no_phrase_is_missing() -> None:
    """Keys that are said as they stand, after the topic of their module."""
    missing = []
    for path, tree in sources().items():
        saying = SAYING if "experiments" in path.parts else {"notice"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in saying and node.args:
                first = node.args[0]
                key = first.value if isinstance(first, ast.Constant) else None
                if isinstance(key, str) and not {key, topic_of(tree) + key} & TEXT.keys() and f".{key}" not in ENDS:
                    missing.append(f"{path.relative_to(ROOT)}:{node.lineno}: {key}")
    assert not missing, missing


ENDS = {f".{key.partition('.')[2]}" for key in TEXT if "." in key}


def said() -> tuple[set[str], list[re.Pattern[str]]]:
    """Texts of code and templates, and patterns of those put together from a beginning of four letters or more."""
    texts, patterns = set[str](), list[re.Pattern[str]]()
    for path in (ROOT / "experiments").rglob("*.j2"):
        texts |= set(re.findall(r'(?:say|words)\("([a-z_]+)"', path.read_text(encoding="utf-8")))
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            begins, ends = "", list[str]()
            if isinstance(node, ast.JoinedStr):
                begins, *ends = (str(part.value) if isinstance(part, ast.Constant) else "" for part in node.values)
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant):
                begins = str(node.left.value)
            if re.match("[a-z]{4}", begins):
                patterns.append(re.compile(".*".join(map(re.escape, (begins, *ends))) + ".*"))
    return texts, patterns


def test_every_phrase_is_said_somewhere() -> None:
    """What a text is stated in, in another language, is no phrase of the code."""
    texts, patterns = said()
    unused = [
        key
        for key in TEXT
        if not key.startswith("stated_")
        and not {key, key.partition(".")[2]} & texts
        and not any(each.fullmatch(key) or each.fullmatch(key.partition(".")[2]) for each in patterns)
    ]
    assert not unused, unused
