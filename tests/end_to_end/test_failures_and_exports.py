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
from tests.blank import blank_figures

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
        "planned": 4,
        "used": 3,
        "failed": 1,
        "block": 128,
        "failed_by_arm": {"burn": 1},
    }
    assert sorted(set(comparison.table("totals")["replicate"])) == [0, 1, 3]
    assert comparison.warnings[0].text.startswith(
        "1 of 4 replicates failed in at least one arm and are left out of all: 3 used"
    )
    assert "Failed by arm: burn 1. The first: burn, replicate 2:" in comparison.warnings[0].text
    capsys.readouterr()
    assert main(["replay", record["identifier"], "--results", str(tmp_path / "results")]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("burn, replicate 2 of ")
    assert "Traceback" in told.err
    assert told.err.endswith("FloatingPointError: made to fail\n")
    failing()  # the cause is put right
    assert main(["replay", record["identifier"], "--results", str(folder)]) == 0
    assert "succeeds now" in capsys.readouterr().out


def test_a_failure_in_one_policy_takes_its_replicate_from_that_policy_alone(monkeypatch, tmp_path: Path, capsys):
    """Imitators fail in replicate 2, the design's placebo in 1: the rows of each policy are those of it alone."""
    real, fails = qipan.run, {"imitators": 2, "placebo-of-national-design": 1}

    def run(scenario, *, replicates):
        if fails.get(scenario.name) in replicates:
            raise FloatingPointError("made to fail")
        return real(scenario, replicates=replicates)

    monkeypatch.setattr(qipan, "run", run)
    rest = ("--replicates", "4", "--set", "run.last_year=2025", "--workers", "1", "--no-report", "--assumptions", "0")
    arms = {"a": ("imitators",), "b": ("national-design",), "both": ("imitators", "national-design")}
    for name, named in arms.items():
        reference = "--with-reference" if "national-design" in named else "--no-reference"
        assert main(["compare", "baseline", *named, reference, *rest, "--out", str(tmp_path / name)]) == 0
    both = load_result(tmp_path / "both")
    assert "2-3 paired replicates" in capsys.readouterr().out
    for name in ("a", "b"):
        alone = load_result(tmp_path / name)
        for arm in alone.arms[1:]:
            beside = both.arm(arm.name)
            assert beside.replicates == arm.replicates
            for field, values in arm.arrays.items():
                assert np.array_equal(values, beside.arrays[field], equal_nan=True)
            for table in set(COLUMNS) - {"arms", "ranking"}:
                one, other = (each.table(table) for each in (alone, both))
                rows = [each[each["arm"] == arm.name].reset_index(drop=True) for each in (one, other)]
                pd.testing.assert_frame_equal(*rows, check_exact=True, obj=f"{table} of {arm.name}")
    assert both.warnings[0].text.startswith(
        "2 of 4 replicates failed in at least one arm: ranks, and the rows of the baseline, are of the 2 that failed "
        "in none. Failed by arm: imitators 1, placebo-of-national-design 1. The first: "
    )
    assert both.warnings[1].text.endswith("nor in the baseline: imitators 3, national-design 3.")
    told = {arm["name"]: arm["replicates"] for arm in both.manifest["arms"]}
    assert (told["baseline"], told["imitators"], told["lump-sum-of-national-design"]) == (2, 3, 3)


def test_a_summary_tells_that_a_failure_in_one_policy_is_left_out_of_all(failing, tmp_path: Path):
    rest = ("--replicates", "4", "--set", "run.last_year=2025", "--workers", "1", "--no-report", "--quiet")
    named = ("compare", "baseline", "burn", "cut", *rest, "--keep", "summary", "--out", str(tmp_path / "r"))
    assert main(named) == 0
    told = [*map(str, load_result(tmp_path / "r").warnings)]
    assert told[0].startswith("1 of 4 replicates failed in at least one arm and are left out of all: 3 used")
    assert told[-1].startswith("A summary keeps no replicate by itself, so one that failed in one policy is left out")


def test_under_strict_the_first_failure_it_and_can_be_replayed(failing, tmp_path: Path, capsys):
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
        with blank_figures():
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
