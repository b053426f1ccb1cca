"""The figures of a comparison, one module each; `draw_all` draws them."""

from qipan.experiments.figures.drawing import DrawnFigure, declared, draw_all, draw_one, figure

__all__ = ["DrawnFigure", "declared", "draw_all", "draw_one", "figure"]
