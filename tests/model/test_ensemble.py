"""What `run` promises: shapes, order, progress, and what it refuses."""

import pytest

from qipan import run
from tests.laws.cases import EVERY_FIELD, small


def test_shapes_and_labels():
    h = run(small(years=2), replicates=[3, 1])
    assert h.replicates.tolist() == [3, 1] and h.years.tolist() == [2023, 2024]
    assert h["output"].shape == (2, 2, 9, 5) and h["money"].shape == (2, 2, 6, 3) and h["value"].shape == (2, 5)


def test_only_the_fields_asked_for():
    scenario = small(years=2)
    h = run(scenario, replicates=range(2), fields=["output", "value"])
    assert list(h.arrays) == ["output", "value"]
    assert h["output"].tobytes() == run(scenario, replicates=range(2))["output"].tobytes()


def test_an_unknown_field_is_named():
    with pytest.raises(ValueError, match=r"unknown fields .'outptu'.*known are layout"):
        run(small(years=1), replicates=[0], fields=["outptu"])


def test_progress_ends_at_the_end(monkeypatch):
    told = []
    monkeypatch.setattr("qipan.model.executor.BLOCK", 2)
    run(small(years=3), replicates=range(5), progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (15, 15)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(EVERY_FIELD) > 30
