"""`qipan attribute`: which lever of a design did it."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options

EXAMPLES = """\b
Examples:
  qipan attribute
  qipan attribute national-design --replicates 500
  qipan attribute design-slow --fraction 1/2 --set world.behaviour.revise=0.3
"""


@click.command("attribute", epilog=EXAMPLES)
@click.argument("scenario", default="national-design")
@click.option(
    "--fraction",
    type=click.Choice(["1", "1/2"]),
    default="1",
    show_default=True,
    help="All combinations of levers, or half of them (no interactions of three levers).",
)
@running_options
def command(
    scenario: str,
    fraction: str,
    **options: Any,
) -> int:
    """Share out the effect of SCENARIO's design over its levers.

    Runs every combination of levers on one set of draws (500 replicates unless told otherwise) and prints Shapley
    shares, effects beyond information and beyond random lists, costs, all with 95% intervals.
    """
    from qipan.experiments.studies.attribute import attribute
    from qipan.experiments.studies.of_arms import StudyAsked

    return attribute(StudyAsked.of(scenario, options), fraction == "1/2")
