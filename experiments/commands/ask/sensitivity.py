"""`qipan sensitivity`: what the effect of a policy hangs on."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options, surface_options

EXAMPLES = """\b
Examples:
  qipan sensitivity
  qipan sensitivity --vary social_surplus --vary policy.coordination.levy=0:0.6
  qipan sensitivity national-design --screen
"""


@click.command("sensitivity", epilog=EXAMPLES)
@click.argument("policy", default="national-design")
@surface_options
@click.option("--screen", is_flag=True, help="Screen every assumption first (Morris): exact runs, no emulator.")
@running_options
def command(policy: str, screen: bool, points: int | None, **options: Any) -> int:
    """Say what the effect of POLICY hangs on: which assumptions, and how much is luck.

    Runs baseline and policy at points of the prior on the same draws (128 replicates of each unless told otherwise),
    fits an emulator, checks it on 40 fresh points, and prints the share of the variance of the effect that goes with
    each assumption alone and in any company. The luck of the replicates is kept out: two halves of them are multiplied.
    With --screen each assumption is moved by itself from a few points of the prior, to find those worth an emulator.
    """
    from qipan.experiments.studies.emulated import surface

    names = ("against", "vary", "measure")
    told = {name: options.pop(name) for name in names}
    usual = surface.SCREENED if screen else surface.USUAL_REPLICATES
    asked = surface.SurfaceAsked(
        surface.StudyAsked.of(policy, {**options, "usual": usual}),
        **told,
        points=surface.USUAL_POINTS if points is None or screen else points,
    )
    if screen:
        return surface.screening(asked, surface.USUAL_BASES if points is None else points)
    return surface.sensitivity(asked)
