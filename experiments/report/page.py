"""Write the one-page report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.comparison import Comparison
    from experiments.figures import Drawn


def write_report(
    comparison: Comparison, folder: Path, language: str = "en", drawn: Mapping[str, Drawn] | None = None
) -> Path:
    """Write folder/report.html and return its path; figures are drawn into folder/figures unless they are given."""
    path = folder / "report.html"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("<!doctype html><title>report</title>", encoding="utf-8")
    return path
