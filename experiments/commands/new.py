"""`qipan new`: a commented scenario file to begin with."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan new small-levy --from national-design --set policy.coordination.levy=0.1
  qipan new henan-first --set policy.regions.Henan.funding.guidance_share=x2 --out mine --lang zh
"""


@click.command("new", epilog=EXAMPLES)
@click.argument("name")
@click.option("--from", "base", default="baseline", show_default=True, metavar="SCENARIO", help="Scenario to extend.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A value that differs, e.g. policy.coordination.levy=0.1. May be given again.",
)
@click.option("--out", "folder", type=click.Path(), default="scenarios", show_default=True, metavar="FOLDER")
@LANGUAGE
def command(name: str, base: str, settings: tuple[str, ...], folder: str, language: str) -> None:
    """Write FOLDER/NAME.yaml, a scenario that differs from another in the values given.

    Each value stands with what it is, its unit and its range; question, source and what is not modelled are to be
    filled in. The file passes `qipan check`; a file that is there already is never overwritten.
    """
    from pathlib import Path

    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.designs.new_file import say, write_scenario

    with keeping("no file is half-written"):
        path, notes = write_scenario(name, base, settings, Path(folder), language)
    for note in notes:
        click.echo(note, err=True)
    click.echo(path)
    click.echo(say("next", language, file=path.as_posix()), err=True)
