"""The kill test: commands stopped at random moments and at every step of writing come to the bytes of an unbroken run.

The ordinary suite stops a few; `make kill-test` stops 50 processes at random (44 of them in the middle of writing
parts) and one process at every step of everything that is written, and fills a tiny disk. Comparisons, single runs,
attributions and sweeps take turns.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.store.disk import writing_to
from qipan.experiments.store.lock import FolderLock
from qipan.model.draws import Draws, Stream
from tests.rules.dying_disk import FailingDisk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")

ROOT = Path(__file__).resolve().parents[2]
FULL = bool(os.environ.get("QIPAN_EVERY_FAULT"))
MOMENTS, WHILE_WRITING = (50, 44) if FULL else (4, 3)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"}
HERE = Path(__file__).parent
SMALL = ("--set", "run.last_year=2024", "--replicates", "200", "--no-report", "--quiet")
COMMANDS = (
    ("compare", "baseline", "national-design", "--no-reference", "--assumptions", "0", *SMALL),
    ("run", "national-design", *SMALL),
    ("attribute", "national-design", "--fraction", "1/2", *SMALL, "--replicates", "9"),
    ("sweep", str(HERE / "small-sweep.yaml"), "--no-report", "--quiet"),
)
PILOTS = ("--set", "policy.coordination.pilots=2")
TINY = ("--replicates", "130", "--set", "world.behaviour.rounds=3", "--no-report", "--quiet")
GAMES = {
    "compare": ("compare", "theory/shared-prize-small", "theory/shared-prize-small-planner", *TINY),
    "sweep": ("sweep", str(HERE / "small-game-sweep.yaml"), "--no-report", "--quiet"),
    "attribute": ("attribute", "theory/shared-prize-small-planner", "--fraction", "1/2", *PILOTS, *TINY,
                  "--replicates", "9"),
}  # fmt: skip
"""Small enough to be run again for every step of writing."""
STARTING = 1.0
"""Seconds that a process takes before it begins, about."""
LARGE_IN_VAIN = """
import sys
import qipan.experiments.runs.estimate
from qipan.experiments.command_line import main
qipan.experiments.runs.estimate.free_disk = lambda folder: 1e12
sys.exit(main(sys.argv[1:]))
"""
SELF_KILLING = """
import sys
from qipan.experiments.command_line import main
from qipan.experiments.store.disk import writing_to
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
    process = start("-m", "qipan.experiments.command_line", *arguments)
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
        process = start("-m", "qipan.experiments.command_line", *command)
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


def status_of(command: tuple[str, ...], step: int, place: str) -> int:
    """Run the command line in a process that kills itself at a step of writing; negative when a signal ended it."""
    process = start("-c", SELF_KILLING, str(step), place, *command)
    status = process.wait(300)
    process.stderr.close()
    return status


ALIKE = ("parts", "scenarios")
"""Folders whose files are written alike: of more than a dozen the first two and the last are tried."""


def tried(disk: FailingDisk) -> list[tuple[int, str]]:
    """Every point at which the disk could fail, but of many files written alike not all."""
    file_of, file = {}, ("", "")
    for number, (_, path) in enumerate(disk.steps, 1):
        if path.name not in ALIKE:  # the flush of a folder belongs to the file before it
            file = (path.parent.name, path.name.partition(".")[0])
        file_of[number] = file
    left_out: set[tuple[str, str]] = set()
    for folder in ALIKE:
        files = [file for file in dict.fromkeys(file_of.values()) if file[0] == folder]
        left_out.update(files[2:-1] if len(files) > 12 else [])
    return [(step, place) for step, place in disk.points() if file_of[step] not in left_out]


@pytest.mark.parametrize("begun", ["from nothing", "with all parts stored"])
@pytest.mark.parametrize("name", GAMES)
def test_killed_at_every_step_of_everything_that_is_written(tmp_path: Path, name: str, begun: str):
    """Every step of writing parts from nothing on, every step of writing tables where the parts are there already."""
    command, whole = (*GAMES[name], "--workers", "1"), tmp_path / "whole" / "result"
    with writing_to(counting := FailingDisk()):
        assert main([*command, "--out", str(whole)]) == 0
    expected, stored = content(whole), begun != "from nothing"
    if stored:
        shutil.copytree(whole / "parts", tmp_path / "again" / "result" / "parts")
        with writing_to(counting := FailingDisk()):
            assert main([*command, "--out", str(tmp_path / "again" / "result")]) == 0
    of_parts = sum(path.parent.name == "parts" or path.name == "parts" for _, path in counting.steps)
    points = [point for point in tried(counting) if stored or point[0] <= of_parts]
    assert len(points) >= (90 if stored else 27)
    for step, place in points if FULL else points[7::200]:
        folder = tmp_path / f"{step}-{place}" / "result"
        if stored:
            shutil.copytree(whole / "parts", folder / "parts")
        arguments = (*command, "--out", str(folder))
        assert status_of(arguments, step, place) == -signal.SIGKILL
        finish(*arguments)
        assert content(folder) == expected, (step, place)
        shutil.rmtree(folder.parent)


def test_a_second_process_refuses_in_one_sentence(tmp_path: Path, capsys):
    folder = tmp_path / "result"
    with FolderLock(folder):
        assert main([*COMMANDS[1], "--out", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{folder}: another qipan process is writing here; wait for it")
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
