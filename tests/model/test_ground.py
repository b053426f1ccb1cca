"""What a block starts from is drawn once for all arms of the same replicates."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import qipan
from qipan.model import ground
from qipan.model.ensemble import block_case
from qipan.model.world import load_world
from tests.laws.cases import small


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


def test_what_a_ground_holds():
    """Effort is of what a year completes, a third of research under way and half of the pilots; nobody writes into it.

    With a weight of one half on pilots and no discount for parallel work it is the sum over regions of the root of
    research times pilots.
    """
    years = {"world.technology.research_years": 3.0, "world.technology.pilot_years": 2.0}
    scenario = small("baseline", **years, **{EFFORT: 0.5, "world.technology.parallel_discount": 0.0})
    found = block_case(scenario, load_world(scenario.world), np.arange(2)).first
    made = ground._last[0][2]
    assert made.first is found
    research, pilots = found.in_progress[:, 0] / 3.0, found.in_progress[:, 1] / 2.0
    expected = np.sqrt(research * pilots).sum(axis=1).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(made.effort, expected, rtol=1e-12)
    for stock in (made.first.capacity, made.first.layout, made.first.belief):
        with pytest.raises(ValueError, match="read-only"):
            stock[:] = 0.0
    with pytest.raises(FrozenInstanceError):
        made.first = found


EFFORT = "world.technology.pilot_effort"
