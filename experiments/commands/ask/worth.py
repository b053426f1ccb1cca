"""`qipan worth`: what a yuan more of each source of money is worth."""

from __future__ import annotations

from typing import Any

import click

from qipan.experiments.commands.options import running_options

EXAMPLES = """\b
Examples:
  qipan worth
  qipan worth baseline --replicates 1000
"""


@click.command("worth", epilog=EXAMPLES)
@click.argument("scenario", default="national-design")
@running_options
def command(
    scenario: str,
    **options: Any,
) -> int:
    """Say what a yuan more of each source of money is worth in SCENARIO.

    Raises each source by 10% on the same draws (500 replicates unless told otherwise) and prints the gain in welfare
    for a yuan more, before that yuan is paid, with a 95% interval: public money is worth it above its social cost,
    private money above 1.
    """
    from qipan.experiments.studies.of_arms import StudyAsked
    from qipan.experiments.studies.value import worth

    return worth(StudyAsked.of(scenario, options))
