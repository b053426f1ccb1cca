"""A small study of each kind on the real provinces, run once; a page of each in each language."""

from __future__ import annotations

import shutil
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

from qipan.experiments.command_line import main
from tests.blank import blank_figures
from tests.once import Once

SWEEP = """title: Small sweep
title_zh: 小型扫描
question: Does the design help?
question_zh: 设计是否有助益？
arms: [baseline, information-only, national-design]
method: grid
replicates: 4
set: {run.last_year: 2025}
parameters:
  policy.coordination.levy: [0.1, 0.3]
  world.behaviour.revise: [0.2, 1.0]
steps: 2
"""
SURFACE = ("--points", "16", "--vary", "social_surplus", "--vary", "public_funds_cost")
COMMANDS = {
    "attribution": ("attribute", "4"),
    "worth": ("worth", "4"),
    "best": ("best", "4"),
    "sensitivity": ("sensitivity", "8", *SURFACE),
    "screening": ("sensitivity", "8", "--screen", *SURFACE),
    "flip": ("flip", "8", "--exact", "8", *SURFACE),
}
"""Of each kind the command, its replicates, and further arguments."""
KINDS = ("sweep", "calibration", *COMMANDS)
PATTERNS = """title: Small patterns
title_zh: 小型校准
question: What is refuted?
question_zh: 哪些取值被否定？
vary: [world.behaviour.spontaneous_adoption, world.behaviour.imitative_adoption]
points: 16
replicates: 8
patterns:
  documents:
    {measure: documents, year: 2024, value: 14, observation_sd: 1, discrepancy_sd: 1, source: here}
  later:
    {measure: adopters, year: 2025, value: 15, observation_sd: 1, discrepancy_sd: 1, source: here, held_out: true}
"""
DRAWN = (
    ("sweep", "en"),
    ("attribution", "zh"),
    ("worth", "zh"),
    ("best", "en"),
    ("sensitivity", "en"),
    ("screening", "zh"),
    ("flip", "en"),
    ("calibration", "zh"),
)


def run(kind: str, folder: Path) -> Path:
    """Run one of KINDS without a page; returns the result folder."""
    out = folder / kind
    if kind == "calibration":
        file = folder / "small-patterns.yaml"
        file.write_text(PATTERNS, encoding="utf-8")
        given = ["calibrate", str(file)]
    elif kind == "sweep":
        file = folder / "small.yaml"
        file.write_text(SWEEP, encoding="utf-8")
        given = ["sweep", str(file)]
    else:
        command, replicates, *more = COMMANDS[kind]
        given = [command, "national-design", "--replicates", replicates, "--set", "run.last_year=2025", *more]
    assert main([*given, "--out", str(out), "--no-report", "--quiet", "--workers", "1"]) == 0
    return out


def stored(once: Once) -> dict[str, Path]:
    """The result folder of each of KINDS, without figures and without a page. Copy what you change."""
    return {kind: once(f"study-{kind}", lambda folder, kind=kind: run(kind, folder)) / kind for kind in KINDS}


def drawn(once: Once, kind: str, language: str) -> tuple[Path, str]:
    """The result folder of one of KINDS after `qipan plot`, and what that command printed. Copy what you change.

    In one of its two languages each has figures, in the other blank ones.
    """

    def draw(folder: Path) -> None:
        shutil.copytree(stored(once)[kind], folder / kind)
        figures = nullcontext() if (kind, language) in DRAWN else blank_figures()
        with (folder / "printed").open("w", encoding="utf-8") as printed, redirect_stdout(printed), figures:
            assert main(["plot", str(folder / kind), "--lang", language]) == 0

    folder = once(f"study-{kind}-{language}", draw)
    return folder / kind, (folder / "printed").read_text(encoding="utf-8")
