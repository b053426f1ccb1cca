"""The page of an attribution: what all levers do, whose share it is, what is left beyond information and chance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.figures.drawing import DrawnFigure
from qipan.experiments.figures.levers import draw_comparisons, draw_shares
from qipan.experiments.findings.attribution import claims, comparisons_finding, phrase, shares_finding, total_sentence
from qipan.experiments.findings.reading import vintage
from qipan.experiments.report.attribution_grids import page_grids
from qipan.experiments.report.study import PAGE, Drawing, draw_plates, write_page
from qipan.experiments.results.provenance import in_one_line

if TYPE_CHECKING:
    from qipan.experiments.results.study import Study
    from qipan.model.world import World


def write_attribution(study: Study, folder: Path, seed: int, world: World, language: str) -> Path:
    """Draw the figures and write attribution.html; returns its path.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    drawn = draw_attribution(study, seed, folder / "figures", world, language)
    return write_page(
        folder / "attribution.html",
        language,
        page_title(study, language),
        _footer(study, seed, world, language),
        page_sentences(study, language),
        study.warnings,
        drawn,
        page_grids(study, language),
    )


def page_title(study: Study, language: str) -> str:
    """The title of the page."""
    return phrase("title", language, name=study_title(study, language))


def page_sentences(study: Study, language: str) -> list[str]:
    """What the attribution says, each with its stop."""
    shares, effects = study.tables["shares"], study.tables["effects"]
    found = [
        total_sentence(shares, language),
        shares_finding(shares, language),
        comparisons_finding(effects, language),
        *claims(study.tables["ranking"], language),
    ]
    stop = "。" if language == "zh" else "."
    return [text + stop for text in found]


def draw_attribution(
    study: Study, seed: int, folder: Path, world: World, language: str, drawing: Drawing = PAGE, title: str = ""
) -> Mapping[str, DrawnFigure]:
    """Draw the figures of an attribution into a folder.

    Raises:
        StoreError: the folder cannot be written.
        UserError: Chinese is asked for and no installed font has the characters.
    """
    shares, effects = study.tables["shares"], study.tables["effects"]
    plates = {
        "shares": lambda sheet: draw_shares(shares, sheet),
        "comparisons": lambda sheet: draw_comparisons(effects, sheet),
    }
    return draw_plates(
        plates, folder, language, _footer(study, seed, world, language), drawing, in_one_line(study.facts), title
    )


def study_title(study: Study, language: str) -> str:
    """What the design under study is called; the folder's name where the study does not tell."""
    title = study.facts.get("title_zh") if language == "zh" else ""
    return str(title or study.facts.get("title") or study.name)


def _footer(study: Study, seed: int, world: World, language: str) -> str:
    return phrase(
        "footer",
        language,
        name=study.name,
        arms=len(study.facts["arms_run"]),
        seed=seed,
        n=f"{int(study.tables['shares']['n'].iloc[0]):,}",
        world=world.name,
        vintage=vintage(world, language),
    )
