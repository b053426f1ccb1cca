"""What published facts refute, what holds in the worlds that are left, what the answer hangs on, where it reverses.

`python -m pages.evidence` runs calibration, claims over the worlds left, sensitivity and flip (parts are kept under
results/evidence, so that it goes on where it was stopped), and writes docs/evidence.md, the shipped worlds,
scenarios/worlds/provinces.csv, and what comparisons quote of it, experiments/findings/quoted/evidence.json.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pages.evidence_stored import record
from qipan import load_scenario, load_world
from qipan.experiments.command_line import main as qipan
from qipan.experiments.evidence import words
from qipan.experiments.evidence.history.matched import WORLDS
from qipan.experiments.findings.quoted.evidenced import STORED
from qipan.experiments.findings.quoted.shipped import BASELINE
from qipan.experiments.findings.sweep import main_sentences
from qipan.experiments.results.stored import load_study
from qipan.experiments.store.versions import model_hash
from qipan.experiments.studies.emulated.over import DIGITS, TOLD, shipped_rows

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study

PAGE, SHIPPED = Path("docs") / "evidence.md", Path("scenarios") / "worlds" / "provinces.csv"
FOLDER = Path("results") / "evidence"
POLICIES = ("national-design", "cut", "information-only", "random-coordinator")
HEAD = """# What the data refute, what the answer hangs on, where it reverses

Written by `make evidence` (model {model}). The commands behind it say the same of any other policy, measure and file
of facts.

- `qipan calibrate PATTERNS.yaml` rules out worlds of the prior by published facts;
- `qipan compare BASELINE ARM --over CALIBRATION` says in how many of the worlds left a claim holds;
- `qipan sensitivity ARM` says what an effect hangs on, with the luck of the replicates split off;
- `qipan flip ARM` finds the nearest change of assumptions at which a verdict reverses.

All of them but `--over` stand on emulators: Gaussian processes fitted to runs at points of the prior. Every emulator is
checked on 40 points that it has not seen, every time; where fewer than 90% of them lie in its 95% intervals, nothing
built on it is shown. Of an emulator whose intervals are right, 4.8% fail that by chance.
"""
FILE = """## A file of facts

```yaml
title: My facts
title_zh: 我的事实          # Chinese pages show it; so they do question_zh, where a question is given
vary: [world.behaviour.temperature, world.behaviour.spontaneous_adoption=0.02:0.2]
patterns:
  documents-2024:
    measure: documents       # or breadth, sector_share, output_growth, utilisation, money_growth, any yearly measure
    year: 2024
    value: 14
    observation_sd: 2        # how uncertain the observation is
    discrepancy_sd: 2        # how far the model may be off although its assumptions are right; it must be given
    source: adoption.csv
    held_out: false          # true: rules nothing out, checks what is left
    regions: [CN-ZJ, CN-SH]  # documents, breadth and sector_share; all where none is named
```

`sector_share`, `output_growth` and `utilisation` name a `sector`, `money_growth` a `mechanism`. `untouched` lists
assumptions that no fact can tell anything about, which the worlds left draw from their priors. `qipan check FILE`
tells every problem with its line, `qipan schema --patterns` helps editors. The discrepancies of
scenarios/patterns/provinces.yaml are assumptions: make them smaller and more is refuted.

The worlds that come with the model are those of its commit; where code or data have changed since, `--over provinces`
says so.
"""


def conducted(name: str, *arguments: str) -> Study:
    """Run a command into a folder of its own and read what it stored.

    Raises:
        SystemExit: it failed.
    """
    folder = FOLDER / name
    status = qipan([*arguments, "--no-report", "--quiet", "--force", "--out", str(folder)])
    if status:
        raise SystemExit(status)
    return load_study(folder)


def listed(sentences: Sequence[str]) -> str:
    """Sentences, one a line."""
    return "\n".join(f"- {text}" for text in sentences)


def facts_table(calibration: Study) -> str:
    """What each fact rules out by itself, as a table of the page."""
    lines = ["| fact | observed | s.d. | discrepancy | held out | rules out | worlds left have |", "| --- " * 7 + "|"]
    for row in calibration.tables["patterns"].to_dict("records"):
        known = (
            f"{row['median']:.3g} ({row['low']:.3g} to {row['high']:.3g})" if row["emulated"] else "not emulated well"
        )
        ruled = f"{row['ruled_out']:.1%}" if row["ruled_out"] == row["ruled_out"] else ""
        cells = (row["pattern"], f"{row['value']:g}", f"{row['observation_sd']:g}", f"{row['discrepancy_sd']:g}")
        lines.append(f"| {' | '.join(cells)} | {'yes' if row['held_out'] else ''} | {ruled} | {known} |")
    return "\n".join(lines)


def worlds_text(calibration: Study) -> str:
    """The worlds left as the file that comes with the model."""
    rows = calibration.tables["worlds"].head(WORLDS).to_dict("records")
    points = [{key: value for key, value in row.items() if key not in TOLD} for row in rows]
    made = shipped_rows(points, str(calibration.facts["model"]), calibration.facts["data"])
    text = io.StringIO()
    writer = csv.DictWriter(text, list(made[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    return text.getvalue()


def main() -> int:
    """Run everything that is missing, write the worlds and the page."""
    calibration = conducted("calibration-provinces", "calibrate", "provinces")
    SHIPPED.parent.mkdir(exist_ok=True)
    SHIPPED.write_text(worlds_text(calibration), encoding="utf-8")
    over = conducted("over", "compare", "baseline", *POLICIES, "--over", "provinces")
    sensitivity = conducted("flip-emulator", "sensitivity")  # on which flip stands
    flip = conducted("flip", "flip")
    scenarios = {name: load_scenario(name) for name in (BASELINE, *POLICIES)}
    data = load_world(scenarios[BASELINE].world).files
    studies = {"calibration": calibration, "over": over, "sensitivity": sensitivity, "flip": flip}
    told = json.dumps(
        record(studies, scenarios, POLICIES[0], model_hash(), data), indent=2, allow_nan=False, ensure_ascii=False
    )
    STORED.write_text(told + "\n", encoding="utf-8")
    parts = [
        HEAD.format(model=str(calibration.facts["model"])[:DIGITS]),
        "## What the data refute\n",
        listed(words.sentences(calibration, "en")) + "\n",
        facts_table(calibration) + "\n",
        "## In the worlds that are left\n",
        listed([f"{text}." for text in main_sentences(over, "en")]) + "\n",
        "## What the answer hangs on\n",
        listed(words.sentences(sensitivity, "en")) + "\n",
        "## Where it reverses\n",
        listed(words.sentences(flip, "en")) + "\n",
        FILE,
    ]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    print(f"{PAGE}, {SHIPPED}, {STORED.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
