"""Summaries instead of replicates: the same tables as from rows, whatever the blocks, within stated errors."""

import json
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import qipan
from qipan.experiments.results.assemble import assemble
from qipan.experiments.runs import block
from qipan.experiments.runs import gather as gathering
from qipan.experiments.runs.estimate import estimate
from qipan.experiments.runs.execute import execute
from qipan.experiments.runs.gather import gather
from qipan.experiments.runs.plan import RunPlan
from qipan.experiments.statistics.bins import RELATIVE_ERROR, BinCounts, binned, edges, keys_of, on_edges
from qipan.experiments.statistics.moments import joined, moments_of
from qipan.experiments.store.parts import PartStore
from qipan.experiments.summaries import paired as paired_tables
from qipan.experiments.summaries import ranking
from qipan.experiments.summaries import single as tables
from qipan.experiments.summaries.comparison import COLUMNS
from qipan.experiments.summaries.summary import MOST_ROWS, packed, unpacked
from qipan.model.compiled.cache import cache_folder
from qipan.model.draws import Draws, Stream
from tests.experiments.runs.small_engine import WORLD, SmallScenario, run

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def noise(rows: int, columns: int) -> np.ndarray:
    """Standard normal numbers, (row, column)."""
    return Draws(7, np.arange(rows), np.arange(1, columns + 1), np.array([1])).normal(Stream.VALUE, over="r")


def shapes() -> np.ndarray:
    """2,000 values of six kinds: normal, far from zero, over many powers of ten, whole, constant, nearly all zero."""
    x = noise(2_000, 6)
    return np.stack(
        [
            x[:, 0],
            30_000.0 + 300.0 * x[:, 1],
            np.exp(6.0 * x[:, 2]),
            np.floor(4.0 * x[:, 3]),
            np.full(2_000, 0.1),
            np.where(x[:, 5] > 2.0, x[:, 5], 0.0),
        ],
        axis=1,
    )


def counted(values: np.ndarray) -> tuple[BinCounts, np.ndarray, np.ndarray]:
    """Values counted in blocks of 128, and their range."""
    counts = BinCounts()
    for start in range(0, len(values), 128):
        counts.add(keys_of(values[start : start + 128]))
    return counts, np.nanmin(values, axis=0), np.nanmax(values, axis=0)


def test_a_bin_holds_numbers_that_differ_by_less_than_one_in_256():
    """2 to 4 is cut into 256 bins of 1/128; -3.003 shares its bin with -3."""
    assert edges(keys_of(np.array([2.0, 2.0078, 2.0079, -3.003, 0.0, 1e-30]))).tolist() == [
        2.0,
        2.0,
        2.0078125,
        -3.0,
        0.0,
        0.0,
    ]
    values = np.sort(np.concatenate([shapes()[:, :3].ravel(), [-np.inf, np.nan]]))[1:-1]
    ends = edges(keys_of(values))
    assert (np.abs(values - ends) <= RELATIVE_ERROR * np.abs(values)).all()
    assert all(one <= other for one, other in pairwise(keys_of(values).tolist()))


def test_quantiles_are_within_the_stated_error_of_those_of_the_values():
    values = shapes()
    counts, low, high = counted(values)
    exact = on_edges(values)
    assert exact.tolist() == [False, False, False, True, False, False]
    found, true = counts.quantiles(LEVELS, low, high, exact), np.quantile(values, LEVELS, axis=0)
    assert (np.abs(found - true) <= RELATIVE_ERROR * np.abs(true)).all()
    assert (found[:, 3] == true[:, 3]).all(), "whole numbers are exact"
    assert (found[:, 4] == 0.1).all(), "and so is a column that never varies"
    assert (np.abs(found[:, 1] - true[:, 1]) < 30.0).all(), "a tenth of the spread although the bins are 64 wide"


def test_counts_do_not_depend_on_the_order_and_do_not_grow_with_the_number_of_values(monkeypatch):
    values = shapes()
    monkeypatch.setattr("qipan.experiments.statistics.bins._MOST_WAITING", 5_000)
    forward, low, high = counted(values)
    backward = counted(values[::-1])[0]
    flags = np.zeros(6, dtype=bool)
    assert (forward.quantiles(LEVELS, low, high, flags) == backward.quantiles(LEVELS, low, high, flags)).all()
    size = len(forward.codes)
    for _ in range(20):
        forward.add(keys_of(values))
    forward.settle()
    assert len(forward.codes) == size
    assert forward.counts.sum() == 21 * values.size


