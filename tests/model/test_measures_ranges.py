"""Ranges and axes of measures by their definition, and the hand-worked cases that test_measures.py leaves out."""

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest

from qipan.model.extend.registry import RegistryError
from qipan.model.measures import MEASURES, compute, outcome, reduce
from qipan.model.measures.regional import REGION_COSTS, REGION_GAINS
from qipan.model.measures.registry import dictionary, field, measure

near = pytest.approx
INFINITE = np.inf
SHARES = (
    "layout_cosine layout_cosine_null layout_cosine_weighted layout_cosine_weighted_null investment_cosine "
    "investment_cosine_null investment_cosine_weighted investment_cosine_weighted_null investment_overlap "
    "investment_overlap_null investment_duplication investment_duplication_null portfolio_concentration output_gini "
    "coverage private_share idle_share utilisation_mean"
)
BY_REGION = ("ecosystem_money", "overhead", "general_budget", "ordinary", "small_cost", "completed_research")
FREE = {"social_surplus": 0.1, "research_spillover": 0.0, "public_funds_cost": 1.0, "discount": 0.25}
EITHER_SIGN = (
    "pair_count_z net_surplus layout_payoff welfare welfare_until welfare_with_terminal welfare_by_region "
    "welfare_equity welfare_weighted net_transfer net_transfer_discounted region_public_burden"
)
RANGES = {
    **dict.fromkeys(SHARES.split(), (0, 1)),
    **dict.fromkeys(EITHER_SIGN.split(), (-INFINITE, INFINITE)),
    "layout_cosine_excess": (-1, 1),
    "investment_cosine_excess": (-1, 1),
    "investment_krugman": (0, 2),
    "investment_krugman_null": (0, 2),
    "effective_portfolios": (1, INFINITE),
    "ellison_glaeser": (-INFINITE, 1),
}


@pytest.mark.parametrize("name", MEASURES)
def test_the_range_is_that_of_the_definition(name):
    """A share lies in [0, 1], a difference of two in [-1, 1], a sum of |s - t| in [0, 2]; amounts start at zero."""
    assert MEASURES[name].bounds == RANGES.get(name, (0, INFINITE))


def test_axes_other_than_a_number_a_year():
    axes = {name: item.axes for name, item in MEASURES.items() if item.axes != ("replicate", "year")}
    once = (
        "welfare",
        "welfare_with_terminal",
        "output_discounted",
        "lost_share",
        "breakthrough_years",
        "surplus_discounted",
        "spillover_discounted",
        "ordinary_discounted",
        "small_cost_discounted",
        "private_discounted",
        "public_burden_discounted",
        "public_discounted",
        "welfare_equity",
        "welfare_weighted",
    )
    by_sector = dict.fromkeys(("effective_regions", "regions_per_sector"), ("replicate", "year", "sector"))
    assert axes == dict.fromkeys(once, ("replicate",)) | by_sector | {
        **dict.fromkeys(
            (
                "region_output",
                "welfare_by_region",
                "net_transfer_discounted",
                "region_support",
                "region_levy",
                "region_public_used",
                *REGION_GAINS,
                *REGION_COSTS,
            ),
            ("replicate", "region"),
        ),
        "net_transfer": ("replicate", "year", "region"),
        "location_quotient": ("replicate", "year", "region", "sector"),
    }


def unused(years):
    """No use of money besides projects: of the nation (1, year), of its one region (1, year, 1)."""
    nation, region = np.zeros((1, years)), np.zeros((1, years, 1))
    return dict.fromkeys(("administration", "burned"), nation) | dict.fromkeys(BY_REGION, region)


def of(name, **history):
    return compute(history, [name])[name]


def test_simple_counts_and_sums():
    """Two regions, three sectors: layouts (1,1,0) and (1,0,0): half of two thirds covered, 1.5 sectors a region."""
    layout = np.array([[[[1.0, 1, 0], [1, 0, 0]]]])
    assert of("coverage", layout=layout)[0, 0] == near(2 / 3)
    assert of("sectors_per_region", layout=layout)[0, 0] == near(1.5)
    assert of("pair_count", layout=layout)[0, 0] == near(1.0)
    assert of("breakthroughs", breakthrough=layout[:, :, 0])[0, 0] == 2.0
    assert of("breakthrough_years", breakthrough=np.array([[[0.0, 1.0], [1.0, 1.0]]]))[0] == 3.0
    assert of("adopters", adopted=np.array([[[1.0, 0, 1]]]))[0, 0] == 2.0
    assert of("arrears_total", arrears=np.array([[[1.0, 0.5]]]))[0, 0] == 1.5
    assert of("lapsed_money", lapsed=np.array([[3.0]]))[0, 0] == 3.0
    assert of("money_lost", lost=np.array([[[1.0, 2.5]]]))[0, 0] == 3.5


