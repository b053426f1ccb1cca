"""How commands end: one sentence or silence and the right status, whatever is closed, full or gone, or went wrong.

The ordinary suite tries every way that streams can be gone with one command, `make kill-test` with each of four.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qipan.experiments.command_line import main
from qipan.experiments.console import endings as ending

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
RUN = "run baseline --replicates 2 --set run.last_year=2023 --no-report --workers 1 --executor numpy --out"
FULL = "standard output cannot be written: No space left on device\n"
CLOSED = "standard output cannot be written: Bad file descriptor\n"
STREAMS = {
    ">/dev/full": (1, FULL),
    ">&-": (1, CLOSED),
    "2>&-": (0, ""),
    "<&-": (0, ""),
    ">&- 2>&-": (1, ""),
    "<&- >&- 2>&-": (1, ""),
    "2>/dev/full": (0, ""),
    ">/dev/full 2>/dev/full": (1, ""),
    "| true": (0, ""),
}


LIST, WRONG = "list parameters", "run no-such-scenario"
TRIED = {
    LIST: tuple(STREAMS),
    "--help": (">/dev/full", "<&- >&- 2>&-", "| true"),
    RUN: (">/dev/full", "<&- >&- 2>&-", "2>/dev/full"),
    WRONG: (">&-", "2>&-", ">/dev/full 2>/dev/full"),
}
if os.environ.get("QIPAN_EVERY_FAULT"):
    TRIED = dict.fromkeys(TRIED, tuple(STREAMS))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize(("command", "streams"), [(command, way) for command in TRIED for way in TRIED[command]])
def test_streams_that_are_closed_full_or_gone(tmp_path: Path, command: str, streams: str):
    status, told = STREAMS[streams]
    if "no-such" in command:  # what is wrong with the command is told where it can be
        status, told = 2, "" if "2>" in streams else "no-such-scenario: no such scenario; `qipan list scenarios`"
    folder = str(tmp_path / "result") if command == RUN else ""
    command = f"-m qipan.experiments.command_line {command} {folder}"
    program = f'("{sys.executable}" {command}; echo $? > {tmp_path}/status) {streams}'
    done = subprocess.run(
        ["bash", "-c", program], env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (tmp_path / "status").read_text() == f"{status}\n", done.stderr
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == bool(told)
    if command == RUN:
        assert (tmp_path / "result" / "manifest.json").exists()


LONG = "x" * 300


@pytest.mark.parametrize(
    "command",
    [
        ("check", LONG),
        ("plot", LONG),
        ("replay", "abcd", "--results", LONG),
        ("data", "check", LONG),
        ("show", LONG),
        ("measure", LONG),
        ("sweep", LONG),
        ("export", LONG, "--format", "csv"),
        ("check", f"{LONG}/a.csv"),
    ],
)
def test_a_name_that_no_file_can_have_is_told_as_such(capsys, command: tuple[str, ...]):
    assert main(list(command)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "File name too long" in line or "no such" in line
    assert "own fault" not in line


def test_a_folder_of_data_that_cannot_be_looked_at_is_told_as_such(capsys, monkeypatch):
    monkeypatch.setenv("QIPAN_DATA", LONG)
    assert main(["run", "baseline", "--replicates", "2", "--dry-run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{LONG}: cannot be used: File name too long" in line


@pytest.fixture
def broken(monkeypatch, tmp_path: Path) -> Path:
    """A command with a fault of ours, and the folder for files of details."""
    from qipan.experiments import command_line

    def fails(*given, **named):
        raise ZeroDivisionError("a\nfault of ours")

    monkeypatch.setattr(command_line.qipan, "main", fails)
    monkeypatch.setattr(ending.tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("QIPAN_DEBUG", raising=False)
    return tmp_path


def test_a_fault_of_ours_is_one_sentence_that_names_a_file_with_the_details(broken: Path, capsys):
    assert main(["list", "scenarios"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    (file,) = broken.glob("qipan-*.log")
    assert (
        line == f"qipan went wrong, and that is its own fault: ZeroDivisionError: a fault of ours (details in {file})"
    )
    details = file.read_text()
    assert details.startswith("qipan list scenarios\n")
    assert "Traceback" in details
    assert "in fails" in details
    if os.name != "nt":
        assert file.stat().st_mode & 0o077 == 0


def test_without_room_for_the_file_there_is_still_a_sentence_and_a_way_to_see_more(broken: Path, capsys, monkeypatch):
    monkeypatch.setattr(ending.tempfile, "tempdir", str(broken / "missing"))
    assert main(["list"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("(QIPAN_DEBUG=1 shows where)")
    monkeypatch.setenv("QIPAN_DEBUG", "1")
    assert main(["list"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_module_that_ends_the_process_is_not_taken_for_success(broken: Path, capsys, monkeypatch):
    from qipan.experiments import command_line

    def leaves(*given, **named):
        raise SystemExit("I am done")

    monkeypatch.setattr(command_line.qipan, "main", leaves)
    assert main(["list"]) == 1
    assert "SystemExit: I am done" in capsys.readouterr().err


OVERWRITING = """
import os, sys
os.close(1), os.close(2)
sys.stdout = sys.stderr = None
from qipan.experiments.console.endings import provide_streams
provide_streams()
with open(sys.argv[1], "w") as file:
    os.write(2, b"what a library prints")
    assert file.fileno() > 2
"""


def test_a_file_never_takes_the_place_of_a_stream_that_is_closed(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", OVERWRITING, str(tmp_path / "file")], cwd=ROOT, check=False)
    assert done.returncode == 0
    assert (tmp_path / "file").read_text() == ""
