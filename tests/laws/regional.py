"""What holds of the accounts of regions in every history."""

import numpy as np

from qipan.model.axes import Array
from qipan.model.history import History
from qipan.model.measures import compute
from qipan.model.measures.regional import REGION_COSTS, REGION_GAINS

PUBLIC = slice(0, 2)
"""Government research money and guidance funds."""


def close(found: Array, expected: Array, scale: Array) -> None:
    """Equal to 1e-9 of the largest number that either is the sum of."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * max(1.0, float(np.abs(scale).max())))


def check_regional_accounts(h: History) -> None:
    """Regions' welfare adds up to the nation's; net transfers to minus what the nation keeps; money to the mechanisms';
    and no region receives or gives anything where nothing is withheld.
    """
    priced = h.scenario.replace(
        **{"world.market.public_funds_cost": 1.3, "world.market.research_spillover": 0.7},
    )
    h = History(priced, h.world, h.years, h.replicates, h.arrays, h.executor)
    asked = ["welfare", "welfare_by_region", "net_transfer", "net_transfer_discounted", "region_support", "region_levy"]
    got = compute(h, [*asked, *REGION_GAINS, *REGION_COSTS])
    close(got["welfare_by_region"].sum(axis=1), got["welfare"], got["welfare_by_region"])
    terms = sum(got[name] for name in REGION_GAINS) - sum(got[name] for name in REGION_COSTS)
    close(terms, got["welfare_by_region"], got["region_surplus"])
    close(got["region_support"] - got["region_levy"], got["net_transfer_discounted"], h["pools"])
    kept = h["administration"] + h["burned"]
    close(got["net_transfer"].sum(axis=2), -kept, h["pools"])
    factors = (1.0 + h.scenario.world.market.discount) ** -np.arange(1.0, len(h.years) + 1.0)
    close(got["net_transfer_discounted"].sum(axis=1), -(kept * factors).sum(axis=1), h["pools"] * len(h.years))
    close(h["public_used"].sum(axis=2), h["money"][:, :, PUBLIC].sum(axis=(2, 3)), h["pools"])
    close(h["private_used"].sum(axis=2), h["money"][:, :, PUBLIC.stop :].sum(axis=(2, 3)), h["money"])
    assert (np.abs(got["net_transfer"]) <= np.maximum(h["support"], h["contributed"])).all()
    alone = h["support"].sum(axis=2) + kept == 0.0
    assert not h["contributed"][alone].any()
