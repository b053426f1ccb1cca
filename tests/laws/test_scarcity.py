"""More of a resource never raises the need for it: money that projects wait for, projects that money waits for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qipan import load_scenario, run
from qipan.model.projects import aged_queue, starts, used_share

AMOUNT = st.floats(0.0, 1e6)


@given(waiting=AMOUNT, offer=AMOUNT, more=AMOUNT, cost=st.floats(1e-3, 1e3))
def test_more_money_never_leaves_more_projects_waiting(waiting, offer, more, cost):
    """What still waits after the year's starts falls, or stays, as money grows; the queue after it too."""
    before = aged_queue(waiting, starts(waiting, offer, cost), 0.15, 0.0)
    after = aged_queue(waiting, starts(waiting, offer + more, cost), 0.15, 0.0)
    assert after <= before


@given(waiting=AMOUNT, more=AMOUNT, offer=AMOUNT, cost=st.floats(1e-3, 1e3))
def test_more_projects_never_leave_more_money_idle(waiting, more, offer, cost):
    """The share of the offer that is used rises, or stays, as projects grow (to a rounding error of their division)."""
    before = used_share(starts(waiting, offer, cost) * cost, offer)
    after = used_share(starts(waiting + more, offer, cost) * cost, offer)
    assert after >= before * (1.0 - 1e-12)


@pytest.mark.parametrize("key", ["policy.funding.venture_pool", "policy.funding.guidance_share"])
def test_more_pilot_money_never_leaves_more_pilots_waiting_in_its_first_year(key):
    """In the first year the queues are the same, so each replicate has less, or as much, unmet need for pilots."""
    scenario = load_scenario("baseline")
    value = getattr(scenario.policy.funding, key.rpartition(".")[2])
    few = {"replicates": range(64), "fields": ["waiting"]}
    unmet = run(scenario, **few)["waiting"][:, 0, 1]
    eased = run(scenario.replace(**{key: 2.0 * value}), **few)["waiting"][:, 0, 1]
    assert (eased <= unmet).all()
    assert np.any(eased < unmet)
