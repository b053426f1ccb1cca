"""NetCDF files after the CF conventions, with units in the words of UDUNITS, which these conventions prescribe.

No table of units knows the yuan: an amount of money is a pure number of its size there (`1e9`), its label beside it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray

CF_VERSION = "CF-1.8"
"""Conventions that NetCDF files follow."""
UDUNITS = {
    "1": "1",
    "bn yuan": "1e9",
    "bn yuan/year": "1e9 year-1",
    "yuan/yuan": "1",
    "share": "1",
    "year": "1",
    "years": "year",
    "1/year": "year-1",
    "log": "1",
    "log/year": "year-1",
    "1/log": "1",
    "sd": "1",
    "nats": "1",
    "regions": "1",
    "sectors": "1",
    "sector-years": "1",
    "pairs": "1",
    "portfolios": "1",
    "entries": "1",
    "replicates": "1",
    "rounds": "1",
    "utility": "1",
    "payoff": "1",
    "payoff units": "1",
    "payoff/region": "1",
}
"""By unit of a measure, a field or a parameter; counts, indices and calendar years are pure numbers."""


def described(label: str, unit: str) -> dict[str, str]:
    """Attributes of a variable of a NetCDF file; a unit that UDUNITS may not know is told in `unit_label` alone.

    Example:
        >>> described("National output", "bn yuan/year")
        {'long_name': 'National output', 'units': '1e9 year-1', 'unit_label': 'bn yuan/year'}
    """
    known = {"units": UDUNITS[unit]} if unit in UDUNITS else {}
    return {"long_name": label, **known, **({"unit_label": unit} if unit not in ("", "1") else {})}


def netcdf(dataset: "xarray.Dataset") -> bytes:
    """A dataset as a NetCDF-4 file. The same dataset gives the same bytes.

    Texts are arrays of characters: all versions of the conventions know them, few tools know those of any length.
    """
    texts = [name for name, values in dataset.variables.items() if values.dtype.kind in "OU"]
    return bytes(dataset.to_netcdf(engine="h5netcdf", encoding={name: {"dtype": "S1"} for name in texts}))
