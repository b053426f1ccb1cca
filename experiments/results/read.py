"""A stored result read back. Whatever is wrong with it is one clear error, and nothing in the folder is changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qipan.experiments.results.own_data import DATA, stored_scenario
from qipan.experiments.results.write import MANIFEST, MEANS, TABLES
from qipan.experiments.store.ownership import RESULT, SCENARIOS, manifest_digest
from qipan.experiments.store.parts import store_error
from qipan.experiments.summaries.comparison import COLUMNS, ArmResult, Comparison, empty_tables
from qipan.experiments.words.warned import from_stored

if TYPE_CHECKING:
    import pandas as pd

FORMAT = RESULT
AGAIN = "run the same command again with this folder as --out: it is written anew from the stored parts"
LATER = ("ranking", "horizons", "importance", "incidence", "paths")
"""Tables that results of earlier versions do not have; they are read as empty."""
NONE = float("nan")
LATER_COLUMNS: dict[str, dict[str, float | str]] = {
    "targets": {"scope": 1.0, "narrow": NONE, "wide": NONE},
    "regions": {
        "welfare": NONE,
        "welfare_low": NONE,
        "welfare_high": NONE,
        "welfare_verdict": "no value",
        "net_transfer": NONE,
    },
}
"""Columns that tables of results of earlier versions do not have, and what they are read as."""
LARGEST_MANIFEST = 10_000_000
LARGEST_MEANS = 1_000_000_000
"""Bytes: six arms of 2,843 counties over 13 years are a third of it."""
MOST_CELLS = 200_000_000


def load_result(folder: Path, read: Mapping[str, Any] | None = None) -> Comparison:
    """Read a result folder.

    Args:
        folder: The result.
        read: What its manifest holds, where that was read already; it is checked here.

    Raises:
        StoreError: no such folder, not a result, a file missing, truncated or changed.
        UserError: a stored scenario cannot be read by this version.
    """
    manifest = read_manifest(folder, read)
    older = {name for name in LATER if f"{TABLES}/{name}.parquet" not in manifest["files"]}
    tables = {name: empty_tables()[name] if name in older else _table(folder, name, manifest) for name in COLUMNS}
    arms = _arms(folder, manifest)
    from qipan.model.world import load_world

    return Comparison(
        name=str(manifest["name"]),
        baseline=str(manifest["baseline"]),
        arms=arms,
        years=tuple(manifest["years"]),
        world=load_world(arms[0].scenario.world),
        tables=tables,
        manifest=manifest,
        warnings=tuple(map(from_stored, manifest["warnings"])),
        headline=str(manifest["headline"]),
    )


def read_manifest(folder: Path, read: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read the manifest of a result folder, unless it was `read` already, and check it.

    Raises:
        StoreError: there is none, it is not JSON, or it is not that of a result.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise store_error(folder, "no such result folder", "see the folders under results/")
    if not path.is_file():
        raise store_error(folder, f"is not a finished result: it has no {MANIFEST}", AGAIN)
    try:
        manifest = manifest_of(path) if read is None else dict(read)
        if manifest["format"] != FORMAT:
            raise ValueError("of another format")
        _check_manifest(manifest)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise store_error(path, "is not the manifest of a qipan result, or is damaged", AGAIN) from error
    return manifest


def manifest_of(path: Path) -> dict[str, Any]:
    """What a manifest holds, not checked; raises OSError, ValueError, TypeError or RecursionError."""
    if path.stat().st_size > LARGEST_MANIFEST:
        raise ValueError("too large")
    manifest = dict(json.loads(path.read_text(encoding="utf-8")))
    if "files" in manifest and manifest.get("digest") != manifest_digest(manifest):
        raise ValueError("changed since it was written")
    return manifest


def _check_manifest(manifest: Mapping[str, Any]) -> None:
    """Every entry that reading relies on, with its type; raises KeyError, TypeError or ValueError."""
    for key, kind in (
        ("name", str),
        ("baseline", str),
        ("headline", str),
        ("years", list),
        ("arms", list),
        ("files", dict),
        ("warnings", list),
    ):
        if not isinstance(manifest[key], kind):
            raise TypeError(key)
    for arm in manifest["arms"]:
        texts = [arm[key] for key in ("name", "title", "title_zh", "role", "policy", "same_as")]
        if not all(isinstance(text, str) for text in texts) or not isinstance(arm["replicates"], int):
            raise TypeError("arms")
        if Path(arm["name"]).name != arm["name"]:
            raise ValueError("arms")
    if not all(isinstance(year, int) for year in manifest["years"]) or not manifest["years"]:
        raise ValueError("years")
    names = [arm["name"] for arm in manifest["arms"]]
    if manifest["baseline"] not in names or manifest["headline"] not in names:
        raise ValueError("baseline")
    for entry in manifest["warnings"]:
        from_stored(entry)


def stored_bytes(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """The bytes of one file of a result, checked against the manifest.

    Raises:
        StoreError: missing, truncated or changed.
    """
    path = folder / name
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise store_error(path, "is missing from the result", AGAIN) from error
    if hashlib.sha256(content).hexdigest() != manifest["files"].get(name):
        raise store_error(path, "is damaged or was changed: it does not fit the manifest", AGAIN)
    return content


def _table(folder: Path, name: str, manifest: Mapping[str, Any]) -> pd.DataFrame:
    file = f"{TABLES}/{name}.parquet"
    table = stored_table(folder, file, manifest)
    for column, value in LATER_COLUMNS.get(name, {}).items():
        table[column] = table.get(column, value)
    missing = [column for column in COLUMNS[name] if column not in table.columns]
    if missing:
        raise store_error(folder / file, f"lacks the column(s) {', '.join(missing)}", AGAIN)
    return table


def stored_table(folder: Path, file: str, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """One Parquet table of a result or a study, checked against the manifest.

    Raises:
        StoreError: missing, truncated, changed, too large or not a table.
    """
    import pyarrow.parquet as pq

    content = stored_bytes(folder, file, manifest)
    try:
        stored = pq.ParquetFile(io.BytesIO(content))
        if stored.metadata.num_rows * max(1, stored.metadata.num_columns) > MOST_CELLS:
            raise ValueError("too large")
        table: pd.DataFrame = stored.read().to_pandas()
    except Exception as error:  # whatever the reader makes of hostile bytes
        raise store_error(folder / file, "is not a Parquet table", AGAIN) from error
    return table


def _arms(folder: Path, manifest: Mapping[str, Any]) -> tuple[ArmResult, ...]:
    means = _means(stored_bytes(folder, MEANS, manifest), folder / MEANS)
    for name in manifest["files"]:
        if name.startswith(f"{DATA}/"):
            stored_bytes(folder, name, manifest)
    arms = []
    for arm in manifest["arms"]:
        file = f"{SCENARIOS}/{arm['name']}.yaml"
        stored_bytes(folder, file, manifest)
        own = f"{arm['same_as'] or arm['name']}/"
        arrays = {key.partition("/")[2]: values for key, values in means.items() if key.startswith(own)}
        scenario = stored_scenario(folder / file)
        arms.append(
            ArmResult(
                arm["name"],
                arm["title"],
                arm["title_zh"],
                scenario,
                arm["replicates"],
                0.0,
                arrays,
                arm["role"],
                arm["policy"],
                arm["same_as"],
            )
        )
    return tuple(arms)


def _means(content: bytes, path: Path) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """The arrays of an archive, unless it unpacks to more than any result holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_MEANS:
                raise ValueError("too large")
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except Exception as error:  # whatever the reader makes of hostile bytes
        raise store_error(path, "is not a NumPy archive of a result", AGAIN) from error
