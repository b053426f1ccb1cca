"""What a block keeps of its scenario, by hand."""

import numpy as np
import pytest

from qipan.model.case import Case
from qipan.model.ensemble import block_case
from qipan.model.world import load_world
from tests.laws.cases import small

near = pytest.approx


def case_of(**settings) -> Case:
    scenario = small("baseline", **settings)
    return block_case(scenario, load_world(scenario.world), np.arange(2))


def test_the_weight_of_a_signal():
    """Belief of variance 1, two thirds as expert: 1 / (1 + .4^2 / .64 + .5^2) = 1 / 1.5. At face value it is one."""
    settings = {
        "world.uncertainty.region_prior": "bayes",
        "world.uncertainty.private_error": 0.4,
        "world.governance.expertise": 0.64,
        "world.uncertainty.common_error": 0.5,
    }
    assert case_of(**settings).signal_weight(np.ones((1, 2))).tolist() == [near([2 / 3, 2 / 3])]
    settings["world.uncertainty.region_prior"] = "flat"
    assert case_of(**settings).signal_weight(np.ones((1, 2))).tolist() == [[1.0, 1.0]]


def test_quick_sectors_are_those_that_are_ready():
    """Nine years of stages at full readiness: e^(-9 / readiness / 5), less the mean, over the standard deviation."""
    years = {"research_years": 4.0, "pilot_years": 2.0, "industrial_years": 3.0}
    case = case_of(**{f"world.technology.{name}": value for name, value in years.items()})
    soon = np.exp(-9.0 / (5.0 * case.world.readiness))
    np.testing.assert_allclose(case.quick, (soon - np.mean(soon)) / np.std(soon), rtol=1e-10)
    assert case.lag.tolist() == [4.0, 2.0, 3.0]


def test_budgets_grow_to_the_end_of_the_programme():
    """4% a year from 2023: 1.04^2 in 2025, and no more after a programme that ends then."""
    case = case_of(**{"world.market.growth": 0.04, "run.programme_until": 2025})
    assert [case.growth(year) for year in (2023, 2024, 2025, 2026, 2029)] == near([1.0, 1.04, *[1.04**2] * 3])


def test_variance_of_worth_is_that_between_sectors_and_around_them():
    case = case_of(**{"world.uncertainty.value_spread": 0.5, "world.market.value_level": 3.0})
    medians = np.log(case.world.median_value)
    between = ((medians - medians.mean()) ** 2).sum() / (medians.size - 1)
    assert case.worth_variance == near(between + 0.25)


def test_one_sector_alone_varies_around_its_median_alone():
    assert case_of(**{"world.uncertainty.value_spread": 0.5, "world.sector_count": 1}).worth_variance == near(0.25)


def test_money_of_the_first_year_is_not_that_of_a_later_one():
    region = case_of().world.region_codes[0]
    later = [{"from": 2027, "regions": {region: {"funding.government_share": 0.2}}}]
    case = case_of(**{"policy.timeline": later})
    assert np.unique(case.funding.government_share).tolist() == [case.scenario.policy.funding.government_share]
    assert np.max(case.in_year(2027).funding.government_share) == 0.2
