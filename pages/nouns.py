"""Every noun of the case: its scenario against the scenario without it, on a measure named beforehand.

`python -m pages.nouns` runs the pairs on the same draws and writes docs/nouns.md. The measure stands in nouns.csv
before anything is run; where the interval of the paired difference holds zero, the page says so in plain words.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qipan.experiments.statistics.paired import Interval, mean_interval

PAGE = Path("docs") / "nouns.md"
TABLE = Path(__file__).with_suffix(".csv")
REPLICATES = 1000
NO_EFFECT = "no distinguishable effect"
HEAD = """# The nouns of the case, and what each does

Written by `python -m pages.nouns`. Each noun has a scenario and a measure, both named in `pages/nouns.csv`
before anything is run. The difference is scenario less comparison, paired by replicate ({replicates} replicates, seed
{seed}), with its 95% interval; yearly measures are means over the years. {clear} of {count} intervals exclude zero; at
95%, about {chance:.0f} of {count} would do so by chance alone. An effect that is distinguishable may still be small:
compare it with the level beside it. The values behind are priors, so this page says what each part does in the model,
not what it does in China.

{silent}

| noun | scenario | against | measure | level | difference | in words |
| --- | --- | --- | --- | --- | --- | --- |
"""

# Why a noun may show nothing in its measure; printed only where it does not.
WHY = {
    "Second taxonomy: six directions of other countries": "as many sectors, with values from the same distribution",
    "Talent echelon": "it raises successes of research, while the odds of a breakthrough follow what is completed",
    "Lump sum": "the levy goes back to who paid it",
    "Exact layout": "the layout found step by step is hardly worse than the exact one",
    "Old wine (relabelling)": "it takes money from projects, while the measure counts who enters",
}


@dataclass(frozen=True)
class Noun:
    """One row: a noun, the scenario with it, the one without it, and the measure that is to show it."""

    noun: str
    noun_zh: str
    scenario: str
    baseline: str
    measure: str


def nouns() -> tuple[Noun, ...]:
    """The table of nouns, in the order of the case."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Noun(**row) for row in csv.DictReader(file))


def sample(name: str, measures: Sequence[str], replicates: int) -> dict[str, NDArray[np.float64]]:
    """Each measure of a scenario, one number a replicate: (replicate,)."""
    from qipan import load_scenario, run
    from qipan.model.axes import BLOCK
    from qipan.model.measures import compute

    scenario = load_scenario(name)
    parts: dict[str, list[NDArray[np.float64]]] = {measure: [] for measure in measures}
    for start in range(0, replicates, BLOCK):
        history = run(scenario, replicates=range(start, min(start + BLOCK, replicates)), executor="auto")
        for measure, values in compute(history, measures).items():
            parts[measure].append(values.reshape(values.shape[0], -1).mean(axis=1))
    return {measure: np.concatenate(values) for measure, values in parts.items()}


def in_words(difference: Interval) -> str:
    """The interval in plain words."""
    if difference.low > 0.0 or difference.high < 0.0:
        return "higher" if difference.estimate > 0.0 else "lower"
    return NO_EFFECT


def effects(replicates: int) -> list[tuple[Noun, float, Interval]]:
    """Level of the comparison and paired difference of every noun."""
    rows = nouns()
    wanted = tuple(sorted({row.measure for row in rows}))

    @cache
    def numbers(name: str) -> dict[str, NDArray[np.float64]]:
        return sample(name, wanted, replicates)

    found = []
    for row in rows:
        ours, theirs = numbers(row.scenario)[row.measure], numbers(row.baseline)[row.measure]
        found.append((row, float(theirs.mean()), mean_interval(ours - theirs)))
    return found


def page(found: Iterable[tuple[Noun, float, Interval]], replicates: int, seed: int = 1) -> str:
    """The page."""
    rows = list(found)
    clear = sum(in_words(difference) != NO_EFFECT for _, _, difference in rows)
    head = HEAD.format(
        replicates=f"{replicates:,}",
        seed=seed,
        clear=clear,
        count=len(rows),
        chance=0.05 * len(rows),
        silent=_silent([row.noun for row, _, difference in rows if in_words(difference) == NO_EFFECT]),
    )
    return head + "".join(f"{_line(*row)}\n" for row in rows)


def _silent(names: Sequence[str]) -> str:
    """The nouns whose effect on their measure is not told from zero, each with its reason where one is known."""
    if not names:
        return "Every noun has a distinguishable effect on its measure at the defaults."
    listed = "\n".join(f"- {name}{f': {WHY[name]}' if name in WHY else ''}." for name in names)
    return f"No distinguishable effect on their measure at the defaults:\n\n{listed}"


def _line(row: Noun, level: float, difference: Interval) -> str:
    from qipan.model.measures import MEASURES

    known = MEASURES[row.measure]
    unit = "" if known.unit == "1" else f", {known.unit}"
    interval = f"{difference.estimate:+.3g} ({difference.low:+.3g} to {difference.high:+.3g})"
    cells = (row.noun, f"`{row.scenario}`", f"`{row.baseline}`", f"{known.label}{unit}", f"{level:.4g}", interval)
    return f"| {' | '.join(cells)} | {in_words(difference)} |"


def main(arguments: Sequence[str]) -> int:
    """Run every pair and write the page; the first argument may be a number of replicates."""
    replicates = int(arguments[0]) if arguments else REPLICATES
    PAGE.write_text(page(effects(replicates), replicates), encoding="utf-8")
    print(f"{PAGE}: {len(nouns())} nouns, {replicates:,} replicates")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
