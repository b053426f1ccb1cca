"""`python -m pages.economy [REPLICATES]`: run what is missing, write docs/economy.md."""

from __future__ import annotations

import sys
from collections.abc import Sequence

REPLICATES = 1000


def main(arguments: Sequence[str]) -> int:
    """Run every case that is not stored and write the page; the first argument may be a number of replicates."""
    from pages.economy.page import PAGE, cases, page
    from pages.economy.sampling import sampled, study
    from pages.economy.searched import write
    from qipan.experiments.store.versions import model_hash

    replicates = int(arguments[0]) if arguments else REPLICATES
    wanted = cases(replicates)
    found = sampled(wanted.items())
    studies = {name: study(name, of, replicates) for name, of in (("worth", "baseline"), ("best", "national-design"))}
    write(studies["best"])
    PAGE.write_text(page(found, studies, replicates, model_hash()), encoding="utf-8")
    print(f"{PAGE}: {len(wanted)} runs, {replicates:,} replicates")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
