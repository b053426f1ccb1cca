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