def test_sums_over_two_axes():
    """1 + 2 + 3 + 4 = 10 sold and made; a third of 10 is value added; main business income is output."""
    cells = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    assert of("output_total", output=cells)[0, 0] == of("sold_total", sold=cells)[0, 0] == 10.0
    assert of("value_added", output=cells, value_added_share=0.3)[0, 0] == near(3.0)
    assert of("main_business_income", output=cells)[0, 0] == 10.0
    assert of("layout_payoff", payoff=np.array([[7.0]]))[0, 0] == 7.0


def test_inequality_of_output_is_over_regions():
    """Regions 1 + 2 = 3 and 9: Gini 1/4; Theil .5 (.5 ln .5 + 1.5 ln 1.5) = .130812."""
    cells = np.array([[[[1.0, 2.0], [9.0, 0.0]]]])
    assert of("output_gini", output=cells)[0, 0] == near(0.25)
    assert of("output_theil", output=cells)[0, 0] == near(0.130812, abs=1e-6)


def test_private_money_beside_public():
    """Public 1 + 3, private 2 + 4 + 1 + 1 = 8: two yuan to one, two thirds of twelve."""
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, :, 1] = [1.0, 3.0, 2.0, 4.0, 1.0, 1.0]
    assert of("leverage", money=money)[0, 0] == near(2.0)
    assert of("private_share", money=money)[0, 0] == near(2 / 3)


def test_share_lost_is_over_the_whole_run():
    """Lost 1 and 2 of 4 and 8 used: a quarter."""
    money, lost = np.zeros((1, 2, 6, 3)), np.zeros((1, 2, 6))
    money[0, :, 2, 2], lost[0, :, 2] = [4.0, 8.0], [1.0, 2.0]
    assert of("lost_share", money=money, lost=lost)[0] == near(0.25)


def test_yearly_surplus():
    """.1 x 100 - 3 - 1 - .5 - .25 = 5.25."""
    money, each = np.zeros((1, 1, 6, 3)), np.ones((1, 1))
    money[0, 0, 3, 1] = 3.0
    uses = unused(1) | {
        "administration": each,
        "ecosystem_money": np.full((1, 1, 1), 0.5),
        "burned": each / 4,
    }
    got = of("net_surplus", sold=np.full((1, 1, 1, 1), 100.0), money=money, **uses, **FREE)
    assert got[0, 0] == near(5.25)


def test_gap_between_sources_and_uses_by_stage():
    """Ten paid in two stages, started the other way round: 4 too many and 4 too few of 10. Small sums count as 1."""
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, 0, 0], money[0, 0, 1, 2] = 3.0, 7.0
    history = {"investment": np.full((1, 1, 1, 1), 10.0), "starts": np.array([[[7.0, 0.0, 3.0]]])}
    assert of("conservation_gap", money=money, **history)[0, 0] == near(0.8)
    small = {"investment": np.full((1, 1, 1, 1), 0.2), "starts": np.array([[[0.1, 0.0, 0.0]]])}
    assert of("conservation_gap", money=money * 0.0, **small)[0, 0] == near(0.2)


def test_gap_in_public_money_counts_each_use_once():
    """Pool 40: used 5, lapsed 4, administration 3, ecosystem 2, burned 1, bases 12, ordinary 8, kept 4: 1 missing."""
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, :, 0] = [2.0, 3.0, 50.0, 50.0, 50.0, 50.0]
    one, two = np.ones((1, 1)), np.array([[[0.25, 0.75]]])
    history = {
        "pools": 40 * one,
        "money": money,
        "lapsed": 4 * one,
        "administration": 3 * one,
        "ecosystem_money": 2 * two,
        "burned": one,
        "overhead": 12 * two,
        "ordinary": 8 * two,
        "public_balance": 4 * one,
    }
    assert of("public_gap", **history)[0, 0] == near(0.025)


def test_pair_count_standard_score():
    """Two layouts of one in four sectors: expected 1/4, variance 1 x 1 x 3 x 3 / (16 x 3) = 3/16; met: 1.732051."""
    together = np.array([[1.0, 0, 0, 0], [1, 0, 0, 0]])
    assert of("pair_count_null", layout=together) == near(0.25)
    assert of("pair_count_z", layout=together) == near(3**0.5)
    assert of("pair_count_z", layout=np.ones((2, 1))) == 0.0


def test_effective_regions_mean():
    """Sectors split 1:1 and 1:0: two and one, mean 1.5."""
    assert of("effective_regions_mean", investment=np.array([[1.0, 1.0], [1.0, 0.0]])) == near(1.5)


