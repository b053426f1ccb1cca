"""A stored result for other tools: Excel workbook, NetCDF, IAMC long table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison import TOTAL, Comparison
from experiments.store import store_error, write_atomic
from experiments.writing import csv_bytes, dictionary_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MOST_SHEET_ROWS = 1_048_575
FILES = {"xlsx": "result.xlsx", "netcdf": "result.nc", "iamc": "result-iamc.csv", "pdf": "figures"}


def export(comparison: Comparison, kind: str, folder: Path, target: Path | None = None) -> Path:
    """Write a result as "xlsx", "netcdf", "iamc" or its figures as "pdf"; return the path of the file (or folder).

    Raises:
        StoreError: the file cannot be written.
    """
    path = target if target is not None else folder / FILES[kind]
    if kind == "pdf":
        return figures_as_pdf(comparison, path)
    if not path.absolute().parent.is_dir():
        raise store_error(path, "cannot be written: its folder does not exist", "make the folder first")
    if kind == "xlsx":
        content = workbook_bytes(comparison)
    elif kind == "netcdf":
        content = netcdf_bytes(comparison)
    else:
        content = csv_bytes(iamc_table(comparison))
    write_atomic(path, content)
    return path


def figures_as_pdf(comparison: Comparison, folder: Path) -> Path:
    """Every figure at page width as a PDF file in a folder; returns the folder."""
    import os

    os.environ.setdefault("MPLBACKEND", "Agg")
    from experiments.figures import draw_all

    try:
        draw_all(comparison, folder, formats=("pdf",), sizes=("page",))
    except OSError as error:
        reason = error.strerror or str(error)
        raise store_error(folder, f"figures cannot be written: {reason}", "give another place with --to") from error
    return folder


def workbook_bytes(comparison: Comparison) -> bytes:
    """An Excel workbook: a sheet for each table but those with a row for each replicate, and the data dictionary."""
    import pandas as pd

    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="openpyxl") as writer:
        for name, table in comparison.tables.items():
            if "replicate" not in table.columns and len(table) <= MOST_SHEET_ROWS:
                _literal(table).to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
        dictionary_of(comparison).to_excel(writer, sheet_name="dictionary", index=False, freeze_panes=(1, 0))
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


def dataset(comparison: Comparison) -> xr.Dataset:
    """The yearly measures (arm, replicate, year) and whole-run measures (arm, replicate), labelled, with units."""
    import xarray as xr

    from model.measures import MEASURES

    names = [arm.name for arm in comparison.arms]
    replicates = comparison.table("totals").query("arm == @names[0]")["replicate"].to_numpy()
    coordinates = {"arm": names, "replicate": replicates, "year": list(comparison.years)}
    variables: dict[str, Any] = {}
    for table, axes in (("measures", ("arm", "replicate", "year")), ("totals", ("arm", "replicate"))):
        data = comparison.table(table)
        shape = tuple(len(coordinates[axis]) for axis in axes)
        for column in data.columns.difference(["arm", "replicate", "year"], sort=False):
            known = MEASURES.get(column)
            about = {"long_name": known.label, "units": known.unit} if known else {}
            variables[column] = (axes, data[column].to_numpy(dtype=float).reshape(shape), about)
    about_all = {"title": comparison.name, "baseline": comparison.baseline, "seed": comparison.manifest.get("seed", "")}
    return xr.Dataset(variables, coordinates, about_all)


def netcdf_bytes(comparison: Comparison) -> bytes:
    """The dataset as NetCDF 3 (64-bit offsets), which every reader knows and SciPy writes."""
    content = dataset(comparison).to_netcdf(engine="scipy", format="NETCDF3_64BIT")
    return bytes(content)


def iamc_table(comparison: Comparison) -> pd.DataFrame:
    """The means as an IAMC long table: model, scenario, region, variable, unit, year, value (pyam reads it)."""
    import pandas as pd

    from model.measures import MEASURES

    summary = comparison.table("summary")
    yearly = summary[summary["year"] != TOTAL]
    units = yearly["measure"].map(lambda name: MEASURES[name].unit if name in MEASURES else "")
    measures = pd.DataFrame({
        "model": "qipan", "scenario": yearly["arm"], "region": "China", "variable": "Measure|" + yearly["measure"],
        "unit": units.replace("1", ""), "year": yearly["year"].astype(int), "value": yearly["mean"],
    })  # fmt: skip
    fans = comparison.table("fans")
    output = pd.DataFrame({
        "model": "qipan", "scenario": fans["arm"], "region": fans["region"].replace("nation", "China"),
        "variable": "Output", "unit": "billion CNY_2022/yr", "year": fans["year"], "value": fans["mean"],
    })  # fmt: skip
    return pd.concat([output, measures], ignore_index=True)
