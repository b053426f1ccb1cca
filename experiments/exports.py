"""A stored result for other tools: Excel workbook, NetCDF, IAMC long table, CSV and Parquet tables, figures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.comparison import Comparison
from experiments.folder import holding, judge_target, within
from experiments.iamc import iamc_csv_table
from experiments.netcdf import netcdf_bytes
from experiments.owned import beside, of_result, staged
from experiments.store import made_folder, store_error, write_atomic
from experiments.writing import csv_bytes, dictionary_of, parquet_bytes

if TYPE_CHECKING:
    import pandas as pd

    from experiments.stored_studies import Stored

MOST_SHEET_ROWS = 1_048_575
FILES = {"xlsx": "result.xlsx", "netcdf": "result.nc", "iamc": "result-iamc.csv", "csv": "csv", "parquet": "parquet",
         "pdf": "figures", "png": "figures", "svg": "figures"}  # fmt: skip
"""What is written into the result folder by format; without a full stop it is a folder of files."""
FIGURES = ("pdf", "png", "svg")


def export_result(
    folder: Path, kind: str, target: Path | None = None, language: str = "en", force: bool = False
) -> Path:
    """Write a stored comparison, sweep or attribution in another format; return the path of the file or folder.

    Args:
        folder: The result.
        kind: One of FILES.
        target: Where; default inside the result folder.
        language: "en" or "zh", of figures.
        force: Whether a file that is there may be replaced.

    Raises:
        StoreError: not a result, a damaged one, or the file cannot be written or is not qipan's.
        UserError: this kind of result has no such format.
    """
    from experiments.stored_studies import opened

    stored, path = opened(folder), folder / FILES[kind] if target is None else target
    with _place(folder, path, "." not in FILES[kind], force) as place:
        _write(stored, kind, place, language)
    return path


@contextmanager
def _place(folder: Path, path: Path, of_files: bool, force: bool) -> Iterator[Path]:
    """Where to write an export first: what is written inside the result is listed there, and goes when it changes."""
    inside = within(path, folder)
    if inside is not None:
        if of_result(inside):
            raise store_error(path, "is a place of the result's own files", "give another with --to")
        with holding(folder, force=force), staged(folder) as place:
            made_folder((place / inside).parent)
            yield place / inside
        return
    judge_target(path, force, of_files=of_files)
    if not of_files:
        yield path
        return
    with beside(path, force) as place:
        yield place


def _write(stored: Stored, kind: str, path: Path, language: str) -> None:
    if kind in FIGURES:
        from experiments.redrawing import draw_figures

        draw_figures(stored, path, language, {"page": (kind,)})
    elif stored.kind == "comparison":
        export(stored.comparison(), kind, stored.folder, path)
    else:
        from experiments.study_exports import study_file

        study = stored.study()
        if kind in ("csv", "parquet"):
            write_tables(study.tables, kind, path)
        else:
            write_file(path, study_file(study, kind))


def export(comparison: Comparison, kind: str, folder: Path, target: Path | None = None) -> Path:
    """Write a comparison as "xlsx", "netcdf", "iamc", or its tables as "csv" or "parquet"; return where.

    Raises:
        StoreError: the file cannot be written.
    """
    path = target if target is not None else folder / FILES[kind]
    if kind in ("csv", "parquet"):
        return write_tables({**comparison.tables, "dictionary": dictionary_of(comparison)}, kind, path)
    writers = {"xlsx": workbook_bytes, "netcdf": netcdf_bytes, "iamc": lambda given: csv_bytes(iamc_csv_table(given))}
    checked(path)
    return write_file(path, writers[kind](comparison))


def write_file(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all, into a folder that is there."""
    write_atomic(checked(path), content)
    return path


def checked(path: Path) -> Path:
    """The same path; raises StoreError when its folder does not exist."""
    if not path.absolute().parent.is_dir():
        raise store_error(path, "cannot be written: its folder does not exist", "make the folder first")
    return path


def write_tables(tables: Mapping[str, pd.DataFrame], kind: str, folder: Path) -> Path:
    """Write every table as one file of a folder, "csv" or "parquet", each whole or not at all; returns the folder."""
    made_folder(folder)
    turned = csv_bytes if kind == "csv" else parquet_bytes
    for name, table in tables.items():
        write_atomic(folder / f"{name}.{kind}", turned(table))
    return folder


def workbook_bytes(comparison: Comparison) -> bytes:
    """An Excel workbook: a sheet for each table but those with a row for each replicate, and the data dictionary."""
    return sheets({**comparison.tables, "dictionary": dictionary_of(comparison)})


def sheets(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """An Excel workbook with a sheet for each table but those with a row for each replicate."""
    import pandas as pd

    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, table in tables.items():
            if "replicate" not in table.columns and len(table) <= MOST_SHEET_ROWS:
                _literal(table).to_excel(writer, sheet_name=name[:31], index=False, freeze_panes=(1, 0))
    return buffer.getvalue()


def _literal(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with text that a spreadsheet would take for a formula made plain text."""
    safe = table.copy()
    for column in safe.columns:
        if not np.issubdtype(safe[column].to_numpy().dtype, np.number):
            text = safe[column].astype(object)
            safe[column] = text.map(
                lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" and cell else cell
            )
    return safe
