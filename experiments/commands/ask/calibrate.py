"""`qipan calibrate`: which worlds of the prior published facts rule out."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options

EXAMPLES = """\b
Examples:
  qipan calibrate
  qipan calibrate my-patterns.yaml --out results/calibration-mine
  qipan compare baseline national-design --over results/calibration-provinces
"""


@click.command("calibrate", epilog=EXAMPLES)
@click.argument("patterns", metavar="PATTERNS.yaml", default="provinces")
@running_options
def command(patterns: str, **options: Any) -> int:
    """Rule out worlds of the prior by the facts of PATTERNS (a file, or a name under scenarios/patterns/).

    History matching in waves: the model is run at points of the prior that are left, an emulator for each fact is
    fitted and checked on fresh points, and worlds whose implausibility against any fact is 3 or more are ruled out,
    until the share that is left moves by less than a tenth. Facts held out rule nothing out; they check what is left.
    """
    from qipan.experiments.studies.emulated.calibrate import calibrate
    from qipan.experiments.studies.of_arms import StudyAsked

    return calibrate(patterns, StudyAsked.of(patterns, options))
