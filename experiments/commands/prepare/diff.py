"""`qipan diff`: what differs between two scenarios or two results."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import FORCE, LANGUAGE

EXAMPLES = """\b
Examples:
  qipan diff baseline national-design
  qipan diff national-design my-scenario.yaml
  qipan diff results/last-week results/today --out results/what-changed
"""


@click.command("diff", epilog=EXAMPLES)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--out", "folder", type=click.Path(), metavar="FOLDER", help="Also store all that differs there.")
@FORCE
@LANGUAGE
def command(a: str, b: str, folder: str | None, force: bool, language: str) -> None:
    """Say what differs between A and B: scenarios (names or files) or stored comparisons, or one of each.

    Every setting that differs with its value in both, its unit and the file and line it comes from; data files, code
    and versions; of two results also which numbers differ, and by how much. Nothing is run.
    """
    from qipan.experiments.console.language import spoken
    from qipan.experiments.examine.diff import diff
    from qipan.experiments.examine.diff_words import print_difference, store_difference

    found = diff(a, b)
    print_difference(found, spoken())
    if folder is not None:
        click.echo(store_difference(found, folder, force))
