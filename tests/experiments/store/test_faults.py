"""A run that dies at any point of writing leaves nothing half-written behind and comes to the same bytes afterwards.

Every step that reaches the disk (write, flush, rename, flush of the folder) is tried before, inside and after; the ways
to fail take turns, and `make kill-test` tries every way at every point. With the small engine, in one process;
`tests/end_to_end/test_kill.py` does it to real processes.
"""

import dataclasses
import json
import os
import shutil
from functools import cache, partial
from pathlib import Path

import pytest

import qipan
from qipan.experiments.results import write as writing
from qipan.experiments.results.assemble import assemble
from qipan.experiments.runs.execute import execute
from qipan.experiments.runs.gather import gather
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.store.disk import writing_to
from qipan.experiments.store.folder import holding
from qipan.experiments.store.lock import FolderLock
from qipan.experiments.store.ownership import add_files
from qipan.experiments.store.parts import PartStore
from qipan.model.errors import StoreError
from tests.experiments.runs.small_engine import WORLD, SmallScenario, run
from tests.experiments.store.dying_disk import Died, FailingDisk, ForgetfulDisk, QuickDisk, fill_up, interrupt

WAYS = {
    "killed": FailingDisk,
    "ctrl-c": partial(FailingDisk, death=interrupt),
    "disk full": partial(FailingDisk, death=fill_up),
    "power lost, names too": ForgetfulDisk,
    "power lost, names kept": partial(ForgetfulDisk, keeps_names=True),
    "power lost, nothing was flushed": partial(ForgetfulDisk, lies=True, keeps_names=True),
}
REQUEST = {"kind": "comparison"}
EVERY = bool(os.environ.get("QIPAN_EVERY_FAULT"))


def attempts(points: list[tuple[int, str]], turn: int) -> list[tuple[str, int, str]]:
    """(way, step, place): every point, with every way when all are asked for, else with the one whose turn it is."""
    ways = list(WAYS)
    return [
        (way, *point)
        for number, point in enumerate(points)
        for way in (ways if EVERY else (ways[(number + turn) % len(ways)],))
    ]


@pytest.fixture(autouse=True)
def small_engine(monkeypatch):
    monkeypatch.setattr(qipan, "run", run)
    with writing_to(QuickDisk()):
        yield


def plan_of(folder: Path) -> RunPlan:
    arms = tuple(SmallScenario(name, level) for name, level in (("none", 1.0), ("burn", 0.9)))
    return RunPlan("small", folder, tuple(arm.replace(**{"run.replicates": 200}) for arm in arms), ("none", "burn"))


def compute(folder: Path) -> dict[str, bytes]:
    """Run and return the stored parts."""
    with FolderLock(folder):
        store = PartStore(folder / "parts")
        store.remove_unfinished()
        execute(plan_of(folder), store, workers=1, strict=False, advance=lambda count: None)
        return {key: store.path(key).read_bytes() for key in store.stored()}


def rests(folder: Path) -> list[str]:
    """Files that no finished run leaves."""
    return [file.name for file in folder.rglob("*") if file.name.endswith((".unfinished", ".lock", ".damaged"))]


@pytest.mark.parametrize("turn", [0, 2])
def test_every_point_while_parts_are_written(tmp_path: Path, turn: int):
    expected = compute(tmp_path / "whole")
    with writing_to(counting := FailingDisk()):
        compute(tmp_path / "counted")
    points = counting.points()
    assert len(points) == 4 * (3 + 2)  # four parts: a write has three places, taking its name two
    for number, (way, step, place) in enumerate(attempts(points, turn)):
        folder = tmp_path / f"dies-{number}"
        with writing_to(WAYS[way](step, place)):
            try:
                compute(folder)
            except (Died, StoreError) as error:
                assert isinstance(error, StoreError) == (way == "disk full")
                assert way != "ctrl-c"
        assert rests(folder) == [] or way not in ("ctrl-c", "disk full")
        if "power lost" not in way:  # else one may be broken, which its checksum tells: it is computed anew
            for part in (folder / "parts").glob("*.part"):
                assert part.read_bytes() == expected[part.stem]
        assert compute(folder) == expected
        assert sorted(file.name for file in folder.iterdir()) == ["parts"]
        assert {file.suffix for file in (folder / "parts").iterdir()} == {".part"}


