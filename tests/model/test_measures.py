"""Measures by hand: the table X of model.md section 8(i), small cases, and nulls against full enumeration."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from scipy import special

from qipan.model.measures import MEASURES, MissingInputError, compute, duplication, outcome, reduce, similarity
from qipan.model.measures.welfare import COSTS, GAINS

X = np.array([[6, 3, 1, 0, 0, 0], [5, 4, 1, 0, 0, 0], [0, 0, 0, 2, 3, 5]], dtype=float)


def of(table: np.ndarray, name: str, **more: object) -> np.ndarray:
    """Compute one measure of one table given as investment and, where positive, as layout."""
    history = {"investment": table, "layout": (table > 0).astype(float), **more}
    return compute(history, [name])[name]


def test_cosine_of_the_reference_table() -> None:
    """Rows 1 and 2: 43 / (sqrt 46 sqrt 42) = .978284; row 3 shares nothing, so the mean of three pairs is .326095."""
    assert similarity.cosine(X[:2]) == pytest.approx(0.978284, abs=5e-7)
    assert of(X, "investment_cosine") == pytest.approx(0.326095, abs=5e-7)


def test_krugman_of_the_reference_table() -> None:
    """Rows 1 and 2 differ by .1 in two sectors: .2; both differ from row 3 by 2: mean 4.2/3, overlap .3."""
    assert similarity.krugman(X[:2]) == pytest.approx(0.2)
    assert of(X, "investment_krugman") == pytest.approx(1.4)
    assert of(X, "investment_overlap") == pytest.approx(0.3)


def test_concentration_of_the_reference_table() -> None:
    """Row HHI .46, .42, .38; effective regions 121/61, 49/25, 2, 1, 1, 1; LQ_11 = .6 / (11/30)."""
    rows = similarity.shares(X)
    np.testing.assert_allclose((rows * rows).sum(axis=-1), [0.46, 0.42, 0.38])
    assert of(X, "portfolio_concentration") == pytest.approx(0.42)
    np.testing.assert_allclose(of(X, "effective_regions"), [1.983607, 1.96, 2, 1, 1, 1], atol=5e-7)
    assert of(X, "location_quotient")[0, 0] == pytest.approx(1.636364, abs=5e-7)


def test_information_of_the_reference_table() -> None:
    """I = .640421 nats, exp(I) = 1.897279, D = 1 - I / ln 3."""
    assert duplication.information(X) == pytest.approx(0.640421, abs=5e-7)
    assert of(X, "effective_portfolios") == pytest.approx(1.897279, abs=5e-7)
    assert of(X, "investment_duplication") == pytest.approx(1 - 0.640421 / np.log(3), abs=1e-6)


def test_ellison_glaeser_index() -> None:
    """G = .1, H = .05, sum w^2 = .08: (.1 - .92 x .05) / (.92 x .95) = .061785."""
    index = duplication.ellison_glaeser_index(np.array(0.1), np.array(0.05), np.array(0.08))
    assert index == pytest.approx(0.061785, abs=5e-7)


def test_ellison_glaeser_of_a_proportional_table_is_the_dartboard_correction() -> None:
    """Equal splits: G = 0, so gamma = -H / (1 - H); 20 bn in each sector, plants of 2 bn: 10 of them, H = .1: -1/9."""
    history = {"capacity": np.full((2, 2), 10.0), "industrial_cost": 0.5, "capital_productivity": 4.0}
    assert compute(history, ["ellison_glaeser"])["ellison_glaeser"] == pytest.approx(-1 / 9)


def test_extremes_of_duplication() -> None:
    """All alike: D = 1, one portfolio. One sector each: D = 0, K portfolios."""
    assert of(np.full((4, 3), 2.0), "investment_duplication") == pytest.approx(1.0)
    assert of(np.full((4, 3), 2.0), "effective_portfolios") == pytest.approx(1.0)
    assert of(np.eye(3), "investment_duplication") == pytest.approx(0.0, abs=1e-12)
    assert of(np.eye(3), "effective_portfolios") == pytest.approx(3.0)


def test_empty_regions_are_left_out_of_every_pair() -> None:
    """Adding a region without a layout changes neither similarity nor its null."""
    wider = np.vstack([X, np.zeros(6)])
    for name in (
        "investment_cosine",
        "investment_cosine_null",
        "investment_krugman",
        "investment_krugman_null",
        "layout_cosine",
        "layout_cosine_null",
        "portfolio_concentration",
    ):
        assert of(wider, name) == pytest.approx(of(X, name)), name


def test_empty_table_has_no_similarity() -> None:
    """Nobody invests: no pair to be alike, information and effective regions 0, and nothing is divided by zero."""
    nothing = np.zeros((3, 4))
    assert np.isnan(of(nothing, "investment_cosine"))
    assert duplication.information(nothing) == 0.0
    assert (of(nothing, "effective_regions") == 0.0).all()


def test_size_weights_weigh_pairs_by_their_product() -> None:
    """Weights 2, 1, 1: pairs weigh 2, 2, 1; only the pair of rows 1 and 2 is alike: 2 x .978284 / 5."""
    assert similarity.cosine(X, np.array([2.0, 1.0, 1.0])) == pytest.approx(2 * 0.9782838 / 5, abs=1e-6)


def test_share_nulls_equal_the_mean_over_all_permutations() -> None:
    """Every placing of three rows on three sectors, 6^3 of them: cosine and Krugman average to their nulls exactly."""
    table = np.array([[3.0, 1.0, 0.0], [2.0, 2.0, 1.0], [5.0, 0.0, 0.0]])
    orders = [list(order) for order in permutations(range(3))]
    placed = np.array(
        [[row[list(order)] for row, order in zip(table, choice, strict=True)] for choice in product(orders, repeat=3)]
    )
    assert similarity.cosine(placed).mean() == pytest.approx(float(similarity.cosine_null(table)))
    assert similarity.krugman(placed).mean() == pytest.approx(float(similarity.krugman_null(table)))


def test_pair_count_null_equals_enumeration() -> None:
    """All layouts of breadths 1, 2, 2, 3 in four sectors: mean and variance of the pair count, exactly."""
    options = [[set(chosen) for chosen in combinations(range(4), breadth)] for breadth in (1, 2, 2, 3)]
    layouts = np.array([[[float(k in chosen) for k in range(4)] for chosen in layout] for layout in product(*options)])
    got = compute({"layout": layouts}, ["pair_count", "pair_count_null", "pair_count_z"])
    assert got["pair_count"].mean() == pytest.approx(got["pair_count_null"][0])
    assert got["pair_count_z"].var() == pytest.approx(1.0)


def test_duplication_null_is_close_to_enumeration() -> None:
    """Beta approximation against all 6^4 placings of four rows of two to three sectors: within .01."""
    table = np.array([[3.0, 1.0, 0.0], [2.0, 2.0, 1.0], [3.0, 2.0, 0.0], [2.0, 1.0, 1.0]])
    orders = [list(order) for order in permutations(range(3))]
    placed = np.array(
        [[row[list(order)] for row, order in zip(table, choice, strict=True)] for choice in product(orders, repeat=4)]
    )
    exact = compute({"investment": placed}, ["investment_duplication"])["investment_duplication"].mean()
    assert of(table, "investment_duplication_null") == pytest.approx(exact, abs=0.01)


def test_digamma() -> None:
    """psi(1) = -.5772156649, psi(2) = 1 + psi(1), psi(10) = 2.2517525890 (Abramowitz and Stegun, table 6.1)."""
    np.testing.assert_allclose(
        duplication.digamma(np.array([1.0, 2.0, 10.0])), [-0.5772156649, 0.4227843351, 2.2517525890], atol=1e-9
    )


def test_excess_and_missing_entry() -> None:
    """Counts (2, 2) against a best layout of (1, 3): one too many, one missing; against a planner's (2, 1): one."""
    history = {"layout": np.ones((1, 1, 2, 2)), "efficient_count": np.array([[1.0, 3.0]])}
    history["planner_count"] = np.array([[[2.0, 1.0]]])
    got = compute(history, ["excess_entry", "missing_entry", "excess_entry_planner"])
    assert [float(got[name][0, 0]) for name in got] == [1.0, 1.0, 1.0]


