"""Attribution on worlds whose effects are known: by hand, in closed form, and in repeats that count coverage."""

import numpy as np
import pandas as pd
import pytest

from qipan.experiments.designs import levers_tables as tables
from qipan.experiments.designs.levers import Layout, arms_of
from qipan.experiments.findings.attribution import agreed, comparisons_finding
from qipan.experiments.statistics.estimates import estimated
from qipan.experiments.statistics.paired import NOT_DISTINGUISHABLE, mean_interval, ratio_interval
from qipan.experiments.statistics.shapley import fraction_effects, half_fraction, shapley_shares
from qipan.model.draws import Draws, Stream
from qipan.model.extend.registry import LEVERS
from qipan.model.scenario import load_scenario

MAIN = np.array([3.0, 0.0, -1.0, 2.0, 0.0])
PAIR = 4.0
"""A test world: lever i adds MAIN[i], the first and the fourth together add PAIR more, the second and fifth nothing."""
SHARES = MAIN + np.array([PAIR / 2, 0, 0, PAIR / 2, 0])
"""Its Shapley shares, by hand: own effect, and half of an interaction for each of the two who make it."""
REPEATS = 500


def world_values(seed: int, replicates: int, numbers: tuple[int, ...] = tuple(range(32))) -> np.ndarray:
    """(replicate, combination): the expected values above plus a common shock, and noise in every lever's effect."""
    draws = Draws(seed, np.arange(replicates), np.arange(1, 7), np.arange(1, 2))
    noise = draws.normal(Stream.VALUE, over="r")
    values = []
    for number in numbers:
        on = np.array([number >> lever & 1 for lever in range(5)], dtype=float)
        value = 10.0 * noise[:, 5] + (on * (MAIN + noise[:, :5])).sum(axis=1) + PAIR * on[0] * on[3]
        values.append(value)
    return np.stack(values, axis=1)


def expected(number: int) -> float:
    on = np.array([number >> lever & 1 for lever in range(5)], dtype=float)
    return float((on * MAIN).sum() + PAIR * on[0] * on[3])


def layout(numbers: tuple[int, ...] = tuple(range(32))) -> Layout:
    names = tuple(f"c{number}" for number in numbers)
    alone = {lever: f"c{1 << place}" for place, lever in enumerate(LEVERS)}
    return Layout({}, names, numbers, alone, alone, dict.fromkeys(LEVERS, "c0"), "c0", "c0")


def scores(values: np.ndarray, numbers: tuple[int, ...] = tuple(range(32))) -> dict:
    return {
        f"c{number}": {"total:welfare": values[:, place], "total:coordination_cost": np.full(len(values), 1.0)}
        for place, number in enumerate(numbers)
    }


def test_shapley_shares_of_the_test_world_match_by_hand():
    values = np.array([[expected(number) for number in range(32)]])
    np.testing.assert_allclose(shapley_shares(values)[0], SHARES, atol=1e-12)


def test_shares_sum_to_the_total():
    values = world_values(7, 50)
    shares = tables.shares_of(values, layout())
    np.testing.assert_allclose(shares.sum(axis=1), values[:, -1] - values[:, 0], rtol=0, atol=1e-12)


def test_half_fraction_has_the_full_design_and_gives_the_shares_where_no_three_levers_interact():
    half = half_fraction(5)
    assert len(half) == 16
    assert 31 in half
    values = np.array([[expected(number) for number in half]])
    np.testing.assert_allclose(fraction_effects(values, half, 5)[0], SHARES, atol=1e-12)


def test_what_the_half_fraction_cannot_see_stands_in_a_row_of_its_own():
    numbers = tuple(sorted({0, *half_fraction(5)}))
    table = tables.shares_table(scores(world_values(3, 40, numbers), numbers), layout(numbers), ["total:welfare"])
    rows = table.set_index("lever")["mean"]
    parts = rows[[*LEVERS, tables.REMAINDER]].sum()
    assert parts == pytest.approx(rows[tables.TOTAL], abs=1e-9)


def test_intervals_cover_the_true_shares_at_their_nominal_rate():
    """500 repeats of 30 replicates; binomial 5 standard errors: .95 +- 5 sqrt(.95 x .05 / 500) = .901 to .999."""
    hits = np.zeros(5)
    for seed in range(REPEATS):
        interval = mean_interval(shapley_shares(world_values(seed, 30)))
        hits += (interval.low <= SHARES) & (interval.high >= SHARES)
    bound = 5 * np.sqrt(0.95 * 0.05 / REPEATS)
    assert (np.abs(hits / REPEATS - 0.95) <= bound).all(), hits / REPEATS


