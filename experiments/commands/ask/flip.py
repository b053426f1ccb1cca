"""`qipan flip`: the nearest change of assumptions at which a verdict reverses."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options, surface_options

EXAMPLES = """\b
Examples:
  qipan flip
  qipan flip cut --vary social_surplus --vary discount
"""


@click.command("flip", epilog=EXAMPLES)
@click.argument("policy", default="national-design")
@surface_options
@click.option(
    "--exact",
    type=click.IntRange(8, 1_000_000),
    default=512,
    show_default=True,
    metavar="N",
    help="Replicates of the exact runs that measure the reversal.",
)
@running_options
def command(policy: str, exact: int, points: int | None, **options: Any) -> int:
    """Find the nearest change of assumptions at which what POLICY does to the measure reverses.

    Looks for it on the emulator of `qipan sensitivity` with the same options, which is run first where it is not stored
    (with --out FOLDER in FOLDER-emulator; --replicates are its own), then measures it by exact runs along the way there
    and beyond. Distances are in standard deviations of the priors.
    """
    from qipan.experiments.studies.emulated import flip, surface

    told = {name: options.pop(name) for name in ("against", "vary", "measure")}
    study = surface.StudyAsked.of(policy, {**options, "usual": surface.USUAL_REPLICATES})
    asked = surface.SurfaceAsked(study, **told, points=surface.USUAL_POINTS if points is None else points)
    return flip.flip(asked, exact)
