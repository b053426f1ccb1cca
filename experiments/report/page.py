"""Write the one-page report: one HTML file that opens from disk, needs no network and carries its images inside."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qipan.experiments.brief import make_brief
from qipan.experiments.brief.page import context, templates
from qipan.experiments.figures import DrawnFigure, draw_all
from qipan.experiments.findings.arms import arm_title
from qipan.experiments.findings.assumptions import sentences
from qipan.experiments.findings.finding import named, weights_words
from qipan.experiments.findings.horizons import horizon_sentences
from qipan.experiments.findings.quoted.evidenced import known_or_how
from qipan.experiments.findings.ranks import rank_sentences
from qipan.experiments.findings.settings import not_modelled
from qipan.experiments.report.answer import answer, lacks
from qipan.experiments.report.assumptions import assumptions_grid, provenance
from qipan.experiments.report.grids import (
    comparison_grid,
    money_grid,
    policies_grid,
    regions_grid,
    targets_grid,
    terms_grid,
    votes_grid,
)
from qipan.experiments.report.ranks import horizons_grid, importance_grid, ranking_grid
from qipan.experiments.store.ownership import staged
from qipan.experiments.store.parts import write_atomic
from qipan.experiments.words.labels import say
from qipan.experiments.words.warned import warned

if TYPE_CHECKING:
    from qipan.experiments.summaries.comparison import Comparison

FIRST = ("output", "differences", "map")


@dataclass(frozen=True)
class Picture:
    """A figure as the page shows it: two data addresses (page width, telephone width), title and alternative text."""

    name: str
    wide: str
    narrow: str
    title: str
    alternative: str


def write_report(
    comparison: Comparison, folder: Path, language: str = "en", drawn: Mapping[str, DrawnFigure] | None = None
) -> Path:
    """Write folder/report.html and return its path.

    Args:
        comparison: The arms and their tables.
        folder: The result's folder; figures are drawn into its sub-folder `figures` unless they are given.
        language: "en" or "zh".
        drawn: What `draw_all` returned for this comparison and language.

    Raises:
        UserError: Chinese is asked for and no installed font has the characters.
        StoreError: the folder cannot be written; the old page is kept.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_all(comparison, folder / "figures", language) if drawn is None else drawn
    loader = ChoiceLoader([PackageLoader("qipan.experiments.report", "templates"), templates()])
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.globals["say"] = lambda key, **values: say(key, language, **values)
    text = environment.get_template("report.html.j2").render(**_content(comparison, language, drawn))
    path = folder / "report.html"
    write_atomic(path, text.encode())
    return path


def _content(comparison: Comparison, language: str, drawn: Mapping[str, DrawnFigure]) -> dict[str, Any]:
    """Everything the template prints."""
    policies = comparison.policies or [comparison.asked]
    answered = answer(comparison, language)
    regions = [regions_grid(comparison, arm, language) for arm in policies]
    pictures = {name: picture(figure) for name, figure in drawn.items()}
    return {
        "language": "zh-CN" if language == "zh" else "en",
        **context(make_brief(comparison, language), answered),
        "policies": policies_grid(comparison, language),
        "answer": answered,
        "pictures": pictures,
        "first": [pictures[name] for name in FIRST if name in pictures],
        "warnings": [warned(text, language) for text in comparison.warnings],
        "comparison": comparison_grid(comparison, language),
        "weights": weights_words(comparison, language),
        "terms": terms_grid(comparison, language),
        "regions": [grid for grid in regions if grid is not None],
        "votes": votes_grid(comparison, language),
        "targets": targets_grid(comparison, language),
        "money": money_grid(comparison, language),
        "ranking": ranking_grid(comparison, language),
        "rank_sentences": rank_sentences(comparison, language),
        "horizons": horizons_grid(comparison, language),
        "horizon_sentences": horizon_sentences(comparison, language),
        "importance": importance_grid(comparison, language),
        "matters": sentences(comparison, language),
        "evidence": known_or_how(comparison, language),
        "assumptions": assumptions_grid(comparison, language),
        "not_modelled": not_modelled(comparison, language),
        "provenance": list(provenance(comparison.manifest)),
        "arms": _arms(comparison, language),
        "references": any(arm.role not in ("baseline", "policy") for arm in comparison.arms),
    }


def _arms(comparison: Comparison, language: str) -> list[dict[str, str]]:
    """Name, title and one line of explanation of every arm."""
    from qipan.experiments.findings.arms import arm_words, styles

    looks, gap = styles(comparison), "" if language == "zh" else " "
    found = []
    for arm in comparison.arms:
        what = [arm_words(arm, language)]
        if arm.same_as:
            what.append(say("same_as", language, arm=named(comparison.arm(arm.same_as), language)))
        if lacks(comparison, arm):
            what.append(say("lacks_placebo", language))
        found.append(
            {
                "title": arm_title(arm, language),
                "name": arm.name,
                "colour": looks[arm.name].colour,
                "what": gap.join(what),
            }
        )
    return found


def picture(figure: DrawnFigure) -> Picture:
    """Read a figure's files into data addresses; the telephone's is the page's where there is no other."""
    wide = figure.files.get("svg") or figure.files["png"]
    narrow = figure.files.get("column.svg", wide)
    return Picture(figure.name, inline(wide), inline(narrow), figure.title, figure.alternative)


def inline(path: Path) -> str:
    """Return a file's content as a data address."""
    kind = "image/svg+xml" if path.suffix == ".svg" else "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def draw(comparison: Comparison, folder: Path, language: str) -> Path:
    """Draw the figures and write the report of a comparison; returns the report's path.

    Raises:
        StoreError: the folder cannot be written.
    """
    os.environ.setdefault("MPLBACKEND", "Agg")
    with staged(folder) as place:
        page = write_report(comparison, place, language)
    return folder / page.name