def test_a_lever_without_effect_is_rarely_called_one():
    """Two levers have none; Holm keeps any false finding at 5%: at most .05 + 5 se = .099 of 500 repeats."""
    false = 0
    for seed in range(REPEATS):
        table = estimated_shares(seed)
        false += (table.loc[[1, 4], "verdict"] != NOT_DISTINGUISHABLE).any()
    assert false / REPEATS <= 0.05 + 5 * np.sqrt(0.05 * 0.95 / REPEATS)


def estimated_shares(seed: int):
    from unittest import mock

    with mock.patch("qipan.experiments.statistics.estimates.bootstrap_interval", mean_interval):
        return estimated(shapley_shares(world_values(seed, 30)), ["higher is better"] * 5, ["welfare"] * 5)


def test_the_same_arm_on_the_same_draws_is_exactly_zero():
    same = world_values(1, 30)[:, [0] * 32]
    table = tables.shares_table(scores(same), layout(), ["total:welfare"])
    assert (table[["mean", "low", "high", "boot_low", "boot_high", "median"]] == 0).all(axis=None)
    assert set(table["verdict"]) == {"identical"}


def test_an_arm_against_itself_on_other_draws_is_a_false_positive_at_the_nominal_rate():
    """2,000 comparisons of independent draws of one arm: 5% +- 5 sqrt(.05 x .95 / 2000) = .026 to .074."""
    found = 0
    for seed in range(2000):
        interval = mean_interval(world_values(2 * seed, 20, (5,)) - world_values(2 * seed + 1, 20, (5,)))
        found += bool(interval.low[0] > 0 or interval.high[0] < 0)
    assert abs(found / 2000 - 0.05) <= 5 * np.sqrt(0.05 * 0.95 / 2000)


def test_cost_is_silent_where_a_lever_has_no_effect():
    part = scores(world_values(5, 200))
    for number in range(32):
        part[f"c{number}"]["total:coordination_cost"] = np.full(200, 2.0 * (number & 1) + 1.0 * (number >> 1 & 1))
    table = tables.costs_table(part, layout(), ["total:welfare"]).set_index("lever")
    first, second = (table.loc[lever] for lever in list(LEVERS)[:2])
    assert first["cost"] == pytest.approx(2.0)
    assert first["low"] < 2.0 / SHARES[0] < first["high"]
    assert np.isnan(second["cost_per_unit"])


def test_ratio_of_means_covers_and_is_silent_about_nothing():
    draws = Draws(2, np.arange(400), np.array([1, 2]), np.array([1]))
    noise = draws.normal(Stream.VALUE, over="r")
    found = ratio_interval(3.0 + noise[:, 0], 2.0 + noise[:, 1])
    assert found is not None
    assert found.low < 1.5 < found.high
    assert ratio_interval(3.0 + noise[:, 0], 0.01 * noise[:, 1]) is None
    assert ratio_interval(noise[:, 0], np.zeros(400)) is None


def test_an_order_of_levers_is_claimed_where_they_can_be_told_apart():
    values = world_values(9, 300)
    table = tables.ranking_table(scores(values), layout()).set_index("lever")
    assert "pilot_zones" in table.loc["shared_definition", "above"]
    same = np.repeat(values[:, :1], values.shape[1], axis=1)
    assert (tables.ranking_table(scores(same), layout())["above"] == "").all()


def test_arms_of_a_design_pair_each_lever_with_information_alone_and_its_random_twin():
    found = arms_of(load_scenario("national-design"))
    assert len(found.arms) == 42
    assert set(LEVERS) - set(found.random) == {"ecosystem"}  # it has no list
    assert len(set(found.combinations)) == 32
    twin = found.arms[found.random["key_areas"]].policy.coordination
    assert (twin.arm, twin.key_areas, twin.information, twin.ecosystem) == ("random", True, False, False)
    full = found.arms[found.combinations[-1]]
    assert full.digest() == load_scenario("national-design").digest()
    assert found.arms["none"].digest() == load_scenario("baseline").digest()


def test_half_of_the_arms_of_a_design():
    assert len(arms_of(load_scenario("national-design"), half=True).combinations) == 17


def test_a_finding_names_the_levers_that_can_be_told_from_zero():
    rows = [
        ("total:welfare", "pilot_zones", 1.0, NOT_DISTINGUISHABLE),
        ("total:welfare", "ecosystem", 2.0, "better"),
        ("total:output_discounted", "key_areas", 1.0, "better"),
    ]
    table = pd.DataFrame(rows, columns=["measure", "lever", "mean", "verdict"])
    assert agreed(table) == ["ecosystem"]
    effects = table.assign(comparison="beyond_information")
    sentence = comparisons_finding(effects, "en")
    assert "information alone Ecosystem;" in sentence
    assert sentence.endswith("same money none")
