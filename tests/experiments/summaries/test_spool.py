"""Rows of many parts laid together: the same in memory and in a file."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from qipan.experiments.summaries import spool
from qipan.model.errors import StoreError


def parts():
    """Three parts of 3, 3 and 2 replicates; the sums are 0 + 1 + 2 = 3 everywhere."""
    for number, count in enumerate((3, 3, 2)):
        rows = np.arange(count, dtype=np.int64) + 3 * number
        yield {"replicates": rows, "year:a": rows[:, None] * np.ones(4), "sum:layout": np.full((2, 2), float(number))}


@pytest.mark.parametrize("most_in_memory", [100, 1])
def test_rows_follow_each_other_and_sums_are_added(tmp_path: Path, monkeypatch, most_in_memory: int):
    monkeypatch.setattr(spool, "MOST_IN_MEMORY", most_in_memory)
    monkeypatch.setattr(spool, "RELEASE", 3)
    collected = spool.Spool(10, tmp_path)
    for part in parts():
        collected.add(part)
    whole = collected.finish()
    assert isinstance(whole["year:a"], np.memmap) == (most_in_memory == 1)
    assert whole["replicates"].tolist() == list(range(8))
    assert whole["year:a"][:, 3].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert whole["sum:layout"].tolist() == [[3.0, 3.0], [3.0, 3.0]]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", ["posix_fallocate", "write"])
def test_without_room_for_the_rows_it_is_said_before_any_is_written(tmp_path: Path, monkeypatch, call: str):
    """Writing to a mapping for which the disk has no room kills the process by a signal."""
    asked: list[int] = []

    def full(handle: int, *place: object) -> int:
        asked.append(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(spool, "MOST_IN_MEMORY", 1)
    if call == "write":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    monkeypatch.setattr(os, call, full, raising=False)
    with pytest.raises(StoreError, match="rows of 20,000 replicates find no room: No space left on device; make room"):
        spool.Spool(20_000, tmp_path).add(next(parts()))
    assert asked
    assert list(tmp_path.iterdir()) == []


def test_the_room_that_is_taken_is_that_of_all_rows(tmp_path: Path):
    with (tmp_path / "rows").open("wb") as file:
        spool._reserve(file.fileno(), 3_000_000)
    assert (tmp_path / "rows").stat().st_size == 3_000_000
    assert (tmp_path / "rows").stat().st_blocks * 512 >= 3_000_000


def test_nothing_collected_is_empty(tmp_path: Path):
    assert spool.Spool(10, tmp_path).finish() == {}
