"""Stopping by precision, reference arms, ranks and stored results: on small runs and on numbers made by hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qipan.experiments.command_line import main
from qipan.experiments.designs.precision import Aim, measured, precision_of, stopping_words
from qipan.experiments.results.read import load_result
from qipan.experiments.statistics.stopping import StoppingRule
from qipan.experiments.studies.compare_stored import differing, stored_table
from qipan.experiments.summaries.ranking import UNTIL, horizon_years, ranking_table
from qipan.experiments.words.labels import measure_label
from qipan.experiments.words.warned import warned
from qipan.model.draws import Draws, Stream
from qipan.model.errors import UserError
from qipan.model.parameters import Run

QUICK = ("--no-report", "--workers", "1", "--quiet", "--set", "run.last_year=2024")


def noise(n: int, columns: int) -> np.ndarray:
    return Draws(4, np.arange(n), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


@pytest.mark.parametrize("text", ["0%", "two", "-1%", "", "150%", "nan"])
def test_a_precision_that_is_no_share_is_refused(text):
    with pytest.raises(UserError, match="--precision"):
        precision_of(text)


def test_a_mistyped_measure_is_answered_with_the_one_meant():
    with pytest.raises(UserError, match="did you mean welfare"):
        Aim(0.02, "welfar")


def test_a_wide_aim_stops_at_the_first_look_and_a_narrow_one_at_the_most(tmp_path):
    for precision, expected, reached in (("90%", 100, True), ("0.0001%", 130, False)):
        folder = tmp_path / precision.strip("%")
        status = main(
            [
                "compare",
                "baseline",
                "national-design",
                "--precision",
                precision,
                "--max-replicates",
                "130",
                "--no-reference",
                "--out",
                str(folder),
                *QUICK,
            ]
        )
        facts = json.loads((folder / "manifest.json").read_text())
        assert status == 0
        assert facts["replicates"]["used"] == facts["stopping"]["replicates"] == expected
        assert facts["stopping"]["reached"] is reached
        assert f"{expected} replicates" in facts["warnings"][-1]["text"]


def test_sequential_replicates_are_those_of_a_fixed_number(tmp_path):
    main(
        [
            "compare",
            "baseline",
            "burn",
            "--precision",
            "90%",
            "--max-replicates",
            "130",
            "--out",
            str(tmp_path / "a"),
            *QUICK,
        ]
    )
    main(["compare", "baseline", "burn", "--replicates", "100", "--out", str(tmp_path / "b"), *QUICK])
    for table in ("differences", "totals", "ranking"):
        one, other = ((tmp_path / name / "tables" / f"{table}.csv").read_bytes() for name in "ab")
        assert one == other


def test_how_many_replicates_a_policy_needs_does_not_depend_on_what_stands_beside_it(tmp_path):
    """Burning needs 100 for 0.05%, the design all 130: burning's own rows are those of burning alone."""
    rest = (
        "--precision",
        "0.05%",
        "--on",
        "welfare_with_terminal",
        "--max-replicates",
        "130",
        "--no-reference",
        *QUICK,
    )
    assert main(["compare", "baseline", "burn", *rest, "--out", str(tmp_path / "a")]) == 0
    assert main(["compare", "baseline", "burn", "national-design", *rest, "--out", str(tmp_path / "b")]) == 0
    alone, beside = (load_result(tmp_path / name) for name in "ab")
    assert {arm.name: arm.replicates for arm in beside.arms} == {"baseline": 130, "burn": 100, "national-design": 130}
    assert "stands on the replicates that it needed by itself: burn 100, national-design 130." in str(
        beside.warnings[-2]
    )
    for name in ("totals", "measures", "summary", "differences", "regions", "money", "fans", "layouts", "votes"):
        one, other = (each.table(name).query("arm == 'burn'").reset_index(drop=True) for each in (alone, beside))
        assert len(one) > 0
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    for field, values in alone.arm("burn").arrays.items():
        assert np.array_equal(values, beside.arm("burn").arrays[field], equal_nan=True)


def test_a_look_counts_the_replicates_that_succeeded():
    values = noise(97, 2)
    look = StoppingRule(0.5, 400).look(values[:, :1], 5.0 + values[:, 1:], planned=100)
    assert (look.n, look.enough, look.last) == (97, True, False)
    sentence, facts = stopping_words(Aim(0.5, "welfare"), look, ["design"])
    assert "reached with 97" in str(sentence)
    assert facts["differences"]["design"]["low"] < -5.0 < facts["differences"]["design"]["high"]


@pytest.mark.parametrize(("until", "expected"), [(2024, 2.0), (2030, 3.0)])
def test_a_measure_of_a_year_is_judged_in_the_programmes_last(until, expected):
    part = {"year:idle_share": np.array([[1.0, 2.0, 3.0]]), "total:welfare": np.array([7.0])}
    run = Run(first_year=2023, last_year=2025, programme_until=until)
    assert measured(part, "idle_share", run).tolist() == [expected]
    assert measured(part, "welfare", run).tolist() == [7.0]


