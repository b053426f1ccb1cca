"""The value of a yuan: tables by hand, settings multiplied throughout, and a world in which it is known exactly."""

import numpy as np
import pytest

from qipan import run
from qipan.experiments.results.study import Study
from qipan.experiments.summaries.scores import make_scores
from qipan.experiments.value.sources import BASE, MORE, raised, worth_arms
from qipan.experiments.value.words import rare, sentences
from qipan.experiments.value.worth_tables import OPEN, worth_of, worth_tables
from qipan.model.axes import RESEARCH
from qipan.model.errors import UserError
from qipan.model.scenario import load_scenario
from tests.laws.cases import short, small

OFF = {
    "world.market.social_surplus": 0.0,
    "policy.funding.guidance_share": 0.0,
    "policy.funding.enterprise_share": 0.0,
    "policy.funding.venture_pool": 0.0,
    "policy.funding.donation_share": 0.0,
    "policy.funding.loan_to_value": 0.0,
    "policy.coordination.ecosystem_share": 0.0,
    "policy.coordination.relabelling": 0.0,
    "policy.funding.base_cost": 0.0,
}
"""Only government research money, all of it in projects, and nothing is gained from sales."""


def test_worth_by_hand():
    """Gains 1, 3, 8 for 2 yuan each: 12 / 6 = 2, median 1.5; where no breakthrough moved (1 + 3) / 4 = 1."""
    gain, cost, moved = np.array([1.0, 3.0, 8.0]), np.full(3, 2.0), np.array([False, False, True])
    worth, low, high, verdict, median, trimmed, top, changed, unchanged, *means = worth_of(gain, cost, moved, 1.2)
    assert [worth, median] == pytest.approx([2.0, 1.5])
    assert np.isnan([trimmed, top]).all()  # three replicates have no tenth
    assert [changed, unchanged, *means] == pytest.approx([1 / 3, 1.0, 4.0, 2.0])
    half = 4.302653 * np.std(gain, ddof=1) / np.sqrt(3) / 2  # t quantile at 2 degrees; the cost has no spread
    assert [low, high] == pytest.approx([2.0 - half, 2.0 + half], rel=1e-6)
    assert verdict == "not distinguishable"


@pytest.mark.parametrize(("needed", "verdict"), [(1.0, "worth it"), (3.0, "not worth it"), (2.0, OPEN)])
def test_a_yuan_is_worth_it_above_what_is_needed(needed, verdict):
    gain = 2.0 + np.tile([-0.1, 0.1], 50)
    assert worth_of(gain, np.ones(100), np.zeros(100, dtype=bool), needed)[3] == verdict


def test_no_value_is_stated_of_money_that_cannot_be_told_from_nothing():
    gain, cost = np.ones(4), np.array([1.0, -1.0, 2.0, -1.5])
    assert np.isnan(worth_of(gain, cost, cost > 9.0, 1.0)[1])


@pytest.mark.parametrize(
    ("median", "low", "said"),
    [(0.6, 1.3, True), (1.1, 1.0, True), (1.4, 1.0, False), (1.9, 1.0, False)],
)
def test_a_mean_above_what_most_futures_give_is_carried_by_a_few(median, low, said):
    """1.6 where 1.2 is needed: the median future below the interval, or below what is needed; not one like the mean."""
    row = {"worth": 1.6, "needed": 1.2, "median": median, "low": low, "top_tenth": 0.5}
    assert rare(row) is said
    assert not rare({**row, "top_tenth": 0.2}) and not rare({**row, "top_tenth": np.nan})


def test_the_sentence_on_few_futures_says_what_is_left_without_moved_breakthroughs():
    """Of 40 futures four gain 50 with a breakthrough moved, the others 2, for a yuan each: 200 of 272 in the tenth."""
    gain = np.where(np.arange(40) < 4, 50.0, 2.0)
    base = {"total:welfare": np.zeros(40), "total:public_discounted": np.zeros(40), "replicates": np.arange(40)}
    base |= {"total:private_discounted": np.zeros(40), "total:breakthrough_years": np.zeros(40)}
    more = {"total:welfare": gain - 1.0, "total:public_discounted": np.ones(40), "total:breakthrough_years": gain > 9.0}
    tables = worth_tables({BASE: base, "guidance_fund": {**base, **more}}, 1.0)
    study = Study("worth", "x", tables, {"public_funds_cost": 1.0, "seed": 1, "year": 2035})
    assert "the tenth with the highest gain holds 74% of it; in the 90% of futures" in sentences(study, "en")[1]
    assert sentences(study, "en")[1].endswith("a yuan is worth 2.00.")
    assert "增量最高的一成占全部增量的74%" in sentences(study, "zh")[1]


def test_a_source_is_raised_for_the_nation_in_regions_and_in_every_year():
    scenario = short(
        "national-design",
        **{
            "policy.timeline": [
                {"from": 2024, "funding.guidance_share": 0.0004, "coordination.levy": 0.1},
                {"from": 2026, "regions": {"Henan": {"funding.guidance_share": 0.001}}},
            ],
            "policy.regions": {"Henan": {"funding": {"guidance_share": "x2", "government_share": 0.1}}},
        },
    )
    made = raised(scenario, "guidance_share", 2.0).policy
    assert made.funding.guidance_share == 2 * scenario.policy.funding.guidance_share
    assert made.regions["Henan"]["funding"] == {"guidance_share": "x2", "government_share": 0.1}
    assert made.timeline[0] == {"from": 2024, "funding.guidance_share": 0.0008, "coordination.levy": 0.1}
    assert made.timeline[1]["regions"]["Henan"] == {"funding.guidance_share": 0.002}


