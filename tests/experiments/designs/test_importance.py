"""Assumptions ranked: which trials are run, what the statistics of a shift are worth, what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import qipan.experiments.designs.assumptions
import qipan.experiments.runs.block
import qipan.experiments.studies.assumptions
from qipan.experiments.command_line import main
from qipan.experiments.designs.assumptions import ALONE, COORDINATION, Trials, ends_of, idle, replicates_for, trials_of
from qipan.experiments.designs.assumptions_tables import (
    TrialScores,
    Whole,
    importance_table,
    shifted,
    sign_word,
    whole_of,
)
from qipan.experiments.findings.assumptions import finding, labels, ranked, sentences, sign_sentence
from qipan.experiments.results.read import load_result
from qipan.experiments.runs.block import computed
from qipan.experiments.runs.execute import Execution
from qipan.experiments.runs.gather import Gathered
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.summaries.family import family_of
from qipan.experiments.summaries.paired import differences_table
from qipan.model.draws import Draws, Stream
from qipan.model.parameters import Policy, parameters
from qipan.model.scenario import load_scenario
from qipan.model.scenario.table import parameter_table
from tests.experiments.report.ranks_sample import ranked_comparison

TWO_YEARS = {"run.last_year": 2024}


def plan_of(*names: str) -> RunPlan:
    arms = tuple(load_scenario(name, TWO_YEARS) for name in names)
    return RunPlan("sample", Path("sample"), arms, names)


def noise(n: int, columns: int, seed: int = 4) -> np.ndarray:
    return Draws(seed, np.arange(n), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


def over(differences: np.ndarray) -> Whole:
    """A mean difference over all replicates as it is told from the rows themselves."""
    n = len(differences)
    return Whole(float(differences.mean()), float(differences.var(ddof=1) / n), 0.0, n)


def differences_of(base: np.ndarray, design: np.ndarray) -> pd.DataFrame:
    """The table that a comparison of two arms on welfare has."""
    parts = [{"replicates": np.arange(len(base)), "total:welfare": values} for values in (base, design)]
    return differences_table(["baseline", "national-design"], parts, [2023, 2024])


def test_every_assumption_with_a_range_is_tried_at_both_ends_unless_an_end_is_no_scenario():
    """The table of parameters says which; a period of one year cannot be told from a delay of one and is refused."""
    trials = trials_of(plan_of("baseline", "national-design"), 1, 8)
    wanted = {
        (path, end)
        for path, row in parameter_table().items()
        if row.plausible and row.grade != "choice"
        for end in ("low", "high")
    }
    tried = {(trial.parameter.path, trial.end) for trial in trials.trials}
    assert tried == wanted - {("policy.coordination.period", "low")}
    assert trials.refused == ("policy.coordination.period=1",)


def test_a_trial_changes_one_parameter_of_both_arms_and_nothing_else():
    plan = plan_of("baseline", "national-design")
    trials = trials_of(plan, 1, 8)
    assert trials.plan is not None
    trial = next(t for t in trials.trials if (t.parameter.path, t.end) == ("world.market.margin", "high"))
    for place, used in zip(trial.arms, plan.arms, strict=True):
        assert place is not None
        made = trials.plan.arms[place]
        assert made.run.replicates == 8
        assert made.replace(**{"world.market.margin": used.world.market.margin, "run.replicates": 1}).digest() == (
            used.replace(**{"run.replicates": 1}).digest()
        )


def test_an_end_that_is_the_value_used_is_not_run():
    """Risk aversion is 0 in the comparison, the low end of its range."""
    trials = trials_of(plan_of("baseline", "national-design"), 1, 8).trials
    trial = next(t for t in trials if (t.parameter.path, t.end) == ("world.behaviour.risk_aversion", "low"))
    assert trial.arms == (None, None)


def test_what_is_compared_is_no_assumption():
    """A design with a levy of a tenth against one with a fifth: the levy is the question."""
    plan = plan_of("national-design", "national-design")
    arms = (plan.arms[0], plan.arms[1].replace(**{"policy.coordination.levy": 0.1}))
    tried = {trial.parameter.path for trial in trials_of(RunPlan("x", Path("x"), arms, ("a", "b")), 1, 8).trials}
    assert "policy.coordination.levy" not in tried
    assert "policy.coordination.compliance" in tried


def test_settings_called_idle_change_nothing_without_a_coordinator_and_the_others_do():
    """Six years with four replicates, every number of the scores the same bits."""
    alone = load_scenario("baseline", {"run.last_year": 2028})
    before = computed(alone, range(4), "scores")["total:welfare"]
    for row in parameters(Policy, "policy."):
        if row.path.startswith(COORDINATION) and row.plausible is not None and row.grade != "choice":
            there = [
                computed(alone.replace(**{row.path: value}), range(4), "scores")["total:welfare"]
                for _, value in ends_of(row)
            ]
            same = all(np.array_equal(values, before) for values in there)
            assert same == idle(alone, row.path), row.path
    assert all(f"{COORDINATION}{name}" in parameter_table() for name in ALONE)


def test_assumptions_are_ranked_with_what_is_asked_for_and_no_more_than_there_are():
    burn, alone = (
        family_of([load_scenario(name) for name in names]) for names in (("baseline", "burn"), ("baseline",))
    )
    assert [replicates_for(asked, burn, 50) for asked in (0, 20, 200)] == [0, 20, 50]
    assert replicates_for(64, alone, 1000) == 0


def test_with_as_many_replicates_as_the_comparison_the_difference_is_that_of_the_trial():
    """n = N: mean and interval of what was run there; 2.262157 is the t quantile for nine degrees of freedom."""
    here, there = noise(10, 2).T
    found = shifted(here, there, over(here))
    assert found.difference == pytest.approx(there.mean(), rel=1e-12)
    half = 2.262157 * there.std(ddof=1) / np.sqrt(10)
    assert found.difference_high - found.difference == pytest.approx(half, rel=1e-6)


def test_a_shift_of_the_same_size_everywhere_is_certain_and_adds_nothing_to_the_error():
    here = noise(50, 1)[:, 0]
    found = shifted(here[:10], here[:10] + 3.0, over(here))
    assert (found.shift, found.p) == (pytest.approx(3.0), 0.0)
    assert found.difference == pytest.approx(here.mean() + 3.0)
    assert found.difference_high - found.difference == pytest.approx(
        2.262157 * here.std(ddof=1) / np.sqrt(50), rel=1e-6
    )


def test_the_interval_of_the_difference_at_an_end_covers_it_at_its_nominal_rate():
    """True difference 1 + 2 = 3 with N = 200, n = 32, shifts correlated with the differences; 500 repeats.

    At a true coverage of 95% fewer than 461 of 500 happen in less than one case in 300 (binomial).
    """
    hits = 0
    for seed in range(500):
        here, own = noise(200, 2, seed).T
        found = shifted(1.0 + here[:32], 3.0 + 1.5 * here[:32] + 0.5 * own[:32], over(1.0 + here))
        hits += found.difference_low <= 3.0 <= found.difference_high
    assert hits >= 461


def test_the_error_of_the_whole_is_read_back_from_the_table():
    base, design = noise(25, 2).T
    found, wanted = whole_of(differences_of(base, design).iloc[-1].to_dict()), over(design - base)
    assert (found.mean, found.variance, found.n) == (pytest.approx(wanted.mean), pytest.approx(wanted.variance), 25)


def test_signs():
    assert [sign_word(1.0, after) for after in (1.0, 0.0, -1.0)] == ["keeps", "opens", "turns"]
    assert [sign_word(0.0, after) for after in (0.0, -1.0)] == ["keeps", "settles"]


def test_the_table_by_hand():
    """Margin high lifts the design by 5 and nobody by 1: a shift of 4 on a difference of 2; low turns 2 into -3."""
    plan = plan_of("baseline", "national-design")
    every = trials_of(plan, 1, 40)
    chosen = [t for t in every.trials if t.parameter.path == "world.market.margin"]
    trials = Trials(every.plan, tuple(chosen), 1)
    small = 0.01 * noise(40, 2)
    base, design = 10.0 + small[:, 0], 12.0 + small[:, 0] + small[:, 1]
    parts = tuple({"replicates": np.arange(40), "total:welfare": values} for values in (base, design))
    gathered = Gathered(parts, (40, 40), np.arange(40), (), 40)
    assert every.plan is not None
    done: list[TrialScores | None] = [None] * len(every.plan.arms)
    for trial, (nobody, somebody) in zip(chosen, ((0.0, -5.0), (1.0, 5.0)), strict=True):
        for place, values in zip(trial.arms, (base + nobody, design + somebody), strict=True):
            assert place is not None
            done[place] = TrialScores(np.arange(40), {"welfare": values})
    told = differences_of(base, design)
    table = importance_table(trials, done, gathered, "national-design", told, plan.arms[0].run).set_index("end")
    assert table.loc["high", ["shift", "difference"]].tolist() == pytest.approx([4.0, 6.0], abs=0.02)
    assert table.loc["low", ["shift", "difference"]].tolist() == pytest.approx([-5.0, -3.0], abs=0.02)
    assert table["sign"].to_dict() == {"low": "turns", "high": "keeps"}
    assert table["swing"].tolist() == pytest.approx([9.0, 9.0], abs=0.02)


def test_a_trial_without_replicates_is_left_out_and_the_rest_stands():
    plan = plan_of("baseline", "national-design")
    trials = trials_of(plan, 1, 40)
    values = noise(40, 2)
    parts = tuple({"replicates": np.arange(40), "total:welfare": values[:, i]} for i in range(2))
    assert trials.plan is not None
    table = importance_table(
        trials,
        [None] * len(trials.plan.arms),
        Gathered(parts, (40, 40), np.arange(40), (), 40),
        "national-design",
        differences_of(values[:, 0], values[:, 1]),
        plan.arms[0].run,
    )
    unchanged = {(t.parameter.path, t.end) for t in trials.trials if t.arms == (None, None)}
    assert set(zip(table["parameter"], table["end"], strict=True)) == unchanged
    assert (table["shift"] == 0).all() and (table["p_adjusted"] == 1).all()


@pytest.mark.parametrize(("until", "told"), [(2023, 4.0), (2024, 9.0)])
def test_a_measure_of_a_year_is_ranked_in_the_last_year_of_the_programme(until: int, told: float):
    """Idle capacity rises by 4 in 2023 and by 9 in 2024: without a shift the difference is that of `until`."""
    plan = plan_of("baseline", "national-design")
    every = trials_of(plan, 1, 40)
    (trial,) = (t for t in every.trials if t.parameter.path == "world.market.margin" and t.end == "high")
    rises = np.array([4.0, 9.0]) + noise(40, 2) - noise(40, 2).mean(axis=0)
    parts = [{"replicates": np.arange(40), "year:idle_share": values} for values in (np.zeros((40, 2)), rises)]
    assert every.plan is not None
    done: list[TrialScores | None] = [None] * len(every.plan.arms)
    for place, part in zip(trial.arms, parts, strict=True):
        assert place is not None
        done[place] = TrialScores(np.arange(40), {"idle_share": part["year:idle_share"][:, until - 2023]})
    table = importance_table(
        Trials(every.plan, (trial,), 1),
        done,
        Gathered(tuple(parts), (40, 40), np.arange(40), (), 40),
        "national-design",
        differences_table(["baseline", "national-design"], parts, [2023, 2024]),
        plan.arms[0].replace(**{"run.programme_until": until}).run,
    )
    assert table["shift"].tolist() == [0.0] and table["difference"].tolist() == pytest.approx([told])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_name_what_the_sign_hangs_on(language: str):
    sample = ranked_comparison()
    text = sign_sentence(sample, "welfare", language)
    names = labels(language)
    assert [one.swing for one in ranked(sample)] == sorted((one.swing for one in ranked(sample)), reverse=True)
    assert names["world.market.value_level"] in text and names["policy.coordination.ecosystem_rate"] in text
    assert names["world.market.margin"] not in text
    assert names["world.market.value_level"] in finding(sample, language)
    page = " ".join(sentences(sample, language))
    assert "docs/evidence.md" in page and ("one at a time" in page or "逐一" in page)


def test_words_have_the_numbers_of_the_table():
    sample = ranked_comparison()
    row = sample.difference("national-design", "welfare")
    page = " ".join(sentences(sample, "en"))
    assert f"by +{row['mean']:.0f} bn yuan" in page or f"by +{row['mean']:.1f} bn yuan" in page
    assert "the other 1 leave it as it is" in page
    assert "4 of 6 ends" in page


def test_nothing_is_said_where_nothing_was_ranked():
    sample = ranked_comparison()
    empty = type(sample)(**{**sample.__dict__, "tables": {**sample.tables, "importance": pd.DataFrame()}})
    assert sentences(empty, "en") == [] == ranked(empty)


def only(paths: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Try these parameters and no other."""
    every = qipan.experiments.designs.assumptions.assumed
    chosen = lambda *pair: (item for item in every(*pair) if item[0].path in paths)  # noqa: E731
    monkeypatch.setattr(qipan.experiments.designs.assumptions, "assumed", chosen)


