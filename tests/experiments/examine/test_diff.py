"""What differs between scenarios and results: every setting with its place, every number, and nothing else."""

import pytest

from qipan import open_result
from qipan.experiments.command_line import main
from qipan.experiments.examine.diff import diff
from tests.errors.test_command_line import refused

SHORT = ("--set", "run.last_year=2025", "--workers", "1", "--quiet", "--no-report", "--no-reference")


def made(folder):
    """The same comparison at two levies."""
    for name, levy in (("a", "0.2"), ("b", "0.1")):
        given = ("--replicates", "3", "--set", f"policy.coordination.levy={levy}", "--out", str(folder / name))
        assert main(["compare", "baseline", "national-design", *given, *SHORT]) == 0


@pytest.fixture(scope="module")
def results(once):
    folder = once("diff", made)
    return str(folder / "a"), str(folder / "b")


def test_settings_of_two_scenarios_with_their_places(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("title: Mine\nextends: national-design\npolicy:\n  coordination: {levy: 0.1}\n", encoding="utf-8")
    found = diff("national-design", str(mine))
    (row,) = found.settings.to_dict("records")
    assert (row["key"], row["a"], row["b"], row["where_a"]) == ("policy.coordination.levy", "0.2", "0.1", "default")
    assert row["where_b"].endswith("mine.yaml:4")
    assert found.made.empty and found.numbers is None
    levers = set(diff("baseline", "national-design").settings["key"])
    assert {"policy.coordination.arm", "policy.coordination.pilot_zones"} <= levers and len(levers) == 7


def test_a_timeline_and_regions_are_settings_too(capsys):
    assert main(["diff", "baseline", "henan-shanxi-double-funds"]) == 0
    said = capsys.readouterr().out.replace("\n", "")
    assert "Henan" in said and "(x2)" in said


def test_numbers_of_two_results_are_those_of_their_tables(results):
    found = diff(*results)
    levy = found.settings.set_index("key").loc["policy.coordination.levy"]
    assert (levy["arm"], levy["a"], levy["b"]) == ("all", "0.2", "0.1")
    rows = found.numbers.set_index(["arm", "kind", "measure", "year"])
    told = rows.loc[("national-design", "effect", "welfare", "total")]
    ours, theirs = (open_result(name).difference("national-design", "welfare")["mean"] for name in results)
    assert (told["a"], told["b"], told["change"]) == (ours, theirs, theirs - ours)
    assert "baseline" not in set(found.numbers["arm"]), "without a coordinator the levy does nothing"
    assert 0 < len(rows) < found.compared


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_result_does_not_differ_from_itself(results, language, capsys):
    assert main(["diff", results[0], results[0], "--lang", language]) == 0
    said = capsys.readouterr().out
    assert ("No setting differs." in said) if language == "en" else ("没有任何设定不同" in said)
    assert diff(results[0], results[0]).numbers.empty


def test_what_differs_is_stored_beside_nothing_of_the_users(results, tmp_path, capsys):
    place = tmp_path / "d"
    assert main(["diff", *results, "--out", str(place)]) == 0
    assert {path.stem for path in (place / "tables").glob("*.csv")} == {"settings", "numbers"}
    (place / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["diff", *results, "--out", str(place)]) == 0
    assert (place / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_both_names_are_told_when_both_are_wrong(capsys):
    lines = refused(capsys, "diff", "natinal-design", "burnn")
    assert [line.partition(";")[2] for line in lines] == [" did you mean national-design?", " did you mean burn?"]