def test_the_measure_of_a_precision_goes_by_its_label():
    look = StoppingRule(0.5, 400).look(noise(97, 1), 5.0 + noise(97, 1), planned=100)
    sentence, _ = stopping_words(Aim(0.5, "output_discounted"), look, ["design"])
    labels = [measure_label("output_discounted", language, unit=False) for language in ("en", "zh")]
    assert f"mean of {labels[0]} " in str(sentence) and labels[1] in warned(sentence, "zh")


def test_ranks_stay_open_between_arms_that_cannot_be_told_apart():
    """Two arms around 0 and one at 5: the third is first, the others share ranks two and three."""
    values = noise(60, 3)
    parts = [{"total:welfare": values[:, i] + (5.0 if i == 2 else 0.0)} for i in range(3)]
    table = ranking_table(["a", "b", "c"], parts, (2023,), 2023).set_index("arm")
    assert table.loc["c", ["best", "worst", "better_than"]].tolist() == [1, 1, "a, b"]
    assert table.loc["a", ["best", "worst"]].tolist() == table.loc["b", ["best", "worst"]].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("last", "counted"),
    [
        (2030, [2030]),
        (2035, [2035]),
        (2045, [2035, 2045]),
        (2060, [2035, 2050, 2060]),
        (2070, [2035, 2050, 2060, 2070]),
    ],
)
def test_welfare_is_counted_to_the_horizons_of_a_run_and_to_its_last_year(last, counted):
    assert horizon_years(range(2023, last + 1)) == counted


def test_ranks_at_every_horizon_are_those_of_welfare_counted_to_it():
    """Arm b is ahead of a in the first 13 years and behind at the end, each time by ten standard errors and more."""
    values, years = noise(60, 2), tuple(range(2023, 2051))
    paths = np.linspace(1.0, -1.0, len(years))
    parts = [{f"year:{UNTIL}": np.repeat(values[:, [i]], len(years), 1) * 0.1 + i * paths} for i in range(2)]
    table = ranking_table(["a", "b"], parts, years, years[-1]).set_index(["year", "arm"])
    assert table.loc[("2035", "b"), ["best", "worst"]].tolist() == [1, 1]
    assert table.loc[("2050", "b"), ["best", "worst"]].tolist() == [2, 2]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    for name, arm in (("one", "baseline"), ("two", "burn")):
        assert main(["run", arm, "--replicates", "4", "--out", str(folder / name), *QUICK]) == 0
    assert main(["run", "burn", "--replicates", "4", "--seed", "2", "--out", str(folder / "three"), *QUICK]) == 0
    return folder


def test_stored_results_are_paired_by_replicate(stored, tmp_path):
    table = stored_table(load_result(stored / "one"), {"two": load_result(stored / "two")})
    row = table[(table["measure"] == "welfare") & (table["year"] == "total")].iloc[0]
    one, two = (pd.read_csv(stored / name / "tables" / "totals.csv")["welfare"] for name in ("one", "two"))
    assert row["mean"] == pytest.approx(float((two - one).mean()), rel=1e-9)
    assert main(["compare", str(stored / "one"), str(stored / "two"), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert (tmp_path / "out" / "tables" / "stored_differences.csv").is_file()


def test_a_result_against_itself_is_exactly_zero(stored):
    table = stored_table(load_result(stored / "one"), {"one": load_result(stored / "one")})
    assert (table[["mean", "low", "high", "boot_low", "boot_high"]] == 0).all(axis=None)


def test_results_of_other_draws_code_or_data_are_refused_and_named(stored, capsys):
    command = ["compare", str(stored / "one"), str(stored / "three")]
    assert main(command) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "the seed differs from that of" in line
    assert "2 against 1" in line
    assert "--force" in line
    assert main([*command, "--force"]) == 0
    assert "forced:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "option"),
    [
        (("--replicates", "5"), "--replicates"),
        (("--set", "run.seed=3"), "--set"),
        (("--seed", "3"), "--seed"),
        (("--precision", "2%"), "--precision"),
        (("--keep", "summary"), "--keep"),
        (("--dry-run",), "--dry-run"),
        (("--no-reference",), "--with-reference"),
        (("--headline", "x"), "--headline"),
    ],
)
def test_what_says_how_scenarios_run_is_refused_beside_stored_results(stored, capsys, more, option):
    assert main(["compare", str(stored / "one"), str(stored / "one"), *more]) == 2
    expected = f"command line: {option}: stored results stand as they are; leave it out, or name scenarios\n"
    assert capsys.readouterr().err == expected


def test_every_fact_that_differs_is_named(stored):
    one = load_result(stored / "one")
    manifest = {**one.manifest, "model": "0" * 64, "data": {**one.manifest["data"], "targets.csv": "other"}}
    other = type(one)(one.name, one.baseline, one.arms, one.years, one.world, one.tables, manifest)
    found = [str(problem) for problem in differing(one, other, "one", "other")]
    assert len(found) == 2
    assert "code of model/" in found[0]
    assert "targets.csv (other" in found[1]


def test_a_scenario_and_a_stored_result_are_not_mixed(stored, capsys):
    assert main(["compare", str(stored / "one"), "burn"]) == 2
    assert "burn is not a stored result" in capsys.readouterr().err
