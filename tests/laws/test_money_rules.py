"""Rules of money and plant: each has a value that switches it off, and both executors follow it."""

import numpy as np
import pytest

from qipan import run
from tests.laws.cases import OFF, RULES_ON, differing, short, small
from tests.laws.test_compiled import WHOLE

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
    assert [field for field in ("overhead", "general_budget") if history[field].any()] == []
