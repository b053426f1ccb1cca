"""A run that dies at any point of writing leaves nothing half-written behind and comes to the same bytes afterwards.

Death is an exception that no code of ours catches, raised just before one of the calls that reach the disk: opening the
temporary file, flushing it, renaming it. What a rename never reached is what a lost power supply leaves.
"""

import os
import sys
from pathlib import Path

import pytest

import model
from experiments.assembling import assemble
from experiments.gathering import gather
from experiments.lock import FolderLock
from experiments.plan import Plan
from experiments.running import execute
from experiments.store import PartStore
from experiments.writing import write_result

sys.path.insert(0, str(Path(__file__).parent))
from small_engine import WORLD, SmallScenario, run


class Died(BaseException):
    """The process is gone."""


class Disk:
    """Counts the calls that reach the disk and dies before call number `fatal` (0: never)."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fatal: int = 0):
        self.calls, self.fatal = 0, fatal
        for owner, name in ((Path, "open"), (os, "fsync"), (Path, "replace")):
            monkeypatch.setattr(owner, name, self._watched(getattr(owner, name)))

    def _watched(self, original):
        def call(*arguments, **named):
            self.calls += 1
            if self.calls == self.fatal:
                raise Died
            return original(*arguments, **named)

        return call


@pytest.fixture(autouse=True)
def small_engine(monkeypatch):
    monkeypatch.setattr(model, "run", run)


def plan_of(folder: Path) -> Plan:
    arms = tuple(SmallScenario(name, level) for name, level in (("none", 1.0), ("burn", 0.9)))
    return Plan("small", folder, arms, ("none", "burn"))


def compute(folder: Path) -> dict[str, bytes]:
    """Run and return the stored parts."""
    with FolderLock(folder):
        store = PartStore(folder / "parts")
        store.remove_unfinished()
        execute(plan_of(folder), store, workers=1, strict=False, advance=lambda count: None)
        return {key: store.path(key).read_bytes() for key in store.stored()}


def test_death_at_every_point_while_parts_are_written(tmp_path: Path):
    expected = compute(tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        compute(tmp_path / "counted")
        points = disk.calls
    assert points >= 6 * 4  # six parts: open, flush, rename, flush of the folder
    for fatal in range(1, points + 1):
        folder = tmp_path / f"dies-{fatal}"
        with pytest.MonkeyPatch.context() as patch:
            Disk(patch, fatal)
            with pytest.raises(Died):
                compute(folder)
        for part in (folder / "parts").glob("*.part"):
            assert part.read_bytes() == expected[part.stem]
        assert compute(folder) == expected
        assert sorted(file.name for file in folder.iterdir()) == ["parts"]
        assert {file.suffix for file in (folder / "parts").iterdir()} == {".part"}


def test_death_while_the_tables_are_written(tmp_path: Path):
    compute(tmp_path)
    store, plan = PartStore(tmp_path / "parts"), plan_of(tmp_path)
    execution = execute(plan, store, workers=1, strict=False, advance=lambda count: None)
    comparison = assemble(plan, gather(plan, store), WORLD, execution)

    def written(folder: Path) -> dict[str, bytes]:
        folder.mkdir(exist_ok=True)
        write_result(comparison, folder, [])
        return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    expected = written(tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        written(tmp_path / "counted")
        points = disk.calls
    for fatal in range(1, points + 1, 5):
        folder = tmp_path / f"dies-{fatal}"
        with pytest.MonkeyPatch.context() as patch:
            Disk(patch, fatal)
            with pytest.raises(Died):
                written(folder)
        (folder / "parts").mkdir()
        PartStore(folder / "parts").remove_unfinished()
        assert written(folder) == expected
