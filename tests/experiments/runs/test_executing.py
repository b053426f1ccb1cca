"""Which executor an experiment takes is settled from its size before it begins, told in its results, and kept apart."""

import json
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import qipan
from qipan.experiments.command_line import main
from qipan.experiments.runs import block
from qipan.experiments.runs import executor as executing
from qipan.experiments.runs.execute import Execution, execute
from qipan.experiments.runs.executor import chosen, packed_reasons, reasons_of
from qipan.experiments.runs.gather import gather, left_of, numbers_of
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.pool import outcomes
from qipan.experiments.store.parts import PartStore
from qipan.experiments.summaries.rows import join_parts
from qipan.model import executor as executors
from qipan.model.errors import StoreError, UserError
from qipan.model.executor import WORTH_COMPILING

GAME = "theory/shared-prize-small"


def test_auto_counts_the_cells_of_all_arms_and_replicates():
    """31 provinces, 6 sectors, 38 years: 7,068 cells a run. 707 runs are 4,997,076, one more is 5,004,144."""
    scenario = qipan.load_scenario("baseline")
    world = qipan.load_world(scenario.world)
    assert WORTH_COMPILING == 5_000_000
    assert chosen("auto", scenario, world, 1, 707) == "numpy"
    assert chosen("auto", scenario, world, 1, 708) == "compiled"
    assert chosen("auto", scenario, world, 2, 354) == "compiled"
    assert chosen("numpy", scenario, world, 1, 10**9) == "numpy"


