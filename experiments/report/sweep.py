"""The page of a sweep: what it says, figures that fit its design, and its tables."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.figures.drawing import Plate
from experiments.figures.reading import vintage
from experiments.figures.sheet import Sheet
from experiments.figures.sweeps import curves, drivers, heat, sorted_points
from experiments.labels import measure_label
from experiments.report.grids import Grid
from experiments.report.study import draw_plates, frame_grid, write_page
from experiments.sweep_words import parameter_label, phrase, sentences

if TYPE_CHECKING:
    from experiments.studying import Study
    from experiments.sweep_file import Sweep
    from model.world import World

CAPTIONS = {
    "volume": ("Where each arm helps, cannot be told apart, hurts", "各方案有益、不可区分与有害的份额"),
    "robustness": ("Regret and satisficing", "遗憾与满意度"), "separates": ("What separates them", "何以区分"),
    "drivers": ("Parameters that go with the difference", "与差异相关的参数"),
}  # fmt: skip
MOST_ROWS = 60


def write_sweep(study: Study, asked: Sweep, folder: Path, world: World, language: str) -> Path:
    """Draw the figures and write sweep.html; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    footer = phrase("footer", language, name=study.name, points=len(study.tables["points"]), n=asked.replicates,
                    sampler=asked.method.replace("_", " "), world=world.name,
                    vintage=vintage(world, language))  # fmt: skip
    drawn = draw_plates(plates_of(study, asked), folder / "figures", language, footer)
    stop = "。" if language == "zh" else "."
    said = [asked.question, *(text + stop for text in sentences(study, language))]
    return write_page(folder / "sweep.html", language, asked.title, footer, [text for text in said if text],
                      study.warnings, drawn, page_grids(study, language))  # fmt: skip


def plates_of(study: Study, asked: Sweep) -> dict[str, Callable[[Sheet], Plate]]:
    """The figures that fit: curves for one varied parameter, a heat map for a grid of two, else points and drivers."""
    if "differences" not in study.tables:
        return {}
    baseline, varied = asked.arms[0], [name for name in study.tables["points"].columns if name != "point"]
    if len(varied) == 1 and study.tables["points"][varied[0]].dtype.kind in "iuf":
        return {"curves": partial(_curves, study, baseline, varied[0])}
    if len(varied) == 2 and asked.method == "grid":
        return {"heat": lambda sheet: heat(study, baseline, (varied[0], varied[1]), sheet)}
    plates = {"points": lambda sheet: sorted_points(study, baseline, sheet)}
    if "drivers" in study.tables:
        plates["drivers"] = lambda sheet: drivers(study, baseline, sheet)
    return plates


def _curves(study: Study, baseline: str, parameter: str, sheet: Sheet) -> Plate:
    return curves(study, baseline, parameter, sheet)


def page_grids(study: Study, language: str) -> list[Grid]:
    """The tables of the page, the longest cut."""
    grids = []
    for name, caption in CAPTIONS.items():
        if name in study.tables:
            table = study.tables[name].head(MOST_ROWS).copy()
            if "measure" in table:
                table["measure"] = table["measure"].map(lambda key: measure_label(key, language))
            if "parameter" in table:
                table["parameter"] = table["parameter"].map(lambda key: parameter_label(key, language))
            heads = {column: column.replace("_", " ") for column in table.columns}
            grids.append(frame_grid(name, caption[language == "zh"], table, heads))
    return grids
