"""The language of the terminal: what chooses it, and that help has it whole."""

import inspect
import re
from collections.abc import Iterator

import click
import pytest

from qipan.experiments.command_line import COMMANDS, SECTIONS, main, qipan
from qipan.experiments.console.language import TABLES, forget, speak, spoken, width, wrapped
from qipan.model.errors import UserError
from qipan.model.notices.notice import read_phrases

HELP, MESSAGES = (read_phrases(table) for table in TABLES)
HAN = re.compile("[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
"""Three English words after each other."""
COMMAND = re.compile("`[^`]*`")
"""A command inside a sentence."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by the words that call it."""
    yield "", qipan
    for name in COMMANDS:
        command = qipan.get_command(click.Context(qipan), name)
        yield name, command
        yield from ((f"{name} {inner}", each) for inner, each in getattr(command, "commands", {}).items())


def texts(command: click.Command) -> Iterator[str]:
    """What the help of a command says: paragraphs, those that keep their lines line by line, options."""
    for paragraph in inspect.cleandoc(command.help).split("\n\n"):
        lines = paragraph.split("\n") if "\b" in paragraph else [paragraph]
        yield from (" ".join(line.replace("\b", "").split()) for line in lines)
    yield from (option.help for option in command.params if isinstance(option, click.Option))
    yield command.short_help or ""


@pytest.mark.parametrize(
    ("given", "environment", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "en"),
        ((), {"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW", "LC_ALL": ""}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ((), {"LANG": "zh_CN.UTF-8", "QIPAN_LANG": "en"}, "en"),
        ((), {"LANG": "C", "QIPAN_LANG": "zh"}, "zh"),
        (("compare", "--lang", "en"), {"QIPAN_LANG": "zh"}, "en"),
        (("compare", "--lang=zh"), {"QIPAN_LANG": "en"}, "zh"),
        (("compare", "--lang", "zh"), {"QIPAN_LANG": "fr"}, "zh"),
        (("compare", "--", "--lang", "zh"), {}, "en"),
    ],
)
def test_what_chooses_the_language(given, environment, language):
    speak(given, environment)
    assert spoken() == language
    forget()


def test_an_unknown_language_is_one_sentence(monkeypatch, capsys):
    with pytest.raises(UserError, match="QIPAN_LANG: 'fr' is not a language of qipan; allowed: en, zh"):
        speak((), {"QIPAN_LANG": "fr"})
    monkeypatch.setenv("QIPAN_LANG", "zh-HK")
    assert main(["list"]) == 2
    assert capsys.readouterr() == ("", "环境变量：QIPAN_LANG：'zh-HK'不是qipan的语言；允许：en、zh\n")


def test_every_command_and_option_has_chinese_help_and_no_other():
    made = {text for _, command in commands() for text in texts(command) if text}
    assert made == {en for en, _ in HELP.values()}
    chinese = [zh for table in (HELP, MESSAGES) for _, zh in table.values()]
    assert not [zh for zh in chinese if not HAN.search(zh) or SENTENCE.search(COMMAND.sub("", zh))]
    headings = {en for en, _ in MESSAGES.values()}
    assert {f"{heading}:" for heading, _ in SECTIONS.values()} <= headings


def test_blanks_of_both_languages_agree():
    blanks = re.compile(r"\{\w+\}")
    assert not [en for en, zh in MESSAGES.values() if set(blanks.findall(en)) != set(blanks.findall(zh))]


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_chinese_help_has_no_english_sentence_and_stays_within_the_screen(monkeypatch, capsys, name):
    monkeypatch.setenv("QIPAN_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    said = [line for line in shown.splitlines() if not line.lstrip().startswith(("qipan ", "# ", "用法"))]
    assert shown.startswith("用法：") and "显示本说明后退出。" in shown
    assert not [line for line in said if SENTENCE.search(COMMAND.sub("", line))]
    assert max(map(width, said)) <= 80
    assert qipan.get_help(click.Context(qipan)).startswith("Usage:")  # English again, in this process


def test_names_and_marks_stay_with_their_neighbours():
    lines = list(wrapped("取值（例如policy.coordination.levy=0.1）。可多次给出，亦可不给。", 24))
    assert lines == ["取值（例如", "policy.coordination.levy=0.1）。", "可多次给出，亦可不给。"]
