"""Compiled code and NumPy are one model: the same choices and counts, other numbers to 1e-12, in every scenario."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.model.ensemble import block_case
from qipan.model.executor import Executor, executor_named, settled
from qipan.model.world import load_world

pytest.importorskip("numba")

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
GAMES = ("theory/affine", "theory/shared-prize-small", "theory/excess-entry", "theory/parallel-projects-planner")
WHOLE = (
    "layout",
    "adopted",
    "breakthrough",
    "foreign",
    "planner_count",
    "on_list",
    "efficient_count",
    "understanding",
)
"""Fields that are whole numbers."""


@pytest.mark.parametrize("name", [*SCENARIOS, *GAMES])
def test_compiled_is_the_reference(name: str) -> None:
    """To three years after the programme; to 2060 in test_programme_end."""
    scenario = load_scenario(name)
    scenario = scenario.replace(**{"run.last_year": min(scenario.run.last_year, 2038)})
    reference = run(scenario, replicates=range(3))
    compiled = run(scenario, replicates=range(3), executor="compiled")
    for field, expected in reference.arrays.items():
        given = compiled[field]
        if field in WHOLE:
            np.testing.assert_array_equal(given, expected, err_msg=field)
        else:
            size = np.abs(expected).max()
            if field == "payoff":  # prizes less costs, where free entry leaves nothing: measured by the costs
                size = max(size, scenario.world.behaviour.entry_cost * reference["layout"].sum((-2, -1)).max())
            np.testing.assert_allclose(given, expected, rtol=1e-12, atol=1e-12 * size, err_msg=field)


def test_a_replicate_is_the_same_bytes_alone_and_among_others() -> None:
    scenario = load_scenario("national-design")
    many = run(scenario, replicates=range(130), executor="compiled")
    few = run(scenario, replicates=[129, 7], executor="compiled")
    for field, values in few.arrays.items():
        assert values.tobytes() == many[field][[129, 7]].tobytes(), field


@pytest.mark.parametrize("few", [[5], [0, 1, 2], [40, 3, 9, 22, 63], list(range(20, 27)), list(range(33))])
def test_rows_that_do_not_fill_the_processors_vectors_are_the_same_bytes(few: list[int]) -> None:
    """Odd numbers of lanes leave a rest of each row that is worked on number by number, not four at a time."""
    scenario = load_scenario("national-design", ["run.last_year=2027"])
    many = run(scenario, replicates=range(64), executor="compiled")
    beside = run(scenario, replicates=few, executor="compiled")
    for field in many.arrays:
        assert many[field][few].tobytes() == beside[field].tobytes(), field


def test_what_is_not_compiled_is_named() -> None:
    assert left("baseline") == ()
    assert left("imitators") == ("choose: the rule Imitation is not compiled",)
    assert left("one-at-a-time") == ("choose: revision by OneAtATime is not compiled",)


def left(name: str) -> tuple[str, ...]:
    """Phases of a scenario that a compiled run leaves to NumPy."""
    scenario = load_scenario(name)
    case = block_case(scenario, load_world(scenario.world), np.arange(2), executor_named("compiled"))
    from qipan.model.step import YEAR

    case.executor.year(YEAR, case)
    return case.executor.left


def test_auto_goes_by_the_size_of_the_work_alone() -> None:
    assert settled("auto", 1_000) == "numpy"
    assert settled("auto", 200_000_000) == "compiled"
    assert settled("numpy", 10_000_000) == "numpy"
    with pytest.raises(ValueError, match="must be auto, numpy or compiled"):
        settled("fortran", 1)  # type: ignore[arg-type]
    assert Executor().name == "numpy"


HEARD = """
import numpy as np
from qipan.model.executor import executor_named
executor_named("compiled")
from qipan.model.compiled.phases import deciding
from qipan.model.compiled.tables import Heard, Hearing
from qipan.model.compiled.phases.work import work_space
uniform, row, pair = np.full((1, 2, 2), 0.3), np.ones((1, 2)), np.ones((1, 2, 2))
belief = pair.copy()
hearing = Hearing(1.0, 1.0, 0.0, 0.0, 0.0, 0.0)
room = work_space(1, 2, 1, 2, 1)
deciding.believe(uniform, Heard(row, row, row, row, row, row, pair), hearing, room, belief, pair.copy())
print(float(belief.sum()))
"""


def test_compiled_code_follows_an_edit_of_a_rule(tmp_path: Path) -> None:
    """Numba's own cache would run the old rule: a rule in another file is edited, and the number changes."""
    shutil.copytree(ROOT / "src", tmp_path / "src", symlinks=True)
    shutil.copytree(ROOT / "model", tmp_path / "model")
    shutil.copytree(ROOT / "data", tmp_path / "data")

    def heard() -> float:
        environment = dict(os.environ, QIPAN_CACHE=str(tmp_path / "cache"), PYTHONPATH=str(tmp_path / "src"))
        command = [sys.executable, "-c", HEARD]
        return float(subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True).stdout)

    before = heard()
    rules = tmp_path / "model" / "region.py"
    text = rules.read_text(encoding="utf-8")
    rule = "return worth + unseen * error + spread * noise"
    assert rule in text
    rules.write_text(text.replace(rule, "return worth + unseen * error + 2.0 * spread * noise"), encoding="utf-8")
    assert heard() != before


def test_numba_is_loaded_only_when_asked_for() -> None:
    code = (
        "import sys; from qipan import load_scenario, run; run(load_scenario('baseline'), replicates=range(1)); "
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
