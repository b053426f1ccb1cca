"""The answer in the README, from a run of the default comparison: make readme.

The block between two marks: sentences and a table as the run printed them, with its replicates, its seed and the hash
of the model; and the picture beside it.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.quoted.evidenced import grounds, worlds
from qipan.experiments.findings.reading import gap
from qipan.experiments.report.answer import answer
from qipan.experiments.statistics.paired import UNTOLD
from qipan.experiments.words.labels import measure_label, verdict_label
from qipan.experiments.words.numbers import fixed, places_apart, places_for

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "README.md"
PICTURE = ROOT / "docs" / "figures" / "differences.png"
FOLDER = ROOT / "build" / "national-design-against-baseline"
BLOCK = re.compile(r"<!-- answer: .*?-->\n.*?<!-- end of answer -->\n", re.DOTALL)
MEASURES = ("welfare", "output_discounted", "investment_duplication", "excess_entry")


def block(comparison: Comparison) -> str:
    """The lines between the marks."""
    manifest = comparison.manifest
    told = f"{manifest['replicates']['used']:,} paired futures, seed {manifest['seed']}"
    mark = f"<!-- answer: model {manifest['model']} by make readme -->"
    foot = (
        f"Mean differences from no coordinator with 95% intervals, {told}; in italics what cannot be told "
        "from zero. Written by `make readme`, not by hand; a test says when the model has changed since."
    )
    return "\n".join([mark, *sentences(comparison), "", *table(comparison), "", foot, "<!-- end of answer -->"]) + "\n"


def sentences(comparison: Comparison) -> list[str]:
    """What the run says of the full design, as its page does, and the stored evidence beside it."""
    _, changed, for_whom, *_ = answer(comparison, "en")
    arm = comparison.asked
    evidence = " ".join([*worlds(comparison, arm, "en"), *grounds(comparison, arm, "en")[-1:]])
    return [f"- {text}" for text in (changed, for_whom, evidence) if text]


def table(comparison: Comparison) -> list[str]:
    """A row an arm: its difference on each measure."""
    arms = [arm for arm in comparison.arms if arm.name != comparison.baseline]
    year = comparison.year_told
    heads = [measure_label(name, "en") for name in MEASURES]
    heads = [*heads[:2], *(f"{head}, {year}" for head in heads[2:])]
    rows = [["", *heads], ["---", *["---:"] * len(MEASURES)]]
    rows += [[arm_title(arm, "en"), *(cell(gap(comparison, arm.name, name)) for name in MEASURES)] for arm in arms]
    return [f"| {' | '.join(row)} |" for row in rows]


def cell(row: Any) -> str:
    """A difference with its interval, in italics where it cannot be told from zero."""
    if row is None:
        return ""
    mean, low, high, verdict = row["mean"], row["low"], row["high"], str(row["verdict"])
    if verdict in UNTOLD and low == high:
        return f"*{verdict_label(verdict, 'en')}*"
    places = places_apart(low, high, places_for((high - low) / 2))
    text = f"{fixed(mean, places, signed=True)} ({fixed(low, places)} to {fixed(high, places)})"
    return f"*{text}*" if verdict in UNTOLD else text


def digest_told(text: str) -> str:
    """The hash of the model that the block on the page is of; empty where there is none."""
    found = re.search(r"<!-- answer: model ([0-9a-f]{64}) ", text)
    return found[1] if found else ""


def main(arguments: list[str]) -> int:
    """Run the default comparison, or take a stored one, and write block and picture."""
    from qipan.experiments.command_line import main as qipan
    from qipan.experiments.results.stored import load_comparison

    folder = Path(arguments[0]) if arguments else FOLDER
    given = ["compare", "baseline", "national-design", "--replicates", "1000", "--no-report"]
    if not arguments and (status := qipan([*given, "--force", "--out", str(folder)])):
        return status
    comparison = replace(load_comparison(folder), name=FOLDER.name)
    text, count = BLOCK.subn(lambda _: block(comparison), PAGE.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit("README.md has no block of the answer")
    PAGE.write_text(text, encoding="utf-8")
    draw(comparison)
    return 0


def draw(comparison: Comparison) -> None:
    """The picture: differences of all arms."""
    import matplotlib

    from qipan.experiments.figures.drawing import draw_one
    from qipan.experiments.figures.sheet import SIZES, Sheet, save
    from qipan.experiments.findings.reading import footer
    from qipan.experiments.results.provenance import in_one_line

    sheet = Sheet("en", SIZES["page"], footer(comparison, "en"))
    plate = draw_one(comparison, PICTURE.stem, sheet)
    if plate is not None:
        with matplotlib.rc_context(sheet.settings()):
            save(plate.drawing, PICTURE.with_suffix(""), ("png",), in_one_line(comparison.manifest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
