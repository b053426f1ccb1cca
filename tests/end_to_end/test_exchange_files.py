"""What other tools read from a result: every file is read back with the tool it is meant for and set beside the tables.

Expected values are the stored tables; rules of a format are those its makers print, named where they are checked.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import math
import re
import shutil
from importlib.metadata import version
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import xarray as xr

from qipan.experiments.command_line import main
from qipan.experiments.exchange import workbook
from qipan.experiments.exchange.export import story_of
from qipan.experiments.figures.sheet import SIZES, Sheet, save
from qipan.experiments.report.answer import answer
from qipan.experiments.results.provenance import in_one_line
from qipan.experiments.results.read import load_result
from qipan.experiments.results.write import csv_bytes
from qipan.model.scenario import load_scenario
from tests.once import Once

ALONE = ["--no-report", "--assumptions", "0", "--quiet", "--workers", "1", "--no-reference"]
SEED = 2**31
"""One more than a 32-bit number holds."""
MADE = ["software", "seed", "scenario_digest"]


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


def test_a_csv_file_holds_no_text_where_numbers_stand() -> None:
    """Intervals of one replicate are infinite: a spreadsheet would take `inf` for a word."""
    table = pd.DataFrame({"low": [-math.inf, 1.5], "n": [1, 2], "verdict": ["one replicate: no interval", "better"]})
    assert csv_bytes(table).decode("utf-8-sig").splitlines()[1:] == [
        ',1,"one replicate: no interval"',
        '1.5,2,"better"',
    ]


def test_measure_leaves_its_tables_for_spreadsheets(tmp_path: Path) -> None:
    """Each file tells by itself what made it: version, the scenario's seed and digest."""
    given = ["measure", "data/announced_layouts.csv", "--replicates", "8", "--year", "2023", "--out", str(tmp_path)]
    assert main([*given, "--set", f"run.seed={SEED}"]) == 0
    asked = {"run.seed": SEED, "run.replicates": 8, "world.sectors": "plan-6"}
    made = [f"qipan {version('qipan')}", SEED, load_scenario("baseline", set=asked).digest()]
    for name in ("announced", "simulated", "rows"):
        file = tmp_path / "tables" / f"{name}.csv"
        assert file.read_bytes().startswith(codecs.BOM_UTF8)
        table = pd.read_csv(file)
        assert table[MADE].drop_duplicates().to_numpy().tolist() == [made]
        same(table.drop(columns=MADE), pd.read_parquet(file.with_suffix(".parquet")))
        told = pq.read_schema(file.with_suffix(".parquet")).metadata
        assert [told[key.encode()].decode() for key in MADE] == list(map(str, made))


def test_stored_differences_tell_what_made_each_row(result: Path, tmp_path: Path) -> None:
    twin = shutil.copytree(result, tmp_path / "twin")
    given = ["compare", str(result), str(twin), "--quiet", "--out", str(tmp_path / "out")]
    assert main(given) == 0
    table = pd.read_csv(tmp_path / "out" / "tables" / "stored_differences.csv")
    assert set(table["scenario_digest"]) == {load_result(result).asked.scenario.digest()}
    assert set(table["seed"]) == {SEED} and set(table["verdict"]) == {"identical"}
    assert main(["compare", str(result), str(result)]) == 2


