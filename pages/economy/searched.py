"""`python -m pages.economy.searched [REPLICATES]`: the figures of the full search that comparisons quote, alone.

They are the same that `make economy` writes beside its page: some 100 runs, a few minutes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

SCENARIO = "national-design"


def write(found: Any) -> None:
    """Write what comparisons quote of a study of `qipan best` around the shipped design."""
    from qipan import load_scenario, load_world
    from qipan.experiments.findings.quoted.searched import STORED, record
    from qipan.experiments.findings.quoted.shipped import BASELINE
    from qipan.experiments.store.versions import model_hash

    design, baseline = load_scenario(SCENARIO), load_scenario(BASELINE)
    told = record(found, design, baseline, model_hash(), load_world(design.world).files)
    STORED.write_text(json.dumps(told, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    print(STORED.name)


def main(arguments: Sequence[str]) -> int:
    """Run the search where it is not stored and write its figures; the first argument may be a number of replicates."""
    from pages.economy.__main__ import REPLICATES
    from pages.economy.sampling import study

    write(study("best", SCENARIO, int(arguments[0]) if arguments else REPLICATES))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
