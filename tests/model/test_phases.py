"""What a year takes, spends and records, by hand on moments of one replicate, two regions and a few numbers."""

from types import SimpleNamespace as Given

import numpy as np
import pytest

from qipan.model.axes import BANK_CREDIT
from qipan.model.coordination.mandate import Mandate
from qipan.model.phases import selling

near = pytest.approx


def test_what_a_mandate_takes_and_spends():
    """Pools 60 + 20 and 15 + 5: 80 and 20. A cut of .1; administration .05, burned .15, two levers .2: .4 is withheld
    and .5 kept. The regions' own ecosystem: .3 x .5 x 80 = 12 and 3; the nation's 8 lands .75 and .25: 6 and 2.

    Projects are paid 28 and 7 of one's own and 10 and 2 of the nation; a quarter of both is old wine.
    """
    mandate = Mandate(levy=0.5, cut=0.1, administration=0.05, burned=0.15, money={"key_areas": 0.12, "ecosystem": 0.08})
    now = Given(
        mandate=mandate,
        state=Given(demand=np.ones((2, 3))),
        public_pools=np.array([[60.0, 15.0], [20.0, 5.0]]),
        support=Given(ecosystem=8.0),
        old_wine=0.25,
        case=Given(coordination=Given(ecosystem_share=0.3), world=Given(size=np.array([0.75, 0.25]))),
    )
    found = selling.levies(now, np.tile([10.0, 2.0], (2, 1)))
    each = {name: values[0].tolist() for name, values in found.items()}
    assert each == {
        "pools": near(90.0),
        "levy": near(50.0),
        "administration": near(5.0),
        "burned": near(15.0),
        "ordinary": near([9.5, 2.25]),
        "ecosystem_money": near([18.0, 5.0]),
        "support": near([16.0, 4.0]),
        "contributed": near([32.0, 8.0]),
    }
    assert {values.shape for values in found.values()} == {(2,), (2, 2)}


@pytest.mark.parametrize(("surplus", "expected"), [(0.25, [7.5, 0.0]), (1.5, [0.0, 0.0])])
def test_operating_cost_of_small_bases(surplus, expected):
    """(16 / 4)^.5 - 1 = 1 times 8 sold, 4 - 1 = 3 times 2/3, nothing from 16 on; no cost where all is surplus."""
    now = Given(
        state=Given(capacity=np.array([[[4.0, 1.0], [16.0, 40.0]]])),
        flows={"sold": np.array([[[8.0, 2.0 / 3.0], [50.0, 50.0]]])},
        case=Given(technology=Given(minimum_scale=16.0, scale_operating=0.5), market=Given(social_surplus=surplus)),
    )
    assert selling._small_cost(now).tolist() == [near(expected)]


def test_money_of_completing_projects():
    """40 at work in each of three stages, durations 4, 2, 4: 10, 20, 10 complete. Of projects 1/2, 1/4 and 0 fail: 5, 5
    and 0 are lost and 15 + 10 become equity beside .9 of 100. Banks lose what went bad, 3 + 1, and own nothing.
    """
    at_work = np.zeros((1, 6, 3, 2))
    at_work[0, (0, BANK_CREDIT), :, 0] = 40.0
    invested = np.zeros((1, 6, 2))
    invested[0, 0, 0] = 100.0
    completed = np.zeros((1, 3, 2, 2))
    completed[0, :, 0, 0], completed[0, :, 1, 0] = 1.0, 3.0
    succeeded = completed.copy()
    succeeded[0, 0, :, 0], succeeded[0, 1, :, 0] = (1.0, 1.0), (0.0, 3.0)
    now = Given(
        case=Given(lag=np.array([4.0, 2.0, 4.0]), technology=Given(depreciation=0.1)),
        state=Given(at_work=at_work, invested=invested),
        completed=completed,
        succeeded=succeeded,
        money=np.full((1, 6, 3, 2), 7.0),
        flows={},
    )
    selling._write_off(now, bad=np.array([[3.0, 1.0]]))
    assert now.flows["lost"].tolist() == [near([10.0, 0, 0, 0, 4.0, 0])]
    assert now.state.at_work[0, 0, :, 0].tolist() == near([37.0, 27.0, 37.0])
    assert now.state.at_work[0, 1].tolist() == np.full((3, 2), 7.0).tolist()
    assert now.state.invested[0, :, 0].tolist() == near([115.0, 0, 0, 0, 0, 0])
    assert not now.state.invested[0, :, 1].any()
