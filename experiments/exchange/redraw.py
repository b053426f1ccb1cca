"""`qipan plot`: the figures and the page of any stored result, drawn again in place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.results.stored import EVIDENCE, VALUE, Stored, asked_of, opened, place_of
from qipan.experiments.store.folder import holding
from qipan.experiments.store.ownership import staged
from qipan.model.errors import Problem, UserError

if TYPE_CHECKING:
    from qipan.experiments.figures.drawing import DrawnFigure
    from qipan.experiments.report.study import Drawing
    from qipan.experiments.results.study import Study


def redraw(
    folder: Path, language: str, drawing: Drawing | None = None, headline: str | None = None, force: bool = False
) -> Path:
    """Draw a comparison, a sweep or an attribution again: figures and page, or only some figures.

    Args:
        folder: The result.
        language: "en" or "zh".
        drawing: Formats by size; without it everything the page needs, and the page.
        headline: The policy of a comparison that titles the figures; None: the one chosen when it was run.
        force: Whether figures and pages that were changed since qipan wrote them may be replaced.

    Returns:
        The page, or the folder of the figures.

    Raises:
        StoreError: not a result, a damaged one, or a folder that cannot be written.
        UserError: Chinese is asked for and no installed font has the characters, or the headline is no policy.
    """
    stored = replace(opened(folder), headline=headline)
    if headline is not None and stored.kind != "comparison":
        raise UserError(Problem("command line", "--headline", f"{folder} is no comparison", "leave it out"))
    with holding(folder, force=force, other="copy the result to a place that can be written to"):
        if drawing is None and stored.kind == "comparison":
            from qipan.experiments.report.page import draw

            return draw(stored.comparison(), folder, language)
        with staged(folder) as place:
            if drawing is None:
                return folder / rewrite(stored.study(), place, language).name
            draw_figures(stored, place / "figures", language, drawing)
            return folder / "figures"


def draw_figures(stored: Stored, target: Path, language: str, drawing: Drawing) -> Mapping[str, DrawnFigure]:
    """Draw the figures of any result into another folder.

    Raises:
        StoreError: not a result, a damaged one, or a folder that cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    if stored.kind != "comparison":
        return draw_study(stored.study(), target, language, drawing)
    from qipan.experiments.figures import draw_all

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


def draw_study(study: Study, folder: Path, language: str, drawing: Drawing) -> Mapping[str, DrawnFigure]:
    """Draw the figures of a study in some sizes and formats into a folder; returns what was drawn.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    world: Any = place_of(study)
    if study.kind == "sweep":
        from qipan.experiments.report.sweep import draw_sweep

        return draw_sweep(study, asked_of(study.facts), folder, world, language, drawing)
    if study.kind in VALUE:
        from qipan.experiments.value.page import draw_value

        return draw_value(study, int(study.facts["seed"]), folder, world, language, drawing)
    if study.kind in EVIDENCE:
        from qipan.experiments.evidence.page import draw_evidence

        return draw_evidence(study, int(study.facts["seed"]), folder, world, language, drawing)
    from qipan.experiments.report.attribution import draw_attribution

    return draw_attribution(study, int(study.facts["seed"]), folder, world, language, drawing)