def test_location_quotient_by_region():
    """Rows (3,1) and (1,3) of eight: .75/.5 = 1.5 and .25/.5; a sector nobody has is 0."""
    quotient = of("location_quotient", investment=np.array([[3.0, 1.0, 0], [1.0, 3.0, 0]]))
    assert quotient.tolist() == [near([1.5, 0.5, 0.0]), near([0.5, 1.5, 0.0])]


def test_ellison_glaeser_of_separate_sectors():
    """Each of two equal regions has one sector whole: G = .5, X = .5, H = 2/20 = .1: gamma = .45/.45. With a
    third, empty sector the mean is over the two. Few plants count as two: H = .5: (.5 - .25)/.25 = 1.
    """
    apart = np.array([[20.0, 0, 0], [0, 20.0, 0]])
    for cost in (0.5, 50.0):
        got = of("ellison_glaeser", capacity=apart, industrial_cost=cost, capital_productivity=4.0)
        assert got == near(1.0)
    even = np.full((2, 2), 10.0)
    got = of("ellison_glaeser", capacity=even, industrial_cost=50.0, capital_productivity=4.0)
    assert got == near(-1.0)


def test_excess_of_similarity_is_the_difference():
    """Two alike rows of one in two sectors: 1 - 1/2. Opposite rows: 0 - 1/2. Overlap by chance: 1 - (1)/2."""
    for rows, excess in (([[1.0, 0], [1, 0]], 0.5), ([[1.0, 0], [0, 1]], -0.5)):
        table = np.array(rows)
        assert of("layout_cosine_excess", layout=table) == near(excess)
        assert of("investment_cosine_excess", investment=table) == near(excess)
        assert of("investment_krugman_null", investment=table) == near(1.0)
        assert of("investment_overlap_null", investment=table) == near(0.5)


def test_weights_by_size():
    """Pairs weigh 2, 2, 1 (sizes 2, 1, 1); only that of rows 1 and 2 is alike: 2/5; by chance 1/2 each."""
    table, size = np.array([[1.0, 0], [1, 0], [0, 1]]), np.array([2.0, 1.0, 1.0])
    for kind, given in (("layout", {"layout": table}), ("investment", {"investment": table})):
        assert of(f"{kind}_cosine_weighted", world_size=size, **given) == near(0.4)
        assert of(f"{kind}_cosine_weighted_null", world_size=size, **given) == near(0.5)


def test_a_measure_is_declared_once():
    def coverage(layout):
        return layout.mean(axis=(-2, -1))

    texts = dict.fromkeys(("label", "label_zh", "unit", "formula", "source"), "x")
    with pytest.raises(RegistryError, match="coverage: there is a measure of this name already, from qipan"):
        measure(**texts, direction="neutral", bounds=(0, 1))(coverage)


def test_a_field_is_found_in_the_arrays_the_world_the_scenario_or_the_history():
    market = SimpleNamespace(discount=0.04)
    scenario = SimpleNamespace(world=SimpleNamespace(market=market))
    history = SimpleNamespace(arrays={"layout": 1.0}, world=SimpleNamespace(size=2.0), scenario=scenario, payoff=3.0)
    assert [field(history, name) for name in ("layout", "world_size", "payoff", "discount")] == [1.0, 2.0, 3.0, 0.04]
    for name in ("arrays", "world_breadth", "sold"):
        with pytest.raises(KeyError, match=name):
            field(history, name)


def test_the_dictionary_prints_bounds_in_order():
    row = {entry["measure"]: entry for entry in dictionary()}["investment_krugman"]
    assert (row["lowest"], row["highest"], row["axes"]) == ("0", "2", "replicate, year")


def test_duplication_by_chance_of_two_regions_with_a_sector_each():
    """K = 2, w = 1/2: variance 1/8, c = .25/.125 - 1 = 1; psi(2) - psi(1.5) = 2 ln 2 - 1; D = 1 - .386294/ln 2."""
    assert of("investment_duplication_null", investment=np.eye(2)) == near(0.442695, abs=1e-6)


def test_effective_regions_year_by_year():
    """Two years, three regions, two sectors: (1,1,2): 16/6 = 2.667; (0,0,3): 1; then three alike: 3, and (1,1,0): 2."""
    table = np.array([[[1.0, 0], [1, 0], [2, 3]], [[5.0, 1], [5, 1], [5, 0]]])
    assert of("effective_regions", investment=table).tolist() == [near([8 / 3, 1.0]), near([3.0, 2.0])]


