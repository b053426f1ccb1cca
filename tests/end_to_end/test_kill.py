"""The kill test: commands stopped inside their run and at every step of writing come to the bytes of an unbroken run.

The ordinary suite sends two signals to a comparison, and stops a process of each kind at a step of writing tables and
one at a step of writing parts; `make kill-test` sends 50 signals to comparisons and 12 to each other kind of command,
counts how many fall inside the run, stops one process at every step of everything that is written, and fills a tiny
disk.
"""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from qipan.experiments.command_line import main
from qipan.experiments.store.disk import writing_to
from qipan.experiments.store.lock import FolderLock
from tests.end_to_end.processes import Signals, content, ended, finish, random_numbers, start
from tests.experiments.store.dying_disk import FailingDisk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")

FULL = bool(os.environ.get("QIPAN_EVERY_FAULT"))
HERE = Path(__file__).parent
SMALL = ("--set", "run.last_year=2024", "--replicates", "200", "--no-report", "--quiet")
PILOTS = ("--set", "policy.coordination.pilots=2")
TINY = ("--replicates", "130", "--set", "world.behaviour.rounds=3", "--no-report", "--quiet")
GAMES = {
    "compare": ("compare", "theory/shared-prize-small", "theory/shared-prize-small-planner", *TINY),
    "sweep": ("sweep", str(HERE / "small-game-sweep.yaml"), "--no-report", "--quiet"),
    "attribute": (
        "attribute",
        "theory/shared-prize-small-planner",
        "--fraction",
        "1/2",
        *PILOTS,
        *TINY,
        "--replicates",
        "9",
    ),
}
"""Small enough to be run again for every step of writing."""
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
from tests.experiments.store.dying_disk import FailingDisk, kill
with writing_to(FailingDisk(int(sys.argv[1]), sys.argv[2], kill)):
    sys.exit(main(sys.argv[3:]))
"""


KINDS = {
    "compare": ("compare", "baseline", "national-design", "--no-reference", "--assumptions", "0", *SMALL),
    "run": ("run", "national-design", *SMALL),
    "attribute": ("attribute", "national-design", "--fraction", "1/2", *SMALL, "--replicates", "9"),
    "sweep": ("sweep", str(HERE / "small-sweep.yaml"), "--no-report", "--quiet"),
    "plot": ("plot", "--format", "svg"),
    "export": ("export", "--format", "csv"),
    "export workbook": ("export", "--format", "xlsx"),
}
"""The last three are about a result that is there already."""
ATTEMPTS = {kind: (50, 40) if kind == "compare" else (16, 10) for kind in KINDS}
if not FULL:
    ATTEMPTS = {"compare": (2, 1)}
"""Signals sent, and how many of them must fall inside the run."""
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison without figures."""
    folder = tmp_path_factory.mktemp("compared") / "result"
    finish(*KINDS["compare"], "--workers", "1", "--out", str(folder))
    return folder


@pytest.mark.parametrize("kind", ATTEMPTS)
def test_stopped_by_a_signal_inside_the_run_and_started_again_it_comes_to_the_same_bytes(
    compared: Path, tmp_path: Path, kind: str, capsys
):
    """Processes are sent SIGKILL, SIGTERM or one Ctrl-C while they hold the result folder, at any share of the time."""
    stored, signals, (count, wanted) = kind.split()[0] in ("plot", "export"), Signals(), ATTEMPTS[kind]

    def command(name: str, workers: int) -> tuple[Path, tuple[str, ...]]:
        folder = tmp_path / name / "result"
        if stored:
            shutil.copytree(compared, folder)
            return folder, (*KINDS[kind], str(folder))
        return folder, (*KINDS[kind], "--workers", str(workers), "--out", str(folder))

    whole, arguments = command("whole", 1)
    signals.measure(whole, *arguments)
    expected = content(whole)
    for attempt, luck in enumerate(random_numbers(count)):
        folder, arguments = command(str(attempt), 1 + attempt // 2 % 2)
        number = SIGNALS[attempt % len(SIGNALS)]
        status, told = signals.send(number, 0.02 + 0.9 * luck, folder, *arguments)
        assert status in (0, -number, 130), told
        assert "Traceback" not in told
        finish(*arguments)
        assert content(folder) == expected, (attempt, number)
        shutil.rmtree(folder.parent)
    if FULL:
        with capsys.disabled():
            print(f"\n{kind}: {signals.inside} of {signals.sent} signals fell inside the run")
    assert signals.inside >= wanted


def status_of(command: tuple[str, ...], step: int, place: str) -> int:
    """Run the command line in a process that kills itself at a step of writing; negative when a signal ended it."""
    return ended(start("-c", SELF_KILLING, str(step), place, *command))[0]


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


@pytest.mark.parametrize(
    ("name", "begun"),
    [(name, "with all parts stored") for name in GAMES]
    + [(name, "from nothing") for name in (GAMES if FULL else ("compare",))],  # all kinds write parts alike
)
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
    assert len(points) >= (90 if stored else 19)
    half_written = [point for point in points if point[1] == "inside"]
    for step, place in points if FULL else half_written[2:3]:
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
        assert main([*KINDS["run"], "--out", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{folder}: another qipan process is writing here; wait for it")
    assert not list(folder.iterdir())


@pytest.mark.skipif(not FULL or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a disk")
def test_a_tiny_disk_fills_up_and_the_run_goes_on_when_there_is_room(compared: Path, tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("no disk can be made here")
    try:
        folder = disk / "result"
        command = (*KINDS["compare"], "--workers", "1", "--out", str(folder))
        status, told = ended(start("-c", LARGE_IN_VAIN, *command))
        assert status == 2
        (line,) = told.splitlines()
        assert "No space left on device; what is already stored is kept" in line
        assert not [file for file in folder.rglob("*") if file.name.endswith((".unfinished", ".lock"))]
        assert list((folder / "parts").glob("*.part"))
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        finish(*command)
        assert content(folder) == content(compared)
    finally:
        subprocess.run(["umount", str(disk)], check=False)
