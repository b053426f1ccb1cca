"""A comparison written to its result folder: tables, resolved scenarios, data dictionary, means, manifest.

Tables are Parquet and CSV (UTF-8 with a byte-order mark, without which spreadsheets misread Chinese; comma, line feed,
numbers as short as they can be read back exactly; missing and infinite: empty). Neither holds a time, so the same
experiment gives the same bytes.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.results.own_data import own_contents, stored_yaml
from qipan.experiments.store.ownership import FAILURES_FILE, MANIFEST, SCENARIOS, add_files, manifest_digest
from qipan.experiments.store.parts import json_bytes
from qipan.experiments.summaries.comparison import COLUMNS, Comparison

if TYPE_CHECKING:
    import pandas as pd

TABLES = "tables"
MEANS = "means.npz"
DICTIONARY = "data_dictionary.csv"
LONGEST_CSV = 50_000
"""Rows above which a table is written as Parquet only."""


def write_result(comparison: Comparison, folder: Path, failures: list[dict[str, Any]]) -> None:
    """Write everything but figures and report; the manifest, with the hash of every file, comes last.

    Raises:
        StoreError: the folder cannot be written or the disk is full.
    """
    contents: dict[str, bytes] = {}
    for name, table in comparison.tables.items():
        contents[f"{TABLES}/{name}.parquet"] = parquet_bytes(table)
        if len(table) <= LONGEST_CSV:
            contents[f"{TABLES}/{name}.csv"] = csv_bytes(table)
    for arm in comparison.arms:
        contents[f"{SCENARIOS}/{arm.name}.yaml"] = stored_yaml(arm.scenario, comparison.world)
    contents |= own_contents(comparison.world)
    contents[MEANS] = means_bytes(comparison)
    contents[DICTIONARY] = csv_bytes(dictionary_of(comparison.tables))
    contents[FAILURES_FILE] = json_bytes(failures)
    write_whole(folder, contents, comparison.manifest)


def write_failures(folder: Path, failures: list[dict[str, Any]]) -> None:
    """Write only the list of failures, of an experiment in which nothing succeeded."""
    add_files(folder, {FAILURES_FILE: json_bytes(failures)})


def write_whole(folder: Path, contents: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Write every file of a result and its manifest, in the place of what the folder held; all or nothing.

    Args:
        folder: The result folder.
        contents: Files by name.
        manifest: What made them; the hash of every file, and of the manifest itself but its times, are added.

    Raises:
        StoreError: the folder cannot be written, or a file there is not qipan's.
    """
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    told = {**manifest, "files": files}
    told["digest"] = manifest_digest(told)
    add_files(folder, {**contents, MANIFEST: json_bytes(told)}, whole=True)


def parquet_bytes(table: pd.DataFrame, metadata: Mapping[str, str] | None = None) -> bytes:
    """A frame as Parquet, without an index and without a word about when or by whom, but for the metadata given."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(metadata)
    pq.write_table(arrow, buffer, compression="zstd", row_group_size=131_072)
    return buffer.getvalue()


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A frame as CSV in UTF-8 that begins with a byte-order mark: spreadsheets and pandas both open it."""
    import pyarrow as pa
    from pyarrow import csv

    buffer = io.BytesIO(codecs.BOM_UTF8)
    buffer.seek(0, io.SEEK_END)
    numbers = table.select_dtypes("float")
    table = table.assign(**{name: numbers[name].where(np.isfinite(numbers[name])) for name in numbers})
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    csv.write_csv(arrow, buffer, csv.WriteOptions(quoting_style="needed"))
    return buffer.getvalue()


def means_bytes(comparison: Comparison) -> bytes:
    """The means of every arm as one NumPy archive, arrays named `arm/field`."""
    named = {
        f"{arm.name}/{field}": values
        for arm in comparison.arms
        if not arm.same_as
        for field, values in sorted(arm.arrays.items())
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **named)
    return buffer.getvalue()


def dictionary_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The data dictionary: table, column, label, unit, direction, formula and source of every column written."""
    import pandas as pd

    rows = [explained(table, column) for table, data in tables.items() for column in data.columns]
    head = ["table", "column", "label", "label_zh", "unit", "direction", "formula", "source"]
    return pd.DataFrame(rows, columns=head)


def explained(table: str, column: str) -> tuple[str, ...]:
    """One row of the data dictionary: table, column, label, label_zh, unit, direction, formula, source."""
    from qipan.experiments.words.columns import COLUMN_TEXT
    from qipan.experiments.words.phrases import HEADS
    from qipan.model.measures import MEASURES

    if column in MEASURES:
        known = MEASURES[column]
        about = (known.label, known.label_zh, known.unit, known.direction, known.formula, known.source)
        return (table, column, *about)
    head, head_zh = HEADS.get(f"{table}.{column}", HEADS.get(column, ("", "")))
    if table == "paths" and column not in COLUMNS["paths"]:
        return table, column, "Output of the region of this code", "该代码地区的产出", "bn yuan/year", "", "", ""
    label, unit = COLUMN_TEXT.get(f"{table}.{column}", COLUMN_TEXT.get(column, (head, "")))
    return table, column, label, head_zh, unit, "", "", ""
