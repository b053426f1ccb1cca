"""Versions of everything that numbers may depend on."""

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from qipan.model.extend.plugins import loaded_plugins

PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "pydantic", "mesa", "numba")

PLUG_IN = "plug-in "
"""What the name of a plug-in stands behind among the versions of a manifest."""


def versions() -> dict[str, str]:
    """Versions of qipan, Python and the packages that numbers may depend on ("absent" for those not installed), and
    the hash of each plug-in.
    """
    found = {"qipan": _version("qipan"), "python": platform.python_version(), "machine": platform.machine()}
    found.update({package: _version(package) for package in PACKAGES})
    found.update({f"{PLUG_IN}{each.name}": each.digest for each in loaded_plugins()})
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


EXPERIMENTS = Path(__file__).resolve().parent.parent

SUMMARY_SOURCES = (
    "statistics/bins",
    "statistics/moments",
    "summaries/columns",
    "summaries/summary",
    "summaries/paired",
    "summaries/single",
    "summaries/ranking",
    "summaries/targets",
)
"""Modules that decide what a summary holds, beside those of every part."""


@lru_cache(maxsize=4)
def sources_hash(modules: tuple[str, ...]) -> str:
    """SHA-256 over some modules of `experiments/`."""
    files = [EXPERIMENTS / f"{module}.py" for module in modules]
    return hashlib.sha256(b"\0".join(file.name.encode() + b"\0" + file.read_bytes() for file in files)).hexdigest()


@lru_cache(maxsize=1)
def model_hash() -> str:
    """SHA-256 over the sources that turn a scenario into stored numbers: all of `model/` and the making of parts."""
    from qipan import model

    root = Path(model.__file__).parent
    files = sorted(root.rglob("*.py"), key=lambda file: file.relative_to(root).as_posix())
    summing = hashlib.sha256()
    for file in [*files, *(EXPERIMENTS / "summaries" / name for name in ("rows.py", "scores.py"))]:
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        summing.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return summing.hexdigest()