def test_public_gap_follows_the_balance() -> None:
    """Pools 10 and 10: first 6 used and 4 kept, then 13 used and 1 lapsed: no gap; with 2 lapsed a tenth is missing."""
    money, zero, nowhere = np.zeros((1, 2, 6, 3)), np.zeros((1, 2)), np.zeros((1, 2, 1))
    money[0, 0, 0, 0], money[0, 1, 1, 2] = 6.0, 13.0
    history = {
        "pools": np.full((1, 2), 10.0),
        "public_balance": np.array([[4.0, 0.0]]),
        "money": money,
        "administration": zero,
        "ecosystem_money": nowhere,
        "burned": zero,
        "overhead": nowhere,
        "ordinary": nowhere,
    }
    for lapsed, gap in ((1.0, 0.0), (2.0, 0.1)):
        got = compute(history | {"lapsed": np.array([[0.0, lapsed]])}, ["public_gap"])["public_gap"]
        np.testing.assert_allclose(got, [[0.0, gap]])


def test_public_gap_opens_with_the_balance_of_the_year_before() -> None:
    """Pools 10 a year, 4, 6 and 1 kept at its end: 6, 8 and 15 are used."""
    money, zero, nowhere = np.zeros((1, 3, 6, 3)), np.zeros((1, 3)), np.zeros((1, 3, 1))
    money[0, :, 0, 0] = 6.0, 8.0, 15.0
    history = {"pools": zero + 10.0, "public_balance": np.array([[4.0, 6.0, 1.0]]), "money": money}
    history |= dict.fromkeys(("administration", "burned", "lapsed"), zero)
    history |= dict.fromkeys(("ecosystem_money", "overhead", "ordinary"), nowhere)
    np.testing.assert_allclose(compute(history, ["public_gap"])["public_gap"], [[0.0, 0.0, 0.0]])


