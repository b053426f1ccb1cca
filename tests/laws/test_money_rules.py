"""Rules of money and plant: each has a value that switches it off, and both executors follow it."""

import numpy as np
import pytest

from qipan import run
from tests.laws.cases import OFF, RULES_ON, differing, short, small
from tests.laws.test_compiled import WHOLE

SMALLEST, OPERATING = "world.technology.minimum_scale", "world.technology.scale_operating"
ALL_ON = ("baseline", "national-design", "one-at-a-time", "classes-13", "burn")


@pytest.mark.parametrize("name", ALL_ON)
def test_compiled_is_the_reference_with_every_rule_at_work(name):
    pytest.importorskip("numba")
    scenario = short(name, 13, **RULES_ON)
    reference, compiled = (run(scenario, replicates=range(3), executor=who) for who in ("numpy", "compiled"))
    for field, expected in reference.arrays.items():
        if field in WHOLE:
            np.testing.assert_array_equal(compiled[field], expected, err_msg=field)
        else:
            atol = 1e-12 * np.abs(expected).max()
            np.testing.assert_allclose(compiled[field], expected, rtol=1e-12, atol=atol, err_msg=field)


@pytest.mark.parametrize("path", list(RULES_ON))
def test_each_rule_at_work_moves_a_number_in_both_executors(path):
    pytest.importorskip("numba")
    for executor in ("numpy", "compiled"):
        on, off = (
            run(small(**(RULES_ON | change)), replicates=range(16), executor=executor)
            for change in ({}, {path: OFF[path]})
        )
        assert differing(on, off), f"{path} at {OFF[path]} and at {RULES_ON[path]} give the same {executor} history"


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_rules_that_are_off_cost_nothing(executor):
    if executor == "compiled":
        pytest.importorskip("numba")
    history = run(small(**OFF), replicates=range(2), executor=executor)
    assert [field for field in ("overhead", "general_budget", "ordinary", "small_cost") if history[field].any()] == []


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_a_smallest_base_alone_changes_nothing(executor):
    """Where cost grows in proportion to a plant and operating cost does not fall with size, no size is small."""
    if executor == "compiled":
        pytest.importorskip("numba")
    some = (run(small(**(OFF | {SMALLEST: size})), replicates=range(2), executor=executor) for size in (0.0, 40.0))
    assert differing(*some) == []


def test_welfare_alone_bears_the_operating_cost_of_small_bases():
    """(1 - .14) of what is sold, times (10 / capacity)^.05 - 1 below a capacity of 10; nothing else moves."""
    free, dear = (run(small(**(RULES_ON | {OPERATING: cost})), replicates=range(2)) for cost in (0.0, 0.05))
    assert differing(free, dear) == ["small_cost"]
    burden = np.maximum(10.0 / np.maximum(dear["capacity"], 0.1), 1.0) ** 0.05 - 1.0
    np.testing.assert_allclose(dear["small_cost"], 0.86 * (dear["sold"] * burden).sum(axis=3), rtol=1e-12)
