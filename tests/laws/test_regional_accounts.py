"""Welfare and transfers by region add up to the nation's in every scenario that comes with the model."""

import numpy as np
import pytest

from qipan import run
from qipan.model.measures import compute
from tests.laws.cases import NAMES, RULES_ON, history, short, small
from tests.laws.regional import check_regional_accounts


@pytest.mark.parametrize("name", NAMES)
def test_accounts_of_regions_add_up_to_the_nations(name):
    check_regional_accounts(history(name))


@pytest.mark.parametrize("name", ["national-design", "lever-ecosystem", "burn", "fund-zhejiang", "classes-13"])
@pytest.mark.parametrize("executor", ["numpy", "compiled"])
def test_they_do_with_every_rule_at_work(name, executor):
    if executor == "compiled":
        pytest.importorskip("numba")
    check_regional_accounts(run(short(name, **RULES_ON), replicates=range(2), executor=executor))


def test_every_region_gives_the_same_share_of_its_pools():
    """A levy of a fifth, nothing of it handed back: a fifth of .4 of science spending and of guidance funds."""
    h = run(small("burn"), replicates=range(2))
    funding, world = h.scenario.policy.funding, h.world
    pools = funding.government_share * world.fiscal_science + funding.guidance_share * world.gdp
    share = h["contributed"][:, 1:] / h["contributed"][:, 1:].sum(axis=2, keepdims=True)
    np.testing.assert_allclose(share, np.broadcast_to(pools / pools.sum(), share.shape), rtol=1e-12)
    np.testing.assert_allclose(h["contributed"].sum(axis=2), h["burned"], rtol=1e-12)
    assert not h["support"].any()


def test_a_levy_that_is_handed_back_moves_nothing_between_regions():
    """Without administration: net transfers of zero in every region and year."""
    h = run(small("lump-sum", **{"policy.coordination.administration": 0.0}), replicates=range(2))
    assert h["levy"].any()
    assert not compute(h, ["net_transfer"])["net_transfer"].any()


def test_equity_weights_of_zero_aversion_leave_welfare():
    h = history("national-design")
    plain = h.scenario.replace(**{"world.market.inequality_aversion": 0.0})
    h = type(h)(plain, h.world, h.years, h.replicates, h.arrays)
    got = compute(h, ["welfare", "welfare_equity"])
    np.testing.assert_allclose(got["welfare_equity"], got["welfare"], rtol=1e-9)
