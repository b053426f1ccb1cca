"""Fonts as a PDF holds them: without the rules by which text is placed, for in a PDF every glyph has its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

PLACING = ("GSUB", "GPOS", "GDEF", "kern")
"""Tables of a font that say which glyphs stand for others and how far apart they are; most of what subsetting reads."""


@contextmanager
def only_glyphs() -> Iterator[None]:
    """Leave `PLACING` out of the fonts that matplotlib embeds within; nothing changes where fontTools is another."""
    from fontTools.subset import Options

    before = getattr(Options, "_drop_tables_default", None)
    if before is None:
        yield
        return
    Options._drop_tables_default = [*before, *PLACING]
    try:
        yield
    finally:
        Options._drop_tables_default = before
