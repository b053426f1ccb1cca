"""The figures of a comparison, one module each."""

from experiments.figures.drawing import FIGURES, Drawn, draw_all

__all__ = ["FIGURES", "Drawn", "draw_all"]
