"""`qipan brief`: what a comparison found on one page."""

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan brief results/national-design-against-baseline
  qipan brief results/national-design-against-baseline --lang zh --format docx
  qipan brief results/national-design-against-baseline --format pdf
"""


@click.command("brief", epilog=EXAMPLES)
@click.argument("result", type=click.Path())
@click.option(
    "--format",
    "kind",
    type=click.Choice(["html", "pdf", "docx", "pptx"]),
    default="html",
    show_default=True,
    help="A page for the browser; PDF, printed by an installed Chromium, Chrome or Edge; Word; one slide.",
)
@click.option("--force", is_flag=True, help="Replace a brief that was changed since qipan wrote it.")
@LANGUAGE
def command(result: str, kind: str, language: str, force: bool) -> None:
    """Write what RESULT (a folder of compare or run) found on one A4 page, into its folder, and print the path.

    The question, a verdict in words on every policy, five numbers, a map of who loses, what it rests on and what is
    only assumed, every term defined. The same page stands first in report.html.
    """
    from pathlib import Path

    from qipan.experiments.brief.write import write_brief
    from qipan.experiments.console.interrupts import keeping

    with keeping(f"{result} is as it was; the same command writes its brief"):
        click.echo(write_brief(Path(result), kind, language, force))
