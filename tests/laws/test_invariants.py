"""What must hold in every scenario, every year and every replicate."""

import numpy as np
import pytest

from qipan.model.fields import FIELDS, ONCE
from tests.laws.cases import NAMES, history

AMOUNTS = (
    "investment",
    "capacity",
    "output",
    "sold",
    "public_money",
    "arrears",
    "demand",
    "supply",
    "money",
    "offered",
    "lost",
    "waiting",
    "starts",
    "successes",
    "pools",
    "levy",
    "administration",
    "burned",
    "overhead",
    "general_budget",
    "ordinary",
    "small_cost",
    "completed_research",
    "ecosystem_money",
    "public_used",
    "private_used",
    "support",
    "contributed",
    "lapsed",
    "public_balance",
)
FLAGS = ("layout", "adopted", "breakthrough", "foreign", "on_list")


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_finite(name):
    h = history(name)
    assert set(h.arrays) == set(FIELDS) | set(ONCE)
    assert all(np.isfinite(array).all() for array in h.arrays.values())
    assert all(array.dtype == np.float64 and array.flags["C_CONTIGUOUS"] for array in h.arrays.values())


@pytest.mark.parametrize("name", NAMES)
def test_shares_sum_to_one(name):
    np.testing.assert_allclose(history(name)["portfolio"].sum(axis=-1), 1.0, rtol=0, atol=1e-12)
    assert history(name)["portfolio"].min() >= 0.0


@pytest.mark.parametrize("name", NAMES)
def test_layouts_stay_within_breadth_and_only_with_a_document(name):
    h = history(name)
    taken = h["layout"].sum(axis=-1)
    assert (taken <= h.world.breadth).all()
    assert (taken[h["adopted"] == 0.0] == 0.0).all()


@pytest.mark.parametrize("name", NAMES)
def test_flags_are_flags_and_amounts_are_not_negative(name):
    h = history(name)
    assert all(set(np.unique(h[field])) <= {0.0, 1.0} for field in FLAGS)
    assert all(h[field].min() >= 0.0 for field in AMOUNTS)


@pytest.mark.parametrize("name", NAMES)
def test_markets_are_within_their_bounds(name):
    """Use in [0, 1], price at most the base price, sales at most demand and supply, output at most sales."""
    h = history(name)
    assert h["utilisation"].min() >= 0.0 and h["utilisation"].max() <= 1.0
    assert h["price"].max() <= 1.0
    sold = h["sold"].sum(axis=2)
    assert (sold <= h["demand"] * (1 + 1e-9) + 1e-9).all()
    assert (sold <= h["supply"] * (1 + 1e-9) + 1e-9).all()
    assert (h["output"] <= h["sold"] * (1 + 1e-12)).all()


@pytest.mark.parametrize("name", NAMES)
def test_documents_and_breakthroughs_do_not_go_away(name):
    """Nor do bad loans, where banks dispose of none."""
    h = history(name)
    kept = () if h.scenario.policy.funding.write_off else ("arrears",)
    for field in ("adopted", "breakthrough", "foreign", *kept):
        assert (np.diff(h[field], axis=1) >= -1e-12).all(), field


@pytest.mark.parametrize("name", NAMES)
def test_counts_of_the_planner_fit_the_regions(name):
    """Whole numbers, no more than regions in a sector, no more in all than breadths allow."""
    h = history(name)
    for count in (h["planner_count"], h["efficient_count"]):
        assert (count == np.round(count)).all()
        assert count.max() <= h.world.size.size
        assert (count.sum(axis=-1) <= h.world.breadth.sum()).all()
