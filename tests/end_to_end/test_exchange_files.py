"""What other tools read from a result: every file is read back with the tool it is meant for and set beside the tables.

Expected values are the stored tables; rules of a format are those its makers print, named where they are checked.
"""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments.command_line import main
from experiments.results import load_result
from tests.once import Once

ALONE = ["--no-report", "--assumptions", "0", "--quiet", "--workers", "1", "--no-reference"]
SEED = 2**31
"""One more than a 32-bit number holds."""


@pytest.fixture(scope="module")
def result(once: Once) -> Path:
    """A comparison of two arms, four replicates and three years, from a large seed; only read."""
    given = ["compare", "baseline", "national-design", "--replicates", "4", "--seed", str(SEED)]

    def make(folder: Path) -> None:
        assert main([*given, "--set", "run.last_year=2025", *ALONE, "--out", str(folder / "result")]) == 0

    return once("exchange", make) / "result"


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """The same columns and values, to the last bit."""
    pd.testing.assert_frame_equal(one, other, check_exact=True, check_dtype=False)


def test_every_csv_file_begins_with_a_byte_order_mark_and_is_the_table(result: Path) -> None:
    """RFC 3629: EF BB BF. Spreadsheets take UTF-8 for the system's encoding without it; pandas leaves it out."""
    files = [*result.glob("tables/*.csv"), result / "data_dictionary.csv"]
    assert len(files) == 1 + len(load_result(result).tables)
    for file in files:
        assert file.read_bytes().startswith(codecs.BOM_UTF8), file.name
    table = pd.read_csv(result / "tables" / "totals.csv")
    same(table, pd.read_parquet(result / "tables" / "totals.parquet"))
    words = pd.read_csv(result / "data_dictionary.csv", keep_default_na=False)
    assert list(words.columns)[:4] == ["table", "column", "label", "label_zh"]


def test_measure_leaves_its_tables_for_spreadsheets(tmp_path: Path) -> None:
    given = ["measure", "data/announced_layouts.csv", "--replicates", "8", "--year", "2023", "--out", str(tmp_path)]
    assert main(given) == 0
    file = tmp_path / "tables" / "announced.csv"
    assert file.read_bytes().startswith(codecs.BOM_UTF8)
    same(pd.read_csv(file), pd.read_parquet(file.with_suffix(".parquet")))


def exported(result: Path, target: Path, *given: str) -> Path:
    """What `qipan export` writes."""
    assert main(["export", str(result), *given, "--to", str(target)]) == 0
    return target


def test_a_netcdf_file_holds_the_tables_and_the_seed(result: Path, tmp_path: Path) -> None:
    comparison = load_result(result)
    file = exported(result, tmp_path / "result.nc", "--format", "netcdf")
    assert exported(result, tmp_path / "again.nc", "--format", "netcdf").read_bytes() == file.read_bytes()
    digests = {arm["name"]: arm["scenario"] for arm in comparison.manifest["arms"]}
    with xr.open_dataset(file) as data:
        assert data.attrs["seed"] == SEED
        assert data.attrs["source"] == f"qipan {comparison.manifest['versions']['qipan']}"
        assert json.loads(data.attrs["scenarios"]) == digests
        assert dict(zip(data["arm"].values, data["scenario_digest"].values, strict=True)) == digests
        rows = comparison.table("measures").set_index(["arm", "replicate", "year"])
        for name in rows:
            assert np.array_equal(data[name].to_series().loc[rows.index], rows[name], equal_nan=True), name
        totals = comparison.table("totals").set_index(["arm", "replicate"])
        for name in totals:
            assert np.array_equal(data[name].to_series().loc[totals.index], totals[name], equal_nan=True), name
        summary = comparison.table("summary").set_index(["arm", "measure", "year"])
        row = summary.loc[("national-design", "output_total", "2024")]
        found = data["summary_output_total"].sel(arm="national-design", year=2024)
        assert {str(key): value for key, value in found.to_series().items()} == row.drop("n").to_dict()
        for arm in comparison.arms:
            assert np.array_equal(data["mean_output"].sel(arm=arm.name), arm.arrays["output"])
        assert data["region_name_zh"].sel(region="CN-BJ").item() == "北京"


def test_a_netcdf_file_follows_the_cf_conventions(result: Path, tmp_path: Path) -> None:
    """CF 1.8: 2.6.1 names the conventions; 2.6.2 title, history and source; 2.3 what names are made of; 3.1 units that
    UDUNITS knows. Of its database these files need the number 1, a power of ten and `year`."""
    with xr.open_dataset(exported(result, tmp_path / "result.nc", "--format", "netcdf")) as data:
        assert data.attrs["Conventions"] == "CF-1.8"
        assert all(data.attrs[name].strip() for name in ("title", "history", "source"))
        for name, values in data.variables.items():
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(name)), name
            assert values.attrs["long_name"], name
            if values.dtype.kind in "fi":
                assert re.fullmatch(r"(1|1e9)( year-1)?", values.attrs["units"]), (name, values.attrs["units"])
        assert data["output_total"].attrs == {
            "long_name": "National output", "units": "1e9 year-1", "unit_label": "bn yuan/year",
        }  # fmt: skip


def test_a_summary_of_293_cities_and_chinese_names_as_netcdf(tmp_path: Path) -> None:
    """Nothing is listed by replicate beyond a summary; names with Chinese letters come back as they were."""
    out = tmp_path / "各市"
    given = ["compare", "baseline", "burn", "--replicates", "1", "--set", "world.data=cities-293"]
    assert main([*given, "--set", "run.last_year=2023", "--keep", "summary", *ALONE, "--out", str(out)]) == 0
    comparison = load_result(out)
    with xr.open_dataset(exported(out, tmp_path / "各市.nc", "--format", "netcdf")) as data:
        assert data.attrs["title"] == "各市"
        assert data.sizes["region"] == 293
        assert list(data["region_name_zh"].values) == list(comparison.world.region_names_zh)
        assert np.array_equal(data["mean_layout"].sel(arm="burn"), comparison.arm("burn").arrays["layout"])
