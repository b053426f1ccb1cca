"""Money by stage and by mechanism: pools, stage shares, and who paid for what was spent."""

import numpy as np

from qipan.model.axes import Array, Element
from qipan.model.element import larger
from qipan.model.kernels import total_over_regions
from qipan.model.parameters import Funding
from qipan.model.region import TINY
from qipan.model.world import World

REFERENCE_SHARE = float(Funding.model_fields["government_share"].default)
"""The research share that the years up to 2022 had and that ideas are there for, whatever a scenario gives: so more
research money is more effort, against a fixed reference, and meets the ideas there are."""


def after_programme(funding: Funding) -> Funding:
    """The money once the programme has ended, the same in every arm and region: research at its reference share, no
    guidance money (assumption A42).
    """
    return funding.model_copy(update={"government_share": REFERENCE_SHARE, "guidance_share": 0.0})


def public_pools(funding: Funding, world: World, growth: float) -> Array:
    """Public money for future industries a year, (2, region), bn yuan: research, and guidance funds as realised.

    government_share of fiscal science spending; guidance_share of GDP at a realisation of one half, in proportion to
    it.
    """
    research = funding.government_share * world.fiscal_science * growth
    guidance = funding.guidance_share * world.gdp * growth * funding.guidance_realised / 0.5
    return np.stack([research, guidance])


def by_stage(offered: Array, shares: Array) -> Array:
    """Offers by mechanism to offers by stage, (n, mechanism, region, sector) -> (n, stage, region, sector)."""
    total = np.zeros((offered.shape[0], shares.shape[1], *offered.shape[2:]))
    for mechanism, stage in np.argwhere(shares > 0.0):
        total[:, stage] += offered[:, mechanism] * shares[mechanism, stage]
    return total


def used_by_mechanism(offered: Array, shares: Array, used: Array) -> Array:
    """Money drawn from each mechanism and stage, (n, mechanism, stage, sector): every offer is used pro rata."""
    n, mechanisms, _, sectors = offered.shape
    money = np.zeros((n, mechanisms, shares.shape[1], sectors))
    for mechanism, stage in np.argwhere(shares > 0.0):
        money[:, mechanism, stage] = shares[mechanism, stage] * total_over_regions(
            offered[:, mechanism] * used[:, stage]
        )
    return money


def used_balance(balance: Array, used: Array, public_shares: Array) -> Array:
    """Money drawn from balances of former years, (n, mechanism, stage, sector).

    A balance is public money of its stage; it is put down to the public mechanisms by their stage shares.
    """
    drawn = total_over_regions(balance * used)
    source = public_shares / larger(public_shares.sum(axis=0), TINY)
    return drawn[:, None] * source[:, :, None]


def used_money(public: Element, balance: Element, used: Element) -> Element:
    """Public money of a stage that projects took up, bn yuan."""
    return (public + balance) * used


def unused_money(public: Element, balance: Element, used: Element) -> Element:
    """Public money of a stage that no project took up, bn yuan."""
    return (public + balance) * (1.0 - used)
