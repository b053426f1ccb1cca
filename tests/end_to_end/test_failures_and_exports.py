"""A failed replicate from its record to its replay, and a stored result in the formats of other tools."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import qipan
from qipan.experiments.command_line import main
from qipan.experiments.results.read import load_result
from qipan.experiments.summaries.comparison import COLUMNS

COMPARE = ("compare", "baseline", "burn", "--replicates", "4", "--workers", "1", "--no-report", "--quiet")


@pytest.fixture
def failing(monkeypatch):
    """Replicate 2 of the arm that burns the levy raises."""
    real = qipan.run

    def run(scenario, *, replicates):
        if scenario.policy.coordination.arm == "burn" and 2 in replicates:
            raise FloatingPointError("made to fail")
        return real(scenario, replicates=replicates)

    monkeypatch.setattr(qipan, "run", run)
    return lambda: monkeypatch.setattr(qipan, "run", real)


def test_a_failure_is_recorded_left_out_said_and_can_be_replayed(failing, tmp_path: Path, capsys):
    folder = tmp_path / "results" / "one"
    assert main([*COMPARE, "--out", str(folder)]) == 0
    (record,) = json.loads((folder / "failures.json").read_text(encoding="utf-8"))
    assert (record["scenario"], record["replicate"]) == ("burn", 2)
    assert record["message"] == "FloatingPointError: made to fail"
    comparison = load_result(folder)
    assert comparison.manifest["replicates"] == {
        "planned": 4, "used": 3, "failed": 1, "block": 128, "failed_by_arm": {"burn": 1},
    }  # fmt: skip
    assert sorted(set(comparison.table("totals")["replicate"])) == [0, 1, 3]
    assert comparison.warnings[0].startswith(
        "1 of 4 replicates failed in at least one arm and are left out of all: 3 used"
    )
    assert "Failed by arm: burn 1. The first: burn, replicate 2:" in comparison.warnings[0]
    capsys.readouterr()
    assert main(["replay", record["identifier"], "--results", str(tmp_path / "results")]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("burn, replicate 2 of ")
    assert "Traceback" in told.err
    assert told.err.endswith("FloatingPointError: made to fail\n")
    failing()  # the cause is put right
    assert main(["replay", record["identifier"], "--results", str(folder)]) == 0
    assert "succeeds now" in capsys.readouterr().out


def test_under_strict_the_first_failure_ends_it_and_can_be_replayed(failing, tmp_path: Path, capsys):
    folder = tmp_path / "results" / "one"
    for _ in range(2):  # the second time the failure is read from its part
        assert main([*COMPARE, "--strict", "--out", str(folder)]) == 1
        (told,) = capsys.readouterr().err.splitlines()
        assert told.startswith("stopped (--strict): burn, replicate 2: FloatingPointError: made to fail; qipan replay ")
        assert main(["replay", told.split()[-1], "--results", str(tmp_path / "results")]) == 1
        assert "FloatingPointError: made to fail" in capsys.readouterr().err
        (folder / "failures.json").unlink()


def test_when_nothing_succeeds_the_failures_are_listed_and_can_be_replayed(tmp_path: Path, monkeypatch, capsys):
    def run(scenario, *, replicates):
        raise ValueError("a rule of the user's own: \ud800")

    monkeypatch.setattr(qipan, "run", run)
    folder = tmp_path / "result"
    assert main([*COMPARE, "--out", str(folder)]) == 1
    assert "no replicate succeeded; the first failure: ValueError: a rule of the user's own" in capsys.readouterr().err
    records = json.loads((folder / "failures.json").read_text(encoding="utf-8"))
    assert [(record["arm_name"], record["replicate"]) for record in records] == [
        (arm, replicate) for replicate in range(4) for arm in ("baseline", "burn")
    ]
    assert main(["replay", records[5]["identifier"], "--results", str(folder)]) == 1


def test_a_number_that_is_none_is_a_failure_of_its_replicate(tmp_path: Path, monkeypatch):
    real = qipan.run

    def run(scenario, *, replicates):
        history = real(scenario, replicates=replicates)
        if 1 in replicates:
            history.arrays["output"][list(replicates).index(1), 3] = np.inf
        return history

    monkeypatch.setattr(qipan, "run", run)
    folder = tmp_path / "result"
    assert main([*COMPARE, "--out", str(folder)]) == 0
    records = json.loads((folder / "failures.json").read_text(encoding="utf-8"))
    assert [(record["arm_name"], record["replicate"]) for record in records] == [("baseline", 1), ("burn", 1)]
    assert records[0]["message"] == "ArithmeticError: output holds a value that is not a finite number"
    assert load_result(folder).manifest["replicates"]["used"] == 3


def test_a_stored_result_reads_back_and_other_tools_read_its_exports(tmp_path: Path, capsys):
    folder = tmp_path / "result"
    assert main([*COMPARE, "--set", "run.last_year=2026", "--out", str(folder)]) == 0
    comparison = load_result(folder)
    assert [arm.name for arm in comparison.arms] == ["baseline", "burn"]
    assert comparison.arm("burn").arrays["layout"].shape == (4, 31, 6)
    for name, columns in COLUMNS.items():
        assert tuple(comparison.table(name).columns)[: len(columns)] == columns
        plain = pd.read_csv(folder / "tables" / f"{name}.csv", encoding="utf-8")
        assert len(plain) == len(comparison.table(name))
    for kind in ("xlsx", "iamc"):
        assert main(["export", str(folder), "--format", kind]) == 0
    sheets = pd.read_excel(folder / "result.xlsx", sheet_name=None)
    assert {"summary", "differences", "regions", "dictionary"} <= set(sheets)
    assert len(sheets["regions"]) == 31
    assert (folder / "result-iamc.csv").is_file()
    assert main(["export", str(folder), "--format", "pdf", "--to", str(folder / "print")]) == 0
    printed = sorted((folder / "print").iterdir())
    assert "differences.pdf" in [path.name for path in printed]
    assert all(path.read_bytes().startswith(b"%PDF") for path in printed)
    written = pd.read_csv(folder / "data_dictionary.csv", keep_default_na=False)
    assert (written["label"] != "").all(), written[written["label"] == ""]
