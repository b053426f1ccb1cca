"""Running a plan: blocks, resuming, failures, gathering. With a small engine in place of the model's."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest

import qipan
from qipan import load_scenario
from qipan.experiments.results.assemble import assemble
from qipan.experiments.runs.execute import Execution, StrictStopError, execute
from qipan.experiments.runs.gather import gather
from qipan.experiments.runs.plan import RunPlan, check_pairing
from qipan.experiments.runs.pool import LOOK_SECONDS
from qipan.experiments.store.parts import PartStore
from qipan.experiments.summaries.comparison import COLUMNS
from qipan.model.errors import UserError
from qipan.model.parameters import WorldChoice
from qipan.model.parameters.market import Market
from tests.experiments.runs.small_engine import WORLD, SmallScenario, run


@pytest.fixture(autouse=True)
def small_engine(monkeypatch):
    monkeypatch.setattr(qipan, "run", run, raising=False)


def plan_of(folder: Path, *arms: SmallScenario) -> RunPlan:
    return RunPlan("small", folder, arms, tuple(arm.name for arm in arms))


def done(plan: RunPlan, strict: bool = False) -> tuple[PartStore, Execution, list[int]]:
    store, ready = PartStore(plan.folder / "parts"), []
    return store, execute(plan, store, workers=1, strict=strict, advance=ready.append), ready


def test_blocks_are_fixed_and_all_arms_of_a_block_come_before_the_next(tmp_path: Path):
    # 300 replicates: 128 + 128 + 44
    plan = plan_of(tmp_path, SmallScenario("none"), SmallScenario("burn", level=0.9))
    order = [(task.arm, task.start, task.stop) for task in plan.tasks()]
    assert order == [(0, 0, 128), (1, 0, 128), (0, 128, 256), (1, 128, 256), (0, 256, 300), (1, 256, 300)]
    _, execution, ready = done(plan)
    assert (execution.computed, execution.reused, sum(ready)) == (6, 0, 600)


def test_what_is_stored_is_not_computed_again_and_more_replicates_keep_the_first_blocks(tmp_path: Path):
    scenario = SmallScenario("none")
    done(plan_of(tmp_path, scenario))
    _, again, _ = done(plan_of(tmp_path, scenario))
    assert (again.computed, again.reused) == (0, 3)
    _, more, _ = done(plan_of(tmp_path, scenario.replace(**{"run.replicates": 384})))
    assert (more.computed, more.reused) == (1, 2)  # 256 to 384 is a block that was cut at 300 before
    _, other, _ = done(plan_of(tmp_path, SmallScenario("none", level=2.0)))
    assert other.computed == 3


def test_a_failing_replicate_is_recorded_and_left_out_of_every_arm(tmp_path: Path):
    plan = plan_of(tmp_path, SmallScenario("none"), SmallScenario("burn", fails=(5, 200)))
    store, execution, _ = done(plan)
    gathered = gather(plan, store)
    assert [(f.scenario, f.replicate, f.message) for f in execution.failures] == [
        ("burn", 5, "FloatingPointError: overflow in replicate 5"),
        ("burn", 200, "FloatingPointError: overflow in replicate 200"),
    ]
    assert gathered.failures == tuple(execution.failures)
    kept = [number for number in range(300) if number not in (5, 200)]
    assert all(part["replicates"].tolist() == kept for part in gathered.parts)
    assert gathered.counts == (300, 298)
    warning = assemble(plan, gathered, WORLD, execution).warnings[0].text
    assert warning.startswith("2 of 300 replicates failed in at least one arm and are left out of all: 298 used.")
    assert f"qipan replay {execution.failures[0].identifier}" in warning


def test_failures_are_told_again_when_nothing_is_computed_anew(tmp_path: Path):
    plan = plan_of(tmp_path, SmallScenario("none", fails=(7,)))
    first = done(plan)[1]
    second = done(plan)[1]
    assert second.computed == 0
    assert second.failures == first.failures


def test_strict_stops_at_the_first_failure(tmp_path: Path):
    plan = plan_of(tmp_path, SmallScenario("none", fails=(7,)))
    with pytest.raises(StrictStopError, match="none, replicate 7: FloatingPointError: overflow in replicate 7"):
        done(plan, strict=True)
    stored = len(list(PartStore(tmp_path / "parts").stored()))
    assert stored in (1, 2)  # the next block may have been under way; the third never began


def test_a_block_in_which_everything_failed_leaves_the_others(tmp_path: Path):
    plan = plan_of(tmp_path, SmallScenario("none", fails=tuple(range(128))))
    store, _, _ = done(plan)
    assert gather(plan, store).replicates.tolist() == list(range(128, 300))


def test_an_interrupted_run_keeps_complete_blocks_and_goes_on_to_the_same_numbers(tmp_path: Path, monkeypatch):
    arms = SmallScenario("none"), SmallScenario("burn", level=0.9)
    whole, broken = plan_of(tmp_path / "a", *arms), plan_of(tmp_path / "b", *arms)
    expected = gather(whole, done(whole)[0])
    calls = []

    def interrupted(scenario, *, replicates):
        calls.append(replicates)
        if len(calls) == 2:  # the second arm of the first block: the next one may be under way when it is heard
            signal.raise_signal(signal.SIGINT)
            time.sleep(2 * LOOK_SECONDS)
        return run(scenario, replicates=replicates)

    monkeypatch.setattr(qipan, "run", interrupted)
    store, execution, _ = done(broken)
    assert execution.interrupted
    kept = execution.computed
    assert kept in (2, 3)
    assert gather(broken, store).replicates.tolist() == list(range(128))
    monkeypatch.setattr(qipan, "run", run)
    store, execution, _ = done(broken)
    assert (execution.reused, execution.computed) == (kept, 6 - kept)
    for ours, theirs in zip(gather(broken, store).parts, expected.parts, strict=True):
        assert {name: values.tobytes() for name, values in ours.items()} == {
            name: values.tobytes() for name, values in theirs.items()
        }


def test_the_tables_have_the_agreed_columns_and_hand_worked_numbers(tmp_path: Path):
    # output is level x draw: the arm at 1.5 has exactly 1.5 times the baseline's output in every replicate, so the mean
    # difference is half the baseline's mean, every region gains in every replicate, and the vote is unanimous.
    plan = plan_of(tmp_path, SmallScenario("none"), SmallScenario("more", level=1.5))
    store, execution, _ = done(plan)
    comparison = assemble(plan, gather(plan, store), WORLD, execution)
    for name, columns in COLUMNS.items() - {"importance": COLUMNS["importance"]}.items():  # made of other runs
        assert tuple(comparison.table(name).columns)[: len(columns)] == columns, name
    row = comparison.difference("more", "output_total", 2026)
    assert row["mean"] == pytest.approx(0.5 * row["baseline_mean"], rel=1e-12)
    assert (row["probability_better"], row["verdict"], row["n"]) == (1.0, "better", 300)
    assert comparison.table("votes")["share_mean"].tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert comparison.table("regions")["relative"].to_numpy() == pytest.approx([0.5, 0.5, 0.5])
    # each of 6 mechanisms: 1 a year in each of 3 stages for 4 years = 12 used, 8 returned: a rate of -1/3
    money = comparison.table("money").query("arm == 'none' and mechanism == 'bank_credit' and stage == 'all'").iloc[0]
    assert (money["used"], money["returned"], money["lost"]) == (12.0, 8.0, 4.0)
    assert money["return_rate"] == pytest.approx(-1 / 3)


def test_target_probability_is_the_share_of_replicates_that_reach_it(tmp_path: Path):
    """At scope 1, and of the same run at 1 and at 4: a quarter of the value is enough there."""
    plan = plan_of(tmp_path, SmallScenario("none", world=WorldChoice(market=Market(scope=1.0))))
    store, execution, _ = done(plan)
    gathered = gather(plan, store)
    row = assemble(plan, gathered, WORLD, execution).table("targets").iloc[0]
    obtained = gathered.parts[0]["fan:output"][:, 3, 1]  # Shanghai, 2026
    assert row["probability"] == np.count_nonzero(obtained >= 100.0) / 300
    assert (row["scope"], row["narrow"]) == (1.0, row["probability"])
    assert row["wide"] == np.count_nonzero(obtained >= 25.0) / 300
    assert 0.4 < row["probability"] < 0.6  # the sum of two uniforms is above one in half of all cases
    assert row["shortfall_mean"] == pytest.approx(np.clip(1 - obtained / 100.0, 0, None).mean())


def test_arms_with_other_numbers_of_sectors_cannot_be_paired():
    """An invented world of ten sectors beside one of six, which is as many as the table of the plan has."""
    arms = tuple(
        load_scenario(name, ["world.data=synthetic", "world.regions=40"]) for name in ("synthetic-100", "baseline")
    )
    with pytest.raises(UserError, match=r"world.sector_count: baseline has 6 sectors, .* has 10: they cannot"):
        check_pairing(arms)


def test_arms_of_other_years_cannot_be_paired():
    arm = SmallScenario("burn")
    other = SmallScenario("late").replace(**{"run.last_year": 2030})
    with pytest.raises(
        UserError, match=r"run.last_year: late has 2030, the baseline burn has 2026: they cannot be paired"
    ):
        check_pairing((arm, other))
