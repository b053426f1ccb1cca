"""Worker processes: shared by plans that are run one after the other, gone at the end, gone when something breaks."""

from pathlib import Path

import pytest

from experiments import workers
from experiments.plan import Plan
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
