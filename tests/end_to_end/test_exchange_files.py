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


IAMC = ["model", "scenario", "region", "variable", "unit", "year", "value"]


@pytest.fixture(scope="module")
def iamc(result: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The IAMC table as pandas reads it; an empty unit is a pure number."""
    file = exported(result, tmp_path_factory.mktemp("iamc") / "result.csv", "--format", "iamc")
    return pd.read_csv(file, keep_default_na=False)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """A row for each scenario, region and year, a column for each variable."""
    return table.pivot(index=["scenario", "region", "year"], columns="variable", values="value")


def test_an_iamc_table_has_every_province_and_one_unit_a_variable(result: Path, iamc: pd.DataFrame) -> None:
    """IAMC data template: these seven columns first, one number for each row of them."""
    comparison = load_result(result)
    assert list(iamc.columns) == [*IAMC, "seed", "scenario_digest"]
    assert not iamc.duplicated([*IAMC[:4], "year"]).any()
    assert iamc.groupby("variable")["unit"].nunique().max() == 1
    assert set(iamc["unit"]) == {"billion CNY_2022/yr", "billion CNY_2022", ""}
    output = iamc[iamc["variable"] == "Output"]
    assert set(output["region"]) == {"China", *comparison.world.region_names}
    assert len(output) == 2 * 3 * 32
    assert set(iamc["seed"]) == {SEED}
    assert set(iamc["model"]) == {f"qipan {comparison.manifest['versions']['qipan']}"}
    digests = {arm["name"]: arm["scenario"] for arm in comparison.manifest["arms"]}
    assert dict(zip(iamc["scenario"], iamc["scenario_digest"], strict=True)) == digests


def test_provinces_add_up_to_china_and_sectors_to_their_total(iamc: pd.DataFrame) -> None:
    """The rules of pyam's check_aggregate_region and check_aggregate: where regions beside China have a variable, their
    sum is China's; a variable with others one level below it is their sum. Both for every variable, in every year."""
    values = wide(iamc)
    china = values.xs("China", level="region")
    provinces = values.drop("China", level="region")
    added = [name for name in values if not str(name).startswith(("Distribution|", "Indicator|"))]
    by_region = [name for name in added if provinces[name].notna().any()]
    assert {"Output", "Output|Future Industries", "Output|Future Industries|Quantum Information"} <= set(by_region)
    total = provinces[by_region].groupby(["scenario", "year"]).sum(min_count=31)
    pd.testing.assert_frame_equal(total, china[by_region], rtol=1e-12)
    parents = 0
    for name in added:
        parts = [other for other in values if re.fullmatch(re.escape(name) + r"\|[^|]+", str(other))]
        if parts:
            there = values[name].dropna()
            np.testing.assert_allclose(values.loc[there.index, parts].sum(axis=1), there, rtol=1e-12)
            parents += 1
    assert parents == 2 * 8 + 6  # eight variables by sector or mechanism, and the stages of six mechanisms


def test_what_the_iamc_table_says_is_what_the_tables_say(result: Path, iamc: pd.DataFrame) -> None:
    comparison, values = load_result(result), wide(iamc)
    summary = comparison.table("summary").set_index(["arm", "measure", "year"])
    for measure, variable in {"output_total": "Output", "sold_total": "Sales", "money_used": "Funding",
                              "arrears_total": "Bank Arrears", "adopters": "Future-industry Documents",
                              "value_added": "Value Added",
                              "idle_share": "Indicator|Idle Capacity"}.items():  # fmt: skip
        for arm in ("baseline", "national-design"):
            row, china = summary.loc[(arm, measure, "2025")], values.loc[(arm, "China", 2025)]
            np.testing.assert_allclose(china[variable], row["mean"], rtol=1e-12, err_msg=measure)
            for column, name in (("q05", "5.0th"), ("median", "50.0th"), ("q95", "95.0th")):
                found = china[f"Distribution|{variable}|{name} Percentile"]
                np.testing.assert_allclose(found, row[column], rtol=1e-12, err_msg=measure)
    arm = comparison.arm("national-design")
    found = values.loc[("national-design", "Henan", 2024), "Investment|Future Industries|Gene Technology"]
    at = comparison.world.region_codes.index("CN-HA"), comparison.world.sector_codes.index("gene")
    assert found == arm.arrays["investment"][1][at]
