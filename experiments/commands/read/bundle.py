"""`qipan bundle`: a stored result with all that a referee needs to check it."""

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan bundle results/national-design-against-baseline
  qipan bundle results/national-design-against-baseline --to for-the-referees.zip
  qipan bundle results/with-my-mechanism --plugin my_mechanism.py --lang zh
"""


@click.command("bundle", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@click.option(
    "--to",
    "target",
    type=click.Path(),
    metavar="PATH",
    help="A new folder, or a file that ends in .zip; default RESULT-bundle. What is there is never replaced.",
)
@LANGUAGE
def command(result: str, target: str | None, language: str) -> None:
    """Write RESULT (a folder of run, compare, sweep, attribute, worth or best) for referees, and print the path.

    The bundle holds tables, scenarios as resolved, the data tables that were read, versions, plug-ins, licence and
    citation, described as an RO-Crate, and a README with the command that makes the same tables again.
    """
    from pathlib import Path

    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.exchange.bundle import bundle_result
    from qipan.model.errors import Problem, UserError

    if target == "":
        raise UserError(Problem("command line", "--to", "the name is empty", "give a new folder or a .zip file"))
    with keeping(f"{result} is as it was; the same command bundles it"):
        click.echo(bundle_result(Path(result), None if target is None else Path(target), language))
