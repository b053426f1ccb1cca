"""The numbers behind a figure, as a CSV file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.figures.differences import shown_measures
from qipan.experiments.figures.layout import arms_to_show
from qipan.experiments.findings.reading import HEADLINE, OVER_TIME, has, when
from qipan.experiments.results.provenance import provenance, with_made
from qipan.experiments.results.write import csv_bytes
from qipan.experiments.store.parts import write_atomic
from qipan.experiments.summaries.comparison import TOTAL, Comparison

if TYPE_CHECKING:
    import pandas as pd

    from qipan.experiments.figures.chosen import Chosen
    from qipan.experiments.results.study import Study

OF_STUDIES = {
    "curves": "differences",
    "heat": "differences",
    "points": "differences",
    "regret": "robustness",
    "drivers": "drivers",
    "shares": "shares",
    "comparisons": "effects",
    "worth": "worth",
    "best": "arms",
}
"""The table behind each figure of a study, by the first part of its name."""
CHOSEN = "-chosen"


def write_data(result: Comparison | Study, names: Iterable[str], folder: Path, chosen: Chosen | None = None) -> None:
    """Write NAME.csv for each figure that was drawn into a folder.

    Args:
        result: What was drawn; narrowed to what was chosen.
        names: Of the figures.
        folder: Of the figures.
        chosen: What was chosen.
    """
    facts: Mapping[str, Any] = result.manifest if isinstance(result, Comparison) else result.facts
    made = provenance(facts)
    for name in names:
        table = _of_comparison(result, name, chosen) if isinstance(result, Comparison) else _of_study(result, name)
        if table is not None and len(table):
            write_atomic(folder / f"{name}.csv", csv_bytes(with_made(table, made)))


def _of_study(study: Study, name: str) -> pd.DataFrame | None:
    return study.tables.get(OF_STUDIES.get(name.partition("-")[0], name))


def _of_comparison(comparison: Comparison, name: str, chosen: Chosen | None) -> pd.DataFrame | None:
    """The rows that a figure draws."""
    plain = name.removesuffix(CHOSEN)
    measures = chosen.measures if chosen is not None else ()
    if plain == "differences":
        table = comparison.table("differences")
        pairs = {(one, when(comparison, one)) for one in shown_measures(comparison, measures or HEADLINE)}
        return table[[pair in pairs for pair in zip(table["measure"], table["year"].astype(str), strict=True)]]
    if plain == "over_time":
        table = comparison.table("summary")
        return table[table["measure"].isin(measures or OVER_TIME) & (table["year"].astype(str) != TOTAL)]
    if plain in ("output", "regional_targets", "regions"):
        table = comparison.table("fans")
        return table[(table["region"] == "nation") == (plain == "output")]
    if plain == "layout":
        table, arms = comparison.table("layouts"), [arm.name for arm in arms_to_show(comparison)]
        return table[table["arm"].isin(arms) & (table["year"] == comparison.year_told)]
    source = {"map": "regions"}.get(plain, plain)
    return comparison.table(source) if has(comparison, source) else None
