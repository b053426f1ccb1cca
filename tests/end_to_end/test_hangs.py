"""A first comparison on a fresh machine ends: empty caches, slow imports, one core, a busy machine, compiled code too.

It once hung for ever, twice in some dozens of runs: a process was forked while a thread imported. The ordinary suite
tries one, with slow imports; `make kill-test` 20 runs on a fresh machine, five under each burden, and two that compile
everything first.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.processes import ROOT, ended, nobody_left, qipan

FULL = bool(os.environ.get("QIPAN_EVERY_FAULT"))
FIRST = (
    "compare",
    "baseline",
    "national-design",
    "--no-reference",
    "--replicates",
    "8",
    "--set",
    "run.last_year=2024",
    "--workers",
    "2",
)
SLOWLY = f"""
import importlib.abc, sys, time
SECONDS = {2.0 if FULL else 0.5}
class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "pandas", "matplotlib", "pyarrow", "qipan.model.ensemble", "qipan.experiments.runs.block"):
            time.sleep(SECONDS)
sys.meta_path.insert(0, Slow())
"""
RUNS = {"fresh": 20, "slow imports": 5, "one core": 5, "load": 5, "all": 5} if FULL else {}


def fresh(folder: Path) -> dict[str, str]:
    """The environment of a user who has just come to this machine."""
    folder.mkdir()
    places = {name: str(folder / name.lower()) for name in ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "QIPAN_CACHE")}
    (folder / "home").mkdir()
    return places


@contextmanager
def burden(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """What makes it hard for processes started within; the environment that belongs to it."""
    environment, busy, cores = {}, [], None
    if kind in ("slow imports", "all"):
        (folder / "sitecustomize.py").write_text(SLOWLY)
        environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(ROOT / "src")])
    if kind in ("one core", "all") and hasattr(os, "sched_setaffinity"):
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})
    if kind in ("load", "all"):
        busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        yield environment
    finally:
        for process in busy:
            process.kill()
            process.wait()
        if cores is not None:
            os.sched_setaffinity(0, cores)


@pytest.mark.parametrize(("kind", "number"), [(kind, number) for kind in RUNS for number in range(RUNS[kind])])
def test_a_first_comparison_ends(tmp_path: Path, kind: str, number: int):
    with burden(kind, tmp_path) as environment:
        process = qipan(*FIRST, "--out", str(tmp_path / "result"), **environment, **fresh(tmp_path / "machine"))
        status, told = ended(process)
    assert (status, told) == (0, "")
    assert (tmp_path / "result" / "report.html").exists()
    assert nobody_left(process.pid)


@pytest.mark.skipif(not FULL, reason="compiles everything: a minute")
@pytest.mark.parametrize("number", range(2))
def test_a_first_comparison_that_compiles_ends_and_says_so_once(tmp_path: Path, number: int):
    with burden("slow imports", tmp_path) as environment:
        environment |= fresh(tmp_path / "machine")
        for place, lines in (("first", 1), ("second", 0)):
            out = ("--out", str(tmp_path / place), "--no-report")
            status, told = ended(qipan(*FIRST, "--executor", "compiled", *out, **environment))
            assert status == 0, told
            assert len(told.splitlines()) == lines, told
            assert told.startswith("compiling the rules once" * lines)


def test_two_workers_of_numpy_end_too(tmp_path: Path):
    """Eight replicates are a single block; with 130 there are processes, which import slowly; figures are drawn too."""
    with burden("slow imports", tmp_path) as environment:
        more = ("--replicates", "130", "--executor", "numpy", "--out", str(tmp_path / "result"))
        process = qipan(*FIRST, *more, **environment, **fresh(tmp_path / "machine"))
        status, told = ended(process)
    assert (status, told) == (0, "")
    assert nobody_left(process.pid)
