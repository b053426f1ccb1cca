"""`qipan list`: what there is, from the registries."""

import click

KINDS = (
    "scenarios",
    "mechanisms",
    "levers",
    "arms",
    "rules",
    "revisions",
    "payoffs",
    "measures",
    "worlds",
    "sector-tables",
    "parameters",
)
EXAMPLES = """\b
Examples:
  qipan list
  qipan list scenarios
  qipan list parameters | grep levy
"""


@click.command("list", epilog=EXAMPLES)
@click.argument("kind", type=click.Choice(KINDS), required=False, metavar="[KIND]")
@click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    help="Language of the labels. Without it: that of QIPAN_LANG or of the system.",
)
def command(kind: str | None, language: str | None) -> None:
    """List what there is of a KIND, or of every kind but parameters, and the file of whatever a plug-in adds.

    Kinds: scenarios, mechanisms, levers, arms, rules, revisions, payoffs, measures, worlds, sector-tables, parameters.
    """
    from qipan.experiments.console.language import spoken
    from qipan.experiments.findings.registries import list_lines

    for chosen in (kind,) if kind else KINDS[:-1]:
        if kind is None:
            click.echo(f"{chosen}:")
        for line in list_lines(chosen, language or spoken()):
            click.echo(line if kind else f"  {line}")