@pytest.fixture
def comparison(tmp_path: Path, monkeypatch):
    """A comparison whose tables are turned into bytes once only: here it matters how bytes are written."""
    plan = plan_of(tmp_path / "computed")
    store = PartStore(plan.folder / "parts")
    execution = execute(plan, store, workers=1, strict=False, advance=lambda count: None)
    result = assemble(plan, gather(plan, store), WORLD, execution)
    explained, means = writing.dictionary_of(result.tables), writing.means_bytes(result)
    monkeypatch.setattr(writing, "dictionary_of", lambda comparison: explained)
    monkeypatch.setattr(writing, "means_bytes", lambda comparison: means)
    known = {id(table): table for table in (*result.tables.values(), explained)}
    for name in ("parquet_bytes", "csv_bytes"):
        make = getattr(writing, name)
        made = cache(lambda key, make=make: make(known[key]))
        monkeypatch.setattr(
            writing, name, lambda table, made=made, make=make: made(id(table)) if id(table) in known else make(table)
        )
    return result


def test_every_point_while_tables_are_written(tmp_path: Path, comparison):
    def written(folder: Path) -> dict[str, bytes]:
        PartStore(folder / "parts").remove_unfinished()
        writing.write_result(comparison, folder, [])
        return held(folder)

    expected = written(tmp_path / "whole")
    with writing_to(counting := FailingDisk()):
        written(tmp_path / "counted")
    points = counting.points()
    folders = 3 + 1  # the manifest comes by itself; a write has three places, each other step two; so has the journal
    assert len(points) == (len(expected) - 1) * (3 + 2 + 2) + (3 + 2 + 2 + 2) + folders * 2
    for number, (way, step, place) in enumerate(attempts(points, 0)):
        folder = tmp_path / f"dies-{number}"
        with writing_to(WAYS[way](step, place)), pytest.raises((Died, StoreError, KeyboardInterrupt)):
            written(folder)
        assert rests(folder) == [] or way not in ("ctrl-c", "disk full")
        assert written(folder) == expected


def test_a_disk_that_fills_up_while_tables_are_written_leaves_the_result_that_was_there(tmp_path: Path, comparison):
    """Wherever room runs out: every file of the finished result of before is there, byte for byte, and can be read."""
    folder = tmp_path / "result"
    with holding(folder, REQUEST):
        writing.write_result(comparison, folder, [])
        add_files(folder, {"report.html": b"page"})
    before = held(folder)
    other = dataclasses.replace(comparison, manifest={**comparison.manifest, "warnings": ["another"]})
    with writing_to(counting := FailingDisk()):
        shutil.copytree(folder, tmp_path / "counted")
        with holding(tmp_path / "counted", REQUEST):
            writing.write_result(other, tmp_path / "counted", [])
    assert not (tmp_path / "counted" / "report.html").exists()
    steps = [number for number, (name, _) in enumerate(counting.steps, 1) if name == "write"]
    assert len(steps) > 30
    for step in steps[:-1]:  # the last is the journal's, when all has its name
        for place in ("before", "inside", "after"):
            (folder / "files.json").write_bytes(before["files.json"])
            full = FailingDisk(step, place, fill_up)
            with writing_to(full), pytest.raises(StoreError, match="No space left"), holding(folder, REQUEST):
                writing.write_result(other, folder, [])
            now = held(folder)
            assert {**now, "files.json": None} == {**before, "files.json": None}
            told = json.loads(now["files.json"])
            assert set(before) - {"files.json"} == {*told["files"], *told["former"]}
    with holding(folder, REQUEST):
        writing.write_result(comparison, folder, [])
    assert held(folder) == before


def held(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
