"""The kill test: commands stopped at random moments and at every step of writing come to the bytes of an unbroken run.

The ordinary suite stops a few; `make kill-test` stops 50 processes at random (44 of them in the middle of writing
parts) and one process at every step of everything that is written, and fills a tiny disk.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from experiments.command_line import main
from experiments.disk import writing_to
from experiments.lock import FolderLock
from model.draws import Draws, Stream
from tests.rules.dying_disk import FailingDisk, QuickDisk, kill

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("QIPAN_EVERY_FAULT"))
MOMENTS, WHILE_WRITING = (50, 44) if FULL else (3, 2)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
SMALL = ("--set", "run.last_year=2024", "--replicates", "300", "--no-report", "--quiet")
COMMANDS = (
    ("compare", "baseline", "national-design", *SMALL),
    ("run", "national-design", *SMALL),
    ("attribute", "national-design", "--fraction", "1/2", *SMALL, "--replicates", "9"),
)
STARTING = 1.0
"""Seconds that a process takes before it begins, about."""
LARGE_IN_VAIN = """
import sys
import experiments.estimate
from experiments.command_line import main
experiments.estimate.free_disk = lambda folder: 1e12
sys.exit(main(sys.argv[1:]))
"""
SELF_KILLING = """
import sys
from experiments.command_line import main
from experiments.disk import writing_to
from tests.rules.dying_disk import FailingDisk, kill
with writing_to(FailingDisk(int(sys.argv[1]), sys.argv[2], kill)):
    sys.exit(main(sys.argv[3:]))
"""


def random_numbers(count: int) -> list[float]:
    """The same uniform numbers in every run of this test."""
    draws = Draws(5, np.arange(count), np.array([1]), np.array([1]))
    return [float(value) for value in draws.uniform(Stream.TIE, over="")]


def content(folder: Path) -> dict[str, object]:
    """Everything a result folder holds, byte for byte; of the manifest all but its times."""
    held: dict[str, object] = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
    manifest = json.loads(held.pop("manifest.json"))
    del manifest["times"]
    return {**held, "manifest.json": manifest}


def start(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def finish(*arguments: str) -> None:
    process = start("-m", "experiments.command_line", *arguments)
    assert process.wait(300) == 0, process.stderr.read().decode()
    process.stderr.close()


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, object], float, int]]:
    """Of each command: what it comes to, the seconds it takes, how many steps write parts."""
    results = []
    for number, command in enumerate(COMMANDS):
        folder = tmp_path_factory.mktemp(f"unbroken-{number}") / "result"
        began = time.monotonic()
        with writing_to(disk := FailingDisk()):
            assert main([*command, "--workers", "1", "--out", str(folder)]) == 0
        seconds = time.monotonic() - began + STARTING
        parts = [name for name, path in disk.steps if name == "rename" and path.suffix == ".part"]
        results.append((content(folder), seconds, 4 * len(parts)))
    return results


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_at_a_random_moment_and_started_again(unbroken, tmp_path: Path, moment: int):
    which, workers = moment % len(COMMANDS), 1 + moment // 2 % 2
    expected, seconds, steps = unbroken[which]
    luck = random_numbers(MOMENTS)[moment]
    folder = tmp_path / "result"
    command = (*COMMANDS[which], "--workers", str(workers), "--out", str(folder))
    if moment < WHILE_WRITING:
        step, place = 1 + int(luck * steps), ("before", "inside", "after")[int(luck * 1e6) % 3]
        process = start("-c", SELF_KILLING, str(step), place, *command)
    else:
        process = start("-m", "experiments.command_line", *command)
        time.sleep(luck * seconds)
        process.send_signal(signal.SIGKILL)
    status = process.wait(120)
    told = process.stderr.read().decode()
    process.stderr.close()
    assert status == -signal.SIGKILL or (moment >= WHILE_WRITING and status == 0), told
    if moment < WHILE_WRITING:
        assert not (folder / "manifest.json").exists()
    finish(*command)
    assert content(folder) == expected


def in_a_child(command: tuple[str, ...], disk: QuickDisk) -> int:
    """Run the command line in a forked copy of this process; its status, negative when a signal ended it."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            with writing_to(disk):
                status = main(list(command))
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_at_every_step_of_everything_that_is_written(tmp_path: Path):
    command = ("compare", "theory/game", "theory/affine", "--replicates", "130", "--set", "world.behaviour.rounds=31",
               "--workers", "1", "--no-report", "--quiet")  # fmt: skip
    with writing_to(counting := FailingDisk()):
        assert main([*command, "--out", str(tmp_path / "whole" / "result")]) == 0
    expected = content(tmp_path / "whole" / "result")
    points = counting.points()
    assert len(points) > 200
    for number, (step, place) in enumerate(points if FULL else points[7::80]):
        folder = tmp_path / str(number) / "result"
        arguments = (*command, "--out", str(folder))
        assert in_a_child(arguments, FailingDisk(step, place, kill)) == -signal.SIGKILL
        assert in_a_child(arguments, QuickDisk()) == 0
        assert content(folder) == expected, (step, place)


def test_a_second_process_refuses_in_one_sentence(tmp_path: Path, capsys):
    folder = tmp_path / "result"
    with FolderLock(folder):
        assert main([*COMMANDS[1], "--out", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{folder}: another qipan process (number {os.getpid()}) is writing here; wait for it")
    assert not list(folder.iterdir())


@pytest.mark.skipif(not FULL or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a disk")
def test_a_tiny_disk_fills_up_and_the_run_goes_on_when_there_is_room(unbroken, tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no disk can be made here")
    try:
        folder = disk / "result"
        command = (*COMMANDS[0], "--workers", "1", "--out", str(folder))
        process = start("-c", LARGE_IN_VAIN, *command)
        told = process.stderr.read().decode()
        process.stderr.close()
        assert process.wait(120) == 2
        (line,) = told.splitlines()
        assert "No space left on device; what is already stored is kept" in line
        assert not [file for file in folder.rglob("*") if file.name.endswith((".unfinished", ".lock"))]
        assert list((folder / "parts").glob("*.part"))
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        finish(*command)
        assert content(folder) == unbroken[0][0]
    finally:
        subprocess.run(["umount", str(disk)], check=False)