def test_compiled_without_numba_is_refused_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(executors, "compiled_available", lambda: False)
    monkeypatch.setattr(executing, "compiled_available", lambda: False)
    scenario = qipan.load_scenario(GAME)
    assert chosen("auto", scenario, qipan.load_world(scenario.world), 1, 10**9) == "numpy"
    with pytest.raises(UserError, match="needs Numba, which is not installed"):
        block.computed(scenario, range(2), executor="compiled")
    assert main(["run", GAME, "--executor", "compiled", "--dry-run"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "--executor" in told
    assert "pip install 'qipan[fast]'" in told


def test_the_executor_is_part_of_the_key_and_numpy_keys_are_what_they_were(tmp_path: Path):
    arm = qipan.load_scenario(GAME)
    keys = {
        name: [task.key for task in RunPlan("p", tmp_path, (arm,), ("game",), executor=name).tasks()]
        for name in ("numpy", "compiled")
    }
    assert not set(keys["numpy"]) & set(keys["compiled"])


def test_a_result_names_its_executor_and_what_was_left_to_numpy(tmp_path: Path):
    command = ["run", "one-at-a-time", "--set", "run.last_year=2024", "--replicates", "2", "--workers", "1", "--quiet"]
    told = {}
    for name in ("numpy", "compiled"):
        folder = tmp_path / name
        assert main([*command, "--no-report", "--executor", name, "--out", str(folder)]) == 0
        told[name] = json.loads((folder / "manifest.json").read_text())
    assert told["numpy"]["executor"] == {"name": "numpy", "left": []}
    assert told["compiled"]["executor"]["name"] == "compiled"
    assert told["compiled"]["executor"]["left"] == ["choose: revision by OneAtATime is not compiled"]
    assert told["compiled"]["arguments"]["executor"] == "compiled"


def test_reasons_survive_a_part_and_stay_out_of_its_numbers():
    reasons = ("choose: a rule of one's own", "资金")
    part = {"total:welfare": np.ones(2), **packed_reasons(reasons)}
    joined = join_parts([part, part])
    assert left_of(joined) == reasons
    assert list(numbers_of(joined)) == ["total:welfare"]
    assert reasons_of(packed_reasons(reasons)["left"]) == reasons
    assert packed_reasons(()) == {}
    assert left_of({}) == ()


def test_a_saved_history_names_its_executor(tmp_path: Path):
    history = qipan.run(qipan.load_scenario(GAME), replicates=range(2), executor="compiled")
    again = qipan.History.load(history.save(tmp_path))
    assert (again.executor, again.left) == ("compiled", history.left)
    (tmp_path / "history.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="does not name a stored history"):
        qipan.History.load(tmp_path)


@pytest.mark.parametrize("keep", ["all", "scores", "followed", "summary"])
def test_blocks_run_in_one_go_hold_the_bytes_of_blocks_run_by_themselves(tmp_path: Path, keep):
    arms = tuple(qipan.load_scenario(name, ["run.replicates=40"]) for name in (GAME, f"{GAME}-planner"))
    plan = RunPlan("p", tmp_path, arms, ("a", "b"), keep=keep, block=16, executor="compiled")
    batches = list(plan.batches(plan.tasks(), 9))
    assert [len(batch) for batch in batches] == ([1, 2] if keep == "summary" else [1, 1, 2, 2])
    for batch in batches:
        scenarios = batch[0].among(arms)
        together, alone = block.run_tasks(scenarios, batch), [block.run_task(scenarios, task) for task in batch]
        assert [outcome.task for outcome in together] == list(batch)
        assert [outcome.content for outcome in together] == [outcome.content for outcome in alone]


def test_batches_hold_blocks_that_follow_each_other_and_numpy_runs_each_by_itself(tmp_path: Path):
    arm = qipan.load_scenario(GAME, ["run.replicates=1280"])
    plan = RunPlan("p", tmp_path, (arm, arm), ("a", "b"), executor="compiled", keep="scores")
    compiled, numpy, whole = plan, replace(plan, executor="numpy"), replace(plan, keep="all")
    assert {len(batch) for batch in numpy.batches(numpy.tasks(), 9)} == {1}
    tasks = [task for task in compiled.tasks() if task.start != 256]
    starts = [(batch[0].arm, [task.start for task in batch]) for batch in compiled.batches(tasks, 9)]
    row = [384, 512, 640, 768, 896, 1024]
    assert starts == [
        (0, [0]),
        (1, [0]),
        (0, [128]),
        (0, row),
        (1, [128]),
        (1, row),
        (0, [1152]),
        (1, [1152]),
    ]
    assert {len(batch) for batch in compiled.batches(tasks, 17_058)} == {1}, "2,843 counties fill memory by themselves"
    assert [len(batch) for batch in whole.batches(whole.tasks(), 9)][::2] == [1, 2, 2, 2, 2, 1], "whole histories"


def test_one_failing_replicate_of_many_blocks_costs_that_one_alone(tmp_path: Path, monkeypatch):
    real = qipan.run

    def fails(scenario, *, replicates, **more):
        if 20 in replicates:
            raise FloatingPointError("made to fail")
        return real(scenario, replicates=replicates, **more)

    monkeypatch.setattr(qipan, "run", fails)
    arm = qipan.load_scenario(GAME, ["run.replicates=48"])
    plan = RunPlan("p", tmp_path, (arm,), ("a",), block=16, executor="compiled")
    _, batch = plan.batches(plan.tasks(), 9)
    outcomes = block.run_tasks((arm,), batch)
    assert [[failure.replicate for failure in outcome.failures] for outcome in outcomes] == [[20], []]
    assert outcomes[0].failures[0].executor == "compiled"


def test_the_first_block_of_each_arm_comes_by_itself_and_is_there_to_show(tmp_path: Path):
    """Two arms of 5 blocks of 16: the third outcome is of more than one block; stopped before it, one block is left."""
    arms = tuple(qipan.load_scenario(name, ["run.replicates=80"]) for name in (GAME, f"{GAME}-planner"))
    whole, broken = (RunPlan("p", tmp_path / name, arms, ("a", "b"), block=16, executor="compiled") for name in "wb")
    assert [[(task.arm, task.start) for task in batch] for batch in whole.batches(whole.tasks(), 9)][:3] == [
        [(0, 0)],
        [(1, 0)],
        [(0, 16), (0, 32)],
    ]

    def done(plan: RunPlan) -> tuple[Execution, list[int], dict[str, bytes]]:
        store = PartStore(plan.folder / "parts")
        execution = execute(plan, store, workers=1, strict=False, advance=lambda ready: None)
        return (
            execution,
            gather(plan, store).replicates.tolist(),
            {key: store.path(key).read_bytes() for key in store.stored()},
        )

    expected = done(whole)[2]
    with closing(outcomes(broken, list(broken.tasks()), 1)) as coming:
        for outcome in islice(coming, 2):
            PartStore(broken.folder / "parts").write(outcome.task.key, outcome.content)
    assert gather(broken, PartStore(broken.folder / "parts")).replicates.tolist() == list(range(16))
    execution, replicates, parts = done(broken)
    assert (execution.reused, execution.computed, replicates) == (2, 8, list(range(80)))
    assert parts == expected


def test_yearly_scores_of_the_last_year_alone_are_those_of_all_years():
    """What looks back over the years is named; a measure that did so unnamed would differ here."""
    from qipan.experiments.summaries.scores import LOOKING_BACK, make_followed, make_scores, needed_fields
    from qipan.model.measures import MEASURES, compute

    scenario = qipan.load_scenario("national-design", ["run.last_year=2029", "run.programme_until=2027"])
    history = qipan.run(scenario, replicates=range(3))
    part, every = make_scores(history), compute(history)
    yearly = {name: values for name, values in every.items() if MEASURES[name].axes == ("replicate", "year")}
    assert len(yearly) > 40
    assert set(LOOKING_BACK) <= set(yearly)
    for name, values in yearly.items():
        assert (part[f"told:{name}"] == values[:, 4]).all(), name
    some = qipan.run(scenario, replicates=range(3), **needed_fields())
    assert all((make_scores(some)[name] == values).all() for name, values in part.items())
    assert len(some.arrays) + len(some.closing) < len(history.arrays)
    assert {values.shape[1] for values in some.closing.values()} == {1}
    assert all((values == part[name]).all() for name, values in make_scores(some).items())
    few = make_followed(qipan.run(scenario, replicates=range(3), **needed_fields(followed=True)))
    assert set(few) == {
        "replicates",
        "total:welfare",
        "total:output_discounted",
        "told:investment_duplication",
        "told:idle_share",
    }
    assert all((values == part[name]).all() for name, values in few.items())
