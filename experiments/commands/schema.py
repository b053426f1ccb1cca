"""`qipan schema`: the JSON Schema of scenario files, for editors."""

import click

EXAMPLES = """\b
Examples:
  qipan schema > scenario.schema.json
  # then, as the first line of a scenario file:
  # yaml-language-server: $schema=scenario.schema.json
"""


@click.command("schema", epilog=EXAMPLES)
def command() -> None:
    """Print the JSON Schema of scenario files, made from the parameter table: editors complete and check with it."""
    import json

    from qipan.model.scenario import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
