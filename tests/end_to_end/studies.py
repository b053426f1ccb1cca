"""A small sweep and a small attribution on the real provinces, run once for the tests that read their folders."""

from __future__ import annotations

from pathlib import Path

from experiments.command_line import main

SWEEP = """title: Small
question: Does the design help?
arms: [baseline, information-only, national-design]
method: grid
replicates: 4
set: {run.last_year: 2025}
parameters:
  policy.coordination.levy: [0.1, 0.3]
  world.behaviour.revise: [0.2, 1.0]
steps: 2
"""
KINDS = ("sweep", "attribution")


def run(kind: str, folder: Path) -> Path:
    """Run one of KINDS without a page; returns the result folder."""
    out = folder / kind
    if kind == "sweep":
        file = folder / "small.yaml"
        file.write_text(SWEEP, encoding="utf-8")
        given = ["sweep", str(file)]
    else:
        given = ["attribute", "national-design", "--replicates", "4", "--set", "run.last_year=2025"]
    assert main([*given, "--out", str(out), "--no-report", "--quiet", "--workers", "1"]) == 0
    return out
