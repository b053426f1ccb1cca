"""`qipan best`: the best of a searched set of policies, a bound on what they can gain."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options

EXAMPLES = """\b
Examples:
  qipan best
  qipan best national-design --replicates 200 --set run.last_year=2050
"""


@click.command("best", epilog=EXAMPLES)
@click.argument("scenario", default="national-design")
@running_options
def command(
    scenario: str,
    **options: Any,
) -> int:
    """Find the best of a searched set of policies around SCENARIO's design.

    Runs every set of levers at levies of 0, 0.2 and 0.4 with true values, beside no coordinator, the design and
    information alone (500 replicates unless told otherwise). The best of the set in each replicate is a bound of the
    set; the best fixed policy is chosen on half of the replicates and valued on the other half.
    """
    from qipan.experiments.studies.of_arms import StudyAsked
    from qipan.experiments.studies.value import best

    return best(StudyAsked.of(scenario, options))