def comparing(folder: Path) -> list[str]:
    """A comparison of two years whose assumptions are ranked with three replicates."""
    return [
        "compare",
        "baseline",
        "national-design",
        "--replicates",
        "4",
        "--assumptions",
        "3",
        "--workers",
        "1",
        "--no-report",
        "--quiet",
        "--set",
        "run.last_year=2024",
        "--out",
        str(folder),
    ]


def test_a_replicate_that_fails_at_an_end_is_left_out_there_and_told(tmp_path, monkeypatch):
    """Margin 0.12 makes replicate 1 fail: two replicates are left at that end, three at the other; the rest stands."""
    only(("world.market.margin",), monkeypatch)

    def failing(scenario, replicates, *rest):
        if scenario.world.market.margin == 0.12 and 1 in replicates:
            raise ArithmeticError("too good to be true")
        return computed(scenario, replicates, *rest)

    monkeypatch.setattr(qipan.experiments.runs.block, "computed", failing)
    assert main(comparing(tmp_path / "r")) == 0
    result = load_result(tmp_path / "r")
    table = result.table("importance").set_index(["measure", "end"])["n"]
    assert (table["welfare", "low"], table["welfare", "high"]) == (3, 2)
    assert any("2 runs with a parameter at an end" in told.text and "too good" in told.text for told in result.warnings)
    assert len(json.loads((tmp_path / "r" / "assumptions" / "failures.json").read_text())) == 2
    assert json.loads((tmp_path / "r" / "failures.json").read_text()) == []


