"""The brief as a page for a browser; also its macros, with which a report begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qipan.experiments.brief.fitting import MANY, fit
from qipan.experiments.brief.terms import marked, terms_of
from qipan.experiments.words.labels import Topic

if TYPE_CHECKING:
    from jinja2 import BaseLoader

    from qipan.experiments.brief.content import Brief

words = Topic("brief")


def brief_page(brief: Brief) -> str:
    """Return the page, one file that needs no network."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        loader=templates(), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    return environment.get_template("brief.html.j2").render(**context(brief))


def templates() -> BaseLoader:
    """Return where the template of the page and its macros are."""
    from jinja2 import PackageLoader

    return PackageLoader("qipan.experiments.brief", "templates")


def context(brief: Brief, more: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the macros print: the brief, its terms and those of more texts that stand on the same page."""
    language = brief.language
    return {
        "brief": brief,
        "many": len(brief.verdicts) >= MANY,
        "fit": f"{fit(brief):.3f}",
        "glossary": terms_of([*brief.texts, *more], language),
        "words": lambda key, **values: words(key, language, **values),
        "marked": lambda text: marked(text, language),
    }
