"""Worker processes: shared by plans that are run one after the other, gone at the end, gone when something breaks."""

from dataclasses import replace
from pathlib import Path

import pytest

from experiments import workers
from experiments.plan import Plan
from experiments.running import execute
from experiments.store import PartStore
from experiments.workers import kept_workers, outcomes
from model import load_scenario
from model.errors import StoreError


def plan_of(folder: Path) -> Plan:
    scenario = load_scenario("theory/shared-prize-small", ["run.replicates=4", "run.last_year=2024"])
    return Plan("small", folder, (scenario, scenario.replace(**{"world.behaviour.temperature": 0.5})), ("a", "b"))


def keys(plan: Plan) -> list[str]:
    return sorted(outcome.task.key for outcome in outcomes(plan, list(plan.tasks()), 2))


def test_plans_share_worker_processes_only_where_they_are_kept_and_until_one_is_killed(tmp_path: Path):
    plan = plan_of(tmp_path)
    wanted = sorted(task.key for task in plan.tasks())
    with kept_workers():
        assert keys(plan) == wanted
        (pool,) = workers._pools.values()
        processes = dict(pool._processes)
        assert len(processes) == 2
        assert keys(plan) == wanted
        assert list(workers._pools.values()) == [pool]
        assert dict(pool._processes) == processes
        for process in processes.values():
            process.kill()
        with pytest.raises(StoreError, match="a worker process was killed"):
            keys(plan)
        assert not workers._pools
    assert keys(plan) == wanted
    assert not workers._pools
    assert all(process.exitcode is not None for process in processes.values())


def test_after_ctrl_c_what_is_under_way_is_kept_and_nothing_new_begins(tmp_path: Path):
    """By hand: two workers have at most four batches under way; NumPy's batches are single blocks."""
    scenario = load_scenario("theory/shared-prize-small", ["run.replicates=40", "run.last_year=2024"])
    plan = Plan("small", tmp_path, (scenario,), ("a",), block=1)
    store, ready = PartStore(tmp_path / "parts"), []

    def pressed_at_the_third(count: int) -> None:
        ready.append(count)
        if len(ready) == 3:
            raise KeyboardInterrupt

    execution = execute(plan, store, workers=2, strict=False, advance=pressed_at_the_third)
    assert execution.interrupted
    assert 3 < execution.computed <= 3 + 4
    assert len(list(store.stored())) == execution.computed == len(ready)
    assert not workers._pools
    again = execute(plan, store, workers=2, strict=False, advance=lambda count: None)
    assert (again.reused, again.computed, again.interrupted) == (execution.computed, 40 - execution.computed, False)


def test_ctrl_c_while_waiting_ends_after_what_is_under_way_and_at_once_the_second_time(tmp_path: Path, monkeypatch):
    plan = replace(plan_of(tmp_path), block=1)
    real, calls = workers.wait, []

    def interrupted_at(*numbers: int):
        def waiting(*given, **named):
            calls.append(1)
            if len(calls) in numbers:
                raise KeyboardInterrupt
            return real(*given, **named)

        calls.clear()
        monkeypatch.setattr(workers, "wait", waiting)

    interrupted_at(2)
    once = outcomes(plan, list(plan.tasks()), 2)
    found = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(once)  # extends by what came before the interrupt
    assert 1 <= len(found) < 8
    interrupted_at(1, 2)
    with pytest.raises(KeyboardInterrupt):
        next(outcomes(plan, list(plan.tasks()), 2))
    assert not workers._pools
