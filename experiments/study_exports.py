"""Sweeps and attributions for other tools: Excel workbook and NetCDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.exports import sheets
from experiments.netcdf import netcdf_bytes
from model.errors import Problem, UserError

if TYPE_CHECKING:
    from experiments.studying import Study


def study_file(study: Study, kind: str) -> bytes:
    """The bytes of a study as "xlsx" or "netcdf".

    Raises:
        UserError: "iamc": arms at many points, or shares of levers, are no scenarios of that table.
    """
    if kind == "xlsx":
        return sheets(study.tables)
    if kind == "iamc":
        message = f"{study.name} is no comparison of scenarios: the IAMC table has no place for it"
        raise UserError(Problem("command line", "--format", message, "give csv, parquet, xlsx or netcdf"))
    return netcdf_bytes(study)
