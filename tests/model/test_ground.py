"""What a block starts from is drawn once for all arms of the same replicates."""

import numpy as np
import pytest

import qipan
from qipan.model import ground


def arms() -> list[qipan.Scenario]:
    return [qipan.load_scenario(name) for name in ("baseline", "national-design", "lump-sum")]


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Notes every drawing of nature from now on."""
    calls: list[int] = []
    real = ground.draw_nature

    def noted(*given):
        calls.append(1)
        return real(*given)

    monkeypatch.setattr(ground, "draw_nature", noted)
    ground._last.clear()
    return calls


@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_arms_share_their_ground_and_come_out_as_alone(executor, monkeypatch):
    if executor == "compiled":
        pytest.importorskip("numba")
    alone = []
    for arm in arms():
        ground._last.clear()
        alone.append(qipan.run(arm, replicates=range(3, 8), executor=executor))
    calls = drawn(monkeypatch)
    beside = [qipan.run(arm, replicates=range(3, 8), executor=executor) for arm in arms()]
    again = qipan.run(arms()[0], replicates=range(3, 8), executor=executor)
    assert len(calls) == 1
    for one, other in zip([*alone, alone[0]], [*beside, again], strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in one.arrays)


@pytest.mark.parametrize(
    "change",
    [
        {"world.uncertainty.fit_spread": 0.9},
        {"world.technology.pilot_effort": 0.5},
        {"run.seed": 2},
        {"world.behaviour.payoff": "shared_prize"},
        {"world.budgets": "equal"},
    ],
)
def test_another_world_has_another_ground(change, monkeypatch):
    calls = drawn(monkeypatch)
    baseline = qipan.load_scenario("baseline")
    qipan.run(baseline, replicates=range(2))
    other = baseline.replace(**change)
    qipan.run(other, replicates=range(2))
    qipan.run(other, replicates=range(3))
    assert len(calls) == 3


def test_the_same_world_with_other_money_has_the_same_ground(monkeypatch):
    """What the years before had does not depend on what a policy will give."""
    calls = drawn(monkeypatch)
    baseline = qipan.load_scenario("baseline")
    qipan.run(baseline, replicates=range(2))
    qipan.run(baseline.replace(**{"policy.funding.government_share": 0.3}), replicates=range(2))
    assert len(calls) == 1
