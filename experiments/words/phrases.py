"""The phrase table: every phrase of figures and reports in English and Chinese, from labels_phrases.csv and _ranks."""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TEXT: dict[str, tuple[str, str]] = {
    row["key"]: (row["en"], row["zh"]) for name in ("labels_phrases.csv", "labels_ranks.csv") for row in _rows(name)
}
HEADS: dict[str, tuple[str, str]] = {row["key"]: (row["en"], row["zh"]) for row in _rows("labels_columns.csv")}
"""Short heads of the columns of the tables, by `column` or `table.column`, and the words of a workbook."""
UNITS_ZH: dict[str, str] = {row["unit"]: row["zh"] for row in _rows("labels_units.csv")}
