"""`qipan plot`: figures and report again, from stored tables; or a figure of the theory."""

import click

from experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan plot results/national-design-against-baseline
  qipan plot results/national-design-against-baseline --lang zh
  qipan plot theory/break-even
"""
THEORY = {"theory/break-even": "experiments.figures.break_even"}
"""Figures of the theory by name: the module whose `plot(folder, language)` simulates and draws them."""


@click.command("plot", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@LANGUAGE
def command(result: str, language: str) -> None:
    """Draw the figures and write the report of RESULT (a result folder) again; nothing is computed anew.

    theory/break-even simulates its points and draws them into results/theory/break-even.
    """
    from importlib import import_module
    from pathlib import Path

    folder = Path(result)
    if result in THEORY:
        click.echo(import_module(THEORY[result]).plot(Path("results") / result, language))
        return
    from experiments.conducting import draw
    from experiments.results import load_result

    click.echo(draw(load_result(folder), folder, language))
