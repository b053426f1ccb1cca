"""Draw every figure of a comparison to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.comparison import Comparison

FIGURES: dict[str, Callable[..., object]] = {}


@dataclass(frozen=True)
class Drawn:
    """One figure on disk: its finding (title), alternative text and files by kind."""

    name: str
    title: str
    alternative: str
    files: Mapping[str, Path]


def draw_all(
    comparison: Comparison, folder: Path, language: str = "en", formats: Sequence[str] = ("png", "svg")
) -> dict[str, Drawn]:
    """Draw every figure that has data into a folder and return what was drawn, in reading order."""
    folder.mkdir(parents=True, exist_ok=True)
    return {}
