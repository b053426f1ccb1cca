"""What made a result, for every file that leaves its folder: version, seed, digests of the scenarios, data and code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def provenance(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a manifest that decide numbers; no times, so the same experiment gives the same bytes.

    Returns:
        software, result, kind, seed, scenarios (digest by arm), scenario_digest (one over all arms), replicates,
        world, data (hash by file), model (hash of the code), versions, arguments, warnings.
    """
    scenarios = digests(manifest)
    found: dict[str, Any] = {
        "software": software(manifest),
        "result": manifest.get("name", ""),
        "kind": manifest.get("kind", "comparison"),
        "seed": manifest.get("seed"),
        "scenarios": scenarios,
        "scenario_digest": manifest.get("scenario_digest") or one_digest(scenarios.values()),
    }
    kept = ("replicates", "executor", "world", "data", "model", "versions", "arguments", "warnings")
    return found | {key: manifest[key] for key in kept if key in manifest}


def software(manifest: Mapping[str, Any]) -> str:
    """Name and version, as `qipan 0.1.0`."""
    return f"qipan {manifest.get('versions', {}).get('qipan', '')}".strip()


def digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of the resolved scenario of each arm, by the arm's name."""
    if "scenarios" in manifest:
        return dict(manifest["scenarios"])
    return {arm["name"]: arm["scenario"] for arm in manifest.get("arms", ()) if isinstance(arm, Mapping)}


def one_digest(digests: Any) -> str:
    """One SHA-256 over the digests of all arms, in order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def flat(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The same facts as texts, for formats that hold no more than texts; nested ones are JSON."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in provenance(manifest).items()
    }


def with_made(table: pd.DataFrame, made: Mapping[str, Any], by: str = "arm") -> pd.DataFrame:
    """A table with what made it in columns at its end: each row tells it, also where rows are cut out.

    Args:
        table: Any.
        made: As `provenance` has it.
        by: The column that names arms; where there is none, the digest is the one over all arms.

    Returns:
        Three columns more: software, seed, scenario_digest; and own_data where data are own.
    """
    digest: Any = made["scenario_digest"]
    if by in table.columns and set(table[by]) <= set(made["scenarios"]):
        digest = table[by].map(made["scenarios"])
    own = made.get("world", {}).get("own", {}).get("en")
    columns = {"software": made["software"], "seed": made["seed"], "scenario_digest": digest}
    return table.assign(**columns, **({"own_data": own} if own else {}))


def metadata(made: Mapping[str, Any]) -> dict[str, str]:
    """The same as key-value metadata of a Parquet file."""
    return {
        "qipan": json.dumps(made, ensure_ascii=False),
        "software": made["software"],
        "seed": str(made["seed"]),
        "scenario_digest": made["scenario_digest"],
    }


def in_one_line(manifest: Mapping[str, Any]) -> str:
    """Version, seed and the digest of each scenario, for the metadata of a figure; "" without a manifest."""
    if not manifest:
        return ""
    made = provenance(manifest)
    named = ", ".join(f"{name} {digest}" for name, digest in made["scenarios"].items())
    return f"{made['software']}; seed {made['seed']}; scenarios {named}"
