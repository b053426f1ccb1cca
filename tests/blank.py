"""Figures that are not drawn, for tests of what stands around them: turning one into files takes longest of all."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from matplotlib.figure import Figure

from qipan.experiments.figures import sheet


@contextmanager
def blank_figures(laid_out: bool = False) -> Iterator[None]:
    """Files of figures hold an empty sheet of the same size, which browsers show; the figures are made, and laid out
    if asked for."""
    drawn = sheet._drawn

    def blank(figure: Figure, kind: str, made: str = "") -> bytes:
        return drawn(Figure(figure.get_size_inches(), figure.dpi), kind, made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "_drawn", blank)
        if not laid_out:
            patch.setattr(sheet, "settle", lambda figure: None)
        yield
