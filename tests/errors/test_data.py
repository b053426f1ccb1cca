"""A table that cannot be used: one clear message each, with file, line, column, what was given and what is allowed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qipan.experiments.command_line import main
from qipan.model.errors import DataError
from qipan.model.parameters import WorldChoice
from qipan.model.world import load_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def message(folder: Path, **choice: object) -> str:
    with pytest.raises(DataError) as error:
        load_world(WorldChoice(**choice), folder)
    text = str(error.value)
    assert "Traceback" not in text
    return text.replace(f"{folder.resolve()}/", "")


def edit(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def cell(folder: Path, table: str, line: int, column: str, new: str) -> None:
    """Put a value into an unquoted cell of a table."""
    path = folder / table
    rows = path.read_text(encoding="utf-8").split("\n")
    place, cells = rows[0].split(",").index(column), rows[line - 1].split(",")
    cells[place] = new
    rows[line - 1] = ",".join(cells)
    path.write_text("\n".join(rows), encoding="utf-8")


MONEY = "a number in bn yuan from 0 to 1e+07"
CELLS = [
    ("regions.csv", 5, "rd", "-3", f"regions.csv:5: rd: -3 is outside what is allowed; {MONEY}"),
    ("regions.csv", 5, "rd", "0", "regions.csv:5: rd: 0 is outside what is allowed; a number above 0"),
    ("regions.csv", 3, "gdp", "many", f"regions.csv:3: gdp: many is not a number; {MONEY}"),
    ("regions.csv", 3, "gdp", "", f"regions.csv:3: gdp: an empty cell is not a number; {MONEY}"),
    ("regions.csv", 3, "gdp", "nan", f"regions.csv:3: gdp: nan is not a finite number; {MONEY}"),
    ("regions.csv", 3, "gdp", "inf", f"regions.csv:3: gdp: inf is not a finite number; {MONEY}"),
    (
        "regions.csv",
        3,
        "gdp",
        "1_000",
        f"regions.csv:3: gdp: 1_000 has text beside the number (_000); the number alone; {MONEY}",
    ),
    (
        "regions.csv",
        3,
        "region_id",
        "11",
        "regions.csv:3: region_id: 11 stands twice, first on line 2; each row needs its own",
    ),
    (
        "regions.csv",
        3,
        "region_id",
        "1.5",
        "regions.csv:3: region_id: 1.5 is not a whole number; a whole number from 1 to 4.29497e+09",
    ),
    ("regions.csv", 4, "name", "", "regions.csv:4: name: the cell is empty; give a value"),
    (
        "regions.csv",
        4,
        "macro_region",
        "North",
        "regions.csv:4: macro_region: North is not known; one of: East, Central, West, Northeast",
    ),
    (
        "regions.csv",
        4,
        "adopted",
        "2",
        "regions.csv:4: adopted: 2 is outside what is allowed; a whole number from 0 to 1",
    ),
    ("neighbours.csv", 2, "b", "CN-AH", "neighbours.csv:2: b: CN-AH is its own neighbour; name two regions"),
    (
        "mechanisms.csv",
        2,
        "pilot",
        "0.5",
        "mechanisms.csv:2: government_research: stage shares sum to 1.15; research + pilot + industrial = 1",
    ),
]


@pytest.mark.parametrize(("table", "line", "column", "value", "expected"), CELLS, ids=lambda x: str(x)[:24])
def test_a_wrong_cell(folder: Path, table: str, line: int, column: str, value: str, expected: str) -> None:
    cell(folder, table, line, column, value)
    assert message(folder) == expected


def test_an_unknown_region(folder: Path) -> None:
    cell(folder, "neighbours.csv", 2, "a", "CN-XX")
    assert message(folder).startswith("neighbours.csv:2: a: 'CN-XX' is not known; did you mean CN-XZ (Tibet, 西藏)")


def test_an_unknown_province_of_a_city(folder: Path) -> None:
    cell(folder, "cities.csv", 2, "province", "CN-XX")
    assert message(folder, data="cities-293").startswith("cities.csv:2: province: 'CN-XX' is not known; did you mean")


def test_a_missing_column_tells_the_head(folder: Path) -> None:
    edit(folder, "regions.csv", "firm_rd", "firms_rd")
    assert message(folder).startswith("regions.csv:1: firm_rd: column is missing; the head is: region_id, code, name")


def test_a_column_that_stands_twice(folder: Path) -> None:
    edit(folder, "regions.csv", "firm_rd", "rd")
    assert "regions.csv:1: rd: column stands twice; keep one" in message(folder).splitlines()


def test_all_problems_of_a_table_at_once_in_order_of_line(folder: Path) -> None:
    cell(folder, "regions.csv", 9, "rd", "-1")
    cell(folder, "regions.csv", 2, "population", "x")
    cell(folder, "regions.csv", 5, "gdp", "NaN")
    lines = [text.split(": ")[0] for text in message(folder).splitlines()]
    assert lines == ["regions.csv:2", "regions.csv:5", "regions.csv:9"]


def test_a_row_with_too_many_cells(folder: Path) -> None:
    edit(folder, "neighbours.csv", "CN-AH,CN-HA\n", "CN-AH,CN-HA,7.92\n")
    assert message(folder).startswith("neighbours.csv:2: 3 cells where the head has 2; each row needs one cell")


def test_the_line_is_right_below_a_cell_of_several_lines(folder: Path) -> None:
    edit(folder, "sectors.csv", "World market", "World\nmarket")
    edit(folder, "sectors.csv", "gene,Gene technology,基因技术,1000", "gene,Gene technology,基因技术,-1000")
    assert message(folder).startswith("sectors.csv:5: median_value: -1000 is outside")


def test_an_absent_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere: no such folder of data tables; world.data and QIPAN_DATA"):
        load_world(WorldChoice(), tmp_path / "nowhere")


def test_a_folder_in_place_of_a_table(folder: Path) -> None:
    (folder / "regions.csv").unlink()
    (folder / "regions.csv").mkdir()
    assert message(folder).startswith("regions.csv: cannot be read:")


@pytest.mark.parametrize("raw", [b"", b"\n \n"])
def test_an_empty_table(folder: Path, raw: bytes) -> None:
    (folder / "regions.csv").write_bytes(raw)
    assert message(folder) == "regions.csv: the file is empty; a table needs a head and rows"


def test_a_head_without_rows(folder: Path) -> None:
    (folder / "neighbours.csv").write_bytes(b"a,b\n")
    assert message(folder) == "neighbours.csv:1: there are no rows below the head; a table needs a head and rows"


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\x00\x00\xff", b"\x7fELF\x00\x01\x02" * 9])
def test_a_binary_table(folder: Path, raw: bytes) -> None:
    (folder / "regions.csv").write_bytes(raw)
    assert message(folder).startswith("regions.csv: is a binary file, no table; a table is a CSV file (UTF-8, GBK or")


def test_a_quote_that_is_never_closed(folder: Path) -> None:
    edit(folder, "neighbours.csv", "CN-AH,CN-HA", '"CN-AH,CN-HA')
    assert message(folder).startswith(
        "neighbours.csv:2: cannot be read as CSV: unexpected end of data; check the quotes"
    )


def test_a_missing_mechanism(folder: Path) -> None:
    path = folder / "mechanisms.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").split("\n")[:-2]) + "\n", encoding="utf-8")
    assert message(folder) == "mechanisms.csv: social_donation: no row for this mechanism; add one"


def test_an_unknown_indicator_of_a_target(folder: Path) -> None:
    cell(folder, "targets.csv", 4, "indicator", "turnover")
    assert message(folder).startswith("targets.csv:4: indicator: turnover is not known; one of: output,")


def test_links_to_an_unknown_sector(folder: Path) -> None:
    cell(folder, "sector_links.csv", 2, "a", "brian")
    expected = "sector_links.csv:2: a: brian is not a sector of plan-6; did you mean brain (Brain-like intelligence,"
    assert message(folder).startswith(expected)


def test_unknown_names_in_a_choice(folder: Path) -> None:
    assert message(folder, data="provinces") == (
        "scenario: world.data: provinces is not a world; "
        "did you mean provinces-31? (provinces-31 | cities-293 | synthetic | game)"
    )
    assert message(folder, sectors="plan-7").startswith("scenario: world.sectors: plan-7 is not a sector table")
    assert (
        message(folder, data="game")
        == "scenario: world.values: no value is given; a list with the value of each sector"
    )
    assert message(folder, data="synthetic", regions=6000) == (
        "scenario: world.regions: 6000 is too many; at most 5000 synthetic regions"
    )


@pytest.mark.parametrize(
    "change", [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw + b"\n\n"]
)
def test_marks_and_line_ends_of_other_systems_are_tolerated(folder: Path, change: Callable[[bytes], bytes]) -> None:
    for path in folder.glob("*.csv"):
        path.write_bytes(change(path.read_bytes()))
    assert load_world(WorldChoice(), folder).rd.tolist() == load_world(WorldChoice()).rd.tolist()


def test_a_table_changed_on_disk_is_read_again(folder: Path) -> None:
    before = load_world(WorldChoice(), folder).rd[0]
    cell(folder, "regions.csv", 2, "rd", "300.25")
    assert before != 300.25 and load_world(WorldChoice(), folder).rd[0] == 300.25


def test_the_environment_names_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell(folder, "regions.csv", 2, "rd", "300.25")
    monkeypatch.setenv("QIPAN_DATA", str(folder))
    assert load_world(WorldChoice()).rd[0] == 300.25


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xaa\xd0\x80\xff", "mechanisms.csv:1: is neither UTF-8 nor GBK nor UTF-16 text"),
        (b"mechanism,label\nguidance_fund,Fund\n", "mechanisms.csv:1: name: "),
        (b"mechanism,name\nguidance_fund\n", "mechanisms.csv:2: 1 cells where the head has 2"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_line(folder: Path, monkeypatch, capsys, content, said):
    (folder / "mechanisms.csv").write_bytes(content)
    monkeypatch.setenv("QIPAN_DATA", str(folder))
    assert main(["run", "baseline", "--dry-run"]) == 2
    assert any(said in line for line in capsys.readouterr().err.splitlines())
