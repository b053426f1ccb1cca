"""What a user is told at the command line: one line for each problem, status 2, never a traceback."""

import shutil
from pathlib import Path

import pytest

from qipan.experiments.command_line import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def refused(capsys: pytest.CaptureFixture, *arguments: str) -> list[str]:
    """Run the command line, expect status 2, and return the lines of standard error."""
    status = main(list(arguments))
    captured = capsys.readouterr()
    assert status == 2, captured.err
    assert "Traceback" not in captured.err
    return captured.err.splitlines()


def scenario(folder: Path, text: str | bytes, name: str = "mine.yaml") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


PAIR = ("compare", "baseline", "burn")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("targets", "baseline", "--points", "1"),
            "--points: one value has no variance between values; give at least 2, better 32, or 0 to leave that out",
        ),
        (
            (*PAIR, "--precision", "2%", "--max-replicates", "99"),
            "--max-replicates: 99 is below the first look, at 100 replicates; give at least 100, or --replicates N "
            "without --precision",
        ),
        (
            (*PAIR, "--precision", "2%", "--max-replicates", "-3"),
            "--max-replicates: -3 is below the first look, at 100 replicates; give at least 100, or --replicates N "
            "without --precision",
        ),
        (
            (*PAIR, "--precision", "0%"),
            "--precision: '0%' is not a share above 0% and up to 100%; write it as 2% or 0.02",
        ),
        (
            (*PAIR, "--max-replicates", "200"),
            "--max-replicates: says nothing without --precision; give both, or --replicates N",
        ),
        ((*PAIR, "--on", "welfare"), "--on: says nothing without --precision; give both, or --replicates N"),
        (
            (*PAIR, "--precision", "2%", "--replicates", "50"),
            "--replicates: with --precision replicates are added until the interval is narrow enough; give "
            "--max-replicates N",
        ),
        (
            (*PAIR, "--replicates", "4", "--assumptions", "1"),
            "--assumptions: 1 replicate gives no interval; give at least 2, better 64, or 0 to leave the ranking out",
        ),
        (
            ("attribute", "national-design", "--replicates", "2"),
            "run.replicates: 2 replicates give no interval; give at least 3, better 500",
        ),
        (
            ("attribute", "national-design", "--replicates", "1"),
            "run.replicates: 1 replicate gives no interval; give at least 3, better 500",
        ),
        (
            ("best", "national-design", "--replicates", "3"),
            "run.replicates: 3 replicates give no interval; give at least 4, better 500",
        ),
        (
            ("worth", "baseline", "--replicates", "4", "--set", "policy.funding.government_share=0.95"),
            "policy.funding.government_share: 1.045 is out of range once it is raised by 10% for the study; "
            "allowed 0 to 1",
        ),
    ],
)
def test_what_statistics_need_is_refused_before_work(capsys, arguments, expected):
    assert refused(capsys, *arguments) == [f"command line: {expected}"]


def test_a_mistyped_choice_is_told_with_the_one_that_is_meant(capsys):
    (line,) = refused(capsys, "list", "scenario")
    assert "did you mean scenarios?" in line


@pytest.mark.parametrize("typed, meant", [("compar", "compare"), ("rnu", "run"), ("shwo", "show"), ("chek", "check")])
def test_a_mistyped_command_is_answered_with_the_one_meant(capsys, typed, meant):
    assert refused(capsys, typed) == [f"command line: no command '{typed}'; did you mean {meant}? (see qipan --help)"]


def test_an_unlike_command_is_answered_with_all_there_are(capsys):
    (line,) = refused(capsys, "zzz")
    assert all(command in line for command in COMMANDS)


def test_a_mistyped_option_is_answered_with_the_one_meant(capsys):
    (line,) = refused(capsys, "compare", "baseline", "burn", "--replicate", "3")
    assert "no such option '--replicate'" in line
    assert "--replicates" in line
    assert line.endswith("(see qipan compare --help)")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("compare", "baseline"), "missing argument"),
        (("run",), "missing argument"),
        (("run", "baseline", "--workers", "0"), "0 is not in the range"),
        (("run", "baseline", "--replicates", "many"), "'many' is not a valid integer"),
        (("run", "baseline", "--lang", "fr"), "'fr' is not one of 'en', 'zh'"),
        (("list", "colours"), "'colours' is not one of 'scenarios'"),
        (("export", "results/none", "--format", "docx"), "'docx' is not one of"),
        (("compare", "baseline", "burn", "--seed"), "requires an argument"),
    ],
)
def test_a_wrong_argument_is_one_line(capsys, arguments, message):
    (line,) = refused(capsys, *arguments)
    assert line.startswith("command line: ")
    assert message in line


def test_an_unknown_scenario_is_answered_with_a_similar_one(capsys):
    (line,) = refused(capsys, "run", "nationl-design")
    assert "nationl-design" in line
    assert "did you mean national-design?" in line


@pytest.mark.parametrize(
    "setting, told",
    [
        ("policy.coordination.lev=0.1", "did you mean levy?"),
        ("policy.coordination.levy=2", "0 to 1"),
        ("policy.coordination.levy=much", "levy"),
        ("policy.coordination.levy", "policy.coordination.levy"),
        ("=3", "command line"),
    ],
)
def test_a_bad_setting_names_the_key_and_what_is_allowed(capsys, setting, told):
    lines = refused(capsys, "show", "baseline", "--set", setting)
    assert len(lines) == 1
    assert lines[0].startswith("command line: ")
    assert told in lines[0]