def test_missing_values_are_counted_nowhere():
    counts = BinCounts()
    counts.add(keys_of(np.array([[1.0, np.nan], [3.0, np.nan]])))
    found = counts.quantiles((0.0, 1.0), np.array([1.0, np.inf]), np.array([3.0, -np.inf]), np.array([True, True]))
    assert found[:, 0].tolist() == [1.0, 3.0]
    assert np.isnan(found[:, 1]).all()


def test_packed_keys_come_back_sorted():
    keys = keys_of(shapes()[:128])
    assert (unpacked(packed(keys), len(keys), 6) == np.sort(keys, axis=0)).all()
    assert len(packed(keys)) < keys.nbytes


@pytest.mark.parametrize("odd", [0.0, np.nan, np.inf, -np.inf])
def test_bins_and_ends_taken_together_are_those_taken_apart(odd):
    columns = [
        [0.0, 1.0, -3.0],
        [0.0, -0.0, 2.0**-60],
        [2.0**-61, 1.0, 1.0],
        [2.0**67, 1.0, 1.0],
        [2.0**68, 1.0, 1.0],
        [1.001, 1.0, 1.0],
        [512.0, 511.0, 513.0],
        [1e-300, -1e300, 0.3],
        [-0.5, -0.25, -7.0],
    ]
    values = np.array([*columns, [odd, 1.0, 2.0]]).T.copy()
    keys, exact = binned(values)
    assert keys.dtype == np.int16 and (keys == keys_of(values)).all()
    assert exact.tolist() == on_edges(values).tolist()
    assert exact[:9].tolist() == [True, True, False, False, False, False, False, False, True]


