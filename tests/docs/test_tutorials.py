"""The tutorials and notebooks work: files they show are written, their commands run in order, at few replicates."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

FOLDER = ROOT / "docs" / "tutorials"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
FEW = "4"
NOT_RUN = ("python -m pip install",)
"""What changes an environment: tests/architecture/test_install.py has it."""
NEEDS = {"explore.ipynb": ("ema_workbench", "SALib", "optuna")}
SMALL = 400_000
"""Bytes of a stored notebook at most."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "MPLBACKEND": "agg"}


def few(text: str) -> str:
    """A block with few replicates."""
    return re.sub(r"(replicates\"?(?:=|: | ))\d+", rf"\g<1>{FEW}", text)


def steps(name: str) -> list[tuple[str, str]]:
    """What a reader does, in order: ("file name", its text) and ("", a command)."""
    found = []
    for match in BLOCK.finditer((FOLDER / name).read_text(encoding="utf-8")):
        text = few(match["text"])
        if match["language"] == "sh":
            lines = [line for line in text.splitlines() if not line.startswith(NOT_RUN)]
            found += [("", line) for line in lines]
        else:
            found.append((re.fullmatch(r"# (\S+)", text.splitlines()[0])[1], text))
    return found


@pytest.mark.parametrize("name", ["analyst.md", "researcher.md"])
def test_a_tutorial_works_as_it_is_written(name, tmp_path):
    ran = []
    for file, text in steps(name):
        if file:
            (tmp_path / file).write_text(text, encoding="utf-8")
            continue
        command, *words = shlex.split(text)
        assert command in ("qipan", "python")
        start = [sys.executable, *(["-m", "qipan.experiments.begin"] if command == "qipan" else [])]
        done = subprocess.run([*start, *words], cwd=tmp_path, capture_output=True, text=True, env=ENVIRONMENT)
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        ran.append(text)
    assert len(ran) >= 8
    assert [path for path in tmp_path.glob("*.zip") if path.stat().st_size > 10_000]


def notebooks() -> list[str]:
    return sorted(path.name for path in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", notebooks())
def test_the_cells_of_a_notebook_run(name, tmp_path):
    missing = [package for package in NEEDS.get(name, ()) if importlib.util.find_spec(package) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, which the set-up leaves out: make notebooks")
    program = (
        "import sys; from pathlib import Path; from pages import notebooks\n"
        "cells = notebooks.code_cells(Path(sys.argv[1]), int(sys.argv[2]))\n"
        "print(sum(bool(found) for found in notebooks.execute(cells, 'tried')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(FOLDER / name), FEW],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2, "cells say something"


@pytest.mark.parametrize("name", notebooks())
def test_a_notebook_is_stored_small_and_with_outputs(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    book = json.loads(text)
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len(text.encode()) < SMALL
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1)), "make notebooks"
    assert sum(bool(cell["outputs"]) for cell in code) >= 2
