"""What happened in 2023 to 2025 beside what the model has without a coordinator: documents, breadth, sectors, money.

`python -m pages.validation` runs the baseline and writes docs/validation.md from data/outcomes.csv and
data/adoption.csv. A fact whose quantity the model does not have says so; one outside the model's 90% range is listed
as wrong.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qipan import History, load_scenario, run
from qipan.model.axes import BLOCK
from qipan.model.extend.registry import MECHANISMS
from qipan.model.measures import compute
from qipan.model.scenario.table import parameter_table
from qipan.model.world import World, shipped_folder

Array = NDArray[np.float64]
PAGE, REPLICATES = Path("docs") / "validation.md", 400
SCENARIO, YEARS = "baseline", (2023, 2024, 2025)
RANGE = (0.05, 0.5, 0.95)
HEAD = """# What happened, and what the model has

Written by `python -m pages.validation` from data/outcomes.csv and data/adoption.csv: scenario `{scenario}`,
{replicates} replicates, seed 1. Ranges hold 90% of the replicates. Where something in the model was set with a fact in
view, the row says so. Three years are little: this is a check and no proof.
"""
LIKE = """
Growth of the model is a year from 2023 to 2025, use of capacity that of 2025. Levels are gross output in the year of
the fact, in 2023 for facts of 2022 and before. Published totals count differently, up to a hundred times for one field:
none is the model's own quantity, so a level in the range is no success and one outside it no failure. What a yuan of
the model counts for in such totals is `world.market.scope`, an assumption.
"""
COLUMNS = (
    "| fact | year | observed | model, median (90%) | verdict | differs in | source, grade |",
    "| --- " * 7 + "|",
)


@dataclass(frozen=True)
class Fact:
    """One row of data/outcomes.csv."""

    fact: str
    meaning: str
    value: float
    unit: str
    year: int
    counterpart: str
    likeness: str
    source: str
    grade: str
    remark: str


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table."""
    with (shipped_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts() -> tuple[Fact, ...]:
    """Every fact, in the order of the table."""
    return tuple(
        Fact(**{**row, "value": float(row["value"]), "year": int(row["year"])})  # type: ignore[arg-type]
        for row in rows_of("outcomes.csv")
    )


def first_of(event: str) -> dict[str, str]:
    """Year and month of the first `mention` or `document` of each province of which one was found."""
    return {row["region"]: row["issued"] for row in rows_of("adoption.csv") if row["event"] == event}


def found_by(event: str, year: int) -> int:
    """Provinces whose first mention or document was issued by the end of a year."""
    return sum(issued[:4] <= str(year) for issued in first_of(event).values())


def quantities(history: History) -> dict[str, Array]:
    """What the model has against the facts, one number a replicate: (n,); `documents` (n, year), `adopted` (n, R) and
    `sectors`, the share of documented regions in each, (n, K), in 2025. `level:CODE:YEAR` is the output of a sector or
    a region and `money:guidance_fund:YEAR` what the funds offer, bn yuan.
    """
    place = [int(np.flatnonzero(history.years == year)[0]) for year in YEARS]
    adopted, layout = history["adopted"][:, place], history["layout"][:, place[-1]]
    documented = np.maximum(adopted[:, -1].sum(axis=1), 1.0)
    offered = history["offered"][:, :, list(MECHANISMS).index("guidance_fund")]
    found = {
        "documents": adopted.sum(axis=2),
        "adopted": adopted[:, -1],
        "sectors": layout.sum(axis=1) / documented[:, None],
        "breadth": layout.sum(axis=(1, 2)) / documented,
        "cosine": compute(history, ["layout_cosine"])["layout_cosine"][:, place[-1]],
        "guidance_growth": offered[:, place[1]] / offered[:, place[0]] - 1.0,
    }
    output = history["output"][:, place]
    for i, year in enumerate(YEARS):
        found[f"money:guidance_fund:{year}"] = offered[:, place[i]]
        sectors = zip(history.world.sector_codes, output[:, i].sum(axis=1).T, strict=True)
        regions = zip(history.world.region_codes, output[:, i].sum(axis=2).T, strict=True)
        found |= {f"level:{code}:{year}": values for code, values in (*sectors, *regions)}
    for k, code in enumerate(history.world.sector_codes):
        made = output[:, :, :, k].sum(axis=2)
        found[f"growth:{code}"] = (made[:, -1] / made[:, 0]) ** (1.0 / (YEARS[-1] - YEARS[0])) - 1.0
        found[f"use:{code}"] = history["utilisation"][:, place[-1], k]
    return found


def simulated(replicates: int) -> tuple[dict[str, Array], World]:
    """The quantities of every replicate, and the world they belong to."""
    scenario, parts = load_scenario(SCENARIO), []
    for start in range(0, replicates, BLOCK):
        history = run(scenario, replicates=range(start, min(start + BLOCK, replicates)))
        parts.append(quantities(history))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, history.world


def verdict(observed: float, values: Array) -> str:
    """Whether what was observed lies in the range of the model."""
    low, _, high = np.quantile(values, RANGE)
    return "in the range" if low <= observed <= high else "model too low" if observed > high else "model too high"


def ranked_right(score: Array, did: NDArray[np.bool_], tie: float = 0.0) -> float:
    """Share of pairs of one that did and one that did not in which the score ranks the first higher.

    Scores that differ by no more than `tie` are equal, and count half.
    """
    apart = score[did][:, None] - score[~did][None, :]
    return float((apart > tie).mean() + 0.5 * (np.abs(apart) <= tie).mean())


def page(found: dict[str, Array], world: World) -> str:
    """The page."""
    parts = [HEAD.format(scenario=SCENARIO, replicates=len(found["breadth"])), _documents(found, world)]
    parts += [_sectors(found, world), _facts(found), _wrong(found, world)]
    return "\n".join(parts)


def _spread(values: Array) -> str:
    low, middle, high = np.quantile(values, RANGE)
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _documents(found: dict[str, Array], world: World) -> str:
    lines = [
        "## Documents\n",
        "| by the end of | documents of their own, found | first mentions, found | model, median (90%) |",
        "| --- | --- | --- | --- |",
    ]
    for place, year in enumerate(YEARS):
        own, mentions = found_by("document", year), found_by("mention", year)
        lines.append(f"| {year} | {own} | {mentions} | {_spread(found['documents'][:, place])} |")
    late, chance, (right, size) = *_late(found, world), _ranked(found, world)
    early = sum(issued <= "2023-02" for issued in first_of("document").values())
    before = found_by("mention", 2022)
    mean = [chance[late == did].mean() for did in (True, False)]
    lines.append(
        f"""
What the model spreads is a document of a region's own. It starts from the survey of February 2023, 4 of 31 (Zhejiang,
Shanghai, Shanxi, Henan), the only complete count; counts after it are what was found, lower bounds. By February
2023 {early} documents were found; Jiangxi's of January is not in the survey. A mention inside a wider plan is another
event; {before} come before 2023. The diffusion coefficients name 21 regions by 2025 as their source, which are
mentions; they were not fitted to either column.

*Which regions.* Of the {len(late)} that had none in the survey, the {sum(late)} with a document by 2025 have one in
{mean[0]:.0%} of the replicates, the others in {mean[1]:.0%}. Of the pairs of one and one the model ranks {right:.0%}
right (chances within their noise are ties, which count half), R&D spending alone {size:.0%}, a coin 50%. Who follows
is no part of the model's diffusion: its chance is the same for all. Large regions are wider, so this is also where its
breadth is lost. Documents of large regions are found more easily, so their lead is somewhat overstated.
"""
    )
    return "\n".join(lines)


def _late(found: dict[str, Array], world: World) -> tuple[NDArray[np.bool_], Array]:
    """Regions without a document in the survey: whether one was found by 2025, and how often the model has one."""
    rest = world.adopted_at_start == 0.0
    did = np.array([code in first_of("document") for code in world.region_codes])
    return did[rest], found["adopted"].mean(axis=0)[rest]


def _ranked(found: dict[str, Array], world: World) -> tuple[float, float]:
    """Pairs of such regions ranked right by the model, and by R&D spending alone.

    Chances closer than three standard errors of a difference of shares are equal.
    """
    late, chance = _late(found, world)
    tie = 3.0 * (2.0 * chance.mean() * (1.0 - chance.mean()) / len(found["adopted"])) ** 0.5
    return ranked_right(chance, late, tie), ranked_right(world.rd[world.adopted_at_start == 0.0], late)


def _sectors(found: dict[str, Array], world: World) -> str:
    named = world.announced_layout[world.breadth_announced].mean(axis=0)
    lines = [
        "## Sectors of the documented regions\n",
        "| sector | named by, of 21 | model 2025, median (90%) | verdict |",
        "| --- | --- | --- | --- |",
    ]
    for k, name in enumerate(world.sector_names):
        values = found["sectors"][:, k]
        lines.append(f"| {name} | {named[k]:.2f} | {_spread(values)} | {verdict(float(named[k]), values)} |")
    lines.append("\nShares of regions.\n")
    return "\n".join(lines)


def _facts(found: dict[str, Array]) -> str:
    lines = ["## Other facts\n", *COLUMNS]
    for fact in facts():
        model, said = _model(fact, found)
        unit = "" if fact.unit in ("1", "1/year") else f" {fact.unit}"
        cells = (fact.meaning, fact.year, f"{fact.value:g}{unit}", model, said, fact.remark)
        lines.append(f"| {' | '.join(map(str, cells))} | {fact.source}, {fact.grade} |")
    lines.append(LIKE)
    return "\n".join(lines)


def _model(fact: Fact, found: dict[str, Array]) -> tuple[str, str]:
    """What the model has against a fact, and what is to be said of it."""
    if fact.counterpart in found:
        return _spread(found[fact.counterpart]), verdict(fact.value, found[fact.counterpart])
    table = parameter_table()
    if fact.counterpart in table:
        return f"{table[fact.counterpart].default:g}", f"an input (`{fact.counterpart}`), no test"
    return "", "no counterpart"


def _wrong(found: dict[str, Array], world: World) -> str:
    """What lies outside the range, one sentence each."""
    lines = ["## What the model gets wrong\n"]
    for place, year in enumerate(YEARS):
        said = verdict(found_by("document", year), found["documents"][:, place])
        if said != "in the range":
            lines.append(f"- Documents by the end of {year}: {said}.")
    right, size = _ranked(found, world)
    if right < size:
        lines.append(
            f"- Which regions issue documents: {right:.0%} of pairs ranked right, by R&D spending alone {size:.0%}."
        )
    named = world.announced_layout[world.breadth_announced].mean(axis=0)
    for k, name in enumerate(world.sector_names):
        said = verdict(float(named[k]), found["sectors"][:, k])
        if said != "in the range":
            lines.append(f"- {name}: {said} in the share of regions that name it.")
    tested = [fact for fact in facts() if fact.counterpart in found]
    lines += _apart(tested, found, "same")
    lines.append("\nNear quantities that are apart; each differs in what the table says, so this proves no error:\n")
    lines += _apart(tested, found, "near")
    silent = sum(not fact.counterpart for fact in facts())
    lines.append(f"\nOf {len(facts())} facts {silent} have no counterpart in the model, {len(tested)} are compared.\n")
    return "\n".join(lines)


def _apart(tested: Sequence[Fact], found: dict[str, Array], likeness: str) -> Iterator[str]:
    """The facts of one likeness that lie outside the range."""
    for fact in tested:
        values = found[fact.counterpart]
        said = verdict(fact.value, values)
        if fact.likeness == likeness and said != "in the range":
            yield f"- {fact.meaning}, {fact.year}: {fact.value:g}, model {_spread(values)}: {said}."


def main(arguments: Sequence[str]) -> int:
    """Run the baseline and write the page; the first argument may be a number of replicates."""
    replicates = int(arguments[0]) if arguments else REPLICATES
    PAGE.write_text(page(*simulated(replicates)), encoding="utf-8")
    print(f"{PAGE}: {len(facts())} facts, {replicates:,} replicates")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
