"""`qipan check`: scenario files are read and every problem in them is told."""

import click

EXAMPLES = """\b
Examples:
  qipan check scenarios/national-design.yaml
  qipan check scenarios/*.yaml
"""


@click.command("check", epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> int:
    """Check each FILE (scenario files or names): all problems at once, with file, line and what is allowed."""
    from model.errors import UserError
    from model.scenario import load_scenario
    from model.world import load_world

    problems = []
    for file in files:
        try:
            load_world(load_scenario(file).world)
        except UserError as error:
            problems.extend(error.problems)
        else:
            click.echo(f"{file}: good")
    if problems:
        raise UserError(problems)
    return 0
