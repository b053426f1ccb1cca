"""`qipan compare`: arms run on the same draws, and what each changes against the baseline."""

import click

from experiments.commands.options import running_options

EXAMPLES = """\b
Examples:
  qipan compare baseline information-only random-coordinator lump-sum burn national-design
  qipan compare baseline national-design --replicates 200 --out results/quick
  qipan compare baseline national-design --set world.behaviour.revise=0.2 --lang zh
  qipan compare baseline national-design --replicates 100000 --dry-run
"""


@click.command("compare", epilog=EXAMPLES)
@click.argument("baseline")
@click.argument("arms", nargs=-1, required=True, metavar="ARM...")
@running_options
def command(baseline: str, arms: tuple[str, ...], **options: object) -> int:
    """Compare each ARM with BASELINE (scenario names or files), paired replicate by replicate.

    Prints the differences with 95% intervals and writes tables, figures and report.html to the result folder. A run
    that was interrupted goes on where it stopped when the same command is given again.
    """
    from experiments.conducting import conduct

    return conduct((baseline, *arms), **options)  # type: ignore[arg-type]
