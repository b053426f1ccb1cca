"""`qipan plot`: figures and report again, from stored tables."""

import click

from experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan plot results/national-design-against-baseline
  qipan plot results/national-design-against-baseline --lang zh
"""


@click.command("plot", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@LANGUAGE
def command(result: str, language: str) -> None:
    """Draw the figures and write the report of RESULT (a result folder) again; nothing is computed anew."""
    from pathlib import Path

    from experiments.conducting import draw
    from experiments.results import load_result

    folder = Path(result)
    click.echo(draw(load_result(folder), folder, language))