def test_sources_without_money_are_left_out_and_none_at_all_is_refused():
    assert list(worth_arms(small("baseline", **OFF))) == [BASE, "government_research"]
    with pytest.raises(UserError, match="no source of money gives any"):
        worth_arms(small("baseline", **OFF, **{"policy.funding.government_share": 0.0}))


@pytest.mark.parametrize("funds_cost", [1.0, 1.3])
def test_where_research_alone_pays_the_value_of_a_yuan_is_known(funds_cost):
    """A yuan of research in year s ends at the rate 1/L a year from s + 1 on and is worth k then. With b = 1/(1+d) and
    q = b (1 - 1/L), counted to year T it is worth k (b/L) (1 - q^(T-s)) / (1 - q), seen from s; money of later stages
    is worth nothing. The social cost of the money itself is left out of its value, so it does not matter.
    """
    kappa, years = 3.0, 9
    given = {**OFF, "world.market.research_spillover": kappa, "world.market.public_funds_cost": funds_cost}
    arms = worth_arms(small("baseline", years, **given))
    histories = {name: run(arm, replicates=range(4)) for name, arm in arms.items()}
    tables = worth_tables({name: make_scores(history) for name, history in histories.items()}, funds_cost)
    (row,) = tables["worth"].to_dict("records")
    extra, before = (histories[name]["money"].sum(axis=2) for name in ("government_research", BASE))
    extra = extra - before
    market, lag = arms[BASE].world.market, arms[BASE].world.technology.research_years
    b, t = 1.0 / (1.0 + market.discount), np.arange(1.0, years + 1.0)
    q = b * (1.0 - 1.0 / lag)
    to_the_end = kappa * b / lag * (1.0 - q ** (years - t)) / (1.0 - q)
    gain, cost = (b**t * to_the_end * extra[:, :, RESEARCH]).sum(axis=1), (b**t * extra.sum(axis=2)).sum(axis=1)
    np.testing.assert_allclose(tables["runs"]["gain"], gain, rtol=1e-9)
    np.testing.assert_allclose(tables["runs"]["cost"], cost, rtol=1e-9)
    assert row["worth"] == pytest.approx(gain.mean() / cost.mean(), rel=1e-9)
    assert row["needed"] == funds_cost and 0.0 < row["worth"] < kappa
    assert arms["government_research"].policy.funding.government_share == pytest.approx(0.06 * MORE)


def test_words_have_the_numbers_of_the_table_in_both_languages():
    noise = np.tile([-1.0, 1.0], 20)
    scores = {"total:welfare": noise, "total:public_discounted": np.full(40, 100.0), "replicates": np.arange(40)}
    scores |= {"total:private_discounted": np.zeros(40), "total:breakthrough_years": np.zeros(40)}
    more = {"total:welfare": noise * 1.5 + 5.0, "total:public_discounted": np.full(40, 110.0)}
    tables = worth_tables({BASE: scores, "government_research": {**scores, **more}}, 1.2)
    study = Study("worth", "x", tables, {"public_funds_cost": 1.2, "seed": 7, "year": 2060})
    en, zh = (sentences(study, language) for language in ("en", "zh"))
    assert en[0].startswith(
        "Government R&D: a yuan more is worth 1.70 yuan (1.68 to 1.72) where 1.2 is needed: worth it;"
    )
    assert "counted to 2060" in en[-1] and "40 replicates, seed 7" in en[-1]
    assert zh[0].startswith("政府研发：多投一元值1.70元（1.68至1.72），需达1.2元：值得；")


@pytest.mark.parametrize(("count", "said"), [(9, False), (10, True)])
def test_a_mean_without_tenths_is_told_where_there_are_tenths(count, said):
    """Money without any gain but rounding: the numbers are not written to the last digit of it."""
    base = {"total:welfare": np.zeros(count), "total:private_discounted": np.zeros(count)}
    base |= {"total:breakthrough_years": np.zeros(count), "replicates": np.arange(count)}
    noise = np.where(np.arange(count) % 2, 1e-12, -1e-12)
    more = {"total:welfare": noise - 1.0, "total:private_discounted": np.ones(count)}
    tables = worth_tables({BASE: base, "social_donation": {**base, **more}}, 1.2)
    assert tables["worth"]["trimmed"].notna().all() is np.bool_(said)
    line = sentences(Study("worth", "x", tables, {"public_funds_cost": 1.2, "seed": 1, "year": 2035}), "en")[0]
    end = ", mean without the highest and the lowest tenth 0.000." if said else "median future 0.000."
    assert line.startswith("Social donation: a yuan more is worth 0.000 yuan (0.000 to 0.000)") and line.endswith(end)


def test_the_real_scenario_has_an_arm_for_every_source():
    assert len(worth_arms(load_scenario("national-design"))) == 7
