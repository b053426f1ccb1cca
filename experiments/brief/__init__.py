"""The brief: one page that says what a comparison found, as data, and one small writer for each format."""

from qipan.experiments.brief.make import make_brief

__all__ = ["make_brief"]