def test_moments_of_blocks_are_those_of_all_values():
    values = shapes()
    values[5, 0] = np.nan
    blocks = [moments_of(values[start : start + 128]) for start in range(0, 2_000, 128)]
    whole = blocks[0]
    for one in blocks[1:]:
        whole = joined(whole, one)
    assert whole.count.tolist() == [1_999] + [2_000] * 5
    np.testing.assert_allclose(whole.centre, np.nanmean(values, axis=0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(whole.variance, np.nanvar(values, axis=0, ddof=1), rtol=1e-10, atol=1e-20)
    assert (whole.centre[4], whole.variance[4], whole.error[4]) == (0.1, 0.0, 0.0)
    nothing = moments_of(np.full((3, 1), np.nan))
    assert np.isnan(nothing.centre[0])
    assert np.isinf(joined(nothing, nothing).variance[0])
    assert joined(nothing, moments_of(np.array([[2.0], [4.0]]))).centre[0] == 3.0


@pytest.fixture
def small_engine(monkeypatch):
    monkeypatch.setattr(qipan, "run", run, raising=False)
    for module in (block, gathering):
        monkeypatch.setattr(module, "load_world", lambda choice: WORLD)


def arms(**fails: tuple[int, ...]) -> tuple[SmallScenario, ...]:
    made = (SmallScenario("none"), SmallScenario("burn", level=0.9), SmallScenario("more", level=1.3))
    return tuple(
        SmallScenario(arm.name, arm.level, fails.get(arm.name, ())).replace(**{"run.replicates": 2_000}) for arm in made
    )


def done(folder: Path, keep: str, *chosen: SmallScenario):
    plan = RunPlan("small", folder, chosen, tuple(arm.name for arm in chosen), keep=keep)
    store = PartStore(folder / "parts")
    execution = execute(plan, store, workers=1, strict=False, advance=lambda count: None)
    return plan, gather(plan, store), execution


def test_tables_from_summaries_are_those_from_every_replicate(tmp_path: Path, small_engine, monkeypatch):
    monkeypatch.setattr(paired_tables, "MOST_RESAMPLED", 0)  # summaries do not resample either
    chosen = arms(burn=(3, 700), more=(1_999,))
    rows, gathered = (done(tmp_path / keep, keep, *chosen)[1] for keep in ("all", "summary"))
    assert gathered.replicates.tolist() == rows.replicates.tolist()
    assert gathered.failures == rows.failures
    assert gathered.counts == rows.counts
    plan, _, execution = done(tmp_path / "summary", "summary", *chosen)
    found, years = assemble(plan, gathered, WORLD, execution).tables, (2023, 2024, 2025, 2026)
    share = [arm.world.market for arm in plan.arms]
    expected = {
        "summary": tables.summary_table(plan.names, rows.parts, years),
        "differences": paired_tables.differences_table(plan.names, rows.parts, years),
        "targets": paired_tables.targets_table(plan.names, rows.parts, years, WORLD, share),
        "regions": paired_tables.regions_table(plan.names, rows.parts, WORLD),
        "incidence": paired_tables.incidence_table(plan.names, rows.parts, WORLD),
        "money": tables.money_table(plan.names, rows.parts),
        "fans": tables.fans_table(plan.names, rows.parts, years, WORLD),
        "layouts": tables.layouts_table(plan.names, rows.parts, rows.counts, years, WORLD),
        "ranking": ranking.ranking_table(plan.names, rows.parts, years, years[-1]),
        "votes": paired_tables.votes_table(plan.names, rows.parts, WORLD),
    }
    for name, table in expected.items():
        assert list(found[name].columns) == list(COLUMNS[name])
        agree(name, found[name], table)
    assert len(found["differences"]) > 50


QUANTILES = (
    "median",
    "q05",
    "q25",
    "q75",
    "q95",
    "used_q05",
    "used_q95",
    "obtained_q05",
    "obtained_median",
    "obtained_q95",
    "shortfall_q05",
    "shortfall_q25",
    "shortfall_median",
    "shortfall_q75",
    "shortfall_q95",
    "share_q05",
    "share_q95",
)


def agree(name: str, found, expected) -> None:
    """Two tables agree: words and whole numbers exactly, quantiles to 1/256, votes to 1%, the rest to 1e-9."""
    assert len(found) == len(expected), name
    for column in expected.columns:
        ours, theirs = found[column], expected[column]
        if theirs.dtype.kind not in "fiu":
            assert ours.tolist() == theirs.tolist(), (name, column)
            continue
        bound = RELATIVE_ERROR if column in QUANTILES else 0.01 if name == "votes" else 1e-9
        # a difference that varies by rounding alone saves any number of replicates
        ours, theirs = (np.minimum(values.to_numpy(float), 1e12) for values in (ours, theirs))
        np.testing.assert_allclose(ours, theirs, rtol=bound, atol=1e-9, err_msg=f"{name}.{column}")


def test_neither_interruption_nor_workers_change_a_byte(tmp_path: Path):
    """300 replicates in three blocks, with one process and with two, and again after two blocks were lost."""
    command = [
        "compare",
        "theory/shared-prize-small",
        "theory/shared-prize-small-planner",
        "--replicates",
        "300",
        "--set",
        "world.behaviour.rounds=3",
        "--keep",
        "summary",
        "--no-report",
        "--quiet",
    ]
    from qipan.experiments.command_line import main

    contents = []
    for name, workers in (("one", "1"), ("two", "2")):
        assert main([*command, "--workers", workers, "--out", str(tmp_path / name)]) == 0
        contents.append(written(tmp_path / name))
    parts = sorted((tmp_path / "one" / "parts").glob("*.part"))
    assert len(parts) == 3
    for lost in parts[:2]:
        lost.unlink()
    assert main([*command, "--workers", "1", "--out", str(tmp_path / "one")]) == 0
    assert written(tmp_path / "one") == contents[0] == contents[1]
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["keep"] == "summary"
    assert any("Only a summary is kept" in told["text"] for told in manifest["warnings"])


def written(folder: Path) -> dict[str, bytes]:
    """Every file of a result but the manifest, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_rows_are_kept_of_the_first_replicates_only(tmp_path: Path, small_engine):
    plan, gathered, execution = done(tmp_path, "summary", *arms()[:2])
    assert gathered.parts[0]["replicates"].tolist() == list(range(MOST_ROWS))
    comparison = assemble(plan, gathered, WORLD, execution)
    assert len(comparison.tables["totals"]) == 2 * MOST_ROWS
    assert any(
        f"list the first {MOST_ROWS:,} replicates; all other tables use all 2,000" in told.text
        for told in comparison.warnings
    )


def test_where_the_first_replicates_all_fail_the_others_are_summarised(tmp_path: Path, small_engine):
    plan, gathered, execution = done(tmp_path, "summary", *arms(burn=tuple(range(MOST_ROWS)))[:2])
    assert gathered.replicates.tolist() == list(range(MOST_ROWS, 2_000))
    comparison = assemble(plan, gathered, WORLD, execution)
    assert len(comparison.tables["totals"]) == 0
    assert comparison.tables["summary"]["n"].max() == 2_000 - MOST_ROWS


def test_a_block_in_which_all_fail_is_tried_one_by_one(tmp_path: Path, small_engine, monkeypatch):
    """Halving to the end would take 255 attempts for 128 replicates. Each failure keeps its own message."""
    attempts = []

    def counting(scenario, *, replicates, **more):
        attempts.append(replicates)
        return run(scenario, replicates=replicates)

    monkeypatch.setattr(qipan, "run", counting)
    scenario = SmallScenario("none", fails=tuple(range(128))).replace(**{"run.replicates": 128})
    _, gathered, execution = done(tmp_path, "all", scenario)
    assert len(attempts) <= 150
    assert [failure.message for failure in execution.failures] == [
        f"FloatingPointError: overflow in replicate {number}" for number in range(128)
    ]
    assert len(gathered.replicates) == 0


@pytest.mark.parametrize("fails", [(5,), (0, 127), tuple(range(0, 128, 2))])
def test_what_does_not_fail_is_kept_however_many_do(tmp_path: Path, small_engine, fails):
    scenario = SmallScenario("none", fails=fails).replace(**{"run.replicates": 128})
    _, gathered, execution = done(tmp_path, "all", scenario)
    assert gathered.replicates.tolist() == [number for number in range(128) if number not in fails]
    assert [failure.replicate for failure in execution.failures] == list(fails)


def test_the_estimate_of_a_summary_is_flat_in_memory_and_names_what_is_kept():
    size = {"arms": 2, "regions": 31, "sectors": 6, "years": 13, "workers": 2}
    few, many = (estimate(**size, replicates=count) for count in (10_000, 1_000_000))
    assert (few.keep, few.memory) == ("summary", many.memory)
    every = [estimate(**size, replicates=count, keep="all").memory for count in (1_000, 8_000)]
    assert every[1] - every[0] == pytest.approx(2 * 7_000 * 13 * 560)
    assert "kept        a summary (--keep replicates keeps every one)" in few.lines()
    assert "chunks      79 (blocks of replicates, all arms together)" in few.lines()


def test_what_is_kept_goes_by_the_size_unless_it_is_said(capsys):
    from qipan.experiments.command_line import main

    run = ["run", "theory/game", "--executor", "numpy", "--dry-run"]
    for more, said in (
        ([], "every replicate"),
        (["--replicates", "8193"], "a summary"),
        (["--replicates", "8193", "--keep", "replicates"], "every replicate"),
        (["--keep", "summary"], "a summary"),
    ):
        assert main([*run, *more]) == 0
        assert f"kept        {said}" in capsys.readouterr().out
    assert main(["compare", "baseline", "burn", "--precision", "5%", "--keep", "summary", "--dry-run"]) == 2
    assert "--precision needs every one" in capsys.readouterr().err


def test_an_estimate_says_that_rules_are_compiled_first(tmp_path: Path, monkeypatch):
    size = {"arms": 2, "regions": 31, "sectors": 6, "years": 13, "workers": 2, "replicates": 5_000}
    monkeypatch.setenv("QIPAN_CACHE", str(tmp_path))
    cold = estimate(**size, executor="compiled")
    assert list(tmp_path.iterdir()) == []
    (cache_folder() / "year.nbi").write_bytes(b"an index")
    assert estimate(**size, executor="compiled").seconds == cold.seconds, "one index is not all"
    (cache_folder() / "warm").write_text("year.nbi", encoding="utf-8")
    warm = estimate(**size, executor="compiled")
    assert cold.seconds - warm.seconds == pytest.approx(cold.compiling)
    assert any("compiles the rules first" in line for line in cold.lines())
    assert not any("compiles" in line for line in warm.lines())
    assert estimate(**size).seconds > warm.seconds


def test_packed_keys_that_unpack_to_far_more_than_told_are_refused_before_they_do():
    bomb = np.frombuffer(zlib.compress(bytes(100_000_000), 9), dtype=np.uint8)
    with pytest.raises(ValueError, match="of another number than is told"):
        unpacked(bomb, 128, 6)
    with pytest.raises(ValueError, match="of another number than is told"):
        unpacked(packed(keys_of(shapes()[:127])), 128, 6)
