"""The server of worker processes: started early by a command, of the same code, and gone with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import ahead

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are copies on Linux alone")

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
ATTRIBUTE = (
    "attribute",
    "national-design",
    "--fraction",
    "1/2",
    "--set",
    "run.last_year=2024",
    "--no-report",
    "--quiet",
)
SCRIPT = """
import sys
sys.path[:] = [place for place in sys.path if place]
from experiments.command_line import main
if __name__ == "__main__":
    sys.exit(main())
"""


def started(folder: Path, *arguments: str) -> subprocess.Popen:
    """A command as it is installed: a script, in a folder that is not ours."""
    script = folder / "qipan"
    script.write_text(SCRIPT)
    return subprocess.Popen(
        [sys.executable, "-P", str(script), *arguments], cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def nobody_left(group: int) -> bool:
    """Whether all processes of a group end within five seconds; one that waits to be buried has ended."""
    limit = time.monotonic() + 5.0
    while time.monotonic() < limit:
        states = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True, check=False)
        if all(state.startswith("Z") for state in states.stdout.split()):
            return True
        time.sleep(0.05)
    return False


def parts(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "parts").glob("*.part")}


def test_workers_run_the_code_of_their_command_whatever_lies_in_the_folder_and_leave_nobody(tmp_path: Path):
    for package in ("experiments", "model"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('the code of somebody else')\n")
    for workers in ("1", "2"):
        done = started(tmp_path, *ATTRIBUTE, "--replicates", "9", "--workers", workers, "--out", workers)
        _, told = done.communicate(timeout=120)
        assert (done.returncode, told) == (0, "")
        assert nobody_left(done.pid)
    assert parts(tmp_path / "1") == parts(tmp_path / "2")
    assert parts(tmp_path / "2")


def test_a_command_that_ends_at_once_does_not_wait_for_the_server(tmp_path: Path):
    began = time.monotonic()
    done = started(tmp_path, "attribute", "no-such-scenario")
    _, told = done.communicate(timeout=60)  # until the last process that has the pipes is gone
    assert done.returncode == 2
    assert len(told.splitlines()) == 1
    assert nobody_left(done.pid)
    assert time.monotonic() - began < 30.0


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.6])
def test_ctrl_c_while_the_server_loads_is_heard_and_told_in_one_line(tmp_path: Path, seconds: float):
    done = started(tmp_path, *ATTRIBUTE, "--replicates", "2000", "--executor", "compiled", "--out", "result")
    limit = time.monotonic() + 60.0
    while not (tmp_path / "result" / ".lock").exists():  # everything is read; the server takes a second longer
        assert time.monotonic() < limit
        time.sleep(0.005)
    time.sleep(seconds)
    os.killpg(done.pid, signal.SIGINT)
    _, told = done.communicate(timeout=120)
    assert done.returncode == 130
    assert len(told.split("\n")) <= 3
    assert told.strip().startswith("interrupted")
    assert nobody_left(done.pid)


ENDED = """
import sys
from multiprocessing import forkserver
from experiments import ahead, command_line, workers
dismissed = workers._end
def told():
    had = forkserver._forkserver._forkserver_pid
    dismissed()
    print(had is not None, forkserver._forkserver._forkserver_pid, ahead.worker_context().get_start_method())
workers._end = told
if __name__ == "__main__":
    sys.exit(command_line.main())
"""


def test_the_server_goes_with_the_last_worker(tmp_path: Path):
    """Tables and pages are made without it: in a large comparison it was a third of what the parent takes."""
    script = tmp_path / "told.py"
    script.write_text(ENDED)
    command = [sys.executable, str(script), *ATTRIBUTE, "--replicates", "9", "--workers", "2", "--out", "result"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "True None spawn"


def test_a_process_that_is_no_command_of_its_own_starts_no_server():
    assert not ahead._own
    ahead.start_ahead(2, False, "compiled", 10_000)
    assert ahead.worker_context().get_start_method() == "spawn"
