"""Whatever stands in a file, a table, a stored result or on the command line: an answer, soon, in little memory.

Every case goes through `main(argv)` and must end with status 0, 1 or 2, a message where refused, no traceback, under
five seconds; nothing outside the output folder is written and no program is started. The cases are the same in every
run; `make fuzz` runs 20,000 of them, the suite a few hundred. Files in `tests/errors/hostile/` are starting points.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qipan.experiments.command_line import COMMANDS, main
from tests.blank import blank_figures
from tests.errors.mangling import (
    CORPUS,
    KEYS,
    NUMBERS,
    ROOT,
    SCENARIO_SEEDS,
    SEEDS,
    TABLE_SEEDS,
    TEXTS,
    VALUES,
    cases,
    mangled,
    reencoded,
    written,
)
from tests.errors.watched import answered

pytestmark = pytest.mark.usefixtures("warm")

READERS = (("check",), ("show",), ("show", "--changed"), ("run", "--dry-run"), ("compare", "baseline", "--dry-run"))


def read_scenario(content: bytes, reader: tuple[str, ...], folder: Path) -> None:
    path = folder / "hostile.yaml"
    path.write_bytes(content)
    answer = answered([*reader, str(path)])
    assert answer.status in (0, 2)


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_the_corpus(tmp_path: Path, no_work, reader):
    for content in SCENARIO_SEEDS:
        read_scenario(content, reader, tmp_path)


@cases(0.18)
@given(content=mangled(SCENARIO_SEEDS), reader=st.sampled_from(READERS))
def test_mangled_scenario_files(tmp_path: Path, no_work, content, reader):
    read_scenario(content, reader, tmp_path)


@cases(0.18)
@given(content=written(), reader=st.sampled_from(READERS))
def test_scenario_files_with_hostile_values(tmp_path: Path, no_work, content, reader):
    read_scenario(content, reader, tmp_path)


TOKENS = st.one_of(
    st.sampled_from([*COMMANDS, *SEEDS["words.txt"].decode().splitlines()]),
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.text(max_size=10),
    st.builds("{}={}".format, st.sampled_from([*KEYS, "run", "world", "", "extends", "title"]), VALUES),
    st.builds("--{}={}".format, st.sampled_from(["set", "replicates", "seed", "workers", "out", "lang"]), VALUES),
)


@cases(0.24)
@given(command=st.sampled_from(["", *COMMANDS]), rest=st.lists(TOKENS, max_size=6))
def test_command_lines(tmp_path: Path, no_work, monkeypatch, command, rest):
    monkeypatch.chdir(tmp_path)
    arguments = [command, *rest] if command else rest
    assume(not any("\x00" in argument for argument in arguments))  # no system passes one on
    answer = answered(arguments)
    assert answer.status in (0, 2)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


NAMES = sorted(file.name for file in (ROOT / "data").iterdir() if file.suffix in (".csv", ".yaml"))


@st.composite
def spoilt(draw, name: str):
    """A table with cells replaced, lines or columns lost or doubled, or as another program saves it."""
    content = (ROOT / "data" / name).read_bytes()
    if draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(mangled([content]), mangled(TABLE_SEEDS), st.binary(max_size=200)))
    lines = content.decode("utf-8").split("\n")
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        cells = lines[number].split(",")
        cells[draw(st.integers(0, len(cells) - 1))] = draw(VALUES)
        changed = {
            "cell": [",".join(cells)],
            "double": [lines[number]] * 2,
            "lost": [],
            "short": [",".join(cells[:-1])],
        }
        lines[number : number + 1] = changed[draw(st.sampled_from(["cell", "cell", "cell", *changed]))]
        lines = lines or [""]
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return reencoded(text, draw(st.sampled_from(("", "", "crlf", "gbk", "bom"))))


@cases(0.16)
@given(
    case=st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), spoilt(name))),
    scenario=st.sampled_from(("baseline", "cities-293", "classes-13", "directions-6")),
    reader=st.sampled_from((("check",), ("list",), ("run", "--dry-run"))),
)
def test_data_tables(tables: Path, monkeypatch, no_work, case, scenario, reader):
    monkeypatch.setenv("QIPAN_DATA", str(tables))
    name, content = case
    good = (tables / name).read_bytes()
    try:
        (tables / name).write_bytes(content)
        arguments = ["list", "mechanisms"] if reader == ("list",) else [*reader, scenario]
        assert answered(arguments).status in (0, 2)
    finally:
        (tables / name).write_bytes(good)


WORLD_KEYS = [key for key in KEYS if not key.startswith("run.")]


@cases(0.006)
@given(
    values=st.lists(st.tuples(st.sampled_from(WORLD_KEYS), VALUES), max_size=3),
    scenario=st.sampled_from(("theory/game", "baseline", "national-design")),
)
def test_what_is_accepted_also_runs(tmp_path: Path, values, scenario):
    chosen = [part for key, value in values if "\x00" not in value for part in ("--set", f"{key}={value}")]
    shown = answered(["run", scenario, *chosen, "--replicates", "2", "--dry-run"])
    assume(shown.status == 0)
    assume(not any(key in ("world.regions", "world.sector_count", "world.behaviour.rounds") for key, _ in values))
    folder = tmp_path / "result"
    arguments = ["run", scenario, *chosen, "--set", "run.first_year=2023", "--set", "run.last_year=2024"]
    arguments += ["--replicates", "2", "--workers", "1", "--no-report", "--quiet", "--out", str(folder)]
    answered(arguments, tmp_path)
    shutil.rmtree(folder, ignore_errors=True)


GBK = ROOT / "tests" / "errors" / "hostile" / "layouts-gbk.csv"
HOSTILE_COMMANDS = (
    ("run", "baseline", "--replicates", "1000000000"),
    ("compare", "baseline", "burn", "--replicates", "9" * 50),
    ("run", "baseline", "--replicates", "１２８", "--dry-run"),
    ("run", "baseline", "--seed", "-1"),
    ("run", "--set", "world.data=synthetic", "--set", "world.regions=1000000", "baseline"),
    ("show", "baseline", "--set", "policy.coordination.levy=nan"),
    ("replay", "../../x"),
    ("plot", "/dev/null"),
    ("run", "/dev/zero"),
    ("check", "/dev/urandom"),
)


FORKING = """
import contextlib, json, os, resource, sys, tempfile
from qipan.experiments.command_line import main
with contextlib.redirect_stdout(None):
    assert main(["compare", "baseline", "burn", "--dry-run"]) == main(["sweep", "planner-error", "--dry-run"]) == 0
