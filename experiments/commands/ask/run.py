"""`qipan run`: one or more scenarios, each into a result folder of its own."""

from typing import Any

import click

from qipan.experiments.commands.options import KEEP, running_options

EXAMPLES = """\b
Examples:
  qipan run baseline
  qipan run national-design --replicates 200 --seed 7
  qipan run my-design.yaml --set policy.coordination.levy=0.1 --out results/low-levy
"""


@click.command("run", epilog=EXAMPLES)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@KEEP
@running_options
def command(scenarios: tuple[str, ...], folder: str | None, **options: Any) -> int:
    """Run each SCENARIO (a name from `qipan list scenarios`, or a file) and store what came out."""
    from qipan.experiments.store.folder import folders_in
    from qipan.experiments.studies.compare import conduct

    status = 0
    for scenario, place in zip(scenarios, folders_in(folder, scenarios), strict=True):
        status = status or conduct((scenario,), folder=place, **options)  # type: ignore[arg-type]
    return status
