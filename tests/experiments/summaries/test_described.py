"""Means and quantiles of many columns at once are those of each by itself, to the byte."""

import numpy as np
import pytest

from qipan.experiments.summaries import single as tables
from qipan.experiments.summaries.single import described, described_each


def columns(rows: int) -> list[np.ndarray]:
    """Ties, one value, many sizes, and what is not a number."""
    spread = np.sin(np.arange(1, rows + 1) ** 2.0)
    wide = [np.exp(9.0 * spread) * scale for scale in (1.0, -1e9, 1e-9)]
    holes = np.where(spread > 0.9, np.nan, spread)
    return [*wide, np.round(spread, 1), np.full(rows, 0.1), holes, np.full(rows, np.inf)]


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 100, 129, 1000])
@pytest.mark.parametrize("together", [1, 300, 2**18])
def test_columns_at_once_are_columns_one_by_one(rows: int, together: int, monkeypatch):
    monkeypatch.setattr(tables, "TOGETHER", together)
    given = columns(rows)
    with np.errstate(invalid="raise"):
        found = described_each(given)
    assert len(found) == len(given)
    for ours, column in zip(found, given, strict=True):
        np.testing.assert_array_equal(np.array(ours), np.array(described(column)))


def test_hand_worked_quantiles():
    # 0..100: the q-quantile of equally spaced numbers is 100 q
    ((mean, q05, q25, median, q75, q95, number),) = described_each([np.arange(101.0)])
    assert (mean, q05, q25, median, q75, q95, number) == (50.0, 5.0, 25.0, 50.0, 75.0, 95.0, 101)
    assert described_each([]) == []