def test_all_problems_of_all_files_are_told_at_once_with_file_and_line(capsys, tmp_path: Path):
    first = scenario(
        tmp_path,
        "title: two mistakes\nextends: baseline\npolicy:\n  coordination:\n    levi: 0.1\n    cut: 7\n",
        "first.yaml",
    )
    second = scenario(tmp_path, "title: one\nextends: baseline\nrun:\n\tseed: 2\n", "second.yaml")
    lines = refused(capsys, "check", first, second)
    assert [line.split(": ")[0] for line in lines] == [f"{first}:5", f"{first}:6", f"{second}:4"]
    assert "did you mean levy?" in lines[0]
    assert "0 to 1" in lines[1]
    assert "a tab character" in lines[2]


@pytest.mark.parametrize(
    "content, told",
    [
        (b"", "the file is empty"),
        (b"\x00\x01\x02\xff" * 50, "a binary file, not text"),
        ("title: x\ntitle: y\n", "given twice, first in line 1"),
        ("title: x\nrun:\n\tseed: 1\n", "a tab character"),
        ("title: x\nextends: mine.yaml\n", "the scenario extends itself"),
        ("title: x\nextends: nowhere.yaml\n", "no such scenario"),
        ("title: [x\n", "not valid YAML"),
        ("title: &a x\nsource: *a\n", "is not used in scenario files"),
        ("title: x\nworld:\n  sectors: plan-7\n", "plan-7"),
    ],
)
@pytest.mark.parametrize("command", ["check", "show", "run"])
def test_a_broken_scenario_file_is_refused_by_every_command_that_reads_one(
    capsys, tmp_path: Path, command, content, told
):
    path = scenario(tmp_path, content)
    lines = refused(capsys, command, path)
    assert told in "\n".join(lines)
    assert all("mine.yaml" in line for line in lines)
    assert not (ROOT / "results" / "mine").exists()


def test_an_absent_file_and_a_folder_are_refused(capsys, tmp_path: Path):
    assert "no such scenario" in refused(capsys, "check", str(tmp_path / "absent.yaml"))[0]
    assert "holds no table of qipan" in refused(capsys, "check", str(tmp_path))[0]


def test_a_negative_budget_in_the_data_names_the_table_and_line(capsys, tmp_path: Path, monkeypatch):
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy)
    table = copy / "regions.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    columns = head.split(",")
    place = next(number for number, name in enumerate(columns) if name.startswith("fiscal_science"))
    cells = first.split(",")
    cells[place] = "-5"
    table.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    monkeypatch.setenv("QIPAN_DATA", str(copy))
    lines = refused(capsys, "run", "baseline", "--replicates", "2", "--out", str(tmp_path / "result"))
    assert len(lines) == 1
    assert "regions.csv:2" in lines[0]
    assert columns[place] in lines[0]
    assert "-5" in lines[0]
    assert not (tmp_path / "result").exists()


@pytest.mark.parametrize("number", ["1000000000", "1000000000000"])
def test_what_is_too_large_is_refused_before_it_begins_with_an_estimate(capsys, tmp_path: Path, number):
    (line,) = refused(
        capsys, "compare", "baseline", "burn", "--replicates", number, "--out", str(tmp_path / "r"), "--workers", "1"
    )
    assert "too large" in line
    assert f"{int(number):,} replicates of 2 arm(s)" in line
    assert "of memory" in line or "of disk" in line or "hours" in line
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("number", ["0", "-3"])
def test_no_replicates_is_refused(capsys, tmp_path: Path, number):
    (line,) = refused(capsys, "run", "baseline", "--replicates", number, "--out", str(tmp_path / "r"))
    assert "run.replicates" in line


def test_a_result_folder_that_is_a_file_is_refused(capsys, tmp_path: Path):
    place = tmp_path / "result"
    place.write_text("mine", encoding="utf-8")
    (line,) = refused(capsys, "run", "baseline", "--replicates", "2", "--out", str(place))
    assert line.startswith(f"{place}: ")
    assert place.read_text(encoding="utf-8") == "mine"


def test_arms_that_cannot_be_paired_are_refused_and_the_key_is_named(capsys, tmp_path: Path):
    late = scenario(tmp_path, "title: late\nextends: baseline\nrun:\n  last_year: 2030\n", "late.yaml")
    (line,) = refused(capsys, "compare", "baseline", late, "--replicates", "2", "--out", str(tmp_path / "r"))
    assert "run.last_year: late has 2030, the baseline baseline has 2060: they cannot be paired" in line


@pytest.mark.parametrize("command", ["plot", "export"])
def test_a_folder_that_is_no_result_is_refused(capsys, tmp_path: Path, command):
    more = ("--format", "xlsx") if command == "export" else ()
    (line,) = refused(capsys, command, str(tmp_path / "absent"), *more)
    assert "no such result folder" in line
    (line,) = refused(capsys, command, str(tmp_path), *more)
    assert "is not a finished result: it has no manifest.json" in line
    (tmp_path / "manifest.json").write_text('{"format": "something else"}', encoding="utf-8")
    (line,) = refused(capsys, command, str(tmp_path), *more)
    assert "is not the manifest of a qipan result" in line


def test_an_unknown_failure_cannot_be_replayed(capsys, tmp_path: Path):
    (line,) = refused(capsys, "replay", "abcdef", "--results", str(tmp_path))
    assert "no single failure 'abcdef': none" in line


def test_what_has_no_effect_in_a_study_of_value_is_said_once(capsys, tmp_path):
    small = ("world.data=synthetic", "world.regions=3", "run.last_year=2024", "policy.coordination.levy=0.1")
    given = [word for each in small for word in ("--set", each)]
    out = ("--out", str(tmp_path / "r"), "--no-report", "--workers", "1", "--replicates", "3")
    assert main(["worth", "baseline", *given, *out]) == 0
    said = capsys.readouterr()
    assert said.err.count("0.1 would have no effect: nobody coordinates") == 1
    assert "no effect" not in said.out and "a yuan more is worth" in said.out
