"""Tables as files that tell by themselves what made them: CSV with three more columns, Parquet with metadata.

Beside the tables of a folder stands `datapackage.json` (Frictionless Data Package): every column with its type, label
and unit, every file with its hash, and all facts of the manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.provenance import metadata, provenance, with_made
from qipan.experiments.results.write import csv_bytes, explained, parquet_bytes
from qipan.experiments.store.parts import json_bytes

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "datapackage.json"
MADE = {
    "software": ("Name and version of the program", ""),
    "seed": ("Seed of all draws", ""),
    "scenario_digest": (
        "SHA-256 of the resolved scenario of the arm; over those of all arms where the table has no column of arms",
        "",
    ),
    "own_data": ("In what the data differ from those that ship", ""),
}
"""Columns that exported CSV tables have beside their own."""
TYPES = {"i": "integer", "u": "integer", "f": "number", "b": "boolean"}


def exchange_tables(
    tables: Mapping[str, pd.DataFrame], kind: str, manifest: Mapping[str, Any], folder: str = ""
) -> dict[str, bytes]:
    """The files of a folder of tables by name, the description of all of them last.

    Args:
        tables: Frames by name.
        kind: "csv" or "parquet".
        manifest: Of the result.
        folder: Where the files lie below the description, e.g. "tables/".
    """
    made = provenance(manifest)
    files, resources = {}, []
    for name, table in tables.items():
        frame = with_made(table, made) if kind == "csv" else table
        path = f"{folder}{name}.{kind}"
        files[path] = csv_bytes(frame) if kind == "csv" else parquet_bytes(frame, metadata(made))
        resources.append(_resource(name, path, kind, frame, files[path]))
    return files | package(resources, made)


def package(resources: list[dict[str, Any]], made: Mapping[str, Any]) -> dict[str, bytes]:
    """The description of some files."""
    name = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in str(made["result"]).lower())
    about = {
        "profile": "tabular-data-package",
        "name": name.strip("-") or "result",
        "title": made["result"],
        "resources": resources,
        "provenance": dict(made),
    }
    return {PACKAGE: json_bytes(about)}


def _resource(name: str, path: str, kind: str, table: pd.DataFrame, content: bytes) -> dict[str, Any]:
    fields = [_field(name, str(column), table[column].dtype.kind) for column in table.columns]
    media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[kind]
    return {
        "name": name,
        "path": path,
        "format": kind,
        "mediatype": media,
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(table: str, column: str, kind: str) -> dict[str, str]:
    label, unit = MADE[column] if column in MADE else (lambda row: (row[2], row[4]))(explained(table, column))
    known = {"title": label, "unit": unit}
    return {"name": column, "type": TYPES.get(kind, "string")} | {key: text for key, text in known.items() if text}
