"""The page of a sweep: what it says, figures that fit its design, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.figures.drawing import DrawnFigure, Plate
from qipan.experiments.figures.sheet import Sheet
from qipan.experiments.figures.sweep_heat import heat
from qipan.experiments.figures.sweep_ranked import drivers, regret, sorted_points
from qipan.experiments.figures.sweeps import arms_of, curves, shown_rows
from qipan.experiments.findings.reading import vintage
from qipan.experiments.findings.sweep import phrase, points_told, sentences
from qipan.experiments.report.study import PAGE, Drawing, draw_plates, write_page
from qipan.experiments.report.sweep_grids import page_grids
from qipan.experiments.results.provenance import in_one_line

if TYPE_CHECKING:
    from qipan.experiments.designs.sweep_file import Sweep
    from qipan.experiments.results.study import Study
    from qipan.model.world import World

Plates = dict[str, Callable[[Sheet], Plate]]


def write_sweep(study: Study, asked: Sweep, folder: Path, world: World, language: str) -> Path:
    """Draw the figures and write sweep.html; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    drawn = draw_sweep(study, asked, folder / "figures", world, language)
    title, question = asked.called(language)
    said = [question, *page_sentences(study, language)]
    return write_page(
        folder / "sweep.html",
        language,
        title,
        _footer(study, asked, world, language),
        [text for text in said if text],
        study.warnings,
        drawn,
        page_grids(study, asked.method, language),
    )


def page_sentences(study: Study, language: str) -> list[str]:
    """What the sweep says, each with its stop."""
    stop = "。" if language == "zh" else "."
    return [text + stop for text in sentences(study, language)]


def draw_sweep(
    study: Study, asked: Sweep, folder: Path, world: World, language: str, drawing: Drawing = PAGE, title: str = ""
) -> Mapping[str, DrawnFigure]:
    """Draw the figures of a sweep into a folder.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    return draw_plates(
        plates_of(study, asked),
        folder,
        language,
        _footer(study, asked, world, language),
        drawing,
        in_one_line(study.facts),
        title,
    )


def _footer(study: Study, asked: Sweep, world: World, language: str) -> str:
    points = points_told(len(study.tables["points"]), language)
    return phrase(
        "footer",
        language,
        name=study.name,
        points=points,
        n=asked.replicates,
        sampler=phrase(asked.method, language),
        world=world.name,
        vintage=vintage(world, language),
    )


def plates_of(study: Study, asked: Sweep) -> Plates:
    """The figures that fit: curves for one parameter, a map of colours for two, else points and drivers; and regret."""
    varied = [key for key in study.tables["points"].columns if key != "point"]
    baseline = asked.arms[0].replace("/", "-")
    arms = arms_of(shown_rows(study))
    plates: Plates = {}
    if len(varied) == 1:
        plates["curves"] = lambda sheet: curves(study, baseline, varied[0], sheet)
    for arm in arms:
        plates |= _of_one_arm(study, baseline, arm, varied, "" if len(arms) == 1 else f"-{arm}")
    if "robustness" in study.tables:
        plates["regret"] = lambda sheet: regret(study, baseline, sheet)
    return plates


def _of_one_arm(study: Study, baseline: str, arm: str, varied: list[str], mark: str) -> Plates:
    plates: Plates = {}
    numeric = all(study.tables["points"][key].dtype.kind in "iufb" for key in varied)
    if len(varied) == 2 and (numeric or _complete(study, varied)):
        plates[f"heat{mark}"] = partial(_heat, study, baseline, arm, (varied[0], varied[1]))
    elif len(varied) > 1 and "differences" in study.tables:
        plates[f"points{mark}"] = lambda sheet: sorted_points(study, baseline, arm, sheet)
    drivers_known = study.tables.get("drivers")
    if len(varied) > 2 and drivers_known is not None and arm in set(drivers_known["arm"]):
        plates[f"drivers{mark}"] = lambda sheet: drivers(study, baseline, arm, sheet)
    return plates


def _heat(study: Study, baseline: str, arm: str, parameters: tuple[str, str], sheet: Sheet) -> Plate:
    return heat(study, baseline, arm, parameters, sheet)


def _complete(study: Study, varied: list[str]) -> bool:
    """Whether the points are every combination of the values."""
    points, count = study.tables["points"], 1
    for key in varied:
        count *= points[key].nunique()
    return len(points) == count
