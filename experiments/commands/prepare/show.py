"""`qipan show`: every value of a scenario and where it comes from."""

import click

from qipan.experiments.commands.options import SET

EXAMPLES = """\b
Examples:
  qipan show national-design
  qipan show national-design --changed
  qipan show national-design --set policy.coordination.levy=0.1 --changed
"""


@click.command("show", epilog=EXAMPLES)
@click.argument("scenario")
@click.option("--changed", is_flag=True, help="Only the values that a file or the command line gives.")
@SET
def command(scenario: str, changed: bool, settings: tuple[str, ...]) -> None:
    """Print every resolved value of SCENARIO with its unit and the file and line it comes from."""
    from qipan.experiments.findings.registries import describe_scenario
    from qipan.model.scenario import load_scenario

    for line in describe_scenario(load_scenario(scenario, settings), changed=changed):
        click.echo(line)
