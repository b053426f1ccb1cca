"""`python -m experiments.warming`: the rules compiled once, before anyone waits for it.

Runs every scenario of the repository for two replicates and two years under the compiled executor, so that what they
need is in the cache (see `model.compiled.cache`), and then says so there: `install.py` looks for that file.
"""

from __future__ import annotations

import sys
import time

DONE = "warm"
"""Name of the file in the cache's folder that says that all is compiled."""
LONGEST = 2
"""Years run: the second one has everything that the first one leaves behind."""


def warm() -> int:
    """Compile what the scenarios of the repository need; the number of scenarios run."""
    from model import load_scenario, run
    from model.compiled.cache import cache_folder
    from model.scenario.finding import list_scenarios

    count = 0
    for name in list_scenarios():
        scenario = load_scenario(name)
        last = min(scenario.run.last_year, scenario.run.first_year + LONGEST - 1)
        run(scenario.replace(**{"run.last_year": last}), replicates=range(2), executor="compiled")
        count += 1
    (cache_folder() / DONE).write_text("", encoding="utf-8")
    return count


if __name__ == "__main__":
    from model.executor import compiled_available

    if compiled_available():
        started = time.perf_counter()
        print(f"compiled for {warm()} scenarios in {time.perf_counter() - started:.0f} s")
    sys.exit(0)
