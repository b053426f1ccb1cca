"""Rules that are off by default, switched on: what closed forms and hand calculation say of them."""

import numpy as np
import pytest

from qipan.model.draws import Stream
from tests.laws.cases import moments, small


@pytest.mark.parametrize("decay", [0.15, 1.0])
def test_an_ecosystem_that_decays_is_a_geometric_sum(decay):
    """Undisturbed money adds g = rate ln 2 a year, of which (1 - d)^age is left: g (1 - (1 - d)^t) / d after t years.

    Know-how is what it was at first and that: nothing spreads, nobody coordinates.
    """
    scenario = small(
        "baseline",
        **{
            "policy.coordination.ecosystem_decay": decay,
            "policy.coordination.chain_clusters": 0.0,
            "world.technology.spillover": 0.0,
        },
    )
    g, first = scenario.policy.coordination.ecosystem_rate * np.log(2.0), None
    for years, (before, now) in enumerate(moments(scenario), start=1):
        first = before.log_fit if first is None else first
        expected = g * (1.0 - (1.0 - decay) ** years) / decay
        np.testing.assert_allclose(now.state.ecosystem, expected, rtol=1e-12)
        np.testing.assert_allclose(now.state.log_fit, first + expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("most", [0.1, 1.0])
def test_a_zone_helps_its_pilots_and_no_other_stage(most):
    """Zones are published in the second year; until it ends, all else is the same with and without what they bring."""
    (_, with_zones), (_, without) = (
        list(moments(small("lever-pilot-zones", 2, **{"policy.coordination.pilot_success": gain})))[-1]
        for gain in (most, 0.0)
    )
    zones = with_zones.state.pilots > 0.0
    assert 0 < zones.sum() < zones.size
    for stage in (0, 2):
        np.testing.assert_array_equal(with_zones.success[:, stage], without.success[:, stage])
    ratio = with_zones.success[:, 1] / without.success[:, 1]
    assert (ratio[~zones] == 1.0).all()
    assert (ratio[zones] > 1.0).any()
    assert ratio.max() <= (1.0 + most) * (1.0 + 1e-12)


def test_layouts_so_far_are_the_mean_of_all_and_of_the_one_before():
    layouts = []
    for before, now in moments(small("fictitious-play")):
        layouts = [*(layouts or [before.layout]), now.state.layout]
        np.testing.assert_allclose(now.state.past_layout, np.mean(layouts, axis=0), rtol=1e-12, atol=1e-12)
    assert any((one != layouts[0]).any() for one in layouts)


def test_research_completed_is_what_was_under_way_over_its_duration():
    """A third of the projects under way end where research takes three years; each has cost the same."""
    scenario = small("baseline", 3, **{"world.technology.research_years": 3.0, "world.technology.research_cost": 0.05})
    for before, now in moments(scenario):
        ended = before.in_progress[:, 0].sum(axis=2) / 3.0
        np.testing.assert_allclose(now.flows["completed_research"], 0.05 * ended, rtol=1e-12)


def test_the_level_of_research_counts():
    """Twice the share, for a nation or for each region alone: the pipeline and the ideas of 2023 are the same, the
    reference effort is, and where money is short it starts twice the research.
    """
    plain, double = (
        next(moments(small("baseline", 1, **{"policy.funding.government_share": share, **SHORT})))
        for share in (0.03, 0.06)
    )
    for name in ("in_progress", "waiting"):
        np.testing.assert_array_equal(getattr(plain[0], name), getattr(double[0], name))
    np.testing.assert_array_equal(plain[1].case.effort, double[1].case.effort)
    np.testing.assert_allclose(double[1].started[:, 0], 2.0 * plain[1].started[:, 0], rtol=1e-12)


SHORT = {
    "policy.funding.donation_share": 0.0,
    "policy.funding.base_cost": 0.0,
    "world.technology.idea_ratio": 20.0,
}
"""Nobody else pays for research, all of the money is in it, and ideas abound."""


def test_what_the_coordinator_sees_by_itself():
    """Worth, its share of the hype as far as the market is unseen, and the mean of all its looks, by hand."""
    settings = {"own_signal": 1.0, "planner_error": 0.6, "planner_memory": 1.0, "planner_common_share": 0.5}
    looks = []
    for before, now in moments(small("information-only", **{ON + name: value for name, value in settings.items()})):
        nature, value = now.case.nature, np.exp(now.case.nature.worth)
        looks.append(now.case.draws.normal(Stream.PLANNER_SIGNAL, year=now.year, over="k"))
        unseen = 1.0 - np.minimum(before.demand / value, 1.0)
        own = nature.worth + 0.5 * unseen * nature.common_error + 0.6 * np.mean(looks, axis=0)
        np.testing.assert_allclose(now.flows["estimate"], own, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(now.state.planner_noise, np.mean(looks, axis=0), rtol=1e-12, atol=1e-12)


def test_the_mean_of_t_looks_has_a_variance_of_one_over_t():
    """In every arm. 400 replicates of five sectors: t times the squares is chi-squared with 2,000 degrees of freedom,
    looked at seven times within five of its standard deviations; a false alarm in 100,000 runs.
    """
    for years, (_, now) in enumerate(moments(small("baseline"), 400), start=1):
        squares = years * (now.state.planner_noise**2).sum()
        assert abs(squares - 2000.0) < 5.0 * np.sqrt(2.0 * 2000.0)


def test_a_bayesian_coordinator_trusts_the_mean_of_its_looks_the_more_the_more_there_are():
    """The variance of worth over that and s^2 / t: its estimates are drawn to their mean by so much."""
    settings = {
        "prior": "bayes",
        "own_signal": 1.0,
        "planner_error": 0.6,
        "planner_memory": 1.0,
        "planner_common_share": 0.0,
    }
    for years, (_, now) in enumerate(
        moments(small("information-only", **{ON + name: value for name, value in settings.items()})), start=1
    ):
        own = now.case.nature.worth + 0.6 * now.state.planner_noise
        mean, trust = own.mean(axis=1, keepdims=True), now.case.worth_variance
        trust = trust / (trust + 0.36 / years)
        np.testing.assert_allclose(now.flows["estimate"], mean + trust * (own - mean), rtol=1e-12)


ON = "policy.coordination."
