"""Rows of many parts laid together: the same in memory and in a file."""

from pathlib import Path

import numpy as np
import pytest

from qipan.experiments.summaries import spool


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


def test_nothing_collected_is_empty(tmp_path: Path):
    assert spool.Spool(10, tmp_path).finish() == {}
