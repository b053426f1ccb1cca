"""A brief of a stored result as a file in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qipan.experiments.brief.make import make_brief
from qipan.experiments.results.stored import load_comparison
from qipan.experiments.store.folder import holding
from qipan.experiments.store.ownership import staged
from qipan.experiments.store.parts import write_atomic

if TYPE_CHECKING:
    from qipan.experiments.brief.content import Brief

FORMATS = ("html", "pdf", "docx", "pptx")


def write_brief(folder: Path, kind: str, language: str, force: bool = False) -> Path:
    """Write a brief into the folder of its result, as brief-LANGUAGE.FORMAT; returns its path.

    Args:
        folder: A comparison.
        kind: One of FORMATS.
        language: "en" or "zh".
        force: Whether a brief that was changed since qipan wrote it may be replaced.

    Raises:
        StoreError: not a comparison, a damaged one, or a folder that cannot be written.
        UserError: a PDF is asked for and no browser is there to print it.
    """
    content = brief_bytes(make_brief(load_comparison(folder), language), kind)
    name = f"brief-{language}.{kind}"
    with (
        holding(folder, force=force, other="copy the result to a place that can be written to"),
        staged(folder) as place,
    ):
        write_atomic(place / name, content)
    return folder / name


def brief_bytes(brief: Brief, kind: str) -> bytes:
    """Return the bytes of a brief in one of FORMATS; raises UserError where a PDF needs a browser and there is none."""
    if kind == "docx":
        from qipan.experiments.brief.word import brief_document

        return brief_document(brief)
    if kind == "pptx":
        from qipan.experiments.brief.slide import brief_slide

        return brief_slide(brief)
    from qipan.experiments.brief.page import brief_page

    page = brief_page(brief)
    if kind == "html":
        return page.encode()
    from qipan.experiments.brief.printing import printed_page

    return printed_page(page)