def test_stored_results_of_other_policies_are_told_to_be_so(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["compare", "baseline", "cut", "--replicates", "4", "--seed", str(SEED), "--set", "run.last_year=2025"]
    assert main([*given, *ALONE, "--out", str(tmp_path / "cut")]) == 0
    capsys.readouterr()
    assert main(["compare", str(result), str(tmp_path / "cut")]) == 0
    shown = "".join(capsys.readouterr().out.split())
    said = f"cut of {tmp_path / 'cut'} is set against another policy, national-design of {result}"
    assert said.replace(" ", "") in shown and f"Differencesagainstnational-designof{result}" in shown


def exported(result: Path, target: Path, *given: str) -> Path:
    """What `qipan export` writes."""
    assert main(["export", str(result), *given, "--to", str(target)]) == 0
    return target


@pytest.fixture(scope="module")
def netcdf(result: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The NetCDF file of the result."""
    return exported(result, tmp_path_factory.mktemp("netcdf") / "result.nc", "--format", "netcdf")


def test_a_netcdf_file_holds_the_tables_and_the_seed(result: Path, netcdf: Path, tmp_path: Path) -> None:
    comparison = load_result(result)
    assert exported(result, tmp_path / "again.nc", "--format", "netcdf").read_bytes() == netcdf.read_bytes()
    digests = {arm["name"]: arm["scenario"] for arm in comparison.manifest["arms"]}
    with xr.open_dataset(netcdf) as data:
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


def test_a_netcdf_file_follows_the_cf_conventions(netcdf: Path) -> None:
    """CF 1.8: 2.6.1 names the conventions; 2.6.2 title, history and source; 2.3 what names are made of; 3.1 units that
    UDUNITS knows. Of its database these files need the number 1, a power of ten and `year`."""
    with xr.open_dataset(netcdf) as data:
        assert data.attrs["Conventions"] == "CF-1.8"
        assert all(data.attrs[name].strip() for name in ("title", "history", "source"))
        for name, values in data.variables.items():
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(name)), name
            assert values.attrs["long_name"], name
            if values.dtype.kind in "fi":
                assert re.fullmatch(r"(1|1e9)( year-1)?", values.attrs["units"]), (name, values.attrs["units"])
        assert data["output_total"].attrs == {
            "long_name": "National output",
            "units": "1e9 year-1",
            "unit_label": "bn yuan/year",
        }


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
    for measure, variable in {
        "output_total": "Output",
        "sold_total": "Sales",
        "money_used": "Funding",
        "arrears_total": "Bank Arrears",
        "adopters": "Future-industry Documents",
        "value_added": "Value Added",
        "idle_share": "Indicator|Idle Capacity",
    }.items():
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


def cells(sheet) -> list[list[object]]:
    """The values of a sheet, row by row."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def book_of(content: bytes):
    """A workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_workbook_answers_first_and_holds_the_tables(result: Path, tmp_path: Path) -> None:
    """With figures: every sentence of the report, what made it, and each number as it is stored, to the sixteen digits
    that XlsxWriter writes (Excel shows fifteen)."""
    comparison = load_result(result)
    file = exported(result, tmp_path / "result.xlsx", "--format", "xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:2] == ["answer", "figures"]
    cover = [value for row in cells(book["answer"]) for value in row if value is not None]
    assert set(answer(comparison, "en")) <= set(cover)
    made = {str(SEED), f"qipan {comparison.manifest['versions']['qipan']}", comparison.manifest["model"]}
    assert made | {arm["scenario"] for arm in comparison.manifest["arms"]} <= set(cover)
    assert len(book["figures"]._images) >= 5
    tables = {name: table for name, table in comparison.tables.items() if len(table) and "replicate" not in table}
    assert set(book.sheetnames) == {"answer", "figures", "dictionary", *tables}
    for name, table in tables.items():
        sheet = book[name]
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref, name
        head, *rows = cells(sheet)
        assert len(rows) == len(table), name
        for at, column in enumerate(table.columns):
            given = table[column].tolist()
            if column in head[len(table.columns) :]:  # written in words, its code stands at the right
                at = head.index(column, len(table.columns))
            for row, value in zip(rows, given, strict=True):
                shown = row[at]
                if isinstance(value, str):
                    numeric = column == "year" and value.isdigit()
                    expected = int(value) if numeric else "whole run" if value == "total" else value or None
                    assert shown == expected and (not numeric or isinstance(shown, int)), (name, column)
                else:
                    good = math.isclose(shown, value, rel_tol=1e-15) if np.isfinite(value) else shown is None
                    assert good, (name, column, shown, value)


@pytest.fixture(scope="module")
def single(once: Once) -> Path:
    """One replicate: no interval, no variance."""
    given = ["compare", "baseline", "national-design", "--replicates", "1", "--set", "run.last_year=2024"]

    def make(folder: Path) -> None:
        assert main([*given, *ALONE, "--out", str(folder / "result")]) == 0

    return once("exchange-single", make) / "result"


def test_one_replicate_leaves_empty_cells_and_labels_are_chinese(single: Path) -> None:
    comparison = load_result(single)
    story = story_of(comparison, "zh")
    content = workbook.workbook_bytes(comparison, story, "没有字体", "zh")
    assert content == workbook.workbook_bytes(comparison, story, "没有字体", "zh")
    book = book_of(content)
    assert book.sheetnames[0] == "答案"
    values = [value for sheet in book for row in cells(sheet) for value in row if value is not None]
    assert not [value for value in values if str(value).lower().strip("+-") in ("inf", "nan", "infinity", "none")]
    assert "未收入图：没有字体" in values
    head, first, *_ = cells(book["差异"])
    assert head[:4] == ["情景", "基准", "指标", "年份"]
    assert first[:4] == ["完整国家顶层设计", "无统筹", "已出台文件地区数（个地区）", 2023]
    regions = cells(book["地区得失"])
    assert [row[3:5] for row in regions[1:3]] == [["北京", "110000"], ["天津", "120000"]]


def test_no_text_becomes_a_formula_or_breaks_a_workbook() -> None:
    """Excel: a cell holds 32,767 characters, a sheet's name 31, without []:*?/\\, none twice in any case; `History` is
    its own. Control characters stand escaped in the file (ECMA-376, ST_Xstring)."""
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "{=1}", "a\x01b", "\ud800", "x" * 40_000, "007"]
    names = ["history", "a[b]:c*d?e/f\\g", "x" * 40, "X" * 40, "'quoted'"]
    book = book_of(workbook.plain_sheets({name: pd.DataFrame({"=head": hostile}, dtype=object) for name in names}))
    assert len({name.casefold() for name in book.sheetnames}) == 5
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in book.sheetnames)
    for sheet in book:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
        found = [row[0] for row in cells(sheet)]
        assert found[:6] == ["=head", *hostile[:5]]
        assert found[10] == "007"
        assert len(str(found[9])) == 32_767 and str(found[9]).endswith("characters)")


def test_a_table_longer_than_a_sheet_is_said(single: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison = load_result(single)
    monkeypatch.setattr(workbook, "MOST_ROWS", 300)
    book = book_of(workbook.workbook_bytes(comparison, story_of(comparison, "en"), {}, "en"))
    rows = len(comparison.table("layouts"))
    assert "layouts" not in book.sheetnames and rows > 300
    said = [str(value) for row in cells(book["answer"]) for value in row]
    assert [text for text in said if text.startswith(f"layouts: {rows:,} rows, more than a sheet holds")]
    assert [text for text in said if text.startswith("measures: 4 rows, one for each replicate")]


def test_exported_tables_tell_what_made_them(result: Path, tmp_path: Path) -> None:
    """CSV in columns, Parquet in its metadata, and `datapackage.json` for all (Frictionless: name, path, hash)."""
    comparison = load_result(result)
    digests = {arm["name"]: arm["scenario"] for arm in comparison.manifest["arms"]}
    for kind in ("csv", "parquet"):
        folder = exported(result, tmp_path / kind, "--format", kind)
        about = json.loads((folder / "datapackage.json").read_bytes())
        assert about["provenance"]["seed"] == SEED and about["provenance"]["scenarios"] == digests
        assert {one["path"] for one in about["resources"]} == {
            path.name for path in folder.iterdir() if path.suffix == f".{kind}"
        }
        for one in about["resources"]:
            content = (folder / one["path"]).read_bytes()
            assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    for name, table in comparison.tables.items():
        metadata = pq.read_schema(tmp_path / "parquet" / f"{name}.parquet").metadata
        assert json.loads(metadata[b"qipan"])["scenarios"] == digests and metadata[b"seed"] == str(SEED).encode()
        same(pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet"), table)
        if len(table) and "arm" in table:
            read = pd.read_csv(tmp_path / "csv" / f"{name}.csv")
            assert set(read["seed"]) == {SEED}
            assert set(read["software"]) == {about["provenance"]["software"]}
            assert dict(zip(read["arm"], read["scenario_digest"], strict=True)).items() <= digests.items()


def test_an_iamc_workbook_has_the_sheets_that_pyam_reads(result: Path, tmp_path: Path) -> None:
    """pyam: sheet `data` in the seven columns of the template, sheet `meta` by model and scenario, with `exclude`."""
    file = exported(result, tmp_path / "iamc.xlsx", "--format", "iamc")
    data, meta = (pd.read_excel(file, sheet_name=name) for name in ("data", "meta"))
    assert list(data.columns) == IAMC
    assert list(meta.columns)[:3] == ["model", "scenario", "exclude"]
    assert set(meta["seed"]) == {SEED}
    welfare = load_result(result).table("summary").query("measure == 'welfare' and year == 'total'")["mean"].tolist()
    assert meta["welfare"].tolist() == pytest.approx(welfare, rel=1e-15, abs=0)


def test_a_figure_tells_what_made_it(result: Path, tmp_path: Path) -> None:
    """PNG: text chunk Description; SVG: Dublin Core description; PDF: Subject of its information."""
    comparison = load_result(result)
    made = in_one_line(comparison.manifest)
    assert f"seed {SEED}; " in made and all(arm["scenario"] in made for arm in comparison.manifest["arms"])
    sheet = Sheet("en", SIZES["page"], "footer")
    figure = sheet.figure(2.0)
    figure.subplots()
    files = save(figure, tmp_path / "figure", ("png", "svg", "pdf"), made)
    for kind, path in files.items():
        assert made.encode() in path.read_bytes(), kind
