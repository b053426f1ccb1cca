"""Targets and announced layouts by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from qipan.experiments.examine import announced
from qipan.experiments.summaries import targets
from qipan.model.parameters.market import Market

TABLE = np.array([[1.0, 1, 0, 0], [1, 1, 1, 0], [0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0]])


def test_comparators() -> None:
    """Exactly the value meets "at least" and "at most", not "over"; about 300 is met from 270 when nine tenths do."""
    value = np.array([300.0])
    assert targets.is_met(value, 300, ">=")[0]
    assert not targets.is_met(value, 300, ">")[0]
    assert targets.is_met(value, 300, "<=")[0]
    assert not targets.is_met(value, 300, "<")[0]
    assert targets.is_met(np.array([280.0]), 300, "~", targets.ABOUT)[0]
    assert not targets.is_met(np.array([280.0]), 300, "~")[0]


def test_shortfall_and_first_year() -> None:
    """Half of the target is a shortfall of .5; more is none. The path 1, 3, 5 reaches 3 in its second year, never 6."""
    np.testing.assert_allclose(targets.shortfall(np.array([150.0, 300, 450]), 300), [0.5, 0, 0])
    path, years = np.array([[1.0, 3, 5]]), np.array([2023, 2024, 2025])
    assert targets.first_year(path, years, 3)[0] == 2024
    assert np.isnan(targets.first_year(path, years, 6)[0])


def test_scope_multiplies_what_broad_targets_count_and_nothing_else() -> None:
    """Output 100 bn: 230 of a broad target at scope 2.3, 400 at 4; 100 of a target that counts as the model does; of a
    share of 0.15 with a denominator of 200 bn (threshold 30), 28 bn of value added are 0.14.
    """
    market = Market(scope=2.3, value_added_share=0.28)
    broad = SimpleNamespace(value=500.0, threshold=500.0, measured_by="output", broad=True)
    same = SimpleNamespace(value=500.0, threshold=500.0, measured_by="output", broad=False)
    share = SimpleNamespace(value=0.15, threshold=30.0, measured_by="value_added", broad=False)
    assert [100.0 * targets.counted(each, market) for each in (broad, same, share)] == pytest.approx(
        [230.0, 100.0, 0.14]
    )
    assert targets.at_scope(np.array([230.0]), broad, market, 4.0) == pytest.approx([400.0])
    assert targets.at_scope(np.array([100.0]), same, market, 4.0) == pytest.approx([100.0])
    assert targets.scopes() == (1.0, 4.0)


def test_gap_by_part() -> None:
    """Totals 30 and 10 against 20: the one that meets has 15 more in the first part and 5 more in the second."""
    gap = targets.gap_by_part(np.array([[20.0, 10.0], [5.0, 5.0]]), 20)
    assert gap.parts is not None
    np.testing.assert_allclose(gap.parts, [15, 5])
    assert (gap.total, gap.met, gap.missed) == (20.0, 1, 1)
    assert targets.gap_by_part(np.ones((3, 2)), 20).parts is None


def test_variance_shares() -> None:
    """Parts (0, 0), (3, 1): all variance goes 3 to 1; a part that never moves has none."""
    np.testing.assert_allclose(targets.variance_shares(np.array([[0.0, 0, 2], [3, 1, 2]])), [0.75, 0.25, 0])
    np.testing.assert_array_equal(targets.variance_shares(np.ones((4, 2))), 0.0)


def test_random_layouts_keep_breadths() -> None:
    """Row sums stay, columns are even on average: 8 entries on 4 sectors, 2 each, sd of the mean below .03."""
    drawn = announced.random_layouts(TABLE, 2000)
    np.testing.assert_array_equal(drawn.sum(axis=-1), np.broadcast_to(TABLE.sum(axis=-1), (2000, 5)))
    np.testing.assert_allclose(drawn.sum(axis=1).mean(axis=0), 2.0, atol=0.1)


def test_shuffled_layouts_keep_both_margins() -> None:
    """Row and column sums stay in every table, entries are 0 or 1, and tables differ."""
    drawn = announced.shuffled_layouts(TABLE, 300)
    np.testing.assert_array_equal(drawn.sum(axis=-1), np.broadcast_to(TABLE.sum(axis=-1), (300, 5)))
    np.testing.assert_array_equal(drawn.sum(axis=-2), np.broadcast_to(TABLE.sum(axis=-2), (300, 4)))
    assert set(np.unique(drawn)) == {0.0, 1.0}
    assert len({table.tobytes() for table in drawn}) > 5


def test_shuffled_layouts_are_uniform_where_two_tables_are_possible() -> None:
    """Margins 1, 1 and 1, 1 allow two tables: each in half of 2,000 draws, within five standard errors (.056)."""
    drawn = announced.shuffled_layouts(np.eye(2), 2000)
    assert drawn[:, 0, 0].mean() == pytest.approx(0.5, abs=0.056)


def test_measured_layout_beside_its_nulls() -> None:
    """Chance agrees with the exact null of the cosine; popularity alone fixes the number of pairs."""
    from qipan.model.measures import similarity

    table = announced.measure_layout(TABLE).set_index("measure")
    exact = float(similarity.cosine_null(TABLE))
    assert table.loc["layout_cosine", "chance_mean"] == pytest.approx(exact, abs=0.02)
    pairs = table.loc["pair_count"]
    assert pairs["popularity_low"] == pairs["popularity_high"] == pairs["value"]
    assert (table["regions"] == 4).all()


def test_simulated_beside_announced() -> None:
    """The announced table among copies of itself: the same values, none below."""
    got = announced.beside_announced(np.stack([TABLE, TABLE]), TABLE).set_index("measure")
    np.testing.assert_allclose(got["simulated_mean"], got["announced"])
    assert (got["announced_rank"] == 0).all()
    assert got.loc["sectors_per_region", "announced"] == pytest.approx(2.0)
