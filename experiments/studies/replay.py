"""One failed replicate again, alone and in this process, so that its traceback can be read and a debugger attached."""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.own_data import stored_scenario
from qipan.experiments.runs.failures import storable
from qipan.experiments.store.ownership import FAILURES_FILE, SCENARIOS
from qipan.experiments.store.parts import store_error
from qipan.model.errors import UserError

if TYPE_CHECKING:
    from qipan.experiments.runs.executor import Name


def replay(identifier: str, root: Path, executor: Name | None = None) -> int:
    """Run the failed replicate `identifier` again; 0 when it succeeds now, 1 when it fails again.

    It is run by the executor that it failed under unless another is named.

    Raises:
        StoreError: no failure of this name under `root`.
    """
    from qipan.experiments.runs.block import computed

    record, folder = find_failure(identifier, root)
    scenario = stored_scenario(folder / SCENARIOS / f"{record['arm_name']}.yaml")
    replicate = int(record["replicate"])
    by = executor or record.get("executor", "numpy")
    print(f"{record['scenario']}, replicate {replicate} of {folder}, executor {by}")
    try:
        computed(scenario, range(replicate, replicate + 1), executor=by)
    except UserError:
        raise
    except Exception:
        print(storable(traceback.format_exc()), file=sys.stderr, end="")
        return 1
    print(f"succeeds now; then it was: {record['message']}")
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
        records = json.loads(file.read_text(encoding="utf-8"))
        for record in records:
            if not {"identifier", "arm_name", "scenario", "replicate", "message"} <= set(record):
                raise ValueError("incomplete")
    except (OSError, ValueError, TypeError) as error:
        raise store_error(file, "is not a list of failures", "run the experiment again: it is written anew") from error
    return list(records)