def test_ctrl_c_while_they_are_tried_keeps_the_comparison(tmp_path, monkeypatch, capsys):
    only(("world.market.margin",), monkeypatch)
    monkeypatch.setattr(qipan.experiments.studies.assumptions, "run_parts", lambda *rest: Execution(interrupted=True))
    assert main(comparing(tmp_path / "r")) == 130
    assert "interrupted before the assumptions were ranked" in capsys.readouterr().err
    result = load_result(tmp_path / "r")
    assert result.table("importance").empty and not result.table("differences").empty
    assert "The ranking of assumptions is unfinished; the same command goes on." in map(str, result.warnings)


def test_the_command_ranks_resumes_and_tells_it_in_the_manifest(tmp_path, monkeypatch):
    """Two years, three replicates of two parameters; the second time nothing is computed, the bytes are the same."""
    wanted = ("world.market.margin", "policy.coordination.levy")
    only(wanted, monkeypatch)
    command = comparing(tmp_path / "r")
    assert main(command) == 0
    first = (tmp_path / "r" / "tables" / "importance.csv").read_bytes()
    parts = sorted((tmp_path / "r" / "assumptions" / "parts").glob("*.part"))
    stamps = [part.stat().st_mtime_ns for part in parts]
    assert len(parts) == 6  # margin moves both arms at two ends, the levy the design alone
    assert main(command) == 0
    assert (tmp_path / "r" / "tables" / "importance.csv").read_bytes() == first
    assert [part.stat().st_mtime_ns for part in parts] == stamps
    facts = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert facts["assumptions"] == {"replicates": 3, "parameters": 2, "trials": 4, "scenarios": 6, "refused": []}
    assert set(load_result(tmp_path / "r").table("importance")["parameter"]) == set(wanted)


def test_one_replicate_is_refused(capsys, tmp_path):
    status = main(
        [
            "compare",
            "baseline",
            "national-design",
            "--assumptions",
            "1",
            "--replicates",
            "4",
            "--out",
            str(tmp_path / "r"),
        ]
    )
    assert status == 2
    assert "--assumptions: 1 replicate gives no interval" in capsys.readouterr().err


def test_the_estimate_counts_reference_arms_and_trials(capsys):
    spoken = {}
    for name, more in (("all", ("--assumptions", "64")), ("few", ("--no-reference",))):
        assert main(["compare", "baseline", "national-design", "--dry-run", *more]) == 0
        spoken[name] = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (spoken["all"]["arms"], spoken["few"]["arms"]) == ("8", "2")
    assert (
        spoken["all"]["assumptions"].endswith("scenarios more, 64 replicates of each")
        and "assumptions" not in spoken["few"]
    )
    assert "true-values-of-national-design" in spoken["all"]["names"]
