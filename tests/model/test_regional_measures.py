"""Welfare by region, net transfers and equity weights, worked by hand."""

import numpy as np
import pytest

from qipan.model.measures import computable, compute
from qipan.model.measures.regional import equity_weights


def two_regions() -> dict[str, object]:
    """One year, two regions, one sector; the nation keeps 2 of the 8 that it takes."""
    by_region = {
        "completed_research": (4.0, 0.0),
        "ordinary": (1.0, 0.0),
        "small_cost": (0.5, 0.0),
        "private_used": (3.0, 1.0),
        "public_used": (2.0, 4.0),
        "ecosystem_money": (0.5, 0.5),
        "overhead": (0.0, 1.0),
        "general_budget": (0.5, 0.0),
        "support": (0.0, 6.0),
        "contributed": (5.0, 3.0),
    }
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, 0, 0], money[0, 0, 2, 2] = 6.0, 4.0
    return {name: np.array([[pair]]) for name, pair in by_region.items()} | {
        "sold": np.array([[[[100.0], [50.0]]]]),
        "money": money,
        "administration": np.array([[1.5]]),
        "burned": np.array([[0.5]]),
        "social_surplus": 0.1,
        "research_spillover": 0.5,
        "public_funds_cost": 1.5,
        "discount": 0.25,
        "world_gdp": np.array([30.0, 30.0]),
        "world_population": np.array([1.0, 2.0]),
    }


def test_welfare_by_region_by_hand() -> None:
    """Transfers -5 and 3. Paid 2 + .5 + .5 + 1 + 5 = 9 and 4 + .5 + 1 - 3 = 2.5 at 1.5; gains 10 + 2 + 1 - .5 - 3 and
    5 - 1: -4 and .25, discounted -3.2 and .2, which the nation has: 18 - .5 - 4 - 1.5 x 11.5 = -3.75, times .8.
    """
    got = compute(two_regions(), ["net_transfer", "net_transfer_discounted", "welfare_by_region", "welfare"])
    assert got["net_transfer"].tolist() == [[[-5.0, 3.0]]]
    assert got["net_transfer_discounted"][0] == pytest.approx([-4.0, 2.4])
    assert got["welfare_by_region"][0] == pytest.approx([-3.2, 0.2])
    assert got["welfare"][0] == pytest.approx(-3.0)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("region_surplus", (8.0, 4.0)),
        ("region_spillover", (1.6, 0.0)),
        ("region_ordinary", (0.8, 0.0)),
        ("region_small_cost", (0.4, 0.0)),
        ("region_private", (2.4, 0.8)),
        ("region_public_burden", (10.8, 3.0)),
        ("region_support", (0.0, 4.8)),
        ("region_levy", (4.0, 2.4)),
        ("region_public_used", (1.6, 3.2)),
    ],
)
def test_terms_of_welfare_by_region_by_hand(term: str, expected: tuple[float, float]) -> None:
    """Each of the numbers above times .8: paid 9 and 2.5 at 1.5 are 13.5 and 3.75, so 10.8 and 3."""
    assert compute(two_regions(), [term])[term][0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("aversion", "expected"), [(0.0, -3.0), (1.0, -3.2 * 2 / 3 + 0.2 * 4 / 3), (2.0, -3.2 * 4 / 9 + 0.2 * 16 / 9)]
)
def test_equity_weights_by_hand(aversion: float, expected: float) -> None:
    """GDP per head 30 and 15, on average 20: a yuan counts for 2/3 and 4/3 at an aversion of one, squared at two."""
    got = compute(two_regions() | {"inequality_aversion": aversion}, ["welfare_equity"])
    assert got["welfare_equity"][0] == pytest.approx(expected)


def test_own_weights_by_hand() -> None:
    """-3.2 x 1.5 + .2 x .5 = -4.7; a history alone, without weights, has no such measure."""
    got = compute(two_regions() | {"region_weights": np.array([1.5, 0.5])}, ["welfare_weighted"])
    assert got["welfare_weighted"][0] == pytest.approx(-4.7)
    assert "welfare_weighted" not in computable(two_regions())


def test_a_region_without_people_or_output_counts_for_one() -> None:
    """The others' mean is 60 / 3 = 20."""
    found = equity_weights(np.array([30.0, 30.0, 0.0, 5.0]), np.array([1.0, 2.0, 1.0, 0.0]), 1.0)
    assert found == pytest.approx([2 / 3, 4 / 3, 1.0, 1.0])


def test_transfers_of_two_years_are_discounted_each() -> None:
    """At .25 the first year counts .8, the second .64; the table of one replicate has two years."""
    transfers = {"support": np.array([[[1.0, 0.0], [2.0, 0.0]]]), "contributed": np.zeros((1, 2, 2)), "discount": 0.25}
    assert compute(transfers, ["net_transfer_discounted"])["net_transfer_discounted"].tolist() == [
        pytest.approx([2.08, 0.0])
    ]


def test_equity_weights_of_a_small_region() -> None:
    """GDP .5 and 1.5 of a million each: the mean is 1, so a yuan counts for 2 and 2/3."""
    assert equity_weights(np.array([0.5, 1.5]), np.array([1.0, 1.0]), 1.0) == pytest.approx([2.0, 2 / 3])
