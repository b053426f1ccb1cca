"""What happened: labelled arrays over replicates and years, and how to take them elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qipan import __version__
from qipan.model.axes import Array
from qipan.model.errors import Problem, StoreError
from qipan.model.fields import FIELDS, ONCE, Field, coordinates
from qipan.model.netcdf import CF_VERSION, described, netcdf
from qipan.model.scenario import Scenario, load_scenario
from qipan.model.state import Start
from qipan.model.world import World, load_world
from qipan.model.world.record import same_tables

if TYPE_CHECKING:
    import pandas
    import xarray


@dataclass(frozen=True, eq=False, repr=False)
class History(Mapping[str, Array]):
    """The recorded fields of a run: a mapping from field to array.

    Attributes:
        scenario: What was run.
        world: The exogenous world it ran in.
        years: Calendar years, (year,).
        replicates: Numbers of the replicates, (replicate,).
        executor: Who carried it out, "numpy" or "compiled".
        left: Phases that a compiled run left to NumPy, each with the reason.
        arrays: Field name to array, axes (replicate, year, ...) as in `fields`; those of ONCE without a year.
        closing: Fields that were recorded in the year told alone, (replicate, 1, ...); `save` leaves them out.
        end: Where to go on from, if it was kept: `run(..., start=history.end)`; `save` leaves it out.
    """

    scenario: Scenario
    world: World
    years: NDArray[np.int64]
    replicates: NDArray[np.int64]
    arrays: Mapping[str, Array]
    executor: str = "numpy"
    left: tuple[str, ...] = ()
    closing: Mapping[str, Array] = field(default_factory=dict)
    end: Start | None = None

    __eq__, __hash__ = object.__eq__, object.__hash__

    def __getitem__(self, name: str) -> Array:
        """The array of a field.

        Raises:
            KeyError: It was not recorded, or there is none of this name: says which may be meant.
        """
        if name in self.arrays:
            return self.arrays[name]
        if name in FIELDS or name in ONCE:
            raise KeyError(f"{name} was not recorded; recorded are {', '.join(self.arrays)}")
        near = get_close_matches(str(name), [*FIELDS, *ONCE], n=1, cutoff=0.5)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join([*FIELDS, *ONCE])}"
        raise KeyError(f"no field {name!r}; {advice}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)

    def __repr__(self) -> str:
        regions, sectors = len(self.world.region_codes), len(self.world.sector_codes)
        return (
            f"<History of {self.scenario.name}: {len(self.replicates)} replicates, {self.years[0]} to "
            f"{self.years[-1]}, {regions} regions x {sectors} sectors, {len(self)} fields>"
        )

    def axes(self, name: str) -> dict[str, Any]:
        """Labels along each axis of a field, in order."""
        every = {"replicate": self.replicates} | ({} if name in ONCE else {"year": self.years})
        return every | coordinates(self.world, field_named(name).axes)

    def to_xarray(self) -> "xarray.Dataset":
        """All fields as a labelled dataset with units and meanings.

        Mechanism and stage money keep both axes; every coordinate is a label, never a row number.
        """
        import xarray

        data = {}
        for name, array in self.arrays.items():
            field, labels = field_named(name), self.axes(name)
            coords = {axis: (axis, list(values), AXES[axis]) for axis, values in labels.items()}
            data[name] = xarray.DataArray(array, coords, list(labels), attrs=described(field.meaning, field.unit))
        return xarray.Dataset(data, attrs=self._about())

    def _about(self) -> dict[str, Any]:
        """Attributes of the whole dataset: those of the CF conventions, and what made it."""
        software = f"qipan {__version__}"
        return {
            "Conventions": CF_VERSION,
            "title": self.scenario.title or self.scenario.name,
            "source": software,
            "history": f"simulated by {software}",
            "scenario": self.scenario.name,
            "scenario_digest": self.scenario.digest(),
            "seed": np.int64(self.scenario.run.seed),
            "world": self.world.name,
            "data_vintage": self.world.vintage,
            "executor": self.executor,
        }

    def to_netcdf(self, path: str | Path) -> Path:
        """Write the dataset as one NetCDF-4 file, which xarray and every reader of NetCDF opens; returns the path.

        The same run gives the same bytes. Nothing is written unless the whole file could be made.
        """
        content = netcdf(self.to_xarray())
        Path(path).write_bytes(content)
        return Path(path)

    def to_frame(self, level: str = "region_sector") -> "pandas.DataFrame":
        """One tidy table: a row per replicate, year and label, a column per field.

        Args:
            level: "region_sector", "region", "sector", "mechanism", "mechanism_stage", "stage" or "nation".

        Raises:
            ValueError: The level is none of these.
        """
        import pandas

        if level not in LEVELS:
            raise ValueError(f"level is {level!r}; it must be one of {', '.join(LEVELS)}")
        names = [name for name in self.arrays if name in FIELDS and FIELDS[name].axes == LEVELS[level]]
        labels = self.axes(names[0]) if names else {"replicate": self.replicates, "year": self.years}
        index = pandas.MultiIndex.from_product(list(labels.values()), names=list(labels))
        columns = {name: np.asarray(self.arrays[name]).reshape(-1) for name in names}
        return pandas.DataFrame(columns, index=index).reset_index()

    def save(self, folder: str | Path) -> Path:
        """Write the arrays, the resolved scenario and their names to a folder; the same run gives the same bytes.

        Raises:
            StoreError: The run was in a world that no file describes.
        """
        path = Path(folder)
        if not same_tables(self.world, load_world(self.scenario.world)):
            message = f"the world {self.world.name} was given by hand: no file says what it is"
            hint = "add it with @world and name it in the scenario, or take the numbers along with to_netcdf"
            raise StoreError(Problem(str(path), "", message, hint))
        path.mkdir(parents=True, exist_ok=True)
        stored: dict[str, Any] = {"replicates": self.replicates, "years": self.years, **self.arrays}
        np.savez_compressed(path / "history.npz", **stored)
        (path / "scenario.yaml").write_text(self.scenario.to_yaml(), encoding="utf-8")
        names = {
            "fields": list(self.arrays),
            "scenario_digest": self.scenario.digest(),
            "data": dict(self.world.files),
            "executor": self.executor,
            "left": list(self.left),
        }
        (path / "history.json").write_text(json.dumps(names, indent=1, sort_keys=True), encoding="utf-8")
        return path

    @staticmethod
    def load(folder: str | Path) -> "History":
        """Read what `save` wrote.

        Raises:
            StoreError: A file is missing or broken.
        """
        path = Path(folder)
        try:
            with np.load(path / "history.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
        except Exception as error:
            raise StoreError([Problem(str(path / "history.npz"), "", f"not a stored history: {error}", "")]) from None
        scenario = load_scenario(path / "scenario.yaml")
        years, replicates = arrays.pop("years"), arrays.pop("replicates")
        executor, left = _carried(path / "history.json")
        return History(scenario, load_world(scenario.world), years, replicates, arrays, executor, left)


def _carried(path: Path) -> tuple[str, tuple[str, ...]]:
    """Executor of a stored history and what it left to NumPy; histories of earlier versions were NumPy's.

    Raises:
        StoreError: The file is missing or broken.
    """
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
        return str(names.get("executor", "numpy")), tuple(map(str, names.get("left", ())))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise StoreError([Problem(str(path), "", f"does not name a stored history: {error}", "")]) from None


AXES: dict[str, dict[str, str]] = {
    "replicate": described("number of the replicate", "1"),
    "year": described("calendar year", "year"),
    "region": described("code of the region", ""),
    "sector": described("code of the sector", ""),
    "mechanism": described("funding mechanism", ""),
    "stage": described("stage of the money", ""),
}
"""Attributes of the axes of a dataset."""
LEVELS: dict[str, tuple[str, ...]] = {
    "region_sector": ("region", "sector"),
    "region": ("region",),
    "sector": ("sector",),
    "mechanism": ("mechanism",),
    "mechanism_stage": ("mechanism", "stage"),
    "stage": ("stage",),
    "nation": (),
}


def field_named(name: str) -> Field:
    """The row of a field."""
    return FIELDS[name] if name in FIELDS else ONCE[name]
