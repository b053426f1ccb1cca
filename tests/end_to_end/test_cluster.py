"""The same blocks on a real Dask scheduler with two worker processes, one of them killed midway: the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from experiments.command_line import main
from tests.end_to_end.test_kill import content

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="qipan[cluster] is not installed")

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ("compare", "baseline", "national-design", "--set", "run.last_year=2025", "--replicates", "900",
           "--no-report", "--quiet")  # fmt: skip


@pytest.fixture
def processes():
    """Starts processes and ends them, and only them, afterwards."""
    started: list[subprocess.Popen] = []

    def start(folder: Path, *arguments: str) -> subprocess.Popen:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_LOGGING__DISTRIBUTED": "error"}
        with (folder / f"log-{len(started)}").open("w") as log:
            process = subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=environment, stdout=log,
                                       stderr=subprocess.STDOUT)  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(20)


def waited_for(ready, process: subprocess.Popen, seconds: float = 90.0) -> None:
    limit = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None, "ended too early"
        assert time.monotonic() < limit, "took too long"
        time.sleep(0.02)


def address_in(file: Path) -> str:
    try:
        return json.loads(file.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError):
        return ""


def test_a_killed_worker_changes_no_byte(tmp_path: Path, processes):
    expected = tmp_path / "here" / "result"
    assert main([*COMMAND, "--workers", "1", "--out", str(expected)]) == 0
    note = tmp_path / "scheduler.json"
    scheduler = processes(tmp_path, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                          "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(note))  # fmt: skip
    waited_for(lambda: address_in(note), scheduler)
    worker = ("distributed.cli.dask_worker", address_in(note), "--nthreads", "1", "--no-nanny", "--no-dashboard",
              "--local-directory", str(tmp_path / "space"))  # fmt: skip
    first, _ = processes(tmp_path, *worker), processes(tmp_path, *worker)
    waited_for(lambda: workers_of(address_in(note)) == 2, scheduler)
    folder = tmp_path / "there" / "result"
    run = processes(
        tmp_path, "experiments.command_line", *COMMAND, "--scheduler", address_in(note), "--out", str(folder)
    )
    waited_for(lambda: len(list((folder / "parts").glob("*.part"))) >= 2, run)
    first.send_signal(signal.SIGKILL)
    assert len(list((folder / "parts").glob("*.part"))) < 16, "all was done before the worker died"
    assert run.wait(120) == 0
    assert content(folder) == content(expected)


def workers_of(address: str) -> int:
    """Threads of the workers that a scheduler knows, asked in a process of its own."""
    program = f"from experiments.cluster import Cluster; print(int(Cluster.at({address!r})))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(done.stdout) if done.stdout.strip().isdigit() else 0


@pytest.mark.parametrize("address", ["nowhere", "tcp://127.0.0.1:1", "tcp://", "", "http://127.0.0.1:80"])
def test_an_address_without_a_scheduler_is_one_sentence_at_once(capsys, address: str):
    began = time.monotonic()
    assert main(["run", "theory/game", "--dry-run", "--scheduler", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("command line: --scheduler: ")
    assert time.monotonic() - began < 5.0


def test_without_the_optional_packages_the_command_says_which(capsys, monkeypatch, tmp_path: Path):
    import socket

    monkeypatch.setitem(sys.modules, "distributed", None)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        assert main(["run", "theory/game", "--dry-run", "--scheduler", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Dask is not installed; pip install 'qipan[cluster]'" in line
