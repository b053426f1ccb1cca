"""Workers: threads for compiled code, processes for NumPy, all gone at the end, whoever starts them and how it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from qipan import load_scenario
from qipan.experiments.runs.execute import execute
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.pool import outcomes
from qipan.experiments.store.parts import PartStore
from qipan.model.errors import StoreError

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def plan_of(folder: Path, replicates: int = 4, executor: str = "numpy") -> RunPlan:
    scenario = load_scenario("theory/shared-prize-small", [f"run.replicates={replicates}", "world.behaviour.rounds=3"])
    arms = (scenario, scenario.replace(**{"world.behaviour.temperature": 0.5}))
    return RunPlan("small", folder, arms, ("a", "b"), block=1, executor=executor)


def nobody() -> bool:
    """Whether neither a process nor a thread of ours is left."""
    return not active_children() and not [thread for thread in threading.enumerate() if "qipan" in thread.name]


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_one_worker_and_two_come_to_the_same_bytes_and_leave_nobody(tmp_path: Path, executor: str):
    plan = plan_of(tmp_path, 3, executor)
    found = []
    for workers in (1, 2):
        found.append({outcome.task.key: outcome.content for outcome in outcomes(plan, list(plan.tasks()), workers)})
        assert nobody()
    assert found[0] == found[1]
    assert set(found[0]) == {task.key for task in plan.tasks()}


def test_numpy_works_in_processes_and_compiled_code_on_threads_of_this_one(tmp_path: Path):
    seen = {}
    for executor in ("numpy", "compiled"):
        plan = plan_of(tmp_path, 3, executor)
        coming = outcomes(plan, list(plan.tasks()), 2)
        next(coming)
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("qipan")]
        seen[executor] = (len(active_children()), len(threads))
        coming.close()
        assert nobody()
    assert seen == {"numpy": (2, 0), "compiled": (0, 2)}


def test_a_killed_worker_is_told_in_one_sentence_and_the_rest_end(tmp_path: Path):
    plan = plan_of(tmp_path, 20)
    coming = outcomes(plan, list(plan.tasks()), 2)
    next(coming)
    active_children()[0].kill()
    with pytest.raises(StoreError, match="a worker process was killed"):
        list(coming)
    assert nobody()


@pytest.mark.parametrize(("executor", "workers"), [("numpy", 1), ("numpy", 2), ("compiled", 2)])
def test_after_ctrl_c_what_is_under_way_is_kept_and_nothing_new_begins(tmp_path: Path, executor: str, workers: int):
    """By hand: a worker has at most two batches under way, one of which has begun; it is a block, compiled two."""
    plan = plan_of(tmp_path, 10, executor)
    store, ready = PartStore(tmp_path / "parts"), []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def pressed_at_the_third(count: int) -> None:
        ready.append(count)
        if len(ready) == 3:
            signal.raise_signal(signal.SIGINT)

    try:
        execution = execute(plan, store, workers=workers, strict=False, advance=pressed_at_the_third)
        assert execution.interrupted
        assert 3 <= execution.computed <= 3 + 2 * (2 * workers + 1)
        assert len(list(store.stored())) == execution.computed == len(ready)
        assert nobody()
        again = execute(plan, store, workers=workers, strict=False, advance=lambda count: None)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (again.reused, again.computed, again.interrupted) == (execution.computed, 20 - execution.computed, False)


SCRIPT = """
from pathlib import Path
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.pool import outcomes
from qipan import load_scenario
print("begun", flush=True)
scenario = load_scenario("theory/shared-prize-small", ["run.replicates=3", "world.behaviour.rounds=3"])
plan = RunPlan("small", Path("x"), (scenario,), ("a",), block=1)
print(len(list(outcomes(plan, list(plan.tasks()), 2))))
"""


@pytest.mark.parametrize("way", ["a script without a guard", "standard input", "-c"])
def test_processes_start_whatever_they_are_started_from_and_wherever(tmp_path: Path, way: str):
    """The script is not run again in the workers; nor is the code of somebody else in the folder."""
    for package in ("experiments", "model"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit('the code of somebody else')\n")
    (tmp_path / "elsewhere").mkdir()
    script = tmp_path / "elsewhere" / "script.py"
    script.write_text(SCRIPT)
    arguments = {"a script without a guard": [str(script)], "standard input": ["-P", "-"], "-c": ["-P", "-c", SCRIPT]}
    done = subprocess.run(
        [sys.executable, *arguments[way]],
        cwd=tmp_path,
        env=ENVIRONMENT,
        text=True,
        capture_output=True,
        check=False,
        input=SCRIPT if way == "standard input" else "",
    )
    assert (done.stdout, done.stderr) == ("begun\n3\n", "")


ORPHANS = """
from multiprocessing import active_children
from pathlib import Path
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.runs.pool import outcomes
from qipan import load_scenario
import time
scenario = load_scenario("theory/shared-prize-small", ["run.replicates=9", "world.behaviour.rounds=3"])
plan = RunPlan("small", Path("x"), (scenario,), ("a",), block=1)
coming = outcomes(plan, list(plan.tasks()), 2)
next(coming)
print(*[child.pid for child in active_children()], flush=True)
time.sleep(600.0)
"""


def gone(process: int) -> bool:
    """Whether a process has ended; one that waits to be buried has."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] in ("", "Z")


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are not there")
def test_no_worker_process_outlives_a_parent_that_was_killed():
    process = subprocess.Popen([sys.executable, "-c", ORPHANS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    children = [int(text) for text in process.stdout.readline().split()]
    assert len(children) == 2
    assert not any(gone(child) for child in children)
    process.kill()
    process.wait(60)
    process.stdout.close()
    limit = time.monotonic() + 60.0
    while not all(gone(child) for child in children):
        assert time.monotonic() < limit
        time.sleep(0.05)
