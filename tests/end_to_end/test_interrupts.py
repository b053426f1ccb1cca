"""Ctrl-C at any moment of any command: one sentence, status 130, nobody left; twice: at once. What is there stays.

The ordinary suite presses at two moments of two short commands; `make kill-test` at twelve moments of every command,
once and twice.
"""

import os
import signal
import time
from functools import cache
from pathlib import Path

import pytest

from tests.end_to_end.processes import ROOT, ended, finish, nobody_left, qipan

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")

FULL = bool(os.environ.get("QIPAN_EVERY_FAULT"))
MOMENTS = 12 if FULL else 2
SMALL = ("--set", "run.last_year=2024", "--quiet")
ARMS = ("baseline", "national-design", "--no-reference")
COMMANDS = {
    "compare": ("compare", *ARMS, "--replicates", "300", "--executor", "numpy", "--workers", "2", *SMALL),
    "measure": ("measure", str(ROOT / "data" / "announced_layouts.csv"), "--replicates", "64"),
    "compiled": ("compare", *ARMS, "--replicates", "4000", "--executor", "compiled", "--workers", "2", *SMALL),
    "precision": ("compare", *ARMS, "--precision", "1%", "--max-replicates", "400", "--executor", "numpy", *SMALL),
    "run": ("run", "national-design", "--replicates", "200", "--workers", "1", *SMALL),
    "attribute": ("attribute", "national-design", "--fraction", "1/2", "--replicates", "40", *SMALL),
    "sweep": ("sweep", str(Path(__file__).with_name("small-sweep.yaml")), "--quiet"),
    "targets": ("targets", "baseline", "--replicates", "64", "--points", "4", "--set", "run.last_year=2030"),
    "plot": ("plot",),
    "export": ("export", "--format", "xlsx"),
}
TRIED = [(name, presses) for name in COMMANDS for presses in (1, 2)]
if not FULL:
    COMMANDS["compare"] += ("--no-report",)
    TRIED = [("compare", 1), ("compare", 2), ("measure", 1)]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a small comparison stands, if a command that is tried needs one."""
    folder = tmp_path_factory.mktemp("stored") / "result"
    if FULL:
        finish("compare", *ARMS, "--replicates", "20", "--no-report", "--workers", "1", "--out", str(folder), *SMALL)
    return folder


@cache
def seconds_of(*command: str) -> float:
    """How long a command takes undisturbed; measured once."""
    began = time.monotonic()
    finish(*command)
    return time.monotonic() - began


@pytest.mark.parametrize(("name", "presses"), TRIED)
def test_ctrl_c_at_any_moment(stored: Path, name: str, presses: int):
    """Moments are shares of the time that the command takes undisturbed; one that ended before is right too."""
    force = ("--force",) if name == "export" else ()

    def command(number: str) -> tuple[str, ...]:
        places = {"plot": (str(stored),), "export": (str(stored),), "measure": ()}
        return (*COMMANDS[name], *places.get(name, ("--out", str(stored.parent / name / number))), *force)

    seconds, heard = seconds_of(*command("whole")), 0
    for moment in range(MOMENTS):
        process = qipan(*command(f"{presses}-{moment}"))
        time.sleep(0.8 * seconds * (moment + 0.5) / MOMENTS)
        for _ in range(presses):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                time.sleep(0.05)
        status, told = ended(process)
        assert nobody_left(process.pid)
        assert status in (0, 130), told
        heard += status == 130
        if status == 130:
            line = told.strip()  # an empty line comes first, after what the terminal shows of Ctrl-C
            assert len(line.splitlines()) == 1, told
            assert line.startswith(("interrupted", "ended at once") if presses > 1 else "interrupted"), told
            assert "kept" in line or "again" in line or "the same command" in line
    assert heard


def test_ctrl_c_within_code_made_from_a_text(tmp_path: Path):
    """Such a moment (a dataclass being made, say) once let Python kill itself after the sentence was told."""
    plugin = tmp_path / "plugin.py"
    plugin.write_text('exec("import os, signal; os.kill(os.getpid(), signal.SIGINT); [0 for _ in range(10**6)]")\n')
    status, told = ended(qipan("--plugin", str(plugin), "list", "scenarios"))
    assert status == 130, told
    assert told.strip().startswith("interrupted: nothing had been stored yet")
