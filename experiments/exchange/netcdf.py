"""Results as NetCDF-4 files after the CF conventions: labelled arrays that xarray, R, Julia and MATLAB open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.results.provenance import flat, provenance
from qipan.experiments.summaries.comparison import TOTAL, Comparison
from qipan.model.netcdf import CF_VERSION, described, netcdf

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from qipan.experiments.results.study import Study

ESTIMATES = ("mean", "low", "high", "median", "q05", "q95")
STATISTICS = ("mean", "median", "q05", "q25", "q75", "q95")
AXES = {
    "arm": "short name of the arm",
    "replicate": "number of the replicate; the same number has the same draws",
    "year": "calendar year",
    "region": "code of the region",
    "sector": "code of the sector",
    "mechanism": "funding mechanism",
    "stage": "stage of the money",
    "statistic": "statistic over replicates",
    "point": "number of the point",
    "measure": "name of the measure",
    "lever": "lever of the design",
    "share_of": "lever, or information and chance, whose share it is",
    "comparison": "what is compared",
}
Values = dict[str, tuple[Sequence[str], Any, dict[str, str]]]


def netcdf_bytes(result: Comparison | Study) -> bytes:
    """The whole result as one file. The same result gives the same bytes."""
    if isinstance(result, Comparison):
        content = comparison_dataset(result)
    else:
        content = sweep_dataset(result) if result.kind == "sweep" else attribution_dataset(result)
    return netcdf(content)


def comparison_dataset(comparison: Comparison) -> xr.Dataset:
    """Measures by (arm, replicate, year) and (arm, replicate), their summary, and means of every recorded field.

    A measure's name is its variable; `summary_NAME` has its statistics by year, or over the run; `mean_FIELD` is the
    mean over replicates by year and region, sector, mechanism or stage. NaN where there is no row.
    """
    world, names = comparison.world, [arm.name for arm in comparison.arms]
    axes: dict[str, Any] = {
        "arm": names,
        "replicate": np.unique(comparison.table("totals")["replicate"].to_numpy(dtype=np.int64)),
        "year": list(comparison.years),
        "statistic": list(STATISTICS),
        "region": list(world.region_codes),
        "sector": list(world.sector_codes),
    }
    variables: Values = {}
    for table, order in (("measures", ("arm", "replicate", "year")), ("totals", ("arm", "replicate"))):
        rows = comparison.table(table)
        place = _places(rows, order, axes)
        for column in rows.columns.difference(order, sort=False):
            variables[column] = (order, _laid_out(rows[column], place, order, axes), _measure(column))
    variables |= _summary(comparison.table("summary"), axes) | _means(comparison, axes)
    for name, values in (("name", world.region_names), ("name_zh", world.region_names_zh)):
        variables[f"region_{name}"] = (("region",), list(values), described(f"{name} of the region", ""))
    for name, values in (("name", world.sector_names), ("name_zh", world.sector_names_zh)):
        variables[f"sector_{name}"] = (("sector",), list(values), described(f"{name} of the sector", ""))
    for name in ("title", "title_zh"):
        titles = [getattr(arm, name) for arm in comparison.arms]
        variables[f"arm_{name}"] = (("arm",), titles, described(f"{name} of the arm", ""))
    digests = provenance(comparison.manifest)["scenarios"]
    if set(names) <= set(digests):
        about = described("SHA-256 of the resolved scenario", "")
        variables["scenario_digest"] = (("arm",), [digests[name] for name in names], about)
    extra = {"baseline": comparison.baseline}
    return _dataset(variables, axes, comparison.name, comparison.manifest, extra)


def _summary(summary: pd.DataFrame, axes: dict[str, Any]) -> Values:
    """Statistics of each measure over replicates, by year where it is a yearly one."""
    found: Values = {}
    for name, rows in summary.groupby("measure", sort=True):
        yearly = rows["year"].iloc[0] != TOTAL
        order = ("arm", "year") if yearly else ("arm",)
        rows = rows.assign(year=rows["year"].astype(int)) if yearly else rows
        place = _places(rows, order, axes)
        layers = [_laid_out(rows[column], place, order, axes) for column in STATISTICS]
        found[f"summary_{name}"] = ((*order, "statistic"), np.stack(layers, axis=-1), _measure(str(name)))
    return found


def _means(comparison: Comparison, axes: dict[str, Any]) -> Values:
    """Means over replicates of the fields that were recorded, by arm and year."""
    from qipan.model.fields import FIELDS, coordinates

    found: Values = {}
    for name, known in FIELDS.items():
        if all(name in arm.arrays for arm in comparison.arms):
            axes |= {axis: list(labels) for axis, labels in coordinates(comparison.world, known.axes).items()}
            values = np.stack([arm.arrays[name] for arm in comparison.arms])
            about = described(f"{known.meaning}, mean over replicates", known.unit)
            found[f"mean_{name}"] = (("arm", "year", *known.axes), values, about)
    return found


def sweep_dataset(study: Study) -> xr.Dataset:
    """Every measure by point, arm and replicate (NaN where a run failed), with the parameters of each point.

    A parameter's variable is its dotted path with underscores; attribute `parameter` is the path itself.
    """
    from qipan.model.scenario import parameter_rows

    points, runs = study.tables["points"], study.tables["runs"]
    order = ("point", "arm", "replicate")
    axes = {
        "point": points["point"].to_numpy(),
        "arm": runs["arm"].unique().astype(str),
        "replicate": np.unique(runs["replicate"].to_numpy()),
    }
    place = _places(runs, order, axes)
    variables: Values = {}
    for name in runs.columns.difference(order, sort=False):
        variables[name] = (order, _laid_out(runs[name], place, order, axes), _measure(name))
    known = {row.path: row for row in parameter_rows()}
    for path in points.columns.drop("point"):
        row = known.get(path)
        about = described(row.meaning, row.unit) if row is not None else {}
        variables[path.replace(".", "_")] = (("point",), _plain(points[path]), {**about, "parameter": path})
    return _dataset(variables, axes, study.name, study.facts)


def attribution_dataset(study: Study) -> xr.Dataset:
    """Shares by measure and lever, effects by measure, lever and comparison: mean, interval and quantiles of each.

    The unit is that of the measure.
    """
    variables: Values = {}
    axes: dict[str, Any] = {}
    for table, prefix, order in (
        ("shares", "share", ("measure", "share_of")),
        ("effects", "effect", ("measure", "lever", "comparison")),
    ):
        rows = study.tables[table].rename(columns={"lever": "share_of"} if table == "shares" else {})
        axes |= {name: rows[name].unique().astype(str) for name in order}
        place = _places(rows, order, axes)
        for column in [name for name in ESTIMATES if name in rows]:
            about = described(f"{column} of the {prefix}, in the unit of the measure", "")
            variables[f"{prefix}_{column}"] = (order, _laid_out(rows[column], place, order, axes), about)
    return _dataset(variables, axes, study.name, study.facts)


def _dataset(
    variables: Values, axes: Mapping[str, Any], name: str, manifest: Mapping[str, Any], extra: Mapping[str, str] = {}
) -> xr.Dataset:
    """The variables with labelled axes and what made them as attributes."""
    import xarray as xr

    used = {axis for order, *_ in variables.values() for axis in order}
    coordinates = {
        axis: (axis, labels, described(AXES[axis], "1" if axis in ("year", "replicate", "point") else ""))
        for axis, labels in axes.items()
        if axis in used
    }
    facts = flat(manifest)
    title = str(manifest.get("title") or name)
    about = {
        "Conventions": CF_VERSION,
        "title": title,
        "source": facts.pop("software"),
        "history": f"simulated and written by {provenance(manifest)['software']}",
        **facts,
        **extra,
    }
    if manifest.get("seed") is not None:
        about["seed"] = np.int64(manifest["seed"])
    return xr.Dataset(variables, coordinates, about)


def _places(rows: pd.DataFrame, order: Sequence[str], axes: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """Where each row stands on each axis."""
    import pandas as pd

    return tuple(pd.Index(axes[axis]).get_indexer(rows[axis]) for axis in order)


def _laid_out(
    column: pd.Series, places: tuple[np.ndarray, ...], order: Sequence[str], axes: Mapping[str, Any]
) -> np.ndarray:
    """A column as an array over labelled axes, NaN where there is no row."""
    values = np.full([len(axes[axis]) for axis in order], np.nan)
    values[places] = column.to_numpy(dtype=float)
    return values


def _measure(name: str) -> dict[str, str]:
    from qipan.model.measures import MEASURES

    known = MEASURES.get(name)
    return described(known.label, known.unit) if known else {}


def _plain(column: pd.Series) -> np.ndarray:
    """Numbers, or text."""
    return column.to_numpy(dtype=float) if column.dtype.kind in "iufb" else column.astype(str).to_numpy(dtype=object)
