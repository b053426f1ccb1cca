"""Figures, tables and pages of the studies of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.evidence.figures import draw_calibration, draw_flip, draw_indices, draw_screening
from qipan.experiments.evidence.grids import calibration_grids, flip_grids, quality_grid, screening_grid, shares_grid
from qipan.experiments.evidence.words import is_good, phrase, question, sentences, title, titled
from qipan.experiments.figures.drawing import DrawnFigure, Plate
from qipan.experiments.figures.sheet import Sheet
from qipan.experiments.findings.reading import vintage
from qipan.experiments.report.grids import Grid
from qipan.experiments.report.study import PAGE, Drawing, draw_plates, write_page
from qipan.experiments.results.provenance import in_one_line

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.model.world import World


def write_evidence(study: Study, folder: Path, seed: int, world: World, language: str) -> Path:
    """Draw the figures and write the page, named after the kind; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    drawn = draw_evidence(study, seed, folder / "figures", world, language)
    path, footer = folder / f"{study.kind}.html", footer_of(study, seed, world, language)
    said = [text for text in (question(study, language), *sentences(study, language)) if text]
    return write_page(
        path, language, title(study, language), footer, said, study.warnings, drawn, grids(study, language)
    )


def grids(study: Study, language: str) -> list[Grid]:
    """The tables of the page."""
    if study.kind == "screening":
        return [screening_grid(study, language)]
    if study.kind == "calibration":
        return calibration_grids(study, language)
    if study.kind == "flip":
        return [*flip_grids(study, language), quality_grid(study, language)]
    shown = [shares_grid(study, language)] if is_good(study) else []
    return [*shown, quality_grid(study, language)]


def draw_evidence(
    study: Study, seed: int, folder: Path, world: World, language: str, drawing: Drawing = PAGE, title: str = ""
) -> Mapping[str, DrawnFigure]:
    """Draw the figures of a study of evidence into a folder; none where nothing may be shown.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    footer = footer_of(study, seed, world, language)
    return draw_plates(plates(study), folder, language, footer, drawing, in_one_line(study.facts), title)


def plates(study: Study) -> dict[str, Callable[[Sheet], Plate]]:
    """What is drawn, by name of figure."""
    if study.kind == "screening":
        return {"screening": lambda sheet: draw_screening(study, sheet)}
    if study.kind == "calibration":
        return {"patterns": lambda sheet: draw_calibration(study, sheet)}
    if study.kind == "flip":
        return {"reversal": lambda sheet: draw_flip(study, sheet)}
    return {"indices": lambda sheet: draw_indices(study, sheet)} if is_good(study) else {}


def footer_of(study: Study, seed: int, world: World, language: str) -> str:
    """What stands below the figures and the page."""
    told: Any = study.facts.get("replicates")
    count = told["used"] if isinstance(told, Mapping) else study.facts.get("replicates_used", 0)
    named = {"name": study.name, "seed": seed, "n": f"{int(count):,}", "world": world.name}
    named["vintage"] = vintage(world, language)
    if study.kind == "calibration":
        return phrase("calibration_footer", language, **named)
    arms = {"policy": titled(study, "title", language), "baseline": titled(study, "baseline_title", language)}
    return phrase("footer", language, **arms, **named)
