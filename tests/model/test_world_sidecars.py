"""Every column of every table says what it means, in which unit, of which year, from where and how well it is known."""

import csv
import runpy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

DATA = Path(__file__).resolve().parents[2] / "data"
TABLES = sorted(DATA.glob("*.csv"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_column_is_described(table: Path) -> None:
    meta = YAML(typ="safe", pure=True).load(table.with_suffix(".meta.yaml").read_text(encoding="utf-8"))
    with table.open(encoding="utf-8", newline="") as file:
        head = next(csv.reader(file))
    assert list(meta["columns"]) == head and meta["about"] and meta["gaps"]
    for column, told in meta["columns"].items():
        assert set(told) == {"meaning", "unit", "year", "source", "grade"}, column
        assert told["grade"] in ("measured", "literature", "assumed", "choice") and told["source"], column
        assert "100M" not in told["unit"] and "10k" not in told["unit"], column


def test_every_sidecar_has_its_table() -> None:
    assert {path.name.removesuffix(".meta.yaml") for path in DATA.glob("*.meta.yaml")} == {p.stem for p in TABLES}


def test_the_page_on_the_data_is_fresh() -> None:
    page = runpy.run_path(str(DATA / "make_page.py"))["page"]()
    assert (DATA.parent / "docs" / "data.md").read_text(encoding="utf-8") == page


def test_money_is_converted_to_billion_yuan() -> None:
    """1,234.5 x 100 million yuan = 123.45 bn yuan."""
    made = runpy.run_path(str(DATA / "make_tables.py"))
    assert made["billion"]("1234.5") == "123.45"


@pytest.mark.parametrize(("table", "place"), [("sectors-classes-13", 0), ("sectors-directions-6", 1)])
def test_classes_of_announced_fields_are_sectors(table: str, place: int) -> None:
    made = runpy.run_path(str(DATA / "make_tables.py"))
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    assert {pair[place] for pair in made["CLASSES"].values()} - {""} <= codes