def test_idle_capacity() -> None:
    """Supplies 100 and 300 used to .8 and 1: 20 bn idle, a share of .05."""
    history = {"supply": np.array([[100.0, 300.0]]), "utilisation": np.array([[0.8, 1.0]])}
    got = compute(history, ["idle_capacity", "idle_share", "utilisation_mean"])
    assert got["idle_capacity"][0] == pytest.approx(20.0)
    assert got["idle_share"][0] == pytest.approx(0.05)
    assert got["utilisation_mean"][0] == pytest.approx(0.9)


def test_inequality() -> None:
    """One of four has all: Gini 3/4, Theil ln 4. All equal: 0. (1, 3): Gini 1/4."""
    assert outcome.gini(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(0.75)
    assert outcome.theil(np.array([0.0, 0.0, 0.0, 8.0])) == pytest.approx(np.log(4))
    assert outcome.gini(np.full(5, 2.0)) == pytest.approx(0.0)
    assert outcome.theil(np.full(5, 2.0)) == pytest.approx(0.0)
    assert outcome.gini(np.array([1.0, 3.0])) == pytest.approx(0.25)


def welfare_history() -> dict[str, object]:
    """Two years, one region, one sector: sells 100 then 200; 5 of public, then 3 of private money in projects; every
    other use and gain in both years, each another number.
    """
    money = np.zeros((1, 2, 6, 3))
    money[0, 0, 0, 0], money[0, 1, 2, 2] = 5.0, 3.0
    each, place = np.ones((1, 2)), np.ones((1, 2, 1))
    return {
        "sold": np.array([[[[100.0]], [[200.0]]]]),
        "money": money,
        "administration": each,
        "ecosystem_money": place / 2,
        "burned": each / 2,
        "overhead": place / 4,
        "general_budget": place / 4,
        "ordinary": place * 1.5,
        "small_cost": place * 0.25,
        "completed_research": place * 2.0,
        "social_surplus": 0.1,
        "research_spillover": 0.5,
        "public_funds_cost": 1.5,
        "discount": 0.25,
        "terminal_years": 4.0,
    }


def test_welfare_by_hand() -> None:
    """Public 5 + 4 = 9, then 4. Flows 10 + 1 + 1.5 - .25 - 13.5 = -1.25 and 20 + 1 + 1.5 - .25 - 3 - 6 = 13.25;
    discounted -1 and 8.48; terminal (1/1.5625) x 20 x 4/2 = 25.6.
    """
    got = compute(
        welfare_history(), ["public_cost", "net_surplus", "welfare_until", "welfare", "welfare_with_terminal"]
    )
    np.testing.assert_allclose(got["public_cost"], [[9.0, 4.0]])
    np.testing.assert_allclose(got["net_surplus"], [[-1.25, 13.25]])
    np.testing.assert_allclose(got["welfare_until"], [[-1.0, 7.48]])
    assert got["welfare"][0] == pytest.approx(7.48)
    assert got["welfare_with_terminal"][0] == pytest.approx(33.08)


def test_terms_of_welfare_by_hand() -> None:
    """Discounts .8 and .64: sales 8 + 12.8, research 1 x 1.44, ordinary 1.5 x 1.44, small bases .25 x 1.44, private 3 x
    .64, public 1.5 x (9 x .8 + 4 x .64).
    """
    expected = {
        "surplus_discounted": 20.8,
        "spillover_discounted": 1.44,
        "ordinary_discounted": 2.16,
        "small_cost_discounted": 0.36,
        "private_discounted": 1.92,
        "public_burden_discounted": 14.64,
    }
    got = compute(welfare_history(), [*expected, "public_discounted"])
    assert {name: float(got[name][0]) for name in expected} == pytest.approx(expected)
    assert got["public_discounted"][0] == pytest.approx(9.76)
    assert sum(expected[name] for name in GAINS) - sum(expected[name] for name in COSTS) == pytest.approx(7.48)


def test_money_measures_by_hand() -> None:
    """Public 5 in the first year, private 3 in the second."""
    got = compute(welfare_history(), ["money_used", "private_share", "leverage"])
    np.testing.assert_allclose(got["money_used"], [[5.0, 3.0]])
    np.testing.assert_allclose(got["private_share"], [[0.0, 1.0]])
    np.testing.assert_allclose(got["leverage"], [[0.0, 0.0]])


def test_output_over_the_run() -> None:
    """Output 10 and 20 at 25%: 8 + 12.8 = 20.8 in the region and in the nation."""
    got = compute(
        {"output": np.array([[[[10.0]], [[20.0]]]]), "discount": 0.25}, ["region_output", "output_discounted"]
    )
    assert got["region_output"][0, 0] == pytest.approx(20.8)
    assert got["output_discounted"][0] == pytest.approx(20.8)


def test_conservation_gap_sees_a_missing_yuan() -> None:
    """Ten paid, ten spent, ten started: 0. Nine spent: .1."""
    money = np.zeros((1, 1, 6, 3))
    money[0, 0, 1, 2] = 10.0
    history = {"money": money, "investment": np.array([[[[10.0]]]]), "starts": np.array([[[0.0, 0.0, 10.0]]])}
    assert compute(history, ["conservation_gap"])["conservation_gap"][0, 0] == 0.0
    history["investment"] = np.array([[[[9.0]]]])
    assert compute(history, ["conservation_gap"])["conservation_gap"][0, 0] == pytest.approx(0.1)


def test_a_missing_input_is_named() -> None:
    """A measure asked for by name says what the history lacks; without names it is left out."""
    with pytest.raises(MissingInputError, match="investment_cosine needs 'investment'"):
        compute({"layout": X}, ["investment_cosine"])
    with pytest.raises(KeyError, match="no measure 'similarity'"):
        compute({"layout": X}, ["similarity"])
    assert "layout_cosine" in compute({"layout": X})
    assert "investment_cosine" not in compute({"layout": X})


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_fully_declared(name: str) -> None:
    """Label in both languages, unit, formula, source, bounds in order, and a null that exists."""
    declared = MEASURES[name]
    assert all([declared.label, declared.label_zh, declared.unit, declared.formula, declared.source])
    assert declared.bounds[0] < declared.bounds[1]
    assert declared.axes[0] == "replicate"
    assert declared.null == "" or declared.null in MEASURES
    assert declared.function.__doc__


@pytest.mark.parametrize(
    "shape", [(2, 3, 4, 6), (1, 1, 31, 2), (5, 1, 1, 6), (4, 9, 7), (2, 3, 4, 8), (3, 13), (6,), (3, 1)]
)
def test_sums_hold_the_bytes_of_those_of_numpy(shape):
    values = np.sin(1.0 + np.arange(float(np.prod(shape))).reshape(shape)) ** 3
    assert (reduce.add_up(values) == values.sum(axis=-1)).all()
    assert reduce.add_up(values, keep=True).shape == (*shape[:-1], 1)
    if len(shape) > 1:
        assert (reduce.over_regions(values) == values.sum(axis=-2)).all()
        assert (reduce.add_up(values, 2) == values.sum(axis=-1).sum(axis=-1)).all()
        assert (reduce.add_up(values > 0, 1) == (values > 0).sum(axis=-1)).all()


def test_a_ratio_is_zero_where_there_is_nothing_to_divide_by():
    found = reduce.ratio(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[2.0], [0.0]]))
    assert found.tolist() == [[0.5, 1.0], [0.0, 0.0]]
    assert reduce.ratio(1.0, np.array([4.0, 0.0])).tolist() == [0.25, 0.0]


