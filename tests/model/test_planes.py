"""Tables with their rows last: the sums of NumPy to the byte, and the same bytes whichever rows are beside a row."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from qipan import load_scenario, run
from qipan.experiments.summaries.rows import Part, make_part
from qipan.experiments.summaries.scores import make_scores
from qipan.model.history import History
from qipan.model.measures.gaps import comparators, gaps_of_all, gaps_of_regions, gaps_of_sectors
from qipan.model.measures.planes import added, over_sectors, planes, region_sums, sector_sums, totals, unfolded
from qipan.model.measures.reduce import ratio
from qipan.model.measures.sharing import shared, sharing

REPLICATES = 7


@pytest.fixture(scope="module")
def history() -> History:
    """Seven replicates of a design over some years."""
    return run(load_scenario("national-design", ["run.last_year=2028"]), replicates=range(REPLICATES))


def uneven(*shape: int) -> np.ndarray:
    """Numbers of many sizes, so that another order of adding them gives another sum."""
    return np.sin(1.0 + np.arange(float(np.prod(shape))).reshape(shape)) ** 3 + 0.1


@pytest.mark.parametrize("count", [1, 2, 6, 7, 8, 9, 15, 31, 128, 129, 186, 300, 1000])
@pytest.mark.parametrize("rows", [2, 3, 40])
def test_sums_along_the_first_axis_are_those_of_contiguous_numbers(count: int, rows: int) -> None:
    values = uneven(rows, count)
    assert (added(np.ascontiguousarray(values.T)) == values.sum(axis=-1)).all()
    cube = np.ascontiguousarray(values.T)[None].repeat(3, axis=0)
    assert (added(cube, axis=1) == values.sum(axis=-1)).all()


@pytest.mark.parametrize("leading", [(), (1,), (3,), (2, 3), (1, 1), (0, 4)])
def test_sums_of_planes_are_those_of_the_table(leading: tuple[int, ...]) -> None:
    table = uneven(*leading, 31, 6)
    assert planes(table).shape[:2] == (31, 6)
    assert planes(table).flags.c_contiguous
    for found, expected in (
        (region_sums(table), table.sum(axis=-1)),
        (sector_sums(table), table.sum(axis=-2)),
        (totals(table), table.sum(axis=-1).sum(axis=-1)),
        (planes(table), table),
    ):
        got = unfolded(found, table)
        assert got.shape == expected.shape
        assert (got == expected).all()
        assert got.flags.c_contiguous


@pytest.mark.parametrize("sectors", [1, 6, 7, 8, 20])
def test_sums_of_products_over_sectors_are_those_of_the_products(sectors: int) -> None:
    one, other = uneven(5, 3, sectors), np.cos(uneven(5, 3, sectors))
    assert (over_sectors(planes(one), planes(other))[:, :5] == (one * other).sum(axis=-1).T).all()


@pytest.mark.parametrize("regions", [1, 2, 31, 40])
@pytest.mark.parametrize("sectors", [1, 2, 6, 9])
def test_sums_of_gaps_are_those_over_all_pairs(regions: int, sectors: int) -> None:
    table = np.maximum(uneven(3, regions, sectors), 0.0)
    row = table.sum(axis=-1, keepdims=True)
    shares = np.divide(table, row, out=np.zeros_like(table), where=row > 0)
    everything = shares.reshape(3, -1)
    for found, values in (
        (gaps_of_all(table), everything),
        (gaps_of_regions(table), shares.transpose(2, 0, 1)),
        (gaps_of_sectors(table), shares.transpose(1, 0, 2)),
    ):
        expected = np.abs(values[..., :, None] - values[..., None, :]).sum(axis=(-2, -1))
        np.testing.assert_allclose(found[..., :3], expected, rtol=1e-12, atol=1e-12)


def test_a_ratio_without_a_whole_is_zero_without_a_sign() -> None:
    found = ratio(np.array([[1.0, -2.0, 0.0], [3.0, 4.0, 5.0]]), np.array([2.0, 0.0, 0.0]))
    assert found.tolist() == [[0.5, 0.0, 0.0], [1.5, 0.0, 0.0]]
    assert not np.signbit(found).any()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 6, 7, 12])
def test_comparators_sort_every_row_of_zeros_and_ones(count: int) -> None:
    """What sorts all of them sorts everything (zero-one principle, Knuth 1998, 5.3.4); six values take 12."""
    rows = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    for one, other in comparators(count):
        rows[:, [one, other]] = np.sort(rows[:, [one, other]], axis=1)
    assert (np.diff(rows, axis=1) >= 0).all()
    assert count != 6 or len(comparators(count)) == 12


def rows_of(history: History, start: int, width: int) -> History:
    """Some replicates of a history."""
    rows = slice(start, start + width)
    arrays = {name: values[rows] for name, values in history.arrays.items()}
    return replace(history, arrays=arrays, replicates=history.replicates[rows])


@pytest.mark.parametrize("width", range(1, REPLICATES))
@pytest.mark.parametrize("reduction", [make_part, make_scores])
def test_a_replicates_numbers_are_the_same_bytes_whichever_others_are_beside_it(
    history: History, width: int, reduction: Callable[[History], Part]
) -> None:
    whole = {name: values for name, values in reduction(history).items() if not name.startswith("sum:")}
    assert len(whole) > 60
    for start in range(REPLICATES - width + 1):
        part = reduction(rows_of(history, start, width))
        for name, values in whole.items():
            assert part[name].tobytes() == values[start : start + width].tobytes(), name


def test_what_measures_share_is_computed_once_for_the_same_tables() -> None:
    table, calls = np.ones(3), list[int]()

    @shared
    def noted(values: np.ndarray) -> np.ndarray:
        calls.append(1)
        return 2.0 * values

    with sharing(), sharing():
        assert noted(table) is noted(table)
        noted(table.copy())
    assert len(calls) == 2
    noted(table), noted(table)
    assert len(calls) == 4