answers = []
for arguments in json.loads(sys.argv[1]):
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30,) * 2)
            resource.setrlimit(resource.RLIMIT_CPU, (5, 6))
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(told.fileno(), 2)
            sys.exit(main(arguments))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told.seek(0)
        answers.append((status, told.read().decode()))
print(json.dumps(answers))
"""
"""Runs each command in a process of its own with little memory and time; all start from one that has imported qipan."""


@pytest.mark.skipif(os.name == "nt", reason="limits of this kind are not there")
def test_twenty_real_processes(tmp_path: Path):
    files = []
    for name in [file.name for file in CORPUS if file.suffix == ".yaml" and not file.name.startswith("good")]:
        (tmp_path / name).write_bytes(SEEDS[name])
        command = ("sweep", "--dry-run") if name.startswith("sweep-e") else ("check",)
        files.append((*command, str(tmp_path / name)))
    files = [*files[:7], *(command for command in files if command[0] == "sweep"), ("measure", str(GBK))]
    before = sorted(tmp_path.rglob("*"))
    commands = [*files, *HOSTILE_COMMANDS]
    assert len(commands) == 20
    done = subprocess.run(
        [sys.executable, "-c", FORKING, json.dumps(commands)],
        cwd=tmp_path,
        capture_output=True,
        timeout=600,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    for arguments, (status, told) in zip(commands, json.loads(done.stdout), strict=True):
        assert status in (0, 2), (arguments, status, told[-500:])
        assert "Traceback" not in told, arguments
    assert sorted(tmp_path.rglob("*")) == before


def test_a_title_with_a_program_in_it_is_text_in_the_report(tmp_path: Path):
    """Figures are blank: they stand in the page as images."""
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)> & {{ 7*7 }}"
    for name in ("one", "two"):
        text = f"title: '<script>alert(1)</script>'\nextends: baseline\nnot_modelled: ['{nasty}']\nsource: '{nasty}'\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    folder = tmp_path / "result"
    with blank_figures():
        assert (
            main(
                [
                    "compare",
                    str(tmp_path / "one.yaml"),
                    str(tmp_path / "two.yaml"),
                    "--replicates",
                    "3",
                    "--workers",
                    "1",
                    "--set",
                    "run.last_year=2025",
                    "--quiet",
                    "--out",
                    str(folder),
                ]
            )
            == 0
        )
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page
