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
from tests.blank import blank_figures
from tests.end_to_end.processes import content

HELP, MESSAGES = (read_phrases(table) for table in TABLES)
HAN = re.compile("[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
"""Three English words after each other."""
COMMAND = re.compile("`[^`]*`")
"""A command inside a sentence."""
TYPED = re.compile("qipan [a-z]+ baseline")
"""A command to type, which is no sentence."""


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


BAD = "title: a\nextends: baseline\npolicy:\n  coordination: {levi: 0.1, levy: 3}\nrun: {replicates: 2.5}\n"


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ("run natoinal-design", ["natoinal-design：没有该情景；是否指national-design？"]),
        ("comparee", ["命令行：没有命令'comparee'；是否指compare？（见 qipan --help）"]),
        ("compare baseline", ["命令行：缺少参数'ARM...'（见 qipan compare --help）"]),
        (
            "run baseline --workers 0",
            ["命令行：'--workers'的取值无效：0超出范围1<=x<=1024（见 qipan run --help）"],
        ),
        ("run baseline --set policy.coordination.levy=3", ["命令行：policy.coordination.levy：3超出范围；允许0至1"]),
        (
            "check {folder}/bad.yaml",
            [
                "{folder}/bad.yaml:4：policy.coordination.levi：没有该键；是否指levy？（0至1）",
                "{folder}/bad.yaml:4：policy.coordination.levy：3超出范围；允许0至1",
                "{folder}/bad.yaml:5：run.replicates：2.5不是整数；允许1至10000000（单位：次）",
            ],
        ),
        ("plot {folder}/none", ["{folder}/none：没有该结果文件夹；见results/下的文件夹"]),
        ("data check none", ["none：没有该数据表文件夹；world.data与QIPAN_DATA须为文件夹"]),
    ],
)
def test_mistakes_are_told_in_chinese(monkeypatch, capsys, tmp_path, given, lines):
    monkeypatch.setenv("QIPAN_LANG", "zh")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    assert main(given.format(folder=tmp_path).split()) == 2
    assert capsys.readouterr().err.splitlines() == [line.format(folder=tmp_path) for line in lines]


def test_files_follow_the_option_and_the_terminal_the_environment(monkeypatch, capsys, tmp_path):
    given = ["compare", "baseline", "cut", "--replicates", "2", "--set", "run.last_year=2024", "--no-reference"]
    shown = {}
    for language in ("en", "zh"):
        monkeypatch.setenv("QIPAN_LANG", language)
        (tmp_path / language).mkdir()
        monkeypatch.chdir(tmp_path / language)
        with blank_figures():
            assert main([*given, "--workers", "1", "--out", "made"]) == 0
        assert main(["new", "mine", "--from", "cut", "--set", "policy.coordination.levy=0.1"]) == 0
        shown[language] = capsys.readouterr()
    assert main([*given, "--workers", "1", "--out", "made", "--replicates", "3"]) == 2
    assert capsys.readouterr().err.startswith("made：其中是另一请求的结果：已有重复2次，现要求3次；请用--out另选文件夹")
    assert content(tmp_path / "en" / "made") == content(tmp_path / "zh" / "made")
    assert len({(tmp_path / language / "scenarios" / "mine.yaml").read_bytes() for language in shown}) == 1
    assert "Less public money" in shown["en"].out and not HAN.search(shown["en"].out)
    assert "削减公共资金" in shown["zh"].out and not SENTENCE.search(TYPED.sub("", shown["zh"].out))
    assert "下一步：" in shown["zh"].err and "next: " in shown["en"].err
