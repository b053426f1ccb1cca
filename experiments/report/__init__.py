"""The report of a comparison: one self-contained page."""

from qipan.experiments.report.page import write_report

__all__ = ["write_report"]
