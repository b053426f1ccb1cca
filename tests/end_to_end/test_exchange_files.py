"""What other tools read from a result: every file is read back with the tool it is meant for and set beside the tables.

Expected values are the stored tables; rules of a format are those its makers print, named where they are checked.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import pandas as pd
import pytest

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
