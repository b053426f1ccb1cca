"""Sweeps and attributions for other tools: Excel workbook and NetCDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.exports import sheets
from model.errors import Problem, UserError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from experiments.studying import Study

ESTIMATES = ("mean", "low", "high", "median", "q05", "q95")


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
    content = sweep_dataset(study) if study.kind == "sweep" else attribution_dataset(study)
    return bytes(content.to_netcdf(engine="scipy", format="NETCDF3_64BIT"))


def sweep_dataset(study: Study) -> xr.Dataset:
    """Every measure by point, arm and replicate (NaN where a run failed), with the parameters of each point."""
    import xarray as xr

    from model.measures import MEASURES

    points, runs = study.tables["points"], study.tables["runs"]
    measures = [name for name in runs.columns if name not in ("point", "arm", "replicate")]
    axes = {"point": points["point"].to_numpy(), "arm": runs["arm"].unique().astype(str),
            "replicate": np.unique(runs["replicate"].to_numpy())}  # fmt: skip
    variables: dict[str, Any] = {}
    for name in measures:
        known = MEASURES.get(name)
        about = {"long_name": known.label, "units": known.unit} if known else {}
        variables[name] = (tuple(axes), _laid_out(runs, name, axes), about)
    for name in points.columns.drop("point"):
        variables[name] = (("point",), _plain(points[name]), {})
    return xr.Dataset(variables, axes, {"title": study.name, "kind": study.kind})


def _laid_out(table: pd.DataFrame, column: str, axes: dict[str, Any]) -> np.ndarray:
    """A column as an array over labelled axes, NaN where there is no row."""
    places = [[{label: at for at, label in enumerate(labels)}[value] for value in table[name]]
              for name, labels in ((name, list(map(_label, axes[name]))) for name in axes)]  # fmt: skip
    values = np.full([len(labels) for labels in axes.values()], np.nan)
    values[tuple(places)] = table[column].to_numpy(dtype=float)
    return values


def _label(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _plain(column: pd.Series) -> np.ndarray:
    """Values that NetCDF 3 knows: numbers, or text."""
    return column.to_numpy(dtype=float) if column.dtype.kind in "iufb" else column.to_numpy(dtype=str)


def attribution_dataset(study: Study) -> xr.Dataset:
    """Shares by measure and lever, effects by measure, lever and comparison: mean, interval and quantiles of each."""
    import xarray as xr

    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for table, prefix, names in (
        ("shares", "share", ("measure", "share_of")), ("effects", "effect", ("measure", "lever", "comparison")),
    ):  # fmt: skip
        rows = study.tables[table].rename(columns={"lever": "share_of"} if table == "shares" else {})
        axes = {name: rows[name].unique().astype(str) for name in names}
        coordinates |= axes
        for column in [name for name in ESTIMATES if name in rows]:
            variables[f"{prefix}_{column}"] = (names, _laid_out(rows, column, axes), {})
    return xr.Dataset(variables, coordinates, {"title": study.name, "kind": study.kind})