def test_standard_score_in_two_sectors():
    """One of two sectors each: expected 1/2, variance 1/(4 x 1), met once: one standard deviation."""
    assert of("pair_count_z", layout=np.array([[1.0, 0], [1, 0]])) == near(1.0)


def test_inequality_of_each_row_for_itself():
    """(3, 1) in this order and (0, 8): Gini 1/4 and 1/2; Theil .130812 and ln 2."""
    rows = np.array([[3.0, 1.0], [0.0, 8.0]])
    assert outcome.gini(rows).tolist() == near([0.25, 0.5])
    assert outcome.theil(rows).tolist() == near([0.130812, np.log(2)], abs=1e-6)


def test_sums_over_trailing_axes():
    """1 to 8 in a cube: last axis 3, 7, 11, 15; last two 10, 26; kept as a column."""
    cube = np.arange(1.0, 9.0).reshape(2, 2, 2)
    assert reduce.add_up(cube).tolist() == [[3, 7], [11, 15]]
    assert reduce.add_up(cube, 2).tolist() == [10, 26]
    assert reduce.add_up(cube, 3).tolist() == 36.0
    assert reduce.add_up(cube, 2, keep=True).tolist() == [[10], [26]]
    assert reduce.over_regions(cube).tolist() == [[4, 6], [12, 14]]
    assert reduce.mean(cube).tolist() == [[1.5, 3.5], [5.5, 7.5]]
    assert reduce.ratio(np.array([3.0, 3.0]), np.array([2.0, 0.0])).tolist() == [1.5, 0.0]


def test_gaps_of_less_than_a_billion_are_counted_in_billions():
    """.5 paid, .3 spent, .5 started: .2 of one billion; pools of .7 of which .2 are nowhere: .2."""
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, 0, 0] = 0.5
    spent = {"investment": np.full((1, 1, 1, 1), 0.3), "starts": np.array([[[0.5, 0.0, 0.0]]])}
    assert of("conservation_gap", money=money, **spent)[0, 0] == near(0.2)
    pools = np.full((1, 1), 0.7)
    public = unused(1) | dict.fromkeys(("lapsed", "public_balance"), np.zeros((1, 1)))
    assert of("public_gap", pools=pools, money=money, **public)[0, 0] == near(0.2)


def test_the_opening_balance_is_last_years():
    """Two replicates, two years, nothing spent: 3 kept of 3, then 3 + 2 kept of 2; the second keeps one too little."""
    money = np.zeros((2, 2, 6, 3))
    public = unused(2) | {"lapsed": np.zeros((2, 2))}
    pools, balance = np.array([[3.0, 2.0], [3.0, 2.0]]), np.array([[3.0, 5.0], [3.0, 4.0]])
    gap = of("public_gap", pools=pools, public_balance=balance, money=money, **public)
    assert gap.tolist() == [[0.0, 0.0], [0.0, near(0.5)]]


def test_measures_that_lack_an_input_do_not_stop_those_after_them():
    """Of a history that holds lapsed money alone, the last measure of waste is all there is."""
    assert list(compute({"lapsed": np.ones((1, 1))})) == ["lapsed_money"]


def test_a_declaration_is_read_only():
    with pytest.raises(FrozenInstanceError):
        MEASURES["coverage"].unit = "yuan"


def test_welfare_of_three_years_is_counted_to_each():
    """Sales 100, 50, 200 at .1 and 25%, nothing spent: 8, 11.2, 21.44; terminal .512 x 20 x 4/2 on top."""
    history = {
        "sold": np.array([100.0, 50, 200]).reshape(1, 3, 1, 1),
        "money": np.zeros((1, 3, 6, 3)),
        **unused(3),
        **FREE,
        "terminal_years": 4.0,
    }
    got = compute(history, ["welfare_until", "welfare", "welfare_with_terminal"])
    assert got["welfare_until"].tolist() == [near([8.0, 11.2, 21.44])]
    assert [got["welfare"][0], got["welfare_with_terminal"][0]] == near([21.44, 41.92])


def test_rows_that_are_larger_than_what_is_read_at_a_time():
    """100,000 threes of one, 2.4 MB a row."""
    assert np.unique(reduce.add_up(np.ones((2, 100_000, 3)))).tolist() == [3.0]


def test_each_replicate_loses_a_share_of_its_own_money():
    """3 of 12 and 2 of 4, over two years, two mechanisms and two stages."""
    money = np.zeros((2, 2, 2, 2))
    money[0], money[1] = 1.5, 0.5
    lost = np.array([[[1.0, 0.5], [1.5, 0.0]], [[0.0, 1.0], [0.5, 0.5]]])
    assert of("lost_share", money=money, lost=lost).tolist() == near([0.25, 0.5])
