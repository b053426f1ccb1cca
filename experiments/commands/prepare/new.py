"""`qipan new`: a commented scenario file to begin with."""

from __future__ import annotations

import click

from qipan.experiments.commands.options import LANGUAGE

EXAMPLES = """\b
Examples:
  qipan new small-levy --from national-design --set policy.coordination.levy=0.1
  qipan new levies --from national-design --vary policy.coordination.levy=0.05,0.4 --out mine
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
@click.option(
    "--vary",
    multiple=True,
    metavar="KEY[=LOW,HIGH]",
    help="Write an experiment file instead, in which KEY goes over its plausible range, or the one given. May be given "
    "again.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(),
    default="scenarios",
    show_default=True,
    metavar="FOLDER",
    help="Where it goes.",
)
@LANGUAGE
def command(name: str, base: str, settings: tuple[str, ...], vary: tuple[str, ...], folder: str, language: str) -> None:
    """Write FOLDER/NAME.yaml, a scenario that differs from another in the values given, or an experiment (--vary).

    Each value stands with what it is, its unit and its range; question, source and what is not modelled are to be
    filled in. The file passes `qipan check`; a file that is there already is never overwritten.
    """
    from pathlib import Path

    from qipan.experiments.console.interrupts import keeping
    from qipan.experiments.console.language import spoken
    from qipan.experiments.designs.new_file import say, write_experiment, write_scenario

    with keeping("no file is half-written"):
        if vary:
            path, notes = write_experiment(name, base, vary, settings, Path(folder), language)
        else:
            path, notes = write_scenario(name, base, settings, Path(folder), language)
    for note in notes:
        click.echo(note, err=True)
    click.echo(path)
    click.echo(say("next_sweep" if vary else "next", spoken(), file=path.as_posix()), err=True)
