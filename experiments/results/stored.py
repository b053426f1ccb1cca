"""Folders of comparisons and other studies opened and read back; nothing is computed anew."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.read import AGAIN, FORMAT, load_result, manifest_of, stored_table
from qipan.experiments.results.study import FORMAT as STUDY_FORMAT
from qipan.experiments.results.study import Study
from qipan.experiments.results.write import MANIFEST, TABLES
from qipan.experiments.store.parts import store_error
from qipan.experiments.summaries.family import chosen_policy
from qipan.experiments.words.warned import from_stored

if TYPE_CHECKING:
    from qipan.experiments.designs.sweep_file import Sweep
    from qipan.experiments.summaries.comparison import Comparison

NEEDED = {
    "sweep": {"points": ("point",), "runs": ("point", "arm", "replicate")},
    "attribution": {
        "shares": ("measure", "lever", "mean", "low", "high", "verdict", "n"),
        "effects": ("measure", "lever", "comparison", "mean", "low", "high", "verdict"),
        "ranking": ("lever", "above"),
    },
    "worth": {"worth": ("source", "needed", "worth", "low", "high", "verdict", "median", "n")},
    "sensitivity": {"quality": ("measure", "q2", "coverage", "points", "fresh", "n"), "axes": ("parameter", "used")},
    "calibration": {
        "waves": ("wave", "left", "low", "high"),
        "patterns": ("pattern", "value", "held_out", "ruled_out", "least"),
    },
    "flip": {"reversal": ("predicted", "distance", "low", "high"), "exact": ("distance", "mean", "low", "high")},
    "screening": {"screening": ("parameter", "mean", "absolute", "spread", "strength")},
    "best": {"arms": ("arm", "mean", "low", "high", "share", "n"), "bound": ("quantity", "arm", "mean", "low", "high")},
}
"""Tables, and columns of them, that the figures rely on."""
KINDS = {
    "comparison": "a comparison",
    "sweep": "a sweep",
    "attribution": "an attribution",
    "worth": "a study of what a yuan is worth",
    "best": "a search for the best policy",
    "sensitivity": "a sensitivity analysis",
    "screening": "a screening of assumptions",
    "calibration": "a calibration",
    "flip": "a search for the nearest reversal",
}
VALUE = ("worth", "best")
"""Kinds whose page is made by `qipan.experiments.value`."""
EVIDENCE = ("sensitivity", "screening", "flip", "calibration")
"""The same of `qipan.experiments.evidence`."""
READ = "give the folder of a comparison or of another study"


@dataclass(frozen=True)
class StoredWorld:
    """What figures tell of a world: its name, what its data are, and what is own in them (`own_data.own_facts`)."""

    name: str
    vintage: str
    own: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Stored:
    """A result folder whose manifest was read, once for all that follows; not yet checked.

    `kind` is one of KINDS.
    """

    folder: Path
    kind: str
    manifest: Mapping[str, Any]
    headline: str | None = None
    """The policy asked about, where another than that of the manifest."""

    def comparison(self) -> Comparison:
        """Read the comparison; raises StoreError as `load_result`, UserError for a headline that is no policy."""
        found = load_result(self.folder, self.manifest)
        if self.headline is None:
            return found
        return replace(found, headline=chosen_policy([arm.name for arm in found.policies], self.headline))

    def study(self) -> Study:
        """Read the sweep or the attribution; raises StoreError as `load_study`."""
        return load_study(self.folder, self.manifest)


def is_result(name: str) -> bool:
    """Whether a name is a folder with a manifest, not a scenario."""
    return os.path.isfile(Path(name) / MANIFEST)  # no error over a name that no file can have


def opened(folder: Path, hint: str = READ) -> Stored:
    """Find out what a folder holds.

    Args:
        folder: The result.
        hint: What to give instead, where it holds tables alone.

    Raises:
        StoreError: there is no such folder, or it holds none of them.
    """
    if not folder.is_dir():
        raise store_error(folder, "no such result folder", "see the folders under results/")
    if not (folder / MANIFEST).is_file():
        raise store_error(folder, f"is not a finished result: it has no {MANIFEST}", READ)
    manifest = _manifest(folder)
    if manifest.get("format") == STUDY_FORMAT and manifest.get("kind") in NEEDED:
        return Stored(folder, str(manifest["kind"]), manifest)
    if manifest.get("format") == FORMAT:
        return Stored(folder, "comparison", manifest)
    if manifest.get("format") == STUDY_FORMAT and isinstance(manifest.get("kind"), str):
        raise store_error(folder, f"holds tables alone ({manifest['kind']}), of which there is no page", hint)
    raise store_error(folder / MANIFEST, "is not the manifest of a qipan result, or is damaged", READ)


def load_comparison(folder: Path) -> Comparison:
    """Read a comparison; a study is told from a damaged result.

    Raises:
        StoreError: no such folder, another kind of result, or a damaged one.
    """
    hint = "give the folder of qipan compare or qipan run"
    stored = opened(folder, hint)
    if stored.kind != "comparison":
        raise store_error(folder, f"is {KINDS[stored.kind]}, not a comparison", hint)
    return stored.comparison()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        return manifest_of(path)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise store_error(path, "is not the manifest of a qipan result, or is damaged", READ) from error


def load_study(folder: Path, read: Mapping[str, Any] | None = None) -> Study:
    """Read a sweep or an attribution back.

    Args:
        folder: The result.
        read: What its manifest holds, where that was read already.

    Raises:
        StoreError: there is none, or a file is missing, damaged or was changed.
    """
    manifest = _manifest(folder) if read is None else read
    try:
        kind, name = str(manifest["kind"]), str(manifest["name"])
        warnings = tuple(map(from_stored, manifest["warnings"]))
        files = [file for file in manifest["files"] if file.startswith(f"{TABLES}/") and file.endswith(".parquet")]
        needed = NEEDED[kind]
        _sound(manifest)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise store_error(folder / MANIFEST, "is not the manifest of a qipan study, or is damaged", AGAIN) from error
    tables = {Path(file).stem: stored_table(folder, file, manifest) for file in files}
    for table, columns in needed.items():
        lacking = [column for column in columns if table not in tables or column not in tables[table].columns]
        if lacking:
            raise store_error(folder, f"its table {table} lacks {', '.join(lacking)}", AGAIN)
    return Study(kind, name, tables, manifest, warnings)


def _sound(manifest: Mapping[str, Any]) -> None:
    """What drawing relies on, beside the tables; raises KeyError, TypeError or ValueError."""
    _place(manifest)
    int(manifest["seed"])
    if manifest["kind"] == "sweep":
        asked_of(manifest)
    else:
        len(manifest["arms_run"])


def asked_of(manifest: Mapping[str, Any]) -> Sweep:
    """The file of a sweep as its manifest tells it; raises KeyError or ValueError."""
    from qipan.experiments.designs.sweep_file import Sweep

    return Sweep.model_validate(manifest["arguments"]["sweep"])


def place_of(study: Study) -> StoredWorld:
    """The world of a study that was read back."""
    return _place(study.facts)


def _place(manifest: Mapping[str, Any]) -> StoredWorld:
    told = manifest["world"]
    own = told.get("own")
    return StoredWorld(str(told["name"]), str(told["vintage"]), own if isinstance(own, Mapping) else None)
