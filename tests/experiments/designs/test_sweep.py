"""Sweeps: files, points, tables and what separates outcomes, on numbers made by hand and on a small run."""

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.designs import sweep_tables
from qipan.experiments.designs.sweep_file import Sweep, load_sweep
from qipan.experiments.designs.sweep_points import Axis, points_of, unit_points
from qipan.experiments.figures.sweep_ranked import regret_finding
from qipan.experiments.figures.sweeps import level_rows
from qipan.experiments.findings.sweep import best_sentences, main_sentences, points_told
from qipan.experiments.results.stored import load_study
from qipan.experiments.results.study import Study
from qipan.experiments.statistics import drivers
from qipan.experiments.studies.sweep import planned, unread_by_all
from qipan.model.draws import Draws, Stream
from qipan.model.errors import ScenarioError
from qipan.model.scenario import load_scenario
from tests.blank import blank_figures

SMALL = """title: Small
arms: [baseline, national-design]
method: grid
replicates: 4
set: {run.last_year: 2025}
measures: [welfare, output_discounted, idle_share]
parameters:
  policy.coordination.levy: [0.1, 0.3]
  world.behaviour.revise: [0.2, 0.5, 1.0]
steps: 2
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def made(**values: object) -> Sweep:
    return Sweep.model_validate({"title": "t", "arms": ["baseline"], "method": "sobol", **values})


def noise(seed: int, n: int, columns: int) -> np.ndarray:
    return Draws(seed, np.arange(n), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


@pytest.fixture
def blank():
    """Figures are made and laid out; that they are drawn is left to tests of `plot` and of figures."""
    with blank_figures(laid_out=True):
        yield


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("method: grid", "method: girl", "mine.yaml:3: method: 'girl' cannot be used; allowed: grid,"),
        ("steps: 2", "stepz: 2", "mine.yaml:10: stepz: unknown key; did you mean steps?"),
        (
            "coordination.levy:",
            "coordination.levi:",
            "mine.yaml:8: policy.coordination.levi: unknown key; did you",
        ),
        ("[0.1, 0.3]", "[0.1, 3]", "mine.yaml:8: policy.coordination.levy: 3 is out of range; allowed 0 to 1"),
        ("idle_share]", "idel_share]", "mine.yaml:6: measures: no measure 'idel_share'; did you mean idle_share?"),
        ("  world.behaviour.revise", "  run.seed", "mine.yaml:9: run.seed: cannot be swept"),
        ("steps: 2", "steps: 1", "mine.yaml:10: steps: 1 cannot be used; allowed: a whole number from 2 to 1000"),
        ("steps: 2", "steps: two", "mine.yaml:10: steps: 'two' cannot be used; allowed: a whole number from 2 to 1000"),
        ("replicates: 4", "replicates: 1", "mine.yaml:4: replicates: 1 cannot be used; allowed: a whole number from 2"),
        ("replicates: 4", "points: 0", "mine.yaml:4: points: 0 cannot be used; allowed: a whole number from 1"),
        ("steps: 2", "scale: log", "mine.yaml:10: scale: unknown key; known here: title, title_zh, question,"),
        ("steps: 2", "steps：2", "mine.yaml:10: a fullwidth colon (：, U+FF1A) after steps; write `steps: `"),
        ("[0.1, 0.3]", "[1.0, 1.0]", "mine.yaml:8: policy.coordination.levy: every value is 1.0: nothing is varied;"),
        ("[0.1, 0.3]", "[0.3, 0.3, 0.3]", "mine.yaml:8: policy.coordination.levy: every value is 0.3: nothing is"),
        ("[0.1, 0.3]", "[0.3, 0.1]", "mine.yaml:8: policy.coordination.levy: 0.3 is above 0.1; a range goes from"),
        ("[0.1, 0.3]", "[0.1, 0.3, 0.1]", "mine.yaml:8: policy.coordination.levy: 0.1 stands twice; give each value"),
        ("[0.1, 0.3]", "[]", "mine.yaml:8: policy.coordination.levy: no values; two numbers for a range"),
        (
            "coordination.levy: [0.1",
            "coordination.period: [1.5",
            "mine.yaml:8: policy.coordination.period: 1.5 is not a whole number; allowed 1 to 100 years",
        ),
        (
            "[baseline, national-design]",
            "[baseline]",
            "mine.yaml:8: policy.coordination.levy: moves nothing: no arm has a coordinator; leave it out, or",
        ),
        ("method: grid\n", "", "method: is missing; grid, latin_hypercube or sobol"),
    ],
)
def test_a_wrong_file_is_answered_with_its_line(tmp_path, capsys, old, new, expected):
    path = file(tmp_path, SMALL.replace(old, new))
    assert main(["sweep", str(path), "--dry-run"]) == 2
    assert expected in capsys.readouterr().err


def test_all_problems_of_a_file_are_told_at_once(tmp_path, capsys):
    text = SMALL.replace("steps: 2", "steps: 1").replace("[0.1, 0.3]", "[1, 1]").replace("idle_share", "idel")
    assert main(["sweep", str(file(tmp_path, text))]) == 2
    said = capsys.readouterr().err
    assert all(line in said for line in ("mine.yaml:6: measures:", "mine.yaml:8: policy.", "mine.yaml:10: steps:"))


STILL = SMALL.partition("parameters:")[0].replace("national-design", "lump-sum") + (
    "parameters:\n  policy.coordination.planner_error: [0.0, 2.0]\n  world.behaviour.revise: [0.2, 1.0]\nsteps: 2\n"
)


@pytest.mark.parametrize(
    ("method", "said", "silent"),
    [
        (
            "grid",
            "Planner error moves nothing here: every measure of every arm is the same at all its values",
            "Revise",
        ),
        (
            "sobol\npoints: 3",
            "Planner error moves nothing where it was tried alone: at the first point, at",
            "Revise m",
        ),
    ],
)
def test_a_parameter_that_moves_nothing_is_told(tmp_path, capsys, blank, method, said, silent):
    """A lump sum is handed back whatever the coordinator sees; how often regions revise moves both arms."""
    text = STILL.replace("method: grid", f"method: {method}").replace("replicates: 4", "replicates: 2")
    text = text.replace("run.last_year: 2025", "run.last_year: 2024")
    given = ["sweep", str(file(tmp_path, text)), "--out", str(tmp_path / "s"), "--workers", "1"]
    assert main(given) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert said in out and silent not in out
    assert said in " ".join((tmp_path / "s" / "sweep.html").read_text(encoding="utf-8").split())


def test_that_nothing_is_varied_at_one_point_is_told(tmp_path, capsys):
    text = SMALL.replace("[0.1, 0.3]", "[0.3]").replace("[0.2, 0.5, 1.0]", "[0.2]").replace("2025", "2024")
    assert main(["sweep", str(file(tmp_path, text)), "--out", str(tmp_path / "s"), "--no-report"]) == 0
    assert "One point only: nothing is varied" in capsys.readouterr().out


def test_which_parameters_stand_still_by_hand():
    """a moves nothing where b is the same; b does; c is varied only together with b, so nothing is known of it."""
    points = [{"a": a, "b": b, "c": b} for a in (1, 2) for b in (1, 2)]
    cells = {
        (place, "one"): {"total:m": np.array([1.0, np.nan, float(point["b"])])} for place, point in enumerate(points)
    }
    assert sweep_tables.still_parameters(points, cells, ["m"]) == ["a"]
    points = [{"a": a, "b": b} for a in (1, 2) for b in (1, 2)]
    assert sweep_tables.still_parameters(points, cells, ["m"]) == ["a"]


def test_an_unknown_experiment_is_answered_with_the_one_meant(capsys):
    assert main(["sweep", "prior-volum"]) == 2
    assert "did you mean prior-volume?" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(path.stem for path in Path("scenarios/experiments").glob("*.yaml")))
def test_experiments_that_come_with_the_model_can_be_planned(name, capsys):
    assert main(["sweep", name, "--dry-run"]) == 0
    assert "points" in capsys.readouterr().out


def test_a_grid_has_every_combination():
    asked = made(
        method="grid",
        steps=3,
        parameters={"policy.coordination.levy": [0.1, 0.3], "policy.coordination.delay": [0, 1, 3]},
    )
    points, passed = points_of(asked)
    assert passed == 0
    assert len(points) == 9
    assert {point["policy.coordination.delay"] for point in points} == {0, 1, 3}
    assert sorted({point["policy.coordination.levy"] for point in points}) == pytest.approx([0.1, 0.2, 0.3])


def test_a_latin_hypercube_has_one_point_in_every_slice():
    places = unit_points("latin_hypercube", 20, 5, seed=3)
    np.testing.assert_array_equal(np.sort(np.floor(places * 20), axis=0), np.arange(20)[:, None] * np.ones(5))


def test_a_sobol_sequence_fills_the_square_and_keeps_its_beginning():
    """Of 64 points each of the 16 squares of a 4 x 4 board has 4, up to the shift: never fewer than 1."""
    few, many = unit_points("sobol", 16, 3, seed=1), unit_points("sobol", 64, 3, seed=1)
    np.testing.assert_array_equal(few, many[:16])
    board = np.histogram2d(many[:, 0], many[:, 1], bins=4, range=[[0, 1], [0, 1]])[0]
    assert board.min() >= 1
    assert (unit_points("sobol", 16, 3, seed=2) != few).any()


def test_whole_numbers_and_lists_have_equal_shares():
    places = (np.arange(600) + 0.5) / 600
    counts = np.unique([Axis("x", 1.0, 3.0, whole=True).value(place) for place in places], return_counts=True)
    assert counts[0].tolist() == [1, 2, 3]
    assert counts[1].tolist() == [200, 200, 200]
    assert Axis("x", values=("a", "b")).value(0.99) == "b"


def test_points_whose_delay_is_not_below_the_period_are_passed_over():
    asked = made(
        points=40,
        reject=["delay_not_below_period"],
        parameters={"policy.coordination.delay": [0, 3], "policy.coordination.period": [1, 5]},
    )
    points, passed = points_of(asked)
    assert len(points) == 40
    assert passed > 0
    assert all(point["policy.coordination.delay"] < point["policy.coordination.period"] for point in points)


def cells(means: list[list[float]], n: int = 200) -> dict:
    """One welfare value a replicate around each mean (point, arm), standard deviation 1, arms of a point paired."""
    made = {}
    for point, row in enumerate(means):
        shared = noise(point, n, 1)[:, 0]
        for arm, mean in zip("ab", row, strict=True):
            made[point, arm] = {
                "replicates": np.arange(n),
                "total:welfare": mean + shared + 0.1 * noise(90 + point + ord(arm), n, 1)[:, 0],
            }
    return made


WELFARE = ["welfare"]


def test_regret_by_hand():
    """Means (1, 3), (2, 0), (1, 1.5): regret of a is 2, 0, .5, of b 0, 2, 0; each is best where its mean is higher."""
    table = sweep_tables.robustness_table(cells([[1.0, 3.0], [2.0, 0.0], [1.0, 1.5]]), ["a", "b"], WELFARE[:1])
    a, b = (table.set_index("arm").loc[arm] for arm in "ab")
    assert a["max_regret"] == pytest.approx(2.0, abs=0.05)
    assert a["max_regret_low"] < 2.0 < a["max_regret_high"]
    assert a["mean_regret"] == pytest.approx(2.5 / 3, abs=0.05)
    assert b["mean_regret"] == pytest.approx(2.0 / 3, abs=0.05)
    assert (a["best"], b["best"], b["proven"]) == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert b["satisficing"] == pytest.approx(2 / 3)
    assert a["satisficing"] == a["surely"] == 1.0


def test_shares_of_the_volume_by_hand():
    """Four points: better, better, worse, and the same to the last digit, which is not "not distinguishable"."""
    found = cells([[0.0, 1.0], [0.0, 2.0], [0.0, -1.0], [0.0, 0.0]])
    found[3, "b"] = found[3, "a"]
    differences = sweep_tables.differences_table(found, ["a", "b"], WELFARE)
    volume = sweep_tables.volume_table(differences, "sobol").set_index(["criterion", "outcome"])["share"]
    assert volume["welfare"].to_dict() == {"helps": 0.5, "not distinguishable": 0.0, "identical": 0.25, "hurts": 0.25}


def test_false_findings_over_points_stay_below_their_share():
    """40 points, arms alike in all, 50 repeats: some finding in at most 5% + 5 se = .204 of them."""
    wrong = 0
    for repeat in range(50):
        values = noise(repeat, 40, 80)
        with_verdicts = fast_differences(values[:, ::2] - values[:, 1::2])
        wrong += (with_verdicts["verdict"] != "not distinguishable").any()
    assert wrong / 50 <= 0.05 + 5 * np.sqrt(0.05 * 0.95 / 50)


def fast_differences(values: np.ndarray) -> pd.DataFrame:
    """Verdicts on the differences (replicate, point) of one arm."""
    from unittest import mock

    from qipan.experiments.statistics.estimates import estimated
    from qipan.experiments.statistics.paired import mean_interval

    with mock.patch("qipan.experiments.statistics.estimates.bootstrap_interval", mean_interval):
        table = estimated(values, ["higher is better"] * values.shape[1])
    return sweep_tables.corrected_over_points(table.assign(arm="b", measure="welfare"))


def test_rank_correlation_by_hand():
    """Ranks (1, 2, 3, 4) and (2, 1, 4, 3): 1 - 6 x 4 / (4 x 15) = .6; ties share their rank."""
    assert drivers.rank_correlation(np.array([1.0, 2, 3, 4]), np.array([20.0, 10, 40, 30])) == pytest.approx(0.6)
    assert drivers.rank_of(np.array([20.0, 10.0, 20.0])).tolist() == [2.5, 1.0, 2.5]
    assert drivers.rank_correlation(np.ones(5), np.arange(5.0)) == 0.0


def test_a_tree_finds_the_cut_that_was_made():
    inputs = np.stack([np.linspace(0, 1, 60), noise(1, 60, 1)[:, 0]], axis=1)
    labels = np.where(inputs[:, 0] < 0.3, "hurts", "helps")
    points = pd.DataFrame({"point": range(60), "one": inputs[:, 0], "two": inputs[:, 1]})
    table = drivers.tree_table(points, labels)
    assert table["condition"].iloc[0].startswith("one < 0.29")
    assert table.loc[0, ["helps", "hurts"]].tolist() == [0.0, 1.0]
    assert table["right"].iloc[0] > 0.9 > table["right_by_majority"].iloc[0]


def test_a_tree_on_noise_is_no_better_than_the_commonest_outcome():
    values = noise(5, 90, 4)
    points = pd.DataFrame({"point": range(90), **{name: values[:, i] for i, name in enumerate("wxyz")}})
    labels = np.where(noise(6, 90, 1)[:, 0] < 1.0, "helps", "hurts")
    table = drivers.tree_table(points, labels)
    assert table["right"].iloc[0] <= table["right_by_majority"].iloc[0] + 0.03


def test_drivers_are_ranked_and_noise_is_not_called_one():
    x = noise(2, 50, 6)
    points = pd.DataFrame({"point": range(50), **{f"p{i}": x[:, i] for i in range(6)}})
    differences = pd.DataFrame(
        {"point": range(50), "arm": "b", "measure": WELFARE[0], "mean": 3 * x[:, 4] + noise(3, 50, 1)[:, 0]}
    )
    table = drivers.drivers_table(points, differences, WELFARE)
    assert table["parameter"].iloc[0] == "p4"
    assert table["p_adjusted"].iloc[0] < 0.001
    assert (table["p_adjusted"].iloc[1:] > 0.05).all()


def test_a_sweep_is_tidy_resumes_and_does_not_depend_on_workers(tmp_path):
    path = file(tmp_path, SMALL)
    for name, workers in (("one", "1"), ("two", "2")):
        assert (
            main(["sweep", str(path), "--out", str(tmp_path / name), "--workers", workers, "--no-report", "--quiet"])
            == 0
        )
    runs = pd.read_csv(tmp_path / "one" / "tables" / "runs.csv")
    assert len(runs) == 6 * 2 * 4
    assert set(runs.columns) >= {"point", "arm", "replicate", "welfare", "idle_share"}
    names = sorted(file.name for file in (tmp_path / "one" / "tables").iterdir())
    assert names == sorted(file.name for file in (tmp_path / "two" / "tables").iterdir())
    for name in names:
        assert (tmp_path / "one" / "tables" / name).read_bytes() == (tmp_path / "two" / "tables" / name).read_bytes()
    parts = sorted((tmp_path / "one" / "parts").iterdir())
    assert len(parts) == 3 + 6, "the baseline has no levy: it is run once for each of three values of revise"
    before = {part: part.stat().st_mtime_ns for part in parts[1:]}
    parts[0].unlink()
    assert main(["sweep", str(path), "--out", str(tmp_path / "one"), "--workers", "1", "--no-report", "--quiet"]) == 0
    assert all(part.stat().st_mtime_ns == time for part, time in before.items())
    assert parts[0].exists()


def test_a_sweep_of_one_point_is_the_comparison_of_its_arms(tmp_path):
    """The same replicates of the same scenarios through the two commands: the same mean difference."""
    text = SMALL.replace("[0.1, 0.3]", "[0.3]").replace("[0.2, 0.5, 1.0]", "[0.2]")
    assert main(["sweep", str(file(tmp_path, text)), "--out", str(tmp_path / "s"), "--no-report", "--quiet"]) == 0
    settings = [
        f"--set={key}" for key in ("run.last_year=2025", "policy.coordination.levy=0.3", "world.behaviour.revise=0.2")
    ]
    assert (
        main(
            [
                "compare",
                "baseline",
                "national-design",
                *settings,
                "--replicates",
                "4",
                "--no-reference",
                "--out",
                str(tmp_path / "c"),
                "--no-report",
                "--quiet",
            ]
        )
        == 0
    )
    swept = pd.read_csv(tmp_path / "s" / "tables" / "differences.csv").set_index("measure")["mean"]
    compared = pd.read_csv(tmp_path / "c" / "tables" / "differences.csv").set_index("measure")["mean"]
    assert swept["welfare"] == pytest.approx(compared["welfare"], rel=1e-12)


def test_figures_of_a_sweep_are_drawn(tmp_path, blank):
    text = SMALL.replace("replicates: 4", "replicates: 3")
    assert main(["sweep", str(file(tmp_path, text)), "--out", str(tmp_path / "s"), "--quiet"]) == 0
    assert {path.name for path in (tmp_path / "s" / "figures").iterdir()} == {
        f"{name}{end}" for name in ("heat", "regret") for end in (".svg", "-column.svg")
    }
    assert "Small" in (tmp_path / "s" / "sweep.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "parameters, figures",
    [
        ("  policy.coordination.levy: [0.1, 0.3]\n", {"curves", "regret"}),
        ("  world.behaviour.rule: [logit, imitation]\n", {"curves", "regret"}),
        ("  world.behaviour.rule: [logit, imitation]\n  policy.coordination.levy: [0.1, 0.3]\n", {"heat", "regret"}),
    ],
)
def test_figures_fit_the_parameters_numbers_or_names(tmp_path, blank, parameters, figures):
    text = SMALL.partition("parameters:")[0] + "parameters:\n" + parameters + "steps: 2\n"
    given = ["sweep", str(file(tmp_path, text.replace("replicates: 4", "replicates: 2"))), "--quiet", "--workers", "1"]
    assert main([*given, "--out", str(tmp_path / "s"), "--lang", "zh"]) == 0
    assert {path.stem for path in (tmp_path / "s" / "figures").glob("*.svg")} == {
        each + end for each in figures for end in ("", "-column")
    }


def test_a_sweep_of_one_arm_shows_its_levels(tmp_path, blank):
    """Nothing to compare: means over the parameter, no regret; the mean drawn is that of the runs."""
    text = SMALL.replace("[baseline, national-design]", "[national-design]")
    given = ["sweep", str(file(tmp_path, text.replace("replicates: 4", "replicates: 2"))), "--quiet", "--workers", "1"]
    assert main([*given, "--out", str(tmp_path / "s")]) == 0
    assert {path.stem for path in (tmp_path / "s" / "figures").glob("*.svg")} == {"heat", "heat-column"}
    stored = load_study(tmp_path / "s")
    rows = level_rows(stored).set_index(["point", "measure"])
    runs = stored.tables["runs"]
    assert rows.loc[(1, "idle_share"), "mean"] == pytest.approx(runs.loc[runs["point"] == 1, "idle_share"].mean())


def test_ranks_that_agree_in_full_have_no_interval_and_no_p_of_nought():
    """Five points in order: of the 5! = 120 orders two are as extreme, p = 1/60."""
    points = pd.DataFrame({"point": range(5), "one": np.arange(5.0)})
    differences = pd.DataFrame({"point": range(5), "arm": "b", "measure": WELFARE[0], "mean": np.arange(5.0)})
    (row,) = drivers.drivers_table(points, differences, WELFARE).to_dict("records")
    assert row["correlation"] == pytest.approx(1.0) and row["p_adjusted"] == pytest.approx(1 / 60)
    assert np.isnan(row["low"]) and np.isnan(row["high"])


def test_nested_keys_may_be_written_as_in_a_scenario(tmp_path):
    nested = SMALL.replace("  policy.coordination.levy: [0.1, 0.3]", "  policy:\n    coordination: {levy: [0.1, 0.3]}")
    assert load_sweep(file(tmp_path, nested))[0] == load_sweep(file(tmp_path, SMALL))[0]


def test_a_point_that_is_no_scenario_is_named(tmp_path, capsys):
    text = SMALL.replace("policy.coordination.levy: [0.1, 0.3]", "policy.coordination.pilots: [12, 5000]")
    assert main(["sweep", str(file(tmp_path, text)), "--dry-run"]) == 2
    assert "point" in capsys.readouterr().err


def test_too_few_points_left_is_said():
    asked = made(
        points=8,
        reject=["delay_not_below_period"],
        parameters={"policy.coordination.delay": [3], "policy.coordination.period": [2]},
    )
    with pytest.raises(ScenarioError, match="only 0 points are left of 8"):
        points_of(asked)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "steps: 1000\nparameters:\n  policy.coordination.levy: [0.1, 0.3]\n  world.behaviour.revise: [0.2, 0.5]",
            "1,000,000 points, more than 100,000",
        ),
        ("method: sobol\npoints: 100000\nprior: all", "points x parameters, more than 2,000,000"),
        (
            "reject: [delay_not_below_period]\nparameters:\n  policy.coordination.period: [1, 2]\n"
            "set:\n  policy.coordination.delay: 2",
            "all 2 points are rejected",
        ),
    ],
)
def test_more_points_than_can_be_planned_are_refused_at_once(tmp_path, capsys, lines, said):
    method = "" if "method" in lines else "method: grid\n"
    path = tmp_path / "many.yaml"
    path.write_text(f"title: x\narms: [baseline, national-design]\n{method}{lines}\n", encoding="utf-8")
    assert main(["sweep", str(path), "--dry-run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_settings_of_the_file_are_told_with_their_line_or_as_what_never_happens(tmp_path, capsys):
    path = tmp_path / "late.yaml"
    text = "arms: [baseline, national-design]\nmethod: grid\nsteps: 2\nset: {policy.coordination.KEY}\n"
    text += "parameters: {policy.coordination.compliance: [0.4, 0.9]}\n"
    path.write_text(f"title: x\n{text}".replace("KEY", "levy: 7"), encoding="utf-8")
    assert main(["sweep", str(path), "--dry-run"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("late.yaml:5: policy.coordination.levy: 7 is out of range; allowed 0 to 1")
    path.write_text(f"title: x\n{text}".replace("KEY", "from: 2034, run.last_year: 2033"), encoding="utf-8")
    assert main(["sweep", str(path), "--dry-run"]) == 0
    told = "policy.coordination.from: 2034 is after the run, which ends in 2033: nobody coordinates"
    assert capsys.readouterr().err.splitlines() == [told]


def test_the_size_of_many_points_is_told_without_making_them_all(tmp_path, capsys):
    """40,000 points, two arms: the first 500 points are made into scenarios, a minute less than all."""
    path = tmp_path / "many.yaml"
    swept = "  policy.coordination.levy: [0.1, 0.3]\n  world.behaviour.revise: [0.2, 0.5]\n"
    head = "title: x\narms: [baseline, national-design]\nmethod: grid\nsteps: 200\nparameters:\n"
    path.write_text(head + swept, encoding="utf-8")
    began = time.process_time()
    assert main(["sweep", str(path), "--dry-run"]) == 0
    assert time.process_time() - began < 10.0
    assert "points      40000" in capsys.readouterr().out


def test_one_point_is_said_in_the_singular_and_equal_pairs_are_said_to_be_identical():
    found = {key: part for key, part in cells([[0.0, 1.0]]).items() if key[1] == "a"}
    found[0, "b"] = found[0, "a"]
    volume = sweep_tables.volume_table(sweep_tables.differences_table(found, ["a", "b"], WELFARE), "grid")
    study = Study("sweep", "one", {"volume": volume}, {})
    (line,) = main_sentences(study, "en")
    assert line.endswith("not distinguishable at 0, identical at 1, of 1 on the grid")
    assert "完全相同1个" in main_sentences(study, "zh")[0]
    assert [points_told(count, "en") for count in (1, 2, 1000)] == ["1 point", "2 points", "1,000 points"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_title_of_regret_names_welfare_only_where_it_was_swept(language: str) -> None:
    def title(*measures: str) -> str:
        rows = [(name, arm, regret) for name in measures for arm, regret in (("a", 1.0), ("b", 2.0))]
        table = pd.DataFrame(rows, columns=["measure", "arm", "max_regret"])
        return regret_finding(SimpleNamespace(tables={"robustness": table}, facts={"arms": {}}), language)

    about = {"en": "welfare", "zh": "社会福利"}[language]
    assert about in title("welfare", "output_discounted")
    assert about not in title("output_discounted", "layout_cosine")
    assert {"en": "output over the run", "zh": "累计产出"}[language] in title("output_discounted")


def test_what_no_payoff_of_the_arms_reads_is_left_out_of_the_prior_and_told(tmp_path, capsys):
    text = (
        "title: t\narms: [baseline, burn]\nmethod: sobol\npoints: 2\nreplicates: 2\nprior: all\n"
        "set: {world.behaviour.payoff: shared_prize, run.last_year: 2024}\nreject: [delay_not_below_period]\n"
    )
    given = ["sweep", str(file(tmp_path, text)), "--out", str(tmp_path / "out"), "--no-report", "--workers", "1"]
    assert main(given) == 0
    told = "the payoff of the arms (shared_prize) does not read it: world.behaviour.entry_cost"
    assert told in " ".join(capsys.readouterr().out.split())
    points = pd.read_csv(tmp_path / "out" / "tables" / "points.csv")
    assert "world.behaviour.entry_cost" not in points and "world.behaviour.revise" in points


def test_only_arms_whose_payoff_reads_a_parameter_of_the_prior_get_it(tmp_path):
    asked = made(arms=["baseline", "x"], prior="all", points=1, reject=["delay_not_below_period"])
    market = load_scenario("baseline")
    prize = replace(load_scenario("baseline", {"world.behaviour.payoff": "shared_prize"}), name="x")
    assert unread_by_all(asked, [market, prize]) == []
    plan, cells = planned(asked, points_of(asked)[0], [market, prize], tmp_path)
    costs = [plan.arms[cells[0, name]].world.behaviour.entry_cost for name in ("baseline", "x")]
    assert costs[0] == points_of(asked)[0][0]["world.behaviour.entry_cost"] != costs[1] == 10.0


def test_the_best_point_by_hand():
    """Gains of four replicates: 5, 5.2 and 1 on average; the first two differ by .2 on average, in either direction,
    and by 4 or so from the third. Errors of the planner may not be below 0: that end is none.
    """
    base = np.array([10.0, 20.0, 30.0, 40.0])
    gains = ([5.0, 4.0, 6.0, 5.0], [5.6, 3.6, 6.6, 5.0], [1.0, 0.9, 1.1, 1.0])
    cells = {}
    for point, gain in enumerate(gains):
        numbers = {"replicates": np.arange(4)}
        cells[point, "baseline"] = numbers | {"total:welfare": base}
        cells[point, "design"] = numbers | {"total:welfare": base + np.array(gain)}
    points = pd.DataFrame(
        {
            "point": [0, 1, 2],
            "policy.coordination.levy": [0.1, 0.4, 0.2],
            "policy.coordination.planner_error": [1.0, 0.0, 2.0],
        }
    )
    (row,) = sweep_tables.best_table(cells, ["baseline", "design"], points, grid=True).to_dict("records")
    assert (row["point"], row["alike"], row["alike_points"], row["points"]) == (1, 1, "0", 3)
    assert row["mean"] == pytest.approx(5.2) and row["low"] < 5.2 < row["high"]
    assert row["edges"] == "policy.coordination.levy high"
    assert sweep_tables.edges_of(points, 2, True) == ["policy.coordination.planner_error high"]
    study = Study(
        "sweep", "x", {"best_points": sweep_tables.best_table(cells, ["baseline", "design"], points, True)}, {}
    )
    study.tables["points"] = points
    study.facts["arm_titles"] = {"baseline": ["No coordinator", "无统筹"], "design": ["Design", "设计"]}
    said = best_sentences(study, "en")
    assert "best at levy 0.4 and planner error 0, of 3 points" in said[0] and "1 others" not in said[0]
    assert "lies at the high end of what was tried of levy" in said[1] and len(said) == 2
    assert "上限" in best_sentences(study, "zh")[1]


@pytest.mark.parametrize("name", ["planner-error", "scenarios/experiments/levy-and-compliance.yaml"])
def test_an_experiment_is_checked_with_its_arms_and_points(name, capsys):
    assert main(["check", name, "baseline"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{name}: good; 2 arms at ") and said[1] == "baseline: good"


def test_every_problem_of_an_experiment_is_told_with_its_line(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    text = "title: x\narms: [baseline, natonal]\nmethod: gird\nparameters: {policy.coordination.levi: [0.1]}\nstps: 3\n"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 2
    places = [line.partition("mine.yaml:")[2] for line in capsys.readouterr().err.splitlines()]
    keys = sorted(":".join(place.split(":")[:2]) for place in places)
    assert keys == ["2: arms", "3: method", "4: policy.coordination.levi", "5: stps"]
