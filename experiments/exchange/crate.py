"""The description of a bundle: an RO-Crate 1.2 (a JSON-LD file by which archives and referees' tools read a folder).

Every file with its kind and SHA-256, the run that made the tables, the software, its licence, how it is cited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
MIT = "https://spdx.org/licenses/MIT"
MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".py": "text/x-python",
    ".sh": "application/x-sh",
    ".cff": "application/yaml",
}
INPUTS = ("result/scenarios/", "result/data/", "data/", "plug-ins/", "experiment/", "weights/")
"""Where what a run reads lies in a bundle."""

Entity = dict[str, Any]


def crate(
    about: Mapping[str, str], files: Mapping[str, bytes], manifest: Mapping[str, Any], authors: str
) -> dict[str, Any]:
    """The content of `ro-crate-metadata.json`.

    Args:
        about: name and description of the bundle, and what the run is called, as `name`, `description`, `run`.
        files: Every file of the bundle but this description, by name.
        manifest: Of the result.
        authors: Of the software.
    """
    software, times = manifest["versions"], manifest["times"]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": about["name"],
        "description": about["description"],
        "datePublished": str(times["finished"])[:10],
        "license": {"@id": MIT},
        "hasPart": [{"@id": name} for name in files],
        "mentions": {"@id": "#run"},
    }
    made_from = [name for name in files if name.startswith(INPUTS)]
    run: Entity = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": about["run"],
        "startTime": times["started"],
        "endTime": times["finished"],
        "instrument": {"@id": "#qipan"},
        "object": [{"@id": name} for name in made_from],
        "result": [{"@id": name} for name in files if name.startswith("result/") and name not in made_from],
    }
    tool: Entity = {
        "@id": "#qipan",
        "@type": "SoftwareApplication",
        "name": "qipan",
        "version": str(software["qipan"]),
        "softwareRequirements": [
            f"{name} {version}" for name, version in software.items() if name != "qipan" and version != "absent"
        ],
        "identifier": f"sha256:{manifest['model']}",
        "author": {"@id": "#authors"},
        "license": {"@id": MIT},
    }
    described: Entity = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }
    others: list[Entity] = [
        {"@id": "#authors", "@type": "Organization", "name": authors},
        {"@id": MIT, "@type": "CreativeWork", "name": "MIT License"},
    ]
    parts = [_file(name, content) for name, content in files.items()]
    return {"@context": f"{SPECIFICATION}/context", "@graph": [described, root, *parts, run, tool, *others]}


def _file(name: str, content: bytes) -> Entity:
    suffix = name[name.rfind(".") :] if "." in name else ""
    return {
        "@id": name,
        "@type": "File",
        "name": name.rpartition("/")[2],
        "encodingFormat": MEDIA.get(suffix, "text/plain" if not suffix else "application/octet-stream"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
