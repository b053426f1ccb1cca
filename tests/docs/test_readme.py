"""What the README shows works: its Python runs, its commands and files exist, its two ways to start are the same."""

import itertools
import re
import shlex

import click
import pytest

from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """The words after `qipan` of every command in a shell block; Windows paths read like others."""
    text = "\n".join(blocks("(?:sh|bat)")).replace("^\n", " ").replace("\\", "/")
    lines = [shlex.split(line, comments=True) for line in text.splitlines()]
    return [words[1:] for words in lines if words and words[0].rpartition("/")[2] == "qipan"]


def made_by_make(name: str) -> list[str]:
    """The words of a variable of the Makefile."""
    text = MAKEFILE.replace("\\\n", " ")
    return re.search(rf"^{name} :?\??= (.*)$", text, flags=re.MULTILINE)[1].split()


def test_the_quickstart_runs(capsys):
    (quickstart,) = blocks("python")
    assert len([line for line in quickstart.splitlines() if line.strip()]) <= 12
    exec(compile(quickstart, "README.md", "exec"), {"__name__": "readme"})
    assert "bn yuan, higher in" in capsys.readouterr().out


def test_the_answer_is_a_block_of_a_run_and_says_of_which_model():
    """Numbers are `make readme`'s; for a block of another model this is skipped with a sentence."""
    from pages import readme
    from qipan.experiments.store.versions import model_hash

    (block,) = readme.BLOCK.findall(README)
    told = readme.digest_told(block)
    rows = [line.split(" | ") for line in block.splitlines() if line.startswith("| ")]
    assert told and len(rows) >= 2 + 6 and {len(row) for row in rows} == {1 + len(readme.MEASURES)}
    interval = re.compile(r"\*?[+\u2212]?[\d,.]+ \(\u2212?[\d,.]+ to \u2212?[\d,.]+\)\*?(?: \|)?|\*identical\*(?: \|)?")
    assert [text for row in rows[2:] for text in row[1:] if not interval.fullmatch(text)] == []
    assert re.search(r"[\d,]{5,} paired futures, seed \d", block)
    assert README.index(block) < README.index("make run") < README.index("![") < README.index("questions to ask next")
    if told != model_hash():
        pytest.skip("the README's answer is of another model than this one: make readme")


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_commands_options_and_scenarios_exist(words):
    from qipan import load_scenario
    from qipan.experiments.command_line import qipan

    command = qipan.get_command(click.Context(qipan), words[0])
    assert command is not None
    if isinstance(command, click.Group):
        command = command.commands[words[1]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    settings = [
        after.replace("./mydata", "tests/contracts/own-data")
        for word, after in itertools.pairwise(words)
        if word == "--set"
    ]
    for name in scenario_names(words):
        assert load_scenario(name, settings).title


def scenario_names(words: list[str]) -> list[str]:
    """The scenarios a command names: what comes before its first option."""
    stop = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    return words[1:stop] if words[0] in {"run", "compare", "show", "check"} else []


def test_with_and_without_make_compare_the_same_arms():
    (by_hand,) = [words for words in commands() if words[0] == "compare" and words[-1] == "1000"]
    assert scenario_names(by_hand) == made_by_make("BASELINE") + made_by_make("ARMS")
    assert by_hand[-2:] == ["--replicates", *made_by_make("REPLICATES")]


def test_the_places_named_on_the_map_exist():
    (map_block,) = [block for block in blocks("text") if block.startswith("model/")]
    place, named = ROOT, []
    for indent, name in re.findall(r"^( *)(\S+)", map_block, flags=re.MULTILINE):
        place = place if indent else ROOT / name
        named.append(place / name if indent else place)
    missing = [str(path) for path in named if not path.exists()]
    rooms = {path for part in ("model", "experiments") for path in (ROOT / part).iterdir() if path.is_dir()}
    assert missing == []
    assert sorted(path.name for path in rooms - set(named) if path.name != "__pycache__") == []


def test_each_target_of_make_is_defined_once_and_promised():
    """A second definition would silently replace the first."""
    targets = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, flags=re.MULTILINE)
    promised = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)[1].split()
    assert sorted(targets) == sorted(promised)
