"""Signals that fall inside the run: commands killed while they work come to the bytes of an unbroken run.

A signal is sent at a random moment after the command has taken its result folder, and counts where it ended the
process. The ordinary suite sends a few; `make kill-test` sends 50 to `compare` and 14 to each of the others, and prints
how many fell inside the run.
"""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.test_kill import FULL, HERE, TINY, content, finish, random_numbers, start

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")

LINE = "experiments.command_line"
GAME = ("compare", "theory/shared-prize-small", "theory/shared-prize-small-planner", *TINY)
NEW = {
    "compare": ("compare", "baseline", "national-design", "--no-reference", "--assumptions", "0", "--set",
                "run.last_year=2024", "--replicates", "200", "--no-report", "--quiet"),
    "sweep": ("sweep", str(HERE / "small-game-sweep.yaml"), "--no-report", "--quiet"),
    "attribute": ("attribute", "theory/shared-prize-small-planner", "--fraction", "1/2", "--set",
                  "policy.coordination.pilots=2", *TINY, "--replicates", "9"),
}  # fmt: skip
"""Commands that make a result; each takes `--out`."""
STORED = {"plot": ("plot",), "export": ("export", "--format", "xlsx")}
"""Commands about a stored result."""
SENT = {"compare": (50, 40) if FULL else (2, 1)} | dict.fromkeys(
    ("sweep", "attribute", "plot", "export"), (14, 10) if FULL else (1, 0)
)
"""Signals sent, and how many must fall inside the run; a busy machine may let a short command end first."""
LONGEST = 120.0


def command_for(name: str, folder: Path) -> tuple[str, ...]:
    """The arguments of a command about a result folder."""
    if name in STORED:
        verb, *options = STORED[name]
        return (verb, str(folder), *options)
    return (*NEW[name], "--workers", "1", "--out", str(folder))


def wait_for_work(process, folder: Path) -> float:
    """Wait until the command holds its result folder, or has ended; the moment."""
    until = time.monotonic() + LONGEST
    while process.poll() is None and not (folder / ".lock").exists() and time.monotonic() < until:
        time.sleep(0.005)
    return time.monotonic()


@pytest.mark.parametrize("name", [*NEW, *STORED])
def test_a_signal_inside_the_run_loses_nothing(name: str, tmp_path: Path, capsys):
    before = tmp_path / "before" / "result"
    if name in STORED:
        finish(*GAME, "--workers", "1", "--out", str(before))
    whole = tmp_path / "whole" / "result"
    prepare(before, whole)
    process = start("-m", LINE, *command_for(name, whole))
    began = wait_for_work(process, whole)
    assert process.wait(LONGEST) == 0, process.stderr.read().decode()
    process.stderr.close()
    seconds, expected = time.monotonic() - began, content(whole)
    sent, least = SENT[name]
    inside = 0
    for number, luck in enumerate(random_numbers(sent)):
        folder = tmp_path / str(number) / "result"
        prepare(before, folder)
        process = start("-m", LINE, *command_for(name, folder))
        wait_for_work(process, folder)
        time.sleep(0.8 * luck * seconds)
        process.send_signal(signal.SIGKILL)
        inside += process.wait(LONGEST) == -signal.SIGKILL
        process.stderr.close()
        finish(*command_for(name, folder))
        assert content(folder) == expected
        shutil.rmtree(folder.parent)
    with capsys.disabled():
        print(f"\n{name}: {inside} of {sent} signals fell inside the run")
    assert inside >= least


def prepare(before: Path, folder: Path) -> None:
    """The result that a command is about, where it is about one."""
    folder.parent.mkdir(exist_ok=True)
    if before.exists():
        shutil.copytree(before, folder)