def test_digamma_is_that_of_scipy() -> None:
    values = np.array([1.0, 1.5, 2.0, 10.0, 1e4])
    np.testing.assert_allclose(duplication.digamma(values), special.digamma(values), rtol=0.0, atol=1e-9)


def test_duplication_by_chance_is_never_negative() -> None:
    """Two regions, each in one of nine sectors: the approximation would fall below zero."""
    table = np.zeros((1, 1, 2, 9))
    table[0, 0, (0, 1), (0, 1)] = 1.0
    assert compute({"investment": table}, ["investment_duplication_null"])["investment_duplication_null"] == 0.0


def test_ellison_glaeser_of_a_nation_in_one_region() -> None:
    """Ten plants, all where everything is: -H / (1 - H) = -1/9, as for any sector that follows the nation."""
    history = {"capacity": np.array([[[[70.0], [0.0]]]]), "industrial_cost": 2.0, "capital_productivity": 3.5}
    assert compute(history, ["ellison_glaeser"])["ellison_glaeser"] == pytest.approx(-1 / 9)


def test_krugman_by_chance_of_each_row() -> None:
    """Two regions in one of two sectors each: as often the same (0) as not (2); so in every year of every replicate."""
    tables = np.tile([[1.0, 0.0], [0.0, 3.0]], (2, 3, 1, 1))
    assert (
        compute({"investment": tables}, ["investment_krugman_null"])["investment_krugman_null"].tolist()
        == [[1.0] * 3] * 2
    )


def test_one_region_alone_is_like_nobody() -> None:
    alone = np.array([[1.0, 1.0], [0.0, 0.0]])
    for name in ("investment_cosine", "investment_krugman", "investment_krugman_null", "investment_duplication"):
        assert np.isnan(compute({"investment": alone}, [name])[name]), name
