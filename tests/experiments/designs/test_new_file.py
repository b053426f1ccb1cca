"""A new scenario file holds what differs and nothing else, passes the check, and replaces nothing."""

from pathlib import Path

import pytest

from qipan import load_scenario
from qipan.experiments.command_line import main
from qipan.experiments.designs.sweep_file import load_sweep
from qipan.model.scenario.table import parameter_table
from tests.errors.test_command_line import refused

LEVY = ("--set", "policy.coordination.levy=0.1")


@pytest.mark.parametrize(
    ("base", "settings", "language"),
    [
        ("national-design", {"policy.coordination.levy": "0.1", "run.replicates": "200"}, "en"),
        ("baseline", {"policy.regions.Henan.funding.guidance_share": "x2", "run.seed": "null"}, "zh"),
        ("baseline", {"policy.timeline": "[{from: 2028, funding.guidance_share: x2}]"}, "en"),
        ("theory/game", {"world.values": "[10, 8, 6]", "run.replicates": "3"}, "zh"),
        ("baseline", {"world.data": "tests/contracts/own-data"}, "en"),
    ],
)
def test_the_file_is_the_base_with_the_settings(base, settings, language, tmp_path, capsys):
    given = [f"{key}={value}" for key, value in settings.items()]
    options = [word for text in given for word in ("--set", text)]
    place = tmp_path / "mine"
    assert main(["new", "mine", "--from", base, *options, "--out", str(place), "--lang", language]) == 0
    file = place / "mine.yaml"
    assert capsys.readouterr().out == f"{file}\n"
    assert main(["check", str(file)]) == 0
    assert load_scenario(file).digest() == load_scenario(base, given).digest()
    assert load_scenario(file).world.tables == load_scenario(base, given).world.tables
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert (place / "scenario.schema.json").is_file()
    for key in ("question", "question_zh", "source", "not_modelled"):
        assert f"\n# {key}:" in text


def test_values_stand_with_unit_range_and_what_the_base_has(tmp_path):
    assert main(["new", "mine", "--from", "national-design", *LEVY, "--out", str(tmp_path)]) == 0
    text = " ".join((tmp_path / "mine.yaml").read_text(encoding="utf-8").replace("#", "").split())
    assert "Allowed: 0 to 1. Plausible: 0.05 to 0.4. The base has 0.2. levy: 0.1" in text
    assert 'title: "Full national design: levy 0.1"' in text and "统筹比例 0.1" in text


def test_what_the_base_has_is_left_out_and_told(tmp_path, capsys):
    given = (*LEVY, "--set", "policy.coordination.pilot_zones=true")
    assert main(["new", "mine", "--from", "national-design", *given, "--out", str(tmp_path)]) == 0
    assert "policy.coordination.pilot_zones is left out" in capsys.readouterr().err
    assert "pilot_zones" not in (tmp_path / "mine.yaml").read_text(encoding="utf-8")


def test_a_base_of_ones_own_is_found_from_elsewhere(tmp_path):
    assert main(["new", "one", "--from", "national-design", *LEVY, "--out", str(tmp_path / "a")]) == 0
    assert main(["new", "two", "--from", str(tmp_path / "a" / "one.yaml"), "--out", str(tmp_path / "b")]) == 0
    assert load_scenario(tmp_path / "b" / "two.yaml").policy.coordination.levy == 0.1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("../mine",), ["command line: NAME: '../mine' is no name of a file without suffix"]),
        (("national-design",), ["command line: NAME: national-design is a scenario that comes with the model"]),
        (
            ("a/b", "--set", "policy.coordination.levi=0.1", "--set", "run.seed=-1"),
            ["command line: NAME: 'a/b' is no name", "policy.coordination.levi: unknown key", "run.seed: -1 is out of"],
        ),
        (("mine", *LEVY), ["command line: policy.coordination.levy: 0.1 would have no effect"]),
    ],
)
def test_all_problems_are_told_and_nothing_is_written(arguments, expected, tmp_path, capsys):
    lines = refused(capsys, "new", *arguments, "--out", str(tmp_path / "mine"))
    assert len(lines) == len(expected)
    assert all(text in line for text, line in zip(expected, lines, strict=True))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_nothing_is_overwritten(tmp_path, capsys):
    file, schema = tmp_path / "mine.yaml", tmp_path / "scenario.schema.json"
    file.write_text("mine", encoding="utf-8")
    schema.write_text("mine", encoding="utf-8")
    (line,) = refused(capsys, "new", "mine", "--out", str(tmp_path))
    assert "is there already, and nothing is overwritten" in line
    assert main(["new", "other", "--out", str(tmp_path)]) == 0
    assert [Path(path).read_text(encoding="utf-8") for path in (file, schema)] == ["mine", "mine"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_experiment_file_passes_the_check(language, tmp_path, capsys):
    vary = ("--vary", "policy.coordination.levy=0.1,0.3", "--vary", "policy.coordination.planner_error")
    given = (
        "--from",
        "national-design",
        *vary,
        "--set",
        "run.last_year=2040",
        "--out",
        str(tmp_path),
        "--lang",
        language,
    )
    assert main(["new", "mine", *given]) == 0
    sweep, _ = load_sweep(tmp_path / "mine.yaml")
    assert sweep.arms == ["baseline", "national-design"] and sweep.set == {"run.last_year": 2040}
    plausible = list(parameter_table()["policy.coordination.planner_error"].plausible)
    assert sweep.parameters["policy.coordination.levy"] == [0.1, 0.3]
    assert sweep.parameters["policy.coordination.planner_error"] == plausible
    assert main(["check", str(tmp_path / "mine.yaml")]) == 0
    assert (tmp_path / "experiment.schema.json").is_file()


def test_what_cannot_be_varied_is_told_at_once(tmp_path, capsys):
    given = ("--vary", "policy.coordination.levi", "--vary", "policy.coordination.arm", "--out", str(tmp_path))
    first, second = refused(capsys, "new", "mine", *given)
    assert "policy.coordination.levi: unknown key; did you mean levy?" in first
    assert "policy.coordination.arm: has no plausible range" in second
    assert not list(tmp_path.iterdir())
