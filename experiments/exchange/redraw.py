"""`qipan plot`: the figures and the page of any stored result, drawn again in place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.exchange.export import placed
from qipan.experiments.exchange.figure_data import write_data
from qipan.experiments.figures.chosen import choose, entries, narrowed
from qipan.experiments.figures.drawing import draw_all
from qipan.experiments.figures.sheet import size_of
from qipan.experiments.results.stored import EVIDENCE, KINDS, VALUE, Stored, asked_of, opened, place_of
from qipan.experiments.store.folder import holding
from qipan.experiments.store.ownership import staged
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.experiments.figures.drawing import DrawnFigure
    from qipan.experiments.report.study import Drawing
    from qipan.experiments.results.study import Study


@dataclass(frozen=True)
class Wanted:
    """Which figures are to be drawn, and how; what is left empty is as usual.

    Args:
        drawing: Formats by size; without it everything the page needs, and the page.
        measures, arms, regions, years: As `figures.chosen.choose` takes them.
        title: What stands above each figure in place of its finding.
        folder: Where the figures go; default `figures` inside the result.
    """

    drawing: Drawing | None = None
    measures: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: str = ""
    title: str = ""
    folder: Path | None = None

    @property
    def choice(self) -> dict[str, tuple[str, ...] | str]:
        """The options that choose what is drawn of a comparison, as far as they are given."""
        names = ("measures", "arms", "regions", "years")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def redraw(
    folder: Path, language: str, wanted: Wanted = Wanted(), headline: str | None = None, force: bool = False
) -> Path:
    """Draw a comparison, a sweep or an attribution again: figures and page, or only some figures.

    Args:
        folder: The result.
        language: "en" or "zh".
        wanted: Which figures, and how; without it everything the page needs, and the page.
        headline: The policy of a comparison that titles the figures; None: the one chosen when it was run.
        force: Whether figures and pages that were changed since qipan wrote them may be replaced.

    Returns:
        The page, or the folder of the figures.

    Raises:
        StoreError: not a result, a damaged one, or a folder that cannot be written.
        UserError: Chinese is asked for and no installed font has the characters, or the headline is no policy.
    """
    stored, drawing = replace(opened(folder), headline=headline), wanted.drawing
    problems = []
    if stored.kind != "comparison":
        given = ["headline"] if headline is not None else []
        for option in (*given, *wanted.choice):
            message = f"{folder} is {KINDS[stored.kind]}, not a comparison"
            problems.append(Problem("command line", f"--{option}", message, "leave it out"))
    for size in drawing or ():
        try:
            size_of(size)
        except UserError as error:
            problems += error.problems
    if stored.kind == "comparison" and problems:
        try:
            choose(stored.comparison(), wanted.measures, wanted.arms, wanted.regions, wanted.years)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    target = folder / "figures" if wanted.folder is None else wanted.folder
    if drawing is not None:
        with placed(folder, target, True, force) as place:
            draw_chosen(stored, place, language, wanted)
        return target
    with holding(folder, force=force, other="copy the result to a place that can be written to"):
        if stored.kind == "comparison":
            from qipan.experiments.report.page import draw

            return draw(stored.comparison(), folder, language)
        with staged(folder) as place:
            return folder / rewrite(stored.study(), place, language).name


def draw_chosen(stored: Stored, target: Path, language: str, wanted: Wanted) -> None:
    """Draw what is wanted into a folder, and the numbers of each figure beside it.

    Raises:
        StoreError: a damaged result, or a folder that cannot be written.
        UserError: names that the result does not have; a size that is too small; no font for Chinese.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    assert wanted.drawing is not None, "called for figures alone"
    if stored.kind != "comparison":
        study = stored.study()
        write_data(study, draw_study(study, target, language, wanted.drawing, wanted.title), target)
        return
    result = stored.comparison()
    chosen = choose(result, wanted.measures, wanted.arms, wanted.regions, wanted.years)
    shown = narrowed(result, chosen) if chosen else result
    declared = entries(chosen) if chosen else None
    for size, formats in wanted.drawing.items():
        drawn = draw_all(shown, target, language, formats, (size,), "page", declared, wanted.title)
        write_data(shown, drawn, target, chosen)


def draw_figures(stored: Stored, target: Path, language: str, drawing: Drawing) -> Mapping[str, DrawnFigure]:
    """Draw the figures of any result into another folder.

    Raises:
        StoreError: not a result, a damaged one, or a folder that cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    if stored.kind != "comparison":
        return draw_study(stored.study(), target, language, drawing)
    result, drawn = stored.comparison(), {}
    for size, formats in drawing.items():
        drawn = draw_all(result, target, language, formats, (size,), plain="page")
    return drawn


def rewrite(study: Study, folder: Path, language: str) -> Path:
    """Draw the figures of a study and write its page again; returns the page.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    world: Any = place_of(study)
    if study.kind == "sweep":
        from qipan.experiments.report.sweep import write_sweep

        return write_sweep(study, asked_of(study.facts), folder, world, language)
    if study.kind in VALUE:
        from qipan.experiments.value.page import write_value

        return write_value(study, folder, int(study.facts["seed"]), world, language)
    if study.kind in EVIDENCE:
        from qipan.experiments.evidence.page import write_evidence

        return write_evidence(study, folder, int(study.facts["seed"]), world, language)
    from qipan.experiments.report.attribution import write_attribution

    return write_attribution(study, folder, int(study.facts["seed"]), world, language)


def draw_study(
    study: Study, folder: Path, language: str, drawing: Drawing, title: str = ""
) -> Mapping[str, DrawnFigure]:
    """Draw the figures of a study in some sizes and formats into a folder; returns what was drawn.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    world: Any = place_of(study)
    if study.kind == "sweep":
        from qipan.experiments.report.sweep import draw_sweep

        return draw_sweep(study, asked_of(study.facts), folder, world, language, drawing, title)
    if study.kind in VALUE:
        from qipan.experiments.value.page import draw_value

        return draw_value(study, int(study.facts["seed"]), folder, world, language, drawing, title)
    if study.kind in EVIDENCE:
        from qipan.experiments.evidence.page import draw_evidence

        return draw_evidence(study, int(study.facts["seed"]), folder, world, language, drawing, title)
    from qipan.experiments.report.attribution import draw_attribution

    return draw_attribution(study, int(study.facts["seed"]), folder, world, language, drawing, title)
