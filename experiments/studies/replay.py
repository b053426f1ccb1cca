"""One failed replicate again, alone and in this process, so that its traceback can be read and a debugger attached."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.console.endings import plain
from qipan.experiments.results.own_data import stored_scenario
from qipan.experiments.runs.failures import storable
from qipan.experiments.store.ownership import FAILURES_FILE, SCENARIOS
from qipan.experiments.store.parts import store_error
from qipan.model.errors import UserError

if TYPE_CHECKING:
    from qipan.experiments.runs.executor import Name

TEXTS = ("identifier", "arm_name", "scenario", "message")
LAST = 2**32 - 1
"""Number of a replicate at most: it is one word of a random number's address."""
LARGEST = 100_000_000
"""Bytes of a list of failures that are read at most."""


def replay(identifier: str, root: Path, executor: Name | None = None) -> int:
    """Run the failed replicate `identifier` again; 0 when it succeeds now, 1 when it fails again.

    It is run by the executor that it failed under unless another is named.

    Raises:
        StoreError: no failure of this name under `root`.
    """
    from qipan.experiments.runs.block import computed

    record, folder = find_failure(identifier, root)
    scenario = stored_scenario(folder / SCENARIOS / f"{record['arm_name']}.yaml")
    replicate = record["replicate"]
    by: Name = executor or record.get("executor", "numpy")
    print(plain(f"{record['scenario']}, replicate {replicate} of {folder}, executor {by}"))
    try:
        computed(scenario, range(replicate, replicate + 1), executor=by)
    except UserError:
        raise
    except Exception:
        print(storable(traceback.format_exc()), file=sys.stderr, end="")
        return 1
    print(plain(f"succeeds now; then it was: {record['message']}"))
    return 0


def find_failure(identifier: str, root: Path) -> tuple[dict[str, Any], Path]:
    """The record of a failure and the result folder it is in, below `root` or in it.

    Raises:
        StoreError: there is none, or more than one begins with `identifier`.
    """
    found = {}
    for file in (root / FAILURES_FILE, *sorted(root.glob(f"*/{FAILURES_FILE}"))):
        for record in _records(file):
            if len(identifier) >= 4 and record["identifier"].startswith(identifier):
                found[record["identifier"]] = (record, file.parent)
    if len(found) != 1:
        known = "none" if not found else f"{len(found)} of them"
        hint = "failures.json of a result lists them; --results names the folder of results"
        raise store_error(root, f"no single failure {identifier!r}: {known}", hint)
    return next(iter(found.values()))


def _records(file: Path) -> list[dict[str, Any]]:
    """The failures listed in a file; an absent file lists none.

    Raises:
        StoreError: the file is not such a list.
    """
    if not file.is_file():
        return []
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError("too large")
        records: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(records, list) or not all(map(_is_record, records)):
            raise ValueError("no failures")
    except (OSError, ValueError, RecursionError) as error:
        raise store_error(file, "is not a list of failures", "run the experiment again: it is written anew") from error
    return records


def _is_record(told: object) -> bool:
    """Whether something read is a failure: of a replicate that can be run, and an arm whose name leads nowhere else."""
    if not isinstance(told, dict) or not all(isinstance(told.get(name), str) for name in TEXTS):
        return False
    number, arm = told.get("replicate"), told["arm_name"]
    return (
        type(number) is int
        and 0 <= number <= LAST
        and told.get("executor", "numpy") in ("numpy", "compiled")
        and arm != ""
        and Path(arm).name == arm
        and "\0" not in arm
    )
